# Buffered streams over raw ones in Python and over files: what is called below, and errors.
import io
import os
import threading

path = '/tmp/takegil-buffers-%d' % os.getpid()


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        more = getattr(e, 'characters_written', None) if isinstance(e, BlockingIOError) else None
        text = f'{type(e).__name__}: {e}'.replace(path, 'PATH')
        return text if more is None else f'{text} ({more} written)'


class Raw(io.RawIOBase):
    """Records what is asked of it; answers are scripted."""

    def __init__(self, reads=(), writes=()):
        self.reads = list(reads)
        self.writes = list(writes)
        self.log = []
        self.taken = []

    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, room):
        self.log.append(('readinto', len(room)))
        if not self.reads:
            return 0
        data = self.reads.pop(0)
        if data is None or isinstance(data, int):
            return data
        if isinstance(data, BaseException):
            raise data
        n = min(len(room), len(data))
        room[:n] = data[:n]
        if n < len(data):
            self.reads.insert(0, data[n:])
        return n

    def write(self, data):
        self.log.append(('write', len(data)))
        if self.writes:
            n = self.writes.pop(0)
            if n is None:
                return None
            if isinstance(n, BaseException):
                raise n
        else:
            n = len(data)
        self.taken.append(bytes(data[:n]))
        return n

    def pop(self):
        log, self.log = self.log, []
        return log


r = Raw([b'abc', b'defgh', b'ijklmnop', b'q'])
f = io.BufferedReader(r, 8)
print(f.read(2), f.read(4), r.pop(), f.peek(1), f.read1(), f.read1(2), r.pop())
print(f.read(20), r.pop(), f.read(5), f.read(), r.pop())
r = Raw([b'one\ntw', b'o\nthree', b'\n', b'last'])
f = io.BufferedReader(r, 16)
print(f.readline(), f.readline(2), f.readline(), list(f), r.pop(), f.readline())
r = Raw([b'0123456789' * 3])
f = io.BufferedReader(r, 4)
print(attempt(f.read, 30), r.pop())
r = Raw([b'abcd', None, b'ef', None])
f = io.BufferedReader(r, 4)
print(f.read(6), f.read(1), f.read(6), f.read(3), f.read(), r.pop())
r = Raw([None, b'abc'])
f = io.BufferedReader(r, 8)
print(f.read1(4), f.peek(), f.read1(4), f.readline())
for answer in (99, -3, OSError(5, 'broken'), KeyError('odd')):
    f = io.BufferedReader(Raw([answer]), 8)
    print(attempt(f.read, 3), attempt(f.read, 3))
r = Raw([b'abcdefgh', b'ij', b'kl', b'mn'])
f = io.BufferedReader(r, 8)
room = bytearray(5)
print(f.readinto(room), room, f.readinto1(room), room, f.readinto(memoryview(room)[1:]), room, r.pop())
print(attempt(f.readinto, b'frozen'), attempt(f.readinto, 'x'), attempt(f.read, -2), attempt(f.read, 'x'))
print(attempt(io.BufferedReader, r, 0), attempt(io.BufferedReader, r, -1), attempt(io.BufferedReader, None))
print(attempt(f.write, b'x'), attempt(f.truncate), attempt(f.seek, 0), attempt(f.tell), f.writable(), f.raw is r)

w = Raw()
f = io.BufferedWriter(w, 8)
print(f.write(b'abc'), f.write(b'defgh'), w.pop(), f.write(b'i'), w.pop(), w.taken)
print(f.write(b'0123456789abcdefXYZ'), w.pop(), f.flush(), w.pop(), b''.join(w.taken))
w = Raw(writes=[3, 2, 100])
f = io.BufferedWriter(w, 8)
print(f.write(b'abcdefgh'), attempt(f.flush), w.pop())
w = Raw(writes=[None, None, 4, None])
f = io.BufferedWriter(w, 8)
print(f.write(b'abcde'), attempt(f.flush), attempt(f.write, b'fg'), attempt(f.write, b'hijk'))
print(attempt(f.write, b'lmno'), attempt(f.flush), w.taken, w.pop())
w = Raw(writes=[OSError(28, 'full')])
f = io.BufferedWriter(w, 8)
print(f.write(b'abc'), attempt(f.close), f.closed, w.closed, w.pop(), attempt(f.write, b'x'))
f = io.BufferedWriter(Raw(), 4)
print(f.write(bytearray(b'ab')), f.write(memoryview(b'cdefgh')), attempt(f.write, 'x'), attempt(f.write, 3))
print(attempt(f.read), attempt(f.readline), attempt(f.peek) if hasattr(f, 'peek') else 'no peek', f.readable())
print(f.raw.taken, f.detach().taken, attempt(f.write, b'x'), attempt(f.flush), attempt(lambda: f.raw), attempt(f.detach))

