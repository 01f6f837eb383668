# Keys with __hash__ and __eq__ of their own; errors inside them; __missing__; subclasses.
class Key:
    def __init__(self, name, h):
        self.name, self.h = name, h

    def __hash__(self):
        return self.h

    def __eq__(self, other):
        log.append((self.name, getattr(other, "name", other)))
        return isinstance(other, Key) and self.name == other.name

    def __repr__(self):
        return self.name


log = []
d = {Key("a", 1): 1, Key("b", 1): 2, Key("c", 9): 3}
print(d, log)
log.clear()
print(d[Key("b", 1)], log)
log.clear()
print(Key("zz", 2) in d, log, Key("a", 1) in d)
d[Key("a", 1)] = "changed"
print(d, len(d))
k = Key("same", 5)
d[k] = 1
log.clear()
print(d[k], log)


class Bad:
    def __hash__(self):
        raise ValueError("no hash")


class Worse:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise ValueError("no eq")


class NoHash:
    def __eq__(self, other):
        return True


class Wrong:
    def __hash__(self):
        return "x"


class Huge:
    def __hash__(self):
        return 2**200 + 3


for key in (Bad(), Worse(), NoHash(), Wrong(), Huge()):
    try:
        print(type(key).__name__, d.get(key, "absent"))
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
print(hash(Huge()) == hash(2**200 + 3), hash(Key("x", -1)))


class Counting(dict):
    def __missing__(self, key):
        self[key] = len(self)
        return self[key]


c = Counting(start=0)
print(c["x"], c["y"], c["x"], c, c.get("zzz"), type(c.copy()).__name__, isinstance(c, dict), c == {"start": 0, "x": 1, "y": 2})


class Upper(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key.upper(), value)

    def __contains__(self, key):
        return super().__contains__(key.upper())


u = Upper(a=1)
u["b"] = 2
u.update(c=3)
print(u, "B" in u, "b" in u, "a" in u, Upper({"x": 1}) | {"y": 2}, len(u), repr(u))
n = float("nan")
print({n: 1}[n], float("nan") in {n: 1}, len({float("nan"): 1, float("nan"): 2}))
