# How much too late sleep(2 ms) ends beside a thread that never blocks: microseconds (contract G40).
import threading
import time

ROUNDS = 200
stop = False
clock = time.perf_counter


def spin():
    n = 0
    while not stop:
        n += 1


spinner = threading.Thread(target=spin)
spinner.start()
times = []
for _ in range(ROUNDS):
    started = clock()
    time.sleep(0.002)
    times.append((clock() - started - 0.002) * 1e6)
stop = True
spinner.join()
times = sorted(times[ROUNDS // 10 :])
print("%.3f %.3f" % (times[len(times) // 2], times[len(times) * 99 // 100]))
