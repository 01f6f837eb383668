# Parameters of every kind, defaults evaluated once, *args and **kwargs, keyword-only, positional-only.
def f(a, b=2, *args, c, d=4, **kwargs):
    return a, b, args, c, d, kwargs


print(f(1, c=3), f(1, 5, 6, 7, c=8, e=9), f(*[1, 2], **{"c": 3, "z": 0}), f(1, *(), c=0, *[5, 6]), f(b=1, a=2, c=3))


def g(a, b, /, c, *, d):
    return a, b, c, d


print(g(1, 2, 3, d=4), g(1, 2, c=3, d=4))


def h(a, /, **kwargs):
    return a, kwargs


print(h(1, a=2), (lambda *a, **k: (a, k))(1, x=2), (lambda x=[]: x)(), (lambda *, k=1: k)(k=5))


def accumulate(x, into=[]):
    into.append(x)
    return into


print(accumulate(1), accumulate(2), accumulate(3, []), accumulate.__defaults__)
fs = [lambda i=i: i for i in range(3)]
print([fn() for fn in fs], [fn() for fn in [lambda: i for i in range(3)]])


def many(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, *rest):
    return a0 + a9, len(rest)


print(many(*range(300)), max(*range(1000)), f(*range(2), *range(2), c="c", **{"k": 1}, **{"j": 2}))


def order(**kwargs):
    return list(kwargs)


print(order(z=1, a=2, m=3), order(**{"y": 1, "b": 2}, c=3))
print(f.__defaults__, f.__kwdefaults__, f.__name__, f.__code__.co_varnames, f.__code__.co_argcount, f.__code__.co_kwonlyargcount, g.__code__.co_posonlyargcount)
f.__defaults__ = (20,)
f.__kwdefaults__ = {"c": 30, "d": 40}
print(f(1), f.__kwdefaults__)


def annotated(a: int, *args: str, b: float = 1.0, **kw: dict) -> list:
    "A docstring."


print(annotated.__annotations__, annotated.__doc__, annotated(1), (lambda: 0).__name__, f.__doc__)
annotated.extra = 5
print(annotated.extra, annotated.__dict__, vars(annotated))
