# defaultdict, OrderedDict, Counter and ChainMap.
from collections import ChainMap, Counter, OrderedDict, defaultdict

d = defaultdict(list)
d["a"].append(1)
d["b"]
print(d, dict(d), d.get("zz"), "zz" in d, len(d), d.default_factory)
n = defaultdict(int, x=5)
for c in "mississippi":
    n[c] += 1
print(n, sorted(n.items()))
tree = lambda: defaultdict(tree)
t = tree()
t["a"]["b"]["c"] = 1
print(t["a"]["b"]["c"], list(t), n.copy()["x"], type(n.copy()).__name__, n | {"y": 1} == {**n, "y": 1})
for attempt in (lambda: defaultdict()["x"], lambda: defaultdict(5), lambda: defaultdict(None)["y"], lambda: defaultdict(lambda: 1 / 0)["z"]):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
o = OrderedDict([("a", 1), ("b", 2), ("c", 3)])
o.move_to_end("a")
print(o, list(o), o.popitem(), o.popitem(last=False), o)
o["z"] = 0
o.move_to_end("z", last=False)
print(o, OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1, b=2) == dict(b=2, a=1), list(reversed(o)), o | {"q": 1})
for attempt in (lambda: o.move_to_end("none"), lambda: OrderedDict().popitem(), lambda: o["nope"]):
    try:
        print(attempt())
    except KeyError as e:
        print(type(e).__name__, e)
c = Counter("abracadabra")
print(c, c.most_common(2), c["a"], c["zzz"], sorted(c.elements()), c.total(), len(c))
c.update("aab")
c.subtract({"b": 10})
print(c, +c, -c, c["b"], Counter(a=3, b=1) + Counter(a=1, c=2), Counter(a=3, b=1) - Counter(a=1, b=5), Counter(a=3, b=1) & Counter(a=1, b=2), Counter(a=3) | Counter(a=1, b=2))
print(Counter(), Counter([1, 1, 2]), Counter({"x": 2}), Counter(x=1) == {"x": 1}, Counter(a=1) == Counter(a=1, b=0), Counter(a=1) <= Counter(a=2), Counter("ab").most_common(), list(Counter("bba")), Counter("aab").copy())
del c["b"], c["never there"]
print(sorted(c.items()), c.pop("a"), sum(c.values()))
words = Counter("the cat and the dog and the bird".split())
print(words.most_common(3), max(words, key=words.get))
m = ChainMap({"a": 1}, {"a": 2, "b": 3}, {"c": 4})
print(m["a"], m["b"], m["c"], len(m), sorted(m), dict(m) == {"a": 1, "b": 3, "c": 4}, m.maps, m.get("zz", 0), "c" in m)
m["b"] = 30
child = m.new_child({"a": 0})
print(m.maps[0], child["a"], child.parents["a"], child, m.parents["a"])
for attempt in (lambda: m["zz"], lambda: m.pop("c"), lambda: m.__delitem__("c"), lambda: ChainMap().popitem()):
    try:
        print(attempt())
    except KeyError as e:
        print(type(e).__name__, e)
