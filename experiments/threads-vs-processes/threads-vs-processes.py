# The same jobs one after another, in threads, in processes, and in processes that know nothing of
# each other: which is faster, and what does it cost?
# Usage: threads-vs-processes.py work=pi,matrix,sieve,fib,io how=sequential,threads,processes,independent
#        workers=1,2,4 seconds=1 samples=1
# Runs under Python 2.7 too.
import os
import pickle
import subprocess
import sys
import threading
import time

factors = dict(word.split("=", 1) for word in sys.argv[1:])
IS_TAKEGIL = getattr(getattr(sys, "implementation", None), "name", "") == "takegil"
clock = getattr(time, "perf_counter", time.time)
PAUSE = 0.05
FILE = os.path.abspath(sys.argv[0])


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


def pi(digits=300):
    """Digits of pi by Gosper's series: integers that grow."""
    q, r, t, k, found = 1, 180, 60, 2, []
    while len(found) < digits:
        u = 3 * (3 * k + 1) * (3 * k + 2)
        y = (q * (27 * k - 12) + 5 * r) // (5 * t)
        found.append(y)
        q, r, t, k = (10 * q * k * (2 * k - 1), 10 * u * (q * (5 * k - 2) + r - y * t), t * u, k + 1)
    return sum(found)


def matrix(size=40):
    """The product of two matrices of floats."""
    a = [[float(i * j % 7) for j in range(size)] for i in range(size)]
    b = [[float(i + j) for j in range(size)] for i in range(size)]
    columns = list(zip(*b))
    product = [[sum([x * y for x, y in zip(row, column)]) for column in columns] for row in a]
    return product


def sieve(limit=20000):
    """Primes up to a limit."""
    flags = bytearray([1]) * limit
    found = 0
    for n in range(2, limit):
        if flags[n]:
            found += 1
            for multiple in range(n * n, limit, n):
                flags[multiple] = 0
    return found


def fib(n=17):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def io():
    """Nothing but waiting."""
    time.sleep(PAUSE)


WORK = {"pi": pi, "matrix": matrix, "sieve": sieve, "fib": fib, "io": io}


def job(name, rounds):
    function = WORK[name]
    for _ in range(rounds):
        result = function()
    return result


def memory_of(pid):
    """Bytes of memory that a process has, or None where /proc does not tell."""
    try:
        with open("/proc/%s/statm" % pid) as file:
            return int(file.read().split()[1]) * 4096
    except IOError:
        return None


class Sequential:
    def __init__(self, count):
        self.pickled = 0

    def run(self, name, rounds, count):
        for _ in range(count):
            job(name, rounds)

    def memory(self, count):
        return memory_of("self")

    def end(self):
        pass


class Threads(Sequential):
    """Threads that live on between runs: what they run is compiled by then."""

    def __init__(self, count):
        self.pickled = 0
        self.tasks = [None] * count
        self.start = [threading.Event() for _ in range(count)]
        self.done = [threading.Event() for _ in range(count)]
        self.threads = [threading.Thread(target=self.work, args=(i,)) for i in range(count)]
        for thread in self.threads:
            thread.start()

    def work(self, i):
        while True:
            self.start[i].wait()
            self.start[i].clear()
            if self.tasks[i] is None:
                return
            job(*self.tasks[i])
            self.done[i].set()

    def run(self, name, rounds, count):
        for i in range(count):
            self.tasks[i] = name, rounds
            self.start[i].set()
        for i in range(count):
            self.done[i].wait()
            self.done[i].clear()

    def end(self):
        for i, event in enumerate(self.start):
            self.tasks[i] = None
            event.set()
        for thread in self.threads:
            thread.join()


def process_main(connection):
    """What a worker process does: jobs come and results go as pickles."""
    while True:
        task = pickle.loads(connection.recv_bytes())
        if task is None:
            break
        connection.send_bytes(pickle.dumps(job(*task), 2))


class Processes:
    """Workers of multiprocessing; every byte that goes to and fro is counted."""

    def __init__(self, count):
        import multiprocessing
        if hasattr(multiprocessing, "get_context"):
            multiprocessing = multiprocessing.get_context("spawn")
        self.pickled = 0
        self.connections = []
        self.processes = []
        for _ in range(count):
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.Process(target=process_main, args=(theirs,))
            process.start()
            self.connections.append(ours)
            self.processes.append(process)

    def run(self, name, rounds, count):
        self.pickled = 0
        task = pickle.dumps((name, rounds), 2)
        for connection in self.connections[:count]:
            connection.send_bytes(task)
        for connection in self.connections[:count]:
            answer = connection.recv_bytes()
            self.pickled += len(task) + len(answer)
            pickle.loads(answer)

    def memory(self, count):
        parts = [memory_of("self")] + [memory_of(p.pid) for p in self.processes[:count]]
        return None if None in parts else sum(parts)

    def end(self):
        for connection, process in zip(self.connections, self.processes):
            connection.send_bytes(pickle.dumps(None, 2))
            process.join()


