# Two threads that hand a token to and fro: how long does a round trip take?
# Usage: ping-pong.py how=lock,condition,event,queue,uncontended rounds=5000
# Runs under Python 2.7 too.
import sys
import time
from threading import Condition, Event, Lock, Thread

try:
    from queue import Queue
except ImportError:
    from Queue import Queue

factors = dict(word.split("=", 1) for word in sys.argv[1:])
clock = getattr(time, "perf_counter", time.time)


def with_lock():
    there, back = Lock(), Lock()
    there.acquire()
    back.acquire()

    def ask():
        there.release()
        back.acquire()

    def answer():
        there.acquire()
        back.release()

    return ask, answer


def with_condition():
    condition = Condition()
    state = [0]

    def ask():
        with condition:
            state[0] = 1
            condition.notify()
            while state[0]:
                condition.wait()

    def answer():
        with condition:
            while not state[0]:
                condition.wait()
            state[0] = 0
            condition.notify()

    return ask, answer


def with_event(timeout=None):
    there, back = Event(), Event()

    def ask():
        there.set()
        back.wait(timeout)
        back.clear()

    def answer():
        there.wait(timeout)
        there.clear()
        back.set()

    return ask, answer


def with_timed_event():
    # 2.7 polls where a timeout is given.
    return with_event(10)


def with_queue():
    there, back = Queue(), Queue()

    def ask():
        there.put(None)
        back.get()

    def answer():
        there.get()
        back.put(None)

    return ask, answer


def uncontended():
    lock = Lock()

    def ask():
        lock.acquire()
        lock.release()

    return ask, None


KINDS = {
    "lock": with_lock,
    "condition": with_condition,
    "event": with_event,
    "timed-event": with_timed_event,
    "queue": with_queue,
    "uncontended": uncontended,
}


class Pair:
    """Two threads and what they do to each other; the first also keeps the time."""

    def __init__(self, how):
        self.ask, self.answer = KINDS[how]()
        self.times = []

    def run(self, rounds):
        def answers():
            for _ in range(rounds):
                self.answer()

        if self.answer is None:
            return self.alone(rounds)
        thread = Thread(target=answers)
        thread.start()
        ask = self.ask
        times = []
        for _ in range(rounds):
            started = clock()
            ask()
            times.append(clock() - started)
        thread.join()
        return times

    def alone(self, rounds):
        # Too short for the clock one by one.
        ask = self.ask
        times = []
        for _ in range(rounds // 100):
            started = clock()
            for _ in range(100):
                ask()
            times.append((clock() - started) / 100)
        return times


def warm_up(pair, rounds):
    """Run until it gets no faster any more."""
    # Interpreters compile what runs often.
    best = None
    steady = 0
    for _ in range(MOST_WARM_UPS):
        times = sorted(pair.run(rounds // 5))
        middle = times[len(times) // 2]
        steady = 0 if best is None or middle < 0.9 * best else steady + 1
        best = middle if best is None else min(best, middle)
        if steady == STEADY_WARM_UPS:
            break


def main(kinds, rounds, samples):
    pairs = [(how, Pair(how)) for how in kinds]
    for how, pair in pairs:
        warm_up(pair, rounds)
    for _ in range(samples):
        for how, pair in pairs:
            # Where it polls fewer take long enough.
            times = pair.run(rounds if how != "timed-event" else rounds // 10)
            mean = sum(times) / len(times)
            print("sample how=%s mean_seconds=%.9f" % (how, mean))
            print("series round_trip_seconds " + " ".join("%.4g" % t for t in times))
            sys.stdout.flush()


STEADY_WARM_UPS = 3
MOST_WARM_UPS = 20
main(factors["how"].split(","), int(factors["rounds"]), int(factors["samples"]))
