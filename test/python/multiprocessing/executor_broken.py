# ProcessPoolExecutor whose workers die, cannot be prepared, or are replaced (H38).
import os
from concurrent import futures
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

spawn = get_context("spawn")


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__name__, str(e).split(" at 0x")[0])


def square(x):
    return x * x


def vanish():
    os.kill(os.getpid(), 9)


def refuse():
    os._exit(1)


if __name__ == "__main__":
    # A worker that dies breaks the pool.
    with ProcessPoolExecutor(1, spawn) as pool:
        dying, behind = pool.submit(vanish), pool.submit(square, 2)
        for f in (dying, behind):
            attempt(f.result, 30)
        attempt(pool.submit, square, 1)
    print(issubclass(BrokenProcessPool, futures.BrokenExecutor))
    with ProcessPoolExecutor(1, spawn, max_tasks_per_child=1) as pool:
        print(len({pool.submit(os.getpid).result() for _ in range(2)}))
    with ProcessPoolExecutor(1, spawn, initializer=refuse) as pool:
        attempt(pool.submit(square, 3).result, 30)
