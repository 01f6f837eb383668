# Subclasses of set and frozenset, hashing of members, iteration and comprehension.
class Tagged(set):
    def __repr__(self):
        return "Tagged(%s)" % sorted(self)


class Frozen(frozenset):
    pass


t = Tagged([3, 1])
t.add(2)
print(t, t | {9}, type(t | {9}).__name__, type(t.copy()).__name__, t == {1, 2, 3}, isinstance(t, set), Tagged() or "empty")
f = Frozen("a")
print(f, {f: 1}[frozenset("a")], type(f | {"b"}).__name__, f == {"a"}, type(f.copy()).__name__)


class Plain(set):
    pass


print(Plain([1]), Plain(), [Plain([2])])


class Mod3:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 3

    def __eq__(self, other):
        return self.n % 3 == other.n % 3

    def __repr__(self):
        return "M%d" % self.n


print({Mod3(1), Mod3(4), Mod3(7)}, len({Mod3(i) for i in range(10)}), Mod3(5) in {Mod3(2)})
s = {(1, 2), (1, 2), (2, 1)}
print(len(s), sorted(s), {x for x in "hello" if x > "h"} == {"l", "o"}, {c: 0 for c in "ab"}.keys() == {"a", "b"})
seen = set()
print([x for x in [3, 1, 3, 2, 1] if not (x in seen or seen.add(x))])
graph = {"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}
reached, todo = set(), ["a"]
while todo:
    node = todo.pop()
    if node not in reached:
        reached.add(node)
        todo += sorted(graph[node])
print(sorted(reached))
primes = set(range(2, 60))
for p in range(2, 8):
    primes -= set(range(p * 2, 60, p))
print(sorted(primes))
