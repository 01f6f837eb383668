# bytes: literals, repr, indexing, slicing and methods.
b = b"Hello\x00\xff\n\t'\""
print(b, repr(b), len(b), b[0], b[-1], b[:3], b[::-1], b[1:2], list(b[:3]))
print(b"a" + b"b", b"ab" * 3, b"l" in b, 72 in b, 300 > 5, b"ab" < b"b", b"" == b"", b"a" == "a", hash(b"x") == hash(b"x"), b"a" b"c", rb"\x00", b'it\'s', b'"')
print(bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), bytes(b"copy"), bytes(range(5)), bytes(), bytes.fromhex("00 ff 1A"), b"\x01\xab".hex(), b"\x01\xab\xcd".hex(":"), b"abcde".hex("-", 2))
print(b"a,b,c".split(b","), b" a b ".split(), b"abc".find(b"c"), b"abc".find(99), b"abc".index(b"b"), b"banana".count(b"an"), b"abc".replace(b"b", b"XX"), b",".join([b"a", b"b"]), b"  x ".strip(), b"xxaxx".strip(b"x"))
print(b"abc".upper(), b"ABC".lower(), b"abc".title(), b"aBc".swapcase(), b"abc".startswith(b"a"), b"abc".endswith((b"x", b"c")), b"a-b".partition(b"-"), b"x".center(5, b"*"), b"7".zfill(3), b"a\nb".splitlines(), b"abc".isalpha(), b"12".isdigit(), b"a\tb".expandtabs(4), b"pre-x".removeprefix(b"pre-"))
print(b"%d %s %x %r %5.1f %c %%" % (5, b"bytes", 255, "r", 2.5, 65), b"%b" % b"raw", b"%a" % "é", b"%(k)s" % {b"k": b"v"})
print(b"abc".translate(bytes.maketrans(b"ab", b"AB")), b"abc".translate(None, b"b"), b"x".ljust(3, b".") , b"abc".decode(), str(b"abc"), [x for x in b"\x00\x01"])
attempts = [lambda: b"a" + "b", lambda: b"abc"[5], lambda: bytes([256]), lambda: bytes([-1]), lambda: bytes("x"), lambda: bytes(-1), lambda: b"".join(["a"]), lambda: "a" in b"abc", lambda: b"abc".find("a"), lambda: b"abc".index(b"z"), lambda: bytes.fromhex("0g"), lambda: bytes([1.5]), lambda: b"%d" % b"x", lambda: b"%s" % "str", lambda: bytes(1, "utf-8"), lambda: 256 in b"a", lambda: bytes(["a"]), lambda: b"a" < "b", lambda: b"a".split("a")]
for attempt in attempts:
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
empty, letter = b"", b"A"
print(bytes() is empty, b"ABC"[:1] is letter, bytes([65]) is letter, sorted([b"b", b"a"]), {b"k": 1}[b"k"], isinstance(b"", bytes), tuple(b"ab"), max(b"az"), b"abc".__len__())


class B:
    def __bytes__(self):
        return b"from method"


print(bytes(B()))