a, b = Raw([b'hello\nthere']), Raw()
pair = io.BufferedRWPair(a, b, 8)
print(pair.read(3), pair.readline(), pair.peek(2), pair.write(b'bye'), b.taken, pair.flush(), b.taken)
print(pair.readable(), pair.writable(), pair.isatty(), pair.closed, pair.close(), pair.closed, a.closed, b.closed)
print(attempt(io.BufferedRWPair, a), attempt(io.BufferedRWPair, io.BytesIO(), io.BytesIO(), 0))


class Again(Raw):
    """Comes back to the buffer that calls it."""

    def write(self, data):
        return self.buffer.write(b'again')


again = Again()
again.buffer = io.BufferedWriter(again, 4)
print(attempt(again.buffer.write, b'longer than four').split(' inside')[0])
again.buffer.detach if False else None
again.__class__ = Raw
again.buffer.close()
again.buffer = None

# Over a file: read, write and seek mixed.
with open(path, 'wb') as f:
    print(repr(f).replace(path, 'PATH'), f.mode, f.name == path, f.write(b'0123456789' * 1000), f.tell())
with open(path, 'rb+', buffering=16) as f:
    print(f.read(4), f.tell(), f.write(b'WXYZ'), f.tell(), f.read(4), f.seek(2), f.read(8), f.seek(-2, 1))
    print(f.peek(3)[:3], f.write(b'--'), f.seek(0), f.readline(12), f.seek(0, 2), f.write(b'end\n'), f.tell())
    print(f.seek(9990), f.readlines(), f.truncate(5), f.seek(0), f.read(), f.raw.tell(), attempt(f.seek, -1))
    print(f.seek(3), f.truncate(), f.tell(), f.seek(0), f.read(), f.seekable(), f.fileno() > 2, f.isatty())
with open(path, 'rb') as f:
    g = io.BufferedReader(f.raw, 2)
    print(g.read(1), f.raw.tell(), f.read(), attempt(io.BufferedWriter, f.raw), attempt(io.BufferedRandom, f.raw))
with open(path, 'ab') as f:
    print(f.tell(), f.write(b'tail'), f.tell(), f.mode, f.raw.mode)
with open(path, 'rb', buffering=0) as f:
    print(f.read(), f.read(), f.seek(1), f.readall(), f.readinto(bytearray(2)), f.seek(0), f.readline(), repr(f).replace(path, 'PATH'))
    print(f.closefd, f.mode, attempt(f.write, b'x'), attempt(f.truncate, 0), attempt(f.readinto, b'x'))
print(repr(f), attempt(f.read), attempt(f.fileno), attempt(f.seek, 0), f.close())
for mode in ('xb', 'wb', 'w+b', 'ab', 'a+b', 'rb', 'r+b'):
    if mode[0] == 'x':
        os.remove(path)
    with io.FileIO(path, mode) as f:
        print(mode, f.mode, f.readable(), f.writable(), f.seekable(), f.tell())
f = open(path, 'wb')
f.write(b'kept by the finalizer')
del f
print(open(path, 'rb').read())
f = open(path, 'rb')
fd = os.dup(f.fileno())
os.close(f.fileno())
print(attempt(f.close), f.closed)
os.close(fd)
f = io.FileIO(path)
f.extra = 1
print(f.__dict__['extra'], f.name == path)
f.name = 'renamed'
print(f.name, io.BufferedReader(f))


# One lock for each stream: threads that write together lose nothing.
class Slow(Raw):
    def write(self, data):
        event.wait(0.001)
        return super().write(data)


event = threading.Event()
slow = Slow()
f = io.BufferedWriter(slow, 64)


def work(letter):
    for _ in range(60):
        f.write(letter * 7)


threads = [threading.Thread(target=work, args=(letter,)) for letter in (b'a', b'b', b'c')]
for t in threads:
    t.start()
for t in threads:
    t.join()
f.flush()
total = b''.join(slow.taken)
print(len(total), [total.count(letter) for letter in (b'a', b'b', b'c')])
os.remove(path)
