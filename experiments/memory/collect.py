# A full collection over a million containers, and a million small objects built and dropped.
import gc
import sys
import time

gc.disable()
count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000


class Small:
    def __init__(self, i):
        self.i = i


def timed(name, work, rounds=3):
    """Print the best of some rounds: the first ones warm the machine up."""
    best = None
    for _ in range(rounds):
        start = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
        best = seconds if best is None or seconds < best else best
    print(name, result, best)


def drop_lists():
    made = [[] for _ in range(count)]
    return len(made)


def drop_instances():
    made = [Small(i) for i in range(count)]
    return len(made)


def drop_tuples():
    made = [(i, i) for i in range(count)]
    return len(made)


def drop_cycles():
    """Cycles of two, for the collector to find."""
    for _ in range(count // 10):
        a, b = [], []
        a.append(b)
        b.append(a)
    a = b = None
    return gc.collect()


timed("lists", drop_lists)
timed("instances", drop_instances)
timed("tuples", drop_tuples)
timed("cycles", drop_cycles)
keep = [[i] for i in range(count)]
timed("full_lists", gc.collect)
del keep
keep = [Small(i) for i in range(count)]
for at in range(1, count):
    keep[at].previous = keep[at - 1]
timed("full_instances", gc.collect)
