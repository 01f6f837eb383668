"""fractions, uuid, platform; big ints, whose way to and from JavaScript's has two forms."""
import copy
import math
import pickle
import platform
import random
import sys
import uuid
from fractions import Fraction as F


def attempt(f):
    try:
        return repr(f())
    except Exception as e:
        return f'{type(e).__name__}: {e}'


for args in ((), (3,), (6, 4), (-6, 4), (6, -4), (0, 5), ('3/4',), (' -7/3 ',), ('1.25',), ('-.5e-2',), ('1e3',), ('1_000/3',), (0.1,), (2.5,), (F(1, 2), F(3, 4)), (1, 0), ('1/0',), ('x',), ('',), ('1/2/3',), ('1 /2',), (1.5, 2), (None,), (float('nan'),), (float('inf'),), (True,), ('٣/٤',), ('1.',), ('.',)):
    print(args, attempt(lambda: F(*args)))
a, b = F(7, 3), F(-2, 5)
for other in (b, 2, -3, 0.5, 1j, 'x', F(0)):
    print(other, [attempt(lambda: f(a, other)) for f in (lambda x, y: x + y, lambda x, y: x - y, lambda x, y: x * y, lambda x, y: x / y, lambda x, y: x // y, lambda x, y: x % y, divmod, lambda x, y: x ** y, lambda x, y: x < y, lambda x, y: x == y, lambda x, y: y + x, lambda x, y: y - x, lambda x, y: y * x, lambda x, y: y / x, lambda x, y: y // x, lambda x, y: y % x, lambda x, y: y >= x)])
print(-a, +a, abs(b), int(a), int(b), float(a), math.floor(b), math.ceil(b), math.trunc(b), round(a), round(F(5, 2)), round(F(7, 2)), round(F(22, 7), 3), round(F(1234, 1), -2), bool(F(0)), a ** 3, a ** -2, 2 ** F(3), 2 ** F(1, 2), F(4) ** F(1, 2), attempt(lambda: F(0) ** -1))
print(hash(F(3)) == hash(3), hash(F(-1)) == hash(-1), F(1, 2) in {0.5}, F(1, 3).limit_denominator(2), F(math.pi).limit_denominator(1000), F.from_float(0.75), F(1, 3).as_integer_ratio(), sorted([F(1, 2), 0.3, F(1, 3), 1]), sum([F(1, i) for i in range(1, 20)]), str(F(4, 2)), copy.copy(a) is a, pickle.loads(pickle.dumps(a)) == a, F(1, 2) == F(2, 4), F(1, 2) == complex(0.5), max(F(1, 3), 0.33), a.numerator, a.denominator)
u = uuid.UUID('{12345678-1234-5678-1234-567812345678}')
print(u, repr(u), u.hex, u.int, u.bytes, u.bytes_le, u.fields, u.time, u.clock_seq, u.node, u.urn, u.variant, u.version, uuid.UUID(bytes_le=u.bytes_le) == u, uuid.UUID(fields=u.fields) == u, uuid.UUID(int=5), u < uuid.UUID(int=2**128 - 1), pickle.loads(pickle.dumps(u)) == u, int(u) == u.int, copy.copy(u) == u)
for call in (lambda: uuid.UUID('x'), lambda: uuid.UUID(), lambda: uuid.UUID(bytes=b'x'), lambda: uuid.UUID(int=-1), lambda: uuid.UUID(int=2**128), lambda: uuid.UUID(fields=(1, 2)), lambda: setattr(u, 'int', 1), lambda: uuid.UUID(int=1, version=9), lambda: u < 1, lambda: uuid.UUID(fields=(2**32, 0, 0, 0, 0, 0))):
    print(attempt(call))
v = uuid.uuid4()
print(v.version, v.variant, len({uuid.uuid4() for _ in range(50)}), uuid.uuid1().version, len({uuid.uuid1() for _ in range(50)}), uuid.NAMESPACE_DNS, uuid.uuid1(node=1, clock_seq=2).fields[3:])
print(platform.system(), platform.python_version() == '%d.%d.%d' % sys.version_info[:3], platform.python_version_tuple()[0], type(platform.platform()).__name__, platform.architecture()[0], len(platform.uname()) >= 5, platform.node() == platform.uname().node)
r = random.Random(8)
total = 0
for bits in list(range(60, 70)) + [127, 128, 129, 500, 767, 768, 769, 1500, 1535, 1536, 1537, 1568, 1599, 1600, 1601, 2047, 2048, 2049, 4095, 8191, 20000]:
    x = r.getrandbits(bits) | 1 << (bits - 1)
    y = r.getrandbits(bits // 2) | 1
    for value in (x * y, x // y, x % y, -x * y, -x // y, x << 33, x >> 17, x ^ -y, x - (x - 1), (x * y) // x - y, int(hex(x), 16) - x, x * 2**64, -x):
        total = (total * 31 + value) % (2**89 - 1)
    assert x * y // y == x and divmod(x, y)[0] * y + x % y == x and int(str(x)) == x if bits < 4000 else x * y // y == x
print(total)
