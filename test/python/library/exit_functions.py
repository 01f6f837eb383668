# atexit: order, arguments, failures, functions registered on the way out.
import atexit


def show(*args, **kwargs):
    print(args, kwargs)


print(atexit.register(show, 1, x=2) is show)
atexit.register(show, 2)


def fails():
    raise ValueError("at exit")


atexit.register(fails)
for bad in ((1,), ()):
    try:
        atexit.register(*bad)
    except TypeError as e:
        print(e)
print(atexit.unregister(show))
atexit.register(show, 3)


@atexit.register
def last():
    print("last registered, first run")
    atexit.register(show, "late")
