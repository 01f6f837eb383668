"""Prints the allocator's account before, during and after a few allocation programs."""
import gc
import sys

PROGRAMS = {
    "floats": lambda: [float(i) for i in range(20000)],
    "small bytes": lambda: [bytes(67) for i in range(20000)],
    "large bytes": lambda: [bytes(446) for i in range(3000)],
    "beyond the pools": lambda: [bytes(600) for i in range(2000)],
    "tuples": lambda: [(None, i) for i in range(30000)],
    "all classes": lambda: [bytes(16 + 17 * i % 464) for i in range(20000)],
    "lists": lambda: [[None] * 5 for i in range(5000)],
}


def show(name, state):
    sys.stderr.write("program %s|%s|%d\n" % (name, state, sys.getallocatedblocks()))
    sys.stderr.flush()
    sys._debugmallocstats()


gc.disable()
for name, program in PROGRAMS.items():
    gc.collect()
    show(name, "before")
    kept = program()
    show(name, "full")
    del kept[::2]
    show(name, "half")
    kept = None
    gc.collect()
    show(name, "empty")
