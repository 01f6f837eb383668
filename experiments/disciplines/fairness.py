# Threads that only compute: how far does each come, and how long is it kept waiting at worst?
# Usage: fairness.py THREADS SECONDS. Prints for each thread: rounds made, longest gap in ms.
# Runs under Python 2.7 too.
import sys
import time
from threading import Thread

clock = getattr(time, "perf_counter", time.time)
# Short beside a switch interval: what lies between two looks at the clock is a wait.
ROUND = 1000
WARM_UP_SECONDS = 2.0


def compute(span, ready, results):
    rounds = 0
    longest = 0
    before = clock()
    ready.append(True)
    while not span or before < span[1]:
        n = ROUND
        while n > 0:
            n -= 1
        now = clock()
        if span and now > span[0]:
            # A gap that began before counts from the beginning.
            longest = max(longest, now - max(before, span[0]))
            rounds += 1
        before = now
    results.append((rounds, longest * 1e3))


def main(threads, seconds):
    span, ready, results = [], [], []
    workers = [
        Thread(target=compute, args=(span, ready, results), name="worker %d" % (i + 1))
        for i in range(threads)
    ]
    for worker in workers:
        worker.start()
    while len(ready) < threads:
        time.sleep(0.001)
    begin = clock() + WARM_UP_SECONDS
    span += [begin, begin + seconds]
    for worker in workers:
        worker.join()
    for rounds, longest in results:
        sys.stdout.write("%d %.3f\n" % (rounds, longest))


main(int(sys.argv[1]), float(sys.argv[2]))
