# Lock, RLock, semaphores, Condition, Event and Barrier between processes (H57).
import multiprocessing as mp
import threading
import time


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__name__, e)


def add(lock, value, count):
    for _ in range(count):
        with lock:
            value.value += 1


def follow(events, condition, barrier, queue):
    go, done = events
    queue.put(("event", go.wait(20)))
    with condition:
        queue.put("waits")
        queue.put(("condition", condition.wait(20)))
    queue.put(("barrier", sorted([barrier.wait(20)]) != []))
    done.set()


def hold(lock, queue):
    lock.acquire()
    queue.put("held")
    time.sleep(0.05)


if __name__ == "__main__":
    mp.set_start_method("spawn")
    lock = mp.Lock()
    print(lock, lock.acquire(), lock, lock.acquire(False), lock.acquire(True, 0.02))
    t = threading.Thread(target=lambda: print(lock), name="other")
    t.start()
    t.join()
    # Anybody may release it, once.
    t = threading.Thread(target=lock.release)
    t.start()
    t.join()
    attempt(lock.release)
    r = mp.RLock()
    print(r, r.acquire(), r.acquire(), r, r.release(), r.release(), r)
    attempt(r.release)
    s = mp.Semaphore(2)
    print(s, s.acquire(), s.acquire(), s.acquire(False), s.get_value(), s.release(), s)
    b = mp.BoundedSemaphore(1)
    print(b, b.acquire(), b.release())
    attempt(b.release)
    c = mp.Condition()
    attempt(c.wait)
    attempt(c.notify)
    with c:
        print(c.wait(0.01), c.wait_for(lambda: False, 0.01), c.wait_for(lambda: 5), c.notify_all())
    e = mp.Event()
    print(e.is_set(), e.wait(0.01), e.set(), e.is_set(), e.wait(), e.clear(), e.is_set())

    value = mp.Value("i", 0)
    go, done, queue = mp.Event(), mp.Event(), mp.SimpleQueue()
    condition, barrier = mp.Condition(), mp.Barrier(2)
    children = [
        mp.Process(target=add, args=(lock, value, 100)),
        mp.Process(target=follow, args=((go, done), condition, barrier, queue)),
    ]
    for child in children:
        child.start()
    add(lock, value, 100)
    go.set()
    print(queue.get(), queue.get())
    with condition:
        condition.notify()
    print(queue.get(), barrier.parties, barrier.wait(20) in (0, 1), queue.get(), done.wait(20))
    for child in children:
        child.join()
    print(value.value, [child.exitcode for child in children], barrier.n_waiting)

    # A lock that is held by a process at its end stays held.
    child = mp.Process(target=hold, args=(lock, queue))
    child.start()
    print(queue.get(), lock, lock.acquire(False))
    child.join()
    print(lock.acquire(True, 0.05), lock)
    lock.release()
    print(lock)
