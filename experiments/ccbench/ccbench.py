# Throughput, latency and bandwidth beside threads that compute: the measurements of CPython's
# Tools/ccbench, with percentiles and with how evenly the threads get on.
# Usage: ccbench.py -t -l -b -n 4 -I 0.005, as ccbench; or, for takegil sweep,
#        ccbench.py test=throughput,latency,bandwidth task=pidigits,regex,zip threads=0,1,2,4
# Runs under Python 2.7 too.
import os
import re
import socket
import subprocess
import sys
import threading
import time
import zlib

try:
    from bz2 import compress as bz2_compress
except ImportError:
    bz2_compress = None

# The command line of takegil has verbs.
IS_TAKEGIL = getattr(getattr(sys, "implementation", None), "name", "") == "takegil"
PYTHON = [sys.executable] + (["run"] if IS_TAKEGIL else [])
clock = getattr(time, "perf_counter", time.time)
PACKET = b"x" * 1024
LAST = b"the end"
TEXT = ("alpha Beta 12,5 gamma-delta e@f.org (10) " * 50)[:2000]
PATTERN = re.compile("([A-Za-z]+)[-@]([a-z.]+)|[0-9]+,[0-9]")
# bz2 where there is none would not be the same task: zlib releases the lock as it does.
DATA = b"".join(("line %d of some text, %x\n" % (i, i * 7919)).encode() for i in range(250))[:6000]


def pidigits():
    """50 digits of pi in Python: holds the lock."""
    q, r, t, k, found = 1, 180, 60, 2, 0
    while found < 50:
        u = 3 * (3 * k + 1) * (3 * k + 2)
        y = (q * (27 * k - 12) + 5 * r) // (5 * t)
        found += 1
        q, r, t, k = (10 * q * k * (2 * k - 1), 10 * u * (q * (5 * k - 2) + r - y * t), t * u, k + 1)


def regex():
    """Searches 2,000 characters in C: holds the lock."""
    PATTERN.findall(TEXT)


def compress():
    """Compresses 6,000 bytes in C: releases the lock."""
    if bz2_compress is not None:
        bz2_compress(DATA)
    else:
        zlib.compress(DATA, 9)


TASKS = {"pidigits": (pidigits, "Pi calculation (Python)"),
         "regex": (regex, "regular expression (C)"),
         "zip": (compress, ("bz2" if bz2_compress else "zlib") + " compression (C)")}


def middle(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))]


class Workers:
    """Threads that run one task over and over when told to; they live on between runs."""

    def __init__(self, count):
        self.start = [threading.Event() for _ in range(count)]
        self.ended = threading.Event()
        self.counts = [0] * count
        self.times = [[] for _ in range(count)]
        self.going = False
        self.closed = False
        self.left = 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=(i,)) for i in range(count)]
        for thread in self.threads:
            thread.start()

    def work(self, i):
        while True:
            self.start[i].wait()
            self.start[i].clear()
            if self.closed:
                return
            function, batch, times, count = self.function, self.batch, [], 0
            while self.going:
                started = clock()
                for _ in range(batch):
                    function()
                times.append(clock() - started)
                count += batch
            self.counts[i], self.times[i] = count, times
            with self.lock:
                self.left -= 1
                if self.left == 0:
                    self.ended.set()

    def go(self, function, count, batch=1):
        self.function, self.batch, self.left = function, batch, count
        self.count = count
        self.going = count > 0
        self.started = clock()
        for event in self.start[:count]:
            event.set()

    def stop(self):
        """Iterations per second of each thread."""
        if self.count == 0:
            return []
        self.going = False
        self.ended.wait()
        self.ended.clear()
        took = clock() - self.started
        return [count / took for count in self.counts[:self.count]]

    def end(self):
        self.closed = True
        for event in self.start:
            event.set()
        for thread in self.threads:
            thread.join()


