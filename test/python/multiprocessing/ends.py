# Daemons, children that outlive the main module, who may join whom, kill (H47, H48, H52).
import multiprocessing as mp
import os
import sys
import time


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs), flush=True)
    except BaseException as e:
        print(type(e).__name__, e, flush=True)


def sleep():
    time.sleep(100)


def as_daemon(queue):
    try:
        mp.Process(target=print).start()
    except AssertionError as e:
        queue.put(str(e))
    queue.put(mp.current_process().daemon)
    time.sleep(100)


def late():
    time.sleep(0.3)
    print("a child of its own", flush=True)


class Own(mp.Process):
    def run(self):
        print("run of", self.name, flush=True)
        sys.exit(3)


if __name__ == "__main__":
    mp.set_start_method("spawn")
    queue = mp.SimpleQueue()
    daemon = mp.Process(target=as_daemon, args=(queue,), daemon=True)
    daemon.start()
    print(queue.get(), queue.get())
    attempt(setattr, daemon, "daemon", False)
    attempt(daemon.close)
    own = Own()
    own.start()
    own.join(0)
    own.join()
    print(own.exitcode, own.name)
    victim = mp.Process(target=sleep)
    victim.start()
    victim.join(0.01)
    print(victim.exitcode, victim.is_alive())
    victim.terminate()
    victim.join()
    print(victim.exitcode, victim.is_alive(), victim.terminate())
    print(repr(victim).split()[-2:], flush=True)
    mp.Process(target=late).start()
    print("main ends", flush=True)
