# Two's complement semantics of & | ^ ~ << >> for negative and huge values.
values = [0, 1, -1, 5, -6, 0xFF, -0x100, 2**31, -(2**31), 2**32 - 1, 2**64, -(2**64), 2**100 + 12345,
          -(2**100) - 12345]
for a in values:
    for b in values:
        print(a & b, a | b, a ^ b)
for a in values:
    print([a << n for n in (0, 1, 29, 30, 31, 64)], [a >> n for n in (0, 1, 29, 30, 31, 64, 200)])
print(0 << 10**9, 5 >> 10**9, -5 >> 10**9)
for shift in (lambda: 1 << -1, lambda: 1 >> -1):
    try:
        shift()
    except ValueError as e:
        print(e)
print(True & False, True | False, True ^ True, type(True & True).__name__, type(True & 1).__name__)
print((1).bit_length(), (0).bit_length(), (-1).bit_length(), (2**100).bit_length(), (255).bit_count(), (-7).bit_count())
x = 0b1011
x <<= 3
x |= 1
x ^= 0xF0
x &= ~2
print(bin(x), oct(x), hex(x), bin(-5), hex(-(2**70)), oct(0))
try:
    1 << (10**30)
except (OverflowError, MemoryError) as e:
    print(type(e).__name__, e)
