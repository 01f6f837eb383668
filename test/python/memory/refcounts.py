# sys.getrefcount (R3, R4) over names, containers, arguments, deletion.
import sys

rc = sys.getrefcount
x = []
print(rc(x))
y = x
print(rc(x))
d = {"k": x}
print(rc(x))
t = (x, x)
print(rc(x))
del y
print(rc(x))
del d, t
print(rc(x), rc(object()), rc([]))


def f(arg):
    return rc(arg)


def g(arg):
    other = arg
    return rc(arg), rc(other)


class O:
    def m(self):
        return rc(self)


print(f(x), g(x), f([]))
o = O()
print(rc(o), o.m(), O().m())
bound = o.m
print(rc(o), bound())
del bound
o.self = o
print(rc(o))
del o.self
print(rc(o))


def many():
    a = [object()]
    b = a
    c = [a, a, (a,)]
    before = rc(a)
    del b
    return before, rc(a), rc(c)


print(many())
z = [x for _ in range(10)]
print(rc(x))
z.clear()
print(rc(x))
try:
    raise ValueError(x)
except ValueError as e:
    print(rc(x), e.args[0] is x)
print(rc(x))
lam = lambda: x
print(rc(x), lam() is x)


def closure():
    v = []
    h = lambda: v
    return rc(v), h


n, h = closure()
print(n, rc(h()))
gen = (i for i in [x, x])
next(gen)
print(rc(x))
gen.close()
print(rc(x))
big = 10**30
print(rc(big), rc(3) > 100, rc(None) > 100, rc("") > 2)
s = "".join(["run", "time"])
print(rc(s), rc(sys.intern(s)) >= 2)
it = iter(x)
print(rc(x))
del it
print(rc(x))
a = x
a = None
print(rc(x))
for loop in [x]:
    print(rc(x))
del loop
print(rc(x), rc(x.append), rc(f))
x[:] = [x]
print(rc(x))
x.clear()
print(rc(x))
