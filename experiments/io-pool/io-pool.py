# A pool of threads works off tasks that sleep and then compute: where is the knee?
# Usage: io-pool.py threads=1,4,8,16,64 processes=1,2 cpu=0,0.002 seconds=1 samples=1
# Runs under Python 2.7 too.
import os
import subprocess
import sys
import threading
import time

factors = dict(word.split("=", 1) for word in sys.argv[1:])
IS_TAKEGIL = getattr(getattr(sys, "implementation", None), "name", "") == "takegil"
clock = getattr(time, "perf_counter", time.time)
SLEEP = 0.010


def python_command():
    """What runs a program in a process of its own, under the same lock."""
    if not IS_TAKEGIL:
        return [sys.executable]
    # The command line of takegil has verbs.
    command = [sys.executable, "run"]
    for name in ("gil", "python", "check_interval"):
        if name in factors:
            command += ["--" + name.replace("_", "-"), factors[name]]
    return command + ["--spread"] * (factors.get("spread") == "yes")


def compute(rounds):
    n = rounds
    while n > 0:
        n -= 1


class Pool:
    """Threads that live on between runs: what they run is compiled by then."""

    def __init__(self, size):
        self.start = [threading.Event() for _ in range(size)]
        self.done = [threading.Event() for _ in range(size)]
        self.counts = [0] * size
        self.until = None
        self.threads = [threading.Thread(target=self.work, args=(i,)) for i in range(size)]
        for thread in self.threads:
            thread.start()

    def work(self, i):
        while True:
            self.start[i].wait()
            self.start[i].clear()
            if self.until is None:
                return
            until, rounds, sleep = self.until, self.rounds, self.sleep
            count = 0
            while clock() < until:
                time.sleep(sleep)
                compute(rounds)
                count += 1
            self.counts[i] = count
            self.done[i].set()

    def run(self, threads, rounds, seconds):
        """Tasks per second of so many threads."""
        return self.run_these(range(threads), rounds, seconds, SLEEP)

    def run_these(self, threads, rounds, seconds, sleep):
        self.rounds, self.sleep = rounds, sleep
        started = clock()
        self.until = started + seconds
        for i in threads:
            self.start[i].set()
        for i in threads:
            self.done[i].wait()
            self.done[i].clear()
        return sum(self.counts[i] for i in threads) / (clock() - started)

    def end(self):
        self.until = None
        for event in self.start:
            event.set()
        for thread in self.threads:
            thread.join()


class Child:
    """A process with a pool of its own."""

    def __init__(self, size):
        command = python_command() + [os.path.abspath(__file__), "role=pool", "threads=%d" % size]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe)

    def run(self, *words):
        self.process.stdin.write((" ".join(str(word) for word in words) + "\n").encode())
        self.process.stdin.flush()

    def answer(self):
        return float(self.process.stdout.readline().decode())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def warm_up(pool, threads):
    """Let each thread run until it is about as quick as the quickest, then all together.

    Takegil compiles for each thread, and once more when it comes to something new, such as being
    asked for the lock. Returns the rounds per second of the median thread.
    """
    def alone(i, rounds):
        return pool.run_these([i], rounds, 0.1, 0) * rounds

    best = 0
    for i in range(threads):
        for _ in range(MOST_WARM_UPS):
            speed = alone(i, WARM_UP_ROUNDS)
            best = max(best, speed)
            if i > 0 and speed > 0.5 * best:
                break
    # So long that each thread is asked.
    longer = WARM_UP_ROUNDS * 10
    most = min(best / longer, threads / (SLEEP + longer / best))
    steady = 0
    for _ in range(MOST_WARM_UPS):
        rate = pool.run(threads, longer, 1)
        steady = steady + 1 if rate > 0.5 * most else 0
        if steady == 2:
            break
    # Sleeping takes time, too, even for no time.
    return sorted(alone(i, longer) for i in range(threads))[threads // 2]


def serve(size):
    pool = Pool(size)
    sys.stdout.write("%g\n" % warm_up(pool, size))
    sys.stdout.flush()
    for line in iter(sys.stdin.readline, ""):
        threads, rounds, seconds = line.split()
        rate = pool.run(int(threads), int(rounds), float(seconds))
        sys.stdout.write("%.6g\n" % rate)
        sys.stdout.flush()
    pool.end()


def main(counts, processes, costs, seconds, samples):
    most = max(counts)
    pool = Pool(most)
    per_second = warm_up(pool, most)
    children = [Child(most) for _ in range(max(processes) - 1)]
    for child in children:
        child.answer()
    for _ in range(samples):
        for cost in costs:
            rounds = int(per_second * cost)
            for number in processes:
                for threads in counts:
                    if threads < number:
                        print("skip threads=%d processes=%d cpu=%g" % (threads, number, cost))
                        continue
                    # Each process has its part of the threads; the first is this one.
                    parts = [threads // number + (i < threads % number) for i in range(number)]
                    for child, part in zip(children, parts[1:]):
                        child.run(part, rounds, seconds)
                    rate = pool.run(parts[0], rounds, seconds)
                    rate += sum(child.answer() for child in children[:number - 1])
                    ideal = threads / (SLEEP + cost)
                    if cost > 0:
                        ideal = min(ideal, number / cost)
                    print("sample threads=%d processes=%d cpu=%g tasks_per_second=%.6g "
                          "of_ideal_ratio=%.4f" % (threads, number, cost, rate, rate / ideal))
                    sys.stdout.flush()
    for child in children:
        child.end()
    pool.end()


def numbers(word, kind):
    return [kind(part) for part in word.split(",")]


MOST_WARM_UPS = 30
WARM_UP_ROUNDS = 20000
if factors.get("role") == "pool":
    serve(int(factors["threads"]))
else:
    main(numbers(factors["threads"], int), numbers(factors["processes"], int),
         numbers(factors["cpu"], float), float(factors["seconds"]), int(factors["samples"]))
