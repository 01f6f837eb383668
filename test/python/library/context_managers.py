# Library modules written in Python: context_managers.
import contextlib, types, sys
@contextlib.contextmanager
def m(x):
    print("in", x)
    try: yield x*2
    except ValueError as e: print("swallow", e)
    finally: print("out")
with m(2) as y: print(y)
with m(3): raise ValueError("v")
try:
    with m(3): raise KeyError("k")
except KeyError as e: print("key", e)
@contextlib.contextmanager
def bad(): 
    if 0: yield
try:
    with bad(): pass
except RuntimeError as e: print(e)
@contextlib.contextmanager
def twice():
  yield
  yield
try:
    with twice(): pass
except RuntimeError as e: print(e)
with contextlib.suppress(KeyError, IndexError): {}[1]
class T:
    def close(self): print("closed")
with contextlib.closing(T()) as t: print(type(t).__name__)
with contextlib.nullcontext(5) as n: print(n)
with contextlib.ExitStack() as st:
    st.callback(print, "cb1", end="!\n"); st.enter_context(m(9)); st.push(lambda *a: print("pushed", a[0]))
    st.callback(print, "cb2")
try:
    with contextlib.ExitStack() as st:
        st.callback(lambda: 1/0)
        raise ValueError("orig")
except ZeroDivisionError as e: print(repr(e), repr(e.__context__))
try: contextlib.ExitStack().enter_context(5)
except TypeError as e: print(e)
@m(7)
def deco(a): print("deco", a)
deco(1); deco(2)
try:
    with m(1): raise StopIteration(3)
except StopIteration as e: print("SI", e.value)
import io
b = io.StringIO()
with contextlib.redirect_stdout(b): print("hidden")
print(repr(b.getvalue()))
print(types.SimpleNamespace(a=1), types.FunctionType, types.GeneratorType, types.MappingProxyType({}), types.MethodType, types.ModuleType("x"), types.CodeType, types.NoneType, types.GenericAlias, types.UnionType, types.CellType, types.TracebackType, types.FrameType, types.BuiltinFunctionType, types.GetSetDescriptorType, types.CoroutineType)
C = types.new_class("C", (int,), {}, lambda ns: ns.update(x=1)); print(C.x, C(5)+1, C)
def add(self, n): return self.v + n
o = types.SimpleNamespace(v=3); print(types.MethodType(add, o)(4))
