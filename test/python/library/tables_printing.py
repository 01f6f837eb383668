"""csv, pprint, timeit, secrets."""
import collections
import csv
import dataclasses
import io
import pprint
import random
import secrets
import timeit
import types


def attempt(f):
    try:
        return repr(f())
    except Exception as e:
        return f'{type(e).__name__}: {e}'


TEXTS = ['a,b,c\r\n1,2,3\n', '"a ""quoted"" b",c\n', '"two\nlines",x\n', 'a,,\n', '\n', '', 'a\n\nb\n', ' a, b\n', '"a"x,b\n', 'a"b,c\n', '"open\n', '"a","b"\r\n"c"\n', "'a,b',c\n", 'a\\,b\n', 'a\rb\n', '1,"2",x\n', '"",""\n', 'é;日\n', '"a\n', 'x,"y\nz"\nw\n', '"a"b"c"\n', '\\"a\n', 'a\\\nb,c\n']
for text in TEXTS:
    for options in ({}, {'delimiter': ';'}, {'quotechar': "'"}, {'escapechar': '\\'}, {'skipinitialspace': True}, {'quoting': csv.QUOTE_NONE}, {'strict': True}, {'doublequote': False}, {'quoting': csv.QUOTE_NONNUMERIC}, {'dialect': 'excel-tab'}):
        print(ascii(text), sorted(options), ascii(attempt(lambda: list(csv.reader(io.StringIO(text, newline=''), **options)))))
ROWS = [['a', 1, 2.5, None, True], ['x,y', 'q"q', 'l\nl', "s's", 't\t'], [''], ['', ''], [], ['\\', ' a '], ['é', '\r'], [0.1, 1e300, -0.0]]
for options in ({}, {'quoting': csv.QUOTE_ALL}, {'quoting': csv.QUOTE_NONNUMERIC}, {'quoting': csv.QUOTE_NONE, 'escapechar': '\\'}, {'quoting': csv.QUOTE_NONE}, {'delimiter': '\t', 'lineterminator': '\n'}, {'doublequote': False, 'escapechar': '\\'}, {'doublequote': False}, {'quotechar': "'"}, {'dialect': 'unix'}):
    for row in ROWS:
        out = io.StringIO(newline='')
        print(sorted(options), ascii(row), attempt(lambda: csv.writer(out, **options).writerow(row)), ascii(out.getvalue()))
for call in (lambda: csv.writer(io.StringIO()).writerow(5), lambda: csv.reader([b'a']).__next__(), lambda: csv.reader(5), lambda: csv.reader([], delimiter='ab'), lambda: csv.reader([], delimiter=1), lambda: csv.reader([], quotechar=''), lambda: csv.reader([], quoting=9), lambda: csv.reader([], bogus=1),
             lambda: csv.reader([], dialect='none'), lambda: csv.get_dialect('none'), lambda: csv.unregister_dialect('none'), lambda: csv.writer(5), lambda: csv.field_size_limit('x'), lambda: csv.list_dialects(), lambda: csv.reader([], quotechar=None, quoting=1)):
    print(attempt(call))
out = io.StringIO(newline='')
w = csv.DictWriter(out, ['a', 'b'], restval='-', extrasaction='ignore')
w.writeheader()
w.writerow({'a': 1, 'b': 2, 'c': 3})
w.writerows([{'b': 'x'}, {}])
print(ascii(out.getvalue()), attempt(lambda: csv.DictWriter(out, ['a']).writerow({'z': 1})))
out.seek(0)
r = csv.DictReader(out)
print(r.fieldnames, list(r), r.line_num, list(csv.DictReader(['1,2,3', '4'], ['a', 'b'], restkey='rest', restval='?')), list(csv.DictReader([])))
csv.register_dialect('mine', delimiter='|', quoting=csv.QUOTE_ALL)
print(csv.list_dialects()[-1], list(csv.reader(['a|"b|c"'], 'mine')), csv.get_dialect('mine').delimiter, csv.Sniffer().sniff('a;b;c\n1;2;3\n').delimiter, csv.field_size_limit(5), attempt(lambda: list(csv.reader(['"abcdefgh"']))), csv.field_size_limit(131072))
rnd = random.Random(6)
rows = [[''.join(rnd.choice('ab,"\n \\\'x') for _ in range(rnd.randrange(6))) for _ in range(rnd.randrange(1, 5))] for _ in range(60)]
out = io.StringIO(newline='')
csv.writer(out).writerows(rows)
out.seek(0)
print(list(csv.reader(out)) == rows)


@dataclasses.dataclass
class Point:
    x: int
    name: str
    tags: list = dataclasses.field(default_factory=list)


circle = [1]
circle.append({'again': circle})
VALUES = [list(range(30)), {'key%d' % i: list(range(i)) for i in range(8)}, {'b': 1, 'a': {'nested': [1, 2, 3] * 8, 'other': ('x' * 20, 'y' * 20, 'z' * 20)}}, 'word ' * 30, 'line one\nline two is longer than the first one\n' * 3, b'bytes and more bytes ' * 6,
          {1, 2, 3}, set(range(40)), frozenset(range(30)), (1,), ('a' * 79,), (), [], {}, {1: 'x', 'a': 2}, [[[[[[1]]]]]], collections.OrderedDict((str(i), i) for i in range(12)), collections.defaultdict(list, {i: [i] * 5 for i in range(8)}),
          collections.Counter('the quick brown fox jumps over the lazy dog and more'), collections.deque(range(40)), collections.deque(range(40), maxlen=50), types.SimpleNamespace(alpha='a' * 40, beta=['b' * 20] * 3), 123456789, 1.5, None, bytearray(b'x' * 90), Point(1, 'n'), [Point(i, 'n' * i) for i in range(3)], {'text': 'some longer text that wraps ' * 4}]
for value in VALUES:
    for options in ({}, {'width': 30}, {'indent': 4}, {'compact': True}, {'depth': 2}, {'sort_dicts': False}, {'underscore_numbers': True}):
        print(pprint.pformat(value, **options))
print(pprint.isrecursive(circle), pprint.isreadable(circle), pprint.isreadable([1, 'a']), pprint.saferepr(circle).count('Recursion'), pprint.pformat(circle).count('Recursion'), attempt(lambda: pprint.PrettyPrinter(indent=-1)), attempt(lambda: pprint.PrettyPrinter(depth=0)))
pprint.pp({'z': 1, 'a': 2})
pprint.pprint([1, 2], stream=None)

count = 0


def bump():
    global count
    count += 1


print(timeit.timeit(bump, number=7) >= 0, count, len(timeit.repeat('x += 1', 'x = 0', repeat=3, number=5)), timeit.timeit('a + 1', number=1, globals={'a': 1}) >= 0, attempt(lambda: timeit.Timer('1 +')), attempt(lambda: timeit.Timer(5)), attempt(lambda: timeit.timeit('nope', number=1)))
print(timeit.Timer('for i in range(2):\n    pass', 'y = 1\nz = 2', timer=lambda: 0).timeit(3), timeit.Timer('pass', timer=iter(range(100)).__next__).autorange())
print(len(secrets.token_bytes(5)), len(secrets.token_hex(4)), len(secrets.token_urlsafe(6)), secrets.randbelow(1), secrets.choice([7]), 0 <= secrets.randbits(4) < 16, secrets.compare_digest('a', 'a'), secrets.compare_digest(b'ab', b'ac'), secrets.compare_digest(b'a', b'ab'), attempt(lambda: secrets.randbelow(0)), secrets.SystemRandom().random() < 1)
