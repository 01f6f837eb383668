# The iterator protocol in classes: __iter__, __next__, __getitem__ fallback, iter(callable, sentinel).
class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n


print(list(Countdown(4)), sum(Countdown(5)), 2 in Countdown(4), 9 in Countdown(4), sorted(Countdown(3)), [*Countdown(2)], max(Countdown(3)))
a, b, c = Countdown(3)
print(a, b, c, dict(enumerate(Countdown(2))), list(zip(Countdown(3), "ab")), tuple(map(str, Countdown(2))), set(Countdown(2)) == {0, 1})


class Seq:
    def __getitem__(self, i):
        if i >= 4:
            raise IndexError(i)
        return i * i


print(list(Seq()), 9 in Seq(), 5 in Seq(), [x for x in Seq()], iter(Seq()).__next__())


class Lengthy(Seq):
    def __len__(self):
        return 4


print(list(reversed(Lengthy())), list(Lengthy()))
numbers = iter([3, 1, 4, 1, 5])
print(list(iter(lambda: next(numbers), 1)), list(numbers), list(iter([1, 2].pop, 1)))


class Separate:
    def __iter__(self):
        return iter([1, 2])


s = Separate()
print([(x, y) for x in s for y in s])


class BadIter:
    def __iter__(self):
        return 5


class BadNext:
    def __iter__(self):
        return self

    def __next__(self):
        raise KeyError("in next")


class NoIter:
    __iter__ = None


class Stops:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration("with value")


for attempt in (lambda: list(BadIter()), lambda: list(BadNext()), lambda: list(NoIter()), lambda: iter(5), lambda: next([]), lambda: iter(5, 6), lambda: reversed({1}), lambda: reversed(Countdown(1)), lambda: 1 in 5, lambda: next(Stops()), lambda: iter(Seq).x, lambda: enumerate(5), lambda: zip([1], 5), lambda: map(str, 5), lambda: list(zip([1, 2], [1], strict=True)), lambda: list(zip([1], [1, 2], strict=True)), lambda: list(map(lambda x: 1 / x, [1, 0])), lambda: [*5], lambda: {**5}, lambda: (lambda *a: a)(*5), lambda: dict([5])):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
print(list(Stops()), type(iter([])).__name__, type(iter(())).__name__, type(iter("")).__name__, type(iter({})).__name__, type(iter(set())).__name__, type(iter(range(1))).__name__, type(iter({}.items())).__name__, type(iter(b"")).__name__, type(iter(Seq())).__name__, type(iter(int, 1)).__name__, type(enumerate([])).__name__, type(zip()).__name__, type(map(str, [])).__name__, type(filter(None, [])).__name__, type(reversed([])).__name__)
print(list(zip()), list(zip([1], [2], [3])), list(zip([1, 2], strict=True)), list(map(lambda a, b: a * b, [1, 2, 3], [4, 5])), list(filter(None, [0, 1, "", "a", [], [0]])), list(filter(str.isdigit, "a1b2")), list(enumerate("ab", -1)), next(enumerate("x", 10**20)))
