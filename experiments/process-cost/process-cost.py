# What a process costs: until it runs, and objects on their way to it.
# Usage: process-cost.py how=first,ready,pipe,queue,pool size=64,65536 samples=3
import multiprocessing
import sys
import time

factors = dict(word.split("=", 1) for word in sys.argv[1:])
clock = time.perf_counter


def say(conn):
    conn.send("here")


def take_pipe(there, back, count):
    for _ in range(count):
        there.recv()
    back.send("all")


def take_queue(there, back, count):
    for _ in range(count):
        there.get()
    back.send("all")


def same(x):
    return x


def start(ready):
    """Seconds from start() until the process says something, and until it has ended."""
    conn, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=say, args=(theirs,))
    if ready:
        # What is started ahead has time to get ready.
        time.sleep(3)
    started = clock()
    process.start()
    conn.recv()
    running = clock() - started
    process.join()
    return running, clock() - started


def send(take, there, put, size):
    """Messages and bytes a second, to a process that does nothing with them."""
    conn, back = multiprocessing.Pipe()
    count = 20000 if size < 1000 else 1000
    message = bytes(size)
    warm = count // 4
    for amount in (warm, count):
        process = multiprocessing.Process(target=take, args=(there, back, amount))
        process.start()
        # The first message is read when the process runs.
        put(message)
        time.sleep(1)
        started = clock()
        for _ in range(amount - 1):
            put(message)
        conn.recv()
        seconds = clock() - started
        process.join()
    return (count - 1) / seconds, (count - 1) * size / seconds


def report(how, size, **columns):
    text = " ".join("%s=%.9g" % column for column in columns.items())
    print("sample how=%s size=%d %s" % (how, size, text))
    sys.stdout.flush()


def measure(how, size):
    if how in ("first", "ready"):
        running, ended = start(how == "ready")
        report(how, size, running_seconds=running, ended_seconds=ended)
        return
    if how == "pipe":
        reader, writer = multiprocessing.Pipe(duplex=False)
        messages, amount = send(take_pipe, reader, writer.send, size)
    elif how == "queue":
        queue = multiprocessing.Queue()
        messages, amount = send(take_queue, queue, queue.put, size)
    else:
        with multiprocessing.Pool(1) as pool:
            data = [bytes(size)] * (2000 if size < 1000 else 200)
            pool.map(same, data, chunksize=1)
            started = clock()
            pool.map(same, data, chunksize=1)
            messages = len(data) / (clock() - started)
            amount = messages * size
    report(how, size, messages_per_second=messages, bytes_per_second=amount)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    sizes = [int(size) for size in factors["size"].split(",")]
    kinds = factors["how"].split(",")
    for _ in range(int(factors["samples"])):
        for how in kinds:
            for size in sizes:
                if how in ("first", "ready") and size != sizes[0]:
                    print("skip how=%s size=%d" % (how, size))
                else:
                    measure(how, size)
