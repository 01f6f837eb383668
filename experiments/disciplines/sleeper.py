# A thread that sleeps 2 ms again and again, as if it did I/O, beside one that never blocks: how much
# too late does it come back? Usage: sleeper.py ROUNDS. Prints the p50 and p99 in microseconds.
# Runs under Python 2.7 too.
import sys
import time
from threading import Thread

clock = getattr(time, "perf_counter", time.time)
SLEEP = 0.002
WARM_UP_SECONDS = 1.5
stop = False


def spin():
    n = 0
    while not stop:
        n += 1


def oversleep(rounds):
    times = []
    for _ in range(rounds):
        started = clock()
        time.sleep(SLEEP)
        times.append((clock() - started - SLEEP) * 1e6)
    return sorted(times)


spinner = Thread(target=spin, name="spinner")
spinner.start()
warm = clock() + WARM_UP_SECONDS
while clock() < warm:
    oversleep(20)
times = oversleep(int(sys.argv[1]))
stop = True
spinner.join()
sys.stdout.write("%.1f %.1f\n" % (times[len(times) // 2], times[len(times) * 99 // 100]))
