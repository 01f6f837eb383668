# wait and as_completed (H37).
import threading
import time
from concurrent.futures import (
    ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, Future, ThreadPoolExecutor, as_completed, wait,
)


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__qualname__, e)


def held(gate, result):
    gate.wait()
    if isinstance(result, Exception):
        raise result
    return result


with ThreadPoolExecutor(4) as pool:
    gates = [threading.Event() for _ in range(4)]
    fs = [pool.submit(held, g, n) for n, g in enumerate(gates)]
    out = []
    for n, f in zip((2, 0, 3, 1), range(4)):
        gates[n].set()
        fs[n].result()
    print(sorted(f.result() for f in as_completed(fs)))

    # The order of completion, each waited for.
    gates = [threading.Event() for _ in range(4)]
    fs = [pool.submit(held, g, n) for n, g in enumerate(gates)]
    order = [2, 0, 3, 1]
    gates[order[0]].set()
    for done, f in enumerate(as_completed(fs), 1):
        out.append(f.result())
        if done < 4:
            gates[order[done]].set()
    print(out)

    gate = threading.Event()
    fs = [pool.submit(pow, 2, 2), pool.submit(held, gate, 1), pool.submit(held, gate, 2)]
    done, not_done = wait(fs, return_when=FIRST_COMPLETED)
    print(len(done), len(not_done), done == {fs[0]})
    result = wait(fs, timeout=0.02)
    print(type(result).__name__, len(result.done), len(result.not_done))
    attempt(list, as_completed(fs, timeout=0.02))
    gate.set()
    print([len(s) for s in wait(fs)], [len(s) for s in wait(fs, 0)], [len(s) for s in wait([])])

    gate, bad = threading.Event(), threading.Event()
    fs = [pool.submit(held, gate, 1), pool.submit(held, bad, ValueError("x")), pool.submit(pow, 1, 1)]
    fs[2].result()
    threading.Timer(0.05, bad.set).start()
    done, not_done = wait(fs, return_when=FIRST_EXCEPTION)
    print(done == {fs[1], fs[2]}, not_done == {fs[0]})
    done, not_done = wait(fs, return_when=FIRST_EXCEPTION)
    print(done == {fs[1], fs[2]})
    gate.set()
    print([len(s) for s in wait(fs, return_when=ALL_COMPLETED)])
    attempt(wait, [Future()], return_when="SOME")

# Duplicates count once; cancelled futures are done when their executor has seen it.
f, g = Future(), Future()
f.cancel()
g.set_result(1)
print(f.done(), [len(s) for s in wait([f, g, g], 0.01)], [len(s) for s in wait([f], 0, FIRST_COMPLETED)])
f.set_running_or_notify_cancel()
print([len(s) for s in wait([f, g], 10)], len(list(as_completed([f, g, f]))))
f = Future()
threading.Timer(0.03, lambda: (f.cancel(), f.set_running_or_notify_cancel())).start()
print([x.cancelled() for x in as_completed([f], 10)])

# A generator given up half-way leaves nothing on the futures.
f, g = Future(), Future()
f.set_result(1)
it = as_completed([f, g])
print(next(it) is f, len(g._waiters))
it.close()
print(len(g._waiters))

# Many futures from many threads.
with ThreadPoolExecutor(8) as pool:
    fs = [pool.submit(pow, n, 2) for n in range(500)]
    print(sum(f.result() for f in as_completed(fs)), all(f.done() for f in fs))
