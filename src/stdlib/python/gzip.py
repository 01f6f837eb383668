"""Files in the format of gzip (RFC 1952): a deflate stream with a header, a checksum and a length."""

import io
import os
import struct
import time
import zlib
from errno import EBADF

__all__ = ['BadGzipFile', 'GzipFile', 'open', 'compress', 'decompress']

# Bits of a header's flags.
_HEADER_CRC, _EXTRA, _NAME, _COMMENT = 2, 4, 8, 16
READ, WRITE = 1, 2
_LEVEL_FAST, _LEVEL_TRADEOFF, _LEVEL_BEST = 1, 6, 9
_CHUNK = 1 << 16
_ENDED = 'Compressed file ended before the end-of-stream marker was reached'

_open = open


class BadGzipFile(OSError):
    """What was read is not in the format."""


def open(filename, mode='rb', compresslevel=_LEVEL_BEST, encoding=None, errors=None, newline=None):
    """Open a file by name, or one that is open: binary unless the mode has a 't'."""
    is_text = 't' in mode
    if is_text:
        if 'b' in mode:
            raise ValueError(f'Invalid mode: {mode!r}')
    else:
        for name, value in (('encoding', encoding), ('errors', errors), ('newline', newline)):
            if value is not None:
                raise ValueError(f"Argument '{name}' not supported in binary mode")
    mode = mode.replace('t', '')
    if isinstance(filename, (str, bytes, os.PathLike)):
        binary = GzipFile(filename, mode, compresslevel)
    elif hasattr(filename, 'read') or hasattr(filename, 'write'):
        binary = GzipFile(None, mode, compresslevel, filename)
    else:
        raise TypeError('filename must be a str or bytes object, or a file')
    if is_text:
        return io.TextIOWrapper(binary, io.text_encoding(encoding), errors, newline)
    return binary


def _header(level, mtime, name=b''):
    """The header of a member; a name ends with a zero."""
    extra = {_LEVEL_BEST: 2, _LEVEL_FAST: 4}.get(level, 0)
    flags = _NAME if name else 0
    return struct.pack('<4BL2B', 0x1f, 0x8b, 8, flags, int(mtime), extra, 255) + name


def _trailer(crc, size):
    return struct.pack('<LL', crc, size & 0xffffffff)


def compress(data, compresslevel=_LEVEL_BEST, *, mtime=None):
    """The data as one member, made at `mtime` (now)."""
    if mtime is None:
        mtime = time.time()
    body = zlib.compress(data, compresslevel, -15)
    return _header(compresslevel, mtime) + body + _trailer(zlib.crc32(data), len(data))


def decompress(data):
    """What all members of the data hold."""
    parts = []
    while True:
        stream = io.BytesIO(data)
        if _read_header(stream) is None:
            return b''.join(parts)
        engine = zlib.decompressobj(-15)
        part = engine.decompress(stream.read())
        rest = engine.unused_data
        if not engine.eof or len(rest) < 8:
            raise EOFError(_ENDED)
        _check_trailer(rest[:8], zlib.crc32(part), len(part))
        parts.append(part)
        data = rest[8:].lstrip(b'\0')


def _check_trailer(trailer, crc, size):
    expected, length = struct.unpack('<LL', trailer)
    if expected != crc:
        # The two are shown as CPython shows them.
        raise BadGzipFile(f'CRC check failed {hex(expected)} != {hex(crc)}')
    if length != size & 0xffffffff:
        raise BadGzipFile('Incorrect length of data produced')


def _read_exactly(stream, count):
    data = stream.read(count)
    while len(data) < count:
        more = stream.read(count - len(data))
        if not more:
            raise EOFError(_ENDED)
        data += more
    return data


def _skip_text(stream):
    while stream.read(1) not in (b'', b'\0'):
        pass


def _read_header(stream):
    """Read a member's header: its time; None at the end of the file."""
    magic = stream.read(2)
    if magic == b'':
        return None
    if magic != b'\x1f\x8b':
        raise BadGzipFile(f'Not a gzipped file ({magic!r})')
    method, flags, mtime = struct.unpack('<BBLxx', _read_exactly(stream, 8))
    if method != 8:
        raise BadGzipFile('Unknown compression method')
    if flags & _EXTRA:
        _read_exactly(stream, *struct.unpack('<H', _read_exactly(stream, 2)))
    if flags & _NAME:
        _skip_text(stream)
    if flags & _COMMENT:
        _skip_text(stream)
    if flags & _HEADER_CRC:
        _read_exactly(stream, 2)
    return mtime


