# ThreadPoolExecutor: submit, map, names, lazy start, errors, shutdown (H32, H33, H35-H37).
import os
import threading
import time
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__module__, type(e).__qualname__, e)


def square(x):
    return x * x


with ThreadPoolExecutor() as pool:
    print(pool._max_workers == min(32, os.cpu_count() + 4))
    print(pool.submit(pow, 2, 10).result(), pool.submit(pow, base=3, exp=4).result())
    print(list(pool.map(square, range(10))), list(pool.map(pow, [2, 3, 4], [5, 6])))
    print(threading.current_thread().name)
attempt(pool.submit, square, 1)
attempt(ThreadPoolExecutor, 0)
attempt(ThreadPoolExecutor, -1)
attempt(ThreadPoolExecutor, initializer=3)
attempt(pool.submit)

# Workers start when no idle one is left, up to the most there may be.
with ThreadPoolExecutor(3, thread_name_prefix="worker") as pool:
    gate = threading.Event()
    busy = []
    for n in range(5):
        busy.append(pool.submit(gate.wait))
        print(len(pool._threads), end=" ")
    print(sorted(t.name for t in pool._threads), any(t.daemon for t in pool._threads))
    gate.set()
    print([f.result() for f in busy])
with ThreadPoolExecutor(5) as pool:
    for n in range(4):
        pool.submit(square, n).result()
        while pool._idle_semaphore._value == 0:
            time.sleep(0.001)
    print(len(pool._threads))
    print(pool.submit(lambda: threading.current_thread().name).result()[:19])


# Exceptions, those that are no Exception too, end the call and not its worker.
def fail(e):
    raise e


with ThreadPoolExecutor(1) as pool:
    for e in (ValueError("no"), SystemExit(3), KeyboardInterrupt(), GeneratorExit()):
        f = pool.submit(fail, e)
        print(repr(f.exception()), f.exception() is e)
        attempt(f.result)
    print(pool.submit(square, 9).result(), len(pool._threads))
    results = pool.map(lambda x: 10 // x, [5, 2, 0, 1])
    print(next(results), next(results))
    attempt(next, results)
    attempt(next, results)
    attempt(next, iter(pool.map(time.sleep, [0.5], timeout=0.01)))

# Cancelling what has not begun; first in, first out.
with ThreadPoolExecutor(1) as pool:
    gate = threading.Event()
    order = []
    running = pool.submit(gate.wait)
    queued = [pool.submit(order.append, n) for n in range(6)]
    while not running.running():
        time.sleep(0.001)
    print(running.cancel(), queued[1].cancel(), queued[4].cancel())
    gate.set()
print(order, [f.cancelled() for f in queued])

pool = ThreadPoolExecutor(1)
gate = threading.Event()
running = pool.submit(gate.wait)
while not running.running():
    time.sleep(0.001)
queued = [pool.submit(square, n) for n in range(3)]
pool.shutdown(wait=False, cancel_futures=True)
print([f.cancelled() for f in queued])
gate.set()
print(running.result(), pool.shutdown())

# An initializer runs in every worker; when it fails the pool is broken.
local = threading.local()


def prepare(value):
    local.value = value


with ThreadPoolExecutor(2, initializer=prepare, initargs=("ready",)) as pool:
    print(set(pool.map(lambda _: local.value, range(20))))
gate = threading.Event()


def refuse():
    gate.wait()
    raise OSError("not today")


with ThreadPoolExecutor(1, initializer=refuse) as pool:
    pending = [pool.submit(square, n) for n in range(2)]
    gate.set()
    for f in pending:
        attempt(f.result)
    attempt(pool.submit, square, 1)
print(issubclass(futures.thread.BrokenThreadPool, futures.BrokenExecutor))

# A collected executor lets its workers end.
pool = ThreadPoolExecutor(2)
pool.submit(square, 3).result()
threads = list(pool._threads)
del pool
for t in threads:
    t.join(10)
print([t.is_alive() for t in threads])
