# TextIOWrapper: encodings in pieces, places, settings, newlines, errors, streams below in Python.
import io
import os

path = '/tmp/takegil-text-%d' % os.getpid()


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as e:
        return f'{type(e).__name__}: {e}'.replace(path, 'PATH')


class Below(io.RawIOBase):
    """Gives bytes a few at a time and records what is written."""

    def __init__(self, data=b'', step=1):
        self.data = data
        self.step = step
        self.taken = []

    def readable(self):
        return True

    def writable(self):
        return True

    def read(self, size=-1):
        n = len(self.data) if size is None or size < 0 else min(self.step, size)
        data, self.data = self.data[:n], self.data[n:]
        return data

    def write(self, data):
        self.taken.append(bytes(data))
        return len(data)

    def flush(self):
        self.taken.append('flush')


text = 'a\r\nß€\r\U0001f600\n\r\nend'
for encoding in ('utf-8', 'utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be', 'utf-32', 'utf-32-be'):
    data = text.encode(encoding)
    for step in (1, 3):
        f = io.TextIOWrapper(Below(data, step), encoding=encoding)
        g = io.TextIOWrapper(Below(data, step), encoding=encoding, newline='')
        print(encoding, f.readlines(), ascii(g.read(4)), ascii(g.readline()), ascii(g.read()), f.newlines)
# A file in the other byte order.
with open(path, 'wb') as f:
    f.write('\ufeffone\ntwo\nthree\n'.encode('utf-16-be'))
with open(path, encoding='utf-16') as f:
    print(f.readline(), f.tell(), f.readline(), end='')
    place = f.tell()
    print(place, f.read(), f.seek(place), f.readline(), f.seek(0), f.readline())
with open(path, 'w', encoding='utf-16') as f:
    print(f.write('x'), f.tell(), f.write('y'), f.tell(), f.seek(0), f.write('z'))
print(open(path, 'rb').read())
with open(path, 'a', encoding='utf-16') as f:
    f.write('!')
print(open(path, 'rb').read(), open(path, encoding='utf-16').read())
with open(path, 'w', encoding='utf-8-sig') as f:
    f.write('mark')
print(open(path, 'rb').read(), open(path, encoding='utf-8-sig').read(), ascii(open(path).read()))

# Places in the middle of characters of several bytes.
with open(path, 'w', encoding='utf-8', newline='') as f:
    f.write('zażółć\r\ngęślą\rjaźń\n' * 3)
for newline in (None, ''):
    with open(path, encoding='utf-8', newline=newline) as f:
        places = []
        while True:
            places.append(f.tell())
            if not f.readline():
                break
        print([f.seek(p) == p and f.read(3) for p in places])
        print([(f.seek(0), f.read(n), f.tell()) for n in range(12) if n != 7])
with open(path, 'wb') as f:
    f.write(b'ab\xffcd\xc3\xa9\n\xf0\x9f\x98')
for errors in ('replace', 'ignore', 'surrogateescape', 'backslashreplace'):
    with open(path, errors=errors) as f:
        print(errors, ascii(f.read(2)), ascii(f.read()), f.tell(), f.errors)
print(attempt(open(path).read), attempt(open, path, encoding='no-such'), attempt(open(path, errors='no-such').read))
with open(path, encoding='latin-1') as f:
    print(ascii(f.read()), f.encoding)
for encoding, errors in (('ascii', 'replace'), ('ascii', 'xmlcharrefreplace'), ('latin-1', 'namereplace')):
    with open(path, 'w', encoding=encoding, errors='strict') as f:
        print(attempt(f.write, 'né€'), f.reconfigure(errors='replace'), f.write('né€'))
    print(open(path, 'rb').read())

# What is handed down when.
b = Below()
f = io.TextIOWrapper(b, encoding='utf-8')
print(f.write('x' * 5000), b.taken, f.write('y' * 4000), [len(t) for t in b.taken], f.flush(), [len(t) for t in b.taken])
b = Below()
f = io.TextIOWrapper(b, line_buffering=True)
f.write('no newline')
print(b.taken, f.write(' now\n'), b.taken, f.write('\r'), b.taken, f.line_buffering, f.write_through)
b = Below()
f = io.TextIOWrapper(b, write_through=True)
print(f.write('a'), f.write('b\n'), b.taken, f.write_through)
f.reconfigure(line_buffering=True, write_through=False)
print(f.write('c'), f.write('d\n'), b.taken, f.line_buffering, f.write_through)
b = Below()
f = io.TextIOWrapper(b, newline='\r\n')
print(f.write('a\nb\r\n'), f.flush(), b.taken, f.reconfigure(newline='\n', encoding='utf-16-le'), f.write('c\n'), f.flush(), b.taken)
f = io.TextIOWrapper(Below(b'abc\ndef'), 'utf-8')
print(f.read(1), attempt(f.reconfigure, encoding='ascii'), attempt(f.reconfigure, newline=''), f.reconfigure(line_buffering=True))
print(attempt(f.reconfigure, encoding=5), attempt(f.reconfigure, 'x'), f.encoding)

