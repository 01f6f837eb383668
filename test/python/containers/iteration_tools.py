# functools, itertools, aliases of builtin classes, the old sequence protocol.
import functools
import itertools
from collections import *


def t(f):
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__, e)


@functools.total_ordering
class V:
    def __init__(s,v): s.v=v
    def __eq__(s,o): return s.v==o.v
    def __lt__(s,o): return s.v<o.v
print(V(1)<=V(1), V(2)>V(1), V(1)>=V(2))
print(sorted([3,1,2], key=functools.cmp_to_key(lambda a,b:b-a)))
print([list(g) for k,g in itertools.groupby([1,1,2,3,3])], list(itertools.accumulate([1,2,3],initial=10)), list(itertools.zip_longest([1],[2,3],fillvalue=0)), list(itertools.pairwise('abc')))
x,y=itertools.tee(iter(range(5))); print(list(x),list(y))
print(list(itertools.islice(itertools.cycle('ab'),5)), list(itertools.starmap(pow,[(2,3)])), list(itertools.chain.from_iterable(['ab','cd'])), itertools.count(3,2), itertools.repeat(1,2))
d=defaultdict(list); d['a'].append(1); print(d, d.copy(), d|{'b':2}, type(d|{}))
print(deque([1,2,3],maxlen=2), deque('abc')==deque('abc'), deque([1])<deque([2]), deque([1,2])*2, deque([1])+deque([2]))
print(list[int], dict[str,list[int]], tuple[int,...], deque[int], list[int]==list[int], list[int].__origin__)
UD=UserDict({'a':1}); print(UD, UD['a'], UserList([1,2])+[3])
class E:
    def __getitem__(s,i):
        if i>3: raise IndexError
        return i*i
print(list(E()), 4 in E(), list(reversed([1,2])), list(iter(lambda it=iter([1,2,0,4]): next(it), 0)))
