# Small objects are made and dropped all the time; only a thousand are alive at any moment.
# Usage: churn.py ROUNDS
import sys


def churn(kept, rounds):
    for i in range(rounds):
        kept[i % len(kept)] = [float(i), str(i)]


kept = [None] * 1000
churn(kept, 1000)
print("begun")  # snapshot: a thousand are alive
churn(kept, int(sys.argv[1]))
print("churned")  # snapshot: so many more have lived
