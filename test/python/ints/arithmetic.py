# The four operations, floor division and modulo over all sign combinations, small and large.
values = [0, 1, -1, 2, 7, -7, 255, -256, 2**15, -(2**15), 2**30 - 1, 2**30, 2**31, -(2**31),
          2**53 + 1, 2**60 - 1, 2**60, 2**63, -(2**63), 2**64 - 1, 10**20, -(10**20), 10**40]

for a in values:
    for b in values:
        row = [a + b, a - b, a * b]
        if b:
            q, r = divmod(a, b)
            assert q == a // b and r == a % b
            assert q * b + r == a
            assert r == 0 or (r < 0) == (b < 0)
            row += [q, r]
        print(a, b, *row)

print(+5, -5, - -5, ~5, ~-1, ~(2**70))
print(abs(-3), abs(2**80), abs(-(2**80)))
print(True + True, True * 3, -True, ~False)
for divide in (lambda: 1 // 0, lambda: 1 % 0, lambda: divmod(1, 0), lambda: 10**40 // 0, lambda: 1 / 0):
    try:
        divide()
    except ZeroDivisionError as e:
        print(type(e).__name__, e)
