# An I/O thread beside threads or processes that compute: how long does it wait for the lock?
# Usage: convoy.py io=tcp,udp,pipe,sleep beside=threads,processes spinners=0,1,2,4 seconds=1
#        ends=apart
# The thread that answers and the client stay on two cores, unless ends=free. Left alone, the system
# often puts both on one, where a round trip is over before a waiter on the other core has woken up.
# Runs under Python 2.7 too.
import os
import socket
import subprocess
import sys
import threading
import time

factors = dict(word.split("=", 1) for word in sys.argv[1:])
# The command line of takegil has verbs.
IS_TAKEGIL = getattr(getattr(sys, "implementation", None), "name", "") == "takegil"
PYTHON = [sys.executable] + (["run"] if IS_TAKEGIL else [])
clock = getattr(time, "perf_counter", time.time)
ENDS = factors.get("ends", "apart")
if ENDS not in ("apart", "free"):
    sys.exit("convoy: ends is apart or free, not " + ENDS)
MESSAGE = b"x" * 64
LAST = b"the end"
PAUSE = 0.001


class Child:
    """Another process of this program, which does what it reads line by line."""

    def __init__(self, role):
        command = PYTHON + [os.path.abspath(__file__), "role=" + role, "ends=" + ENDS]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe)
        self.answer()

    def tell(self, *words):
        self.process.stdin.write((" ".join(str(word) for word in words) + "\n").encode())
        self.process.stdin.flush()

    def answer(self):
        return self.process.stdout.readline().decode().split()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def stay_on(place):
    """Keep the calling thread on one of the cores it may use: 0 the first, -1 the last."""
    if ENDS == "free" or not sys.platform.startswith("linux"):
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, [sorted(os.sched_getaffinity(0))[place]])
        return
    import ctypes

    libc = ctypes.CDLL(None)
    cores = (ctypes.c_ubyte * 128)()
    libc.sched_getaffinity(0, 128, cores)
    core = [core for core in range(1024) if cores[core >> 3] >> (core & 7) & 1][place]
    libc.sched_setaffinity(0, 128, (ctypes.c_ubyte * 128)(*[0] * (core >> 3) + [1 << (core & 7)]))


