# Library modules written in Python: dataclasses_strings.
from dataclasses import dataclass, field, fields, asdict, astuple, replace, FrozenInstanceError, is_dataclass, make_dataclass, InitVar, KW_ONLY
import string
@dataclass
class P:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False)
    def dist(self): return (self.x**2+self.y**2)**.5
p = P(3,4); print(p, p == P(3,4,[1]), p.dist(), P.__doc__, P.__match_args__)
print(asdict(p), astuple(p), replace(p, x=9), [f.name for f in fields(P)], is_dataclass(P), is_dataclass(p), is_dataclass(5))
@dataclass(frozen=True, order=True)
class V:
    a: int
    b: str = "z"
v = V(1); print(v < V(2), hash(v) == hash(V(1)), sorted([V(3), V(1)]), v >= V(1), {v: 1}[V(1)])
try: v.a = 5
except FrozenInstanceError as e: print(e)
try: del v.a
except FrozenInstanceError as e: print(e)
try: P()
except TypeError as e: print(e)
try: hash(p)
except TypeError as e: print(e)
@dataclass
class Q(P):
    z: InitVar[int] = 5
    w: int = field(init=False, repr=False, default=1)
    def __post_init__(self, z): self.zz = z
q = Q(1,2,[],7); print(q, q.zz, q.w)
@dataclass(slots=True)
class S:
    a: int
    b: int = 2
s = S(1); print(s, S.__slots__, hasattr(s, '__dict__'))
@dataclass
class K:
    a: int
    _: KW_ONLY
    b: int = 3
print(K(1, b=4), K.__doc__)
try: K(1, 4)
except TypeError as e: print(e)
try:
    @dataclass
    class B: l: list = []
except ValueError as e: print(e)
try:
    @dataclass
    class B2:
        l: int = 1
        m: int
except TypeError as e: print(e)
M = make_dataclass("M", [("x", int), ("y", int, field(default=5))]); print(M(1), M.__name__)
@dataclass
class N:
    c: object = None
n = N(); n.c = n; print(n)
print(asdict(N([P(1), {"k": V(1)}])))
try: p < p
except TypeError as e: print(e)
t = string.Template("$who likes ${what} for $$5 $ x")
print(t.safe_substitute(who="I"), string.Template("$a $b").substitute(a=1, b=2), string.capwords("hello  big world"), string.ascii_letters, string.digits, string.printable[-6:], string.punctuation)
try: t.substitute(who=1, what=2)
except ValueError as e: print(e)
try: string.Template("$x").substitute()
except KeyError as e: print(e)
print(string.Formatter().format("{0} {x:>5} {1[0]} {x!r} {{}}", 1, [2], x="q"), string.Formatter().vformat("{} {a.real:{w}}", (1,), {"a": 3, "w": 4}))
