"""The client's side of HTTP/1.1."""

import email.message
import email.parser
import http
import io
import socket

__all__ = ['HTTPResponse', 'HTTPConnection', 'HTTPException', 'NotConnected', 'UnknownProtocol',
           'UnknownTransferEncoding', 'UnimplementedFileMode', 'IncompleteRead', 'InvalidURL',
           'ImproperConnectionState', 'CannotSendRequest', 'CannotSendHeader', 'ResponseNotReady',
           'BadStatusLine', 'LineTooLong', 'RemoteDisconnected', 'error', 'responses']

HTTP_PORT = 80
HTTPS_PORT = 443
_UNKNOWN = 'UNKNOWN'
_IDLE, _STARTED, _SENT = 'Idle', 'Request-started', 'Request-sent'
_MAXLINE = 65536
_MAXHEADERS = 100
_METHODS_EXPECTING_BODY = {'PATCH', 'POST', 'PUT'}

globals().update(http.HTTPStatus.__members__)
responses = {status: status.phrase for status in http.HTTPStatus}
_default = socket._GLOBAL_DEFAULT_TIMEOUT


class HTTPException(Exception):
    """What goes wrong with HTTP."""


class NotConnected(HTTPException):
    pass


class InvalidURL(HTTPException):
    pass


class UnknownProtocol(HTTPException):

    def __init__(self, version):
        self.args = version,
        self.version = version


class UnknownTransferEncoding(HTTPException):
    pass


class UnimplementedFileMode(HTTPException):
    pass


class IncompleteRead(HTTPException):
    """The other end closed the connection before all had come."""

    def __init__(self, partial, expected=None):
        self.args = partial,
        self.partial = partial
        self.expected = expected

    def __repr__(self):
        more = '' if self.expected is None else f', {self.expected} more expected'
        return f'{type(self).__name__}({len(self.partial)} bytes read{more})'

    __str__ = object.__str__


class ImproperConnectionState(HTTPException):
    pass


class CannotSendRequest(ImproperConnectionState):
    pass


class CannotSendHeader(ImproperConnectionState):
    pass


class ResponseNotReady(ImproperConnectionState):
    pass


class BadStatusLine(HTTPException):

    def __init__(self, line):
        if not line:
            line = repr(line)
        self.args = line,
        self.line = line


class LineTooLong(HTTPException):

    def __init__(self, line_type):
        HTTPException.__init__(self, f'got more than {_MAXLINE} bytes when reading {line_type}')


class RemoteDisconnected(ConnectionResetError, BadStatusLine):

    def __init__(self, *pos, **kw):
        BadStatusLine.__init__(self, '')
        ConnectionResetError.__init__(self, *pos, **kw)


error = HTTPException


class HTTPMessage(email.message.Message):
    """The headers of a request or a response."""

    def getallmatchingheaders(self, name):
        """The lines of the headers with the name."""
        name = name.lower()
        return [f'{known}: {value}' for known, value in self.items() if known.lower() == name]


def _read_line(fp, what):
    line = fp.readline(_MAXLINE + 1)
    if len(line) > _MAXLINE:
        raise LineTooLong(what)
    return line


def parse_headers(fp, _class=HTTPMessage):
    """Read the headers up to the empty line."""
    lines = []
    while True:
        line = _read_line(fp, 'header line')
        lines.append(line)
        if len(lines) > _MAXHEADERS:
            raise HTTPException(f'got more than {_MAXHEADERS} headers')
        if line in (b'\r\n', b'\n', b''):
            break
    text = b''.join(lines).decode('iso-8859-1')
    return email.parser.Parser(_class=_class).parsestr(text)


