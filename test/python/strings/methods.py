# Methods of str that search, split, strip and change case.
s = "Hello, World"
print(s.upper(), s.lower(), s.swapcase(), s.title(), s.capitalize(), s.casefold(), "ßİ".casefold(), "ß".upper(), "ŉ".upper(), "they're bill's".title())
print(s.find("o"), s.find("o", 5), s.find("z"), s.rfind("o"), s.rfind("o", 0, 5), s.index("World"), s.rindex("l"), s.count("l"), s.count(""), "aaa".count("aa"), s.find(""), s.find("", 20), s.count("l", 3, -1))
print(s.startswith("Hell"), s.startswith(("x", "He")), s.endswith("ld"), s.endswith("lo", 0, 5), s.startswith("World", 7), s.startswith(""), s.endswith(()))
print("a,b,,c".split(","), "a,b,,c".split(",", 1), "  a  b c ".split(), "  a  b c ".split(None, 1), "".split(), "".split(","), "abc".split("abc"), " a b ".split(" "), "a,b,c".rsplit(",", 1), " a b c ".rsplit(None, 1))
print("a\nb\r\nc\rd\x0be\x0cf\x1cg\x85h\u2028i".splitlines(), "a\nb\n".splitlines(True), "".splitlines(), "\n\n".splitlines())
print("  x ".strip() + "|", "  x ".lstrip() + "|", "  x ".rstrip() + "|", "xxabcxx".strip("x"), "abcba".strip("ab"), "mississippi".rstrip("ipz"), "www.example.com".lstrip("cmowz."))
print("a-b-c".partition("-"), "a-b-c".rpartition("-"), "abc".partition("-"), "abc".rpartition("-"))
print("-".join(["a", "b", "c"]), "".join([]), ",".join("abc"), ", ".join(str(i) for i in range(5)), "x".join({"k": 1}))
print("abcabc".replace("b", "X"), "abcabc".replace("b", "X", 1), "aaa".replace("", "-"), "aaa".replace("", "-", 2), "abc".replace("abc", ""), "aaa".replace("aa", "b"))
print("x".center(6, "*"), "xy".center(5, "*"), "x".ljust(4, ".") + "|", "x".rjust(4, ".") + "|", "-42".zfill(6), "+x".zfill(4), "abc".zfill(2), "".zfill(3))
print("a\tb\tc".expandtabs(), "a\tbb\tc".expandtabs(4), "\t|".expandtabs(0), "ab\ncd\te".expandtabs(3))
print("prefixed".removeprefix("pre"), "prefixed".removesuffix("fixed"), "abc".removeprefix("x"), "abc".removesuffix(""))
print("abc".translate({97: "X", 98: None, 99: 100}), "hello".translate(str.maketrans("el", "ip")), "hello".translate(str.maketrans({"h": "J"})), "abc".translate(str.maketrans("a", "b", "c")))
for attempt in (lambda: s.index("z"), lambda: s.rindex("z"), lambda: "a".split(""), lambda: "a".partition(""), lambda: ",".join([1]), lambda: ",".join(["a", None]), lambda: "a" + 1, lambda: "a" * "b", lambda: s.center("x"), lambda: s.startswith(1),
                lambda: "a".replace("b"), lambda: s.nothing, lambda: "abc".center(5, "xx"), lambda: str.upper(1), lambda: "a".join(1), lambda: 1 in "a", lambda: "a".split(1), lambda: str.maketrans("ab", "c")):
    try:
        attempt()
    except Exception as e:
        print(type(e).__name__, e)
