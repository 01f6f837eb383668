# Places that allocate seldom: numbers past 31 bits, errors about modules, handlers far into code.
print([i for i, _ in zip(enumerate("abc", 2147483645), range(9))], list(enumerate("abcd", 2147483645)), list(enumerate("ab", 10**20)))
big = enumerate("abcdef", 2147483646)
print(next(big), next(big), next(big), next(big))
try:
    import no_such_module
except ImportError as e: print(e.name, e.path, e)
import traceback
try:
    1 / 0
except ZeroDivisionError as e:
    print(traceback.extract_tb(e.__traceback__)[0].lineno)
def f(n):
    # A with or finally past word 256 keeps the place as an int object.
    a = n + 1; a = n + 2; a = n + 3; a = n + 4; a = n + 5; a = n + 6; a = n + 7; a = n + 8
    a = n + 1; a = n + 2; a = n + 3; a = n + 4; a = n + 5; a = n + 6; a = n + 7; a = n + 8
    a = n + 1; a = n + 2; a = n + 3; a = n + 4; a = n + 5; a = n + 6; a = n + 7; a = n + 8
    a = n + 1; a = n + 2; a = n + 3; a = n + 4; a = n + 5; a = n + 6; a = n + 7; a = n + 8
    a = n + 1; a = n + 2; a = n + 3; a = n + 4; a = n + 5; a = n + 6; a = n + 7; a = n + 8
    a = n + 1; a = n + 2; a = n + 3; a = n + 4; a = n + 5; a = n + 6; a = n + 7; a = n + 8
    a = n + 1; a = n + 2; a = n + 3; a = n + 4; a = n + 5; a = n + 6; a = n + 7; a = n + 8
    a = n + 1; a = n + 2; a = n + 3; a = n + 4; a = n + 5; a = n + 6; a = n + 7; a = n + 8
    try:
        try:
            raise KeyError(n)
        finally:
            b = 5
    except KeyError as e:
        return e.args
print(f(3), f(1000))
far = range(2**70, 2**70 + 9, 4)
print(far, list(far), list(reversed(far)), far[1:], far[::-1])
