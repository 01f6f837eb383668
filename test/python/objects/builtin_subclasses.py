# Subclasses of builtin types, and __slots__.
class MyList(list):
    def __init__(self, *a):
        super().__init__(*a)
        self.tag = "t"
    def append(self, x):
        super().append(x * 2)
l = MyList([1, 2])
l.append(5)
print(l, l.tag, len(l), l == [1, 2, 10], isinstance(l, list), l + [1], type(l + [1]).__name__)
class D(dict):
    def __missing__(self, k):
        return k + "!"
d = D(a=1)
print(d["a"], d["b"], d, d.get("zz"))
class I(int):
    def __add__(self, o):
        return I(int.__add__(self, o) + 100)
    def __repr__(self):
        return "I(%d)" % int(self)
print(I(3) + 4, 4 + I(3), I(5) * 2, I(7) == 7, hash(I(7)) == hash(7), I(2) ** 3, [I(1)])
class S(str):
    def upper(self):
        return "UP:" + super().upper()
s = S("abc")
s.x = 1
print(s, s.upper(), s.x, s + "d", type(s + "d"), s == "abc", {s: 1}["abc"], s[1:])
class T(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))
    @property
    def first(self): return self[0]
t = T(1, 2)
print(t, t.first, len(t), t == (1, 2), hash(t) == hash((1, 2)))
class F(float):
    pass
print(F(1.5) + 1, F("2.5"), repr(F(3)), F(1.0) == 1)
class St(set):
    pass
print(St([1, 2]) | {3}, type(St([1]) | {2}).__name__)
class B(bytes): pass
print(B(b"abc"), B(b"x")[0])
class E(Exception):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b
    def __str__(self):
        return "E<%s,%s>" % (self.args, self.b)
try:
    raise E(1, 2)
except E as e:
    print(e, repr(e), e.args, e.b)
class FD(frozenset): pass
print(FD([1]), FD([1]) == frozenset([1]))
class C(complex): pass
print(C(1, 2) + 1)
class Obj(object):
    __slots__ = ("a", "__dict__")
o = Obj(); o.a = 1; o.b = 2
print(o.a, o.b, o.__dict__)
class P:
    __slots__ = ["x", "_y"]
    def __init__(self): self.x = 1
p = P()
try: p.z = 1
except AttributeError as e: print(e)
try: p._y
except AttributeError as e: print(e)
del p.x
try: del p.x
except AttributeError as e: print(e)
print(P.x, P.__slots__)
try:
    class Bad(int):
        __slots__ = ("a",)
except TypeError as e: print(e)
try:
    class Bad2(P, Obj): pass
except TypeError as e: print(e)
class Q(P):
    pass
q = Q(); q.other = 3; print(q.x, q.other)
try:
    class Bad3:
        a = 1
        __slots__ = ("a",)
except ValueError as e: print(e)
