# Finalizers, deep structures, what gc shows of objects.
import gc
log = []
class N:
    def __init__(self, name): self.name = name; self.ref = None
    def __del__(self): log.append(self.name)
a, b = N("a"), N("b"); a.ref = b; b.ref = a
del a, b
print(log, gc.collect() >= 2, log)
log.clear()
x = N("x"); x.ref = x; x = None
gc.collect(); print(log)
saved = []
class R:
    def __del__(self): saved.append(self)
r = R(); del r
print(len(saved), gc.is_finalized(saved[0]) )
saved.clear(); print(len(saved))
print(gc.isenabled(), gc.get_threshold(), gc.get_debug())
gc.disable(); print(gc.isenabled()); gc.enable()
class E: pass
print(gc.is_tracked([]), gc.is_tracked(()), gc.is_tracked({}), gc.is_tracked({"a": []}), gc.is_tracked(1), gc.is_tracked("a"), gc.is_tracked(E()), gc.is_tracked({1: 2}))
l = []; l.append(l); i = id(l)
print(any(o is l for o in gc.get_objects()), [type(o).__name__ for o in gc.get_referrers(l) if o is l], gc.get_referents([1, "a"]))
del l
events = []
def cb(phase, info): events.append((phase, sorted(info)))
gc.callbacks.append(cb)
print(gc.collect()); gc.callbacks.remove(cb); print(events)
try: gc.collect(5)
except ValueError as e: print(e)
print(type(gc.get_stats()), len(gc.get_stats()), sorted(gc.get_stats()[0]))
gc.freeze(); print(gc.get_freeze_count() > 0); gc.unfreeze(); print(gc.get_freeze_count())
def gen():
    try: yield 1
    finally: log.append("gen closed")
g = gen(); next(g); del g; print(log)
class T:
    def __del__(self): print("T dies", self.v)
t = T(); t.v = 1
t = T(); t.v = 2
def f():
    t = T(); t.v = 3
    return 5
f()
L = [T() for _ in range(3)]
for k, q in enumerate(L): q.v = k + 10
del q
L.clear()
d = {"a": T(), "b": T()}; d["a"].v = "da"; d["b"].v = "db"
d.clear()
class Tree:
    def __init__(self, n): self.n = n; self.kids = []
    def __del__(self): log.append(self.n)
log.clear()
root = Tree(1); root.kids = [Tree(2), Tree(3)]; root.kids[0].kids = [Tree(4)]
del root; print(log)
deep = None
for _ in range(100000): deep = [deep]
del deep
class Node:
    def __init__(self, nxt): self.nxt = nxt
n = None
for _ in range(100000): n = Node(n)
del n
print("deep ok")
