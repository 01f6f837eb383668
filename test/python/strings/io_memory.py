# io.StringIO and io.BytesIO.
import io


def attempt(f, *args):
    try:
        return f(*args)
    except (ValueError, TypeError, OSError) as e:
        return f"{type(e).__name__}: {e}"


s = io.StringIO("one\ntwo\nthree")
print(s.read(2), s.readline(), s.tell(), s.readlines(), s.read(), repr(s.readline()))
print(s.seek(0), [line for line in s], s.seek(0, 2), s.write("\nfour"), s.getvalue())
print(s.seek(4), s.write("TWO"), repr(s.getvalue()), s.truncate(3), repr(s.getvalue()), s.tell())
print(s.write("x"), repr(s.getvalue()))
out = io.StringIO()
print("printed", 1, file=out, end="!")
out.writelines(["a", "b"])
print(repr(out.getvalue()), out.readable(), out.isatty(), out.closed)
for i in range(3):
    out.write(str(i))
    out.write("")
print(out.getvalue(), out.tell())
print(attempt(out.write, b"x"), attempt(out.seek, -1), attempt(out.seek, 1, 1), attempt(out.seek, 0, 5), attempt(out.truncate, -1))
print(attempt(io.StringIO, 1), attempt(io.StringIO, "", "x"), attempt(out.fileno))
with io.StringIO("line") as f:
    print(f.read())
print(f.closed, attempt(f.read), attempt(f.getvalue))
print(repr(io.StringIO("a\r\nb\n", newline=None).getvalue()), repr(io.StringIO("a\nb", newline="\r\n").getvalue()))
gap = io.StringIO()
gap.seek(3)
gap.write("x")
print(repr(gap.getvalue()), io.StringIO("ab\ncd").readline(1), io.StringIO("a\nb\nc").readlines(3))

b = io.BytesIO(b"abc\ndef")
print(b.read(1), b.readline(), b.read(), b.seek(-2, 2), b.read(), b.seek(1), b.write(b"ZZ"), b.getvalue())
print(b.seek(10), b.write(b"!"), b.getvalue(), b.truncate(4), b.getvalue(), list(io.BytesIO(b"x\ny")))
buffer = bytearray(3)
print(io.BytesIO(b"wxyz").readinto(buffer), buffer)
print(attempt(b.write, "s"), attempt(b.seek, -1), attempt(b.seek, 0, 9))
b.close()
print(b.closed, attempt(b.read), isinstance(io.UnsupportedOperation("x"), (OSError, ValueError)))
