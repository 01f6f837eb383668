# Addresses of dead objects are reused by the next object of the same kind (R26); shared constants (R23-R25).
def reused(make):
    first = make()
    address = id(first)
    del first
    second = make()
    return id(second) == address


class C:
    pass


for name, make in (("list", lambda: []), ("dict", lambda: {}), ("object", object), ("set", lambda: {1}), ("instance", C), ("tuple", lambda: (C,))):
    print(name, reused(make))
print(id(1) == id(1), id("name") == id("name"), id(()) == id(tuple()), id([]) == id([]), id(None) == id(None))
a = object()
b = object()
print(id(a) != id(b), a is not b, id(a) % 16, id(b) % 16)
x = [1]
print(id(x) == id(x), x is x, [id(x)] == [id(y) for y in (x,)])
before = id(x)
x.extend(range(1000))
x.clear()
print(id(x) == before)
x += [1]
print(id(x) == before)
x = x + [1]
print(id(x) == before, isinstance(id(x), int), id(x) > 0)


def constants():
    return 1000, 1000, "some text", (1, 2)


p, q = constants(), constants()
print(p[0] is p[1], p[0] is q[0], p[2] is q[2], p[3] is q[3])
