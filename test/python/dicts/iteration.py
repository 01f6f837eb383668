# Iterating dicts: order under deletion, RuntimeErrors when the size changes, many insertions.
d = {i: str(i) for i in range(10)}
for k in (3, 5, 0):
    del d[k]
d[3] = "again"
print(d)
for change in ("add", "delete"):
    try:
        for k in d:
            if change == "add":
                d[k + 100] = 1
            else:
                del d[k]
    except RuntimeError as e:
        print(change, e)
for k in d:
    d[k] = "replaced"
print(d)
try:
    for k in d:
        v = d.pop(k)
        d[k + 1000] = v
except RuntimeError as e:
    print(e)
it = iter({"a": 1, "b": 2}.items())
print(next(it), next(it), next(it, None))
big = {}
for i in range(5000):
    big[i * 7919 % 5003] = i
for i in range(0, 5000, 3):
    big.pop(i * 7919 % 5003)
for i in range(0, 5000, 6):
    big[i * 7919 % 5003] = -i
print(len(big), sum(big), sum(big.values()), list(big)[:5], list(big)[-5:])
strings = {"k%d" % i: i for i in range(2000)}
print(all(strings["k" + str(i)] == i for i in range(2000)), len(strings), list(strings.items())[1234])
mixed = {}
for i in range(300):
    mixed[i], mixed[str(i)], mixed[i, i], mixed[i + 0.5] = 1, 2, 3, 4
print(len(mixed), sum(mixed.values()), mixed[7], mixed["7"], mixed[7, 7], mixed[7.5], mixed[7.0])
while mixed:
    mixed.popitem()
print(mixed)
s = {}
s["self"] = s
print(s, s["self"]["self"] is s)
print([(i, k) for i, k in enumerate({"x": 0, "y": 0})], max({"a": 3, "b": 1}, key={"a": 3, "b": 1}.get), sorted({"b": 1, "a": 2}.items(), key=lambda kv: kv[1]))
a, b = {"first": 1, "second": 2}
print(a, b, *{"k1": 1, "k2": 2}, {k: v for k, v in zip("abc", range(3)) if v}, {v: k for k, v in {"x": 1}.items()})
