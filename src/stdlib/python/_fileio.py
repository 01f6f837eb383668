"""Files: FileIO makes system calls, the buffered classes make fewer of them."""

import posix
from _iobase import DEFAULT_BUFFER_SIZE, BufferedIOBase, RawIOBase, UnsupportedOperation
from _thread import RLock

_O_RDONLY, _O_WRONLY, _O_RDWR = 0, 1, 2
_O_CREAT, _O_EXCL, _O_TRUNC, _O_APPEND, _O_CLOEXEC = 0o100, 0o200, 0o1000, 0o2000, 0o2000000
_S_IFMT, _S_IFDIR = 0o170000, 0o040000
_EISDIR, _EBADF = 21, 9


class FileIO(RawIOBase):
    """A file as the system has it: each operation is a system call without the GIL (I7)."""

    _fd = -1
    _closefd = True

    def __init__(self, file, mode='r', closefd=True, opener=None):
        if isinstance(file, float):
            raise TypeError('integer argument expected, got float')
        if isinstance(file, int) and file < 0:
            raise ValueError('negative file descriptor')
        if not isinstance(mode, str):
            raise TypeError(f'FileIO() argument \'mode\' must be str, not {type(mode).__name__}')
        if not set(mode) <= set('xrwab+'):
            raise ValueError(f'invalid mode: {mode}')
        if sum(c in 'rwax' for c in mode) != 1 or mode.count('+') > 1:
            raise ValueError('Must have exactly one of create/read/write/append mode and at most one plus')
        self._created = 'x' in mode
        self._appending = 'a' in mode
        self._readable = 'r' in mode or '+' in mode
        self._writable = 'r' not in mode or '+' in mode
        flags = _O_RDWR if '+' in mode else _O_RDONLY if 'r' in mode else _O_WRONLY
        if self._created:
            flags |= _O_EXCL | _O_CREAT
        elif 'w' in mode:
            flags |= _O_CREAT | _O_TRUNC
        elif self._appending:
            flags |= _O_APPEND | _O_CREAT
        self._seekable = None
        self.name = file
        if isinstance(file, int):
            self._fd = int(file)
            self._closefd = closefd
        else:
            if not closefd:
                raise ValueError('Cannot use closefd=False with file name')
            self._fd = self._open(file, flags | _O_CLOEXEC, opener)
        try:
            status = posix.stat(self._fd)
        except OSError:
            self._fd, fd = -1, self._fd
            if fd != file:
                posix.close(fd)
            raise
        if status[0] & _S_IFMT == _S_IFDIR:
            self.close()
            raise IsADirectoryError(_EISDIR, posix.strerror(_EISDIR), file)
        if self._appending:
            try:
                posix.lseek(self._fd, 0, 2)
            except OSError:
                # A pipe has no end.
                pass

    @staticmethod
    def _open(file, flags, opener):
        if opener is None:
            return posix.open(file, flags, 0o666)
        fd = opener(file, flags)
        if not isinstance(fd, int):
            raise TypeError('expected integer from opener')
        if fd < 0:
            raise ValueError(f'opener returned {fd}')
        return fd

    def __repr__(self):
        if self._fd < 0:
            return '<_io.FileIO [closed]>'
        name = getattr(self, 'name', None)
        named = f'fd={self._fd}' if name is None else f'name={name!r}'
        return f'<_io.FileIO {named} mode={self.mode!r} closefd={self._closefd}>'

    @property
    def mode(self):
        if self._created:
            return 'xb+' if self._readable else 'xb'
        if self._appending:
            return 'ab+' if self._readable else 'ab'
        if self._readable:
            return 'rb+' if self._writable else 'rb'
        return 'wb'

    @property
    def closefd(self):
        return self._closefd

    @property
    def closed(self):
        return self._fd < 0

    def _check_closed(self):
        if self._fd < 0:
            raise ValueError('I/O operation on closed file')

    def close(self):
        fd, self._fd = self._fd, -1
        if fd >= 0 and self._closefd:
            posix.close(fd)

    def fileno(self):
        self._check_closed()
        return self._fd

    def isatty(self):
        self._check_closed()
        return posix.isatty(self._fd)

    def readable(self):
        self._check_closed()
        return self._readable

    def writable(self):
        self._check_closed()
        return self._writable

    def seekable(self):
        self._check_closed()
        if self._seekable is None:
            try:
                posix.lseek(self._fd, 0, 1)
                self._seekable = True
            except OSError:
                self._seekable = False
        return self._seekable

    def seek(self, pos, whence=0, /):
        self._check_closed()
        return posix.lseek(self._fd, pos, whence)

    def tell(self):
        return self.seek(0, 1)

    def truncate(self, size=None, /):
        self._check_closed()
        self._check_writable()
        if size is None:
            size = self.tell()
        posix.ftruncate(self._fd, size)
        return size

    def _check_readable(self):
        if not self._readable:
            raise UnsupportedOperation('File not open for reading')

    def _check_writable(self):
        if not self._writable:
            raise UnsupportedOperation('File not open for writing')

    def read(self, size=-1, /):
        self._check_closed()
        self._check_readable()
        if size is None or size < 0:
            return self.readall()
        try:
            return posix.read(self._fd, size)
        except BlockingIOError:
            return None

    def readall(self):
        self._check_closed()
        self._check_readable()
        chunks = []
        try:
            size = max(posix.stat(self._fd)[6] - posix.lseek(self._fd, 0, 1), 0) + 1
        except OSError:
            size = DEFAULT_BUFFER_SIZE
        while True:
            try:
                data = posix.read(self._fd, max(size, DEFAULT_BUFFER_SIZE))
            except BlockingIOError:
                if chunks:
                    break
                return None
            if not data:
                break
            chunks.append(data)
        return b''.join(chunks)

    def readinto(self, buffer, /):
        view = memoryview(buffer)
        data = self.read(view.nbytes)
        if data is None:
            return None
        view[:len(data)] = data
        return len(data)

    def write(self, b, /):
        self._check_closed()
        self._check_writable()
        try:
            return posix.write(self._fd, b)
        except BlockingIOError:
            return None


