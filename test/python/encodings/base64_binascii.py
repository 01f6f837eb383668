"""binascii and base64: results and the texts of errors."""
import base64
import binascii as b
import io
import random


def t(f, *args, **kw):
    try:
        print(f.__name__, [a for a in args if not isinstance(a, memoryview)], kw, f(*args, **kw))
    except Exception as e:
        print(f.__name__, [a for a in args if not isinstance(a, memoryview)], kw, type(e).__name__, e)


for x in (b'', b'a', b'ab', b'abc', b'\xff' * 60, 'abc', 'é', 1, None, bytearray(b'xy'), memoryview(b'xyz')):
    for f in (b.hexlify, b.unhexlify, b.b2a_base64, b.a2b_base64, b.crc32):
        t(f, x)
    t(b.crc_hqx, x, 0)
for x in (b'YQ==', b'YQ=', b'YQ', b'Y', b'YWI=', b'YWJj', b'=YWJj', b'YW=Jj', b'YQ==YQ==', b'YWJj\n', b'YW Jj', b'Y===', b'====',
          b'YWJjZ', b'YWI=x', b'YQ=\n=', b'Y=Q=', b'YWJj=', b'YWJjZA==\n\n', b'+/+/', b'-_-_', b'YQ==a', b'YWJjZGV'):
    t(b.a2b_base64, x)
    t(b.a2b_base64, x, strict_mode=True)
    t(base64.b64decode, x)
    t(base64.b64decode, x.decode(), validate=True)
t(b.hexlify, b'abcdef', ':')
t(b.hexlify, b'abcdef', b'-', 2)
t(b.hexlify, b'abcdefg', ':', -3)
t(b.hexlify, b'ab', 'xx')
t(b.hexlify, b'abc', sep='_', bytes_per_sep=1)
t(b.unhexlify, '0g')
t(b.unhexlify, 'ABcd')
t(b.b2a_base64, b'abc', newline=False)
t(b.crc32, b'abc', 5)
t(b.crc32, b'abc', -1)
t(b.crc32, b'abc', 2**40 + 3)
t(b.crc32, b'a', 'x')
t(b.crc32)
print(b.crc32(b'x' * 6000), b.crc32(bytearray(range(256)) * 40, 7), b.crc32(memoryview(b'y' * 5121)[1:]))
t(b.crc_hqx, b'123456789', 0xffff)
print(b.Error.__mro__, b.Incomplete.__mro__, b.Error.__module__)
r = random.Random(3)
for n in list(range(12)) + [100, 333]:
    data = bytes(r.randrange(256) for _ in range(n))
    for name in ('b64', 'b32', 'b16', 'b85', 'a85', 'urlsafe_b64', 'standard_b64', 'b32hex'):
        text = getattr(base64, name + 'encode')(data)
        back = getattr(base64, name + 'decode')(text)
        assert back == data == getattr(base64, name + 'decode')(text.decode()), (name, data)
        print(name, text)
    print(base64.encodebytes(data), base64.decodebytes(base64.encodebytes(data)) == data)
for f, args in ((base64.b32decode, ['abc']), (base64.b32decode, ['mzxw6===']), (base64.b32decode, ['mzxw6===', True]),
                (base64.b32decode, ['MZXW6==!']), (base64.b32decode, ['M0======', False, 'L']), (base64.b32decode, ['M1======']),
                (base64.b16decode, ['ab']), (base64.b16decode, ['ab', True]), (base64.b16decode, ['ABC']), (base64.b16decode, ['é']),
                (base64.b85decode, ['"']), (base64.b85decode, ['~~~~~']), (base64.a85decode, ['abz']), (base64.a85decode, ['vw']),
                (base64.a85decode, ['uuuuu']), (base64.a85decode, ['87cURD]i,"']), (base64.b64encode, ['text']), (base64.b64decode, [3]),
                (base64.b32encode, ['x']), (base64.encodebytes, ['x']), (base64.b64encode, [b'\xfb\xff', b'-_']),
                (base64.b64decode, ['-_8=', '-_']), (base64.b64decode, ['-_8=', b'-_', True])):
    t(f, *args)
print(base64.a85encode(bytes(8) + b'    abc', foldspaces=True, adobe=True, wrapcol=7), base64.a85encode(b'a' * 7, pad=True),
      base64.a85decode(b'<~zz+y~>', adobe=True, foldspaces=True) if False else '', base64.a85decode(b'zy', foldspaces=True), base64.b85encode(b'abc', pad=True))
target = io.BytesIO()
base64.encode(io.BytesIO(b'q' * 100), target)
print(target.getvalue())
target.seek(0)
back = io.BytesIO()
base64.decode(target, back)
print(back.getvalue())
