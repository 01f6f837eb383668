# dict: insertion order, methods, views, merging, errors.
d = {"b": 1, "a": 2}
d["c"] = 3
d["b"] = 10
del d["a"]
d["a"] = 4
print(d, len(d), list(d), "a" in d, 10 in d, d["c"], d.get("z"), d.get("z", 0))
print(d.keys(), d.values(), d.items(), list(reversed(d)), list(reversed(d.items())))
print(d.pop("c"), d.pop("zz", None), d.popitem(), d)
print(d.setdefault("b", 99), d.setdefault("new", []), d)
d.update({"x": 1}, y=2)
d.update([("p", "q"), ["r", "s"]])
d.update(z=3)
print(d)
e = d.copy()
e.clear()
print(e, d == d.copy(), {} == {}, {"a": 1, "b": 2} == {"b": 2, "a": 1}, {"a": 1} != {"a": 2})
print(dict(a=1, b=2), dict([(1, 2), (3, 4)]), dict({"k": 1}, j=2), dict(), dict(zip("ab", [1, 2])), dict.fromkeys("abc"), dict.fromkeys([1, 2], 0))
print({"a": 1} | {"a": 2, "b": 3}, {**{"a": 1}, "b": 2, **{"a": 9}})
f = {"a": 1}
f |= {"b": 2}
f |= [("c", 3)]
print(f)
print({1: "int", 1.0: "float", True: "bool"}, {0: "z", False: "f"}, {(1, 2): 3, None: 4, ...: 5, frozenset([1]): 6})
k = d.keys()
d["later"] = 1
print("later" in k, len(k), k & {"b", "later"} == {"b", "later"}, sorted(k | {"more"})[-3:], sorted({"b", "q"} - k), k.isdisjoint(["nope"]), d.items() >= {("b", 10)})
print({"a": 1}.keys() == {"a"}, {"a": 1}.items() == {("a", 1)}, {"a": 1}.values() == {"a": 1}.values())
attempts = [
    lambda: {}["missing"],
    lambda: {}[0],
    lambda: {}.pop("x"),
    lambda: {}.popitem(),
    lambda: {[]: 1},
    lambda: {}[{}],
    lambda: dict([1]),
    lambda: dict([(1, 2, 3)]),
    lambda: dict(5),
    lambda: dict(["abc"]),
    lambda: {} < {},
    lambda: {} + {},
    lambda: {} | [],
    lambda: {}.update(5),
    lambda: {}.get(),
    lambda: hash({}),
    lambda: dict(1, 2),
    lambda: {"a": 1}.keys()[0],
    lambda: {}.get([]),
    lambda: {}.fromkeys(),
    lambda: dict(**{1: 2}),
    lambda: {}.__delitem__("x"),
    lambda: {(1, 2): 3}[1, 3],
]
for attempt in attempts:
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