def serve_child(actions):
    """The other side of Child: say that it is ready, then answer each line."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in iter(sys.stdin.readline, ""):
        words = line.split()
        sys.stdout.write(" ".join(actions[words[0]](*words[1:])) + "\n")
        sys.stdout.flush()


def round_trips(seconds, ask):
    """Times of one round trip after the other, for so long."""
    times = []
    started = before = clock()
    end = started + seconds
    while before < end:
        ask()
        now = clock()
        times.append(now - before)
        before = now
    return ["%.9g" % time for time in times]


def receive(connection):
    left = len(MESSAGE)
    while left > 0:
        left -= len(connection.recv(left)) or left


def ask_tcp(port, seconds):
    connection = socket.create_connection(("127.0.0.1", int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask():
        connection.sendall(MESSAGE)
        receive(connection)

    try:
        return round_trips(float(seconds), ask)
    finally:
        connection.close()


def ask_udp(port, seconds):
    connection = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    connection.connect(("127.0.0.1", int(port)))

    def ask():
        connection.send(MESSAGE)
        connection.recv(100)

    try:
        return round_trips(float(seconds), ask)
    finally:
        connection.send(LAST)
        connection.close()


def ask_pipe(seconds):
    # Through the pipes that the commands come and go through.
    def ask():
        os.write(1, MESSAGE)
        os.read(0, 100)

    try:
        return round_trips(float(seconds), ask)
    finally:
        os.write(1, LAST)
        os.read(0, 1)


def spin_for(seconds):
    """Rounds of the loop in so long, and how long it really was."""
    started = clock()
    end = started + float(seconds)
    rounds = 0
    while clock() < end:
        for _ in range(1000):
            pass
        rounds += 1
    return [str(rounds / (clock() - started))]


class Threads:
    """Spinners in this process. They live on between runs: what they run is compiled by then."""

    def __init__(self, count):
        self.rounds = [0] * count
        self.going = [False] * count
        self.start = [threading.Event() for _ in range(count)]
        self.ended = False
        self.threads = [threading.Thread(target=self.spin, args=(i,)) for i in range(count)]
        for thread in self.threads:
            thread.start()

    def spin(self, i):
        rounds, going = self.rounds, self.going
        while True:
            self.start[i].wait()
            self.start[i].clear()
            if self.ended:
                return
            while going[i]:
                for _ in range(1000):
                    pass
                rounds[i] += 1

    def go(self, count, seconds):
        self.count = count
        for i in range(count):
            self.rounds[i] = 0
            self.going[i] = True
            self.start[i].set()
        self.started = clock()

    def stop(self):
        """Rounds per second of all together."""
        took = clock() - self.started
        rounds = sum(self.rounds[:self.count])
        for i in range(self.count):
            self.going[i] = False
        return rounds / took

    def end(self):
        self.ended = True
        for event in self.start:
            event.set()
        for thread in self.threads:
            thread.join()


class Processes:
    """The same loops in processes of their own."""

    def __init__(self, count):
        self.children = [Child("spinner") for _ in range(count)]

    def go(self, count, seconds):
        self.count = count
        for child in self.children[:count]:
            child.tell("spin", seconds)

    def stop(self):
        return sum(float(child.answer()[0]) for child in self.children[:self.count])

    def end(self):
        for child in self.children:
            child.end()


def echo_tcp(client, seconds):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1)
    client.tell("tcp", listener.getsockname()[1], seconds)
    connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while True:
        data = connection.recv(100)
        if not data:
            break
        connection.sendall(data)
    connection.close()
    listener.close()
    return [float(word) for word in client.answer()]


def echo_udp(client, seconds):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    client.tell("udp", server.getsockname()[1], seconds)
    while True:
        data, address = server.recvfrom(100)
        if data == LAST:
            break
        server.sendto(data, address)
    server.close()
    return [float(word) for word in client.answer()]


def echo_pipe(client, seconds):
    client.tell("pipe", seconds)
    there, back = client.process.stdout.fileno(), client.process.stdin.fileno()
    while True:
        data = os.read(there, 100)
        if data == LAST:
            os.write(back, b".")
            break
        os.write(back, data)
    return [float(word) for word in client.answer()]


def pause(client, seconds):
    times = []
    before = clock()
    end = before + seconds
    while before < end:
        time.sleep(PAUSE)
        now = clock()
        times.append(now - before)
        before = now
    return times


KINDS = {"tcp": echo_tcp, "udp": echo_udp, "pipe": echo_pipe, "sleep": pause}


def alone(spinners, count, seconds):
    """Rounds per second of so many spinners without I/O beside them."""
    if count == 0:
        return None
    spinners.go(count, seconds)
    time.sleep(seconds)
    return spinners.stop()


def measure(kind, client, spinners, count, seconds, rate_alone):
    spinners.go(count, seconds)
    started = clock()
    times = KINDS[kind](client, seconds)
    took = clock() - started
    rate = spinners.stop()
    kept = rate / rate_alone if count > 0 else None
    return times, len(times) / took, kept


def main(kinds, besides, counts, seconds, samples):
    most = max(counts)
    client = Child("client")
    places = {"threads": Threads, "processes": Processes}
    spinners = dict((beside, places[beside](most)) for beside in besides)
    for beside in besides:
        alone(spinners[beside], most, WARM_UP)
    stay_on(0)
    # Alone, then beside all: takegil compiles once more when it comes to something new.
    for kind in kinds:
        KINDS[kind](client, WARM_UP)
        for beside in besides:
            measure(kind, client, spinners[beside], most, WARM_UP, 1.0)
    for _ in range(samples):
        rates = dict(((beside, count), alone(spinners[beside], count, seconds / 2))
                     for beside in besides for count in counts)
        for kind in kinds:
            for count in counts:
                for beside in besides:
                    times, per_second, kept = measure(
                        kind, client, spinners[beside], count, seconds, rates[beside, count])
                    print("sample io=%s beside=%s spinners=%d operations_per_second=%.6g "
                          "cpu_kept_ratio=%s" % (kind, beside, count, per_second, kept))
                    step = len(times) // MOST_SHOWN + 1
                    print("series latency_seconds " + " ".join("%.4g" % t for t in times[::step]))
                    sys.stdout.flush()
    for beside in besides:
        spinners[beside].end()
    client.end()


WARM_UP = 1.0
MOST_SHOWN = 4000
role = factors.get("role")
if role == "client":
    stay_on(-1)
    serve_child({"tcp": ask_tcp, "udp": ask_udp, "pipe": ask_pipe})
elif role == "spinner":
    spin_for(0.2)
    serve_child({"spin": spin_for})
else:
    main(factors["io"].split(","), factors["beside"].split(","),
         [int(n) for n in factors["spinners"].split(",")],
         float(factors["seconds"]), int(factors["samples"]))
