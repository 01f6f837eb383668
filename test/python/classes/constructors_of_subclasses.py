"""Keywords of builtin constructors in subclasses; what subclasses inherit by position."""
import gc


def attempt(action):
    try:
        return action()
    except TypeError as error:
        return f"TypeError: {error}"


for base in (list, tuple, set, frozenset, float, reversed, map, filter):
    class Plain(base):
        pass

    class Named(base):
        def __init__(self, *args, keyword=None):
            pass

    args = {reversed: ("ab",), map: (str, "ab"), filter: (None, "ab")}.get(base, ())
    print(base.__name__, attempt(lambda: base(*args, keyword=1)))
    print(base.__name__, attempt(lambda: Plain(*args, keyword=1)))
    if base not in (list, set):
        print(type(attempt(lambda: Named(*args, keyword=1))).__name__)


class Pair(tuple):
    pass


print(list(reversed(Pair((1, 2)))))


class Refuses:
    @property
    def __eq__(self):
        raise AttributeError("no comparison here")


print(Refuses() == Refuses())
print([gc.is_tracked(t) for t in ({1: int}, {1: []}, int)])


class Counts(int):
    hashes = 0

    def __hash__(self):
        Counts.hashes += 1
        return int.__hash__(self)

    def __eq__(self, other):
        Counts.comparisons += 1
        return int.__eq__(self, other)

    comparisons = 0


numbers = dict.fromkeys(map(Counts, range(5)))
print(Counts.hashes, set(numbers) and Counts.hashes, set().difference(numbers), Counts.hashes)
found = {Counts(8): 0}
found.setdefault(Counts(8), 1)
print(Counts.comparisons)
