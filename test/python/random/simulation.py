# Monte Carlo with a fixed seed: long sequences must not drift.
import random

rng = random.Random(2024)
inside = sum(rng.random() ** 2 + rng.random() ** 2 < 1 for _ in range(20000))
print(inside, inside * 4 / 20000)
dice = [0] * 13
for _ in range(5000):
    dice[rng.randint(1, 6) + rng.randint(1, 6)] += 1
print(dice)
walk = position = 0
for _ in range(5000):
    position += rng.choice((-1, 1))
    walk = max(walk, abs(position))
print(position, walk)
deck = [r + s for r in "A23456789TJQK" for s in "SHDC"]
rng.shuffle(deck)
print(" ".join(deck[:13]))
checksum = 0
for _ in range(10000):
    checksum = (checksum * 31 + rng.getrandbits(32)) % (2**61 - 1)
print(checksum)
maze = [[rng.random() < 0.3 for _ in range(20)] for _ in range(8)]
for row in maze:
    print("".join("#" if c else "." for c in row))
print(sorted(rng.sample(range(1000), 12)))