def warm_up(workers, function, count):
    best, steady = 0, 0
    for _ in range(MOST_WARM_UPS):
        workers.go(function, count)
        time.sleep(0.15)
        rate = sum(workers.stop())
        steady = 0 if rate > 1.1 * best else steady + 1
        best = max(best, rate)
        if steady == 2:
            break
    return best


def throughput(workers, function, threads, seconds, per_second):
    """Iterations per second of all threads, their balance, and the times of single ones."""
    batch = max(1, int(per_second / 1000))
    workers.go(function, threads, batch)
    time.sleep(seconds)
    rates = workers.stop()
    times = [t / batch for thread in workers.times[:threads] for t in thread]
    jain = sum(rates) ** 2 / (len(rates) * sum(rate * rate for rate in rates)) if any(rates) else 0
    return sum(rates), jain, times


class Client:
    """Another process, which sends datagrams and tells when, or how many came back."""

    def __init__(self):
        command = PYTHON + [os.path.abspath(__file__), "role=client"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe)
        self.process.stdout.readline()

    def tell(self, *words):
        self.process.stdin.write((" ".join(str(word) for word in words) + "\n").encode())
        self.process.stdin.flush()

    def answer(self):
        return [float(word) for word in self.process.stdout.readline().decode().split()]

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def client_latency(port, seconds, interval):
    """Pings at fixed times; each is answered with when it was seen."""
    connection = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    connection.connect(("127.0.0.1", int(port)))
    times = []
    end = clock() + float(seconds)
    while clock() < end:
        time.sleep(float(interval))
        started = clock()
        connection.send(b"ping")
        connection.recv(100)
        times.append(clock() - started)
    connection.send(LAST)
    connection.close()
    return times


