# hash() of numbers, of tuples of them, and of what says its own hash: CPython's 64 bits.
from collections import namedtuple
from fractions import Fraction

for value in [(), (0,), (1,), (-1,), (-2,), (1, 2), (2, 1), (1, 2, 3), (1.5, 2), (1.0, 2.0),
              (2**31, -2**31), (2**61 - 1, 2**61, 2**63, -2**100), (True, False), (0.1, 1e300),
              (float('inf'), float('-inf')), ((), ((),), (1, (2, (3,)))), tuple(range(50)),
              (1 + 2j, -0.0), (-1, (-1,))]:
    print(value, hash(value))

Point = namedtuple('Point', 'x y')
print(hash(Point(1, 2)) == hash((1, 2)), hash(Point(-1, 2**70)))
print(hash(Fraction(1, 3)), hash((Fraction(-7, 4), 1)))


class Says:
    def __init__(self, value):
        self.value = value

    def __hash__(self):
        return self.value

    def __eq__(self, other):
        return True


for value in [0, 1, -1, -2, 2**31, 2**32 + 5, 2**61 - 2, 2**61 - 1, 2**61, 2**63 - 1, -2**63,
              2**63, -2**63 - 1, 2**100, True]:
    print(value, hash(Says(value)), hash((Says(value), 1)))


# What is equal is found, whoever says the hash.
class Like:
    def __init__(self, *parts):
        self.parts = parts

    def __hash__(self):
        return hash(self.parts)

    def __eq__(self, other):
        return self.parts == getattr(other, 'parts', other)


for parts in [(), (1, 2), (-1,), (2**40, 'text'), ((1, 2), 3.5), (None, b'x', (7,))]:
    table = {parts: 'found'}
    print(table.get(Like(*parts)), {Like(*parts): 'there'}.get(parts), {parts} == {Like(*parts)},
          (Like(*parts), 1) in {(parts, 1)})
for number in [5, 2**40, 2**61 - 1, 2**70, -2**90, 1.5, 1e100]:
    print({number: 'found'}.get(Says(hash(number))), {Says(hash(number)): 'there'}.get(number))


class NoInt:
    def __hash__(self):
        return 1.5


class Raises:
    def __hash__(self):
        raise LookupError('none')


for value in [NoInt(), Raises(), [], (1, []), ((), {}), (1, (2, {3})), (NoInt(),), (Raises(),)]:
    try:
        print(hash(value))
    except Exception as e:
        print(type(e).__name__, e)

plain = object()
print(hash(plain) == id(plain) >> 4, hash((plain, 1)) == hash((plain, 1)))
print(len({(i, -i, i * i) for i in range(20000)}), len({(i % 7, str(i % 11)) for i in range(1000)}))
