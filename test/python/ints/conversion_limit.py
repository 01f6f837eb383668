# The limit on digits converted between int and decimal text (4300 by default), and how to lift it.
import sys

print(sys.get_int_max_str_digits(), sys.int_info.default_max_str_digits, sys.int_info.str_digits_check_threshold)
for size in (4299, 4300, 4301, 10000):
    for convert in (lambda: len(str(10 ** (size - 1))), lambda: int("1" * size) % 97, lambda: len("%d" % 10 ** (size - 1)), lambda: len(repr(-(10 ** (size - 1))))):
        try:
            print(size, convert())
        except ValueError as e:
            print(size, e)
print(len(hex(16**6000)), int("f" * 6000, 16) % 1009, len(bin(2**20000)))
sys.set_int_max_str_digits(5000)
print(sys.get_int_max_str_digits(), len(str(10**4999)))
try:
    str(10**5000)
except ValueError as e:
    print(e)
sys.set_int_max_str_digits(0)
print(len(str(10**9999)), int("9" * 9999) == 10**9999 - 1)
for wrong in (1, 639, -1):
    try:
        sys.set_int_max_str_digits(wrong)
    except ValueError as e:
        print(e)
