# __slots__: no __dict__, inheritance, conflicts, defaults, deletion.
class P:
    __slots__ = ("x", "y")

    def __init__(self, x, y=None):
        self.x = x
        if y is not None:
            self.y = y


class Q(P):
    __slots__ = ("z",)


class R(P):
    pass


class Named:
    __slots__ = "only"


class WithDict:
    __slots__ = ("a", "__dict__")


class Private:
    __slots__ = ("__hidden",)

    def __init__(self):
        self.__hidden = 5


p, q, r = P(1, 2), Q(3, 4), R(5, 6)
q.z = 9
r.anything = "dict"
print(p.x, p.y, q.x, q.z, r.anything, r.__dict__, hasattr(p, "__dict__"), P.__slots__, type(P.x).__name__)
w = WithDict()
w.a, w.b = 1, 2
print(w.a, w.b, w.__dict__, Private()._Private__hidden)
n = Named()
n.only = 1
print(n.only, P.x.__get__(p, P), P.x.__name__)
del p.y
p2 = P(1)
for attempt in (lambda: p.y, lambda: p2.y, lambda: setattr(p, "w", 1), lambda: p.__dict__, lambda: delattr(p, "y"), lambda: setattr(q, "w", 1), lambda: type("Bad", (), {"__slots__": ("a",), "a": 1}), lambda: type("Bad", (), {"__slots__": (5,)}), lambda: type("Bad", (), {"__slots__": ("1a",)}), lambda: type("Bad", (P, Named), {}), lambda: type("Bad", (int,), {"__slots__": ("a",)})(5).a, lambda: type("Bad", (), {"__slots__": "a a".split()})().a, lambda: P.x.__get__(5, int), lambda: setattr(p, "__class__", Q)):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
p.y = "again"
print(p.y)


class Counter:
    __slots__ = ("n", "history")

    def __init__(self):
        self.n, self.history = 0, []

    def bump(self):
        self.n += 1
        self.history.append(self.n)
        return self


c = Counter().bump().bump()
print(c.n, c.history, [Counter().bump().n for _ in range(3)])
