# Text algorithms: Levenshtein, longest common subsequence, anagrams, Caesar breaking, roman numerals, Morse.
def levenshtein(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


def lcs(a, b, memo={}):
    if not a or not b:
        return ""
    if (a, b) not in memo:
        memo[a, b] = a[0] + lcs(a[1:], b[1:]) if a[0] == b[0] else max(lcs(a[1:], b), lcs(a, b[1:]), key=len)
    return memo[a, b]


NUMERALS = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]


def to_roman(n):
    out = ""
    for value, letters in NUMERALS:
        count, n = divmod(n, value)
        out += letters * count
    return out


def from_roman(s):
    values = {l: v for v, l in NUMERALS}
    return sum(-values[c] if values[c] < values.get(d, 0) else values[c] for c, d in zip(s, s[1:] + " "))


MORSE = dict(zip("abcdefghijklmnopqrstuvwxyz", ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..".split()))
words = "listen silent enlist google elbow below state taste night thing cat act tac".split()
groups = {}
for w in words:
    groups.setdefault("".join(sorted(w)), []).append(w)
print([levenshtein(*p) for p in (("kitten", "sitting"), ("", "abc"), ("flaw", "lawn"), ("same", "same"))], lcs("AGGTAB", "GXTXAYB"), lcs("nematode knowledge", "empty bottle"))
print(sorted(g for g in groups.values() if len(g) > 1))
print([to_roman(n) for n in (1, 4, 9, 14, 40, 90, 400, 1994, 2026, 3999)], all(from_roman(to_roman(n)) == n for n in range(1, 4000)))
print(" ".join(MORSE[c] for c in "takegil"), "".join({v: k for k, v in MORSE.items()}[m] for m in "... --- ...".split()))


def caesar(s, k):
    return s.translate({ord(c): chr((ord(c) - base + k) % 26 + base) for base in (65, 97) for c in map(chr, range(base, base + 26))})


secret = caesar("Meet me at the usual place at ten rather than eight", 7)
print(secret, max((caesar(secret, k) for k in range(26)), key=lambda s: sum(s.count(c) for c in "etao")))
pig = lambda w: w + "way" if w[0] in "aeiou" else next(w[i:] + w[:i] + "ay" for i in range(len(w)) if w[i] in "aeiouy")
print(" ".join(map(pig, "the quick brown fox jumps over a lazy dog".split())))
print([w for w in words if w == w[::-1]], "".join(c for i, c in enumerate("mississippi") if c not in "mississippi"[:i]), " ".join(w.capitalize() for w in "the long way home".split()), "abc".join("--"))
triangle = [[1]]
for _ in range(9):
    triangle.append([a + b for a, b in zip([0] + triangle[-1], triangle[-1] + [0])])
for row in triangle:
    print(" ".join("%3d" % n for n in row).center(40).rstrip())
numbers = {n: ("fizz" * (n % 3 == 0) + "buzz" * (n % 5 == 0)) or n for n in range(1, 16)}
print(*numbers.values())
