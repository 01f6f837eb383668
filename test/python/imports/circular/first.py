print("first begins")
from . import second

VALUE = 1
print("first ends", second.VALUE)


def both():
    return VALUE, second.first.VALUE
