# del, global, nonlocal, unbound names and the texts of NameError and UnboundLocalError.
x = "global"


def reads():
    return x


def writes():
    global x, created
    x, created = "changed", "made"


def shadows():
    x = "local"
    return x


def unbound():
    print(x)
    x = 1


def deleted():
    y = 1
    del y
    return y


def cell_unbound():
    def inner():
        return z

    if False:
        z = 1
    return inner()


def counter():
    n = 0

    def up(by=1):
        nonlocal n
        n += by
        return n

    def peek():
        return n

    return up, peek


print(reads(), shadows())
writes()
print(reads(), created)
for f in (unbound, deleted, cell_unbound, lambda: undefined_name, lambda: prinnt):
    try:
        f()
    except NameError as e:
        print(type(e).__name__, e)
up, peek = counter()
print(up(), up(5), peek(), up.__closure__[0].cell_contents, up.__code__.co_freevars)
del x
try:
    reads()
except NameError as e:
    print(e, e.name)
x = [1, 2, 3]
del x[0], x[-1:]
print(x)
a = b = c = []
a.append(1)
print(b, c is a)
del a, (b, [c])
print("a" in globals(), "b" in globals())
try:
    del never_there
except NameError as e:
    print(e)


class Scope:
    x = "class"
    y = x

    def method(self):
        return x


print(Scope().method(), Scope.y)


def comprehension_scope():
    i = "outer"
    squares = [i * i for i in range(3)]
    return i, squares, [lambda: i for i in range(3)][0]()


print(comprehension_scope())
try:
    raise ValueError("v")
except ValueError as err:
    pass
print("err" in globals())
print(sorted(k for k in locals() if k.startswith("S")), globals() is locals(), __name__)


def local_names():
    p, q = 1, 2
    return sorted(locals().items())


print(local_names())
exec("dynamic = 5")
print(dynamic, eval("dynamic + peek()"))
