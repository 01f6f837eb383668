# SHA-256 and CRC-32 from scratch: 32-bit arithmetic on Python ints, bytes and tables.
def primes(n):
    found = []
    k = 2
    while len(found) < n:
        if all(k % p for p in found):
            found.append(k)
        k += 1
    return found


def root_bits(n, k):
    lo, hi = 0, n << 32
    target = n << (32 * k)
    while hi - lo > 1:
        mid = (lo + hi) // 2
        if mid**k <= target:
            lo = mid
        else:
            hi = mid
    return lo & 0xFFFFFFFF


H0 = [root_bits(p, 2) for p in primes(8)]
K = [root_bits(p, 3) for p in primes(64)]
MASK = 0xFFFFFFFF


def rotate(x, n):
    return (x >> n | x << (32 - n)) & MASK


def sha256(message):
    padded = message + b"\x80" + b"\x00" * ((55 - len(message)) % 64) + (8 * len(message)).to_bytes(8, "big")
    h = list(H0)
    for start in range(0, len(padded), 64):
        w = [int.from_bytes(padded[i : i + 4], "big") for i in range(start, start + 64, 4)]
        for i in range(16, 64):
            s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3
            s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10
            w.append((w[i - 16] + s0 + w[i - 7] + s1) & MASK)
        a, b, c, d, e, f, g, hh = h
        for i in range(64):
            t1 = hh + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (e & f ^ ~e & g) + K[i] + w[i]
            t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + (a & b ^ a & c ^ b & c)
            a, b, c, d, e, f, g, hh = (t1 + t2) & MASK, a, b, c, (d + t1) & MASK, e, f, g
        h = [(x + y) & MASK for x, y in zip(h, (a, b, c, d, e, f, g, hh))]
    return "".join("%08x" % x for x in h)


def crc32(data):
    crc = MASK
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xEDB88320 * (crc & 1)
    return crc ^ MASK


print(sha256(b""))
print(sha256(b"abc"))
print(sha256(b"The quick brown fox jumps over the lazy dog" * 3))
print(["%08x" % crc32(s) for s in (b"", b"a", b"123456789", bytes(range(256)))])
