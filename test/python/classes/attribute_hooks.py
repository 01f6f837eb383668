# __getattr__, __getattribute__, __setattr__, __delattr__, class-level lookup of special methods.
class Proxy:
    def __init__(self, target):
        object.__setattr__(self, "_target", target)
        object.__setattr__(self, "_log", [])

    def __getattr__(self, name):
        self._log.append("get " + name)
        return getattr(self._target, name)

    def __setattr__(self, name, value):
        self._log.append("set " + name)
        setattr(self._target, name, value)

    def __delattr__(self, name):
        self._log.append("del " + name)
        delattr(self._target, name)


class Thing:
    a = 1

    def method(self):
        return "method of " + type(self).__name__


t = Thing()
p = Proxy(t)
p.b = 2
print(p.a, p.b, p.method(), t.__dict__)
del p.b
print(p._log, hasattr(p, "b"), getattr(p, "zzz", "default"))


class Spy:
    def __init__(self):
        self.seen = []
        self.x = 1

    def __getattribute__(self, name):
        if name != "seen":
            object.__getattribute__(self, "seen").append(name)
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        return "computed " + name

    def __len__(self):
        return 3


s = Spy()
print(s.x, s.missing, len(s), s.__class__.__name__, s.seen)


class NotCallable:
    pass


n = NotCallable()
n.__call__ = lambda: "instance __call__"
n.__len__ = lambda: 5
for attempt in (lambda: n(), lambda: len(n), lambda: n.__call__(), lambda: n.__len__()):
    try:
        print(attempt())
    except TypeError as e:
        print(e)


class Broken:
    def __getattr__(self, name):
        raise KeyError(name)

    @property
    def failing(self):
        raise AttributeError("from inside the property")


class Fallback:
    @property
    def failing(self):
        raise AttributeError("inner")

    def __getattr__(self, name):
        return "fell back for " + name


b = Broken()
for attempt in (lambda: b.x, lambda: hasattr(b, "x"), lambda: b.failing, lambda: Fallback().failing, lambda: getattr(Thing(), "nope"), lambda: getattr(t, 5), lambda: setattr(t, 5, 1), lambda: hasattr(t, None), lambda: Thing.nope, lambda: t.__wrapped__):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
try:
    t.nope
except AttributeError as e:
    print(e.name, e.obj is t)


class Frozen:
    __slots__ = ("v",)

    def __init__(self, v):
        object.__setattr__(self, "v", v)

    def __setattr__(self, *args):
        raise AttributeError("frozen")


f = Frozen(5)
try:
    f.v = 6
except AttributeError as e:
    print(e, f.v)
ns = type("NS", (), {})()
for name in ("__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "__defineGetter__", "length", "class ", "with space", "", "é", "1"):
    print(repr(name), hasattr(ns, name), name in ns.__dict__, end=" ")
    setattr(ns, name, name.upper())
    print(getattr(ns, name), name in vars(ns))
print(len(vars(ns)))
