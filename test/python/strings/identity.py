# Which strings are shared (R24, R25) and that hashing and equality do not depend on it.
empty, letter, two, accented = "", "a", "ab", "é"
three = "abc"
print("".join([]) is empty, three[0] is chr(97), chr(233) is accented, two[1:] is chr(98), str() is empty)
a = "identifier_1"
b = "identifier_1"
print(a is b, letter + "b" is two, "".join(["a", "b"]) is two, "".join(["a", "b"]) == "ab")
import sys

x = "".join(["not ", "interned"])
y = "".join(["not ", "interned"])
print(x is y, x == y, hash(x) == hash(y), sys.intern(x) is sys.intern(y))
s = "unchanged"
print(s[:] is s, str(s) is s, s.strip() is s, s.replace("q", "") is s, s + "" is s, "" + s is s, s * 1 is s, "%s" % s is s, s.lower() is s)
d = {"key": 1}
print(d["".join(["k", "ey"])], "".join(["k", "ey"]) in d, {"a", "".join("a")} == {"a"})


class C:
    attribute = 1


name = "".join(["attri", "bute"])
print(getattr(C, name), name in C.__dict__)
print(len({"x" * n for n in range(50)}), hash("") == 0, hash("a") == hash("a"))
