# Objects that refer to themselves are dropped: no count ever reaches 0.
# Usage: cycles.py COUNT on|off (the collector runs by itself, or only when it is called)
import gc
import sys


class Node:
    def __init__(self):
        self.myself = self


def make(count):
    for _ in range(count):
        Node()


if sys.argv[2] == "off":
    gc.disable()
make(int(sys.argv[1]))
found = gc.collect()  # snapshot: all nodes were dropped
print(found)  # snapshot: gc.collect() has run
