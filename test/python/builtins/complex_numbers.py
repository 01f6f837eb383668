# complex: literals, arithmetic, repr, comparison, errors.
values = [0j, 1j, 1 + 0j, -1 - 1j, 2.5 - 0.5j, complex(1e10, -1e-10)]
for a in values:
    for b in values[1:4]:
        print(a, b, a + b, a - b, a * b, a / b, a == b)
print(complex(), complex(1), complex("1"), complex("1j"), complex("-1.5e3-2J"), complex(" (1+2j) "), complex("infj"), complex("nan+infj"), complex(1j, 2), complex(True, False))
print(1j * 1j, 1j**2, (1 + 1j) ** 3, 2 ** (1 + 0j), (1 + 2j) ** 0, 0j**0, abs(3 - 4j), -(1 + 2j), +(1j), (1 + 2j).real, (1 + 2j).imag, (1 + 2j).conjugate())
print(1 + 2j == complex(1, 2), 1 + 0j == 1, 1j != 1, hash(1 + 0j) == hash(1), hash(2.5 + 0j) == hash(2.5), bool(0j), bool(1j), {1: "a"}[1 + 0j], 3 - 2j - 1, 5 + 1j, 1.5 * 2j)
print(repr(complex(-0.0, -0.0)), repr(complex(0.0, float("nan"))), str(complex(float("inf"), 1)), repr(-0j), [1j], f"{1 + 2j}", f"{1.25 + 2.5j:.1f}", "%s" % 1j, format(1j, ">8"), f"{1 + 2j:+.2e}")
for attempt in (lambda: 1j < 2j, lambda: 1j // 2, lambda: 1j % 2, lambda: int(1j), lambda: float(1j), lambda: 1j / 0, lambda: 0j ** -1, lambda: complex("1 + 2j"), lambda: complex("x"), lambda: complex("1j", 2), lambda: complex([]), lambda: complex(1, "2"), lambda: divmod(1j, 1), lambda: round(1j), lambda: f"{1j:d}", lambda: 1j & 1, lambda: complex(1, 2, 3), lambda: f"{1j:=8}", lambda: "%d" % 1j, lambda: 1j.real.nothing):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
z = 0
for _ in range(20):
    z = z * z + (-0.5 + 0.5j)
print(abs(z) < 2, [sum(1 for _ in range(1)) for _ in "ab"])
for y in range(9, -10, -3):
    row = ""
    for x in range(-20, 9):
        c, z, n = complex(x / 10, y / 10), 0, 0
        while abs(z) <= 2 and n < 15:
            z, n = z * z + c, n + 1
        row += " .:-=+*#%@"[min(n // 2, 9)]
    print(row.rstrip())
