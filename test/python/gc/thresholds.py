# The schedule of automatic collections with small thresholds (C6): which generation, how far apart.
import gc

gc.disable()
events = []
made = 0


def note(phase, info):
    if phase == "start":
        events.append((info["generation"], made))


keep = [None] * 5000
gc.collect()
gc.freeze()
gc.callbacks.append(note)
gc.set_threshold(100, 3, 3)
gc.collect()
events.clear()
gc.enable()
for made in range(2000):
    keep[made] = [made]
gc.disable()
gc.callbacks.remove(note)
generations = [g for g, _ in events]
print(generations)
gaps = [b - a for (_, a), (_, b) in zip(events, events[1:])]
print(sorted(set(gaps[2:])))
print(len(events), gc.get_freeze_count() > 0)
gc.unfreeze()
print(gc.get_freeze_count())
