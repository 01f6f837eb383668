# An exception in the main thread is printed at once; the other threads finish; exit status 1.
import threading
import time


def slow():
    gate.wait()
    time.sleep(0.02)
    print("worker still finished")


gate = threading.Event()
threading.Thread(target=slow).start()
gate.set()
raise RuntimeError("main gave up")
