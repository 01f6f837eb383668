# Cycles through functions, classes, methods, generators, frames, modules, exceptions and closures.
import gc
import sys

gc.collect()
counts = []


class Probe:
    alive = 0

    def __init__(self):
        Probe.alive += 1

    def __del__(self):
        Probe.alive -= 1


def through_function():
    def f():
        return f

    f.probe = Probe()


def through_class():
    class C:
        probe = Probe()

    C.me = C
    C.instance = C()


def through_bound_method():
    class K:
        def m(self):
            pass

    k = K()
    k.probe = Probe()
    k.m = k.m


def through_generator():
    def g():
        probe = Probe()
        me = yield
        yield

    x = g()
    next(x)
    x.send(x)


def through_exception():
    try:
        raise ValueError
    except ValueError as e:
        kept = e
        kept.probe = Probe()


def through_closure():
    probe = Probe()
    cell = lambda: (probe, cell)


def through_dict_and_list():
    d, l, t = {}, [], None
    t = (d, l, Probe())
    d["t"], d["l"] = t, l
    l.append(t)


def through_property():
    class P:
        pass

    P.x = property(lambda self: P)
    P.probe = Probe()


def through_partial_and_deque():
    import collections
    import functools

    q = collections.deque([Probe()])
    q.append(functools.partial(print, q))


def through_module():
    m = type(sys)("temporary")
    m.me = m
    m.probe = Probe()


def through_frame():
    probe = Probe()
    frame = sys._getframe()


def through_super():
    class A:
        def f(self):
            return super()

    a = A()
    a.s = a.f()
    a.probe = Probe()


def through_iterators():
    l = [Probe()]
    l.append(iter(l))
    l.append(map(str, l))
    l.append(zip(l))
    l.append(enumerate(l))
    l.append(reversed(l))


for f in [v for k, v in list(globals().items()) if k.startswith("through_")]:
    f()
    before = Probe.alive
    gc.collect()
    print(f.__name__, before, Probe.alive)
