# bytearray: a mutable sequence of bytes.
a = bytearray(b"hello")
print(a, repr(a), len(a), a[0], a[1:3], a == b"hello", b"hello" == a, bytes(a), bytearray(3), bytearray([1, 2]), bytearray("é", "utf-8"))
a[0] = 72
a[1:3] = b"EELL"
a.append(33)
a.extend(b"??")
a.insert(0, 62)
a += b"."
print(a, a.pop(), a.pop(0), a.find(b"L"), a.count(b"?"))
a.remove(ord("?"))
a.reverse()
print(a)
del a[0]
del a[::2]
print(a, a * 2, a + b"x", b"x" + a, type(b"x" + a).__name__, type(a + b"x").__name__)
a[::2] = b"##"[: len(a[::2])]
print(a, a.upper(), a.replace(b"#", b"--"), a.split(b"#"), a.decode(), a.hex(), 35 in a)
a.clear()
print(a, not a, a.copy(), bytearray(b"abc").copy())
b = bytearray(range(10))
b[2:5] = []
b[0:0] = [100, 101]
print(list(b), list(b[-3:]), sorted(b, reverse=True)[:3])
for attempt in (lambda: b.append(256), lambda: b.append("x"), lambda: b.pop(100), lambda: bytearray().pop(), lambda: b.remove(250), lambda: hash(b), lambda: b.__setitem__(100, 1), lambda: b.__setitem__(0, -1), lambda: b.extend("str"), lambda: bytearray("x"), lambda: b.__setitem__(slice(0, 4, 2), b"x")):
    try:
        attempt()
    except Exception as e:
        print(type(e).__name__, e)