class _Ahead:
    """A file of which bytes can be put back."""

    def __init__(self, file, data=b''):
        self.file = file
        self._back = data

    def read(self, count):
        """Up to `count` bytes."""
        if not self._back:
            return self.file.read(count)
        data, self._back = self._back[:count], self._back[count:]
        return data

    def put_back(self, data):
        """Have these bytes read next."""
        self._back = data + self._back

    def rewind(self):
        """Go to the beginning of the file."""
        self._back = b''
        self.file.seek(0)

    def seekable(self):
        """Can it be rewound?"""
        return self.file.seekable()


class _Reader(io.RawIOBase):
    """What the members of a file hold, one after another."""

    def __init__(self, file):
        self._file = _Ahead(file)
        self._begin()

    def _begin(self):
        self._engine = None
        self._started = False
        self._at = 0
        self._size = None
        self.mtime = None

    def readable(self):
        """True."""
        return True

    def seekable(self):
        """Can the file be rewound?"""
        return self._file.seekable()

    def tell(self):
        """The place among the data."""
        return self._at

    def readinto(self, buffer):
        """Read some data into a buffer; 0 at the end."""
        with memoryview(buffer) as view:
            data = self._some(view.nbytes)
            view[:len(data)] = data
        return len(data)

    def _some(self, most):
        while most > 0:
            if self._engine is None and not self._next_member():
                self._size = self._at
                break
            data = self._decompress(most)
            if self._engine.eof:
                self._finish_member(data)
            elif data:
                self._count(data)
            if data:
                self._at += len(data)
                return data
        return b''

    def _next_member(self):
        if self._started:
            # Zeros may stand between members.
            byte = b'\0'
            while byte == b'\0':
                byte = self._file.read(1)
            self._file.put_back(byte)
        mtime = _read_header(self._file)
        if mtime is None:
            return False
        self.mtime = mtime
        self._started = True
        self._engine = zlib.decompressobj(-15)
        self._crc = self._length = 0
        return True

    def _decompress(self, most):
        source = self._engine.unconsumed_tail
        if not source:
            source = self._file.read(_CHUNK)
            if not source:
                raise EOFError(_ENDED)
        return self._engine.decompress(source, most)

    def _count(self, data):
        self._crc = zlib.crc32(data, self._crc)
        self._length += len(data)

    def _finish_member(self, data):
        self._count(data)
        self._file.put_back(self._engine.unused_data)
        self._engine = None
        _check_trailer(_read_exactly(self._file, 8), self._crc, self._length)

    def seek(self, offset, whence=io.SEEK_SET):
        """Go to a place among the data, reading all that is before it."""
        if whence == io.SEEK_CUR:
            offset += self._at
        elif whence == io.SEEK_END:
            if self._size is None:
                while self._some(_CHUNK):
                    pass
            offset += self._size
        elif whence != io.SEEK_SET:
            raise ValueError(f'Invalid value for whence: {whence}')
        if offset < self._at:
            self._file.rewind()
            size = self._size
            self._begin()
            self._size = size
        while self._at < offset and self._some(min(_CHUNK, offset - self._at)):
            pass
        return self._at