def _as_bytes(data):
    """The bytes of a bytes-like object; TypeError for text."""
    if isinstance(data, (bytes, bytearray)):
        return data
    if isinstance(data, str):
        raise TypeError("a bytes-like object is required, not 'str'")
    try:
        return memoryview(data).tobytes()
    except TypeError:
        raise TypeError(
            f"a bytes-like object is required, not '{type(data).__name__}'") from None


class _Buffered(BufferedIOBase):
    """What the buffered classes share: the raw stream below, and its one user at a time."""

    _raw = None

    def _set_up(self, raw, buffer_size):
        if buffer_size <= 0:
            raise ValueError('buffer size must be strictly positive')
        self._raw = raw
        # Asked for now, as CPython does: the answer is remembered below (I8).
        raw.seekable()
        self._size = buffer_size
        self._lock = RLock()

    def _alone(self):
        """The lock that admits one thread at a time; the others wait without the GIL (I11)."""
        lock = self._lock
        if lock._is_owned():
            # A signal handler that uses the stream it has interrupted.
            raise RuntimeError(f'reentrant call inside {self!r}')
        return lock

    def __repr__(self):
        try:
            return f'<{type(self).__module__}.{type(self).__qualname__} name={self.name!r}>'
        except AttributeError:
            return f'<{type(self).__module__}.{type(self).__qualname__}>'

    @property
    def raw(self):
        return self._raw

    @property
    def name(self):
        return self.raw.name

    @property
    def mode(self):
        return self.raw.mode

    @property
    def closed(self):
        if self._raw is None:
            raise ValueError('raw stream has been detached')
        return self._raw.closed

    def _check_closed(self, what='I/O operation on closed file.'):
        if self.closed:
            raise ValueError(what)

    def fileno(self):
        return self._attached().fileno()

    def isatty(self):
        return self._attached().isatty()

    def seekable(self):
        return self._attached().seekable()

    def _attached(self):
        if self._raw is None:
            raise ValueError('raw stream has been detached')
        return self._raw

    def detach(self):
        raw = self._attached()
        self.flush()
        self._raw = None
        return raw

    def close(self):
        raw = self._attached()
        if raw.closed:
            return
        try:
            self.flush()
        finally:
            raw.close()


