# Two or more threads that only compute: how long does each run before another one does?
# Usage: switch-interval.py threads=2 seconds=2 [switch_interval=0.005]
# A run is the time between two changes of the running thread; a gap is the time from one thread's
# last sign of life to the next one's first. Runs under Python 2.7 too.
import os
import sys
import time
from threading import Lock, Thread

factors = dict(word.split("=", 1) for word in sys.argv[1:])
clock = getattr(time, "perf_counter", time.time)


class Span:
    """What the threads share; whoever has the GIL may change it."""

    def __init__(self):
        # The running thread's own list: when its run began, and when it was last seen.
        self.running = None
        self.runs = []
        self.gaps = 0.0
        self.end = None


def compute(span):
    me = [0.0, 0.0]
    while True:
        if span.running is not me:
            # Another one ran, from its first sign of life to its last.
            before = span.running
            now = clock()
            if before is not None:
                span.runs.append(before[1] - before[0])
                span.gaps += now - before[1]
            me[0] = now
            span.running = me
        me[1] = now = clock()
        if span.end is not None and now > span.end:
            return
        n = 8
        while n > 0:
            n -= 1


def wake_up(rounds):
    """Median time in which a thread wakes another: half a round trip through two locks.

    Each stays on a core of its own, as threads that compute are.
    """
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    there, back = Lock(), Lock()
    there.acquire()
    back.acquire()
    times = []

    def stay_on(some):
        if cores:
            os.sched_setaffinity(0, some)

    def answer():
        stay_on(cores[-1:])
        for _ in range(rounds):
            there.acquire()
            back.release()

    thread = Thread(target=answer)
    thread.start()
    stay_on(cores[:1])
    for _ in range(rounds):
        started = clock()
        there.release()
        back.acquire()
        times.append(clock() - started)
    thread.join()
    stay_on(cores)
    return sorted(times)[rounds // 2] / 2


def main(threads, seconds, interval):
    wake = wake_up(2000)
    span = Span()
    workers = [
        Thread(target=compute, args=(span,), name="worker %d" % (i + 1))
        for i in range(threads)
    ]
    for worker in workers:
        worker.start()
    # The threads' code is compiled meanwhile.
    time.sleep(WARM_UP_SECONDS)
    begin = clock()
    runs = span.runs = []
    span.gaps = 0.0
    # Long enough for several runs of each.
    span.end = begin + max(seconds, 12 * threads * interval)
    for worker in workers:
        worker.join()
    wall = clock() - begin
    columns = ["wall_seconds=%.6f" % wall, "alternations=%d" % len(runs)]
    columns.append("alternations_per_second=%.3f" % (len(runs) / wall))
    columns.append("gaps_ratio=%.6f" % (span.gaps / wall))
    columns.append("wake_seconds=%.9f" % wake)
    if runs:
        columns.append("mean_run_seconds=%.9f" % (wall / len(runs)))
        if interval:
            middle = sorted(runs)[len(runs) // 2]
            columns.append("late_wakes=%.4f" % ((middle - interval) / wake))
    print("sample " + " ".join(columns))
    print("series run_seconds " + " ".join("%.7g" % run for run in runs[:MOST_RUNS]))


WARM_UP_SECONDS = 2.0
MOST_RUNS = 200000
main(
    int(factors["threads"]),
    float(factors["seconds"]),
    float(factors.get("switch_interval", 0)),
)