class GzipFile(io.BufferedIOBase):
    """A file whose data are compressed: written, or read."""

    # Closed with this one, where it was opened by it.
    myfileobj = None

    def __init__(self, filename=None, mode=None, compresslevel=_LEVEL_BEST, fileobj=None,
                 mtime=None):
        if mode and ('t' in mode or 'U' in mode):
            raise ValueError(f'Invalid mode: {mode!r}')
        if mode and 'b' not in mode:
            mode += 'b'
        if fileobj is None:
            fileobj = self.myfileobj = _open(filename, mode or 'rb')
        if filename is None:
            filename = getattr(fileobj, 'name', '')
            if not isinstance(filename, (str, bytes)):
                filename = ''
        else:
            filename = os.fspath(filename)
        if mode is None:
            mode = getattr(fileobj, 'mode', 'rb')
        self.name = filename
        if mode.startswith('r'):
            self.mode = READ
            self._raw = _Reader(fileobj)
            self._buffer = io.BufferedReader(self._raw)
        elif mode.startswith(('w', 'a', 'x')):
            self.mode = WRITE
            self._begin_writing(fileobj, compresslevel, mtime)
        else:
            raise ValueError(f'Invalid mode: {mode!r}')
        self.fileobj = fileobj

    def _begin_writing(self, fileobj, level, mtime):
        self._write_time = mtime
        self.crc = zlib.crc32(b'')
        self.size = self.offset = 0
        self.compress = zlib.compressobj(level, zlib.DEFLATED, -15, zlib.DEF_MEM_LEVEL, 0)
        name = os.path.basename(self.name)
        try:
            if not isinstance(name, bytes):
                name = name.encode('latin-1')
            name = name.removesuffix(b'.gz')
        except UnicodeEncodeError:
            name = b''
        fileobj.write(_header(level, time.time() if mtime is None else mtime, name and name + b'\0'))

    def __repr__(self):
        return f'<gzip {repr(self.fileobj)[1:-1]} {hex(id(self))}>'

    def _check_not_closed(self):
        if self.closed:
            raise ValueError('I/O operation on closed file')

    def _check_mode(self, mode, name):
        self._check_not_closed()
        if self.mode != mode:
            kind = 'write' if mode == READ else 'read'
            raise OSError(EBADF, f'{name}() on {kind}-only GzipFile object')

    @property
    def mtime(self):
        """When the member last read was made."""
        return self._raw.mtime

    @property
    def closed(self):
        """Has the file been closed?"""
        return self.fileobj is None

    fileobj = None

    def readable(self):
        """Can data be read?"""
        return self.mode == READ

    def writable(self):
        """Can data be written?"""
        return self.mode == WRITE

    def seekable(self):
        """True."""
        return True

    def fileno(self):
        """The descriptor of the compressed file."""
        return self.fileobj.fileno()

    # --- writing ---

    def write(self, data):
        """Write data; their number of bytes."""
        self._check_mode(WRITE, 'write')
        if not isinstance(data, (bytes, bytearray)):
            data = memoryview(data).tobytes()
        if data:
            self.fileobj.write(self.compress.compress(data))
            self.size += len(data)
            self.crc = zlib.crc32(data, self.crc)
            self.offset += len(data)
        return len(data)

    def flush(self, zlib_mode=zlib.Z_SYNC_FLUSH):
        """Have all that was written in the file."""
        self._check_not_closed()
        if self.mode == WRITE:
            self.fileobj.write(self.compress.flush(zlib_mode))
            self.fileobj.flush()

    def close(self):
        """Write the end, or stop reading."""
        fileobj, self.fileobj = self.fileobj, None
        if fileobj is None:
            return
        try:
            if self.mode == WRITE:
                fileobj.write(self.compress.flush())
                fileobj.write(_trailer(self.crc, self.size))
            else:
                self._buffer.close()
        finally:
            own, self.myfileobj = self.myfileobj, None
            if own is not None:
                own.close()

    # --- reading ---

    def read(self, size=-1):
        """Up to `size` bytes of data, all of them if it is negative."""
        self._check_mode(READ, 'read')
        return self._buffer.read(size)

    def read1(self, size=-1):
        """Some bytes of data."""
        self._check_mode(READ, 'read1')
        return self._buffer.read1(io.DEFAULT_BUFFER_SIZE if size < 0 else size)

    def peek(self, n):
        """Data that come next, which are not read by that."""
        self._check_mode(READ, 'peek')
        return self._buffer.peek(n)

    def readline(self, size=-1):
        """The next line."""
        self._check_not_closed()
        return self._buffer.readline(size)

    def rewind(self):
        """Go back to the beginning of the data."""
        if self.mode != READ:
            raise OSError("Can't rewind in write mode")
        self._buffer.seek(0)

    def tell(self):
        """The place among the data."""
        self._check_not_closed()
        return self.offset if self.mode == WRITE else self._buffer.tell()

    def seek(self, offset, whence=io.SEEK_SET):
        """Go to a place among the data; writing, only forward, over zeros."""
        self._check_not_closed()
        if self.mode == READ:
            return self._buffer.seek(offset, whence)
        if whence == io.SEEK_CUR:
            offset += self.offset
        elif whence != io.SEEK_SET:
            raise ValueError('Seek from end not supported')
        if offset < self.offset:
            raise OSError('Negative seek in write mode')
        while self.offset < offset:
            self.write(bytes(min(_CHUNK, offset - self.offset)))
        return self.offset
