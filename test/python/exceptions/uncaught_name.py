# A NameError with a hint, not handled.
def f(number):
    return numbr + 1
f(3)
