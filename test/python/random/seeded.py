# random with a seed gives the sequences of the Mersenne Twister as CPython derives them.
import random

for seed in (0, 1, 42, -42, 2**40 + 7, 10**40, "text", b"bytes", 3.5, True):
    random.seed(seed)
    print(repr(seed), random.random(), random.random(), random.getrandbits(32), random.getrandbits(5), random.getrandbits(100))
r = random.Random(12345)
print([r.randint(1, 6) for _ in range(20)], [r.randrange(10) for _ in range(10)], r.randrange(5, 100, 7), r.randrange(10**30), r.getrandbits(0))
print(r.choice("abcdef"), r.choice([1, 2, 3]), r.choice((9,)), r.choice(range(1000)))
items = list(range(10))
r.shuffle(items)
print(items, r.sample(range(100), 5), r.sample("abcdefgh", 3), r.sample(range(10**9), 4), r.choices("abc", k=8), r.choices([1, 2], weights=[1, 9], k=6), r.choices("xy", cum_weights=[1, 3], k=3), r.sample([1, 2], counts=[3, 1], k=3))
print(r.uniform(1, 10), r.uniform(5, -5), r.triangular(), "%.12g" % r.gauss(0, 1), "%.12g" % r.gauss(10, 2), "%.12g" % r.expovariate(1.5), "%.12g" % r.normalvariate(0, 1), "%.12g" % r.betavariate(1, 2), "%.12g" % r.gammavariate(2, 1), "%.12g" % r.lognormvariate(0, 1), "%.12g" % r.paretovariate(3), "%.12g" % r.weibullvariate(1, 2), "%.12g" % r.vonmisesvariate(0, 4))
print(r.randbytes(5))
state = r.getstate()
first = [r.random() for _ in range(3)]
r.setstate(state)
print(first == [r.random() for _ in range(3)], state[0], len(state[1]), state[2])
a, b = random.Random(7), random.Random(7)
print(all(a.random() == b.random() for _ in range(2000)), a.random())
random.seed(5)
print(random.randint(0, 10**6), random.choice("xyz"), random.uniform(0, 1))
for attempt in (lambda: r.randrange(0), lambda: r.randint(5, 1), lambda: r.choice([]), lambda: r.sample([1], 2), lambda: r.getrandbits(-1), lambda: r.choices([], k=1), lambda: r.choices([1], weights=[1, 2]), lambda: r.sample({1, 2}, 1), lambda: random.seed([]), lambda: r.randrange(1, 5, 0), lambda: r.choices([1, 2], weights=[0, 0])):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
unseeded = random.Random()
print(0 <= unseeded.random() < 1, random.Random().random() != random.Random().random())


class Fixed(random.Random):
    def random(self):
        return 0.5


f = Fixed()
print(f.random(), f.uniform(0, 10), f.choice("abcd"))
