# Exceptions in threads: printed on stderr with the thread's name, exit status unaffected (H22).
import sys
import threading


def fail():
    raise ValueError("in the thread")


def nested():
    try:
        fail()
    except ValueError as e:
        raise KeyError("second") from e


for target, name in ((fail, None), (nested, "worker"), (lambda: sys.exit(5), None), (lambda: 1 / 0, "lambda thread")):
    t = threading.Thread(target=target, name=name)
    t.start()
    t.join()
seen = []


def hook(args):
    seen.append((args.exc_type.__name__, str(args.exc_value), args.exc_traceback is not None, args.thread.name, len(args)))


threading.excepthook = hook
t = threading.Thread(target=fail, name="hooked")
t.start()
t.join()
t = threading.Thread(target=sys.exit)
t.start()
t.join()
print(seen)
threading.excepthook = threading.__excepthook__


class Raises(threading.Thread):
    def run(self):
        super().run()
        raise LookupError("from run()")


r = Raises(name="subclass")
r.start()
r.join()


def bad_hook(args):
    raise RuntimeError("hook fails")


print("main goes on")
raise SystemExit(3)
