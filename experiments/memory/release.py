# The same number of objects is freed twice: here and there, then side by side.
# Usage: release.py COUNT
import sys

SIZE = 31


def fill(count):
    return [bytes(SIZE) for _ in range(count)]


count = int(sys.argv[1])
scattered = fill(count)
together = fill(count)
print("all are alive")  # snapshot: before anything is freed
del scattered[::2]
print("every other one of the first half is freed")  # snapshot: every other object is freed
del together[count // 2 :]
print("half of the second half is freed")  # snapshot: as many neighbours are freed
