"""Text over bytes: decoding, encoding and newlines."""

from _iobase import SEEK_CUR, SEEK_END, SEEK_SET, TextIOBase, UnsupportedOperation
from _thread import RLock

_CHUNK = 8192


class IncrementalNewlineDecoder:
    """Turns "\\r\\n" and "\\r" into "\\n", also when a chunk ends between the two."""

    _NAMES = {0: None, 1: '\r', 2: '\n', 3: ('\r', '\n'), 4: '\r\n', 5: ('\r', '\r\n'),
              6: ('\n', '\r\n'), 7: ('\r', '\n', '\r\n')}

    def __init__(self, decoder, translate, errors='strict'):
        self._decoder = decoder
        self._translate = translate
        self._held = False
        self._seen = 0

    def decode(self, input, final=False):
        text = input if self._decoder is None else self._decoder.decode(input, final)
        if self._held and (text or final):
            text = '\r' + text
            self._held = False
        if text.endswith('\r') and not final:
            text = text[:-1]
            self._held = True
        if '\r' not in text:
            if '\n' in text:
                self._seen |= 2
            return text
        both = text.count('\r\n')
        if both:
            self._seen |= 4
        if text.count('\r') > both:
            self._seen |= 1
        if text.count('\n') > both:
            self._seen |= 2
        return text.replace('\r\n', '\n').replace('\r', '\n') if self._translate else text

    def reset(self):
        self._held = False
        self._seen = 0
        if self._decoder is not None:
            self._decoder.reset()

    def pending(self):
        """Has something been kept for the next piece?"""
        return self._held or self._decoder is not None and self._decoder.pending()

    @property
    def newlines(self):
        return self._NAMES[self._seen]


class _Decoder:
    """Bytes in pieces to text: what a piece breaks off is kept for the next."""

    def __init__(self, encoding, errors):
        self._encoding = encoding
        self._errors = errors
        self._rest = b''
        self._order = None

    def reset(self):
        self._rest = b''
        self._order = None

    def decode(self, data, final=False):
        if self._rest:
            data = self._rest + data
            self._rest = b''
        if not final:
            whole = len(data) - self._broken_off(data)
            if whole < len(data):
                self._rest = data[whole:]
                data = data[:whole]
        return self._decode(data)

    def pending(self):
        """Has something been kept for the next piece?"""
        return bool(self._rest)

    def _decode(self, data):
        return data.decode(self._encoding, self._errors)

    def _broken_off(self, data):
        return 0


class _Utf8Decoder(_Decoder):

    def _broken_off(self, data):
        # A leading byte among the last three whose followers are not all there.
        for back in range(1, min(3, len(data)) + 1):
            byte = data[-back]
            if byte >= 0xc0:
                length = 2 if byte < 0xe0 else 3 if byte < 0xf0 else 4
                return back if length > back else 0
            if byte < 0x80:
                break
        return 0


class _Utf8MarkDecoder(_Utf8Decoder):

    def _broken_off(self, data):
        if self._order is None and len(data) < 3 and b'\xef\xbb\xbf'.startswith(data):
            return len(data)
        return super()._broken_off(data)

    def _decode(self, data):
        if self._order is None and data:
            self._order = 'utf-8'
            data = data.removeprefix(b'\xef\xbb\xbf')
        return data.decode('utf-8', self._errors)


class _WideDecoder(_Decoder):
    """utf-16 and utf-32; the byte order is what the encoding says or the text begins with."""

    def __init__(self, encoding, errors):
        super().__init__(encoding, errors)
        self._size = 2 if '16' in encoding else 4
        self._known = encoding.endswith(('le', 'be'))

    def _broken_off(self, data):
        rest = len(data) % self._size
        if self._size == 2 and len(data) - rest >= 2:
            little = not (self._order or self._encoding).endswith('be')
            high = data[len(data) - rest - 1 if little else len(data) - rest - 2]
            if 0xd8 <= high < 0xdc:
                return rest + 2
        return rest

    def _decode(self, data):
        if self._known:
            return data.decode(self._encoding, self._errors)
        if self._order is None:
            if not data:
                return ''
            bits = self._size * 8
            mark = data[:self._size]
            self._order = f'utf-{bits}-le'
            if mark == '\ufeff'.encode(f'utf-{bits}-be'):
                self._order = f'utf-{bits}-be'
                data = data[self._size:]
            elif mark == '\ufeff'.encode(self._order):
                data = data[self._size:]
        return data.decode(self._order, self._errors)


