# Chains of objects, each held by the next alone, die without running out of stack (R10).
import collections
import functools
import gc
import itertools

gc.disable()


class Instance:
    def __init__(self, n):
        self.n = n


class Slotted:
    __slots__ = ("n",)

    def __init__(self, n):
        self.n = n


class Counted:
    dead = []

    def __init__(self, n):
        self.n = n

    def __del__(self):
        self.dead.append(None)


class List(list):
    pass


class Dict(dict):
    pass


class Error(Exception):
    pass


def generator(n):
    held = yield n


def started(n):
    g = generator(n)
    next(g)
    return g


def closure(n):
    return lambda: n


def error(n):
    e = Error()
    e.__context__ = n
    return e


def method(n):
    return Instance(n).__init__


makers = {
    "tuple": lambda n: (n,),
    "dict": lambda n: {"n": n},
    "dict of ints": lambda n: {1: n},
    "instance": Instance,
    "slots": Slotted,
    "finalizers": Counted,
    "list subclass": lambda n: List([n]),
    "dict subclass": lambda n: Dict(n=n),
    "generator": started,
    "closure": closure,
    "exception": error,
    "method": method,
    "partial": lambda n: functools.partial(print, n),
    "iterator": lambda n: iter([n]),
    "frozenset": lambda n: frozenset([n]),
    "deque": lambda n: collections.deque([n]),
    "property": property,
    "map": lambda n: map(n, ()),
    "chain": lambda n: itertools.chain(n or ()),
}
for name, make in makers.items():
    chain = None
    for _ in range(12000):
        chain = make(chain)
    del chain
    print(name, len(Counted.dead))
    Counted.dead.clear()

chain = None
for _ in range(1000000):
    chain = [chain]
del chain
print("a million lists")

# Deep and a cycle: the collector walks it without recursion, too.
first = chain = [None]
for _ in range(100000):
    chain = [chain]
first[0] = chain
del first, chain
print(gc.collect())


# Strictly outer to inner, however deep.
class Named:
    order = []

    def __init__(self, name, inner):
        self.name = name
        self.inner = inner

    def __del__(self):
        self.order.append(self.name)


chain = None
for name in range(200):
    chain = Named(name, chain)
del chain
print(Named.order == list(range(199, -1, -1)))
