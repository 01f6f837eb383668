# gc: cycles are found, __del__ order, resurrection, callbacks, enable and disable, errors.
import gc

gc.collect()
gc.disable()


class Node:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


log = []
a, b = Node("a"), Node("b")
a.other, b.other = b, a
del a, b
print(log, gc.collect(), log)
log.clear()
self_cycle = Node("self")
self_cycle.me = self_cycle
del self_cycle
print(gc.collect() >= 1, log)
log.clear()
nodes = [Node("n%d" % i) for i in range(5)]
for i, n in enumerate(nodes):
    n.next = nodes[(i + 1) % 5]
del nodes, n
print(gc.collect() >= 5, log)
log.clear()
lst = []
lst.append(lst)
d = {}
d["self"] = d
t = ([],)
t[0].append(t)
del lst, d, t
print(gc.collect())


class Lazarus:
    def __del__(self):
        log.append("del")
        saved.append(self)


saved = []
z = Lazarus()
z.me = z
del z
gc.collect()
print(log, len(saved), gc.is_finalized(saved[0]))
saved.clear()
gc.collect()
print(log)
log.clear()
z = Lazarus()
del z
print(log, len(saved))
saved.clear()
print(log)
log.clear()


def closure():
    def inner():
        return inner

    inner.node = Node("in closure")
    return 5


closure()
print(log, gc.collect() > 0, log)
log.clear()


def generator():
    me = yield
    try:
        yield
    finally:
        log.append("generator closed")


g = generator()
next(g)
g.send(g)
del g
gc.collect()
print(log)
events = []
callback = lambda phase, info: events.append((phase, info["generation"], sorted(info)))
gc.callbacks.append(callback)
gc.collect()
gc.collect(0)
gc.callbacks.remove(callback)
print(events)
print(gc.isenabled(), gc.enable(), gc.isenabled(), gc.get_threshold(), gc.set_threshold(500, 5), gc.get_threshold(), gc.set_threshold(700, 10, 10), gc.garbage, gc.get_debug())
print(gc.is_tracked(5), gc.is_tracked("s"), gc.is_tracked([]), gc.is_tracked({}), gc.is_tracked({"a": 1}), gc.is_tracked({"a": []}), gc.is_tracked(Node), len(gc.get_count()), len(gc.get_stats()), sorted(gc.get_stats()[0]))
x = [1]
y = [x]
print([r is y for r in gc.get_referrers(x) if isinstance(r, list)], gc.get_referents(y) == [x], gc.get_referents({"k": x}, 5), x in gc.get_objects())
for attempt in (lambda: gc.collect(3), lambda: gc.collect(-1), lambda: gc.collect("a"), lambda: gc.set_threshold(), lambda: gc.set_threshold("a")):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
