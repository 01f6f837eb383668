# D. Beazley's countdown: the same work in one go, or divided among threads that fight over the GIL.
# Usage: countdown.py COUNT THREADS (0 threads: sequential, in the main thread).
import sys
import time
from threading import Thread


def countdown(n):
    while n > 0:
        n -= 1


def main(count, threads):
    started = time.perf_counter()
    if threads == 0:
        countdown(count)
    else:
        workers = [Thread(target=countdown, args=(count // threads,)) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    print("%.6f" % (time.perf_counter() - started))


main(int(sys.argv[1]), int(sys.argv[2]))
