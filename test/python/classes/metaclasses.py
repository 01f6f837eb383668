# type with three arguments, metaclasses, __prepare__, __init_subclass__, __class_getitem__, __call__.
class Meta(type):
    def __new__(mcls, name, bases, namespace, **kwargs):
        print("new", name, [b.__name__ for b in bases], sorted(k for k in namespace if not k.startswith("__")), kwargs)
        return super().__new__(mcls, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **kwargs):
        super().__init__(name, bases, namespace)
        cls.registry = getattr(cls, "registry", []) + [name]

    def __call__(cls, *args, **kwargs):
        print("call", cls.__name__, args)
        return super().__call__(*args, **kwargs)

    def __repr__(cls):
        return f"<meta {cls.__name__}>"

    def __len__(cls):
        return 42

    def __getitem__(cls, key):
        return (cls.__name__, key)

    def __contains__(cls, x):
        return x == "in"

    def __iter__(cls):
        return iter(["iterated", cls.__name__])

    @property
    def shout(cls):
        return cls.__name__.upper()

    def __instancecheck__(cls, obj):
        return obj == "magic" or super().__instancecheck__(obj)

    def __subclasscheck__(cls, sub):
        return sub is int or super().__subclasscheck__(sub)


class A(metaclass=Meta, option=1):
    x = 1

    def __init__(self, v=None):
        self.v = v


class B(A, flag="yes"):
    y = 2


print(A, B, len(A), A["k"], "in" in A, list(B), B.shout, A.registry, B.registry, type(B).__name__, type(A(5)).__name__)
print(isinstance("magic", A), isinstance(B(), A), isinstance(5, A), issubclass(int, A), issubclass(str, A), issubclass(B, A))
Dyn = Meta("Dyn", (B,), {"z": 3})
T = type("T", (object,), {"greet": lambda self: "hi", "n": 5})
print(Dyn, Dyn.z, Dyn.y, T().greet(), T.n, T, T.__module__, type(T), type(type), type(5), type.__mro__)


class Ordered(type):
    @classmethod
    def __prepare__(mcls, name, bases, **kw):
        print("prepare", name, kw)
        return {"injected": name + "!"}

    def __new__(mcls, name, bases, ns, **kw):
        return super().__new__(mcls, name, bases, dict(ns))


class P(metaclass=Ordered, k=2):
    copied = injected


print(P.injected, P.copied)


class Plugin:
    plugins = {}

    def __init_subclass__(cls, /, key=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.plugins[key or cls.__name__] = cls

    def __class_getitem__(cls, item):
        return f"{cls.__name__}[{item}]"


class One(Plugin, key="first"):
    pass


class Two(One):
    pass


print(sorted(Plugin.plugins), Plugin[int], Two["x"], Plugin.plugins["first"] is One)


class M1(type):
    pass


class M2(type):
    pass


X, Y = M1("X", (), {}), M2("Y", (), {})
attempts = [lambda: type("Z", (X, Y), {}), lambda: type("Bad", (Plugin,), {}, wrong=1), lambda: type("Bad", (), {}, wrong=1), lambda: type(), lambda: type("a", 5, {}), lambda: type(5, (), {}), lambda: len(P), lambda: P["x"], lambda: type("N\0", (), {}), lambda: P.__abstract__, lambda: int.__name__ and setattr(int, "x", 1), lambda: type("D", (5,), {})]
for attempt in attempts:
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)


class Auto(type):
    def __getattr__(cls, name):
        return f"{cls.__name__}.{name}?"


class Q(metaclass=Auto):
    real = 1


print(Q.real, Q.imagined, hasattr(Q(), "imagined"))


class NotAType(metaclass=lambda name, bases, ns: (name, bases, sorted(ns))):
    attr = 1


print(NotAType)


class Base:
    def __mro_entries__(self, bases):
        return (dict,)


class FromInstance(Base()):
    pass


print(FromInstance.__mro__[1], FromInstance.__orig_bases__[0].__class__.__name__)
