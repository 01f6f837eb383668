# Warnings of the compiler go to stderr with the line they are about; the program runs.
x = 5
print(x is 5, x is not "a")
print("\d", len("\q"))
assert (x, "a tuple is always true")
print(x if x else 5 is x)


def never_called():
    return [1, 2]["a"], 5(), (1, 2)(3)
