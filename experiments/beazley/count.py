# D. Beazley's threads: the same counting in one thread, or divided among threads that fight over
# the GIL. Runs under Python 2.7 and 3. One process runs all variants in turn, again and again.
# Usage: count.py SECONDS ROUNDS WARM_UP_COUNT CORES THREADS...
# CORES: "-", or those that the counting threads are bound to, in turn: "0,1".
# Prints for each measured run: round, threads, count, seconds, identities of its threads.
import sys
import time
from threading import Thread

clock = getattr(time, "perf_counter", time.time)


def count(n):
    while n > 0:
        n -= 1


def bind(core):
    """Keep the calling thread on one core."""
    import ctypes

    mask = ctypes.c_ulong(1 << core)
    if ctypes.CDLL(None).sched_setaffinity(0, ctypes.sizeof(mask), ctypes.byref(mask)) != 0:
        raise OSError("core %d cannot be had" % core)


def counter_body(n, number):
    if CORES:
        bind(CORES[number % len(CORES)])
    count(n)


def run(total, threads):
    counters = [
        Thread(target=counter_body, args=(total // threads, i), name="counter %d" % (i + 1))
        for i in range(threads)
    ]
    started = clock()
    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()
    return clock() - started, [counter.ident for counter in counters]


def settle(total, variants, most):
    """Run all variants, at most so often, until none of them changes its pace; the best seconds of
    one thread."""
    # Interpreters compile what runs often, and again when that was for other circumstances: a
    # thread that has not counted so far and for so long counts slowly.
    best = {}
    steady = 0
    for _ in range(most):
        steady += 1
        for threads in variants:
            seconds, _ = run(total, threads)
            if not 0.9 < seconds / best.get(threads, float("inf")) < 1.1:
                steady = 0
            best[threads] = min(seconds, best.get(threads, seconds))
        if steady == STEADY_WARM_UPS:
            break
    return best[variants[0]]


def main(target, rounds, warm_up_count, variants):
    total = int(target / settle(warm_up_count, variants, 6) * warm_up_count) // 12 * 12
    if total > warm_up_count:
        settle(total, variants, 3)
    # Told at the end: after the first output V8 compiles the interpreter's loop anew, perhaps on
    # the processor that is measured.
    lines = []
    for number in range(1, rounds + 1):
        for threads in variants:
            seconds, idents = run(total, threads)
            lines.append([number, threads, total, "%.6f" % seconds] + idents)
    for words in lines:
        sys.stdout.write(" ".join(str(word) for word in words) + "\n")


CORES = [] if sys.argv[4] == "-" else [int(text) for text in sys.argv[4].split(",")]
STEADY_WARM_UPS = 2
main(
    float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), [int(text) for text in sys.argv[5:]]
)
