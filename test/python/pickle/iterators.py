"""Iterators of itertools, pickled and copied in mid-course."""
import copy
import itertools
import pickle

MAKERS = [
    lambda: itertools.count(3), lambda: itertools.count(1.5, 0.5), lambda: itertools.count(2**70),
    lambda: itertools.repeat(7), lambda: itertools.repeat(7, 6), lambda: itertools.chain([1, 2], [3, 4, 5]),
    lambda: itertools.chain.from_iterable([[1], [2, 3]]), lambda: itertools.compress([1, 2, 3, 4, 5], [1, 0, 1, 1, 1]),
    lambda: itertools.dropwhile(bool, [1, 0, 2, 3]), lambda: itertools.takewhile(bool, [1, 2, 0, 3]),
    lambda: itertools.filterfalse(None, [0, 1, 0, 0]), lambda: itertools.starmap(pow, [(1, 2), (2, 3), (3, 2)]),
]
for make in MAKERS:
    for steps in (0, 1, 3):
        it = make()
        for _ in range(steps):
            next(it, None)
        name = type(it).__name__
        twin = copy.copy(it)
        for protocol in (1, 2, 4):
            data = pickle.dumps(it, protocol)
            again = pickle.loads(data)
            print(name, steps, data, list(itertools.islice(again, 4)))
        print('  ', type(twin).__name__, list(itertools.islice(it, 2)))
try:
    itertools.chain().__setstate__(5)
except TypeError as error:
    print(error)
