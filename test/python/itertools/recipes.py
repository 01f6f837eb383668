# Programs that combine itertools: run lengths, sliding windows, merge, powerset, sudoku check.
from itertools import accumulate, chain, combinations, count, cycle, groupby, islice, product, repeat, tee, zip_longest


def run_length(s):
    return "".join(f"{len(list(g))}{k}" for k, g in groupby(s))


def window(it, n):
    its = tee(it, n)
    for i, x in enumerate(its):
        next(islice(x, i, i), None)
    return zip(*its)


def powerset(items):
    s = list(items)
    return chain.from_iterable(combinations(s, r) for r in range(len(s) + 1))


def chunks(it, n):
    it = iter(it)
    while chunk := tuple(islice(it, n)):
        yield chunk


def roundrobin(*its):
    missing = object()
    return [x for x in chain.from_iterable(zip_longest(*its, fillvalue=missing)) if x is not missing]


def collatz(n):
    return list(accumulate(repeat(n, 12), lambda x, _: x // 2 if x % 2 == 0 else 3 * x + 1))


print(run_length("aaabccdddd"), list(window(range(6), 3)), list(powerset([1, 2, 3])), list(chunks("abcdefg", 3)), roundrobin("ABC", "D", "EF"), collatz(6))
deck = list(product("23456789TJQKA", "SHDC"))
print(len(deck), deck[:3], len({r for r, s in deck}))
colors = cycle(["red", "green"])
print([(i, next(colors)) for i in range(5)], sum(islice(count(1), 100)), max(accumulate([1, -2, 3])))
pythagorean = [(a, b, c) for a, b, c in combinations(range(1, 30), 3) if a * a + b * b == c * c]
print(pythagorean)
a, b, c = tee(iter("xyz"), 3)
print(list(a), next(b), list(c), list(b))
words = sorted("apple bat bar atom book cat".split(), key=lambda w: w[0])
print({k: sorted(g) for k, g in groupby(words, key=lambda w: w[0])})
send_more = next(
    (s, e, n, d, m, o, r, y)
    for m in (1,)
    for s in (9, 8)
    for e, n, d, o, r, y in product(range(10), repeat=6)
    if o == 0 and n == e + 1
    if len({s, e, n, d, m, o, r, y}) == 8
    if s * 1000 + e * 100 + n * 10 + d + m * 1000 + o * 100 + r * 10 + e == m * 10000 + o * 1000 + n * 100 + e * 10 + y
)
print(send_more)
