# Iterating while the list changes follows the index; iterators end for good.
a = [1, 2, 3, 4]
seen = []
for x in a:
    seen.append(x)
    if x == 2:
        a.remove(2)
    if x == 4 and len(a) < 6:
        a.append(5)
print(seen, a)
for x in a[:]:
    a.remove(x)
print(a)
b = [0]
for x in b:
    if x < 5:
        b.append(x + 1)
print(b)
it = iter([1, 2])
print(next(it), next(it), next(it, "end"), next(it, "still"))
try:
    next(it)
except StopIteration as e:
    print("stop", e.args)
c = [1, 2, 3]
it = iter(c)
next(it)
c.clear()
print(list(it))
c.extend([7, 8])
print(list(it))
r = reversed([1, 2, 3])
print(next(r), list(r), list(r))
d = list(range(6))
it = iter(d)
for x in it:
    print(x, next(it, None), it.__length_hint__())
e = [1, 2, 3]
e.extend(e)
e += e
print(e)
e[:] = e[::-1]
print(e[:4], [x for x in e if e.count(x) > 1][:3])
f = []
f.append(f)
print(f, f[0] is f, len(f), [f, f])
g = [f, 1]
f.append(g)
print(f)
print(list(zip(*[iter(range(7))] * 3)), list(map(lambda *p: p, [1, 2], [3, 4, 5])))
