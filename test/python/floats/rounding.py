# round() is half-even and correct in decimal; truncation, floor, ceil, as_integer_ratio, hex, is_integer.
import math

for value in (0.5, 1.5, 2.5, -0.5, -1.5, 2.675, 1.005, 1e20, -2.4, 0.49999999999999994):
    print(value, round(value), round(value, 1), round(value, 2), int(value), math.floor(value), math.ceil(value), math.trunc(value))
print(round(1234.5678, -2), round(1234.5678, 0), round(1e300, 5), round(5e-324, 3), round(-0.4), round(-0.4, 0), round(2.5, None))
print(round(123456789.987654321, 4), round(0.15, 1), round(0.25, 1), round(0.35, 1), round(1e22, 2), round(99.99, 1))
for value in (0.5, 0.1, 3.0, -2.75, 1e-300, 2.0**60):
    print(value.as_integer_ratio(), value.is_integer(), value.hex(), float.fromhex(value.hex()) == value)
print(float.fromhex("0x1.8p3"), float.fromhex("-0x.1"), float.fromhex("inf"), (0.0).hex(), (-0.0).hex(), float("nan").hex())
for attempt in (lambda: round(float("inf")), lambda: round(float("nan")), lambda: math.floor(float("nan")), lambda: float("inf").as_integer_ratio(),
                lambda: float("nan").as_integer_ratio(), lambda: float.fromhex("zz"), lambda: round("1"), lambda: round(1.5, "x")):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
print(hash(0.5), hash(1.5), hash(float("inf")), hash(-float("inf")), hash(1e300), hash(-0.0), hash(2.0**70) == hash(2**70), hash(0.1))
print(float.__name__, (1.5).real, (1.5).imag, (1.5).conjugate(), isinstance(1.5, float), (2.0).__eq__(2), (2.0).__add__("x"))
