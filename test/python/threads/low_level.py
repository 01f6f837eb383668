# _thread: start_new_thread, errors, exit, allocate_lock, interrupt_main's relatives (H1, H2).
import _thread
import time

done = []
lock = _thread.allocate_lock()
lock.acquire()


def body(a, b=0):
    done.append((a, b, _thread.get_ident() != main))
    lock.release()


main = _thread.get_ident()
ident = _thread.start_new_thread(body, (1,), {"b": 2})
lock.acquire()
print(done, isinstance(ident, int), ident != 0, ident != main, _thread.get_native_id() > 0)
for args in ((5, ()), (body, []), (body, (), []), (body,), ()):
    try:
        _thread.start_new_thread(*args)
    except TypeError as e:
        print(e)


def leaves():
    try:
        _thread.exit()
    finally:
        lock.release()


_thread.start_new_thread(leaves, ())
lock.acquire()


def fails():
    try:
        raise ValueError("unhandled in a raw thread")
    finally:
        lock.release()


import sys

seen = []
sys.unraisablehook = lambda args: seen.append((args.exc_type.__name__, str(args.exc_value), args.object.__name__))
_thread.start_new_thread(fails, ())
lock.acquire()
while not seen:
    time.sleep(0.001)
print(seen)
print(_thread.error is RuntimeError, _thread.TIMEOUT_MAX, type(lock) is _thread.LockType, lock.locked(), isinstance(_thread._count(), int))
import threading


def dummy():
    t = threading.current_thread()
    done.append((t.name.startswith("Dummy-"), t.daemon, type(t).__name__, t.is_alive()))
    try:
        t.join()
    except (AssertionError, RuntimeError) as e:
        done.append(type(e).__name__)
    lock.release()


done.clear()
_thread.start_new_thread(dummy, ())
lock.acquire()
print(done)
