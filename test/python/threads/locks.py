# Lock and RLock: results, errors, ownership, timeouts, repr (H3-H6).
import threading
import time
from threading import Lock, RLock, Thread

lock = Lock()
print(lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(blocking=False), lock.acquire(timeout=0.01), lock.acquire(True, 0.01), lock.release(), lock.locked())
with lock as entered:
    print(entered, lock.locked())
print(lock.locked(), repr(lock)[:9], type(lock).__name__, type(lock).__module__)
attempts = [
    lambda: lock.release(),
    lambda: lock.acquire(False, 1),
    lambda: lock.acquire(False, 0),
    lambda: lock.acquire(True, -2),
    lambda: lock.acquire(timeout=1e20),
    lambda: lock.acquire("x", "y"),
    lambda: lock.acquire(timeout="a"),
    lambda: lock.acquire(1, 2, 3),
    lambda: RLock().release(),
    lambda: RLock().acquire(False, 1),
    lambda: RLock().acquire(timeout=-5),
    lambda: Lock(1),
    lambda: RLock(1),
]
for attempt in attempts:
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
r = RLock()
print(r.acquire(), r.acquire(), r.acquire(False), repr(r)[1:16], "count=3" in repr(r))
results = []


def other():
    results.append(r.acquire(False))
    results.append(r.acquire(timeout=0.01))
    try:
        r.release()
    except RuntimeError as e:
        results.append(str(e))


t = Thread(target=other)
t.start()
t.join()
print(results)
r.release()
r.release()
r.release()
results.clear()
t = Thread(target=other)
t.start()
t.join()
print(results, repr(r)[1:9])
lock.acquire()
Thread(target=lock.release).start()
print(lock.acquire(timeout=5), "released by another thread")
start = time.monotonic()
print(lock.acquire(timeout=0.05), time.monotonic() - start >= 0.045)
lock.release()
counter = 0


def bump(n):
    global counter
    for _ in range(n):
        with lock:
            value = counter
            if value % 50 == 0:
                time.sleep(0)
            counter = value + 1


threads = [Thread(target=bump, args=(300,)) for _ in range(5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counter)


def dies_holding():
    kept.acquire()


kept = Lock()
t = Thread(target=dies_holding)
t.start()
t.join()
print(kept.locked(), kept.acquire(False), kept.release(), kept.locked())
try:
    with lock:
        raise KeyError("inside")
except KeyError:
    print(lock.locked())
for cls in (Lock, RLock):
    try:
        type("Sub", (type(cls()),), {})
    except TypeError as e:
        print(e)
order = []
first, second = Lock(), Lock()
first.acquire()
second.acquire()


def step(mine, name, following):
    mine.acquire()
    order.append(name)
    if following:
        following.release()


a = Thread(target=step, args=(first, "a", second))
b = Thread(target=step, args=(second, "b", None))
b.start()
a.start()
first.release()
a.join()
b.join()
print(order)
