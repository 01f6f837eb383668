# The texts of TypeErrors for calls that do not fit.
def none():
    pass


def one(a):
    pass


def two(a, b):
    pass


def three(a, b, c=1):
    pass


def star(a, *args):
    pass


def kwonly(*, x, y, z=1):
    pass


def posonly(a, b, /, c):
    pass


def posdefault(a, b=1, /):
    pass


def both(a, *, k):
    pass


class C:
    def m(self, a):
        pass

    @staticmethod
    def s(a):
        pass

    @classmethod
    def c(cls):
        pass


class Init:
    def __init__(self, a, b=1):
        pass


class Empty:
    pass


def outer():
    def inner(p):
        pass

    return inner


NOTHING, TEXT = None, "s"
calls = [
    lambda: none(1), lambda: none(x=1), lambda: none(1, 2, 3), lambda: one(), lambda: one(1, 2), lambda: one(b=1), lambda: one(1, a=2), lambda: two(), lambda: two(1), lambda: two(1, 2, 3), lambda: two(1, c=2), lambda: two(b=1),
    lambda: three(), lambda: three(1, 2, 3, 4), lambda: three(c=1), lambda: star(), lambda: star(1, 2, a=3), lambda: kwonly(), lambda: kwonly(x=1), lambda: kwonly(1), lambda: kwonly(1, x=1, y=2), lambda: kwonly(x=1, y=1, w=2),
    lambda: posonly(1, b=2, c=3), lambda: posonly(a=1, b=2, c=3), lambda: posonly(1), lambda: posdefault(1, b=2), lambda: both(1), lambda: both(1, 2, k=3), lambda: C().m(), lambda: C().m(1, 2), lambda: C.m(), lambda: C.s(), lambda: C.c(1), lambda: C().nothing(),
    lambda: Init(), lambda: Init(1, 2, 3), lambda: Init(c=1), lambda: Empty(1), lambda: Empty(x=1), lambda: outer()(), lambda: (lambda x: x)(), lambda: one(**{"a": 1}, **{"a": 2}), lambda: one(**5), lambda: one(*5), lambda: one(**{1: 2}), lambda: two(*[1], *[2], *[3]), lambda: NOTHING(), lambda: TEXT(),
    lambda: len(), lambda: len(1, 2), lambda: len(x=1), lambda: len(5), lambda: abs("x"), lambda: isinstance(1), lambda: isinstance(1, 2), lambda: print(1, foo=2), lambda: sorted(), lambda: int(1, 2, 3), lambda: ord(), lambda: getattr(1), lambda: range(1, 2, 3, 4), lambda: object(1), lambda: type(1, 2), lambda: iter(), lambda: iter(1), lambda: next(1), lambda: zip(1), lambda: sum(), lambda: sum("ab"), lambda: [].append(), lambda: {}.get(1, 2, 3), lambda: "a".join(), lambda: str.join("a"), lambda: list.append(1, 2), lambda: dict.get(), lambda: max(), lambda: max(1, key=1), lambda: callable(), lambda: chr("a"), lambda: divmod(1), lambda: round(), lambda: map(), lambda: enumerate(),
]
for number, call in enumerate(calls):
    try:
        call()
        print(number, "no error")
    except (TypeError, AttributeError) as e:
        print(number, type(e).__name__, e)
