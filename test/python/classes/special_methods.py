# Operators dispatch to special methods, reflected ones, in-place ones; NotImplemented falls through.
class V:
    def __init__(self, *xs):
        self.xs = xs

    def __repr__(self):
        return "V" + repr(self.xs)

    def __add__(self, o):
        return V(*[a + b for a, b in zip(self.xs, o.xs)]) if isinstance(o, V) else NotImplemented

    def __mul__(self, k):
        return V(*[a * k for a in self.xs]) if isinstance(k, int) else NotImplemented

    __rmul__ = __mul__

    def __matmul__(self, o):
        return sum(a * b for a, b in zip(self.xs, o.xs))

    def __neg__(self):
        return V(*[-a for a in self.xs])

    def __pos__(self):
        return "positive"

    def __invert__(self):
        return V(*reversed(self.xs))

    def __abs__(self):
        return sum(abs(a) for a in self.xs)

    def __eq__(self, o):
        return self.xs == o.xs if isinstance(o, V) else NotImplemented

    def __lt__(self, o):
        return self.xs < o.xs if isinstance(o, V) else NotImplemented

    def __hash__(self):
        return hash(self.xs)

    def __len__(self):
        return len(self.xs)

    def __getitem__(self, i):
        return self.xs[i]

    def __contains__(self, x):
        return x in self.xs

    def __bool__(self):
        return any(self.xs)

    def __call__(self, *a, **k):
        return ("called", a, k)

    def __iadd__(self, o):
        self.xs += o.xs
        return self

    def __round__(self, n=None):
        return ("rounded", n)

    def __divmod__(self, o):
        return ("divmod", o)

    def __rdivmod__(self, o):
        return ("rdivmod", o)

    def __pow__(self, e, m=None):
        return ("pow", e, m)

    def __rpow__(self, b):
        return ("rpow", b)

    def __index__(self):
        return len(self.xs)

    def __complex__(self):
        return 1j

    def __length_hint__(self):
        return 5

    def __reversed__(self):
        return "reversed!"

    def __dir__(self):
        return ["b", "a"]

    def __sizeof__(self):
        return 1000


a, b = V(1, 2), V(3, 4)
print(a + b, a * 3, 3 * a, a @ b, -a, +a, ~a, abs(V(-1, 2)), a == V(1, 2), a != b, a < b, a > b, hash(a) == hash((1, 2)), len(a), a[1], 2 in a, list(a), bool(V(0)), a(1, k=2))
c = a
a += b
print(a, c is a, round(a), round(a, 2), divmod(a, 5), divmod(5, a), a**2, pow(a, 2, 3), 2**a, [10, 20, 30, 40, 50][a], reversed(a), dir(a), "x" * a, range(10)[a], complex(a), sum([V(1), V(2)], V(0)), max(V(1), V(3), V(2)), sorted([V(2), V(1)]))
attempts = [lambda: a + 1, lambda: 1 + a, lambda: a - b, lambda: a * "x", lambda: a < 5, lambda: a <= b, lambda: a // 2, lambda: a & b, lambda: a >> 1, lambda: a % 3, lambda: a["x"], lambda: 5 - a]
for attempt in attempts:
    try:
        print(attempt())
    except TypeError as e:
        print(e)


class R:
    def __radd__(self, o):
        return ("radd", o)

    def __rsub__(self, o):
        return ("rsub", o)

    def __gt__(self, o):
        return "gt"

    def __eq__(self, o):
        return "eq"

    def __rfloordiv__(self, o):
        return "rfloordiv"


class Sub(V):
    def __radd__(self, o):
        return "subclass reflected first"


r = R()
print(5 + r, [1] + r, "s" + r, 5 - r, 5 < r, 5 == r, 5 != r, r == 5, V(1) + Sub(1), 7 // r, None == r)


class Wrong:
    __len__ = lambda self: -1
    __bool__ = lambda self: 5
    __index__ = lambda self: "x"
    __str__ = lambda self: 5
    __repr__ = lambda self: None
    __hash__ = lambda self: 1.5
    __int__ = lambda self: "x"
    __float__ = lambda self: 1
    __iter__ = lambda self: 5
    __contains__ = lambda self, x: [x]
    __format__ = lambda self, spec: 5


w = Wrong()
for attempt in (lambda: len(w), lambda: bool(w), lambda: [1][w], lambda: str(w), lambda: repr(w), lambda: hash(w), lambda: int(w), lambda: float(w), lambda: iter(w), lambda: 5 in w, lambda: format(w), lambda: not w, lambda: f"{w}", lambda: range(w)):
    try:
        print(attempt())
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)


class Big:
    __len__ = lambda self: 10**30


try:
    len(Big())
except OverflowError as e:
    print(e)
