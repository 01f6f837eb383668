# gc's debug flags with their text, garbage, freezing, generations of objects, what refers to what.
import gc
import io
import sys

real = sys.stderr
sys.stderr = io.StringIO()


def said():
    """What the collector has written, without addresses and times; counts as #."""
    for line in sys.stderr.getvalue().splitlines():
        words = []
        for word in line.split():
            if word.startswith("0x"):
                continue
            digits = word.rstrip("s,").replace(".", "")
            words.append("#" if digits.isdigit() else word)
        print("|", *words)
    sys.stderr = io.StringIO()



class Node:
    pass


class Slots:
    __slots__ = ("a", "b")


def cycle():
    a, b = Node(), Node()
    a.b, b.a = b, a


gc.disable()
gc.collect()


gc.set_debug(gc.DEBUG_COLLECTABLE)
cycle()
x = []
x.append(x)
del x
s = Slots()
s.a = {"s": s}
s.b = (s,)
del s
print(gc.collect())
gc.set_debug(0)
said()
gc.set_debug(gc.DEBUG_STATS)
gc.collect(1)
gc.set_debug(0)
said()
print(gc.get_debug(), gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE,
      gc.DEBUG_SAVEALL, gc.DEBUG_LEAK)

gc.set_debug(gc.DEBUG_SAVEALL)
x = []
x.append(x)
del x
cycle()
print(gc.collect(), [type(o).__name__ for o in gc.garbage])
gc.set_debug(0)
gc.garbage.clear()
print(gc.collect())

gc.set_debug(gc.DEBUG_LEAK)
x = []
x.append(x)
del x
print(gc.collect(), gc.garbage)
gc.set_debug(0)
gc.garbage.clear()
gc.collect()
said()
sys.stderr = real

# Freezing.
x = []
x.append(x)
gc.freeze()
del x
print(gc.collect(), gc.get_freeze_count() > 0, gc.get_count()[1:])
gc.unfreeze()
print(gc.get_freeze_count(), gc.collect())

# Generations.
def generation(obj):
    return [g for g in range(3) if any(o is obj for o in gc.get_objects(g))]


x = [1]
print(generation(x), end=" ")
gc.collect(0)
print(generation(x), end=" ")
gc.collect(1)
print(generation(x), end=" ")
gc.collect(2)
print(generation(x))
for bad in -1, 3, "x", 2**70:
    try:
        gc.get_objects(bad)
    except Exception as e:
        print(type(e).__name__, e)

# Referents and referrers.
target = Node()
holder = [target]
other = {"t": target}
node = Node()
node.target = target
slots = Slots()
slots.a = target
print([type(r).__name__ for r in gc.get_referrers(target) if r is not globals()])
print([type(r).__name__ for r in gc.get_referents(holder, other, slots)])
print(gc.get_referents(1, "a", None), gc.get_referrers())
print(gc.is_finalized(target), gc.is_tracked(slots), gc.is_tracked(node), gc.is_tracked(object()))

# What is tracked, and when it stops to be (C1).
t = (1, "a")
d = {"a": 1}
mixed = {"a": t}
print(gc.is_tracked(t), gc.is_tracked(d), gc.is_tracked(mixed), gc.is_tracked(()))
t = tuple([1, 2])
m = {"a": t}
print(gc.is_tracked(t), gc.is_tracked(m))
gc.collect(0)
print(gc.is_tracked(t), gc.is_tracked(m))
gc.collect()
print(gc.is_tracked(m))
m["b"] = []
print(gc.is_tracked(m))
print([gc.is_tracked(o) for o in ([], set(), frozenset(), print, Node, sys, cycle, slice(1), range(3),
                                  iter([]), 1j, b"", bytearray(), ValueError(), memoryview(b""))])

# Callbacks that fail, change the list, or collect.
calls = []


def failing(phase, info):
    calls.append(phase)
    raise ValueError("in a callback")


def nested(phase, info):
    calls.append((phase, gc.collect(), sorted(info.items())[1:]))


hooked = []
sys.unraisablehook = lambda u: hooked.append((type(u.exc_value).__name__, u.object is failing))
gc.callbacks[:] = [failing, nested]
print(gc.collect())
gc.callbacks.clear()
print(calls, hooked)

# Statistics.
before = [dict(s) for s in gc.get_stats()]
cycle()
gc.collect(1)
cycle()
gc.collect(2)
after = gc.get_stats()
print([{k: after[g][k] - before[g][k] for k in after[g]} for g in range(3)])
