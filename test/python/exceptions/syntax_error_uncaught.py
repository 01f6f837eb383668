# A syntax error stops the program before its first line.
print("never printed")
def broken(:
    pass
