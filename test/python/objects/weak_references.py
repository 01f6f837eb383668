# Weak references, proxies, callbacks.
import _weakref as w
class A: pass
a = A()
r = w.ref(a); r2 = w.ref(a); print(r is r2, r() is a, w.getweakrefcount(a))
log = []
r3 = w.ref(a, lambda x: log.append(("cb", x is r3)))
r4 = w.ref(a, lambda x: log.append("cb4"))
p = w.proxy(a); p.x = 5; print(a.x, p.x, w.getweakrefcount(a))
del a
print(log, r(), r3())
try: p.x
except ReferenceError as e: print(e)
try: w.ref(5)
except TypeError as e: print(e)
class K(w.ref):
    def __new__(cls, o, cb, key):
        self = super().__new__(cls, o, cb); self.key = key; return self
    def __init__(self, o, cb, key): super().__init__(o, cb)
b = A(); k = K(b, None, "kk"); print(k.key, k() is b, hash(k) == hash(b), k == w.ref(b))
class S:
    __slots__ = ("a",)
try: w.ref(S())
except TypeError as e: print(e)
class S2:
    __slots__ = ("a", "__weakref__")
s = S2(); print(w.ref(s)() is s)
def f(): pass
print(w.ref(f)() is f, w.ref(A)() is A)
class D:
    def __del__(self): print("del", w.getweakrefcount(self))
d = D(); rd = w.ref(d, lambda x: print("wrcb", x())); del d
import gc
class C: pass
c = C(); c.me = c; rc = w.ref(c, lambda x: print("cycle cb", x())); del c; gc.collect(); print(rc())
