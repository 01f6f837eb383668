# Which cores a thread may run on: asked for, chosen, handed on to the threads it starts.
import os
import threading

usable = os.sched_getaffinity(0)
print(type(usable), usable <= set(range(os.cpu_count())), len(usable) > 0)
print(os.sched_getaffinity(os.getpid()) == usable)
first, last = min(usable), max(usable)


def attempt(call, *args):
    try:
        print(call.__name__, call(*args))
    except Exception as error:
        print(call.__name__, type(error).__name__, error)


# What starts a thread hands its cores on; what the thread does then is its own affair.
seen = []


def child():
    seen.append(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {first})
    seen.append(os.sched_getaffinity(0))


def run(target):
    thread = threading.Thread(target=target)
    thread.start()
    thread.join()


print(os.sched_setaffinity(0, [last]))
print(os.sched_getaffinity(0) == {last})
run(child)
print(seen == [{last}, {first}], os.sched_getaffinity(0) == {last})
os.sched_setaffinity(0, iter(usable))
seen.clear()
run(child)
print(seen == [usable, {first}], os.sched_getaffinity(0) == usable)

attempt(os.sched_setaffinity, 0, [])
attempt(os.sched_setaffinity, 0, [-1])
attempt(os.sched_setaffinity, 0, [first, "one"])
attempt(os.sched_setaffinity, 0, [1.0])
attempt(os.sched_setaffinity, 0, 5)
attempt(os.sched_setaffinity, 0, [1 << 40])
attempt(os.sched_setaffinity, 0, [100000])
attempt(os.sched_setaffinity, 0, [True] if last == 0 else [False])
attempt(os.sched_setaffinity, 0, usable)
attempt(os.sched_setaffinity, 0)
attempt(os.sched_setaffinity, "me", [0])
attempt(os.sched_setaffinity, 1 << 22, usable)
attempt(os.sched_getaffinity, 1 << 22)
attempt(os.sched_getaffinity, -1)
attempt(os.sched_getaffinity, None)
attempt(os.sched_getaffinity, 1 << 40)
attempt(os.sched_getaffinity)


def raising():
    yield first
    raise LookupError("no more cores")


attempt(os.sched_setaffinity, 0, raising())
print(os.sched_getaffinity(0) == usable)
