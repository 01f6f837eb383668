# ProcessPoolExecutor (H38).
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed, wait
from multiprocessing import get_context

spawn = get_context("spawn")


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__name__, str(e).split(" at 0x")[0])


def square(x):
    return x * x


def fail(x):
    if x == 2:
        raise ValueError("of two")
    if x == 3:
        sys.exit(5)
    return x


def unpicklable(x):
    return lambda: x


def initialize(value):
    global given
    given = value


def get_given(_):
    return given


if __name__ == "__main__":
    attempt(ProcessPoolExecutor, 0)
    attempt(ProcessPoolExecutor, 1, initializer=3)
    attempt(ProcessPoolExecutor, 1, max_tasks_per_child=0, mp_context=spawn)
    attempt(ProcessPoolExecutor, 1, max_tasks_per_child=1.5, mp_context=spawn)
    with ProcessPoolExecutor(2, spawn, initialize, ("given",)) as pool:
        print(list(pool.map(square, range(8))), list(pool.map(pow, [2, 3], [3, 2], chunksize=2)))
        print(pool.submit(int, "ff", base=16).result(), set(pool.map(get_given, range(4))))
        attempt(pool.map, square, [1], chunksize=0)
        for x in (2, 3):
            f = pool.submit(fail, x)
            attempt(f.result)
            print(repr(f.exception()), type(f.exception().__cause__).__name__,
                  "in fail" in str(f.exception().__cause__))
        it = pool.map(fail, [1, 2, 4])
        print(next(it))
        attempt(next, it)
        attempt(next, it)
        attempt(pool.submit(lambda: 1).result)
        attempt(pool.submit(unpicklable, 1).result)
        fs = [pool.submit(square, n) for n in range(20)]
        print(sum(f.result() for f in as_completed(fs)), [len(s) for s in wait(fs)])
        slow = pool.submit(time.sleep, 0.3)
        attempt(slow.result, 0.01)
        queued = [pool.submit(time.sleep, 0.1) for _ in range(8)]
        print(queued[-1].cancel(), queued[-1].cancelled())
    print([f.done() for f in queued] == [True] * 8, len(pool._processes or ()))
    attempt(pool.submit, square, 1)