def client_bandwidth(port, seconds):
    connection = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    connection.connect(("127.0.0.1", int(port)))
    count, times = 0, []
    started = before = clock()
    while before < started + float(seconds):
        connection.send(PACKET)
        connection.recv(2000)
        now = clock()
        times.append(now - before)
        before = now
        count += 1
    connection.send(LAST)
    connection.close()
    return [count / (before - started)] + times[::len(times) // 2000 + 1]


def client_main():
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    actions = {"latency": client_latency, "bandwidth": client_bandwidth}
    for line in iter(sys.stdin.readline, ""):
        words = line.split()
        values = actions[words[0]](*words[1:])
        sys.stdout.write(" ".join("%.6g" % value for value in values) + "\n")
        sys.stdout.flush()


def answer_datagrams(client, *command):
    """Echo what comes until it is over; what the client has measured."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    client.tell(command[0], server.getsockname()[1], *command[1:])
    while True:
        data, address = server.recvfrom(2000)
        if data == LAST:
            break
        server.sendto(data, address)
    server.close()
    return client.answer()


def show(values):
    return "series %s " + " ".join("%.4g" % value for value in values[::len(values) // 2000 + 1])


def run_sweep(factors):
    tests, tasks = factors["test"].split(","), factors["task"].split(",")
    counts = [int(word) for word in factors["threads"].split(",")]
    seconds, samples = float(factors["seconds"]), int(factors["samples"])
    workers, client = Workers(max(counts)), Client()
    rates = dict((task, warm_up(workers, TASKS[task][0], max(counts))) for task in tasks)
    answer_datagrams(client, "bandwidth", 0.5)
    for _ in range(samples):
        for task in tasks:
            function = TASKS[task][0]
            for test in tests:
                for threads in counts:
                    cell = "test=%s task=%s threads=%d " % (test, task, threads)
                    key = "sample " + cell
                    if test == "throughput":
                        if threads == 0:
                            print("skip " + cell)
                            continue
                        rate, jain, times = throughput(workers, function, threads, seconds,
                                                       rates[task])
                        print(key + "iterations_per_second=%.6g jain_index=%.4f" % (rate, jain))
                        print(show(times) % "iteration_seconds")
                        continue
                    workers.go(function, threads)
                    if test == "latency":
                        times = answer_datagrams(client, "latency", seconds, 0.02)
                        workers.stop()
                        print(key + "mean_latency_seconds=%.6g interval_seconds=0.005" % (
                            sum(times) / len(times)))
                    else:
                        answer = answer_datagrams(client, "bandwidth", seconds)
                        rate, times = answer[0], answer[1:]
                        workers.stop()
                        print(key + "packets_per_second=%.6g" % rate)
                    print(show(times) % "latency_seconds")
                    sys.stdout.flush()
    client.end()
    workers.end()


def run_throughput(workers, most, seconds):
    print("--- Throughput ---\n")
    for task in ("pidigits", "regex", "zip"):
        function, title = TASKS[task]
        print(title + "\n")
        per_second = warm_up(workers, function, most)
        alone = None
        for threads in range(1, most + 1):
            rate, jain, times = throughput(workers, function, threads, seconds, per_second)
            percent = "" if alone is None else " (%d %%)" % round(100 * rate / alone)
            alone = alone or rate
            print("threads=%d: %d iterations/s.%s balance: %.3f, p50 %.3f ms, p99 %.3f ms" % (
                threads, rate, percent, jain, 1000 * middle(times, 0.5), 1000 * middle(times, 0.99)))
        print("")


def run_network(workers, client, most, seconds, test):
    print("--- %s ---\n" % ("Latency" if test == "latency" else "I/O bandwidth"))
    for task in ("pidigits", "regex", "zip"):
        function, title = TASKS[task]
        print("Background CPU task: " + title + "\n")
        warm_up(workers, function, most)
        alone = None
        for threads in range(most + 1):
            workers.go(function, threads)
            if test == "latency":
                times = [1000 * t for t in answer_datagrams(client, "latency", seconds, 0.1)]
                workers.stop()
                mean = sum(times) / len(times)
                spread = (sum((t - mean) ** 2 for t in times) / len(times)) ** 0.5
                print("CPU threads=%d: %.2f ms. (std dev: %.2f ms.) p50 %.3f ms, p99 %.3f ms" % (
                    threads, mean, spread, middle(times, 0.5), middle(times, 0.99)))
            else:
                answer = answer_datagrams(client, "bandwidth", seconds)
                workers.stop()
                rate, times = answer[0], [1000 * t for t in answer[1:]]
                percent = "" if alone is None else " (%d %%)" % round(100 * rate / alone)
                alone = alone or rate
                print("CPU threads=%d: %.1f packets/s.%s p50 %.3f ms, p99 %.3f ms" % (
                    threads, rate, percent, middle(times, 0.5), middle(times, 0.99)))
        print("")


def option(name, default):
    for i, word in enumerate(sys.argv):
        if word == name and i + 1 < len(sys.argv):
            return float(sys.argv[i + 1])
        if word.startswith(name) and len(word) > 2 and word[2:].replace(".", "", 1).isdigit():
            return float(word[2:])
    return default


def run_options():
    """As ccbench: all tests unless -t, -l or -b chooses."""
    chosen = [flag for flag in ("-t", "-l", "-b") if flag in sys.argv] or ["-t", "-l", "-b"]
    most, seconds = int(option("-n", 4)), option("-d", 2.0)
    if "-I" in " ".join(sys.argv) and hasattr(sys, "setswitchinterval"):
        sys.setswitchinterval(option("-I", 0.005))
    if "-i" in sys.argv and hasattr(sys, "setcheckinterval"):
        sys.setcheckinterval(int(option("-i", 100)))
    workers, client = Workers(most), Client()
    answer_datagrams(client, "bandwidth", 0.5)
    if "-t" in chosen:
        run_throughput(workers, most, seconds)
    if "-l" in chosen:
        run_network(workers, client, most, seconds, "latency")
    if "-b" in chosen:
        run_network(workers, client, most, seconds, "bandwidth")
    client.end()
    workers.end()


MOST_WARM_UPS = 15
given = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
if given.get("role") == "client":
    client_main()
elif "test" in given:
    run_sweep(given)
else:
    run_options()
