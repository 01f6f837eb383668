# Unpacking in assignments, calls, displays, loops and returns; from iterators with errors.
a, b = 1, 2
a, b = b, a
(c, d), e = (3, 4), 5
[f, g] = "fg"
h, *i = [1, 2, 3]
*j, k = (1,)
l, *m, n = range(6)
*o, = "abc"
(p, *q), r = [[1, 2, 3], 4]
print(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r)
print([*range(3), *"ab", 9], (*[1], *(2, 3)), {*[1, 2], *[2]} == {1, 2}, {**{"a": 1}, "b": 2, **{"a": 3}}, *[], *(1,), sep="|")


def f(*args, **kwargs):
    return args, kwargs


print(f(*[1], 2, *(3,), x=1, **{"y": 2}, **{}), f(*"ab", *range(2)), f(**{"a b": 1, "class": 2}))


def returns():
    rest = [2, 3]
    return 1, *rest


def yields():
    rest = [2]
    yield 1, *rest


print(returns(), list(yields()))
for x, (y, *z) in [(1, (2, 3, 4)), (5, "67")]:
    print(x, y, z)


class Target:
    pass


t, s = Target(), [0, 0, 0]
t.x, s[1], *s[2:] = 10, 20, 30, 40
print(t.x, s)
x = [1, 2, 3]
x[0], x = x[1], "rebound"
print(x)


def counting():
    for n in range(10):
        print("produced", n)
        yield n


try:
    u, v = counting()
except ValueError as error:
    print(error)
it = iter(range(10))
u, v, *w = it
print(u, v, w, list(it))


class Exploding:
    def __iter__(self):
        yield 1
        raise KeyError("while unpacking")


attempts = [
    "a, b = Exploding()",
    "a, *b = Exploding()",
    "a, b = 1",
    "a, b = None",
    "a, b = 1,",
    "a, b = 1, 2, 3",
    "a, b, *c = [1]",
    "*a, b, c = [1]",
    "(a, b), c = 1, 2",
    "f(*5)",
    "f(*None)",
    "f(**[1])",
    "f(**{'x': 1}, x=2)",
    "f(**{'x': 1}, **{'x': 2})",
    "[*5]",
    "{**[1]}",
    "{*5}",
    "a, b = {1: 2}",
    "f(*1, *2)",
    "print(*x, *5)",
    "a, b = 'é'",
    "[a, [b, c]] = [1, [2]]",
]
for source in attempts:
    try:
        exec(source)
    except Exception as error:
        print(source, "->", type(error).__name__, error)
a = b = c = 0
a, b, c = c + 1, a + 2, b + 3
print(a, b, c, *map(lambda p: p[0], [(1, 2)]), **{"end": "!\n"})
first, second = {"k1": "v1", "k2": "v2"}.items()
print(first, second)
