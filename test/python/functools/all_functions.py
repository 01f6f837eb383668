# reduce, partial, lru_cache, cache, wraps, total_ordering, cmp_to_key, singledispatch, cached_property.
import functools
from functools import cache, cached_property, cmp_to_key, lru_cache, partial, partialmethod, reduce, singledispatch, total_ordering, wraps

print(reduce(lambda a, b: a * b, range(1, 6)), reduce(lambda a, b: a + b, [], "start"), reduce(max, [3, 1, 4]), reduce(lambda a, b: [a, b], "abc"))
for attempt in (lambda: reduce(max, []), lambda: reduce(max), lambda: reduce(5, [1, 2]), lambda: partial(), lambda: partial(5), lambda: lru_cache("x")):
    try:
        print(attempt())
    except TypeError as e:
        print(e)


def f(a, b, c=0, *args, **kw):
    return a, b, c, args, kw


p = partial(f, 1, c=3)
print(p(2), p(2, c=4), p(2, z=5), p.func is f, p.args, p.keywords, partial(p, 7)(), partial(int, base=2)("101"))
print(repr(partial(print, 1, sep="-")), sorted(map(partial(pow, 2), [3, 1])))
calls = []


@lru_cache(maxsize=2)
def slow(n, scale=1):
    calls.append(n)
    return n * scale


print(slow(1), slow(1), slow(2), slow(3), slow(1), slow(3), calls, slow.cache_info(), slow(2, scale=5), slow.cache_info().currsize)
slow.cache_clear()
print(slow.cache_info(), slow.__name__, slow.__wrapped__(9), slow.cache_parameters())


@cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(100), fib.cache_info())
try:
    fib([])
except TypeError as e:
    print(e)


@lru_cache
def typed(x):
    return type(x).__name__


@lru_cache(typed=True)
def strictly(x):
    return type(x).__name__


print(typed(1), typed(1.0), typed(True), strictly(1), strictly(1.0), strictly.cache_info().misses)


def deco(g):
    @wraps(g)
    def wrapper(*a, **k):
        "wrapper doc"
        return g(*a, **k)

    return wrapper


@deco
def documented(x: int) -> str:
    "real doc"
    return x


print(documented.__name__, documented.__doc__, documented.__annotations__, documented.__wrapped__(5), documented.__qualname__)


@total_ordering
class Version:
    def __init__(self, *parts):
        self.parts = parts

    def __eq__(self, other):
        return self.parts == other.parts

    def __lt__(self, other):
        return self.parts < other.parts


print(Version(1, 2) <= Version(1, 3), Version(2) >= Version(1), Version(1) > Version(1), Version(1) >= Version(1))
print(sorted([3, 10, 2, 33], key=cmp_to_key(lambda a, b: (str(a) > str(b)) - (str(a) < str(b)))), sorted("bca", key=cmp_to_key(lambda a, b: -1 if a > b else 1)))


@singledispatch
def show(x):
    return "default " + type(x).__name__


@show.register(int)
def _(x):
    return "int"


@show.register
def _(x: list):
    return "list of " + ", ".join(show(i) for i in x)


print(show(5), show("s"), show([1, "a", True, None]), show.dispatch(bool)(True))


class Data:
    computed = 0

    @cached_property
    def total(self):
        Data.computed += 1
        return 42

    def base(self, a, b):
        return type(self).__name__, a, b

    half = partialmethod(base, "fixed")


d = Data()
print(d.total, d.total, Data.computed, d.__dict__, d.half(2))
del d.total
print(d.total, Data.computed, hasattr(functools, "WRAPPER_ASSIGNMENTS"))
