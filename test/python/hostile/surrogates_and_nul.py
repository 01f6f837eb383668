# NUL characters, lone surrogates, every byte, very long names.
import sys

s = "a\0b"
print(len(s), ascii(s), s == "a" + chr(0) + "b", s.split("\0"), s.find("\0"), s < "a\1b", {s: 1}["a\0b"], s.replace("\0", "-"), s.strip("\0"))
print(s)
lone = "\ud800x\udfff"
print(len(lone), ascii(lone), lone[0] == "\ud800", lone.find("x"), ascii(lone.upper()), ascii(lone[::-1]), lone == "\ud800" + "x" + "\udfff", hash(lone) == hash("\ud800x\udfff"))
for text in ("\ud800", "a\udfffb"):
    try:
        print(text.encode())
    except UnicodeEncodeError as e:
        print(e.start, e.end, e.reason, ascii(e.object))
name = "n" * 10000
ns = {}
exec(f"{name} = 5\ndef f_{name}(): return {name}", ns)
print(ns[name], ns["f_" + name](), len(ns["f_" + name].__name__))


class C:
    pass


o = C()
for attribute in ("\0", "a\0b", "\ud800", " ", "\n", "é", "\U0001F600", "x" * 5000):
    setattr(o, attribute, ascii(attribute)[:10])
    print(getattr(o, attribute), attribute in vars(o), hasattr(o, attribute + "?"))
every = bytes(range(256))
print(len(every), every[::51], every.decode("latin-1").encode("latin-1") == every, len(repr(every)), sorted(every) == list(range(256)))
latin = "".join(map(chr, range(256)))
print(len(latin), ascii(latin[::37]), len(repr(latin)), len(latin.upper()), len(latin.lower()), len(latin.split()), latin.isprintable())
for source in ("x = 1\0", "'\0'", "# \0", "\ud800"):
    try:
        eval(compile(source, "<nul>", "exec"))
        print("compiled", ascii(source))
    except (SyntaxError, ValueError, UnicodeEncodeError) as e:
        print(type(e).__name__, ascii(str(e)))
try:
    int("1\0")
except ValueError as e:
    print(ascii(str(e)))
big = "\U0010ffff" * 1000
print(len(big), ord(big[500]), big.count("\U0010ffff"), len((big + "a").replace("\U0010ffff", "")))
print(ascii("\u202e\u200b\ufeff"), "\u0130".lower() == "i\u0307", len("\u0130".lower()), "ﬁ".upper(), "Σ".lower(), "ΑΣ".lower(), "ǆ".title(), "ß".title(), "\u1e9e".lower())
sys.stdout.flush()
