# yield from: delegation of send, throw, close and the return value; recursion; any iterable.
log = []


def inner(name):
    try:
        while True:
            x = yield name
            log.append((name, x))
            if x == "stop":
                return name + " returned"
    except ValueError as e:
        log.append((name, "caught", str(e)))
        return "from except"
    finally:
        log.append((name, "finally"))


def outer():
    a = yield from inner("one")
    b = yield from inner("two")
    yield (a, b)
    yield from [1, 2]
    yield from "xy"
    c = yield from range(2)
    return c


g = outer()
print(next(g), g.send("hello"), g.send("stop"), g.throw(ValueError("v")), list(g))
print(log)
log.clear()
g = outer()
next(g)
print(g.gi_yieldfrom.__name__)
g.close()
print(log)
log.clear()
g = outer()
next(g)
try:
    g.throw(KeyError("through"))
except KeyError as e:
    print("escaped", e, log)


class Tree:
    def __init__(self, value, *children):
        self.value, self.children = value, children

    def __iter__(self):
        yield self.value
        for child in self.children:
            yield from child


print(list(Tree(1, Tree(2, Tree(3)), Tree(4))))


def flatten(x):
    for item in x:
        if isinstance(item, (list, tuple)):
            yield from flatten(item)
        else:
            yield item


print(list(flatten([1, [2, (3, [4, []]), 5], [[[6]]]])))


def averager():
    total = count = 0
    while (x := (yield)) is not None:
        total += x
        count += 1
    return total / count


def grouper(results, key):
    while True:
        results[key] = yield from averager()


results = {}
for key, values in (("a", [1, 2, 3]), ("b", [10.5, 20])):
    g = grouper(results, key)
    next(g)
    for v in values:
        g.send(v)
    g.send(None)
print(results)


def not_iterable():
    yield from 5


try:
    next(not_iterable())
except TypeError as e:
    print(e)


class It:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration("value from iterator")


def from_iterator():
    x = yield from It()
    print("x =", x)
    yield


next(from_iterator())


def plain_send():
    yield from iter([1, 2])


g = plain_send()
next(g)
try:
    g.send("x")
except AttributeError as e:
    print(e)


def hanoi(n, a, b, c):
    if n:
        yield from hanoi(n - 1, a, c, b)
        yield a + b
        yield from hanoi(n - 1, c, b, a)


print(" ".join(hanoi(4, "A", "B", "C")))


def depth(n):
    if n:
        yield from depth(n - 1)
    yield n


print(sum(depth(200)))
