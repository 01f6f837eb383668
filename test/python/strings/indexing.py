# Indexing, slicing, iteration, membership and comparison of str, with code points beyond the BMP.
s = "héllo\U0001F600wörld中"
print(len(s), s[0], s[1], s[5] == "\U0001F600", s[-1], ascii(s[4:7]), ascii(s[::-1]), s[::2] == "".join(s[i] for i in range(0, len(s), 2)))
print(s[2:4], s[:0] == "", s[100:] == "", s[-3:], s[3:1] == "", s[-100:2], s[5:2:-1] == "\U0001F600ol")
for attempt in (lambda: s[100], lambda: s[-100], lambda: s["a"], lambda: s[1.0], lambda: s[::0], lambda: s[None:"x"], lambda: hash([])):
    try:
        attempt()
    except Exception as e:
        print(type(e).__name__, e)
try:
    s[0] = "x"
except TypeError as e:
    print(e)
try:
    del s[0]
except TypeError as e:
    print(e)
print([ord(c) for c in s], [chr(n) for n in (65, 233, 20013)], ascii(chr(0x1F600)), ord("\U0010FFFF"))
print("a" < "b", "a" < "A", "abc" < "abd", "ab" < "abc", "Z" < "a", "é" > "z", "\uffff" < "\U00010000", "" < "a", "a" == "a", "a" != "b", "a" <= "a")
print(sorted(["b", "a", "C", "é", "\U0001F600", "\uffee", "Z", ""]) == ["", "C", "Z", "a", "b", "é", "\uffee", "\U0001F600"])
print("ell" in "hello", "" in "", "x" not in "abc", "中" in s, "h" * 3, 3 * "ab", "x" * 0 == "", "x" * -1 == "", "ab" "cd")
for bad in (-1, 0x110000):
    try:
        chr(bad)
    except ValueError as e:
        print(e)
for bad in ("", "ab", 5):
    try:
        ord(bad)
    except TypeError as e:
        print(e)
it = iter("añ")
print(next(it), next(it), next(it, "done"), list(reversed("abc")), list(enumerate("xy", 5)), max("hello"), min("hello"), "".join(sorted("hello")))
t = "a"
t += "b"
t *= 3
print(t, str(), str(5), str(b"x"), str(b"caf\xc3\xa9", "utf-8"), str(object=1.5))
