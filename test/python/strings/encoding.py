# encode and decode with the common codecs and error handlers; lone surrogates are refused.
text = "aé中\U0001F600"
print(text.encode(), text.encode("utf-8") == text.encode("UTF8"), text.encode("utf-16-le"), text.encode("utf-16-be"), "é".encode("latin-1"), "a".encode("ascii"), "é".encode("utf-8").hex())
for codec, errors in (("ascii", "ignore"), ("ascii", "replace"), ("ascii", "backslashreplace"), ("ascii", "xmlcharrefreplace"), ("latin-1", "replace"), ("latin-1", "backslashreplace")):
    print(codec, errors, text.encode(codec, errors))
print(b"a\xc3\xa9".decode(), b"\xff\xfea".decode("latin-1"), b"caf\xe9".decode("latin1"), b"abc".decode("ascii"), b"a\x00b\x00".decode("utf-16-le"))
for errors in ("ignore", "replace", "backslashreplace", "surrogateescape"):
    print(errors, ascii(b"a\xff\xc3(b\xe4\xb8".decode("utf-8", errors)))
print(ascii(b"\xff".decode("utf-8", "surrogateescape")), b"\xff".decode("utf-8", "surrogateescape").encode("utf-8", "surrogateescape"), "\ud800".encode("utf-8", "surrogatepass"))
attempts = [lambda: "é".encode("ascii"), lambda: "aé中b".encode("latin-1"), lambda: "a\ud800b".encode("utf-8"), lambda: b"\xff".decode(), lambda: b"a\xc3".decode(), lambda: b"\xc3(".decode(), lambda: b"\xe9".decode("ascii"), lambda: "a".encode("nope"), lambda: b"\xed\xa0\x80".decode(), lambda: b"\xc0\x80".decode(), lambda: b"\xf5aaa".decode(), lambda: "é".encode("ascii", "nope")]
for attempt in attempts:
    try:
        print(attempt())
    except (UnicodeError, LookupError) as e:
        print(type(e).__name__, ascii(str(e)))
try:
    "xé".encode("ascii")
except UnicodeEncodeError as e:
    print(e.encoding, e.object, e.start, e.end, e.reason, e.args)
print(len("\ud800"), "\ud800" == "\ud800", ascii("\udc00x".upper()))
