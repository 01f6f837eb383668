# Daemon threads vanish when the main thread ends; others are waited for (H27).
import threading
import time


def forever():
    while True:
        time.sleep(0.001)


def busy():
    while True:
        pass


def finishing():
    time.sleep(0.05)
    print("non-daemon thread finished")
    threading.Thread(target=late).start()


def late():
    time.sleep(0.01)
    print("a thread started while the main thread was waiting")


for target, daemon in ((forever, True), (busy, True), (finishing, False)):
    threading.Thread(target=target, daemon=daemon).start()
print("main ends", threading.main_thread().is_alive())
