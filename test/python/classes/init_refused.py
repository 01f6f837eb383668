# A class whose __init__ refuses its arguments, again and again, keeps its __init__.
import sys


class Strict:
    def __init__(self, x):
        self.x = x


init = Strict.__init__
before = sys.getrefcount(init)
for _ in range(10):
    for attempt in (lambda: Strict(), lambda: Strict(1, 2), lambda: Strict(y=1)):
        try:
            attempt()
        except TypeError as e:
            message = str(e)
print(sys.getrefcount(init) == before, message, Strict(3).x)
