# Powers: exact integers, negative exponents giving floats, three-argument pow, modular inverses.
for base in (0, 1, -1, 2, -3, 10, 2**33):
    print(base, [base**n for n in (0, 1, 2, 3, 5, 17)])
print(2**-1, (-2)**-3, 10**-2, 2**0.5, 4**0.5, 0**0)
print(3**200 % 1000007, pow(3, 200, 1000007), pow(3, 10**30, 1000007))
print(pow(7, -1, 13), pow(7, -5, 13), pow(2, 3, -5), pow(-2, 3, 5), pow(5, 0, 1))
print(pow(123456789, 987654321, 10**50 + 151))
print(-2**2, (-2)**2, 2**3**2, 2**-2 * 4)
for attempt in (lambda: 0**-1, lambda: pow(2, 3, 0), lambda: pow(2, -1, 4), lambda: pow(2.0, 3, 5),
                lambda: "a" ** 2, lambda: pow(2, "x")):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
print(len(str(3**5000)), str(3**5000)[:20], str(7**4321)[-20:])
import math
print(math.isqrt(10**40), math.isqrt(10**41 - 1), math.gcd(2**100, 6**50), math.lcm(12, 18, 30), math.factorial(30))
print(math.comb(50, 25), math.perm(20, 5), math.prod([2**40, 3**30, -1]))
