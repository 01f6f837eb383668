# collections.namedtuple: fields, defaults, methods, errors.
from collections import namedtuple

Point = namedtuple("Point", "x y")
p = Point(1, y=2)
print(p, p.x, p[1], p == (1, 2), hash(p) == hash((1, 2)), len(p), p + (3,), p._fields, p._asdict(), p._replace(x=9), Point._make([5, 6]), Point(*[7, 8]), list(p))
x, y = p
print(x, y, isinstance(p, tuple), Point.__name__, Point.__doc__, Point.__mro__[1], p.__class__ is Point, sorted([Point(2, 1), Point(1, 5)]), max(Point(1, 2), Point(1, 3)))
D = namedtuple("D", ["a", "b", "c"], defaults=[10, 20])
print(D(1), D(1, 2), D._field_defaults, D(c=1, a=0), namedtuple("E", "")(), namedtuple("F", "a, b,c")._fields, namedtuple("R", "a def a _x", rename=True)._fields)


class Vector(namedtuple("VectorBase", "dx dy")):
    __slots__ = ()

    @property
    def length2(self):
        return self.dx**2 + self.dy**2

    def __add__(self, other):
        return Vector(self.dx + other.dx, self.dy + other.dy)


v = Vector(3, 4)
print(v, v.length2, v + v, v._replace(dx=0), type(v._replace(dx=1)).__name__)
attempts = [
    lambda: Point(1),
    lambda: Point(1, 2, 3),
    lambda: Point(x=1, z=2),
    lambda: setattr(p, "x", 5),
    lambda: p.z,
    lambda: Point._make([1]),
    lambda: p._replace(q=1),
    lambda: namedtuple("Bad", "a a"),
    lambda: namedtuple("Bad", "_a"),
    lambda: namedtuple("Bad", "class"),
    lambda: namedtuple("1Bad", "a"),
    lambda: namedtuple("Bad", "a", defaults=[1, 2]),
    lambda: namedtuple("Bad", "a-b"),
    lambda: setattr(p, "new", 1),
]
for attempt in attempts:
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
match p:
    case Point(a, b):
        print("matched", a, b)
print(p._asdict()["x"], {p: "key"}[1, 2], "%s and %s" % p, f"{p.x}:{p.y}", Point.x.__get__(p), p.count(1), p.index(2), Point.__new__(Point, 3, 4))
