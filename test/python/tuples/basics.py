# tuple: construction, operations, hashing, comparison, unpacking targets, errors.
t = 1, "a", 2.5
print(t, (), (1,), tuple(), tuple("ab"), tuple([1, [2]]), (1, 2) + (3,), (0,) * 3, 2 * ("x",), len(t), t[0], t[-1], t[1:], t[::-1])
print((1, 2) == (1, 2), (1, 2) == [1, 2], (1, 2) < (1, 3), (1,) < (1, 0), () < (0,), (1, "a") < (2, None), t.count(1), t.index("a"), 2.5 in t, "z" not in t)
print(hash((1, 2)) == hash((1, 2)), hash(()) == hash(()), {(1, 2): "v"}[1, 2], {(1, (2, 3))}, isinstance((), tuple), tuple(t) is t, t[:] is t)
a, b = b, a = 1, 2
print(a, b)
(x, y), [z, *w] = (1, 2), [3, 4, 5]
print(x, y, z, w)
first, *rest = "hello"
*init, last = range(4)
head, *middle, tail = (1, 2)
print(first, rest, init, last, head, middle, tail)
for i, (j, *k) in enumerate([(1, 2, 3), "ab"]):
    print(i, j, k)
x = [0, 0]
i = 0
i, x[i] = 1, 5
print(i, x)
attempts = [
    lambda: (1,)[3],
    lambda: (1, 2).index(5),
    lambda: (1,) + [2],
    lambda: hash(([],)),
    lambda: (1, 2) < (1, "a"),
    lambda: (1,) < 1,
    lambda: tuple(5),
    lambda: t["a"],
    lambda: (1,).append(2),
    lambda: (1, 2) * (3,),
]
for attempt in attempts:
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
t = (1, [2])
try:
    t[1] += [3]
except TypeError as e:
    print(e, t)
try:
    t[0] = 5
except TypeError as e:
    print(e)
try:
    del t[0]
except TypeError as e:
    print(e)
for values in ((1,), (1, 2, 3), "x", 5, None):
    try:
        p, q = values
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
for values in ((), (1,)):
    try:
        p, *q, r = values
    except ValueError as e:
        print(e)
print(((((1,),),),), ((),), ("one",), (None, True))
