# weakref: proxies of every kind, the weak containers' whole interface, methods, finalizers at exit.
import copy
import gc
import operator
import weakref


class Number:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        return Number(self.n + getattr(other, "n", other))

    def __iadd__(self, other):
        self.n += 1000
        return self

    def __pow__(self, other, modulus=None):
        return ("pow", other, modulus)

    def __divmod__(self, other):
        return ("divmod", getattr(other, "n", other))

    def __neg__(self):
        return -self.n

    def __index__(self):
        return self.n

    def __bytes__(self):
        return b"bytes"

    def __str__(self):
        return f"Number {self.n}"

    def __call__(self, *args, **kwargs):
        return args, kwargs

    def __hash__(self):
        return hash(self.n)

    def __eq__(self, other):
        return self.n == getattr(other, "n", other)

    def __lt__(self, other):
        return self.n < other.n


class Box:
    pass


n = Number(5)
p = weakref.proxy(n)
print(type(p) is weakref.CallableProxyType)
b = Box()
q = weakref.proxy(b)
print(type(q) is weakref.ProxyType, q is weakref.proxy(b), weakref.ProxyTypes == (type(q), type(p)))
print((p + 1).n, (1 + 1), (p + p).n, -p, p ** 2, pow(p, 2, 3), divmod(p, 7), bytes(p), str(p))
print(operator.index(p), p(1, x=2), p == n, p == 5, p < Number(6), [0, 1, 2, 3, 4, 5][operator.index(p)])
r = p
r += 1
print(n.n, type(r) is Number)
for name in ("hash", "iter", "next", "len", "reversed"):
    try:
        print(eval(f"{name}(q)"))
    except (TypeError, AttributeError) as e:
        print(name, e)
q.x = 1
print(b.x, vars(b), q.__class__, isinstance(q, Box))
del q.x
del b
for use in (lambda: q.x, lambda: str(q), lambda: bool(q), lambda: q + 1, lambda: q == 1):
    try:
        print(use())
    except ReferenceError as e:
        print(e)

objects = [Number(i) for i in range(6)]
d = weakref.WeakValueDictionary({i: o for i, o in enumerate(objects)}, name=objects[0])
print(len(d), sorted(d, key=str), d[1].n, 1 in d, 9 in d, d.get(9), d.get(2).n, d.get(9, "none"))
print(d.setdefault(2, objects[3]).n, d.setdefault("new", objects[4]).n, d.pop("new").n, d.pop("no", 0))
del objects[5], d[0]
gc.collect()
print(sorted(d, key=str), [v.n for v in d.values()], sorted(k for k, v in d.items() if k != "name"))
for bad in (lambda: d[5], lambda: d.pop(5), lambda: d.__delitem__(5)):
    try:
        bad()
    except KeyError as e:
        print("KeyError", e)
print(type(d | {"z": n}).__name__, len(d | {"z": n}), len({"y": n} | d), d == dict(d), d.copy() == d)
d |= {"w": n}
print(len(d), len(d.valuerefs()), len(list(d.itervaluerefs())), d.popitem()[0], copy.copy(d) == d)
print(repr(d).startswith("<WeakValueDictionary at 0x"), isinstance(copy.deepcopy(d), type(d)))

k = weakref.WeakKeyDictionary({o: o.n for o in objects})
print(len(k), objects[1] in k, 5 in k, k[objects[2]], k.get(n), sorted(k.values()))
print(k.setdefault(objects[0], "no"), k.setdefault(n, "new"), k.pop(n), len(k.keyrefs()))
k.update([(n, "pairs")])
print(k[n], sorted(x.n for x in k), len(copy.deepcopy(k)), len(k | {Number(77): 1}))
iterator = iter(k.items())
next(iterator)
objects.pop()
print(len(k), sum(1 for _ in iterator))

s = weakref.WeakSet(objects)
extra = Number(1)
print(len(s), objects[0] in s, extra in s, 5 in s, sorted(x.n for x in s & [objects[0], n]))
print(len(s | [n]), len(s - [objects[0]]), len(s ^ [objects[0], n]), s <= objects, s >= objects[:1])
print(s == weakref.WeakSet(objects), s < weakref.WeakSet(objects), s.isdisjoint([n]))
s.add(n)
s.discard(n)
try:
    s.remove(n)
except KeyError:
    print("KeyError")
s -= [objects[0]]
s ^= [objects[0]]
s &= objects[:2]
print(sorted(x.n for x in s), s.pop().n in (0, 1), len(s))
s.clear()
try:
    s.pop()
except KeyError as e:
    print(e)


class Method:
    def act(self):
        return "acted"


m = Method()
calls = []
wm = weakref.WeakMethod(m.act, lambda r: calls.append(r is wm))
print(wm()(), wm == weakref.WeakMethod(m.act), wm is weakref.WeakMethod(m.act))
del m
print(wm(), calls)
print(weakref.ref[int], weakref.getweakrefcount(n), len(weakref.getweakrefs(n)))

f = weakref.finalize(n, print, "n is gone", end="!\n")
print(f.alive, f.atexit, f.peek()[1:] == (print, ("n is gone",), {"end": "!\n"}), repr(f).split(";")[1][:13])
detached = weakref.finalize(n, print, "never")
print(detached.detach()[0] is n, detached.alive, detached())
del p, r, n, d, k, extra
print(f.alive, f(), repr(f)[-5:])
kept = Box()
weakref.finalize(kept, print, "second at exit")
weakref.finalize(kept, print, "first at exit")
weakref.finalize(kept, print, "not at exit").atexit = False
