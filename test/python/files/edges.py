# Corners of files: positions in text, encodings in pieces, buffers, closing, openers, threads.
import io
import os
import threading

path = '/tmp/takegil-edges-%d' % os.getpid()


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except (OSError, ValueError, TypeError, UnicodeError) as e:
        return f'{type(e).__name__}: {e}'.replace(path, 'PATH')


# A character that a chunk's end breaks off, in several encodings.
for encoding in ('utf-8', 'utf-16', 'utf-32-be', 'latin-1', 'utf-8-sig', 'cp1252'):
    text = ('é' * 4095 + 'ü\n') * 5
    with open(path, 'w', encoding=encoding) as f:
        f.write(text)
    with open(path, encoding=encoding) as f:
        print(encoding, f.read() == text, os.stat(path).st_size)
    with open(path, encoding=encoding) as f:
        print([len(line) for line in f], f.encoding)
with open(path, 'w') as f:
    f.write('😀é' * 3000)
with open(path) as f:
    print(f.read(5), f.tell(), f.read(1), f.seek(6), f.read(2), len(f.read()), f.tell())

# Newlines: every mode reads and writes its own.
raw = b'a\nb\rc\r\nd\r'
for newline in (None, '', '\n', '\r', '\r\n'):
    with open(path, 'wb') as f:
        f.write(raw)
    with open(path, newline=newline) as f:
        lines = f.readlines()
        print(repr(newline), lines, f.newlines)
    with open(path, 'w', newline=newline) as f:
        f.write('1\n2\r\n3')
    print(open(path, 'rb').read())
with open(path, 'wb') as f:
    f.write(b'x' * 8191 + b'\r\n' + b'y' * 8190 + b'\r' + b'z')
print([len(line) for line in open(path)], [len(line) for line in open(path, newline='')])

# Reading and writing one file.
with open(path, 'w+') as f:
    f.write('alpha\nbeta\n')
    f.seek(0)
    print(f.readline(), f.tell())
    f.seek(0, 2)
    f.write('gamma\n')
    f.seek(0)
    print(f.readlines(), f.truncate(6), f.seek(0), f.read())
with open(path, 'rb+') as f:
    print(f.peek(2)[:2], f.read1(3), f.write(b'XY'), f.seek(-1, 1), f.read(), f.tell())
    print(f.readinto(bytearray(3)), f.seek(0), f.readinto(memoryview(bytearray(3))))
with open(path, 'a+') as f:
    print(f.tell(), f.write('end'), f.seek(0), f.read())
with open(path, 'rb', buffering=2) as f:
    print(f.read(1), f.tell(), f.raw.tell(), f.readline(), f.readlines(3))

# Errors.
f = open(path)
print(attempt(f.write, 'x'), attempt(f.seek, -1), attempt(f.seek, 0, 7), attempt(f.seek, 1, 2))
next(f)
print(attempt(f.tell))
f.close()
f.close()
print(attempt(f.readline), attempt(next, f), attempt(f.flush), attempt(f.fileno), f.closed)
b = open(path, 'wb')
print(attempt(b.read), attempt(b.write, 'text'), attempt(b.readline), b.seekable(), b.readable())
b.close()
print(attempt(b.write, b''), attempt(b.tell))
print(attempt(open, path, 'xb'), attempt(open, 1.5), attempt(open, -1), attempt(open, path, 5), attempt(open, None))
print(attempt(open, path, 'r', 0), attempt(open, path, 'rb', encoding='utf-8'), attempt(open, path, newline='x'))
with open(path, 'wb') as f:
    f.write(b'ok \xff bad')
print(attempt(lambda: open(path).read()), open(path, errors='replace').read(), open(path, errors='surrogateescape').read().encode('utf-8', 'surrogateescape'))
with open(path, 'w', encoding='ascii') as f:
    print(attempt(f.write, 'é'), f.write('plain'))

# What open() takes and gives.
fd = os.open(path, os.O_RDONLY)
with open(fd, closefd=False) as f:
    print(f.name == fd, f.read(), f.line_buffering, f.write_through)
os.close(fd)
opened = []
f = open(path, opener=lambda name, flags: opened.append(name == path) or os.open(name, flags))
print(opened, f.buffer.raw.name == path, f.detach().read(), attempt(f.read))


class Path:
    def __fspath__(self):
        return path


print(open(Path()).read(), os.path.getsize(Path()), io.FileIO(path, 'r').readall(), attempt(io.FileIO, path, 'z'))
print(issubclass(io.FileIO, io.RawIOBase), isinstance(open(path, 'rb'), io.BufferedIOBase), io.DEFAULT_BUFFER_SIZE)
with open(path, 'wb', buffering=0) as f:
    print(type(f).__name__, f.write(b'at once'), open(path).read())
pair = os.pipe()
with open(pair[0]) as r, open(pair[1], 'w') as w:
    print(r.seekable(), attempt(r.tell), w.write('through a pipe\n'), w.flush(), r.readline())

# Threads share a file without breaking lines apart.
with open(path, 'w') as f:
    def write(number):
        for i in range(300):
            f.write(f'{number} {i}\n')

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
lines = open(path).read().splitlines()
print(len(lines), len(set(lines)), all(len(line.split()) == 2 for line in lines))


class Lines(io.TextIOBase):
    def __init__(self):
        self.parts = []

    def write(self, s):
        self.parts.append(s)
        return len(s)


own = Lines()
print('to my own', 'stream', file=own)
print(own.parts, own.closed, attempt(own.read), attempt(own.fileno))
os.remove(path)
