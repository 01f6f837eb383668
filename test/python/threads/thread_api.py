# threading.Thread: names, states, join, daemon, errors (H16-H24).
import threading
from threading import Thread, current_thread, main_thread

m = current_thread()
print(m.name, m.daemon, m is main_thread(), m.is_alive(), m.ident is not None, threading.active_count(), threading.enumerate() == [m], threading.get_ident() == m.ident, isinstance(m.native_id, int), type(m).__name__)


def work():
    results.append((current_thread().name, current_thread().daemon, current_thread() is t, t.is_alive()))


results = []
t = Thread(target=work)
print(t.name, t.daemon, t.ident, t.is_alive(), t.native_id)
t.start()
print(t.join(), t.is_alive(), results, t.ident is not None, t.join(), t.join(timeout=0.1))


class Sub(Thread):
    def run(self):
        self.result = sum(range(100))


s = Sub(name="custom", daemon=True)
s.start()
s.join()
print(s.name, s.daemon, s.result, repr(s)[:21])
s.name = 5
print(s.name, Thread(target=print).name, Thread().name, Thread(name="n").name, Thread(daemon=None).daemon)
named = Thread(target=lambda: names.append((current_thread().name, Thread().daemon)), name="parent", daemon=True)
names = []
named.start()
named.join()
print(names)
unstarted, started = Thread(), Thread(target=lambda: None)
started.start()
started.join()
gate = threading.Event()
running = Thread(target=gate.wait)
running.start()
attempts = [
    lambda: unstarted.join(),
    lambda: started.start(),
    lambda: running.start(),
    lambda: current_thread().join(),
    lambda: setattr(running, "daemon", True),
    lambda: setattr(started, "daemon", True),
    lambda: Thread(group=1),
    lambda: Thread(1),
    lambda: Thread(target=5).run(),
    lambda: Thread(args=5).run(),
    lambda: running.join("x"),
    lambda: Thread(nope=1),
    lambda: threading.stack_size(5),
    lambda: threading.stack_size(-1),
    lambda: threading.Thread.join(5),
    lambda: unstarted.setDaemon,
]
for attempt in attempts:
    try:
        print(attempt() if attempt is not attempts[-1] else "has setDaemon")
    except Exception as e:
        print(type(e).__name__, e)
print(running.join(timeout=0.01), running.is_alive(), threading.active_count(), running in threading.enumerate(), unstarted in threading.enumerate())
gate.set()
running.join()
print(running.is_alive(), threading.active_count())


def with_arguments(a, b=2, *args, **kwargs):
    results.append((a, b, args, sorted(kwargs)))


results.clear()
for args, kwargs in (((1,), {}), ((1, 3, 4), {"z": 1}), ([9], {"b": 8})):
    x = Thread(target=with_arguments, args=args, kwargs=kwargs)
    x.start()
    x.join()
print(results, hasattr(x, "_target"))


def join_self():
    try:
        current_thread().join()
    except RuntimeError as e:
        results.append(str(e))


results.clear()
x = Thread(target=join_self)
x.start()
x.join()
print(results)
many = [Thread(target=lambda i=i: results.append(i)) for i in range(30)]
for x in many:
    x.start()
for x in many:
    x.join()
print(sorted(results[1:]) == list(range(30)))
print(Thread(target=work).name.endswith("(work)"), threading.TIMEOUT_MAX, threading.stack_size())
