"""Chains of objects that CPython destroys in recursion; here the trashcan has them (R10)."""
import collections
import functools
import itertools
import types

LENGTH = 150_000


def closure(held):
    return lambda: held


def generator(held):
    yield held


def suspended(held):
    made = generator(held)
    next(made)
    return made


makers = {
    "method": lambda held: held.__dir__,
    "method-wrapper": lambda held: held.__init__,
    "closure": closure,
    "cell": lambda held: closure(held).__closure__[0],
    "default": lambda held: lambda x=held: x,
    "bound": lambda held: types.MethodType(print, held),
    "slice": slice,
    "generator": generator,
    "suspended": suspended,
    "iterator": lambda held: iter([held]),
    "callable": lambda held: iter(lambda: held, 1),
    "map": lambda held: map(str, [held]),
    "zip": lambda held: zip([held]),
    "chain": lambda held: itertools.chain([held]),
    "partial": lambda held: functools.partial(print, held),
    "property": property,
    "staticmethod": staticmethod,
    "alias": lambda held: list[held],
    "exception": ValueError,
    "values": lambda held: {1: held}.values(),
    "namespace": lambda held: types.SimpleNamespace(held=held),
    "deque": lambda held: collections.deque([held]),
}
for name, make in makers.items():
    held = object()
    for _ in range(LENGTH):
        held = make(held)
    del held
    print(name)
