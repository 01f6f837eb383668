# A program that runs out of memory in every way goes on, in its threads too.
import gc
import threading


def fill(make):
    kept = []
    try:
        while True:
            kept.append(make(len(kept)))
    except MemoryError:
        kept.clear()
        # Classes are cycles of their own.
        gc.collect()
        return True


class Node:
    def __init__(self, i):
        self.i = i
        self.next = None


KINDS = [
    ("ints", lambda i: i + 10**6),
    ("strings", lambda i: "x" * (i % 500)),
    ("large", lambda i: bytes(5000)),
    ("lists", lambda i: [i] * 7),
    ("dicts", lambda i: {"a": i, i: None}),
    ("objects", Node),
    ("functions", lambda i: lambda: i),
    ("sets", lambda i: {i, i + 1, "b"}),
    ("generators", lambda i: (x for x in range(i))),
    ("classes", lambda i: type("C", (), {})),
    ("exceptions", lambda i: ValueError(i)),
]
for name, make in KINDS:
    print(name, fill(make), fill(make))


def growing(x):
    try:
        while True:
            y = x + x
            x = y
    except MemoryError:
        return len(x) > 1000


print(growing("ab"), growing(b"ab"), growing([1]), growing((1,)), growing(bytearray(3)))


def grown_dict():
    d = {}
    try:
        for i in range(10**9):
            d[i] = i
    except MemoryError:
        return len(d) > 1000


print(grown_dict())
results = []
lock = threading.Lock()


started = threading.Barrier(3)


def worker(k):
    started.wait()
    ok = all(fill(make) for _, make in KINDS[:3])
    with lock:
        results.append(ok)


threads = [threading.Thread(target=worker, args=(k,)) for k in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(results))
print(len(",".join(str(i) for i in range(1000))))
