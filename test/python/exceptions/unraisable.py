# Exceptions that cannot propagate: in __del__, reported on stderr; the program goes on.
import sys


class Noisy:
    def __del__(self):
        raise ValueError("in __del__")


def make():
    Noisy()
    print("still here")


make()
n = Noisy()
del n
seen = []
sys.unraisablehook = lambda args: seen.append((args.exc_type.__name__, str(args.exc_value), args.err_msg, type(args.object).__name__))
Noisy()
print(seen)
sys.unraisablehook = sys.__unraisablehook__
Noisy()


def generator():
    try:
        yield 1
    finally:
        raise KeyError("while closing")


g = generator()
next(g)
del g
print("end", file=sys.stdout)
