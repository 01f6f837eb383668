# When and in which order objects die (R6-R9, R12, R14, R17, R19).
class D:
    def __init__(self, name, *children):
        self.name, self.children = name, children

    def __del__(self):
        print("del", self.name, end="; ")


def end(label):
    print("|", label)


x = D("rebound")
x = D("new")
end("rebinding stores before dropping")
del x
end("del")


def locals_die(p, q):
    l1, l2 = D("l1"), D("l2")
    l1


locals_die(D("p"), D("q"))
end("arguments, then locals in slot order")
items = [D("i%d" % i) for i in range(4)]
del items
end("list")
t = tuple(D("t%d" % i) for i in range(3))
del t
end("tuple")
d = {k: D(k) for k in "abc"}
del d
end("dict")
items = [D("s%d" % i) for i in range(5)]
items[1:4] = []
end("slice assignment")
items.clear()
end("clear")
o = D("outer")
o.first, o.second = D("first"), D("second")
del o
end("attributes")


class Tree:
    def __init__(self, name, left=None, right=None):
        self.name, self.left, self.right = name, left, right

    def __del__(self):
        print(self.name, end=" ")


tree = Tree(1, Tree(2, Tree(4), Tree(5)), Tree(3, Tree(6), Tree(7)))
del tree
end("tree")
D("temporary")
end("temporary")
[D("elem"), 5][1]
end("subscript of a temporary")


def returns():
    keep, drop = D("keep"), D("drop")
    return keep


r = returns()
end("returned")
r = None
end("dropped")


def generator():
    g = D("in generator")
    try:
        yield 1
    finally:
        print("finally", end="; ")


g = generator()
next(g)
del g
end("suspended generator")
try:
    e = D("in handler")
    raise ValueError(e)
except ValueError as error:
    del e
    print("handling", end="; ")
end("after the handler")


def raises():
    local = D("local of the raising frame")
    raise KeyError


try:
    raises()
except KeyError:
    print("handling", end="; ")
end("traceback kept it")
lst = [D("old")]
lst[0] = D("replacement")
end("item assignment")
lst.pop()
end("pop result dropped")
a = D("a")
b = a
del a
end("another name holds it")
del b
end("now")
for v in (D("loop1"), D("loop2")):
    print("body", v.name, end="; ")
end("loop over a tuple")
del v
end("loop variable")
c = [D("comp%d" % i) for i in range(2)] and None
end("comprehension result")


class Resurrect:
    def __del__(self):
        print("resurrecting", end="; ")
        globals()["back"] = self


Resurrect()
end("once")
del back
end("second death is silent")
chain = None
for i in range(5):
    chain = D("link%d" % i, chain)
chain = None
end("chain")
deep = None
for i in range(100000):
    deep = [deep]
del deep
end("a deep list dies without recursion")
last1 = D("global first")
last2 = D("global second")
print("end of program")
