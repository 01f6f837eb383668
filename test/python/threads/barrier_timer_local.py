# Barrier, Timer and thread-local data (H13-H15).
import threading
import time
from threading import Barrier, BrokenBarrierError, Thread, Timer, local

actions, indexes, lock = [], [], threading.Lock()
barrier = Barrier(3, action=lambda: actions.append(len(indexes)))


def arrive():
    for _ in range(2):
        i = barrier.wait()
        with lock:
            indexes.append(i)
        barrier.wait()


threads = [Thread(target=arrive) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(indexes), actions, barrier.parties, barrier.n_waiting, barrier.broken)
print(Barrier(1).wait())
broken = Barrier(2, timeout=0.02)
for attempt in (lambda: broken.wait(), lambda: broken.wait(), lambda: Barrier(2).wait(0.01)):
    try:
        print(attempt())
    except BrokenBarrierError as e:
        print(type(e).__name__, e.args, broken.broken)
broken.reset()
print(broken.broken)
results = []
aborted = Barrier(2)


def waits():
    try:
        aborted.wait(5)
    except BrokenBarrierError:
        results.append("broken")


t = Thread(target=waits)
t.start()
while aborted.n_waiting == 0:
    time.sleep(0.001)
aborted.abort()
t.join()
print(results, aborted.broken)


def failing():
    raise ValueError("action fails")


bad = Barrier(1, action=failing)
try:
    bad.wait()
except ValueError as e:
    print(e, bad.broken)
print(issubclass(BrokenBarrierError, RuntimeError))
fired = []
timer = Timer(0.02, lambda *a, **k: fired.append((a, k)), [1, 2], {"x": 3})
timer.start()
timer.join()
print(fired, timer.finished.is_set(), isinstance(timer, Thread), timer.args, timer.kwargs, timer.interval)
cancelled = Timer(10, fired.append, [9])
cancelled.start()
cancelled.cancel()
cancelled.join()
print(len(fired), cancelled.is_alive())
data = local()
data.x = "main"


def sees():
    try:
        results.append(data.x)
    except AttributeError as e:
        results.append(str(e))
    data.x = threading.current_thread().name
    results.append((data.x, sorted(data.__dict__)))


results.clear()
t = Thread(target=sees, name="other")
t.start()
t.join()
print(results, data.x, data.__dict__)


class Log(local):
    count = 0

    def __init__(self, start):
        self.start = start
        self.items = []
        made.append(start)

    def add(self, x):
        self.items.append(x)
        return len(self.items)


made = []
log = Log("s")
log.add(1)


def use():
    results.append((log.add("a"), log.add("b"), log.start, log.count))


results.clear()
for _ in range(2):
    t = Thread(target=use)
    t.start()
    t.join()
print(results, made, log.items)
for attempt in (lambda: local(5), lambda: data.missing, lambda: delattr(data, "missing"), lambda: setattr(data, "__dict__", {})):
    try:
        print(attempt())
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)


class Dies:
    def __del__(self):
        results.append("value died with its thread")


def keeps():
    data.d = Dies()


results.clear()
t = Thread(target=keeps)
t.start()
t.join()
print(results)
