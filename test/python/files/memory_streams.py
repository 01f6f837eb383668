# BytesIO and StringIO: positions, growth, views, newlines, errors, subclasses.
import gc
import io
import weakref


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f'{type(e).__name__}: {e}'


b = io.BytesIO(b'one\ntwo\nthree')
print(b.read(0), b.read(2), b.read1(), b.read(), b.tell())
print(b.seek(0), b.readline(), b.readline(2), b.readline(-1), b.readline(None), b.readline())
print(b.seek(0), b.readlines(), b.seek(0), b.readlines(4), b.seek(0), list(b))
print(b.seek(-3, 2), b.read(), b.seek(-100, 1), b.tell(), b.seek(20), b.read(), b.read1(3))
print(b.write(b'!'), b.getvalue(), b.tell())
print(b.truncate(4), b.getvalue(), b.tell(), b.truncate(), b.getvalue(), b.truncate(100))
print(attempt(b.seek, -1), attempt(b.seek, 0, 3), attempt(b.seek, 1.5), attempt(b.truncate, -1))
print(attempt(b.read, 'x'), attempt(b.write, 'x'), attempt(b.write, 5), attempt(b.readinto, b''))
print(attempt(io.BytesIO, 'text'), attempt(io.BytesIO, 5), io.BytesIO(None).getvalue())
print(attempt(io.BytesIO, b'', 1), attempt(io.BytesIO, nonsense=1), io.BytesIO(initial_bytes=b'q').read())
b = io.BytesIO(bytearray(b'abcdef'))
room = bytearray(4)
print(b.readinto(room), room, b.readinto(room), room, b.readinto(room), b.readinto1(room))
print(b.write(memoryview(b'xyz')[1:]), b.write(bytearray(b'!')), b.writelines([b'1', b'22']), b.getvalue())
view = b.getbuffer()
print(bytes(view[:3]), len(view), attempt(b.write, b'z'), attempt(b.truncate, 0), attempt(b.close))
view[0] = 65
print(b.getvalue()[:3], b.seek(0), b.read(2))
view.release()
print(b.write(b'more'), b.getvalue())
print(b.readable(), b.writable(), b.seekable(), b.isatty(), b.flush(), b.closed, attempt(b.fileno))
b.close()
b.close()
print(b.closed, [attempt(f) for f in (b.read, b.getvalue, b.tell, b.readable, b.flush, b.getbuffer, b.__enter__)])
print(attempt(next, b), attempt(b.seek, 0), attempt(b.write, b''), attempt(b.writelines, []))

s = io.StringIO('première\nzwölf\n\U0001f600 end')
print(s.read(3), s.readline(), s.readline(2), s.read(), s.read(), s.tell())
print(s.seek(0), list(s), s.seek(0), s.readlines(5))
print(s.seek(2), s.write('€'), s.getvalue(), s.seek(0, 2), s.seek(0, 1), s.seek(30), s.write('x'))
print(ascii(s.getvalue()), s.truncate(4), s.getvalue(), s.tell())
print(attempt(s.seek, -1), attempt(s.seek, 1, 1), attempt(s.seek, 1, 2), attempt(s.seek, 0, 5))
print(attempt(s.write, b'x'), attempt(s.write, None), attempt(s.truncate, -2), attempt(s.read, 1.5))
print(attempt(io.StringIO, b'x'), attempt(io.StringIO, '', 5), attempt(io.StringIO, newline='q'))
for newline in (None, '', '\n', '\r', '\r\n'):
    s = io.StringIO('a\nb\rc\r\nd', newline=newline)
    print(repr(newline), repr(s.getvalue()), s.readlines(), s.newlines)
    s.write('\ne\r\nf')
    print(repr(s.getvalue()), s.newlines, s.line_buffering, s.encoding, s.errors)