class Independent:
    """Programs of their own, told to begin: the most that processes could give."""

    def __init__(self, count):
        self.pickled = 0
        pipe = subprocess.PIPE
        command = python_command() + [FILE, "role=independent"]
        self.processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe) for _ in range(count)]

    def run(self, name, rounds, count):
        for process in self.processes[:count]:
            process.stdin.write(("%s %d\n" % (name, rounds)).encode())
            process.stdin.flush()
        for process in self.processes[:count]:
            process.stdout.readline()

    def memory(self, count):
        parts = [memory_of(p.pid) for p in self.processes[:count]]
        return None if None in parts else sum(parts)

    def end(self):
        for process in self.processes:
            process.stdin.close()
            process.wait()


def independent_main():
    for line in iter(sys.stdin.readline, ""):
        name, rounds = line.split()
        job(name, int(rounds))
        sys.stdout.write("done\n")
        sys.stdout.flush()


KINDS = {"sequential": Sequential, "threads": Threads, "processes": Processes,
         "independent": Independent}


def timed(place, name, rounds, count):
    started = clock()
    place.run(name, rounds, count)
    return clock() - started


def warm_up(place, name, count):
    """Let each worker run the job until it gets no faster: what compiles while it runs has then."""
    rounds, fastest, steady, spent = 1, None, 0, 0.0
    while spent < MOST_WARM_UP * count and (steady < STEADY or spent < LEAST_WARM_UP):
        took = timed(place, name, rounds, count)
        spent += took
        each = took / rounds
        steady = 0 if fastest is None or each < 0.95 * fastest else steady + 1
        fastest = each if fastest is None else min(fastest, each)
        if took < RUN:
            # Runs that say nothing yet.
            rounds, steady = rounds * 2, 0
    return rounds


def calibrate(places, name, rounds, seconds):
    """Rounds with which a job takes so long, wherever it is done, after the warm-up."""
    for _ in range(MOST_TRIES):
        least = min(timed(place, name, rounds, 1) for place in places)
        if least >= seconds:
            break
        rounds = int(rounds * max(1.05 * seconds / least, 1.1)) + 1
    return rounds


def prepare(places, name, most, seconds):
    """Warm all places up; the rounds of a job."""
    if name == "io":
        # Waiting needs no warm-up, and many can wait at once: a short time will do.
        return max(1, int(seconds / 4 / PAUSE))
    least = min(warm_up(place, name, most) for place in places)
    rounds = calibrate(places, name, least, seconds)
    # Once as it will be measured.
    for place in places:
        timed(place, name, rounds, most)
    return rounds


def measure(name, rounds, count, kind, place):
    """Print a sample; one without values for what is not worth its time."""
    took = memory = None
    if count <= BUSY or (name == "io" and kind in ("sequential", "threads")):
        took = timed(place, name, rounds, count)
        memory = place.memory(count)
    print("sample work=%s how=%s workers=%d wall_seconds=%s pickled_bytes=%s memory_bytes=%s" % (
        name, kind, count, took, took and place.pickled, memory))
    sys.stdout.flush()


def main(works, kinds, counts, seconds, samples):
    most = max(counts)
    # Sixteen threads cost little, sixteen processes much.
    places = [KINDS[kind](most if kind in ("sequential", "threads") else min(most, BUSY))
              for kind in kinds]
    # What computes has no use for more workers than that.
    busiest = max([count for count in counts if count <= BUSY] or [BUSY])
    for name in works:
        rounds = prepare(places, name, busiest, seconds)
        for _ in range(samples):
            for count in counts:
                for kind, place in zip(kinds, places):
                    measure(name, rounds, count, kind, place)
    for place in places:
        place.end()


# Seconds: of a run that says something, and of warming up, at least and at most for each worker.
RUN = 0.2
LEAST_WARM_UP = 1.5
MOST_WARM_UP = 6
# So many runs that are no faster than those before are the end of it.
STEADY = 3
MOST_TRIES = 5
BUSY = 4
if __name__ == "__main__":
    if factors.get("role") == "independent":
        independent_main()
    else:
        main(factors["work"].split(","), factors["how"].split(","),
             [int(part) for part in factors["workers"].split(",")],
             float(factors["seconds"]), int(factors["samples"]))
