"""Containers whose keys change them while they are compared, and objects that call themselves."""
import random
import sys


def make(kind1, kind2, seed):
    rng = random.Random(seed)
    state = {"on": False}

    class Bad:
        def __eq__(self, other):
            if not state["on"]:
                return False
            if rng.randrange(20) == 0:
                first.clear()
            if rng.randrange(20) == 0:
                second.clear()
            return bool(rng.randrange(2))

        def __hash__(self):
            return rng.randrange(2)

    first = kind1(Bad() for _ in range(rng.randrange(30)))
    second = kind2(Bad() for _ in range(rng.randrange(30)))
    state["on"] = True
    return first, second


operations = [
    set.isdisjoint, set.issubset, set.issuperset, set.union, set.intersection, set.difference,
    set.symmetric_difference, set.update, set.intersection_update, set.difference_update,
    set.symmetric_difference_update,
]
survived = 0
for operation in operations:
    for seed in range(40):
        for kind in (set, dict.fromkeys, list):
            first, second = make(set, kind, seed)
            try:
                operation(first, second)
            except RuntimeError as error:
                assert "changed size during iteration" in str(error), error
            survived += 1
print(survived)


class Calls:
    pass


Calls.__call__ = Calls()
try:
    Calls()()
except RecursionError as error:
    print(error)


class Endless:
    def __getattr__(self, name):
        return (self, None)


try:
    issubclass(Endless(), int)
except RecursionError:
    print("RecursionError")

nested = (str,)
for _ in range(sys.getrecursionlimit() + 5):
    nested = (nested,)
for check in (isinstance, issubclass):
    try:
        check(int, nested)
    except RecursionError:
        print(check.__name__, "RecursionError")
while isinstance(nested, tuple):
    nested = nested[0]


class Forgets:
    def __iter__(self):
        return self

    def __next__(self):
        del Forgets.__next__
        return 1


try:
    for item in Forgets():
        print(item)
except TypeError as error:
    print(error)


class Liar:
    def __iter__(self):
        return iter("ab")

    def __length_hint__(self):
        return sys.maxsize


letters = ["x"]
letters.extend(Liar())
print(letters)
