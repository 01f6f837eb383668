# Fractions, polynomials and matrices with operator overloading, and exact linear algebra.
from math import gcd


class Fraction:
    __slots__ = ("n", "d")

    def __init__(self, n, d=1):
        if d == 0:
            raise ZeroDivisionError(f"Fraction({n}, 0)")
        g = gcd(n, d) * (1 if d > 0 else -1)
        self.n, self.d = n // g, d // g

    def _coerce(f):
        def wrapped(self, other):
            if isinstance(other, int):
                other = Fraction(other)
            return f(self, other) if isinstance(other, Fraction) else NotImplemented

        return wrapped

    __add__ = _coerce(lambda a, b: Fraction(a.n * b.d + b.n * a.d, a.d * b.d))
    __sub__ = _coerce(lambda a, b: Fraction(a.n * b.d - b.n * a.d, a.d * b.d))
    __mul__ = _coerce(lambda a, b: Fraction(a.n * b.n, a.d * b.d))
    __truediv__ = _coerce(lambda a, b: Fraction(a.n * b.d, a.d * b.n))
    __rtruediv__ = _coerce(lambda a, b: b / a)
    __rsub__ = _coerce(lambda a, b: b - a)
    __radd__, __rmul__ = __add__, __mul__
    __eq__ = _coerce(lambda a, b: a.n * b.d == b.n * a.d)
    __lt__ = _coerce(lambda a, b: a.n * b.d < b.n * a.d)
    del _coerce

    def __neg__(self):
        return Fraction(-self.n, self.d)

    def __pow__(self, k):
        return Fraction(self.n**k, self.d**k) if k >= 0 else 1 / self**-k

    def __hash__(self):
        return hash((self.n, self.d))

    def __bool__(self):
        return self.n != 0

    def __float__(self):
        return self.n / self.d

    def __repr__(self):
        return f"{self.n}/{self.d}" if self.d != 1 else str(self.n)


class Poly:
    def __init__(self, *coefficients):
        while coefficients and not coefficients[-1]:
            coefficients = coefficients[:-1]
        self.c = coefficients

    def __call__(self, x):
        result = 0
        for c in reversed(self.c):
            result = result * x + c
        return result

    def __add__(self, o):
        n = max(len(self.c), len(o.c))
        return Poly(*[(self.c[i] if i < len(self.c) else 0) + (o.c[i] if i < len(o.c) else 0) for i in range(n)])

    def __mul__(self, o):
        out = [0] * (len(self.c) + len(o.c) - 1)
        for i, a in enumerate(self.c):
            for j, b in enumerate(o.c):
                out[i + j] += a * b
        return Poly(*out)

    def __pow__(self, n):
        result = Poly(1)
        for _ in range(n):
            result *= self
        return result

    def derivative(self):
        return Poly(*[i * c for i, c in enumerate(self.c)][1:])

    def __str__(self):
        return " + ".join(f"{c}x^{i}" for i, c in reversed(list(enumerate(self.c))) if c) or "0"


def solve(a, b):
    m = [[Fraction(x) for x in row] + [Fraction(y)] for row, y in zip(a, b)]
    n = len(m)
    for i in range(n):
        pivot = next((r for r in range(i, n) if m[r][i]), None)
        if pivot is None:
            raise ValueError("singular")
        m[i], m[pivot] = m[pivot], m[i]
        m[i] = [x / m[i][i] for x in m[i]]
        for r in range(n):
            if r != i and m[r][i]:
                m[r] = [x - m[r][i] * y for x, y in zip(m[r], m[i])]
    return [row[n] for row in m]


half, third = Fraction(1, 2), Fraction(-2, -6)
print(half + third, half - 1, 2 * half, half / third, 1 / third, half**-3, -half, half < 1, third == Fraction(2, 6), sum([half, third, Fraction(1, 6)]), float(third), {half: "h"}[Fraction(2, 4)], sorted([half, third, Fraction(0)]))
h = sum((Fraction(1, k) for k in range(1, 31)), Fraction(0))
print(h, round(float(h), 12))
p = Poly(1, 1)
print(p**6, "|", (p**3).derivative(), "|", p * Poly(-1, 1), "|", p + Poly(-1, -1), (p**3)(half), Poly(0, 0, 3)(10))
hilbert = [[Fraction(1, i + j + 1) for j in range(6)] for i in range(6)]
print(solve(hilbert, [1] * 6), solve([[2, 1, -1], [-3, -1, 2], [-2, 1, 2]], [8, -11, -3]))
for bad in (lambda: solve([[1, 2], [2, 4]], [1, 2]), lambda: Fraction(1, 0), lambda: half + "x", lambda: half < None, lambda: half / 0):
    try:
        print(bad())
    except (ValueError, ZeroDivisionError, TypeError) as e:
        print(type(e).__name__, e)
fib = [[1, 1], [1, 0]]


def matmul(a, b):
    return [[sum(x * y for x, y in zip(row, col)) for col in zip(*b)] for row in a]


def matpow(m, n):
    result = [[int(i == j) for j in range(len(m))] for i in range(len(m))]
    while n:
        if n & 1:
            result = matmul(result, m)
        m = matmul(m, m)
        n >>= 1
    return result


print(matpow(fib, 200)[0][1])
