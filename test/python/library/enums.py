# Library modules written in Python: enums.
from enum import Enum, IntEnum, Flag, IntFlag, auto, unique, StrEnum
class Color(Enum):
    RED = 1
    GREEN = auto()
    BLUE = 5
    CRIMSON = 1
    def describe(self): return self.name.lower()
print(Color.RED, repr(Color.GREEN), Color(5), Color['RED'], Color.CRIMSON is Color.RED, list(Color), len(Color))
print(Color.RED.describe(), Color.RED.name, Color.RED.value, Color.RED == Color.RED, Color.RED == 1, Color.RED in Color, Color)
for f in (lambda: Color(9), lambda: Color['X'], lambda: setattr(Color, 'RED', 2), lambda: Color.X, lambda: setattr(Color.RED,'name','x'), lambda: type('C2',(Color,),{})):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
class N(IntEnum):
    A = 1; B = 2
print(N.A, repr(N.B), N.A + 1, N.A < N.B, f"{N.A}", "%d" % N.B, sorted([N.B, N.A]), isinstance(N.A, int), N(2), hash(N.A))
class P(Flag):
    R = auto(); W = auto(); X = auto()
    RW = R | W
print(P.R|P.W, repr(P.R|P.X), P.RW, P.R in P.RW, ~P.R, bool(P.R & P.W), repr(P(0)), list(P.RW), list(P), P.R ^ P.RW, P.R & P.RW)
class Q(IntFlag):
    A=1; B=2; C=4
print(Q.A|Q.B, repr(Q.A|Q.B), repr(Q.A|8), Q.A|4, repr(~Q.A), int(~Q.A))
class S(StrEnum):
    X = auto(); Y = "why"
print(S.X, repr(S.Y), S.X == "x", S.Y.upper())
try:
    @unique
    class U(Enum):
        A=1; B=1
except ValueError as e: print(e)
class Planet(Enum):
    M = (3.3e23, 2.4e6)
    E = (5.9e24, 6.3e6)
    def __init__(self, mass, radius): self.mass=mass; self.radius=radius
    @property
    def g(self): return self.mass/self.radius
print(Planet.E.mass, Planet.M.value, Planet.E.g)
An = Enum('An', 'CAT DOG'); print(list(An), An.CAT.value, An.__members__)
try: P(64)
except ValueError as e: print(e)
d = {Color.RED: 1}; print(d[Color.RED])
class W(Enum):
    def _generate_next_value_(name, start, count, last): return name.lower()
    A = auto(); B = auto()
print([w.value for w in W])
class D(str, Enum):
    A='a'
print(D.A, repr(D.A), D.A=='a', f"{D.A}")
import signal
print(repr(signal.SIGINT), repr(signal.getsignal(signal.SIGTERM)), signal.Signals(15).name, signal.strsignal(2))
