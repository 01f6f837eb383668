"""Doc."""
from __future__ import annotations
import os.path, sys as system, a.b.c as d
from . import x
from ..y import (z as w, q,)


class A(B, metaclass=M, **kw):
    """Class doc."""
    __private: int = 1
    y: List[int]
    self.z: int = 3

    def method(self, __p, /, a: int, *args: str, k: "x" = 1, **kw) -> None:
        """Method doc."""
        super().method(__p)
        self.__q = __class__
        return lambda: self.__q + __p

    class Inner:
        def f(self):
            return __class__

    @property
    @deco(1)
    async def g(self): ...


def outer(a, b=2, *, c, d=4):
    global g1
    x = 1
    cell = 2

    def inner():
        nonlocal x
        x += 1
        global g2
        g2 = cell
        del x

        def innermost():
            return a, x, g2, unknown

        return innermost

    g1 = [cell for cell in range(a) if cell for y in [cell * 2] for z in y]
    return inner, {k: v for k, v in b}, {s for s in c}, (t for t in d), g1


def uses_walrus():
    if (n := len(a)) > 1 and any((m := q) for q in p):
        return n, m


class C:
    x = 1
    y = [x for _ in range(3)]
    z = lambda self: x


def classfree():
    x = 1

    class D:
        print(x)
        x = 2

        def f(self):
            return x
