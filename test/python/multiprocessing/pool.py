# Pool: map and its relatives, order, chunks, callbacks, errors with the remote traceback (H56).
import multiprocessing as mp
import os
import time


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__name__, e)


def square(x):
    return x * x


def fail(x):
    if x % 4 == 3:
        raise KeyError(x)
    return x


def unpicklable(_):
    return lambda: 1


def initialize(value):
    global given
    given = value


def get_given(_):
    return given


def refuse_to_pickle():
    yield 1
    raise OSError("no more items")


def slow(x):
    time.sleep(x)
    return x


if __name__ == "__main__":
    mp.set_start_method("spawn")
    attempt(mp.Pool, 0)
    attempt(mp.Pool, 1, 3)
    with mp.Pool(2, initialize, ("from the parent",)) as pool:
        print(pool.map(square, range(10)), pool.map(square, []), pool.map(square, iter([3]), 5))
        print(pool.apply(pow, (2, 10)), pool.apply(int, ("ff",), {"base": 16}))
        print(pool.starmap(pow, [(2, 3), (3, 2), (10, 0)]), set(pool.map(get_given, range(8))))
        print(list(pool.imap(square, range(7))), list(pool.imap(square, range(7), 3)))
        print(sorted(pool.imap_unordered(square, range(7))), list(pool.imap(square, [])))
        seen = []
        r = pool.map_async(square, range(3), callback=seen.append)
        s = pool.apply_async(fail, (3,), callback=seen.append, error_callback=seen.append)
        print(r.get(20))
        attempt(s.get, 20)
        print(r.ready(), r.successful(), s.successful(), sorted(map(repr, seen)))
        print(pool.starmap_async(divmod, [(7, 2), (9, 4)]).get(20))

        try:
            pool.map(fail, range(8), chunksize=1)
        except KeyError as e:
            print(repr(e) in ("KeyError(3)", "KeyError(7)"), type(e.__cause__).__name__)
            print(str(e.__cause__).splitlines()[1:3], "in fail" in str(e.__cause__))
        it = pool.imap(fail, range(5))
        print(next(it), next(it), next(it))
        attempt(next, it)
        print(next(it))
        attempt(next, it)
        try:
            pool.apply(unpicklable, (1,))
        except Exception as e:
            print(type(e).__name__, str(e).split(" at 0x")[0][:60])
        try:
            pool.apply(lambda: 1)
        except Exception as e:
            print(type(e).__name__, str(e).split(" at 0x")[0])
        it = pool.imap(square, refuse_to_pickle())
        print(next(it))
        attempt(next, it)
        attempt(pool.apply_async(slow, (1,)).get, 0.01)
        attempt(pool.imap(slow, [1]).next, 0.01)
        attempt(pool.imap, square, [1], 0)
        attempt(pool.join)
        attempt(pool.__reduce__)
        print(repr(pool))
        r = pool.apply_async(slow, (0.5,))
        attempt(r.successful) if False else print(r.ready())
        pool.close()
        attempt(pool.apply, square, (1,))
        pool.join()
        print(r.get(), repr(pool), [p.exitcode for p in pool._pool])
    attempt(pool.map, square, [1])

    # A worker does so many tasks and is replaced.
    with mp.Pool(1, maxtasksperchild=2) as pool:
        pids = [pool.apply(os.getpid) for _ in range(4)]
        print([pids.index(pid) for pid in pids])
        pool.terminate()
        pool.join()
        print(pool._state, mp.active_children())
