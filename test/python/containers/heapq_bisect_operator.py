# Heaps, places in sorted sequences, operators as functions.
import bisect
import heapq
import operator


def t(f):
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__, e)


h=[5,3,8,1,9,2]
heapq.heapify(h); print(h)
heapq.heappush(h,0); print(h, heapq.heappop(h), h, heapq.heappushpop(h,4), heapq.heapreplace(h,7), h)
print(heapq.nlargest(3,h), heapq.nsmallest(2,h,key=lambda x:-x), list(heapq.merge([1,4],[2,3],[0,9])), list(heapq.merge([4,1],[3,2],reverse=True)))
t(lambda: heapq.heappop([])); t(lambda: heapq.heappush((),1)); t(lambda: heapq.heapify([1,'a']))
a=[1,2,2,3]
print(bisect.bisect(a,2), bisect.bisect_left(a,2), bisect.bisect_right(a,2,1,3), bisect.bisect_left([3,2,1],2,key=lambda x:-x))
bisect.insort(a,2.5); print(a); t(lambda: bisect.bisect(a,1,-1)); t(lambda: bisect.bisect('a'))
print(operator.itemgetter(1)([1,2]), operator.itemgetter(0,2)('abc'), operator.attrgetter('real','imag')(3), operator.methodcaller('upper')('x'), operator.methodcaller('split',',',maxsplit=1)('a,b,c'))
print(operator.itemgetter(1), operator.attrgetter('a.b'), operator.methodcaller('f',1,x=2), operator.add(1,2), operator.__add__(1,2), operator.countOf([1,1,2],1), operator.indexOf([1,2],2), operator.length_hint(iter([1,2])))
t(lambda: operator.indexOf([1],5)); t(lambda: operator.itemgetter()); t(lambda: operator.attrgetter(1)); t(lambda: operator.add(1)); t(lambda: operator.not_(0)); t(lambda: operator.is_(1,1))
