# D. Beazley's countdown: the same work in one go, or divided among threads that fight over the GIL.
# Usage: countdown.py COUNT THREADS (0 threads: sequential, in the main thread).
import sys
import time
from threading import Thread


def countdown(n):
    while n > 0:
        n -= 1


def run(count, threads, name):
    if threads == 0:
        countdown(count)
        return
    workers = [
        Thread(target=countdown, args=(count // threads,), name="%s %d" % (name, i + 1))
        for i in range(threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def main(count, threads):
    # Interpreters compile what runs often: every thread that will count has counted before.
    for _ in range(WARM_UP_ROUNDS):
        run(WARM_UP_COUNT * max(threads, 1), threads, "warm-up")
    started = time.perf_counter()
    run(count, threads, "counter")
    print("%.6f" % (time.perf_counter() - started))


WARM_UP_ROUNDS = 2
WARM_UP_COUNT = 300_000
main(int(sys.argv[1]), int(sys.argv[2]))