class _Reading(_Buffered):
    """The buffer of what was read from below and not asked for yet."""

    _data = b''
    _at = 0

    def _refill(self, size):
        """Read once from below behind what is left; its size, 0 at the end, None without data."""
        self._before_reading()
        data = self._raw.read(max(size, self._size))
        if data is None:
            return None
        rest = self._data[self._at:]
        self._data = rest + data if rest else data
        self._at = 0
        return len(data)

    def _before_reading(self):
        pass

    def _take(self, size):
        start = self._at
        data = self._data
        if start == 0 and size >= len(data):
            self._data = b''
            return data
        self._at = min(start + size, len(data))
        return data[start:self._at]

    def _ahead(self):
        return len(self._data) - self._at

    def readable(self):
        return self._attached().readable()

    def read(self, size=-1, /):
        if size is not None and size < -1:
            raise ValueError('read length must be non-negative or -1')
        self._check_closed('read of closed file')
        with self._alone():
            if size is None or size < 0:
                self._before_reading()
                rest = self._take(self._ahead())
                more = self._raw.readall()
                if more is None:
                    return rest or None
                return rest + more if rest else more
            while self._ahead() < size:
                got = self._refill(size - self._ahead())
                if got is None and self._ahead() == 0:
                    return None
                if not got:
                    break
            return self._take(size)

    def read1(self, size=-1, /):
        self._check_closed('read of closed file')
        if size < 0:
            size = self._size
        if size == 0:
            return b''
        with self._alone():
            if self._ahead() == 0:
                self._refill(1)
            return self._take(min(size, self._ahead()))

    def peek(self, size=0, /):
        self._check_closed('peek of closed file')
        with self._alone():
            if self._ahead() == 0:
                self._refill(1)
            return self._data[self._at:]

    def readline(self, size=-1, /):
        self._check_closed('readline of closed file')
        if size is None:
            size = -1
        with self._alone():
            seen = 0
            while True:
                at = self._data.find(b'\n', self._at + seen)
                if at >= 0:
                    length = at + 1 - self._at
                    return self._take(length if size < 0 else min(length, size))
                seen = self._ahead()
                if 0 <= size <= seen:
                    return self._take(size)
                if not self._refill(1):
                    return self._take(seen)

    def _forget(self):
        """Drop what was read ahead; how much that was."""
        ahead = self._ahead()
        self._data = b''
        self._at = 0
        return ahead


class BufferedReader(_Reading):
    """Reads a buffer's worth at a time."""

    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if not raw.readable():
            raise OSError('File or stream is not readable.')
        self._set_up(raw, buffer_size)

    def flush(self):
        self._attached().flush()

    def tell(self):
        self._check_closed('I/O operation on closed file')
        return self._raw.tell() - self._ahead()

    def seek(self, target, whence=0, /):
        if whence not in (0, 1, 2):
            raise ValueError(f'whence value {whence} unsupported')
        self._check_closed('seek of closed file')
        with self._alone():
            ahead = self._forget()
            return self._raw.seek(target - ahead if whence == 1 else target, whence)

    def write(self, b, /):
        raise UnsupportedOperation('write')

    def truncate(self, pos=None, /):
        raise UnsupportedOperation('truncate')


