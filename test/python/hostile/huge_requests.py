# Requests for more memory than there can be: refused with the right exception, the program goes on.
import sys

big = sys.maxsize
attempts = [
    lambda: [0] * big,
    lambda: [0] * (big // 8),
    lambda: (0,) * big,
    lambda: "a" * big,
    lambda: b"a" * big,
    lambda: bytes(big),
    lambda: bytearray(big),
    lambda: "ab" * big,
    lambda: [0] * 10**30,
    lambda: "a" * 10**30,
    lambda: list(range(big)),
    lambda: bytes(10**30),
    lambda: "x".center(big),
    lambda: "x".ljust(big),
    lambda: "x".zfill(big),
    lambda: "%*d" % (10**12, 5),
    lambda: format(5, "1000000000000000000000"),
    lambda: "\t".expandtabs(big),
    lambda: range(10**30)[10**25 : 10**26].start,
    lambda: len(range(10**30)),
    lambda: [].insert(10**30, 1),
    lambda: [1, 2][10**30],
    lambda: "abc"[-(10**30)],
    lambda: "abc"[10**30 :] + "abc"[: -(10**30)] + "slices clip",
    lambda: [1, 2, 3][:: 10**30],
    lambda: "abc".find("b", -(10**30), 10**30),
    lambda: 1 << big,
    lambda: chr(10**30),
    lambda: (5).to_bytes(10**30, "big"),
    lambda: round(1.5, 10**30),
    lambda: float(10**309),
    lambda: "a".replace("a", "b" * 10, 10**30),
    lambda: "a b".split(" ", 10**30),
    lambda: sum(range(10**4)) * 10**100 % 97,
    lambda: "%.*f" % (10**10, 1.0),
    lambda: "%.99999999999f" % 1.0,
    lambda: pow(10**50, 10**50, 97),
    lambda: isinstance(2**100000, int),
    lambda: [10**30] * 3,
]
for number, attempt in enumerate(attempts):
    try:
        result = attempt()
        print(number, result if not isinstance(result, (list, str)) or len(result) < 50 else len(result))
    except (MemoryError, OverflowError, ValueError, IndexError) as e:
        print(number, type(e).__name__, e)
print("still alive", [0] * 5, "a" * 5)
