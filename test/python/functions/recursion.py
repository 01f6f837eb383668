# Recursion: limits, mutual recursion, deep structures, and RecursionError is catchable.
import sys


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def hanoi(n, a, b, c):
    return 0 if n == 0 else hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)


def ackermann(m, n):
    if m == 0:
        return n + 1
    return ackermann(m - 1, 1 if n == 0 else ackermann(m, n - 1))


def permutations(items):
    if len(items) < 2:
        return [items]
    return [[x] + p for i, x in enumerate(items) for p in permutations(items[:i] + items[i + 1 :])]


print(depth(500), hanoi(10, "a", "b", "c"), ackermann(2, 5), len(permutations([1, 2, 3, 4, 5])), permutations([1, 2, 3]))


def forever(n=0):
    return forever(n + 1)


for attempt in range(2):
    try:
        forever()
    except RecursionError as e:
        print(type(e).__name__, e)


class Loop:
    def __getattr__(self, name):
        return getattr(self, name)

    def __repr__(self):
        return repr(self)

    def __eq__(self, other):
        return self == other


for action in (lambda: Loop().x, lambda: repr(Loop()), lambda: Loop() == 1):
    try:
        action()
    except RecursionError as e:
        print(str(e)[:32])
print(sys.getrecursionlimit())
sys.setrecursionlimit(3000)
print(depth(2500))
sys.setrecursionlimit(1000)
try:
    depth(2500)
except RecursionError:
    print("limited again")
for wrong in (0, -1):
    try:
        sys.setrecursionlimit(wrong)
    except ValueError as e:
        print(e)


def flatten(x):
    return [z for y in x for z in flatten(y)] if isinstance(x, list) else [x]


nested = 0
for _ in range(100):
    nested = [nested, 1]
print(len(flatten(nested)), sum(flatten(nested)))


def cleanup(n, out):
    try:
        if n:
            cleanup(n - 1, out)
        else:
            raise KeyError("bottom")
    finally:
        out.append(n)


out = []
try:
    cleanup(50, out)
except KeyError as e:
    print(e, out == list(range(51)))
