# Containers that contain themselves: repr, comparison, copying, formatting, deletion.
from collections import OrderedDict, defaultdict, deque

a = []
a.append(a)
d = {}
d["me"] = d
t = ([],)
t[0].append(t)
s = deque()
s.append(s)
o = OrderedDict()
o["o"] = o
m = [{"list": a}, a, (a, d)]
print(a, d, t, s, o, m)
print(str(a), f"{a}", "%s" % (a,), "%r" % [a], repr((a,)), format(d))
print(a == a, a[0] is a, a[0][0][0] is a, d["me"]["me"] is d, len(a), a in a, [a] == [a])
b = []
b.append(b)
for compare in (lambda: a == b, lambda: a < b, lambda: d == {"me": {"me": d}} or "unequal", lambda: hash(t)):
    try:
        print(compare())
    except (RecursionError, TypeError) as e:
        print(type(e).__name__, str(e)[:32])
print(a.copy(), a[:], a * 2, list(a), a.count(a), a.index(a))
c = [1, 2]
c[1:] = [c, c]
print(c)
d["list"] = [d, {"d": d}]
print(d)


class Loop:
    def __repr__(self):
        return "Loop(%r)" % [self.__dict__]


l = Loop()
try:
    l.me = l
    repr(l)
except RecursionError as e:
    print(str(e)[:32])
a.clear()
print(a, m)
x = y = []
for _ in range(60):
    y.append([])
    y = y[0]
print(repr(x).count("["), repr(x).count("]"))
n = defaultdict(list)
n["n"] = n
factory = defaultdict(lambda: factory)
print(n, factory[1] is factory)
