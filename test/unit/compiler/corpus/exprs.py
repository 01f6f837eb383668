a = 1 + 2 * 3 - 4 / 2
b = "x" * 10 + 'y' "z"
c = (1, 2, (3, 4.0)), [1, 2, 3], {1, 2, 3}, {'a': 1, 'b': 2, **d, 'c': 3}
d = -5 ** 2, not x, ~7, +1.5, 2 ** 100, 2 ** 200, 1 << 3, 7 // 2, -7 // 2, -7 % 3, 7 % -3.5
e = x if y else z
f = a and b or c and not d
g = a < b < c, a < b, a is None, a is not None, a in (1, 2), a not in [1, 2], x in {1, 2}
h = f(a, *b, c, k=1, **d), f(**a, **b), f(*a), f(k=1), o.m(1, k=2), o.m(*a), o.a.b(c)
i = x[1], x[1:2], x[::2], x[a, b:c], x[...], (1, 2, 3)[1], "abc"[1], x[*a], x[*a, 1]
j = f"{a}{b!r:>{w}}x{c=}{d:%Y-%m-%d}" f"{{}}" "tail" rf"\d{e}"
k = "%s and %r" % (a, b), "%5s|%-7s|%.2s" % (a, b, c), "%d" % (a,), "%s" % a
l = lambda: 0
m, n = n, m
o, (p, *q), [r] = s
(t, u, v) = v, u, t
w = x = y.z = q[0] = 5
aa += 1
bb.c -= 2
dd[e] **= 3
del ee, ff.g, hh[i], (jj, kk)
ll: int = 5
mm.n: int
oo[p]: str = 's'
(qq): int
assert rr, "message"
assert ss
print(1j, 1e100, 0x10, 0o17, 0b11, 1_000, "é\N{BULLET}\x41\u00e9", b"\x00ab", ..., None, True)
if __debug__:
    print("debug")
if 0:
    print("never")
while 1:
    print("always")
    if x:
        break
    if y:
        continue
else:
    print("else")
if a and b:
    c
elif not d or e:
    f
elif 1 < g < 2:
    h
else:
    i
for x in y:
    if x:
        continue
    print(x)
else:
    z
for x in [1, 2, 3]:
    pass
for x in [a, b]:
    pass
x = (yy
     .foo(1)
     .bar(2, k=3)
     .baz)
x = [
    1,
    *a,
    2,
]
def swap(a, b, c):
    a, b = b, a
    a, b, c = c, b, a
    a, a = b, c
    (a), b = c
    return a, b
def ret(x):
    if x is None:
        return
    if x is not None and x:
        return 5
    return (
        x
    )
def many():
    f(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd, ee, ff)
    return {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11, l: 12, m: 13, n: 14, o: 15, p: 16, q: 17, r: 18}
