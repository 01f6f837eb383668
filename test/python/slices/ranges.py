# range: lazy, sliceable, comparable, huge.
for r in (range(5), range(2, 8), range(0, 10, 3), range(10, 0, -3), range(0), range(5, 1), range(-3, 3), range(1, 2, 100), range(10**20, 10**20 + 3)):
    print(r, len(r), list(r), list(reversed(r)), r[1:] , r[::-1], bool(r))
r = range(0, 100, 7)
print(r[3], r[-1], r[2:5], list(r[2:5]), r[::2], 49 in r, 50 in r, 49.0 in r, "x" in r, r.index(49), r.count(14), r.count(15), r.start, r.stop, r.step)
print(range(0) == range(5, 5), range(0, 3, 2) == range(0, 4, 2), hash(range(0, 3, 2)) == hash(range(0, 4, 2)), range(3) == [0, 1, 2], range(5) != range(6), isinstance(r, range))
huge = range(10**30)
print(huge[10**29], huge[-1], 10**30 - 1 in huge, huge[5:10**20:10**19], huge.index(12345678901234567890))
print(range(10, -10, -4)[-2], min(range(5, 9)), max(range(5, 9)), sum(range(101)), tuple(range(3)), [*range(3)], dict(enumerate(range(2))))
attempts = [
    lambda: range(1.5),
    lambda: range("a"),
    lambda: range(1, 2, 0),
    lambda: range(),
    lambda: range(1, 2, 3, 4),
    lambda: range(3)[3],
    lambda: range(3)[-4],
    lambda: range(3).index(5),
    lambda: range(3)["a"],
    lambda: len(huge),
    lambda: range(3) + range(2),
    lambda: range(3).x,
    lambda: range(3) < range(4),
    lambda: range(3).__setattr__("start", 1),
]
for attempt in attempts:
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
it = iter(range(3))
print(next(it), it.__length_hint__(), list(it), next(it, "end"))
for i in range(3):
    i += 10
    print(i, end=" ")
else:
    print("done", i)
