"""gzip: whole and in parts, several members, seeking, text, and what is broken."""
import gzip
import io
import os
import random
import struct
import tempfile
import zlib

random.seed(5)
DATA = bytes(random.choice(b'abcdef \n') for _ in range(200_000))
folder = tempfile.mkdtemp()
path = os.path.join(folder, 'name.txt.gz')

for level in (0, 1, 6, 9):
    made = gzip.compress(DATA, level, mtime=1)
    print(level, made[:3], made[4:10], gzip.decompress(made) == DATA, len(made) < len(DATA) + 1000)
print(gzip.decompress(gzip.compress(b'')), gzip.decompress(b''))
print(gzip.decompress(gzip.compress(b'one') + b'\0\0' + gzip.compress(b'two')))

with gzip.GzipFile(path, 'wb', mtime=1234) as file:
    print(file.mode, os.path.basename(file.name), file.readable(), file.writable(), file.seekable(), file.tell())
    print(file.write(DATA[:100_000]), file.tell())
    file.flush()
    print(file.write(memoryview(DATA)[100_000:]), file.write(b''), file.tell())
    for attempt in (lambda: file.read(), lambda: file.seek(3), lambda: file.rewind(), lambda: file.write('text')):
        try:
            attempt()
        except (OSError, TypeError, ValueError) as e:
            print(type(e).__name__, e)
print(file.closed)
with open(path, 'rb') as raw:
    head = raw.read(19)
print(head[:4], struct.unpack('<L', head[4:8]), head[8:])

with gzip.open(path) as file:
    print(type(file).__name__, file.mode, file.mtime, file.read(10) == DATA[:10], file.mtime)
    print(file.seek(150_000), file.read(5) == DATA[150_000:150_005], file.seek(3), file.tell())
    print(file.readline() == DATA[3:DATA.index(b'\n', 3) + 1], file.peek(4)[:1] == DATA[file.tell():file.tell() + 1])
    print(file.seek(0, 2), file.read(), file.seek(-7, 1), len(file.read()))
    file.rewind()
    print(len(file.read1(100)), len(file.readlines()) > 10, file.readline())
    buffer = bytearray(20)
    print(file.seek(0), file.readinto(buffer), buffer == DATA[:20])
    try:
        file.write(b'x')
    except OSError as e:
        print(type(e).__name__, e.errno, e)
for attempt in (lambda: file.read(), lambda: file.write(b''), lambda: file.tell(), lambda: file.readable()):
    try:
        attempt()
    except ValueError as e:
        print(e)

with gzip.open(path, 'at', encoding='latin-1', newline='\n') as text:
    print(text.write('größer\nkleiner\n'))
with gzip.open(path, 'rt', encoding='latin-1') as text:
    lines = text.read().splitlines()
    print(lines[-2:], len(lines) > 1000)
try:
    gzip.open(path, 'xb')
except FileExistsError as e:
    print(type(e).__name__)

stream = io.BytesIO()
with gzip.GzipFile(fileobj=stream, mode='wb', filename='') as file:
    file.seek(5)
    file.write(b'end')
print(stream.closed, gzip.decompress(stream.getvalue()), stream.getvalue()[3])
whole = gzip.compress(DATA[:1000], mtime=0)
flagged = b'\x1f\x8b\x08\x1e' + bytes(6) + b'\x02\0ex' + b'name\0' + b'comment\0' + b'hc' + whole[10:]
print(gzip.decompress(flagged) == DATA[:1000], gzip.GzipFile(fileobj=io.BytesIO(flagged)).read() == DATA[:1000])

BROKEN = {
    'no magic': b'no' + whole[2:], 'method': whole[:2] + b'\x07' + whole[3:], 'half': whole[:len(whole) // 2],
    'no trailer': whole[:-8], 'half a trailer': whole[:-3], 'half a header': whole[:5],
    'checksum': whole[:-8] + b'\0\0\0\1' + whole[-4:], 'length': whole[:-4] + b'\1\0\0\0',
    'stream': whole[:20] + bytes(20) + whole[40:], 'rubbish behind': whole + b'rubbish',
}
for name, data in BROKEN.items():
    for how in (gzip.decompress, lambda data: gzip.GzipFile(fileobj=io.BytesIO(data)).read()):
        try:
            print(name, len(how(data)))
        except (OSError, EOFError, zlib.error) as e:
            # The checksums are shown by one of the two only.
            print(name, type(e).__name__, str(e).split(' 0x')[0])
for attempt in (
    lambda: gzip.open(path, 'rtb'), lambda: gzip.open(path, 'rb', encoding='utf-8'), lambda: gzip.open(5),
    lambda: gzip.open(path, 'z'), lambda: gzip.GzipFile(path, 'rU'), lambda: gzip.open(path + '.not', 'rb'),
    lambda: gzip.compress('text'), lambda: gzip.GzipFile(fileobj=io.BytesIO(), mode='q'),
):
    try:
        print(attempt())
    except (ValueError, TypeError, OSError) as e:
        print(type(e).__name__, str(e).replace(folder, ''))
os.unlink(path)
os.rmdir(folder)
