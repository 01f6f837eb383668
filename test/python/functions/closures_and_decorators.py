# Closures share cells; decorators apply bottom up; factories; recursion; function attributes.
def make(start):
    value = start

    def get():
        return value

    def set_(new):
        nonlocal value
        old, value = value, new
        return old

    return get, set_


g1, s1 = make(1)
g2, s2 = make(10)
print(s1(5), g1(), g2(), s2(7), g2(), g1())


def deep():
    a = 1

    def level1():
        b = 2

        def level2():
            nonlocal a
            c = a + b
            a += 10
            return lambda: (a, b, c)

        return level2

    return level1()()


print(deep()())
log = []


def decorator(tag):
    log.append("make " + tag)

    def wrap(f):
        log.append("apply " + tag)

        def wrapped(*args, **kwargs):
            log.append("enter " + tag)
            try:
                return f(*args, **kwargs) + tag
            finally:
                log.append("exit " + tag)

        wrapped.__name__ = f.__name__ + "_" + tag
        return wrapped

    return wrap


@decorator("outer")
@decorator("inner")
def greet(name, punctuation="!"):
    return name + punctuation


print(greet("hi"), greet("ho", punctuation="?"), greet.__name__)
print(*log)


def memoize(f):
    cache = {}

    def inner(n):
        if n not in cache:
            cache[n] = f(n)
        return cache[n]

    inner.cache = cache
    return inner


@memoize
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(90), len(fib.cache))


def compose(*fs):
    def composed(x):
        for f in reversed(fs):
            x = f(x)
        return x

    return composed


print(compose(str, lambda x: x + 1, lambda x: x * 2)(5), [f(3) for f in (lambda n: (lambda m: n + m) for _ in "a") for f in [f(4)]])


def counter():
    counter.calls += 1
    return counter.calls


counter.calls = 0
counter()
print(counter(), counter.__qualname__, make.__qualname__, g1.__qualname__, (lambda: 0).__qualname__, deep().__qualname__)


@lambda f: f()
def called_at_once():
    return "value"


print(called_at_once)
even = lambda n: True if n == 0 else odd(n - 1)
odd = lambda n: False if n == 0 else even(n - 1)
print(even(100), odd(7), (lambda f: f(f, 5))(lambda f, n: 1 if n == 0 else n * f(f, n - 1)))
print(repr(make)[:14], repr(len), repr([].append)[:38], repr(print), callable(make), callable(5), type(make).__name__, type(len).__name__, type([].append).__name__)
try:
    make.nothing
except AttributeError as e:
    print(e)
