# Library modules written in Python: copies_warnings.
import copy, keyword, numbers, warnings, sys
class A:
    def __init__(self, x): self.x = x
    def __repr__(self): return f"A({self.x!r})"
a = A([1,2]); b = copy.copy(a); c = copy.deepcopy(a); a.x.append(3)
print(a, b, c, b.x is a.x)
l = [1, [2]]; l.append(l); d = copy.deepcopy(l); print(d[2] is d, d)
t = ([1], 2); print(copy.copy(t) is t, copy.deepcopy(t) == t, copy.deepcopy(t) is t, copy.deepcopy((1,2)) )
class S:
    __slots__ = ('a', 'b')
s = S(); s.a = [1]; u = copy.deepcopy(s); s.a.append(2); print(u.a, hasattr(u, 'b'), copy.copy(s).a)
class C:
    def __copy__(self): return "copied"
    def __deepcopy__(self, memo): return "deep"
print(copy.copy(C()), copy.deepcopy([C()]))
from collections import deque, OrderedDict, defaultdict, Counter
print(copy.copy(deque([1,2])), copy.deepcopy(deque([[1]])), copy.copy(OrderedDict(a=1)), copy.deepcopy(defaultdict(list, {1: [2]})), copy.copy(Counter("aab")), copy.deepcopy({1: {2, 3}, 'k': frozenset([1])}))
class L(list): pass
x = L([1]); x.attr = 5; y = copy.copy(x); print(y, y.attr, type(y))
e = ValueError("x", 1); print(repr(copy.copy(e)))
class D(dict): pass
print(copy.deepcopy(D(a=[1])), copy.copy(range(3)), copy.copy(len), copy.deepcopy(A))
import threading
try: copy.copy(threading.Lock())
except TypeError as e: print(e)
try: copy.deepcopy((i for i in ()))
except TypeError as e: print(e)
print(keyword.iskeyword("if"), keyword.iskeyword("x"), keyword.kwlist[:3], keyword.issoftkeyword("match"))
print(isinstance(1, numbers.Integral), isinstance(1.5, numbers.Real), isinstance(1j, numbers.Real), isinstance(True, numbers.Number), isinstance("", numbers.Number), issubclass(int, numbers.Rational))
warnings.warn("careful")
warnings.warn("careful")
def f(): warnings.warn("dep", DeprecationWarning, stacklevel=2)
f()
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    warnings.warn("rec"); warnings.warn("rec")
    print(len(w), w[0].message, w[0].category, w[0].lineno)
warnings.simplefilter("error")
try: warnings.warn("err", RuntimeWarning)
except RuntimeWarning as e: print("raised", e)
warnings.filterwarnings("ignore", "quiet")
warnings.warn("quiet please")
try: warnings.warn("x", int)
except TypeError as e: print(e)
