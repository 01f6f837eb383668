# sys.exit in a nested place: inside generators, finally blocks, __del__, comprehensions.
import sys


class D:
    def __del__(self):
        print("del runs")


def generator():
    try:
        yield 1
        yield 2
    finally:
        print("generator closed")


def deep(n):
    d = D()
    try:
        if n == 0:
            sys.exit(11)
        deep(n - 1)
    finally:
        print("unwinding", n)


g = generator()
next(g)
try:
    [sys.exit(x) for x in (3, 4)]
except SystemExit as e:
    print("caught", e.code)


class ExitsInDel:
    def __del__(self):
        sys.exit(99)


ExitsInDel()
print("SystemExit in __del__ does not end the program")
deep(2)
