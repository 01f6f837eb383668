# Library modules written in Python: typing, textwrap, statistics.
from typing import *
import typing, textwrap, statistics as st
T = TypeVar("T")
print(List[int], Dict[str, List[int]], Optional[int], Union[int, str], Union[int, None, str], Callable[[int], str], Callable[..., Any], Tuple[int, ...], Any, Literal["a", 1], ClassVar[int], T, Type[int])
class Stack(Generic[T]):
    def __init__(self) -> None: self.items: List[T] = []
    def push(self, x: T) -> None: self.items.append(x)
s = Stack[int](); s.push(1); print(s.items, Stack[int], Stack.__parameters__)
class Emp(NamedTuple):
    name: str
    id: int = 3
    def hi(self): return self.name
print(Emp("x"), Emp("y", 4).hi(), Emp._fields)
class TD(TypedDict, total=False):
    a: int
print(TD(a=1), TD.__total__)
@runtime_checkable
class HasLen(Protocol):
    def __len__(self) -> int: ...
print(isinstance([], HasLen), isinstance(5, HasLen), isinstance(3, SupportsInt))
class Impl(Protocol):
    def f(self): ...
class C(Impl):
    def f(self): return 1
print(C().f())
UserId = NewType("UserId", int); print(UserId(5), UserId)
def f(a: "int", b: Optional[str] = None) -> None: ...
print(get_type_hints(f), get_origin(List[int]), get_args(Dict[str, int]), get_args(Callable[[int], str]), cast(int, "x"), TYPE_CHECKING)
print(Optional[T][int], List[T][int], List[int] == List[int], hash(Union[int, str]) == hash(Union[str, int]), isinstance([], List), Sequence[int], Iterable, Annotated[int, "x"])
@overload
def g(x: int) -> int: ...
def g(x): return x
print(g(1), List["Foo"], Final, NoReturn)
try: List[int]("abc")
except Exception as e: print(e)
text = "The quick brown fox jumped over the lazy dog. It was a well-known, high-quality performance -- truly."
for w in (10, 20, 40): print(textwrap.wrap(text, w))
print(textwrap.fill(text, 30, initial_indent="* ", subsequent_indent="  "))
print(repr(textwrap.dedent("""\
    hello
      world

    there""")), repr(textwrap.indent("a\n\nb\n", "> ")), textwrap.shorten("Hello  world of many words", 15), textwrap.wrap("abcdefghijklmnop qrs", 5), textwrap.wrap("a b c d e f g h", 10, max_lines=1), textwrap.wrap("", 5))
d = [1, 2, 3, 4, 4.5]
print(st.mean(d), st.mean([1,2,3]), st.mean([1,2]), st.median(d), st.median([1,2,3,4]), st.median_low([1,2,3,4]), st.mode("aabb"), st.multimode("aabbc"), st.stdev(d), st.pstdev(d), st.variance(d), st.pvariance([1,2,3,4]), st.variance([1,3]), st.fmean(d), st.quantiles(d), st.quantiles(range(10), n=10, method="inclusive"), st.harmonic_mean([40, 60]), st.geometric_mean([54, 24, 36]), st.stdev([0.1,0.2,0.35]), st.mean([0.1]*10), st.pstdev([1e10, 1e10+1]), st.stdev([1,2,4,8]))
for g in (lambda: st.mean([]), lambda: st.stdev([1]), lambda: st.median([]), lambda: st.mode([]), lambda: st.mean(["a"])):
    try: print(g())
    except (st.StatisticsError, TypeError) as e: print(type(e).__name__, e)
print(st.correlation([1,2,3],[1,2,4]), st.covariance([1,2,3],[1,2,4]), st.linear_regression([1,2,3],[2,4,6.5]))
