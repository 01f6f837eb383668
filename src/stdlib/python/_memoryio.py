"""Streams in memory: StringIO and BytesIO. They never give the GIL away (I12)."""

from _iobase import BufferedIOBase, TextIOBase


class _Memory:
    """What both streams share: a position, and the states open and closed."""

    def _check_closed(self):
        if self.closed:
            raise ValueError("I/O operation on closed file" + self._period)

    def close(self):
        self.closed = True
        self._value = self._empty

    def readable(self):
        self._check_closed()
        return True

    writable = seekable = readable

    def tell(self):
        self._check_closed()
        return self._position

    def read(self, size=-1, /):
        self._check_closed()
        value = self._contents()
        start = self._position
        if size is None or size < 0:
            result = value[start:]
        else:
            result = value[start:start + size]
        self._position = start + len(result)
        return self._copy(result)

    def readline(self, size=-1, /):
        self._check_closed()
        value = self._contents()
        start = self._position
        at = value.find(self._newline, start)
        stop = len(value) if at < 0 else at + 1
        if size is not None and 0 <= size < stop - start:
            stop = start + size
        result = value[start:stop]
        self._position = start + len(result)
        return self._copy(result)


class StringIO(_Memory, TextIOBase):
    """Text I/O in memory."""

    _empty = ""
    _newline = "\n"
    _period = ""
    encoding = None
    errors = None
    newlines = None
    line_buffering = False
    closed = False

    def __init__(self, initial_value="", newline="\n"):
        if initial_value is not None and not isinstance(initial_value, str):
            raise TypeError("initial_value must be str or None, not " + type(initial_value).__name__)
        if newline not in (None, "", "\n", "\r", "\r\n"):
            raise ValueError(f"illegal newline value: {newline!r}")
        self._mode = newline
        self._value = ""
        # Text appended at the end, joined when it is looked at.
        self._tail = []
        self._position = 0
        if initial_value:
            self.write(initial_value)
            self._position = 0

    @staticmethod
    def _copy(text):
        return text

    def _contents(self):
        if self._tail:
            self._value += "".join(self._tail)
            self._tail = []
        return self._value

    def close(self):
        super().close()
        self._tail = []

    def getvalue(self):
        self._check_closed()
        return self._contents()

    def write(self, s, /):
        self._check_closed()
        if not isinstance(s, str):
            raise TypeError("string argument expected, got " + repr(type(s).__name__))
        size = len(s)
        if self._mode is None:
            s = s.replace("\r\n", "\n").replace("\r", "\n")
        elif self._mode not in ("", "\n"):
            s = s.replace("\n", self._mode)
        if not s:
            return size
        position = self._position
        if self._tail:
            length = self._length
        else:
            length = len(self._value)
        if position == length:
            self._tail.append(s)
            self._length = self._position = position + len(s)
            return size
        value = self._contents()
        if position > len(value):
            value += "\0" * (position - len(value))
        self._value = value[:position] + s + value[position + len(s):]
        self._position = position + len(s)
        return size

    def seek(self, pos, whence=0, /):
        self._check_closed()
        if whence == 0:
            if pos < 0:
                raise ValueError(f"Negative seek position {pos}")
            self._position = pos
        elif whence == 1 or whence == 2:
            if pos != 0:
                raise OSError("Can't do nonzero cur-relative seeks")
            if whence == 2:
                self._position = len(self._contents())
        else:
            raise ValueError(f"Invalid whence ({whence}, should be 0, 1 or 2)")
        return self._position

    def truncate(self, pos=None, /):
        self._check_closed()
        if pos is None:
            pos = self._position
        if pos < 0:
            raise ValueError(f"Negative size value {pos}")
        self._value = self._contents()[:pos]
        return pos


class BytesIO(_Memory, BufferedIOBase):
    """Binary I/O in memory."""

    _empty = bytearray()
    _newline = b"\n"
    _period = "."
    closed = False

    def __init__(self, initial_bytes=b""):
        self._value = bytearray(initial_bytes if initial_bytes is not None else b"")
        self._position = 0

    _copy = bytes

    def _contents(self):
        return self._value

    def getvalue(self):
        self._check_closed()
        return bytes(self._value)

    def read1(self, size=-1, /):
        return self.read(size)

    def readinto(self, buffer, /):
        data = self.read(len(buffer))
        buffer[:len(data)] = data
        return len(data)

    def write(self, b, /):
        self._check_closed()
        if isinstance(b, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        size = len(b)
        if size == 0:
            return 0
        position = self._position
        if position > len(self._value):
            self._value += bytes(position - len(self._value))
        self._value[position:position + size] = b
        self._position = position + size
        return size

    def seek(self, pos, whence=0, /):
        self._check_closed()
        if whence == 0:
            if pos < 0:
                raise ValueError(f"negative seek value {pos}")
        elif whence == 1:
            pos = max(0, self._position + pos)
        elif whence == 2:
            pos = max(0, len(self._value) + pos)
        else:
            raise ValueError(f"invalid whence ({whence}, should be 0, 1 or 2)")
        self._position = pos
        return pos

    def truncate(self, size=None, /):
        self._check_closed()
        if size is None:
            size = self._position
        if size < 0:
            raise ValueError(f"negative size value {size}")
        del self._value[size:]
        return size
