# An uncaught exception through several frames: traceback with carets, exit status 1.
import sys


class Account:
    def __init__(self, balance):
        self.balance = balance

    def withdraw(self, amount):
        if amount > self.balance:
            raise ValueError(f"cannot withdraw {amount} from {self.balance}")
        self.balance -= amount


def transfer(source, target, amount):
    source.withdraw(amount)
    target.balance += amount


def main():
    a, b = Account(10), Account(0)
    transfer(a, b, 5)
    print(a.balance, b.balance)
    sys.stdout.flush()
    [transfer(a, b, n) for n in (1, 100)]


main()
print("never")
