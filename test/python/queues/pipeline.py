# A pipeline of threads joined by queues, with a sentinel; ordering and completeness.
import threading
from queue import PriorityQueue, Queue

DONE = object()


def stage(f, source, sink):
    while (item := source.get()) is not DONE:
        sink.put(f(item))
    sink.put(DONE)


first, second, third, last = Queue(2), Queue(), Queue(5), Queue()
stages = [
    threading.Thread(target=stage, args=(lambda x: x + 1, first, second)),
    threading.Thread(target=stage, args=(lambda x: x * x, second, third)),
    threading.Thread(target=stage, args=(str, third, last)),
]
for s in stages:
    s.start()
for i in range(100):
    first.put(i)
first.put(DONE)
out = []
while (item := last.get()) is not DONE:
    out.append(item)
for s in stages:
    s.join()
print(len(out), out[:5], out[-1], out == [str((i + 1) ** 2) for i in range(100)])
jobs, finished = PriorityQueue(), []
for n in (5, 3, 8, 1, 9, 2):
    jobs.put((-n, "job %d" % n))


def run():
    while not jobs.empty():
        finished.append(jobs.get()[1])


t = threading.Thread(target=run)
t.start()
t.join()
print(finished)
a, b = Queue(), Queue()


def echo():
    for _ in range(300):
        b.put(a.get() + 1)


t = threading.Thread(target=echo)
t.start()
total = 0
for i in range(300):
    a.put(i)
    total += b.get()
t.join()
print(total)
