# Threads sharing objects: lists, dicts, counters with locks, generators, exceptions passed across.
import threading
from threading import Lock, Thread


def run(targets):
    threads = [Thread(target=t) for t in targets]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


shared = []
run([lambda i=i: [shared.append((i, j)) for j in range(200)] for i in range(4)])
print(len(shared), [[j for k, j in shared if k == i] == list(range(200)) for i in range(4)])
table = {}
run([lambda i=i: table.update({(i, j): i * j for j in range(100)}) for i in range(4)])
print(len(table), sum(table.values()))
total, lock = 0, Lock()


def add(n):
    global total
    for _ in range(n):
        with lock:
            total += 1


run([lambda: add(500)] * 4)
print(total)


def numbers():
    for n in range(1000):
        yield n


source, drawn = numbers(), [[], [], []]


def draw(out):
    while True:
        with lock:
            n = next(source, None)
        if n is None:
            return
        out.append(n)


run([lambda out=out: draw(out) for out in drawn])
print(sum(map(len, drawn)), sorted(drawn[0] + drawn[1] + drawn[2]) == list(range(1000)))
errors = []


def fails(i):
    try:
        [][i]
    except IndexError as e:
        errors.append(e)


run([lambda i=i: fails(i) for i in range(3)])
print([str(e) for e in errors], all(e.__traceback__ is not None for e in errors))
try:
    raise errors[0]
except IndexError as e:
    print("re-raised in main:", e)


class Account:
    def __init__(self, balance):
        self.balance, self.lock = balance, Lock()


def transfer(a, b, amount):
    first, second = sorted((a, b), key=id)
    with first.lock, second.lock:
        a.balance -= amount
        b.balance += amount


accounts = [Account(100) for _ in range(5)]
run([lambda i=i: [transfer(accounts[(i + k) % 5], accounts[(i * k + 1) % 5], k % 7) for k in range(100) if (i + k) % 5 != (i * k + 1) % 5] for i in range(4)])
print(sum(a.balance for a in accounts))


def sieve(lo, hi, out):
    for n in range(max(lo, 2), hi):
        if all(n % d for d in range(2, int(n**0.5) + 1)):
            out.append(n)


parts = [[] for _ in range(4)]
run([lambda i=i: sieve(i * 500, (i + 1) * 500, parts[i]) for i in range(4)])
primes = sum(parts, [])
print(len(primes), primes[-5:], primes == sorted(primes))
text = {"log": ""}


def append_text(c):
    for _ in range(50):
        with lock:
            text["log"] += c


run([lambda c=c: append_text(c) for c in "abc"])
print({c: text["log"].count(c) for c in "abc"})
local_results = {}


def deep(name, n):
    def inner(k):
        return 0 if k == 0 else 1 + inner(k - 1)

    local_results[name] = inner(n)


run([lambda i=i: deep(i, 100 * (i + 1)) for i in range(4)])
print(sorted(local_results.items()))


class Dying:
    deaths = 0

    def __del__(self):
        with lock:
            Dying.deaths += 1


def churn():
    for _ in range(200):
        d = Dying()
        d.me = [d]
        d.me.clear()


run([churn] * 4)
print(Dying.deaths)
