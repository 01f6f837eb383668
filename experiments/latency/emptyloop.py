# What a turn of an empty loop takes: every turn ends in a check of the eval breaker.
# Prints the least of the rounds, in nanoseconds.
from time import perf_counter

TURNS = 2_000_000
ROUNDS = 9


def spin(turns):
    started = perf_counter()
    for _ in range(turns):
        pass
    return (perf_counter() - started) * 1e9 / turns


print("%.3f" % min(spin(TURNS) for _ in range(ROUNDS)))