class HTTPResponse(io.BufferedIOBase):
    """A response: its status, its headers, and its body as a file."""

    def __init__(self, sock, debuglevel=0, method=None, url=None):
        self.fp = sock.makefile('rb')
        self.debuglevel = debuglevel
        self._method = method
        self._url = url
        self.headers = self.msg = None
        self.version = _UNKNOWN
        self.status = _UNKNOWN
        self.reason = _UNKNOWN
        self.chunked = _UNKNOWN
        self.chunk_left = _UNKNOWN
        self.length = _UNKNOWN
        self.will_close = _UNKNOWN

    def _read_status(self):
        line = str(_read_line(self.fp, 'status line'), 'iso-8859-1')
        if not line:
            raise RemoteDisconnected('Remote end closed connection without response')
        version, _, rest = line.partition(' ')
        if rest:
            words = line.split(None, 2)
            version, status = words[0], words[1] if len(words) > 1 else ''
            reason = words[2] if len(words) > 2 else ''
        else:
            version = status = reason = ''
        if not version.startswith('HTTP/'):
            self._close_conn()
            raise BadStatusLine(line)
        try:
            number = int(status)
        except ValueError:
            raise BadStatusLine(line) from None
        if not 100 <= number <= 999:
            raise BadStatusLine(line)
        return version, number, reason

    def begin(self):
        """Read the status and the headers."""
        if self.headers is not None:
            return
        while True:
            version, status, reason = self._read_status()
            if status != http.HTTPStatus.CONTINUE:
                break
            parse_headers(self.fp)
        self.code = self.status = status
        self.reason = reason.strip()
        if version in ('HTTP/1.0', 'HTTP/0.9'):
            self.version = 10
        elif version.startswith('HTTP/1.'):
            self.version = 11
        else:
            raise UnknownProtocol(version)
        self.headers = self.msg = parse_headers(self.fp)
        self.chunked = (self.headers.get('transfer-encoding') or '').lower() == 'chunked'
        self.chunk_left = None
        self.will_close = self._check_close()
        self.length = self._declared_length()
        bodyless = (status in (http.HTTPStatus.NO_CONTENT, http.HTTPStatus.NOT_MODIFIED)
                    or 100 <= status < 200 or self._method == 'HEAD')
        if bodyless:
            self.length = 0
        if not self.will_close and not self.chunked and self.length is None:
            # Only the end of the connection can end the body.
            self.will_close = True

    def _declared_length(self):
        length = self.headers.get('content-length')
        if not length or self.chunked:
            return None
        try:
            length = int(length)
        except ValueError:
            return None
        return None if length < 0 else length

    def _check_close(self):
        connection = (self.headers.get('connection') or '').lower()
        if self.version == 11:
            return 'close' in connection
        if self.headers.get('keep-alive') or 'keep-alive' in connection:
            return False
        return 'keep-alive' not in (self.headers.get('proxy-connection') or '').lower()

    def _close_conn(self):
        fp, self.fp = self.fp, None
        fp.close()

    def close(self):
        try:
            super().close()
        finally:
            if self.fp:
                self._close_conn()

    def flush(self):
        super().flush()
        if self.fp:
            self.fp.flush()

    def readable(self):
        return True

    def isclosed(self):
        """Has all been read?"""
        return self.fp is None

    def read(self, amt=None):
        """The rest of the body, or up to so many bytes of it."""
        if self.fp is None:
            return b''
        if self._method == 'HEAD':
            self._close_conn()
            return b''
        if self.chunked:
            return self._read_chunked(amt)
        if amt is not None and amt >= 0:
            if self.length is not None and amt > self.length:
                amt = self.length
            data = self.fp.read(amt)
            if not data and amt:
                self._close_conn()
            else:
                self._used(len(data))
            return data
        if self.length is None:
            data = self.fp.read()
        else:
            try:
                data = self._safe_read(self.length)
            except IncompleteRead:
                self._close_conn()
                raise
            self.length = 0
        self._close_conn()
        return data

    def _used(self, count):
        """So many bytes of the body have been read."""
        if self.length is not None:
            self.length -= count
            if not self.length:
                self._close_conn()

    def readinto(self, b, /):
        """Read as much of the body as fits into the buffer, or as there is."""
        if self.fp is None:
            return 0
        with memoryview(b) as view:
            data = self.read(view.nbytes)
            view[:len(data)] = data
        return len(data)

    def _safe_read(self, amt):
        data = self.fp.read(amt)
        if len(data) < amt:
            raise IncompleteRead(data, amt - len(data))
        return data

    def _next_chunk(self):
        """What is left of the current chunk, or the size of the next; None after the last."""
        left = self.chunk_left
        if left:
            return left
        if left is not None:
            self._safe_read(2)
        line = _read_line(self.fp, 'chunk size')
        size = line.partition(b';')[0]
        try:
            left = int(size, 16)
        except ValueError:
            self._close_conn()
            raise IncompleteRead(b'') from None
        if left == 0:
            while _read_line(self.fp, 'trailer line') not in (b'\r\n', b'\n', b''):
                pass
            self._close_conn()
            left = None
        self.chunk_left = left
        return left

    def _read_chunked(self, amt):
        pieces = []
        wanted = -1 if amt is None or amt < 0 else amt
        try:
            while wanted:
                left = self._next_chunk()
                if left is None:
                    break
                size = left if wanted < 0 else min(left, wanted)
                pieces.append(self._safe_read(size))
                self.chunk_left = left - size
                if wanted > 0:
                    wanted -= size
        except IncompleteRead as error:
            raise IncompleteRead(b''.join(pieces)) from error
        return b''.join(pieces)

    def read1(self, n=-1):
        """Bytes of the body, from one system call at most."""
        if self.fp is None or self._method == 'HEAD':
            return b''
        if self.chunked:
            left = self._next_chunk()
            if left is None or n == 0:
                return b''
            data = self.fp.read1(left if n < 0 else min(n, left))
            self.chunk_left = left - len(data)
            if not data:
                raise IncompleteRead(b'')
            return data
        if self.length is not None and (n < 0 or n > self.length):
            n = self.length
        data = self.fp.read1(n)
        if not data and n:
            self._close_conn()
        else:
            self._used(len(data))
        return data

    def peek(self, n=-1):
        """Bytes of the body that are there already; they stay to be read."""
        if self.fp is None or self._method == 'HEAD':
            return b''
        if self.chunked:
            left = self._next_chunk()
            return b'' if left is None else self.fp.peek(left)[:left]
        data = self.fp.peek(n)
        return data if self.length is None else data[:self.length]

    def readline(self, limit=-1):
        """A line of the body."""
        if self.fp is None or self._method == 'HEAD':
            return b''
        if self.chunked:
            return super().readline(limit)
        if self.length is not None and (limit < 0 or limit > self.length):
            limit = self.length
        line = self.fp.readline(limit)
        if not line and limit:
            self._close_conn()
        else:
            self._used(len(line))
        return line

    def fileno(self):
        return self.fp.fileno()

    def getheader(self, name, default=None):
        """The value of a header; several are joined by commas."""
        if self.headers is None:
            raise ResponseNotReady()
        values = self.headers.get_all(name)
        if values is None:
            if isinstance(default, str) or not hasattr(default, '__iter__'):
                return default
            values = default
        return ', '.join(values)

    def getheaders(self):
        """The headers as pairs."""
        if self.headers is None:
            raise ResponseNotReady()
        return list(self.headers.items())

    def __iter__(self):
        return self

    def info(self):
        return self.headers

    def geturl(self):
        return self._url

    def getcode(self):
        return self.status


