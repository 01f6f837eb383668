# Counter, OrderedDict, ChainMap, abstract base classes of containers.
import abc
from collections import *
from collections.abc import *


def t(f):
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__, e)


c=Counter('abracadabra'); print(c, c.most_common(2), c['z'], c+Counter('aab'), c-Counter('aaaaa'), c&Counter('ab'), c|Counter('zz'), sorted(c.elements()), c.total(), +c, -c)
c.update('aaa'); c.subtract({'a':2}); print(c)
print(Counter(a=1)<=Counter(a=2), Counter(a=1)==Counter(a=1,b=0), Counter(), Counter([1,1]))
t(lambda: Counter.fromkeys('ab')); t(lambda: Counter(5))
od=OrderedDict([('a',1),('b',2),('c',3)]); od.move_to_end('a'); print(od); od.move_to_end('c',last=False); print(od, od.popitem(), od.popitem(last=False), od)
t(lambda: od.move_to_end('zz')); t(lambda: OrderedDict().popitem()); print(OrderedDict(a=1,b=2)==OrderedDict(b=2,a=1), OrderedDict(a=1,b=2)==dict(b=2,a=1), list(reversed(OrderedDict(a=1,b=2))))
cm=ChainMap({'a':1},{'a':2,'b':3}); print(cm, cm['b'], cm['a'], list(cm), len(cm), cm.new_child({'c':4}), cm.parents); t(lambda: cm['q'])
class A(abc.ABC):
    @abc.abstractmethod
    def f(self): pass
t(A)
class B(A):
    def f(self): return 1
print(B().f(), isinstance([], Sequence), isinstance({}, Mapping), isinstance(5, Hashable), isinstance([], Hashable), issubclass(list, MutableSequence), isinstance(iter([]), Iterator), callable(len), isinstance(len, Callable), isinstance((i for i in ()), Generator))
class MyMap(Mapping):
    def __init__(s,d): s.d=d
    def __getitem__(s,k): return s.d[k]
    def __iter__(s): return iter(s.d)
    def __len__(s): return len(s.d)
m=MyMap({'x':1,'y':2}); print(list(m.items()), dict(m), m.get('q',5), 'x' in m, m=={'x':1,'y':2})
