# Objects whose special methods change the containers that call them.
class Shrinks:
    def __init__(self, target):
        self.target = target

    def __eq__(self, other):
        self.target.clear()
        return False

    def __hash__(self):
        return 1

    def __lt__(self, other):
        self.target.clear()
        return True

    def __repr__(self):
        self.target.clear()
        return "Shrinks"

    def __index__(self):
        self.target.clear()
        return 0

    def __del__(self):
        self.target.append("from __del__") if isinstance(self.target, list) else None

    def __str__(self):
        self.target.clear()
        return "str"

    def __len__(self):
        self.target.clear()
        return 2

    def __iter__(self):
        for i in range(3):
            self.target.clear()
            yield i


def fresh():
    a = [1, 2, 3]
    a += [Shrinks(a)]
    a += [4, 5]
    return a


def guarded(action):
    try:
        return action()
    except (ValueError, IndexError, RuntimeError, KeyError, TypeError) as e:
        return type(e).__name__, str(e)


def each():
    a = fresh()
    yield "index", lambda: a.index(99)
    b = fresh()
    yield "count", lambda: b.count(99)
    c = fresh()
    yield "in", lambda: 99 in c
    d = fresh()
    yield "remove", lambda: d.remove(99)
    e = fresh()
    yield "repr", lambda: repr(e)
    f = fresh()
    yield "sort", lambda: f.sort(key=lambda x: 0 if isinstance(x, int) else x.__len__())
    g = fresh()
    yield "compare", lambda: g == [1, 2, 3, 99, 4, 5]
    h = fresh()
    yield "subscript", lambda: h[h[3]]
    i = fresh()
    yield "delete slice", lambda: i.__delitem__(slice(0, i[3]))
    j = fresh()
    yield "set slice", lambda: j.__setitem__(slice(0, 2), j[3])
    k = fresh()
    yield "extend", lambda: k.extend(k[3])
    l = fresh()
    yield "join", lambda: ",".join(map(str, l))
    m = fresh()
    yield "max", lambda: max([m[3]] + m, key=lambda x: 5)
    n = fresh()
    yield "insert", lambda: n.insert(n[3], "x")
    o = fresh()
    yield "multiply", lambda: o * o[3]
    p = fresh()
    yield "pop", lambda: p.pop(p[3])


for label, action in each():
    print(label, guarded(action))
d = {}


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 7

    def __eq__(self, other):
        d.clear()
        return self is other


for step in ("set", "get", "contains", "pop", "setdefault", "delete"):
    d.clear()
    d[Key(1)] = 1
    action = {
        "set": lambda: d.__setitem__(Key(2), 2),
        "get": lambda: d.get(Key(2), "none"),
        "contains": lambda: Key(2) in d,
        "pop": lambda: d.pop(Key(2), "none"),
        "setdefault": lambda: d.setdefault(Key(2), "default"),
        "delete": lambda: d.__delitem__(Key(2)),
    }[step]
    result = guarded(action)
    print(step, result if not isinstance(result, tuple) else result[0], len(d))


class Hash:
    def __hash__(self):
        s.clear()
        return 3

    def __eq__(self, other):
        s.add(len(s))
        return False


s = set()
for _ in range(3):
    s.add(Hash())
print(len(s) >= 1)


class Gone:
    def __del__(self):
        bag[:] = ["replaced by __del__"]


bag = [Gone(), 2, 3]
bag[0] = None
print(bag)
bag = [Gone()]
bag += [1]
bag.pop(0)
print(bag)
bag = [Gone(), Gone()]
del bag[:]
print(bag)


class Attr:
    def __getattribute__(self, name):
        object.__getattribute__(self, "__dict__").clear()
        return object.__getattribute__(self, name)


a = Attr()
a.x = 1
print(guarded(lambda: getattr(a, "x", "cleared")))


class Descr:
    def __get__(self, o, t=None):
        if "d" in t.__dict__:
            del t.d
        return "got"


class Host:
    d = Descr()


print(Host().d, guarded(lambda: getattr(Host(), "d", "deleted")))
