# with: order of enter and exit, suppression, several managers, exceptions in enter and exit.
class M:
    def __init__(self, name, suppress=False, fail=None):
        self.name, self.suppress, self.fail = name, suppress, fail

    def __enter__(self):
        print("enter", self.name)
        if self.fail == "enter":
            raise RuntimeError("enter " + self.name)
        return self.name.upper()

    def __exit__(self, kind, value, traceback):
        print("exit", self.name, kind and kind.__name__, value, traceback is not None)
        if self.fail == "exit":
            raise RuntimeError("exit " + self.name)
        return self.suppress


def attempt(action):
    try:
        print("result", action())
    except Exception as e:
        print("raised", type(e).__name__, e, "context", repr(e.__context__))


def simple():
    with M("a") as a, M("b") as b:
        return a + b


def parenthesised():
    with (
        M("a") as a,
        M("b"),
    ):
        return a


def suppressed():
    with M("outer"), M("inner", suppress=True):
        1 / 0
    return "after"


def not_suppressed():
    with M("a"):
        raise KeyError("k")


def enter_fails():
    with M("a"), M("b", fail="enter"):
        print("never")


def exit_fails():
    with M("a", fail="exit"):
        return "lost"


def exit_fails_during():
    with M("a", fail="exit"):
        raise KeyError("first")


def loop():
    for i in range(3):
        with M("loop%d" % i):
            if i == 0:
                continue
            if i == 1:
                break
    return i


def targets():
    d, o = {}, M("target")
    with M("x") as d["k"], M("y") as o.attr, M("z") as (p, *q):
        pass
    return d, o.attr, p, q


def nested_return():
    try:
        with M("n"):
            return "value"
    finally:
        print("finally")


def generator():
    with M("gen"):
        yield 1
        yield 2


for f in (simple, parenthesised, suppressed, not_suppressed, enter_fails, exit_fails, exit_fails_during, loop, targets, nested_return):
    print("--", f.__name__)
    attempt(f)
g = generator()
print(next(g))
g.close()
print(list(generator()))


class NoExit:
    def __enter__(self):
        pass


class OnInstance:
    def __init__(self):
        self.__enter__ = self.__exit__ = lambda *a: None


def bad(manager):
    with manager:
        pass


for manager in (5, NoExit(), OnInstance(), M, None):
    attempt(lambda: bad(manager))


class Truthy:
    def __enter__(self):
        return self

    def __exit__(self, *details):
        self.details = details
        return "non-empty"


with Truthy() as t:
    raise ValueError("swallowed")
print(t.details[0].__name__, t.details[1])
with Truthy() as t:
    pass
print(t.details)
