# Two threads hand a token to and fro through two locks: microseconds for each round trip.
import threading
import time

ROUNDS = 20000
mine, theirs = threading.Lock(), threading.Lock()
mine.acquire()
theirs.acquire()


def echo():
    for _ in range(ROUNDS):
        theirs.acquire()
        mine.release()


partner = threading.Thread(target=echo)
partner.start()
times = []
clock = time.perf_counter
for _ in range(ROUNDS):
    started = clock()
    theirs.release()
    mine.acquire()
    times.append((clock() - started) * 1e6)
partner.join()
times = sorted(times[ROUNDS // 10 :])
print("%.3f %.3f" % (times[len(times) // 2], times[len(times) * 99 // 100]))
