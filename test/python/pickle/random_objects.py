"""Seeded random objects: the digest of what each protocol writes, and that it reads back equal."""
import pickle
import random
import _digest


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __eq__(self, other):
        return type(other) is Point and vars(self) == vars(other)

    __hash__ = None


class Slotted:
    __slots__ = ('a', 'b')

    def __init__(self, a):
        self.a = a

    def __eq__(self, other):
        return type(other) is Slotted and self.a == other.a

    __hash__ = None


def make(rng, depth, pool):
    kind = rng.randrange(18 if depth > 0 else 9)
    if kind == 0:
        return rng.choice([0, 1, -1, 255, 256, 65536, -2**31, 2**31, 2**64, -2**100])
    if kind == 1:
        return rng.getrandbits(rng.choice([3, 9, 17, 33, 65, 2100])) * rng.choice([1, -1])
    if kind == 2:
        return rng.choice([0.5, -1e10, 3.25, 1e-300])
    if kind == 3:
        return ''.join(chr(rng.choice([97, 10, 92, 0xe9, 0x20ac, 0x1f600])) for _ in range(rng.randrange(9)))
    if kind == 4:
        return bytes(rng.randrange(256) for _ in range(rng.choice([0, 1, 5, 300])))
    if kind == 5:
        return rng.choice([None, True, False, Ellipsis, len, int])
    if kind == 6:
        return bytearray(rng.randrange(256) for _ in range(rng.choice([0, 3])))
    if kind == 7:
        return rng.choice(pool) if pool else None
    if kind == 8:
        return complex(rng.randrange(5), 2)
    if kind in (9, 10):
        value = [make(rng, depth - 1, pool) for _ in range(rng.choice([0, 1, 2, 4, 7]))]
    elif kind in (11, 12):
        value = tuple(make(rng, depth - 1, pool) for _ in range(rng.choice([0, 1, 2, 3, 4])))
    elif kind in (13, 14):
        value = {rng.randrange(1000): make(rng, depth - 1, pool) for _ in range(rng.choice([0, 1, 2, 5]))}
    elif kind == 15:
        value = Point(make(rng, depth - 1, pool), make(rng, depth - 1, pool))
    elif kind == 16:
        value = Slotted(make(rng, depth - 1, pool))
    else:
        value = frozenset([rng.randrange(4)])
    pool.append(value)
    return value


rng = random.Random(20261129)
for number in range(60):
    value = make(rng, 4, [])
    sums = []
    for protocol in range(2, 6):
        data = pickle.dumps(value, protocol)
        again = pickle.loads(data)
        assert again == value, (number, protocol)
        assert pickle.dumps(again, protocol)[:2] == data[:2]
        sums.append(f'{len(data)}:{_digest.of(data):08x}')
    print(number, *sums)
big = [list(range(2500)), {i: str(i) for i in range(2000)}, {i: i for i in range(1000)}, 'x' * 70000, b'y' * 70000,
       set(range(1500)), frozenset(range(1200)), ['z' * 40000, 'w' * 40000, 1, 2, 3], tuple(range(1001))]
for protocol in range(6):
    for value in big + [big]:
        data = pickle.dumps(value, protocol)
        assert pickle.loads(data) == value
        print(protocol, len(data), f'{_digest.of(data):08x}')
