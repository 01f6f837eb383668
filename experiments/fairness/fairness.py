# Threads that only compute: how far does each come, and how long is it kept waiting?
# Usage: fairness.py threads=4 seconds=5
# A wait is the time from a thread's last sign of life to its next one, when another one ran between.
# Runs under Python 2.7 too.
import sys
import time
from threading import Thread

factors = dict(word.split("=", 1) for word in sys.argv[1:])
clock = getattr(time, "perf_counter", time.time)


class Window:
    """A part of the time, with what each thread did in it."""

    def __init__(self, start):
        self.start = start
        self.results = []


class Span:
    """What the threads share; whoever has the GIL may change it."""

    def __init__(self):
        self.running = None
        self.window = Window(clock())
        self.rounds = 0


def compute(span):
    window = span.window
    rounds, longest, waits = 0, 0.0, []
    before = clock()
    while window is not None:
        n = 100
        while n > 0:
            n -= 1
        now = clock()
        # A gap that began before the window counts from its start.
        gap = now - max(before, window.start)
        longest = max(longest, gap)
        if span.running is not waits:
            waits.append(gap)
        rounds += 1
        span.rounds += 1
        if span.window is not window:
            window.results.append((rounds, longest, waits))
            window = span.window
            rounds, longest, waits = 0, 0.0, []
        span.running = waits
        before = clock()


def warm_up(span):
    """Wait until the rounds of a quarter of a second get no more."""
    # Interpreters compile what runs often, in each thread anew.
    best = 0
    steady = 0
    for number in range(MOST_WARM_UPS):
        before = span.rounds
        span.window = Window(clock())
        time.sleep(0.25)
        made = span.rounds - before
        steady = 0 if made > 1.1 * best or number < LEAST_WARM_UPS else steady + 1
        best = max(best, made)
        if steady == STEADY_WARM_UPS:
            break


def main(threads, seconds):
    span = Span()
    workers = [
        Thread(target=compute, args=(span,), name="worker %d" % (i + 1)) for i in range(threads)
    ]
    for worker in workers:
        worker.start()
    warm_up(span)
    measured = span.window = Window(clock())
    time.sleep(seconds)
    span.window = None
    seconds = clock() - measured.start
    for worker in workers:
        worker.join()
    results = measured.results
    rounds = [made for made, _, _ in results]
    whole = sum(rounds)
    jain = float(whole) ** 2 / (threads * sum(made**2 for made in rounds))
    print(
        "sample rounds_per_second=%.1f jain_index=%.6f least_share=%.6f greatest_share=%.6f "
        "most_over_least=%s starved_seconds=%.6f"
        % (
            whole / seconds,
            jain,
            min(rounds) / float(whole),
            max(rounds) / float(whole),
            "%.6f" % (max(rounds) / float(min(rounds))) if min(rounds) else "None",
            max(longest for _, longest, _ in results),
        )
    )
    waits = [wait for _, _, own in results for wait in own]
    step = len(waits) // MOST_WAITS + 1
    print("series wait_seconds " + " ".join("%.7g" % wait for wait in sorted(waits)[::-step]))


LEAST_WARM_UPS = 5
STEADY_WARM_UPS = 3
MOST_WARM_UPS = 60
MOST_WAITS = 100000
main(int(factors["threads"]), float(factors["seconds"]))
