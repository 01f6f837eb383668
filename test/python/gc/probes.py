# The collector's triggers (C3-C8, C20, R28): which generation when, the quarter rule, free lists.
import gc

events = []


def note(phase, info):
    if phase == "start":
        events.append((info["generation"], len(keep)))


def begin(*thresholds):
    """Everything so far is frozen: only what comes now counts."""
    gc.disable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*thresholds)
    gc.callbacks.append(note)
    gc.collect()
    events.clear()
    gc.enable()


def end():
    gc.disable()
    gc.callbacks.remove(note)
    gc.unfreeze()
    gc.set_threshold(700, 10, 10)


# Thresholds (700, 10, 10): every 701 allocations; each 12th of generation 1, the 133rd of 2.
keep = []
begin(700, 10, 10)
for _ in range(100000):
    keep.append([1])
end()
older = [i for i, (g, _) in enumerate(events, 1) if g == 1]
print(older[:4], [i for i, (g, _) in enumerate(events, 1) if g == 2])
gaps = [b - a for (_, a), (_, b) in zip(events, events[1:])]
print(sorted(set(gaps)), len(events))

# A loop in C allocates like one in Python.
keep = []
tuples = [(i, i) for i in range(50000)]
begin(700, 10, 10)
made = list(map(list, tuples))
end()
print(len(events), [g for g, _ in events].count(1))
del made, tuples

# Generation 2 waits for a quarter of what was alive at the last full collection.
keep = [[] for _ in range(100000)]
gc.collect()
gc.set_threshold(700, 10, 10)
base = len(keep)
full = []


def note_full(phase, info):
    if phase == "start" and info["generation"] == 2:
        full.append(len(keep) - base)


gc.callbacks.append(note_full)
gc.enable()
for _ in range(170000):
    keep.append([])
gc.disable()
gc.callbacks.remove(note_full)
expected = [28376, 63826, 107861, 163006]
print(len(full), all(abs(a - b) <= 0.05 * b for a, b in zip(full, expected)))

# What comes from a free list is not counted, nor what goes there.
del keep
gc.collect()


def count0():
    return gc.get_count()[0]


before = count0()
keep = [[] for _ in range(500)]
grown = count0() - before
del keep
shrunk = before + grown - count0()
print(500 <= grown <= 504, 418 <= shrunk <= 422)
gc.collect()
before = count0()
keep = [[] for _ in range(40)]
print(40 <= count0() - before <= 43)
del keep
first = count0()
keep = [[] for _ in range(40)]
print(abs(count0() - first) <= 1)

# Thresholds and counts as they are set and read.
gc.collect()
print([gc.collect(g) * 0 for g in (0, 1, 2)], gc.get_count()[1:])
gc.collect(0)
print(gc.get_count()[1:])
gc.collect(1)
print(gc.get_count()[1:])
gc.set_threshold(0)
print(gc.get_threshold())
gc.enable()
events.clear()
gc.callbacks.append(note)
many = [[] for _ in range(2000)]
gc.callbacks.remove(note)
print(events)
gc.set_threshold(700, 10, 10)
