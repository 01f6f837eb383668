# sort and sorted: stability, keys, reverse, mixed numbers, errors, mutation while sorting.
data = [5, 2, 9, 1, 5, 6, -3, 0, 2]
print(sorted(data), sorted(data, reverse=True), sorted(data, key=abs), sorted("banana"), sorted({"b": 1, "a": 2}), sorted([]), sorted([1]))
pairs = [("b", 2), ("a", 2), ("c", 1), ("d", 2), ("e", 1)]
print(sorted(pairs, key=lambda p: p[1]))
print(sorted(pairs, key=lambda p: p[1], reverse=True))
print(sorted(pairs), sorted(pairs, key=lambda p: (-p[1], p[0])))
words = "the Quick brown fox Jumps over the lazy dog".split()
print(sorted(words), sorted(words, key=str.lower), sorted(words, key=len), min(words, key=len), max(words, key=len))
data.sort()
print(data, data.sort(reverse=True), data)


class Item:
    compared = 0

    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        Item.compared += 1
        return self.n < other.n

    def __repr__(self):
        return "Item(%d)" % self.n


items = [Item(n) for n in (3, 1, 2)]
print(sorted(items), max(items), min(items), Item.compared > 0)
seed = 12345
big = []
for _ in range(3000):
    seed = (seed * 1103515245 + 12345) % 2**31
    big.append(seed % 500)
expected = []
for value in range(500):
    expected += [value] * big.count(value)
print(sorted(big) == expected, sorted(big, reverse=True) == expected[::-1])
tagged = sorted([(v, i) for i, v in enumerate(big)], key=lambda t: t[0])
print(all(x <= y for x, y in zip(tagged, tagged[1:])))
calls = []
sorted([3, 1, 2], key=lambda x: calls.append(x) or x)
print(calls)
for attempt in (lambda: sorted([1, "a"]), lambda: sorted([1, None]), lambda: sorted(5), lambda: [].sort(1), lambda: sorted([2, 1], key=5), lambda: sorted([3, 2], key=lambda x: 1 / 0), lambda: sorted([], wrong=1), lambda: sorted([1j, 2j]), lambda: sorted([{}, {}]), lambda: max([]), lambda: min(1), lambda: max([], default="none"), lambda: min(3, 1, key=lambda x: -x)):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
evil = [3, 2, 1]


def spoil(x):
    evil.append(x)
    return x


try:
    evil.sort(key=spoil)
except ValueError as e:
    print(e)
print(sorted([2.5, 1, True, 10**20, float("-inf"), 0.5]), sorted([(1, "b"), (1, "a")]), sorted([[2], [1, 5], []]))
