# Hundreds of short threads one after the other and tens at once, nested starts, reuse of idents.
import threading

count = 0
lock = threading.Lock()


def tiny():
    global count
    with lock:
        count += 1


for _ in range(200):
    t = threading.Thread(target=tiny)
    t.start()
    t.join()
print(count)
threads = [threading.Thread(target=tiny) for _ in range(60)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(count, threading.active_count())


def spawn(depth):
    with lock:
        depths.append(depth)
    if depth < 5:
        children = [threading.Thread(target=spawn, args=(depth + 1,)) for _ in range(2)]
        for c in children:
            c.start()
        for c in children:
            c.join()


depths = []
spawn(0)
print([depths.count(d) for d in range(6)])
names = {threading.Thread().name for _ in range(10)}
print(len(names), all(n.startswith("Thread-") for n in names))
gate = threading.Event()
waiting = [threading.Thread(target=gate.wait, name="waiter-%d" % i) for i in range(20)]
for t in waiting:
    t.start()
print(threading.active_count(), len({t.ident for t in waiting}), sorted(t.name for t in threading.enumerate())[:3])
gate.set()
for t in waiting:
    t.join()
print(threading.active_count())
