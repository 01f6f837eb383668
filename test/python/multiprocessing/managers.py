# Manager(): objects of another process and their proxies (H57).
import multiprocessing as mp
import threading


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__name__, str(e).strip().splitlines()[-2:])


def work(shared, numbers, lock, queue, names, event):
    for _ in range(20):
        with lock:
            shared["count"] += 1
    numbers.append(mp.current_process().name)
    names.seen = True
    event.wait()
    queue.put("done")


if __name__ == "__main__":
    mp.set_start_method("spawn")
    with mp.Manager() as m:
        d, l = m.dict(a=1), m.list([3, 1, 2])
        print(d, l, len(d), "a" in d, d["a"], list(d.keys()), d.get("b"), sorted(d.items()))
        d["b"] = [1, 2]
        d.update(c=3)
        del d["c"]
        print(d.copy(), sorted(d), d.pop("b"), d.setdefault("z", 5))
        l.sort()
        l += [9]
        l[0] = "first"
        print(l, l[1:], l[-1], len(l), list(l), l.index(9), l.pop(), 2 in l, repr(l).split(" at ")[0])
        attempt(lambda: d["missing"])
        attempt(l.__getitem__, 99)
        v, ns, a = m.Value("i", 3), m.Namespace(x=1), m.Array("i", [1, 2])
        v.value += 4
        ns.y = ns.x + 1
        a[0] = 7
        print(v.value, v, ns.y, ns, a[0], len(a))
        attempt(lambda: ns.missing)
        lock, queue, event = m.Lock(), m.Queue(), m.Event()
        print(lock.acquire(), lock.acquire(False), lock.release(), queue.empty(), event.is_set())
        shared, inner = m.dict(count=0), m.list()
        shared["inner"] = inner
        inner.append("through another")
        print(shared["inner"][0])
        child = mp.Process(target=work, args=(shared, l, lock, queue, ns, event))
        child.start()
        for _ in range(20):
            with lock:
                shared["count"] += 1
        event.set()
        print(queue.get(), ns.seen, l[-1])
        child.join()
        print(shared["count"], child.exitcode)
        out = []
        t = threading.Thread(target=lambda: out.append(len(l)))
        t.start()
        t.join()
        print(out)
    attempt(lambda: type(m.list))
    try:
        d.keys()
    except (OSError, EOFError):
        print("the server has gone")
