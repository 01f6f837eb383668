# sys.getsizeof of the contract's table (R30-R35) and growth of lists, dicts and sets.
import sys

size = sys.getsizeof
for o in (0, 1, -1, 2**30 - 1, 2**30, 2**60 - 1, 2**60, 2**63, 10**100, True, False, 0.0, 0j, None, ..., NotImplemented, "", "a", "a" * 10, "é", "é" * 10, "中", "中a", "\U0001F600", b"", b"a", b"a" * 10, bytearray(), bytearray(1), bytearray(10)):
    print(ascii(o)[:30], size(o))
for n in (0, 1, 2, 3, 10, 100):
    print(n, size(tuple(range(n))), size(list(range(n))), size([None] * n), size([x for x in range(n)]), size({i: i for i in range(n)}), size({str(i): i for i in range(n)}), size(set(range(n))), size(frozenset(range(n))))
print(size([]), size([1]), size([1, 2]), size([1, 2, 3]), size([1, 2, 3, 4]), size([1, 2, 3, 4, 5]), size({}), size({1: 1}), size({"a": 1}), size(dict(a=1)), size(set()), size(range(5)), size(slice(1)))
lst, seen = [], []
for i in range(100):
    lst.append(i)
    if not seen or seen[-1][1] != size(lst):
        seen.append((len(lst), size(lst)))
print(seen)
while lst:
    lst.pop()
    if seen[-1][1] != size(lst):
        seen.append((len(lst), size(lst)))
print(seen[-8:])
d, seen = {}, []
for i in range(200):
    d[i] = i
    if not seen or seen[-1][1] != size(d):
        seen.append((len(d), size(d)))
print(seen)
for i in range(200):
    del d[i]
print(size(d), size(d.copy()), size(dict(d)))
d.clear()
print(size(d))
s, seen = set(), []
for i in range(500):
    s.add(i)
    if not seen or seen[-1][1] != size(s):
        seen.append((len(s), size(s)))
print(seen)


class Plain:
    pass


class Slots:
    __slots__ = ("a", "b")


class Empty:
    __slots__ = ()


def f(a, b=1):
    pass


p = Plain()
p.x = 1
print(size(object()), size(Plain()), size(p), size(Slots()), size(Empty()), size(f), size(lambda: 0), size(p.__dict__), size(Plain.__init__), size(iter([])), size(iter(())), size([].append), size(len), size(ValueError()), size(property()), size(enumerate([])), size(zip()), size((i for i in [])) > 100)
e = [1, 2, 3]
e.extend([4] * 10)
print(size(e), size(e[:]), size(e + e), size(e * 3), size(list(e)), size(sorted(e)), size(list("abc")), size(list(iter("abc"))), size(list(x for x in range(20))))
e[2:2] = range(5)
print(size(e))
del e[3:]
print(size(e))
e.insert(0, 0)
e.clear()
print(size(e), size("a" * 1000), size("é" * 1000), size("中" * 1000), size(b"x" * 1000), size(2**3000))
