"""What json says of text that is no JSON, and of values that have none."""
import json

TEXTS = ['', ' ', '[', '[1', '[1,', '[1 2]', '[1,]', '{', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}',
         '{a:1}', '{"a" 1}', '{1:2}', '{"a":1 "b":2}', 'nul', 'tru', 'falsy', 'nulll', '-', '--1', '+1', '.5', '1.',
         '1.e5', '1e', '1e+', '01', '-01', '0x10', '"', '"abc', '"\\', '"\\x"', '"\\u', '"\\u12"', '"\\u12g4"',
         '"\\ud800', '"\\ud800\\u', '"\\ud800\\u12z4"', '"\\ud800\\udc00', '"\t"', '"\n"', '"\x00"', "'a'",
         '1 2', '[] []', '{} x', '[1,\n2,\n  x]', '{"a":\n\n tru}', '\ufeff[]', 'NaN1', '-Inf', '-Infinit',
         'Infinit', '[NaN', '"é\\q"', '["日本", "\\q"]', '["\U0001f600" 1]', ']', '}', ',', ':', '[,]', '{,}', '[1]]',
         '\x0b1', '\xa01', '{"a":1]', '[1}', '"\\"', '"\\\\', '[{}', '[{},', '{"a":{"b":[1,2,{"c":x}]}}']
for text in TEXTS:
    try:
        print(ascii(text), '->', repr(json.loads(text)))
    except json.JSONDecodeError as e:
        print(ascii(text), '->', ascii(str(e)), ascii(e.msg), e.pos, e.lineno, e.colno, e.doc == text)
    except Exception as e:
        print(ascii(text), '->', type(e).__name__, e)

for data in (None, 1, [], b'', bytearray(b'[1]'), memoryview(b'1'), b'\xef\xbb\xbf[1]', '[1]'.encode('utf-16'),
             '[1]'.encode('utf-16-le'), '[1]'.encode('utf-16-be'), '[1]'.encode('utf-32'),
             '[1]'.encode('utf-32-le'), '[1]'.encode('utf-32-be'), b'1', b'12', b'[\xff]',
             '"\u00e9\u65e5"'.encode()):
    try:
        print(data if not isinstance(data, memoryview) else 'view', ascii(json.loads(data)))
    except Exception as e:
        print(data if not isinstance(data, memoryview) else 'view', type(e).__name__, e)


class Odd:
    pass


nan = float('nan')
circle = []
circle.append([circle])
ring = {}
ring['again'] = ring
for value in (Odd(), [Odd()], {'a': Odd()}, {Odd, 1}, b'bytes', 1j, {(1, 2): 3}, {b'k': 1}, {None: 1, True: 2, 1.5: 3},
              circle, ring, object, [nan], {nan: 1}, range(3), {'a': {1}}):
    for options in ({}, {'indent': 1}, {'allow_nan': False}, {'allow_nan': False, 'indent': 2},
                    {'skipkeys': True}, {'default': lambda o: type(o).__name__}):
        try:
            print(sorted(options), json.dumps(value, **options))
        except Exception as e:
            print(sorted(options), type(e).__name__, e)

deep = []
for _ in range(100000):
    deep = [deep]
for text in ('[' * 100000, '{"a":' * 100000):
    try:
        json.loads(text)
    except RecursionError as e:
        print('RecursionError', str(e)[:60])
for options in ({}, {'check_circular': False}):
    try:
        json.dumps(deep, **options)
    except RecursionError as e:
        print('RecursionError', str(e)[:40])
while deep:
    deep = deep.pop()
try:
    json.dumps(circle, check_circular=False)
except RecursionError as e:
    print('RecursionError', str(e)[:40])
try:
    json.dumps({1: 1, 'a': 2}, sort_keys=True)
except TypeError as e:
    print(e)
try:
    json.dumps(1, nonsense=True)
except TypeError as e:
    print('TypeError')
try:
    json.loads('9' * 5000)
except ValueError as e:
    print(type(e).__name__, e)
error = json.JSONDecodeError('what', 'a\nbc', 3)
print(error.__reduce__(), error.args, isinstance(error, ValueError), type(error).__module__)
for call in (lambda: json.decoder.scanstring('abc"', 9), lambda: json.decoder.scanstring('ab"c', 0),
             lambda: json.decoder.scanstring('ab', 0), lambda: json.decoder.scanstring(1, 0),
             lambda: json.decoder.scanstring('a\nb"', 0, False), lambda: json.decoder.scanstring('a\nb"', 0),
             lambda: json.JSONDecoder().raw_decode('x [1] y', 2), lambda: json.JSONDecoder().raw_decode(' [1]'),
             lambda: json.JSONDecoder().scan_once('[1]', -1), lambda: json.JSONDecoder().scan_once('[1]', 7)):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
