# From start() to the thread's first line, threads one after the other: microseconds.
import threading
import time

ROUNDS = 2000
clock = time.perf_counter
times = []


def body():
    times.append((clock() - started) * 1e6)


for _ in range(ROUNDS):
    thread = threading.Thread(target=body)
    started = clock()
    thread.start()
    thread.join()
times = sorted(times[ROUNDS // 4 :])
print("%.3f %.3f" % (times[len(times) // 2], times[len(times) * 99 // 100]))
