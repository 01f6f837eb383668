# A program that allocates without end meets MemoryError (or is told so early), and can go on.
try:
    x = "x" * (10**15)
except MemoryError as e:
    print("MemoryError", e.args)
try:
    x = [None] * (10**15)
except MemoryError as e:
    print("MemoryError", e.args)
try:
    x = bytearray(10**15)
except MemoryError as e:
    print("MemoryError", e.args)
try:
    x = (1,) * (10**15)
except MemoryError as e:
    print("MemoryError", e.args)


def still_works():
    data = [str(i) for i in range(1000)]
    return len(",".join(data))


print(still_works())
try:
    raise MemoryError("by hand")
except MemoryError as e:
    print(e)