# Errors and ends.
print(attempt(io.TextIOWrapper, None), attempt(io.TextIOWrapper, io.BytesIO(), 5), attempt(io.TextIOWrapper, io.BytesIO(), 'utf-8', 5))
print(attempt(io.TextIOWrapper, io.BytesIO(), newline='x'), attempt(io.TextIOWrapper, io.BytesIO(), newline=b''), attempt(io.TextIOWrapper))
f = io.TextIOWrapper(io.BytesIO(b'one\ntwo\nthree'), 'utf-8')
print(f, f.read(2), f.tell(), f.readline(1), f.readline(0) == '', f.readline(), f.readlines(3), f.read(), f.read(2))
print(f.seek(4), f.readline(), f.seek(0, 2), f.seek(0), next(f), attempt(f.tell), list(f), f.tell())
print(attempt(f.seek, -1), attempt(f.seek, 1, 1), attempt(f.seek, 1, 2), attempt(f.seek, 0, 9), attempt(f.seek, 'x'), f.seek(4), f.seek(0, 1))
print(attempt(f.write, b'x'), attempt(f.write, None), attempt(f.read, 'x'), attempt(f.readline, 1.5), attempt(lambda: f.name), f.buffer.getvalue())
print(f.seek(0), f.read(3), f.write('+'), f.tell(), f.read(), f.buffer.getvalue(), f.truncate(5), f.buffer.getvalue())
buffer = f.detach()
print(attempt(f.read), attempt(f.close), attempt(lambda: f.closed), attempt(repr, f).split(':')[0], buffer.closed)
f = io.TextIOWrapper(buffer, 'utf-8')
f.mode = 'odd'
print(f, f.close(), f.closed, buffer.closed, attempt(f.read), attempt(f.write, 'x'), attempt(f.flush), attempt(next, f), f.close())
with open(path, 'w') as f:
    print(attempt(f.read), attempt(f.readline), attempt(next, f), f.readable(), f.mode, f.buffer.mode, f.buffer.raw.mode)
with open(path) as f:
    print(attempt(f.write, 'x'), attempt(f.truncate, 0), f.writable(), f.line_buffering, f.isatty(), f.name == path)
for bad in (5, 'text', None):
    class Odd(Below):
        def read(self, size=-1):
            return bad

    print(attempt(io.TextIOWrapper(Odd()).read, 1), attempt(io.TextIOWrapper(Odd()).read))


class Full(Below):
    def write(self, data):
        raise OSError(28, 'full')


f = io.TextIOWrapper(Full())
print(f.write('x'), attempt(f.flush), f.write('y'), attempt(f.close), f.closed, f.buffer.closed)


class Upper(io.TextIOWrapper):
    def write(self, s):
        return super().write(s.upper())

    def readline(self, size=-1):
        return super().readline(size).title()


b = io.BytesIO()
f = Upper(b)
print('quiet', 'words', file=f)
f.seek(0)
print(list(f), b.getvalue(), f.label if hasattr(f, 'label') else 'no label')
f = io.TextIOWrapper(io.BytesIO(b'x' * 20000 + b'\n' + 'é'.encode() * 9000 + b'\r\nz'))
print([len(line) for line in f], f.newlines)
f = io.TextIOWrapper(io.BytesIO(b'abc'), encoding='locale')
print(f.encoding, f._CHUNK_SIZE, f.read())
f._CHUNK_SIZE = 2
print(f._CHUNK_SIZE, attempt(setattr, f, '_CHUNK_SIZE', 0), attempt(setattr, f, 'encoding', 'x'), attempt(setattr, f, 'buffer', 1))
d = io.IncrementalNewlineDecoder(None, True)
print(repr(d.decode('a\r')), repr(d.decode('\nb\r', final=True)), d.newlines, d.getstate(), d.reset(), d.newlines)
# Cut at the two characters of a newline that is looked for as they are.
f = io.TextIOWrapper(Below(b'ab\r\ncd\rx\r\n\r'), newline='\r\n')
print(f.readline(), f.readline(3), f.readlines())
os.remove(path)
