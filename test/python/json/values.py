"""Round trips, options, hooks and subclasses of json."""
import enum
import io
import json
import random
from collections import OrderedDict, defaultdict, namedtuple


class Colour(enum.IntEnum):
    RED = 1


class Text(str):
    pass


class Whole(int):
    def __repr__(self):
        return 'whole'
    __str__ = __repr__


class Real(float):
    def __repr__(self):
        return 'real'


class Pairs(dict):
    def items(self):
        return [('made', 'up'), ('x', [1])]


Point = namedtuple('Point', 'x y')
VALUES = [None, True, False, 0, -1, 10**15, -10**16, 2**53, 2**63, -2**64, 10**40, 0.0, -0.0, 1.5, 1e16, 1e-7, 1e22,
          1e300, 5e-324, 123456789.125, 0.1, 1 / 3, '', 'a', 'plain text', '"quoted"\\', '\b\f\n\r\t\x00\x1f\x7f\x80',
          'é', 'ÿ', '日本', '\U0001f600', '\ud800', '\udc00x', 'mixed é日\U0001f600', '</script>', '\u2028', [], (), {},
          [[]], [{}], {'': []}, {'a': 1, 'b': [1, 2, {'c': None}]}, (1, 2), {1: 2, 2.5: 3, None: 4, True: 5},
          Colour.RED, [Colour.RED], {Colour.RED: 1}, Text('sub'), {Text('k'): Text('v')}, Whole(7), {Whole(7): 1},
          Real(2.5), {Real(2.5): 1}, Pairs(a=1), OrderedDict([('z', 1), ('a', 2)]), defaultdict(list, a=[1]),
          Point(1, 2), float('inf'), [float('-inf'), 1], {float('inf'): 1}]
OPTIONS = [{}, {'ensure_ascii': False}, {'indent': 2}, {'indent': '\t', 'ensure_ascii': False}, {'indent': 0},
           {'separators': (',', ':')}, {'indent': 1, 'separators': (' ; ', ' = ')}, {'sort_keys': True, 'skipkeys': True},
           {'check_circular': False}]
for value in VALUES:
    for options in OPTIONS:
        try:
            text = json.dumps(value, **options)
        except TypeError as e:
            text = str(e)
        print(ascii(text))
    stream = io.StringIO()
    json.dump(value, stream, indent=1)
    print(stream.getvalue() == json.dumps(value, indent=1), ascii(list(json.JSONEncoder().iterencode(value))))

for text in ('0', '-0', '-0.0', '1E5', '1e-5', '1.25e+10', '123456789012345678', '0.1', '0.30000000000000004',
             '1234567.1234567', '12345678901234.5', '9007199254740993', '-12345678901234567890', '1e400', '-1e400', 'NaN',
             '[1 , 2\t,\r\n3 ]', ' {"a" : "b" , "c":[ ] } ', '{"a":1,"a":2}', '"\\u00e9\\u65e5\\ud83d\\ude00\\ud800"',
             '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\u65e5 \\n \U0001f600"', '{"\u65e5":{"\\u65e5":1}}'):
    print(ascii(json.loads(text)), type(json.loads(text)).__name__)
print(json.loads('{"a":[1,{"b":2.5}],"c":{}}', object_hook=lambda d: sorted(d.items(), key=str)))
print(json.loads('{"a":[1,{"b":2.5}],"c":{}}', object_pairs_hook=lambda p: p))
print(json.loads('{"a":1}', object_hook=lambda d: 'hook', object_pairs_hook=lambda p: 'pairs'))
print(json.loads('[1, 1.5, 1e3, -7, NaN, -Infinity, Infinity]', parse_int=lambda s: 'i' + s,
                 parse_float=lambda s: 'f' + s, parse_constant=lambda s: 'c' + s))
print(json.loads('"a\tb"', strict=False), json.load(io.StringIO('[1]')))
print(json.loads('{"a":"[1,{\\"b\\":2}]"}', object_hook=lambda d: json.loads(d['a']) if 'a' in d else d))


class Encoder(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, complex):
            return {'re': o.real, 'im': o.imag}
        if isinstance(o, set):
            return sorted(o)
        return super().default(o)


print(json.dumps([1j, {3, 1, 2}, {'x': 2 + 1j}], cls=Encoder), Encoder(indent=1).encode({1j: 1} and [1j]))
print(json.dumps({'z': {1, 2}}, default=list), json.dumps([1j], default=lambda o: [o.real, {o.imag}]
                                                           if isinstance(o, complex) else sorted(o)))


class Decoder(json.JSONDecoder):
    def decode(self, s):
        return ('decoded', super().decode(s))


print(json.loads('[1]', cls=Decoder), json.loads('{}', cls=Decoder, object_hook=len))
encoder = json.JSONEncoder(sort_keys=True, indent=None)
print(encoder.encode({'b': 1, 'a': [1, 2]}), encoder.item_separator, encoder.key_separator, json.JSONEncoder(indent=1).item_separator)
print([k is j for k, j in zip(*[list(d) for d in json.loads('[{"key1":1,"key2":2},{"key1":3,"key2":4}]')])])

r = random.Random(11)


def make(depth):
    kind = r.randrange(9 if depth else 6)
    if kind == 0:
        return r.choice([None, True, False])
    if kind == 1:
        return r.randrange(-10**r.randrange(1, 25), 10**r.randrange(1, 25))
    if kind == 2:
        return r.uniform(-1, 1) * 10**r.randrange(-300, 300)
    if kind < 6:
        return ''.join(chr(r.choice([r.randrange(128), r.randrange(256), r.randrange(0xd800), 0x1f600]))
                       for _ in range(r.randrange(12)))
    if kind == 6:
        return [make(depth - 1) for _ in range(r.randrange(5))]
    return {make(0) if False else str(r.randrange(100)): make(depth - 1) for _ in range(r.randrange(5))}


total = 0
for _ in range(100):
    value = make(4)
    for options in OPTIONS:
        text = json.dumps(value, **options)
        total = (total * 31 + sum(map(ord, text)) + len(text)) % 1000000007
        if options != OPTIONS[6]:
            assert json.loads(text) == value
    assert ''.join(json.JSONEncoder(indent=3).iterencode(value)) == json.dumps(value, indent=3)
print(total)
