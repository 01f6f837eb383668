# Generators: next, send, throw, close, return values, state attributes, misuse.
log = []


def gen():
    try:
        x = yield 1
        log.append(("got", x))
        y = yield x * 2 if x else 0
        log.append(("got", y))
    except ValueError as e:
        log.append(("caught", str(e)))
        yield "handled"
    finally:
        log.append("finally")
    return "result"


g = gen()
print(next(g), g.send(21))
try:
    next(g)
except StopIteration as e:
    print("stop", e.value, log)
print(next(g, "exhausted"), list(g))
log.clear()
g = gen()
next(g)
print(g.throw(ValueError("thrown")), next(g, "end"), log)
log.clear()
g = gen()
next(g)
print(g.close(), log, g.close(), next(g, "closed"))
g = gen()
for attempt in (lambda: g.send(5), lambda: g.throw(KeyError("k")), lambda: next(g), lambda: g.throw(5), lambda: gen().throw(KeyError), lambda: gen()(), lambda: len(gen()), lambda: gen()[0], lambda: gen().send()):
    try:
        print(attempt())
    except BaseException as e:
        print(type(e).__name__, e)


def ignores_close():
    while True:
        try:
            yield
        except GeneratorExit:
            pass


g = ignores_close()
next(g)
try:
    g.close()
except RuntimeError as e:
    print(e)


def stops():
    yield 1
    raise StopIteration("inner")


g = stops()
next(g)
try:
    next(g)
except RuntimeError as e:
    print(e, repr(e.__cause__))


def reenters():
    yield next(me)


me = reenters()
try:
    next(me)
except ValueError as e:
    print(e)


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


def take(n, it):
    for _, x in zip(range(n), it):
        yield x


print(list(take(15, fib())), sum(take(10, fib())), max(take(5, fib())), tuple(take(3, "abc")), 8 in fib())
ge = (x * y for x in range(3) for y in range(x) if x != y)
print(next(ge), list(ge), sum(i for i in range(5)), dict((k, v) for k, v in zip("ab", "cd")), "".join(c.upper() for c in "gen"))
g = gen()
print(g.gi_running, g.gi_frame is not None, g.gi_yieldfrom, g.__name__, g.__qualname__, g.gi_code.co_name, iter(g) is g, type(g).__name__)
list(g)
print(g.gi_frame)


def reads_env(n):
    total = 0
    for i in range(n):
        total += (yield total) or 0
    return total


g = reads_env(4)
g.send(None)
print([g.send(i) for i in (1, 2, 3)])
try:
    g.send(10)
except StopIteration as e:
    print(e.value)


def early():
    return 5
    yield


try:
    next(early())
except StopIteration as e:
    print(e.value, list(early()))
print([*early()])
