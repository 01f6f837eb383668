# The math module where results are exact or correctly rounded, its special cases and its errors.
import math

print(math.pi, math.e, math.tau, math.inf, math.nan)
print(math.sqrt(2), math.sqrt(16), math.sqrt(0.0), math.sqrt(-0.0), math.sqrt(1e300), math.sqrt(10**30))
print(math.floor(2.7), math.ceil(2.1), math.floor(-2.5), math.ceil(-2.5), math.trunc(-2.5), math.floor(1e20))
print(math.fabs(-3), math.copysign(1, -0.0), math.copysign(-2, 5), math.fmod(7, -3), math.fmod(-7, 3), math.remainder(7, 2), math.remainder(5, 3))
print(math.modf(3.25), math.modf(-3.25), math.frexp(8.0), math.frexp(0.3), math.ldexp(0.5, 10), math.ldexp(1, -1074))
print(math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1.0), math.isfinite(math.inf), math.isclose(0.1 + 0.2, 0.3), math.isclose(1, 1.1), math.isclose(1, 1.1, rel_tol=0.2), math.isclose(0, 1e-10, abs_tol=1e-9))
print(math.fsum([0.1] * 10), math.fsum([1e100, 1.0, -1e100]), math.fsum([]), math.prod([1, 2, 3.5]), math.prod([]))
print(math.gcd(), math.gcd(12, 18), math.gcd(-12, 0), math.lcm(4, 6), math.lcm(), math.factorial(20), math.comb(5, 7), math.perm(5), math.isqrt(99))
print(math.exp(0), math.log(1), math.log2(8), math.log10(1000), math.log(8, 2), math.log2(2**100), math.log10(10**50), math.sin(0), math.cos(0), math.atan2(0, 1), math.hypot(3, 4), math.hypot(), math.dist([0, 0], [3, 4]))
print(math.degrees(math.pi), math.radians(180), math.pow(2, 10), math.pow(0, 0), math.pow(math.nan, 0), round(math.cbrt(27), 12), math.expm1(0), math.log1p(0))
print(math.nextafter(1.0, 2.0), math.nextafter(0.0, 1.0), math.ulp(1.0), math.ulp(0.0))
for attempt in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.log(-1), lambda: math.log(0.0), lambda: math.factorial(-1), lambda: math.factorial(2.5), lambda: math.exp(1000), lambda: math.fmod(1, 0),
                lambda: math.pow(0, -1), lambda: math.acos(2), lambda: math.isqrt(-1), lambda: math.comb(-1, 2), lambda: math.gcd(1.5), lambda: math.floor("x"), lambda: math.sqrt("x"), lambda: math.ldexp(1, 5000),
                lambda: math.sin(math.inf), lambda: math.fsum([1, "x"]), lambda: math.dist([1], [1, 2])):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)


class Angle:
    def __float__(self):
        return 0.25

    def __floor__(self):
        return "floored"

    def __ceil__(self):
        return "ceiled"

    def __trunc__(self):
        return "truncated"


print(math.sqrt(Angle()), math.floor(Angle()), math.ceil(Angle()), math.trunc(Angle()))