def _has_control(text, also=''):
    """The first character of a text that may not stand in a request line, or None."""
    for character in text:
        if character < ' ' or character == '\x7f' or character in also:
            return character
    return None




def _is_legal_name(name):
    # As lax as what is out there: no colon, no space before the name, no end of line.
    return bool(name) and b':' not in name and name[:1] not in b' \t\r\n' and b'\r' not in name \
        and b'\n' not in name


def _is_illegal_value(value):
    """Is there an end of line that does not fold the header?"""
    for i, byte in enumerate(value):
        following = value[i + 1:i + 2]
        if byte == 10 and following not in (b' ', b'\t'):
            return True
        if byte == 13 and following not in (b' ', b'\t', b'\n'):
            return True
    return False


def _encode(data, name='data'):
    try:
        return data.encode('latin-1')
    except UnicodeEncodeError as error:
        bad = data[error.start:error.end]
        raise UnicodeEncodeError(
            error.encoding, error.object, error.start, error.end,
            f'{name.title()} ({bad!r:.20}) is not valid Latin-1. Use {name}.encode(\'utf-8\') if '
            'you want to send it encoded in UTF-8.') from None


class HTTPConnection:
    """A connection to a server, for one request after the other."""

    _http_vsn = 11
    _http_vsn_str = 'HTTP/1.1'
    response_class = HTTPResponse
    default_port = HTTP_PORT
    auto_open = 1
    debuglevel = 0

    def __init__(self, host, port=None, timeout=_default, source_address=None, blocksize=8192):
        self.timeout = timeout
        self.source_address = source_address
        self.blocksize = blocksize
        self.sock = None
        self._buffer = []
        self._response = None
        self._state = _IDLE
        self._method = None
        self._tunnel_host = None
        self._tunnel_port = None
        self._tunnel_headers = {}
        self.host, self.port = self._get_hostport(host, port)
        character = _has_control(self.host, ' ')
        if character is not None:
            raise InvalidURL(f"URL can't contain control characters. {self.host!r} "
                             f'(found at least {character!r})')
        self._create_connection = socket.create_connection

    def _get_hostport(self, host, port):
        if port is None:
            colon = host.rfind(':')
            if colon > host.rfind(']'):
                text = host[colon + 1:]
                if text:
                    try:
                        port = int(text)
                    except ValueError:
                        raise InvalidURL(f"nonnumeric port: '{text}'") from None
                else:
                    port = self.default_port
                host = host[:colon]
            else:
                port = self.default_port
        if host and host[0] == '[' and host[-1] == ']':
            host = host[1:-1]
        return host, port

    def set_debuglevel(self, level):
        self.debuglevel = level

    def set_tunnel(self, host, port=None, headers=None):
        """Reach the host through the server that is connected to."""
        if self.sock:
            raise RuntimeError("Can't set up tunnel for established connection")
        self._tunnel_host, self._tunnel_port = self._get_hostport(host, port)
        self._tunnel_headers = dict(headers or {})

    def _tunnel(self):
        lines = [f'CONNECT {self._tunnel_host}:{self._tunnel_port} HTTP/1.0']
        lines += [f'{name}: {value}' for name, value in self._tunnel_headers.items()]
        self.send('\r\n'.join([*lines, '', '']).encode('latin-1'))
        response = self.response_class(self.sock, method=self._method)
        _, code, message = response._read_status()
        if code != http.HTTPStatus.OK:
            response.close()
            self.close()
            raise OSError(f'Tunnel connection failed: {code} {message.strip()}')
        while _read_line(response.fp, 'header line') not in (b'\r\n', b'\n', b''):
            pass
        response.close()

    def connect(self):
        """Connect to the server."""
        self.sock = self._create_connection((self.host, self.port), self.timeout,
                                            self.source_address)
        try:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            if error.errno != 92:
                raise
        if self._tunnel_host:
            self._tunnel()

    def close(self):
        """Close the connection."""
        self._state = _IDLE
        try:
            sock, self.sock = self.sock, None
            if sock:
                sock.close()
        finally:
            response, self._response = self._response, None
            if response:
                response.close()

    def send(self, data):
        """Send bytes, or what a file or an iterable of bytes gives."""
        if self.sock is None:
            if not self.auto_open:
                raise NotConnected()
            self.connect()
        if hasattr(data, 'read'):
            for block in self._blocks(data):
                self.sock.sendall(block)
            return
        try:
            self.sock.sendall(data)
        except TypeError:
            if not hasattr(data, '__iter__'):
                raise TypeError('data should be a bytes-like object or an iterable, '
                                f'got {type(data)!r}') from None
            for block in data:
                self.sock.sendall(block)

    def _blocks(self, file):
        encode = isinstance(file, io.TextIOBase)
        while data := file.read(self.blocksize):
            yield data.encode('iso-8859-1') if encode else data

    def _send_output(self, message_body=None, encode_chunked=False):
        message = b'\r\n'.join([*self._buffer, b'', b''])
        self._buffer = []
        self.send(message)
        if message_body is None:
            return
        if hasattr(message_body, 'read'):
            chunks = self._blocks(message_body)
        else:
            try:
                memoryview(message_body)
                chunks = message_body,
            except TypeError:
                try:
                    chunks = iter(message_body)
                except TypeError:
                    raise TypeError('message_body should be a bytes-like object or an iterable, '
                                    f'got {type(message_body)!r}') from None
        for chunk in chunks:
            if not chunk:
                continue
            if encode_chunked and self._http_vsn == 11:
                chunk = b'%X\r\n%b\r\n' % (len(chunk), chunk)
            self.send(chunk)
        if encode_chunked and self._http_vsn == 11:
            self.send(b'0\r\n\r\n')

    def putrequest(self, method, url, skip_host=False, skip_accept_encoding=False):
        """Begin a request."""
        if self._response and self._response.isclosed():
            self._response = None
        if self._state != _IDLE:
            raise CannotSendRequest(self._state)
        self._state = _STARTED
        self._method = method
        url = url or '/'
        self._check_request(method, url)
        self._buffer.append(f'{method} {url} {self._http_vsn_str}'.encode('ascii'))
        if self._http_vsn != 11:
            return
        if not skip_host:
            self._put_host(url)
        if not skip_accept_encoding:
            self.putheader('Accept-Encoding', 'identity')

    @staticmethod
    def _check_request(method, url):
        character = _has_control(method)
        if character is not None:
            raise ValueError(f"method can't contain control characters. {method!r} "
                             f'(found at least {character!r})')
        character = _has_control(url, ' ')
        if character is not None:
            raise InvalidURL(f"URL can't contain control characters. {url!r} "
                             f'(found at least {character!r})')

    def _put_host(self, url):
        netloc = ''
        if url.startswith('http'):
            from urllib.parse import urlsplit
            netloc = urlsplit(url).netloc
        if netloc:
            self.putheader('Host', netloc.encode('ascii', 'ignore'))
            return
        host, port = self.host, self.port
        if self._tunnel_host:
            host, port = self._tunnel_host, self._tunnel_port
        if ':' in host:
            host = f'[{host}]'
        self.putheader('Host', host if port == self.default_port else f'{host}:{port}')

    def putheader(self, header, *values):
        """Add a header to the request."""
        if self._state != _STARTED:
            raise CannotSendHeader()
        if hasattr(header, 'encode'):
            header = header.encode('ascii')
        if not _is_legal_name(header):
            raise ValueError(f'Invalid header name {header!r}')
        encoded = []
        for value in values:
            if hasattr(value, 'encode'):
                value = value.encode('latin-1')
            elif isinstance(value, int):
                value = str(value).encode('ascii')
            if _is_illegal_value(value):
                raise ValueError(f'Invalid header value {value!r}')
            encoded.append(value)
        self._buffer.append(header + b': ' + b'\r\n\t'.join(encoded))

    def endheaders(self, message_body=None, *, encode_chunked=False):
        """Send what has been put together."""
        if self._state != _STARTED:
            raise CannotSendHeader()
        self._state = _SENT
        self._send_output(message_body, encode_chunked=encode_chunked)

    def request(self, method, url, body=None, headers={}, *, encode_chunked=False):
        """Send a whole request."""
        names = {name.lower() for name in headers}
        skips = {}
        if 'host' in names:
            skips['skip_host'] = 1
        if 'accept-encoding' in names:
            skips['skip_accept_encoding'] = 1
        self.putrequest(method, url, **skips)
        if 'content-length' in names:
            encode_chunked = False
        elif 'transfer-encoding' not in names:
            length = _content_length(body, method)
            if length is not None:
                encode_chunked = False
                self.putheader('Content-Length', str(length))
            elif body is not None:
                encode_chunked = True
                self.putheader('Transfer-Encoding', 'chunked')
        for name, value in headers.items():
            self.putheader(name, value)
        if isinstance(body, str):
            body = _encode(body, 'body')
        self.endheaders(body, encode_chunked=encode_chunked)

    def getresponse(self):
        """The response to the request that was sent."""
        if self._response and self._response.isclosed():
            self._response = None
        if self._state != _SENT or self._response:
            raise ResponseNotReady(self._state)
        response = self.response_class(self.sock, method=self._method)
        try:
            try:
                response.begin()
            except ConnectionError:
                self.close()
                raise
            self._state = _IDLE
            if response.will_close:
                # The response's file keeps the connection for as long as it is read.
                self.close()
            else:
                self._response = response
            return response
        except:
            response.close()
            raise


def _content_length(body, method):
    if body is None:
        return 0 if method.upper() in _METHODS_EXPECTING_BODY else None
    if hasattr(body, 'read'):
        return None
    try:
        return memoryview(body).nbytes
    except TypeError:
        return len(body) if isinstance(body, str) else None
