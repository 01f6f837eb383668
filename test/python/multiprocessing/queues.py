# Queue, JoinableQueue and SimpleQueue between processes (H53).
import io
import multiprocessing as mp
import sys
import threading
import time
from queue import Empty, Full


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__name__, str(e).split(" at 0x")[0])


def produce(queue, name, count):
    for n in range(count):
        queue.put((name, n))


def work(tasks, results):
    for task in iter(tasks.get, None):
        results.put(task * task)
        tasks.task_done()
    tasks.task_done()


if __name__ == "__main__":
    mp.set_start_method("spawn")
    q = mp.Queue(3)
    for x in ("one", 2, [3]):
        q.put(x)
    attempt(q.put, 4, False)
    attempt(q.put_nowait, 4)
    attempt(q.put, 4, True, 0.02)
    print(q.full(), q.qsize(), q.get(), q.get(timeout=5), q.get(True, 5), q.qsize())
    attempt(q.get, False)
    attempt(q.get_nowait)
    attempt(q.get, timeout=0.02)
    print(q.empty(), [t.name for t in threading.enumerate()])

    # What is sent is what the object is when the feeder gets to it: after the put at the earliest.
    q.put("behind it")
    print(q.get())

    # What cannot be pickled is reported by the feeder, and takes no place.
    kept, sys.stderr = sys.stderr, io.StringIO()
    q.put(lambda: 1)
    q.put("goes on")
    print(q.get(timeout=10), q.qsize())
    kept, sys.stderr = sys.stderr, kept
    print("reported:", kept.getvalue().splitlines()[-1].split(" at 0x")[0])
    q.close()
    q.join_thread()
    attempt(q.put, 1)
    attempt(q.get)

    q = mp.Queue()
    children = [mp.Process(target=produce, args=(q, name, 50)) for name in "ab"]
    for c in children:
        c.start()
    got = [q.get() for _ in range(100)]
    for c in children:
        c.join()
    print([[n for who, n in got if who == name] == list(range(50)) for name in "ab"], q.empty())

    tasks, results = mp.JoinableQueue(), mp.SimpleQueue()
    child = mp.Process(target=work, args=(tasks, results))
    child.start()
    for n in range(5):
        tasks.put(n)
    tasks.join()
    print([results.get() for _ in range(5)], results.empty())
    tasks.put(None)
    tasks.join()
    child.join()
    print(child.exitcode)
    attempt(tasks.task_done)
    attempt(lambda: __import__("pickle").dumps(q))
    attempt(lambda: __import__("pickle").dumps(mp.Lock()))

    # A full pipe holds up the feeder alone; its end waits for a reader.
    q = mp.Queue()
    begin = time.monotonic()
    for n in range(4):
        q.put(bytes(200_000))
    print(time.monotonic() - begin < 5, [len(q.get()) for _ in range(4)])
    s = mp.SimpleQueue()
    s.put("x" * 1000)
    print(s.empty(), len(s.get()), s.empty())
    s.close()
