"""What a generator handles stays its own, also when it is what its resumer handles."""
import sys


def keeps():
    try:
        print(sys.exc_info()[0])
        yield
    except Exception as error:
        print(sys.exc_info()[0], error.__context__)
        yield
        print(sys.exc_info()[0])
        yield
        raise


generator = keeps()
next(generator)
try:
    raise ValueError("thrown")
except Exception as error:
    generator.throw(error)
next(generator)
print(sys.exc_info()[0])
try:
    next(generator)
except ValueError as error:
    print(repr(error))


class Other(Exception):
    def __new__(cls):
        return cls


def plain():
    try:
        yield 1
    except TypeError as error:
        print(error)
        yield 2


for started in (False, True):
    generator = plain()
    if started:
        next(generator)
    try:
        print(generator.throw(Other))
    except TypeError as error:
        print("raised:", error)
    print(list(generator))
