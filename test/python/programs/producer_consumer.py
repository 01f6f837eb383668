# Threads, queues, locks and events in one program: a small job server with retries and a report.
import queue
import threading
import time


class Job:
    def __init__(self, number, attempts=3):
        self.number, self.attempts = number, attempts

    def run(self, attempt):
        if self.number % 7 == 0 and attempt < 2:
            raise ValueError(f"job {self.number} fails at attempt {attempt}")
        if self.number % 11 == 0:
            raise KeyError(self.number)
        return self.number**2


class Server:
    def __init__(self, workers):
        self.jobs, self.results, self.failures = queue.Queue(10), {}, {}
        self.lock, self.retries, self.stopping = threading.Lock(), 0, threading.Event()
        self.threads = [threading.Thread(target=self.work, name=f"worker-{i}") for i in range(workers)]
        for t in self.threads:
            t.start()

    def work(self):
        while not self.stopping.is_set():
            try:
                job = self.jobs.get(timeout=0.02)
            except queue.Empty:
                continue
            for attempt in range(1, job.attempts + 1):
                try:
                    result = job.run(attempt)
                except ValueError:
                    with self.lock:
                        self.retries += 1
                except Exception as e:
                    with self.lock:
                        self.failures[job.number] = repr(e)
                    break
                else:
                    with self.lock:
                        self.results[job.number] = result
                    break
            self.jobs.task_done()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.jobs.join()
        self.stopping.set()
        for t in self.threads:
            t.join()


with Server(4) as server:
    for n in range(60):
        server.jobs.put(Job(n))
print(len(server.results), sum(server.results.values()), server.retries, sorted(server.failures.items()))
print(all(not t.is_alive() for t in server.threads), threading.active_count(), server.jobs.empty())


class Philosopher(threading.Thread):
    def __init__(self, index, forks):
        super().__init__(name=f"philosopher {index}")
        self.first, self.second = sorted((index, (index + 1) % len(forks)))
        self.forks, self.meals = forks, 0

    def run(self):
        for _ in range(50):
            with self.forks[self.first]:
                with self.forks[self.second]:
                    self.meals += 1
                    if self.meals % 25 == 0:
                        time.sleep(0.001)


forks = [threading.Lock() for _ in range(5)]
table = [Philosopher(i, forks) for i in range(5)]
for p in table:
    p.start()
for p in table:
    p.join()
print([p.meals for p in table])


class ReadWriteLock:
    def __init__(self):
        self.condition, self.readers = threading.Condition(), 0

    def read(self):
        with self.condition:
            self.readers += 1

    def done_reading(self):
        with self.condition:
            self.readers -= 1
            self.condition.notify_all()

    def write(self, change):
        with self.condition:
            self.condition.wait_for(lambda: self.readers == 0, timeout=5)
            change()


shared, rw, torn = {"a": 0, "b": 0}, ReadWriteLock(), []


def reader():
    for _ in range(100):
        rw.read()
        if shared["a"] != shared["b"]:
            torn.append(dict(shared))
        rw.done_reading()


def writer():
    for _ in range(50):
        rw.write(lambda: shared.update(a=shared["a"] + 1, b=shared["b"] + 1))


threads = [threading.Thread(target=t) for t in (reader, writer, reader, writer)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(shared, torn)
