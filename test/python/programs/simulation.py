# A discrete-event simulation of a shop with generators as processes and a seeded random stream.
import random


class Simulator:
    def __init__(self):
        self.now, self.queue, self.sequence = 0.0, [], 0

    def schedule(self, delay, process):
        self.sequence += 1
        self.queue.append((round(self.now + delay, 6), self.sequence, process))
        self.queue.sort(key=lambda e: e[:2], reverse=True)

    def run(self, until):
        while self.queue and self.queue[-1][0] <= until:
            self.now, _, process = self.queue.pop()
            try:
                action = next(process)
            except StopIteration:
                continue
            if isinstance(action, (int, float)):
                self.schedule(action, process)
            else:
                action(process)


class Resource:
    def __init__(self, sim, capacity):
        self.sim, self.free, self.waiting = sim, capacity, []

    def acquire(self, process):
        if self.free:
            self.free -= 1
            self.sim.schedule(0, process)
        else:
            self.waiting.append(process)

    def release(self):
        if self.waiting:
            self.sim.schedule(0, self.waiting.pop(0))
        else:
            self.free += 1


def customer(name, shop):
    arrived = sim.now
    yield shop.acquire
    waited = sim.now - arrived
    yield rng.uniform(2, 6)
    shop.release()
    log.append((name, waited, sim.now))


def arrivals(shop):
    for i in range(40):
        sim.schedule(0, customer(f"c{i:02d}", shop))
        yield rng.expovariate(0.5)


for clerks in (1, 2, 4):
    rng, sim, log = random.Random(99), Simulator(), []
    sim.schedule(0, arrivals(Resource(sim, clerks)))
    sim.run(1000)
    waits = [w for _, w, _ in log]
    print(clerks, len(log), "mean wait %.3f" % (sum(waits) / len(waits)), "max %.3f" % max(waits), "end %.3f" % sim.now, [name for name, w, _ in log if w > 20][:5])
print(log[:2] == sorted(log, key=lambda e: e[2])[:2], len(sim.queue))
