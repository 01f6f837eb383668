# Every function of itertools.
from itertools import (accumulate, chain, combinations, combinations_with_replacement, compress, count, cycle, dropwhile, filterfalse,
                       groupby, islice, pairwise, permutations, product, repeat, starmap, takewhile, tee, zip_longest)


def first(n, it):
    return list(islice(it, n))


print(first(5, count()), first(4, count(10, -3)), first(3, count(0.5, 0.25)), first(7, cycle("abc")), list(cycle("")), list(repeat("x", 3)), first(2, repeat(0)), repr(count(5)), repr(count(1, 2)), repr(repeat(5, 2)))
print(list(accumulate([1, 2, 3, 4])), list(accumulate([3, 1, 4], max)), list(accumulate([1, 2], initial=10)), list(accumulate([])), list(accumulate("abc")), list(accumulate([2, 3], lambda a, b: a * b)))
print(list(chain("ab", [1], ())), list(chain()), list(chain.from_iterable(["ab", "cd"])), list(compress("abcdef", [1, 0, 1, 0, 1])), list(dropwhile(lambda x: x < 3, [1, 5, 2])), list(takewhile(lambda x: x < 3, [1, 2, 5, 1])), list(filterfalse(None, [0, 1, ""])), list(filterfalse(lambda x: x % 2, range(6))))
print([(k, list(g)) for k, g in groupby("aaabbca")], [(k, len(list(g))) for k, g in groupby([1, 3, 2, 4, 5], key=lambda x: x % 2)], [k for k, g in groupby([])], list(map(lambda kg: kg[0], groupby("aab"))))
print(first(3, "abcdef"), list(islice("abcdef", 2, None)), list(islice("abcdef", 1, 5, 2)), list(islice(range(10), 0)), list(pairwise("abcd")), list(pairwise("a")), list(starmap(pow, [(2, 3), (3, 2)])), list(zip_longest("ab", [1], fillvalue="-")), list(zip_longest()))
a, b = tee([1, 2, 3])
print(next(a), list(b), list(a), tee([1], 3)[2].__next__(), tee([], 0))
print(list(permutations("abc")), list(permutations([1, 2, 3], 2)), list(permutations([1], 2)), list(permutations([])), len(list(permutations(range(6)))))
print(list(combinations("abcd", 2)), list(combinations([1], 0)), list(combinations([1], 2)), list(combinations_with_replacement("ab", 2)), list(combinations_with_replacement([], 1)))
print(list(product("ab", [1, 2])), list(product()), list(product("ab", repeat=2)), list(product("a", [])), len(list(product(range(4), repeat=4))))
for attempt in (lambda: islice([1], -1), lambda: islice([1], 0, 1, 0), lambda: islice([1], "a"), lambda: count("a"), lambda: repeat(), lambda: repeat(1, "a"), lambda: chain(5).__next__(), lambda: chain.from_iterable(5), lambda: combinations([1], -1), lambda: permutations([1], -1), lambda: permutations(5), lambda: product(5), lambda: product([1], repeat=-1), lambda: tee([1], -1), lambda: tee(5), lambda: list(starmap(pow, [1])), lambda: list(accumulate([1, "a"])), lambda: groupby(5), lambda: list(zip_longest([1], bad=1)), lambda: cycle(5), lambda: combinations("ab"), lambda: next(count(1)) and next(iter(pairwise([1]))), lambda: list(takewhile(5, [1])), lambda: compress([1], 5)):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
g = groupby("aabb")
k1, g1 = next(g)
k2, g2 = next(g)
print(k1, list(g1), k2, list(g2))
source = iter(range(5))
sliced = islice(source, 2)
print(list(sliced), list(source))
r = repeat("q", 3)
next(r)
print(r, r.__length_hint__(), next(count(10**20)), first(2, count(10**19, 10**19)))
