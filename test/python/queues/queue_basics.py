# queue: Queue, LifoQueue, PriorityQueue, SimpleQueue; Full, Empty, join and task_done (H29-H31).
import queue
import threading
import time
from queue import Empty, Full, LifoQueue, PriorityQueue, Queue, SimpleQueue

q = Queue()
for x in (3, 1, 2):
    q.put(x)
print(q.qsize(), q.empty(), q.full(), [q.get() for _ in range(3)], q.empty(), q.maxsize)
l, p, s = LifoQueue(), PriorityQueue(), SimpleQueue()
for x in (3, 1, 2):
    l.put(x), p.put(x), s.put(x)
print([l.get() for _ in range(3)], [p.get() for _ in range(3)], [s.get() for _ in range(3)], s.qsize(), s.empty())
for item in ((2, "b"), (1, "z"), (2, "a"), (0, "q")):
    p.put(item)
print([p.get_nowait() for _ in range(4)])
b = Queue(maxsize=2)
b.put_nowait(1)
b.put(2, block=False)
print(b.full(), b.qsize())
attempts = [
    lambda: b.put_nowait(3),
    lambda: b.put(3, timeout=0.01),
    lambda: b.put(3, False),
    lambda: Queue().get_nowait(),
    lambda: Queue().get(timeout=0.01),
    lambda: Queue().get(block=False),
    lambda: Queue().get(timeout=-1),
    lambda: b.put(1, timeout=-1),
    lambda: Queue().task_done(),
    lambda: SimpleQueue().get(timeout=0.01),
    lambda: SimpleQueue().get_nowait(),
    lambda: SimpleQueue().get(False),
    lambda: SimpleQueue().get(timeout=-1),
    lambda: Queue("x").put(1),
    lambda: [PriorityQueue().put(x) for x in (1,)],
]
for attempt in attempts:
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, type(e).__module__, e)
mixed = PriorityQueue()
mixed.put(1)
try:
    mixed.put("a")
except TypeError as e:
    print(e)
print(issubclass(Empty, Exception), Queue(-5).full(), SimpleQueue().put(1, False, 5), type(q).__name__)
work, results, lock = Queue(3), [], threading.Lock()


def worker():
    while True:
        item = work.get()
        if item is None:
            work.task_done()
            return
        with lock:
            results.append(item * item)
        work.task_done()


threads = [threading.Thread(target=worker) for _ in range(3)]
for t in threads:
    t.start()
for i in range(50):
    work.put(i)
work.join()
print(sorted(results) == [i * i for i in range(50)], work.unfinished_tasks)
for _ in threads:
    work.put(None)
work.join()
for t in threads:
    t.join()
try:
    work.task_done()
except ValueError as e:
    print(e)
slow = Queue(1)
log = []


def producer():
    for i in range(5):
        slow.put(i)
        log.append("put")


t = threading.Thread(target=producer)
t.start()
got = []
for _ in range(5):
    time.sleep(0.005)
    got.append(slow.get(timeout=5))
t.join()
print(got, len(log))
