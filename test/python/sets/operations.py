# set and frozenset: algebra, methods, comparison, errors. Printed sorted: the order is not promised.
a, b = {1, 2, 3, 4}, {3, 4, 5}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b), a <= b, {3} < a, a >= {1, 2}, a > a, a == {4, 3, 2, 1}, a != b, a.isdisjoint({9}), {1} == frozenset([1]))
print(sorted(a.union(b, [9], "x" and [10])), sorted(a.intersection(b, [3])), sorted(a.difference([1], [2])), sorted(a.symmetric_difference(b)), a.issubset(range(10)), a.issuperset([1]))
s = set()
s.add(1)
s.add(1)
s.update([2, 3], (4,))
s.discard(99)
s.discard(2)
s.remove(3)
print(sorted(s), len(s), 1 in s, [1] in [[1]], set(), {*()}, {1}, {"only"}, frozenset(), frozenset([7]), set("aa"))
s |= {10, 11}
s &= {1, 10, 11, 12}
s -= {11}
s ^= {1, 50}
print(sorted(s), sorted(s.copy()), s is not s.copy())
s.intersection_update([10, 50, 60])
s.difference_update([50])
s.symmetric_difference_update([10, 20])
print(s, s.pop(), s)
print({1, 1.0, True}, len({0, False, 0.0}), {frozenset([1, 2]): "fs"}[frozenset([2, 1])], hash(frozenset([1, 2])) == hash(frozenset([2, 1])), sorted({x % 3 for x in range(10)}))
print(type({1} | frozenset([2])).__name__, type(frozenset([2]) | {1}).__name__, frozenset([1]).union([2]) == {1, 2}, {1, 2} - {1: 0}.keys(), {frozenset({1})} == {frozenset({1})}, {1} in {frozenset({1})})
attempts = [
    lambda: {[]},
    lambda: set().remove("x"),
    lambda: set().remove((1, 2)),
    lambda: set().pop(),
    lambda: {1} | [2],
    lambda: {1} < [1],
    lambda: hash({1}),
    lambda: set(5),
    lambda: {1} + {2},
    lambda: frozenset().add(1),
    lambda: set().add({}),
    lambda: a[0],
    lambda: set().update(5),
    lambda: {1}.union(5),
    lambda: set(1, 2),
    lambda: {{}},
]
for attempt in attempts:
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
try:
    changing = {1, 2, 3}
    for x in changing:
        changing.add(x + 100)
except RuntimeError as e:
    print(e)
big = set(range(0, 20000, 7)) ^ set(range(0, 20000, 3))
print(len(big), sum(big), 21 in big, 14 in big, len(big & set(range(100))))
while big:
    big.pop()
print(big, bool(big), bool({0}))
