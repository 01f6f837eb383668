# Classes working together: accounts, an audit by decorators, custom exceptions, context managers, sorting.
import functools


class BankError(Exception):
    pass


class InsufficientFunds(BankError):
    def __init__(self, account, wanted):
        super().__init__(f"{account.owner} has {account.balance:.2f}, wanted {wanted:.2f}")
        self.shortfall = wanted - account.balance


class Audit(list):
    def __call__(self, f):
        @functools.wraps(f)
        def wrapper(account, amount, *args):
            try:
                result = f(account, amount, *args)
            except BankError as e:
                self.append((f.__name__, account.owner, amount, "refused"))
                raise
            self.append((f.__name__, account.owner, amount, "done"))
            return result

        return wrapper


audit = Audit()


@functools.total_ordering
class Account:
    _next = 1000

    def __init__(self, owner, balance=0):
        self.owner, self._balance, self.number = owner, balance, Account._next
        Account._next += 1

    balance = property(lambda self: self._balance)

    @audit
    def deposit(self, amount):
        if amount <= 0:
            raise BankError(f"cannot deposit {amount}")
        self._balance += amount

    @audit
    def withdraw(self, amount):
        if amount > self._balance:
            raise InsufficientFunds(self, amount)
        self._balance -= amount

    def __eq__(self, other):
        return self.balance == other.balance

    def __lt__(self, other):
        return self.balance < other.balance

    def __format__(self, spec):
        return {"": str(self), "short": self.owner[0], "money": f"{self.balance:,.2f}"}.get(spec) or format(str(self), spec)

    def __str__(self):
        return f"#{self.number} {self.owner}: {self.balance:.2f}"


class Savings(Account):
    def __init__(self, *args, rate=0.05, **kwargs):
        super().__init__(*args, **kwargs)
        self.rate = rate

    def accrue(self):
        self.deposit(round(self.balance * self.rate, 2))


class Transaction:
    def __init__(self, *accounts):
        self.accounts = accounts

    def __enter__(self):
        self.saved = [a._balance for a in self.accounts]
        return self

    def __exit__(self, kind, value, tb):
        if kind is not None:
            for a, b in zip(self.accounts, self.saved):
                a._balance = b
            print("rolled back:", value)
        return kind is not None and issubclass(kind, BankError)


ann, bob, cay = Account("Ann", 100), Savings("Bob", 2500.5, rate=0.1), Account("Cay")
with Transaction(ann, bob):
    ann.withdraw(30)
    bob.deposit(30)
with Transaction(ann, cay):
    cay.deposit(500)
    ann.withdraw(1000)
bob.accrue()
try:
    cay.deposit(-1)
except BankError as e:
    print(type(e).__name__, e)
try:
    cay.withdraw(1)
except InsufficientFunds as e:
    print(e, e.shortfall)
for account in sorted([bob, cay, ann]):
    print(f"{account} | {account:short} | {account:money} | {account:>30}")
print(*audit, sep="\n")
print(max(ann, bob, cay).owner, ann > cay, ann <= bob, Account.deposit.__name__, sum(a.balance for a in (ann, bob, cay)))
