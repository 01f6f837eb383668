# D. Beazley's countdown: the same work in one thread, or divided among threads that fight over the
# GIL. One process runs all variants in turn, again and again, so that a drift hits all of them.
# Usage: countdown.py SECONDS ROUNDS THREADS...
# Prints for each measured run: round, threads, count, seconds, identities of its threads.
# Runs under Python 2.7 too.
import sys
import time
from threading import Thread

clock = getattr(time, "perf_counter", time.time)


def countdown(n):
    while n > 0:
        n -= 1


def run(count, threads):
    counters = [
        Thread(target=countdown, args=(count // threads,), name="counter %d" % (i + 1))
        for i in range(threads)
    ]
    started = clock()
    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()
    return clock() - started, [counter.ident for counter in counters]


def warm_up(variants):
    """Run until all variants are about as fast as the fastest; gives its seconds for each count."""
    # Interpreters compile what runs often: a thread that has not counted before counts slowly.
    best = None
    steady = 0
    for _ in range(MOST_WARM_UPS):
        slowest = 0
        for threads in variants:
            seconds, _ = run(WARM_UP_COUNT, threads)
            slowest = max(slowest, seconds)
            best = seconds if best is None else min(best, seconds)
        steady = steady + 1 if slowest < 1.2 * best else 0
        if steady == STEADY_WARM_UPS:
            break
    return best / WARM_UP_COUNT


def main(target, rounds, variants):
    count = int(target / warm_up(variants)) // 12 * 12
    for number in range(1, rounds + 1):
        for threads in variants:
            seconds, idents = run(count, threads)
            line = "%d %d %d %.6f " % (number, threads, count, seconds)
            sys.stdout.write(line + " ".join(str(ident) for ident in idents) + "\n")
            sys.stdout.flush()


WARM_UP_COUNT = 2400000
STEADY_WARM_UPS = 2
MOST_WARM_UPS = 12
main(float(sys.argv[1]), int(sys.argv[2]), [int(text) for text in sys.argv[3:]])
