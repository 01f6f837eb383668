# C3 linearisation, cooperative super, diamond calls, errors of impossible hierarchies.
class Base:
    def go(self):
        return ["Base"]


class A(Base):
    def go(self):
        return ["A"] + super().go()


class B(Base):
    def go(self):
        return ["B"] + super().go()


class C(A, B):
    def go(self):
        return ["C"] + super().go()


class D(B):
    def go(self):
        return ["D"] + super().go()


class E(C, D):
    def go(self):
        return ["E"] + super().go()


for cls in (A, B, C, D, E):
    print(cls.__name__, [c.__name__ for c in cls.__mro__], cls().go())
print(super(C, E()).go(), super(B, E()).go(), C.go(E()), E.mro() == list(E.__mro__))
attempts = [
    lambda: type("X", (A, B, Base, A), {}),
    lambda: type("Y", (Base, A), {}),
    lambda: type("Z", (int, str), {}),
    lambda: type("T", (True,), {}),
    lambda: type("U", (bool,), {}),
    lambda: type("V", (type(None),), {}),
    lambda: type("W", (type(lambda: 0),), {}),
    lambda: type("S", (range,), {}),
    lambda: super().go(),
    lambda: super(A, 5).go(),
    lambda: super(5),
    lambda: E().missing,
    lambda: super(E, E()).missing,
]
for attempt in attempts:
    try:
        print(attempt())
    except (TypeError, RuntimeError, AttributeError) as e:
        print(type(e).__name__, str(e).replace("\n", " / "))


class WithNew:
    created = []

    def __new__(cls, *args, **kwargs):
        self = super().__new__(cls)
        cls.created.append((cls.__name__, args, kwargs))
        return self

    def __init__(self, x, y=0):
        self.x, self.y = x, y


class Other(WithNew):
    def __new__(cls, x):
        if x < 0:
            return "not an instance"
        return super().__new__(cls, x)

    def __init__(self, x):
        super().__init__(x, y=x)


o = Other(3)
print(o.x, o.y, Other(-1), WithNew(1, y=2).y, WithNew.created)


class Singleton:
    instance = None

    def __new__(cls):
        if cls.instance is None:
            cls.instance = object.__new__(cls)
        return cls.instance


print(Singleton() is Singleton())


class MyInt(int):
    def __new__(cls, value, unit):
        self = super().__new__(cls, value)
        self.unit = unit
        return self

    def __add__(self, other):
        return MyInt(int(self) + other, self.unit)

    def __repr__(self):
        return f"{int(self)}{self.unit}"


n = MyInt(5, "kg")
print(n, n + 3, n * 2, type(n * 2).__name__, n == 5, {5: "five"}[n], isinstance(n, int), n.bit_length(), f"{n:03d}", "%d" % n)


class MyList(list):
    def __getitem__(self, i):
        return ("item", super().__getitem__(i))

    total = property(lambda self: sum(self))


ml = MyList([1, 2, 3])
ml.append(4)
ml.note = "attr"
print(ml, ml[0], ml.total, len(ml), list(ml), ml + [9], type(ml + []).__name__, ml == [1, 2, 3, 4], ml.note, ml[1:2])


class MyStr(str):
    def shout(self):
        return MyStr(self.upper() + "!")


s = MyStr("hey")
print(s.shout().shout(), type(s.upper()).__name__, s == "hey", {"hey": 1}[s], s + "x", len(s), isinstance(s, str), hash(s) == hash("hey"))


class MyTuple(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))

    first = property(lambda self: self[0])


t = MyTuple(1, 2)
x, y = t
print(t, t.first, x + y, t == (1, 2), hash(t) == hash((1, 2)), t + (3,))
class MyFloat(float): pass
class MyDict(dict): pass
print(MyFloat(1.5) + 1, repr(MyFloat(2)), MyDict(a=1), MyDict(a=1)["a"], bool(MyDict()))
