# Float operations with their special cases: signs of zero, floor division, modulo, infinities, errors.
inf, nan = float("inf"), float("nan")
for a in (7.5, -7.5, 0.0, -0.0, 1e300):
    for b in (2.0, -2.0, 0.3, inf, -inf):
        print(a, b, a + b, a - b, a * b, a / b, a // b, a % b, divmod(a, b))
print(0.1 + 0.2 == 0.3, 0.1 + 0.2, 1e16 + 1, 1e308 * 10, -1e308 * 10, inf - inf, inf * 0)
print(nan == nan, nan != nan, nan < 1, nan > 1, [nan] == [nan], nan in [nan], sorted([3.0, 1.0, 2.0]))
print(inf > 10**400, -inf < -(10**400), 1.0 == 1, 0.5 == 1, -0.0 == 0.0, 1e400 == inf)
print(2.0**10, 2.0**-1, (-8.0)**2, 0.0**0, inf**0, nan**0, 1**nan, (-1)**inf, 2.0**0.5, (-8) ** (1 / 3))
print(5 // 2.0, -5 // 2.0, 5 % -3.0, -5 % 3.0, 1 // 0.1, 1 % 0.1, 7.0 // inf, -7.0 // inf)
for attempt in (lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: divmod(1.0, 0.0), lambda: 0.0 ** -1, lambda: 10.0 ** 400,
                lambda: 1.0 + "x", lambda: 1.0 < "x", lambda: 10**400 * 1.0, lambda: 10**400 / 3.0, lambda: 1.0 << 2):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
print(10**400 / 10**399, (10**400 + 1) / 10**399, 7 / 2, -7 / 2, 1 / 3, 2**70 / 3, 0 / 5)
print(abs(-0.0), -0.0, +(-0.0), bool(0.0), bool(nan), not 0.0)
total = 0.0
for i in range(1000):
    total += 0.1
print(total, sum([0.1] * 10), sum([0.1] * 10, 0.0))
