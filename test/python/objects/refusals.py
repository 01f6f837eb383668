# What attribute access, calls and classes refuse, and how they say it.
def t(f, *a):
    try: print(f(*a))
    except BaseException as e: print(type(e).__name__, e)
class A:
    x = 1
    def m(self, a): pass
a = A()
t(lambda: a.nope); t(lambda: A.nope); t(lambda: (1).foo); t(lambda: None.bar); t(lambda: len.zip)
def s():
    A.y.z
t(s)
def s2(): a.m()
t(s2)
def s3(): a.m(1, 2)
t(s3)
def s4(): A.m(1)
t(s4)
def s5(): object().x = 1
t(s5)
def s6(): (1).real = 3
t(s6)
def s7(): int.foo = 1
t(s7)
def s8(): del A.zz
t(s8)
def s9(): del a.zz
t(s9)
t(lambda: [].append()); t(lambda: [].append(1, 2)); t(lambda: [].append(x=1)); t(lambda: list.append()); t(lambda: list.append(1, 2)); t(lambda: len()); t(lambda: len(1, 2))
t(lambda: object(1)); t(lambda: A(1)); t(lambda: int.__add__(1)); t(lambda: int.__add__("a", 1)); t(lambda: int.__new__()); t(lambda: int.__new__(str)); t(lambda: object.__new__(int)); t(lambda: object.__new__(5))
t(lambda: type()); t(lambda: type(1, 2)); t(lambda: type("a", 1, {})); t(lambda: type(1, (), {})); t(lambda: type("x", (1,), {})); t(lambda: type("x", (bool,), {})); t(lambda: type("X", (A, A), {}))
class B(A): pass
t(lambda: type("X", (A, B), {}))
t(lambda: super(1)); t(lambda: super(A, 1)); t(lambda: super())
t(lambda: isinstance(1, 1)); t(lambda: issubclass(1, int)); t(lambda: issubclass(int, 1)); t(lambda: isinstance(1, (int, 1))); t(lambda: isinstance("a", (int, 1)))
t(lambda: property().__get__(a)); 
class P:
    @property
    def p(self): return 1
    q = property(lambda self: self.missing)
def s10(): P().p = 1
t(s10)
def s11(): del P().p
t(s11)
t(lambda: P().q)
t(lambda: ValueError(x=1)); t(lambda: OSError(2, "No", "f")); t(lambda: repr(OSError(2, "No", "f"))); t(lambda: type(OSError(2, "x")).__name__); t(lambda: KeyError("a")); t(lambda: str(KeyError("a", "b"))); t(lambda: str(KeyError()))
t(lambda: StopIteration(3).value); t(lambda: SystemExit(3).code); t(lambda: ImportError("m", name="n", path="p").name); t(lambda: NameError("m", name="n").name); t(lambda: AttributeError("m", name="n", obj=3).obj)
t(lambda: UnicodeDecodeError("utf-8", b"abc\xff", 3, 4, "bad")); t(lambda: UnicodeEncodeError("ascii", "a\u1234", 1, 2, "no")); t(lambda: SyntaxError("m", ("f", 1, 2, "t"))); t(lambda: SyntaxError("m", ("f", 1, 2, "t")).lineno)
t(lambda: UnicodeDecodeError(1)); t(lambda: BaseException(1, 2).args); t(lambda: Exception("a").with_traceback(3))
e = ValueError("x"); e.add_note("n1"); t(lambda: e.__notes__); t(lambda: e.add_note(3))
def s12(): e.__cause__ = 3
t(s12)
def s13(): e.args = 3
t(s13)
def s14(): e.__traceback__ = 3
t(s14)
def s15(): raise 3
t(s15)
def s16(): raise ValueError from 3
t(s16)
def s17(): raise A
t(s17)
t(lambda: a()); t(lambda: a[1]); t(lambda: a + 1); t(lambda: -a); t(lambda: len(a)); t(lambda: iter(a)); t(lambda: next(a)); t(lambda: a < a); t(lambda: hash([])); t(lambda: a in a); t(lambda: int(a)); t(lambda: float(a)); t(lambda: abs(a)); t(lambda: a @ a); t(lambda: a ** 2); t(lambda: divmod(a, 1)); t(lambda: round(a)); t(lambda: reversed(a)); t(lambda: {**1}); t(lambda: [*a])
def s18():
    with a: pass
t(s18)
def s19():
    for i in a: pass
t(s19)
def s20(): a[1] = 2
t(s20)
def s21(): del a[1]
t(s21)
def s22(): x, y = a
t(s22)
def s23(): a.__class__ = int
t(s23)
def s24(): a.__class__ = 5
t(s24)
def s25(): a.__dict__ = 5
t(s25)
def s26(): A.__bases__ = ()
t(s26)
def s27(): A.__name__ = 3
t(s27)
def s28(): A.__dict__["z"] = 1
t(s28)
print(A.__dict__["x"], type(A.__dict__), a.__class__, A.__subclasses__(), B.mro(), B.__mro__)
print([n for n in dir(a) if not n.startswith("__")], dir(A)[:3], A.__weakref__, A.__dict__["__dict__"])
print(int.__add__, (1).__add__.__name__, list.append, [].append.__name__, len, type.__call__, object.__init__, int.real, type(a.m).__name__, type(len).__name__, type(int.real).__name__, type(int.__add__).__name__, type((1).__add__).__name__, type(dict.__dict__["fromkeys"]).__name__, type(A.__dict__["__weakref__"]).__name__)
f = lambda x, y=2, *z, k=3, **kw: 0
print(f.__name__, f.__qualname__, f.__defaults__, f.__kwdefaults__, f.__code__.co_name, f.__module__, f.__doc__, f.__annotations__, f.__closure__, f.__dict__)
f.attr = 1; print(f.attr, f.__dict__); f.__name__ = "nf"; f.__defaults__ = (9,); print(f.__name__, f.__defaults__)
def s29(): f.__name__ = 3
t(s29)
def s30(): f.__code__ = 3
t(s30)
m = a.m; print(m.__self__ is a, m.__func__ is A.m, m == a.m, m is a.m, hash(m) == hash(a.m), m.__name__)
print(A.m.__get__(a), A.m.__get__(None, A)) if 0 else None
import sys
print(sys, type(sys), sys.__name__, type(sys)("mm", "doc").__doc__, type(sys)("mm"))
t(lambda: sys.nope)
