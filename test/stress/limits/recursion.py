# With no recursion limit to speak of, recursion through native code ends in RecursionError.
import sys
import threading

sys.setrecursionlimit(10**6)


class Endless:
    def __getattr__(self, name):
        return getattr(self, name)

    def __repr__(self):
        return repr(self)

    def __lt__(self, other):
        return sorted([self, other]) == []


def plain(n):
    return plain(n + 1) + 1


def nested_list():
    x = []
    for _ in range(200000):
        x = [x]
    return repr(x)


def attempts():
    for action in (
        lambda: plain(0),
        lambda: Endless().x,
        lambda: repr(Endless()),
        lambda: sorted([Endless(), Endless()]),
        nested_list,
    ):
        try:
            action()
            print("returned")
        except RecursionError as error:
            print(str(error)[:32])


attempts()
thread = threading.Thread(target=attempts)
thread.start()
thread.join()
