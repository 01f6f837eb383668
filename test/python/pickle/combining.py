"""Iterators of itertools that keep items: pickled and copied in mid-course."""
import copy
import itertools as I
import operator
import pickle


def last(a, b):
    return b


MAKERS = {
    'islice': lambda: I.islice([1, 2, 3, 4, 5, 6, 7], 1, 6, 2),
    'islice, stop': lambda: I.islice([1, 2, 3, 4], 3), 'islice, endless': lambda: I.islice([1, 2, 3], 1, None),
    'cycle': lambda: I.cycle([1, 2, 3]), 'cycle of nothing': lambda: I.cycle([]),
    'accumulate': lambda: I.accumulate([1, 2, 3, 4]),
    'accumulate, initial': lambda: I.accumulate([1, 2, 3], operator.mul, initial=10),
    'accumulate, None': lambda: I.accumulate([None, None, 3], last),
    'groupby': lambda: I.groupby([1, 1, 2, 3, 3]), 'groupby, key': lambda: I.groupby('aAbBc', str.upper),
    'tee': lambda: I.tee([1, 2, 3])[0], 'long tee': lambda: I.tee(list(range(130)))[0],
    'product': lambda: I.product([1, 2], 'ab'), 'product of nothing': lambda: I.product([], [1]),
    'product of no pools': lambda: I.product(), 'product, repeat': lambda: I.product([1, 2], repeat=3),
    'combinations': lambda: I.combinations('abcd', 2), 'combinations, none': lambda: I.combinations('a', 5),
    'with replacement': lambda: I.combinations_with_replacement('abc', 2),
    'with replacement, none': lambda: I.combinations_with_replacement('', 2),
    'permutations': lambda: I.permutations('abc', 2), 'permutations, none': lambda: I.permutations('ab', 4),
    'zip_longest': lambda: I.zip_longest([1, 2, 3], [1], fillvalue='x'), 'zip_longest of nothing': lambda: I.zip_longest(),
}


def shown(item):
    """Groups of groupby are shown by what is in them."""
    if isinstance(item, tuple) and len(item) == 2 and type(item[1]).__name__ == '_grouper':
        return item[0], list(item[1])
    return item


for name, make in MAKERS.items():
    for steps in (0, 1, 2, 4, 70):
        it = make()
        for _ in range(steps):
            next(it, None)
        for protocol in (1, 2, 4):
            data = pickle.dumps(it, protocol)
            again = pickle.loads(data)
            print(name, steps, data, [shown(item) for item in I.islice(again, 6)])
        twin = copy.copy(it)
        print('  ', type(twin).__name__, len(it.__reduce__()))

# Groups belong to their groupby: only the running one is worth keeping.
groups = I.groupby([1, 1, 1, 2])
key, group = next(groups)
next(group)
both = pickle.loads(pickle.dumps((groups, group)))
print(list(both[1]), [(k, list(g)) for k, g in both[0]])
old = group
next(groups)
print(old.__reduce__() == (iter, ((),)), list(pickle.loads(pickle.dumps(old))))

# The branches of a tee share what they have read.
one, other = I.tee(iter(range(100)))
for _ in range(60):
    next(one)
one, other = pickle.loads(pickle.dumps((one, other)))
print(next(one), next(other), sum(one), sum(other))

for wrong in [
    lambda: I.cycle([1]).__setstate__(5), lambda: I.cycle([1]).__setstate__(()),
    lambda: I.groupby([]).__setstate__(5), lambda: I.product([1, 2]).__setstate__((1, 2)),
    lambda: I.combinations('ab', 2).__setstate__((1,)), lambda: I.combinations('ab', 2).__setstate__([0, 1]),
    lambda: I.combinations_with_replacement('ab', 1).__setstate__(()), lambda: I.permutations('ab').__setstate__(((0,),)),
    lambda: I.permutations('ab').__setstate__(((0, 1), (1,))), lambda: I.product([1], [2]).__setstate__(('a', 'b')),
    lambda: I.tee([])[0].__setstate__(3), lambda: type(I.tee([])[0].__reduce__()[2][0])(iter([]), [0] * 58, None),
    lambda: I.tee([])[0].__setstate__((I.tee([])[0].__reduce__()[2][0], 58)),
    lambda: pickle.dumps(I.pairwise([1])), lambda: copy.copy(I.pairwise([1])),
]:
    try:
        print(wrong())
    except Exception as e:
        print(type(e).__name__, e if 'argument' not in str(e) or 'invalid' in str(e).lower() else '')

# States beyond the bounds are put within them.
p = I.product('ab', 'cde')
p.__setstate__((7, -7))
print(list(p))
c = I.combinations('abcd', 2)
c.__setstate__((9, 9))
print(list(c))
c = I.combinations('abcd', 2)
c.__setstate__((-1, 2))
print(list(c))
