# Condition, Event, Semaphore, BoundedSemaphore (H8-H12).
import threading
import time
from threading import BoundedSemaphore, Condition, Event, Lock, RLock, Semaphore, Thread

c = Condition()
for attempt in (lambda: c.wait(), lambda: c.wait(0.1), lambda: c.notify(), lambda: c.notify_all(), lambda: c.release(), lambda: Condition(5), lambda: c.wait_for(lambda: True), lambda: c.wait_for(lambda: False, 0.01)):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
with c:
    print(c.wait(0.01), c.wait(timeout=0), c.wait_for(lambda: False, timeout=0.01), c.wait_for(lambda: "value"), c.notify(5), c.notify_all())
items, taken = [], []


def consumer():
    with c:
        while not items:
            c.wait()
        taken.append(items.pop(0))


def waiter(index):
    with c:
        waiting.append(index)
        order.append((index, c.wait(5)))


threads = [Thread(target=consumer) for _ in range(3)]
for t in threads:
    t.start()
for i in range(3):
    with c:
        items.append(i)
        c.notify()
for t in threads:
    t.join()
print(sorted(taken))
waiting, order = [], []
threads = []
for i in range(4):
    t = Thread(target=waiter, args=(i,))
    t.start()
    threads.append(t)
    while len(waiting) <= i:
        time.sleep(0.001)
    with c:
        pass
for n in (1, 1):
    with c:
        c.notify(n)
    while len(order) < 1:
        time.sleep(0.001)
while len(order) < 2:
    time.sleep(0.001)
print(sorted(order))
with c:
    c.notify_all()
for t in threads:
    t.join()
print(sorted(order))
r = RLock()
rc = Condition(r)
with rc:
    with rc:
        print(rc.wait(0.01), r._is_owned())
print(Condition(Lock()).acquire(False), repr(Condition(Lock()))[:10], Condition(Lock()).__enter__())
e = Event()
print(e.is_set(), e.wait(0.01), e.set(), e.is_set(), e.wait(), e.wait(0), e.clear(), e.is_set())
woken = []
threads = [Thread(target=lambda: woken.append(e.wait(5))) for _ in range(4)]
for t in threads:
    t.start()
e.set()
for t in threads:
    t.join()
print(woken, repr(e)[:17], repr(e).endswith(": set>"))
s = Semaphore(2)
print(s.acquire(), s.acquire(), s.acquire(False), s.acquire(timeout=0.01), s.release(), s.acquire(blocking=False), s.release(2))
with s:
    print(s._value)
b = BoundedSemaphore(1)
b.acquire()
b.release()
for attempt in (lambda: b.release(), lambda: Semaphore(-1), lambda: s.acquire(False, 1), lambda: s.release(0), lambda: BoundedSemaphore(2).release(3), lambda: Semaphore("x"), lambda: Semaphore(0).acquire(timeout=0.01)):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
active = peak = 0
guard, pool = Lock(), Semaphore(3)


def limited():
    global active, peak
    with pool:
        with guard:
            active += 1
            peak = max(peak, active)
        time.sleep(0.005)
        with guard:
            active -= 1


threads = [Thread(target=limited) for _ in range(12)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(peak <= 3, peak >= 1, active)
