# Beazley's countdown at a small size: sequential and with two threads, the same result.
from threading import Thread


def countdown(n, out):
    steps = 0
    while n > 0:
        n -= 1
        steps += 1
    out.append(steps)


COUNT = 100000
out = []
countdown(COUNT, out)
countdown(COUNT, out)
t1 = Thread(target=countdown, args=(COUNT, out))
t2 = Thread(target=countdown, args=(COUNT, out))
t1.start()
t2.start()
t1.join()
t2.join()
print(out, sum(out))
