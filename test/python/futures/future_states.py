# Future: its states, callbacks and errors (H34), as executors and tests use it.
import io
import sys
import threading
import types
from concurrent import futures
from concurrent.futures import CancelledError, Future, InvalidStateError


def attempt(f, *args):
    try:
        print("returned", f(*args))
    except BaseException as e:
        text = str(e).split(" at 0x")[0]
        print(type(e).__module__, type(e).__qualname__, text)


def state(f):
    return repr(f).split(" state=")[1], f.done(), f.running(), f.cancelled()


f = Future()
print(type(f).__module__, state(f))
attempt(f.result, 0)
attempt(f.result, 0.01)
attempt(f.exception, 0)
print(f.set_running_or_notify_cancel(), state(f), f.cancel())
kept, sys.stderr = sys.stderr, io.StringIO()
attempt(f.set_running_or_notify_cancel)
sys.stderr = kept
f.set_result(42)
print(state(f), f.result(), f.exception(), f.cancel())
attempt(f.set_result, 1)
attempt(f.set_exception, ValueError("late"))

f = Future()
seen = []
f.add_done_callback(lambda x: seen.append(("first", x is f)))
f.add_done_callback(lambda x: seen.append(("second", x.cancelled())))
print(f.cancel(), f.cancel(), state(f), seen)
f.add_done_callback(lambda x: seen.append("at once"))
print(seen[-1])
attempt(f.result)
attempt(f.exception)
attempt(f.set_result, 1)
print(f.set_running_or_notify_cancel(), state(f))
attempt(f.set_exception, ValueError())

f = Future()
f.set_exception(KeyError("gone"))
print(state(f), repr(f.exception()))
attempt(f.result)
attempt(f.result)

# A callback's exception is reported, not raised, and stops no other.
f = Future()
order = []
f.add_done_callback(lambda x: order.append(threading.current_thread().name))
f.add_done_callback(lambda x: 1 / 0)
f.add_done_callback(lambda x: order.append("last"))
t = threading.Thread(target=f.set_result, args=(1,), name="finisher")
kept, sys.stderr = sys.stderr, io.StringIO()
t.start()
print(f.result(10))
t.join()
kept, sys.stderr = sys.stderr, kept
print(order, kept.getvalue().split(" at 0x")[0], kept.getvalue().splitlines()[-1])

# A waiter in another thread is woken by a result, by a cancellation.
for end in (lambda f: f.set_result("done"), lambda f: f.cancel()):
    f = Future()
    t = threading.Thread(target=attempt, args=(f.result, 10))
    t.start()
    end(f)
    t.join()

print(issubclass(CancelledError, futures._base.Error), futures.TimeoutError is TimeoutError)
print(InvalidStateError.__mro__[1].__name__, futures.BrokenExecutor.__mro__[1].__name__)
print(Future[int], isinstance(Future[int], types.GenericAlias))
attempt(lambda: futures.nothing)
attempt(futures.Executor().submit, print)
with futures.Executor() as nothing:
    print(nothing.shutdown(), sorted(n for n in dir(futures) if n.startswith(("F", "A", "as", "w"))))
