# Exceptions raised inside __init__, __del__, __exit__, descriptors, keys, iterators, hooks.
import sys


class Boom(Exception):
    pass


def boom(*args, **kwargs):
    raise Boom("boom")


class E:
    __len__ = __iter__ = __next__ = __getitem__ = __setitem__ = __delitem__ = __contains__ = __call__ = boom
    __add__ = __radd__ = __neg__ = __eq__ = __lt__ = __hash__ = __bool__ = __index__ = __int__ = __float__ = boom
    __repr__ = __str__ = __format__ = __enter__ = __exit__ = __getattr__ = __set__ = __reversed__ = __iadd__ = boom


e = E()
actions = dict(
    len=lambda: len(e), iter=lambda: iter(e), next=lambda: next(e), getitem=lambda: e[0], setitem=lambda: e.__class__.__setitem__(e, 0, 0), contains=lambda: 1 in e, call=lambda: e(), add=lambda: e + 1, radd=lambda: 1 + e, neg=lambda: -e, eq=lambda: e == 1, lt=lambda: e < 1, hash=lambda: hash(e), bool=lambda: bool(e),
    index=lambda: [1][e], int=lambda: int(e), float=lambda: float(e), repr=lambda: repr(e), str=lambda: str(e), format=lambda: f"{e}", attr=lambda: e.nothing, rev=lambda: reversed(e), unpack=lambda: (lambda a, b: 0)(*e), star=lambda: [*e], dict=lambda: {e: 1}, set=lambda: {e}, cond=lambda: 1 if e else 2, and_=lambda: e and 1,
    join=lambda: "".join(e), sort=lambda: sorted([e, e]), max=lambda: max(e, e), sum=lambda: sum([e, e]), comp=lambda: [x for x in e], listcontains=lambda: e in [E()], index_of=lambda: [E()].index(e), slice_=lambda: [1][e:], range_=lambda: range(e), tuple_eq=lambda: (E(),) == (e,), dict_eq=lambda: {1: E()} == {1: e}, percent=lambda: "%s" % e, percent_d=lambda: "%d" % e, print_=lambda: print(e), map_=lambda: list(map(e, [1])), filter_=lambda: list(filter(None, [e])), any_=lambda: any([e]), min_=lambda: min([1, e]), zip_=lambda: list(zip(e)), chained=lambda: 1 < e < 2, isinst=lambda: isinstance(1, e), hasattr_=lambda: hasattr(e, "x"), getattr_=lambda: getattr(e, "x", "default"), starstar=lambda: dict(**e), update=lambda: {}.update(e), extend=lambda: [].extend(e), fmt=lambda: "{0.x}".format(e), key=lambda: sorted([1, 2], key=e), reprlist=lambda: repr([e]), strdict=lambda: str({1: e}),
)
for name, action in actions.items():
    try:
        print(name, "gave", action())
    except Boom:
        pass
    except Exception as error:
        print(name, type(error).__name__, error)
print(len(actions))


class BadInit:
    def __init__(self):
        self.x = 1
        raise Boom

    def __del__(self):
        print("del of a half-built object", self.x)


try:
    BadInit()
except Boom:
    print("caught")


class BadNew:
    def __new__(cls):
        raise Boom


class BadMeta(type):
    def __new__(mcls, name, bases, ns):
        raise Boom


class BadHooks:
    def __init_subclass__(cls):
        raise Boom


class BadName:
    def __set_name__(self, owner, name):
        raise Boom("set_name")


for attempt in (BadNew, lambda: BadMeta("x", (), {}), lambda: type("S", (BadHooks,), {}), lambda: type("N", (), {"a": BadName()})):
    try:
        attempt()
    except Boom as error:
        print("Boom", error)
    except RuntimeError as error:
        print(error, repr(error.__cause__))
try:
    for x in e:
        pass
except Boom:
    print("for")
try:
    with e:
        pass
except Boom:
    print("with")
try:
    e += 1
except Boom:
    print("iadd")


@property
def p(self):
    raise Boom


C = type("C", (), {"p": p})
try:
    C().p
except Boom:
    print("property", hasattr(C, "p"))
sys.excepthook = boom
raise ValueError("the hook itself fails")
