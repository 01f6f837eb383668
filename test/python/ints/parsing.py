# int() from text in every base, with underscores, signs and whitespace; and the errors' texts.
print(int("0"), int("-0"), int("+17"), int("  42\n"), int("1_000_000"), int("٣٤"))
print(int("ff", 16), int("0xFF", 16), int("0b101", 2), int("0o17", 8), int("z", 36), int("0x1f", 0), int("0b11", 0), int("10", 0))
print(int("-0x1_F", 0), int("1" * 60), int("7" * 50, 8))
print(int(3.99), int(-3.99), int(1e20), int(True), int())
print(int(b"12"), int(bytearray(b"-7")), int("101", base=2))
print(0x_ff, 0b1_0, 0o7_7, 1_0.5, 0xDEADBEEF, 00, 0_0)


class Index:
    def __index__(self):
        return 11


class Whole:
    def __int__(self):
        return 12


class Truncated:
    def __trunc__(self):
        return 13


print(int(Index()), int(Whole()), int("11", Index()), [10, 20, 30, 40][Index() - 9] if hasattr(Index, "__sub__") else "no sub")
print(hex(Index()), bin(Index()), range(20)[Index()])
bad = ["", " ", "1 2", "0x10", "1__0", "_1", "1_", "12a", "--1", "1.5", "٣x", "\0", "1\0"]
for text in bad:
    try:
        print(int(text))
    except ValueError as e:
        print(e)
for args in (("12", 1), ("12", 37), ("9", 8), ("0b2", 2), (12, 10), (None,), ([],), ("08", 0), (b"x", 16)):
    try:
        print(int(*args))
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
for number in (float("inf"), float("-inf"), float("nan")):
    try:
        int(number)
    except (OverflowError, ValueError) as e:
        print(type(e).__name__, e)
