# types, weakref, traceback, contextlib.
import types, weakref, traceback, contextlib, sys, gc
print(types.FunctionType, types.MethodType, types.SimpleNamespace(a=1), types.ModuleType("m").__name__, types.MappingProxyType({"a": 1}), types.GeneratorType.__name__, types.CellType, types.CodeType, types.TracebackType, types.NoneType, types.UnionType)
C = types.new_class("C", (), {}, lambda ns: ns.update(x=3)); print(C.x, C.__name__)
def f():
    g()
def g():
    raise ValueError("boom")
try: f()
except ValueError as e:
    print(traceback.format_exc())
    print([tuple(x) for x in traceback.extract_tb(e.__traceback__)])
    print(traceback.format_exception_only(e), traceback.format_exception(e)[0], len(traceback.format_tb(e.__traceback__)))
    traceback.print_exc(file=sys.stdout)
    print(traceback.extract_tb(e.__traceback__)[-1])
    print("".join(traceback.format_exception(type(e), e, e.__traceback__)))
class A: pass
d = weakref.WeakValueDictionary(); a = A(); d["k"] = a; print(len(d), "k" in d, d["k"] is a); del a; print(len(d), "k" in d, d.get("k"))
k = A(); wk = weakref.WeakKeyDictionary(); wk[k] = 1; print(len(wk), k in wk); del k; print(len(wk))
s = weakref.WeakSet(); x = A(); s.add(x); print(len(s), x in s); del x; print(len(s))
class M:
    def m(self): return "m"
o = M(); wm = weakref.WeakMethod(o.m); print(wm()()); del o; print(wm())
z = A(); fin = weakref.finalize(z, print, "finalized", 1); print(fin.alive); del z; print(fin.alive)
z2 = A(); f2 = weakref.finalize(z2, print, "at exit")
@contextlib.contextmanager
def cm(v):
    print("in", v)
    try: yield v
    except KeyError: print("swallowed")
    finally: print("out")
with cm(1) as v: print(v)
with cm(2): raise KeyError
try:
    with cm(3): raise TypeError("t")
except TypeError as e: print(e)
with contextlib.suppress(ZeroDivisionError): 1/0
with contextlib.ExitStack() as st:
    st.enter_context(cm("a")); st.callback(print, "cb"); st.enter_context(cm("b"))
class Cl:
    def close(self): print("closed")
with contextlib.closing(Cl()) as c: pass
with contextlib.nullcontext(5) as n: print(n)
@cm("deco")
def ff(): print("ff")
ff()
import io
buf = io.StringIO() if hasattr(io, "StringIO") else None
if buf:
    with contextlib.redirect_stdout(buf): print("hidden")
    print(repr(buf.getvalue()))
