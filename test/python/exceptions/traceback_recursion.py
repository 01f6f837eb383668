# A runaway recursion prints its repeated frame once with a count; exit status 1.
def descend(n):
    return descend(n + 1)


def even(n):
    return odd(n + 1)


def odd(n):
    return even(n + 1)


try:
    even(0)
except RecursionError as e:
    print("caught", e)
descend(0)