def _normal(encoding):
    name = encoding.lower().replace('_', '-')
    return {'utf8': 'utf-8', 'utf16': 'utf-16', 'utf32': 'utf-32', 'utf-16le': 'utf-16-le',
            'utf-16be': 'utf-16-be', 'utf-32le': 'utf-32-le', 'utf-32be': 'utf-32-be',
            'u8': 'utf-8', 'utf': 'utf-8', 'cp65001': 'utf-8'}.get(name, name)


def _without_mark(encoding):
    """The encoding for text in the middle of a file, where no byte order mark stands."""
    name = _normal(encoding)
    if name in ('utf-16', 'utf-32'):
        return name + '-le'
    return 'utf-8' if name == 'utf-8-sig' else name


def _new_decoder(encoding, errors):
    name = _normal(encoding)
    if name == 'utf-8':
        return _Utf8Decoder(encoding, errors)
    if name == 'utf-8-sig':
        return _Utf8MarkDecoder(encoding, errors)
    if name.startswith(('utf-16', 'utf-32')):
        return _WideDecoder(name, errors)
    return _Decoder(encoding, errors)


class TextIOWrapper(TextIOBase):
    """Text over a buffered stream of bytes (I10)."""

    _buffer = None

    def __init__(self, buffer, encoding=None, errors=None, newline=None, line_buffering=False,
                 write_through=False):
        self._check_newline(newline)
        if encoding is None or encoding == 'locale':
            encoding = 'UTF-8'
        elif not isinstance(encoding, str):
            raise TypeError('TextIOWrapper() argument \'encoding\' must be str or None, '
                            f'not {type(encoding).__name__}')
        if errors is None:
            errors = 'strict'
        elif not isinstance(errors, str):
            raise TypeError('TextIOWrapper() argument \'errors\' must be str or None, '
                            f'not {type(errors).__name__}')
        ''.encode(encoding)
        self._buffer = buffer
        self._encoding = encoding
        self._errors = errors
        self._line_buffering = line_buffering
        self._write_through = write_through
        self._lock = RLock()
        self._set_newline(newline)
        self._shut = False
        self._seekable = self._telling = buffer.seekable()
        self._waiting = []
        self._waiting_size = 0
        self._set_decoder()
        self._set_plain()
        self._forget()
        # utf-16 and its like begin with a mark, but only at the beginning.
        self._begins = True
        if self._seekable and buffer.writable() and buffer.tell() != 0:
            self._begins = False

    @staticmethod
    def _check_newline(newline):
        if newline is not None and not isinstance(newline, str):
            raise TypeError('TextIOWrapper() argument \'newline\' must be str or None, '
                            f'not {type(newline).__name__}')
        if newline not in (None, '', '\n', '\r', '\r\n'):
            raise ValueError(f'illegal newline value: {newline}')

    def _set_newline(self, newline):
        self._newline = newline
        self._universal = not newline
        self._translate = newline is None
        self._write_newline = newline if newline in ('\r', '\r\n') else None

    def _set_decoder(self):
        decoder = _new_decoder(self._encoding, self._errors)
        if self._universal:
            decoder = IncrementalNewlineDecoder(decoder, self._translate)
        self._decoder = decoder

    def _set_plain(self):
        """May text wait as it is, to be encoded all at once?"""
        name = _normal(self._encoding)
        marks = name.startswith(('utf-16', 'utf-32', 'utf-8-'))
        self._plain = self._buffer.writable() and self._write_newline is None and not marks

    def _forget(self):
        """Nothing is decoded: the next read starts where the buffer stands."""
        self._text = ''
        self._at = 0
        # Bytes that the decoded text came from, for tell(), and whether a character lacks some.
        self._chunk = b''
        self._breaks_off = False

    def __repr__(self):
        text = '<_io.TextIOWrapper'
        try:
            text += f' name={self.name!r}'
        except AttributeError:
            pass
        try:
            text += f' mode={self.mode!r}'
        except AttributeError:
            pass
        return f'{text} encoding={self._encoding!r}>'

    @property
    def buffer(self):
        return self._buffer

    @property
    def encoding(self):
        return self._encoding

    @property
    def errors(self):
        return self._errors

    @property
    def line_buffering(self):
        return self._line_buffering

    @property
    def write_through(self):
        return self._write_through

    @property
    def newlines(self):
        return getattr(self._decoder, 'newlines', None)

    @property
    def name(self):
        return self._attached().name

    @property
    def closed(self):
        return self._attached().closed

    def _attached(self):
        if self._buffer is None:
            raise ValueError('underlying buffer has been detached')
        return self._buffer

    def readable(self):
        return self._attached().readable()

    def writable(self):
        return self._attached().writable()

    def seekable(self):
        self._check_closed()
        return self._seekable

    def fileno(self):
        return self._attached().fileno()

    def isatty(self):
        return self._attached().isatty()

    def reconfigure(self, *, encoding=None, errors=None, newline=..., line_buffering=None,
                    write_through=None):
        if (encoding is not None or errors is not None or newline is not ...) and self._text:
            raise UnsupportedOperation(
                'It is not possible to set the encoding or newline of stream after the first read')
        self.flush()
        if encoding is not None:
            self._encoding = encoding
            self._errors = 'strict'
        if errors is not None:
            self._errors = errors
        if newline is not ...:
            self._check_newline(newline)
            self._set_newline(newline)
        self._set_decoder()
        self._set_plain()
        if line_buffering is not None:
            self._line_buffering = bool(line_buffering)
        if write_through is not None:
            self._write_through = bool(write_through)

    # Writing

    def write(self, s, /):
        if not isinstance(s, str):
            raise TypeError(f'write() argument must be str, not {type(s).__name__}')
        if self._shut:
            self._check_closed()
        with self._lock:
            if self._chunk or self._text:
                self._step_back()
            if self._plain:
                if not s.isascii():
                    # What cannot be encoded is refused here, not when it is handed down.
                    s.encode(self._encoding, self._errors)
                self._waiting.append(s)
            else:
                self._write_slowly(s)
            self._waiting_size += len(s)
            if self._waiting_size >= _CHUNK or self._write_through:
                self._hand_down()
        if self._line_buffering and ('\n' in s or '\r' in s):
            self.flush()
        return len(s)

    def _write_slowly(self, s):
        if not self._buffer.writable():
            raise UnsupportedOperation('not writable')
        if self._write_newline is not None:
            s = s.replace('\n', self._write_newline)
        if self._begins:
            self._begins = not s
            name = self._encoding
        else:
            name = _without_mark(self._encoding)
        self._waiting.append(s.encode(name, self._errors))

    def _hand_down(self):
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._waiting_size = 0
            if self._plain:
                data = ''.join(waiting).encode(self._encoding, self._errors)
            else:
                data = b''.join(waiting)
            self._buffer.write(data)

    def _step_back(self):
        """Put the buffer where the reader is, before something is written there."""
        if self._seekable:
            self._buffer.seek(self._position())
        self._forget()
        self._decoder.reset()

    def flush(self):
        self._check_closed()
        with self._lock:
            self._hand_down()
        self._telling = self._seekable
        self._buffer.flush()

    def close(self):
        if self._buffer is None or self.closed:
            return
        try:
            self.flush()
        finally:
            self._shut = True
            self._buffer.close()

    def detach(self):
        buffer = self._attached()
        self.flush()
        self._buffer = None
        return buffer

    # Reading

    def _check_reading(self):
        self._check_closed()
        if not self._buffer.readable():
            raise UnsupportedOperation('not readable')

    def _read_chunk(self):
        """Decode some more behind what is there; false at the end."""
        self._hand_down()
        data = self._buffer.read1(_CHUNK)
        text = self._decoder.decode(data, not data)
        if self._at == len(self._text) and not self._breaks_off:
            # All before this chunk is used up: tell() need not look further back.
            self._chunk = data
            self._text = text
            self._at = 0
        else:
            self._chunk += data
            self._text += text
        self._breaks_off = self._decoder.pending()
        return bool(data)

    def _take(self, size):
        start = self._at
        self._at = end = min(start + size, len(self._text))
        return self._text[start:end]

    def read(self, size=-1, /):
        self._check_reading()
        if size is None:
            size = -1
        with self._lock:
            if size < 0:
                self._hand_down()
                rest = self._text[self._at:]
                rest += self._decoder.decode(self._buffer.read(), True)
                self._forget()
                self._decoder.reset()
                return rest
            while len(self._text) - self._at < size:
                if not self._read_chunk():
                    break
            return self._take(size)

    def _line_end(self, text, start):
        """Index behind the line that begins at start, and whether it is sure; -1: no end yet."""
        if self._translate or self._newline == '\n':
            return text.find('\n', start) + 1 or -1
        if self._newline:
            at = text.find(self._newline, start)
            return -1 if at < 0 else at + len(self._newline)
        line, carriage = text.find('\n', start), text.find('\r', start)
        if carriage < 0 or 0 <= line < carriage:
            return line + 1 or -1
        # The decoder holds a "\r" back at a chunk's end: the next character is here.
        return carriage + (2 if text[carriage + 1:carriage + 2] == '\n' else 1)

    def readline(self, size=-1, /):
        self._check_reading()
        if size is None:
            size = -1
        with self._lock:
            while True:
                end = self._line_end(self._text, self._at)
                if end >= 0:
                    length = end - self._at
                    return self._take(length if size < 0 else min(length, size))
                if 0 <= size <= len(self._text) - self._at:
                    return self._take(size)
                if not self._read_chunk():
                    return self._take(len(self._text) - self._at)

    def __next__(self):
        if self._shut:
            self._check_closed()
        self._telling = False
        with self._lock:
            if self._translate:
                end = self._text.find('\n', self._at) + 1
                if end:
                    start, self._at = self._at, end
                    return self._text[start:end]
            line = self.readline()
        if not line:
            self._telling = self._seekable
            raise StopIteration
        return line

    # Places

    def _position(self):
        """Byte position of the next character: how many of the chunk's bytes came before it?"""
        end = self._buffer.tell()
        chunk = self._chunk
        if not chunk:
            return end
        start = end - len(chunk)
        used = self._at
        if used == 0 or len(chunk) == len(self._text):
            # Nothing is read yet, or every character is one byte.
            return start + used
        guess = min(len(self._encode_again(self._text[:used])), len(chunk))
        if self._decoded_length(chunk[:guess]) == used:
            return start + guess
        low, high = 0, len(chunk)
        while low < high:
            middle = (low + high) // 2
            if self._decoded_length(chunk[:middle]) < used:
                low = middle + 1
            else:
                high = middle
        return start + low

    def _encode_again(self, text):
        return text.encode(_without_mark(self._encoding), self._errors)

    def _decoded_length(self, data):
        decoder = _new_decoder(self._encoding, self._errors)
        if self._universal:
            decoder = IncrementalNewlineDecoder(decoder, self._translate)
        return len(decoder.decode(data))

    def tell(self):
        self._check_closed()
        if not self._seekable:
            raise UnsupportedOperation('underlying stream is not seekable')
        if not self._telling:
            raise OSError('telling position disabled by next() call')
        self.flush()
        with self._lock:
            return self._position()

    def seek(self, cookie, whence=SEEK_SET, /):
        self._check_closed()
        if not self._seekable:
            raise UnsupportedOperation('underlying stream is not seekable')
        if whence == SEEK_CUR:
            if cookie != 0:
                raise UnsupportedOperation("can't do nonzero cur-relative seeks")
            cookie = self.tell()
        elif whence == SEEK_END:
            if cookie != 0:
                raise UnsupportedOperation("can't do nonzero end-relative seeks")
            self.flush()
            with self._lock:
                self._forget()
                self._decoder.reset()
                position = self._buffer.seek(0, 2)
                self._begins = position == 0
                return position
        elif whence != SEEK_SET:
            raise ValueError(f'invalid whence ({whence}, should be 0, 1 or 2)')
        if cookie < 0:
            raise ValueError(f'negative seek position {cookie!r}')
        self.flush()
        with self._lock:
            self._forget()
            self._decoder.reset()
            self._begins = cookie == 0
            return self._buffer.seek(cookie)

    def truncate(self, pos=None, /):
        self.flush()
        if pos is None:
            pos = self.tell()
        return self._buffer.truncate(pos)


for _class in (TextIOWrapper, IncrementalNewlineDecoder):
    _class.__module__ = '_io'
