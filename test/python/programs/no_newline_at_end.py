# The last line has no newline, and prints none either.
x = 1
if x:
    print("last line", end="")