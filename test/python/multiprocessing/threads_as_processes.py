# ThreadPool and multiprocessing.dummy: the same interface with threads.
import multiprocessing.dummy as dummy
import threading
from multiprocessing import TimeoutError
from multiprocessing.pool import ThreadPool


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__name__, e)


def fail(x):
    if x == 2:
        raise ValueError(x)
    return x


local = threading.local()


def initialize(value):
    local.value = value


with ThreadPool(3, initialize, (7,)) as pool:
    print(pool.map(lambda x: x * x, range(10)), pool.apply(lambda: local.value), repr(pool))
    print(list(pool.imap(str, range(3))), sorted(pool.imap_unordered(str, range(5), 2)))
    attempt(pool.map, fail, range(4))
    gate = threading.Event()
    r = pool.apply_async(gate.wait)
    attempt(r.get, 0.01)
    attempt(r.successful) if r.ready() else print("not ready")
    gate.set()
    print(r.get(10), pool.starmap(pow, [(2, 5)]))
    order = []
    pool.map_async(fail, [0, 1], callback=order.append).wait(10)
    pool.close()
    pool.join()
    print(order, repr(pool))
attempt(pool.apply, fail, (1,))
pool = ThreadPool(2)
pool.terminate()
pool.join()
print(repr(pool), issubclass(TimeoutError, Exception))


def work(conn, queue):
    queue.put(conn.recv() + 1)
    queue.put(dummy.current_process().name)


a, b = dummy.Pipe()
queue = dummy.Queue()
p = dummy.Process(target=work, args=(b, queue), name="worker")
print(p.exitcode)
p.start()
a.send(41)
print(queue.get(), queue.get(), b.poll(), p.join(), p.exitcode, dummy.active_children())
with dummy.Pool(2) as pool:
    print(pool.map(fail, [5, 6]), type(pool).__name__)
print(dummy.Manager().list([1]), dummy.Value("i", 3), list(dummy.Array("i", [1, 2])))
