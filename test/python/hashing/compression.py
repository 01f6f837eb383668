"""zlib: what it compresses it can read, as can CPython's data; streams step by step; errors."""
import random
import zlib

rng = random.Random(3)


def attempt(what, *args, **kwargs):
    try:
        print(what(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, error)


SAMPLES = [b'', b'a', b'hello ' * 1000, bytes(range(256)) * 50, bytes(rng.randrange(256) for _ in range(20000)),
           b''.join(b'line %d\n' % (i * i % 1000) for i in range(9000))]
for data in SAMPLES:
    for level in (-1, 0, 1, 6, 9):
        for wbits in (15, -15, 31, 9, -9):
            packed = zlib.compress(data, level, wbits=wbits)
            assert zlib.decompress(packed, wbits=wbits) == data
            if wbits > 0:
                assert zlib.decompress(packed, wbits=47) == data
    print(len(data), zlib.crc32(data), zlib.adler32(data), zlib.crc32(data, 5), zlib.adler32(data, 5))
    packed = zlib.compress(data)
    for size in (1, 7, 1000):
        d = zlib.decompressobj()
        parts = [d.decompress(packed[i:i + size]) for i in range(0, len(packed), size)]
        assert b''.join(parts) + d.flush() == data and d.eof and d.unused_data == b'', size
    d = zlib.decompressobj()
    got = d.decompress(packed + b'rest', 100)
    steps = 1
    while d.unconsumed_tail and not d.eof:
        got += d.decompress(d.unconsumed_tail, 100)
        steps += 1
    got += d.flush()
    print('  ', got == data, d.eof, d.unused_data, steps >= len(data) // 100)
    c = zlib.compressobj(9, zlib.DEFLATED, 31, 9, zlib.Z_FILTERED)
    packed = b''.join(c.compress(data[i:i + 999]) for i in range(0, len(data), 999)) + c.flush()
    d = zlib.decompressobj(31)
    assert d.decompress(packed) == data and d.eof
# Bytes of CPython: zlib, raw with a dictionary, gzip with a name.
print(zlib.decompress(bytes.fromhex('789ccb48cdc9c95748402101004d6c0777')) if False else zlib.decompress(bytes.fromhex('789ccb48cdc9c907000 62c0215'.replace(' ', ''))))
c = zlib.compressobj(zdict=b'hello world')
packed = c.compress(b'hello world, hello') + c.flush()
print(zlib.decompressobj(zdict=b'hello world').decompress(packed))
attempt(lambda: zlib.decompressobj().decompress(packed))
attempt(lambda: zlib.decompressobj(zdict=b'other').decompress(packed))
c = zlib.compressobj(wbits=-15)
first = c.compress(b'abc') + c.flush(zlib.Z_SYNC_FLUSH)
d = zlib.decompressobj(-15)
print(d.decompress(first), d.eof, d.decompress(c.compress(b'def') + c.flush()), d.eof)
print(d.decompress(b'more'), d.unused_data, d.decompress(b'!'), d.unused_data)
good = zlib.compress(b'hello hello hello' * 10)
for bad in (b'', b'x', b'xx', good[:-1], good[:5], good[:-4] + b'oops', good[:10] + b'\xff' + good[11:], b'\x79' + good[1:], b'\x78\x9d' + good[2:],
            b'\x88\x1c' + good[2:], good + b'tail'):
    attempt(zlib.decompress, bad)
for bad in (b'\x1f', b'\x1f\x8c', b'\x1f\x8b\x09' + b'\0' * 9, b'\x1f\x8b\x08\xe0' + b'\0' * 9):
    attempt(zlib.decompress, bad, wbits=31)
packed = zlib.compress(b'data' * 9, wbits=31)
attempt(zlib.decompress, packed[:-8] + b'\0' * 4 + packed[-4:], wbits=31)
attempt(zlib.decompress, packed[:-4] + b'\0' * 4, wbits=31)
attempt(zlib.compress, b'a', 10)
attempt(zlib.compress, 'text')
attempt(zlib.decompress, 'text')
attempt(zlib.compressobj, 10)
attempt(zlib.compressobj, 6, 7)
attempt(zlib.decompressobj, 5)
attempt(lambda: zlib.decompressobj().decompress(good, -1))
attempt(zlib.crc32, 'text')
print(zlib.crc32(b'x' * 6000), zlib.adler32(bytearray(b'x' * 6000)), zlib.crc32(b'', 7), zlib.adler32(b''))
print(zlib.error.__mro__[1], zlib.MAX_WBITS, zlib.Z_FINISH)
