# Methods and attributes of int, comparison with floats, hashing, rounding, conversion to bytes.
print((10).numerator, (10).denominator, (3).real, (3).imag, (3).conjugate(), (5).as_integer_ratio())
print((1024).to_bytes(2, "big"), (1024).to_bytes(4, "little"), (-2).to_bytes(3, "big", signed=True), (5).to_bytes())
print(int.from_bytes(b"\x04\x00", "big"), int.from_bytes(b"\xff\xfe", "little", signed=True), int.from_bytes([1, 2, 3], "big"), int.from_bytes(b"", "big"))
for attempt in (lambda: (256).to_bytes(1, "big"), lambda: (-1).to_bytes(1, "big"), lambda: (1).to_bytes(1, "middle"), lambda: (1).to_bytes(-1, "big")):
    try:
        print(attempt())
    except (OverflowError, ValueError) as e:
        print(type(e).__name__, e)
print([round(n, -1) for n in (5, 15, 25, 35, 44, -15, 1234567)], round(17, 3), round(10**30 + 51, -2), round(7))
print(2**53 == float(2**53), 2**53 + 1 == float(2**53), 2**53 + 1 > float(2**53), 10**400 > float("inf"), 10**400 > 1e308, -(10**400) < -1e308)
print(1 == 1.0, 1 < 1.5, 3 >= 3.0, 1 != True, 0 == False, 1 == "1", 1 != "1")
print(hash(0), hash(1), hash(-1), hash(-2), hash(2**61 - 1), hash(2**61), hash(-(2**61)), hash(2**100), hash(True), hash(1.0) == hash(1))
print(bool(0), bool(-1), bool(10**50), not 0, not 3)
print(isinstance(True, int), issubclass(bool, int), type(True).__mro__, int.__name__, (3).__class__)
print((7).__add__(3), (7).__add__(3.0), (7).__radd__("x"), (7).__eq__(7.0), (7).__lt__(8), int.__add__(2, 3), (5).__index__(), (5).__floor__(), (5).__bool__())
print(sorted([3, -1, 2.5, True, 0, 10**20, -1e10]), max(1, 2.5, True), min(10**30, 5))
five = 5
for attempt in (lambda: 1 + "1", lambda: 1 < "1", lambda: -"1", lambda: [] * 1.5, lambda: 1 @ 2, lambda: ~1.5, lambda: 1 & 1.0, lambda: five(), lambda: five[0], lambda: five.nothing):
    try:
        attempt()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
