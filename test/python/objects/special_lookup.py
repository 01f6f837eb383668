# Descriptors, metaclasses, super, special methods of all kinds.
class Desc:
    def __set_name__(self, owner, name):
        self.name = name
        print("set_name", owner.__name__, name)
    def __get__(self, obj, owner):
        if obj is None: return self
        return obj.__dict__.get(self.name, "unset")
    def __set__(self, obj, value):
        print("set", self.name, value)
        obj.__dict__[self.name] = value
    def __delete__(self, obj):
        print("del", self.name)
        obj.__dict__.pop(self.name)
class A:
    f = Desc()
    g = Desc()
a = A()
print(a.f); a.f = 3; print(a.f, a.__dict__); del a.f; print(a.f, A.f.name)
class Base:
    subs = []
    def __init_subclass__(cls, tag=None, **kw):
        super().__init_subclass__(**kw)
        Base.subs.append((cls.__name__, tag))
class X(Base, tag="x"): pass
class Y(X): pass
print(Base.subs)
try:
    class Z(A, foo=1): pass
except TypeError as e: print(e)
class Meta(type):
    def __new__(m, name, bases, ns, **kw):
        print("new", name, sorted(k for k in ns if not k.startswith("__")), kw)
        return super().__new__(m, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
        cls.made = True
    @classmethod
    def __prepare__(m, name, bases, **kw):
        print("prepare", name, kw)
        return {"injected": 1}
    def __call__(cls, *a, **k):
        print("call", cls.__name__, a, k)
        return super().__call__(*a, **k)
    def __len__(cls): return 42
    def __getattr__(cls, n): return "meta:" + n
    def __instancecheck__(cls, o): return o == 5
    def __subclasscheck__(cls, o): return o is int
    def __contains__(cls, x): return x == 1
    def __iter__(cls): return iter([1,2,3])
class M(metaclass=Meta, opt=3):
    y = 2
    def __init__(self, v): self.v = v
m = M(9)
print(M.made, M.injected, len(M), M.nothing, isinstance(5, M), isinstance(m, M), issubclass(int, M), 1 in M, list(M), m.v)
class Sup:
    def f(self): return "Sup.f"
    @classmethod
    def c(cls): return cls.__name__
    @staticmethod
    def s(): return "static"
    @property
    def p(self): return "prop"
class Sub(Sup):
    def f(self): return "Sub+" + super().f()
    @classmethod
    def c(cls): return "Sub:" + super().c()
    @property
    def p(self): return "Sub" + super().p
x = Sub()
print(x.f(), x.c(), Sub.c(), x.s(), x.p, super(Sub, x).f(), super(Sub, Sub).c())
print(Sub().f.__name__, Sub.c.__func__.__name__, Sup.__dict__["s"].__func__())
try: super().foo
except RuntimeError as e: print(e)
class G:
    def __class_getitem__(cls, k): return (cls.__name__, k)
print(G[int], G["x"])
class O:
    def __eq__(self, o): return NotImplemented
    def __lt__(self, o): return True
print(O() == 1, O() < 3, 3 > O())
try: O() > O()
except TypeError as e: print(e)
try: O() <= 3
except TypeError as e: print(e)
class H:
    def __hash__(self): return 2**70
print(hash(H()) == hash(2**70))
class N:
    __hash__ = None
try: {N(): 1}
except TypeError as e: print(e)
class W:
    def __getattribute__(self, n):
        if n == "boom": raise AttributeError("no " + n)
        return object.__getattribute__(self, n)
    def __getattr__(self, n): return "fallback " + n
    def __setattr__(self, n, v):
        object.__setattr__(self, n, v + 1)
    def __delattr__(self, n):
        print("delattr", n); object.__delattr__(self, n)
w = W(); w.a = 1; print(w.a, w.boom); del w.a; print(w.a)
class Call:
    def __call__(self, *a, **k): return a, k
print(Call()(1, 2, z=3))
class Ctx:
    def __enter__(self): print("enter"); return 7
    def __exit__(self, *a): print("exit", a[0]); return True
with Ctx() as v: print(v); raise ValueError
class Idx:
    def __index__(self): return 2
print([1,2,3][Idx()], "abc"[Idx():], range(10)[Idx()], hex(Idx()))
class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 3: raise StopIteration
        return self.n
print(list(It()), sum(It()), [*It()], max(It()))
class Seq:
    def __len__(self): return 3
    def __getitem__(self, i):
        if i >= 3: raise IndexError
        return i * 10
print(list(Seq()), 10 in Seq(), list(reversed(Seq())), Seq()[1], bool(Seq()))
class Fmt:
    def __format__(self, spec): return "F(" + spec + ")"
print(f"{Fmt():abc} {Fmt()}", format(Fmt(), "z"))
print(type("Dyn", (Sup,), {"v": 1})().v, type("Dyn", (Sup,), {}).__mro__)
print(A.__name__, A.__qualname__, A.__module__, A.__bases__, A.__base__, type(A), A.__dict__.keys() >= {"f"}, A.__doc__)
A.__name__ = "Renamed"; print(A, A.__name__)
def outer():
    class Inner:
        def m(self): pass
    return Inner
print(outer(), outer().m.__qualname__, outer().__qualname__)
