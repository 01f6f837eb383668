# signal: handlers, raise_signal, what is refused; handlers run in the main thread only.
import os
import signal
import threading
import time


def handler(signum, frame):
    seen.append((signum, frame is not None, threading.current_thread().name))


seen = []
print(repr(signal.SIGINT), repr(signal.getsignal(signal.SIGTERM)), signal.getsignal(signal.SIGINT) is signal.default_int_handler)
print(repr(signal.signal(signal.SIGTERM, handler)), signal.getsignal(signal.SIGTERM) is handler)
signal.raise_signal(signal.SIGTERM)
print(seen)
os.kill(os.getpid(), signal.SIGTERM)
print(len(seen))
for attempt in (
    lambda: signal.signal(signal.SIGTERM, 5),
    lambda: signal.signal(99, handler),
    lambda: signal.signal(signal.SIGKILL, handler),
    lambda: signal.getsignal(0),
    lambda: signal.strsignal(signal.SIGTERM),
    lambda: signal.raise_signal(signal.SIGINT),
    lambda: signal.signal("a", handler),
):
    try:
        print(repr(attempt()))
    except (TypeError, ValueError, OSError, KeyboardInterrupt) as e:
        print(type(e).__name__, e)


def in_thread():
    try:
        signal.signal(signal.SIGTERM, handler)
    except ValueError as e:
        print(e)
    signal.raise_signal(signal.SIGTERM)


thread = threading.Thread(target=in_thread)
thread.start()
thread.join()
while len(seen) < 3:
    time.sleep(0.001)
print(seen[2][2])


def raising(signum, frame):
    raise LookupError("from the handler")


signal.signal(signal.SIGUSR1, raising)
lock = threading.Lock()
lock.acquire()
threading.Timer(0.05, lambda: os.kill(os.getpid(), signal.SIGUSR1)).start()
try:
    lock.acquire()
except LookupError as e:
    print("interrupted", e)
print(repr(signal.signal(signal.SIGUSR1, signal.SIG_IGN)) != "", signal.raise_signal(signal.SIGUSR1))
