# Free all objects but one in each pool: nearly everything is gone, and no arena can be given back.
# Usage: fragmentation.py POOLS
import sys

# 31 bytes and the 33 of a bytes object make a block of 64; 63 of them fit into a pool of 4 KiB.
BLOCKS_A_POOL = 63
SIZE = 31


def fill(count):
    return [bytes(SIZE) for _ in range(count)]


objects = fill(BLOCKS_A_POOL * int(sys.argv[1]))
survivors = objects[::BLOCKS_A_POOL]
del objects  # snapshot: before anything is freed
print("one object a pool is left")  # snapshot: all but one object a pool are freed
del survivors
print("none is left")  # snapshot: the last ones are freed, too
