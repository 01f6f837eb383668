# The shortest text that reads back as the same float, and when it turns to exponents.
values = [0.0, -0.0, 1.0, 0.1, 0.2 + 0.1, 1 / 3, 2 / 3, 1e15, 1e16, 123456789012345680.0, 1e17, 1e-4, 1e-5, 0.00012345,
          1.5e300, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 100.0, 1e22, 1e23, 9007199254740993.0,
          4.35, 2.675, 1e100, 3.14159265358979, float("inf"), float("-inf"), float("nan")]
for value in values:
    text = repr(value)
    print(text, str(value) == text, value != value or float(text) == value)
print(float("1_000.5"), float("  -2.5e3\n"), float("INFINITY"), float("-nAn"), float("1e400"), float("1e-400"), float(".5"), float("5."), float("٣.٥"))
print(float(10**22), float(2**53 + 1), float(True), float())
for bad in ("", "1e", "e5", "1__0", "0x1p3", "1.2.3", "abc", "1 2", "nan1", "_1.0"):
    try:
        print(float(bad))
    except ValueError as e:
        print(e)
for bad in (None, [], 1j, 10**400):
    try:
        print(float(bad))
    except (TypeError, OverflowError) as e:
        print(type(e).__name__, e)
print([1e16, -1e-7], (0.5,), {1.0: 2.0})