class _Writing(_Buffered):
    """The buffer of what was written and not handed down yet."""

    def _begin(self):
        self._out = bytearray()

    def writable(self):
        return self._attached().writable()

    def _before_writing(self):
        pass

    def write(self, b, /):
        if type(b) is not bytes:
            b = _as_bytes(b)
        self._check_closed('write to closed file')
        with self._alone():
            self._before_writing()
            if len(self._out) + len(b) > self._size:
                self._hand_down()
            if len(b) >= self._size:
                self._put(bytes(b))
            else:
                self._out += b
        return len(b)

    def _put(self, data):
        while data:
            done = self._raw.write(data)
            if done is None:
                self._out[:0] = data
                raise BlockingIOError(11, 'write could not complete without blocking', 0)
            data = data[done:]

    def _hand_down(self):
        if self._out:
            data = bytes(self._out)
            self._out.clear()
            self._put(data)

    def flush(self):
        self._check_closed('flush of closed file')
        with self._alone():
            self._hand_down()

    def truncate(self, pos=None, /):
        self._check_closed('truncate of closed file')
        with self._alone():
            self._hand_down()
            if pos is None:
                pos = self._raw.tell() - self._unread()
            return self._raw.truncate(pos)

    def _unread(self):
        return 0


class BufferedWriter(_Writing):
    """Writes a buffer's worth at a time."""

    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if not raw.writable():
            raise OSError('File or stream is not writable.')
        self._set_up(raw, buffer_size)
        self._begin()

    def tell(self):
        self._check_closed('I/O operation on closed file')
        return self._raw.tell() + len(self._out)

    def seek(self, target, whence=0, /):
        if whence not in (0, 1, 2):
            raise ValueError(f'whence value {whence} unsupported')
        self._check_closed('seek of closed file')
        with self._alone():
            self._hand_down()
            return self._raw.seek(target, whence)

    def read(self, size=-1, /):
        raise UnsupportedOperation('read')


class BufferedRandom(_Reading, _Writing):
    """Reads and writes one file, through one buffer or the other."""

    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if not raw.seekable():
            raise UnsupportedOperation('File or stream is not seekable.')
        self._set_up(raw, buffer_size)
        self._begin()

    def _before_reading(self):
        self._hand_down()

    def _before_writing(self):
        ahead = self._forget()
        if ahead:
            self._raw.seek(-ahead, 1)

    def _unread(self):
        return self._ahead()

    def tell(self):
        self._check_closed('I/O operation on closed file')
        return self._raw.tell() + len(self._out) - self._ahead()

    def seek(self, target, whence=0, /):
        if whence not in (0, 1, 2):
            raise ValueError(f'whence value {whence} unsupported')
        self._check_closed('seek of closed file')
        with self._alone():
            self._hand_down()
            ahead = self._forget()
            return self._raw.seek(target - ahead if whence == 1 else target, whence)


class BufferedRWPair(BufferedIOBase):
    """A reader and a writer as one stream, such as the two ends of a connection."""

    def __init__(self, reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /):
        self.reader = BufferedReader(reader, buffer_size)
        self.writer = BufferedWriter(writer, buffer_size)

    def read(self, size=-1, /):
        return self.reader.read(size)

    def read1(self, size=-1, /):
        return self.reader.read1(size)

    def readinto(self, buffer, /):
        return self.reader.readinto(buffer)

    def peek(self, size=0, /):
        return self.reader.peek(size)

    def readline(self, size=-1, /):
        return self.reader.readline(size)

    def write(self, b, /):
        return self.writer.write(b)

    def flush(self):
        return self.writer.flush()

    def readable(self):
        return self.reader.readable()

    def writable(self):
        return self.writer.writable()

    def isatty(self):
        return self.reader.isatty() or self.writer.isatty()

    def close(self):
        try:
            self.writer.close()
        finally:
            self.reader.close()

    @property
    def closed(self):
        return self.writer.closed


for _class in (FileIO, BufferedReader, BufferedWriter, BufferedRandom, BufferedRWPair):
    _class.__module__ = '_io'
