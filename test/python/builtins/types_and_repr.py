# repr and str of every kind of built-in object, without addresses.
import sys, math


def address_free(o):
    r = repr(o)
    for ending in (" at 0x", " from '", " (built-in)"):
        if ending in r:
            r = r[: r.index(ending)] + ">"
    return r


def f():
    yield


class K:
    def m(self):
        pass

    @classmethod
    def cm(cls):
        pass

    @staticmethod
    def sm():
        pass

    @property
    def p(self):
        pass


for o in (None, True, 1, -1.5, 1j, (1 + 2j), "s", b"b", [1], (1,), {1}, {1: 2}, frozenset(), range(3), slice(1, 2), ..., NotImplemented, int, type, object, K, K(), K.m, K().m, K.cm, K.sm, K.p, K.__dict__["cm"], K.__dict__["sm"], f, f(), lambda: 0, len, "".join, str.join, [].append, dict.fromkeys, object.__init__, object().__str__, int.__add__, (5).__add__, sys, math, ValueError, ValueError("x"), iter([]), {}.keys(), {1: 2}.items(), {1: 2}.values(), enumerate([]), zip(), map(str, []), reversed([]), f.__code__, super(K, K()), type(f), type(None), type(...), type(NotImplemented), type(len), type(sys), K.__dict__["m"], f.__get__, memoryview, property(), classmethod(len), staticmethod(len), Exception, print, {}.__class__, bytearray(b"x")):
    r = address_free(o)
    print(r.split(" file ")[0].split(", file")[0], "|", type(o).__name__)
print(complex(1, -2), complex(0, -0.0), -1j, 1e20j, complex("3-4j"), abs(3 + 4j), (1 + 2j) * (3 - 1j), (1 + 2j).conjugate(), (1 + 2j) == (1 + 2j), (2j).imag, (1 + 1j) ** 2, 1 / (1 + 1j))
print(str(K)[8:], K.__name__, type(K()).__qualname__, int.__module__, K.m.__qualname__, len.__qualname__, [].append.__qualname__, str.__doc__[:10], object.__doc__[:8])
print([None, [None], (None,), {None: None}, {None}], [[], (), {}, set(), "", b""], [1.0, 1e100, -0.0], ("a\n", 'b"', "c'"))
