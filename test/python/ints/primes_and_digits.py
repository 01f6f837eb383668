# Longer computations whose every digit counts: pi by a spigot, Lucas-Lehmer, big Fibonacci.
def pi_digits(n):
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    digits = []
    while len(digits) < n:
        if 4 * q + r - t < m * t:
            digits.append(m)
            q, r, m = 10 * q, 10 * (r - m * t), (10 * (3 * q + r)) // t - 10 * m
        else:
            q, r, t, k, m, x = q * k, (2 * q + r) * x, t * x, k + 1, (q * (7 * k + 2) + r * x) // (t * x), x + 2
    return "".join(map(str, digits))


def mersenne(p):
    s, m = 4, 2**p - 1
    for _ in range(p - 2):
        s = (s * s - 2) % m
    return s == 0


def fibonacci(n):
    a, b = 0, 1
    for bit in bin(n)[2:]:
        a, b = a * (2 * b - a), a * a + b * b
        if bit == "1":
            a, b = b, a + b
    return a


print(pi_digits(150))
print([p for p in (3, 5, 7, 11, 13, 17, 19, 23, 31, 61, 89, 107, 127, 521) if mersenne(p)])
print(fibonacci(1000))
print(fibonacci(10000) % 10**30, len(str(fibonacci(10000))))
product = 1
for n in range(1, 200):
    product *= n
print(product)
print(sum(int(d) for d in str(product)), product // 10**350, product % (2**89 - 1))
