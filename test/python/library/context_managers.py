# contextlib: what goes wrong in exits and generators; classes made by types.
import contextlib, types
class R:
    def __init__(s, n, swallow=False, fail=None): s.n=n; s.s=swallow; s.f=fail
    def __enter__(s): print("enter", s.n); return s
    def __exit__(s, t, v, tb):
        print("exit", s.n, t and t.__name__, v)
        if s.f: raise s.f
        return s.s
def run(*specs, err=None):
    try:
        with contextlib.ExitStack() as st:
            for a in specs: st.enter_context(R(*a))
            if err: raise err
        print("done")
    except BaseException as e:
        print("raised", repr(e), repr(e.__context__), repr(e.__context__ and e.__context__.__context__))
run((1,), (2,)); run((1,), (2, True), err=ValueError(1)); run((1,), (2, False, KeyError(2)), err=ValueError(1)); run((1, True), (2, False, KeyError(2)), err=ValueError(1)); run((1, False, OSError(1)), (2, False, KeyError(2)))
@contextlib.contextmanager
def bad():
    yield 1
    yield 2
try:
    with bad(): pass
except RuntimeError as e: print(e)
@contextlib.contextmanager
def twice():
    try: yield 1
    except ValueError: yield 2
try:
    with twice(): raise ValueError("v")
except RuntimeError as e: print(e, repr(e.__context__))
@contextlib.contextmanager
def none():
    return
    yield
try:
    with none(): pass
except RuntimeError as e: print(e)
@contextlib.contextmanager
def passing():
    yield
for e in (StopIteration("x"), ValueError(3), RuntimeError("r"), GeneratorExit(), KeyboardInterrupt()):
    try:
        with passing(): raise e
    except BaseException as got: print(got is e, repr(got))
@contextlib.contextmanager
def change():
    try: yield
    except ValueError as e: raise KeyError("changed") from e
try:
    with change(): raise ValueError(1)
except KeyError as e: print(repr(e), repr(e.__cause__))
s = contextlib.ExitStack(); s.callback(print, "a"); t = s.pop_all(); s.close(); t.close()
print(types.resolve_bases((int,)), types.prepare_class("x", (int,), {"a": 1}))
class G:
    def __mro_entries__(self, b): return (int, )
print(types.resolve_bases((G(), list)), types.new_class("N", (G(),)).__orig_bases__ != (), types.LambdaType is types.FunctionType)
