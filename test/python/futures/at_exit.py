# Queued work is completed at the end of the program (H36); then no more is taken.
import atexit
import threading
import time
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(1)


def late():
    try:
        pool.submit(print, "never")
    except RuntimeError as e:
        print("in atexit:", e)


atexit.register(late)


def step(n):
    time.sleep(0.02)
    print("step", n)
    if n == 2:
        try:
            pool.submit(step, 9)
        except RuntimeError as e:
            print(e)


gate = threading.Event()
pool.submit(gate.wait)
for n in range(3):
    pool.submit(step, n)
print("main ends")
threading.Timer(0.05, gate.set).start()
