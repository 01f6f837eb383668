# Producers put items into a queue of limited length, consumers take them out and work on each.
# Usage: producer-consumer.py producers=2 consumers=2 capacity=16 work=50 seconds=1
# Runs under Python 2.7 too.
import sys
import time
from threading import Thread

try:
    from queue import Queue
except ImportError:
    from Queue import Queue

factors = dict(word.split("=", 1) for word in sys.argv[1:])
clock = getattr(time, "perf_counter", time.time)


def compute(n):
    while n > 0:
        n -= 1


class Span:
    def __init__(self):
        self.over = False
        self.taken = 0


def warm_up(span):
    """Wait until the items consumed in a quarter of a second get no more."""
    # Interpreters compile what runs often, in each thread anew.
    best = 0
    steady = 0
    for window in range(MOST_WARM_UPS):
        before = span.taken
        time.sleep(0.25)
        made = span.taken - before
        steady = 0 if made > 1.1 * best or window < LEAST_WARM_UPS else steady + 1
        best = max(best, made)
        if steady == STEADY_WARM_UPS:
            break


def produce(items, work, span):
    while not span.over:
        compute(work)
        items.put(clock())


def consume(items, work, span, taken):
    while True:
        made = items.get()
        now = clock()
        if made is None:
            return
        compute(work)
        span.taken += 1
        taken.append(now - made)


def main(producers, consumers, capacity, work, seconds):
    items, span = Queue(capacity), Span()
    taken = [[] for _ in range(consumers)]
    makers = [Thread(target=produce, args=(items, work, span)) for _ in range(producers)]
    takers = [Thread(target=consume, args=(items, work, span, own)) for own in taken]
    for thread in makers + takers:
        thread.start()
    warm_up(span)
    begin = clock()
    first = [len(own) for own in taken]
    time.sleep(seconds)
    last = [len(own) for own in taken]
    seconds = clock() - begin
    span.over = True
    for thread in makers:
        thread.join()
    for _ in takers:
        items.put(None)
    for thread in takers:
        thread.join()
    taken = [own[i:j] for own, i, j in zip(taken, first, last)]
    counts = [len(own) for own in taken]
    whole = sum(counts)
    squares = sum(count**2 for count in counts)
    print(
        "sample items_per_second=%.2f jain_index=%s"
        % (whole / seconds, "%.6f" % (float(whole) ** 2 / (consumers * squares)) if whole else None)
    )
    latencies = sorted(latency for own in taken for latency in own)
    step = len(latencies) // MOST_VALUES + 1
    print("series latency_seconds " + " ".join("%.5g" % t for t in latencies[::-step]))


LEAST_WARM_UPS = 5
STEADY_WARM_UPS = 3
MOST_WARM_UPS = 40
MOST_VALUES = 50000
main(
    int(factors["producers"]),
    int(factors["consumers"]),
    int(factors["capacity"]),
    int(factors["work"]),
    float(factors["seconds"]),
)
