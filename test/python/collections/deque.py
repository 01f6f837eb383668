# collections.deque: both ends, rotation, maxlen, iteration, errors.
from collections import deque

d = deque([1, 2, 3])
d.append(4)
d.appendleft(0)
d.extend([5, 6])
d.extendleft([-1, -2])
print(d, len(d), d[0], d[-1], d[3], 5 in d, list(d), list(reversed(d)))
print(d.pop(), d.popleft(), d)
d.rotate(2)
print(d)
d.rotate(-3)
print(d)
d.rotate(100)
d.reverse()
print(d, d.index(3), d.count(3))
d.remove(3)
d.insert(1, "x")
d[0] = "first"
del d[2]
print(d, d.copy() == d, d == list(d), deque([1]) < deque([2]), deque("ab") + deque("c"), deque("ab") * 2)
m = deque(maxlen=3)
for i in range(6):
    m.append(i)
m.appendleft("left")
print(m, m.maxlen, deque(range(5), 2), deque([1], maxlen=None).maxlen, deque([1, 2], 0), repr(deque(maxlen=1)), m * 2)
m += [7, 8]
m.clear()
print(m, bool(m), deque("abc") != deque("abd"))
attempts = [
    lambda: deque().pop(),
    lambda: deque().popleft(),
    lambda: deque([1])[5],
    lambda: deque([1]).remove(2),
    lambda: deque([1]).index(2),
    lambda: deque(5),
    lambda: deque([], -1),
    lambda: deque([], "a"),
    lambda: hash(deque()),
    lambda: deque([1])[0:1],
    lambda: deque([1, 2], 2).insert(0, 3),
    lambda: deque() + [1],
    lambda: deque([1]) < [1],
    lambda: setattr(m, "maxlen", 5),
]
for attempt in attempts:
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
try:
    for x in (q := deque([1, 2, 3])):
        q.append(x)
except RuntimeError as e:
    print(e)
big = deque()
for i in range(1000):
    big.append(i)
    if i % 3 == 0:
        big.popleft()
print(len(big), big[0], big[-1], big[len(big) // 2], sum(big))
s = deque([1])
s.append(s)
print(s)


def josephus(n, k):
    ring = deque(range(1, n + 1))
    order = []
    while ring:
        ring.rotate(1 - k)
        order.append(ring.popleft())
    return order


print(josephus(10, 3), sorted(deque("cab")), [*deque("xy")], deque(x * x for x in range(4)))