s = io.StringIO(initial_value='x', newline='')
print(s.readable(), s.writable(), s.seekable(), s.isatty(), s.flush(), s.closed, attempt(s.fileno), attempt(s.detach))
s.close()
print(s.closed, [attempt(f) for f in (s.read, s.getvalue, s.tell, s.readable, s.__enter__)], attempt(s.write, 'x'))
s = io.StringIO()
for i in range(2000):
    s.write('%d,' % i)
print(len(s.getvalue()), s.getvalue()[-10:], s.seek(10), s.read(5))


# Subclasses, attributes of their own, weak references.
class Counting(io.StringIO):
    def __init__(self, *args):
        super().__init__(*args)
        self.count = 0

    def write(self, s):
        self.count += 1
        return super().write(s)


c = Counting()
print('a', 'b', file=c)
print(repr(c.getvalue()), c.count, isinstance(c, io.TextIOBase), isinstance(c, io.IOBase), vars(c))


class Lines(io.StringIO):
    def readline(self, size=-1):
        return super().readline(size).upper()


print(list(Lines('ab\ncd\n')))


class Closing(io.BytesIO):
    def close(self):
        if not self.closed:
            print('closed with', self.getvalue())
        super().close()


Closing(b'abandoned')
with Closing() as c:
    c.write(b'in with')
plain = io.BytesIO()
plain.label = 'attribute'
ref = weakref.ref(plain, lambda r: print('gone'))
print(plain.__dict__, plain.label, ref() is plain)
plain.write = lambda data: 'shadowed'
print(plain.write(b'x'))
del plain
plain = io.BytesIO(b'state')
plain.note = 'kept'
plain.read(2)
print(plain.__getstate__())
other = io.BytesIO()
other.__setstate__(plain.__getstate__())
print(other.read(), other.note, attempt(other.__setstate__, (1,)), attempt(other.__setstate__, (b'', -1, None)))
text = io.StringIO('x\r\ny', newline=None)
text.seek(1)
other = io.StringIO()
other.__setstate__(text.__getstate__())
print(text.__getstate__(), other.read(), attempt(other.__setstate__, (b'', None, 0, None)))
cycle = io.StringIO()
cycle.me = cycle
del cycle
print(gc.collect() > 0)
print(issubclass(io.BytesIO, io.BufferedIOBase), io.BytesIO.__mro__[1:], io.StringIO.__module__)


# The base classes' own ways: readline over read and peek, readlines, writelines.
class Source(io.RawIOBase):
    def __init__(self, data):
        self.data = data
        self.calls = []

    def readable(self):
        return True

    def readinto(self, room):
        n = min(len(room), len(self.data), 3)
        self.calls.append(len(room))
        room[:n] = self.data[:n]
        self.data = self.data[n:]
        return n


src = Source(b'line\nsecond line\nrest')
print(src.readline(), src.readline(3), src.read(4), src.readlines(), src.read(5), src.calls[:6])
print(Source(b'abcdefgh').readall(), Source(b'').readall(), Source(b'abc').read(), list(Source(b'x\ny')))
print(attempt(Source(b'').write, b'x'), attempt(Source(b'').seek, 0), attempt(Source(b'').fileno))
print(Source(b'').seekable(), Source(b'').writable(), Source(b'').isatty(), Source(b'')._checkReadable())
print(attempt(Source(b'')._checkWritable), attempt(Source(b'')._checkSeekable))


class Nothing(io.RawIOBase):
    def readable(self):
        return True

    def readinto(self, room):
        return None


print(Nothing().read(3), Nothing().readall(), attempt(Nothing().readline), io.BufferedReader(Nothing()).read(3))
base = io.IOBase()
print(base.closed, attempt(base.tell), attempt(base.truncate), base.flush(), base.close(), base.closed)
print(attempt(base.flush), attempt(base.isatty), attempt(base.__enter__), base.readable())
print(attempt(io.BufferedIOBase().read), attempt(io.BufferedIOBase().detach), attempt(io.TextIOBase().readline))
print(repr(io.UnsupportedOperation('x')), io.UnsupportedOperation.__mro__[1:3], io.UnsupportedOperation.__module__)
