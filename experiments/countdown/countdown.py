# D. Beazley's countdown: the same work in one thread, or divided among threads that fight over the
# GIL. One process runs all numbers of threads in turn, again and again, so that a drift hits all.
# Usage: countdown.py threads=1,2,4 seconds=0.5 rounds=3
# Runs under Python 2.7 too.
import sys
import time
from threading import Thread

factors = dict(word.split("=", 1) for word in sys.argv[1:])
clock = getattr(time, "perf_counter", time.time)
# Processor time of all threads.
used = getattr(time, "process_time", getattr(time, "clock", None))


def countdown(n):
    while n > 0:
        n -= 1


def run(count, threads):
    counters = [
        Thread(target=countdown, args=(count // threads,), name="counter %d" % (i + 1))
        for i in range(threads)
    ]
    used_before = used()
    started = clock()
    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()
    return clock() - started, used() - used_before, [counter.ident for counter in counters]


def warm_up(variants):
    """Run until all variants are about as fast as the fastest; gives its seconds for each count."""
    # Interpreters compile what runs often: a thread that has not counted before counts slowly.
    best = None
    steady = 0
    for _ in range(MOST_WARM_UPS):
        slowest = 0
        for threads in variants:
            seconds = run(WARM_UP_COUNT, threads)[0]
            slowest = max(slowest, seconds)
            best = seconds if best is None else min(best, seconds)
        steady = steady + 1 if slowest < 1.2 * best else 0
        if steady == STEADY_WARM_UPS:
            break
    return best / WARM_UP_COUNT


def main(target, rounds, variants):
    count = int(target / warm_up(variants)) // 12 * 12
    # Told at the end: after the first output V8 compiles the interpreter's loop anew.
    samples = []
    for _ in range(rounds):
        for threads in variants:
            samples.append((threads,) + run(count, threads))
    for threads, wall, cpu, idents in samples:
        sys.stdout.write(
            "sample threads=%d count=%d wall_seconds=%.6f cpu_seconds=%.6f step_seconds=%.4g "
            "idents=%s\n"
            % (threads, count, wall, cpu, wall / count, ",".join(str(i) for i in idents))
        )


WARM_UP_COUNT = 2400000
STEADY_WARM_UPS = 2
MOST_WARM_UPS = 12
main(
    float(factors["seconds"]),
    int(factors["rounds"]),
    [int(text) for text in factors["threads"].split(",")],
)
