# Busy threads all make progress, whatever the switch interval; sleep and locks hand over.
import sys
import threading
import time

for interval in (0.005, 0.0005, 0.05):
    sys.setswitchinterval(interval)
    stop = False
    counts = [0, 0, 0]

    def spin(i):
        while not stop:
            counts[i] += 1

    threads = [threading.Thread(target=spin, args=(i,)) for i in range(3)]
    for t in threads:
        t.start()
    deadline = time.monotonic() + 0.4
    while time.monotonic() < deadline or min(counts) == 0:
        time.sleep(0.01)
        if time.monotonic() > deadline + 10:
            break
    stop = True
    for t in threads:
        t.join()
    print(interval, all(counts))
sys.setswitchinterval(0.005)
ball, log = threading.Condition(), []
turn = "ping"


def play(me, other, rounds):
    global turn
    for _ in range(rounds):
        with ball:
            ball.wait_for(lambda: turn == me)
            log.append(me)
            turn = other
            ball.notify_all()


players = [threading.Thread(target=play, args=p) for p in (("ping", "pong", 100), ("pong", "ping", 100))]
for p in players:
    p.start()
for p in players:
    p.join()
print(len(log), log[:4], log == ["ping", "pong"] * 100)
sleepers = []


def sleeper(n):
    time.sleep(n / 5)
    sleepers.append(n)


threads = [threading.Thread(target=sleeper, args=(n,)) for n in (5, 1, 3)]
start = time.monotonic()
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sleepers, time.monotonic() - start < 3)
