"""The server's side of HTTP: requests answered by a class of one's own, or with files."""

import html
import http.client
import io
import mimetypes
import os
import posixpath
import socket
import socketserver
import sys
import time
import urllib.parse
from email.utils import formatdate, mktime_tz, parsedate_tz
from http import HTTPStatus

__all__ = ['HTTPServer', 'ThreadingHTTPServer', 'BaseHTTPRequestHandler',
           'SimpleHTTPRequestHandler']

__version__ = '0.6'

DEFAULT_ERROR_MESSAGE = '''\
<!DOCTYPE HTML>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <title>Error response</title>
    </head>
    <body>
        <h1>Error response</h1>
        <p>Error code: %(code)d</p>
        <p>Message: %(message)s.</p>
        <p>Error code explanation: %(code)s - %(explain)s.</p>
    </body>
</html>
'''
DEFAULT_ERROR_CONTENT_TYPE = 'text/html;charset=utf-8'
_MAXLINE = 65536
# Bytes of a file that are sent at a time.
_PIECE = 65536


class HTTPServer(socketserver.TCPServer):
    """Serves HTTP, one connection at a time."""

    allow_reuse_address = True

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)
        host, port = self.server_address[:2]
        self.server_name = socket.getfqdn(host)
        self.server_port = port


class ThreadingHTTPServer(socketserver.ThreadingMixIn, HTTPServer):
    """Serves HTTP, each connection in a thread of its own."""

    daemon_threads = True


# Control characters are written out in the log.
_control_characters = str.maketrans(
    {c: f'\\x{c:02x}' for c in [*range(0x20), *range(0x7f, 0xa0)]})
_control_characters[ord('\\')] = '\\\\'


class BaseHTTPRequestHandler(socketserver.StreamRequestHandler):
    """Reads requests and calls do_GET(), do_POST() and so on."""

    sys_version = 'Python/' + sys.version.split()[0]
    server_version = 'BaseHTTP/' + __version__
    error_message_format = DEFAULT_ERROR_MESSAGE
    error_content_type = DEFAULT_ERROR_CONTENT_TYPE
    default_request_version = 'HTTP/0.9'
    protocol_version = 'HTTP/1.0'
    MessageClass = http.client.HTTPMessage
    weekdayname = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
    monthname = [None, 'Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov',
                 'Dec']
    responses = {status: (status.phrase, status.description)
                 for status in HTTPStatus.__members__.values()}

    def _parse_version(self, version):
        """(major, minor), or None after an error was sent."""
        try:
            if not version.startswith('HTTP/'):
                raise ValueError
            parts = version.split('/', 1)[1].split('.')
            if len(parts) != 2:
                raise ValueError
            if any(not part.isdigit() for part in parts) or any(len(part) > 10 for part in parts):
                raise ValueError
            numbers = int(parts[0]), int(parts[1])
        except ValueError:
            self.send_error(HTTPStatus.BAD_REQUEST, f'Bad request version ({version!r})')
            return None
        if numbers >= (2, 0):
            base = version.split('/', 1)[1]
            self.send_error(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, f'Invalid HTTP version ({base})')
            return None
        return numbers

    def _parse_line(self):
        """Take the request line apart; False after an error was sent."""
        self.command = None
        self.request_version = version = self.default_request_version
        self.close_connection = True
        self.requestline = str(self.raw_requestline, 'iso-8859-1').rstrip('\r\n')
        words = self.requestline.split()
        if not words:
            return False
        if len(words) >= 3:
            version = words[-1]
            numbers = self._parse_version(version)
            if numbers is None:
                return False
            if numbers >= (1, 1) and self.protocol_version >= 'HTTP/1.1':
                self.close_connection = False
            self.request_version = version
        if not 2 <= len(words) <= 3:
            self.send_error(HTTPStatus.BAD_REQUEST, f'Bad request syntax ({self.requestline!r})')
            return False
        self.command, self.path = words[:2]
        if len(words) == 2:
            self.close_connection = True
            if self.command != 'GET':
                self.send_error(HTTPStatus.BAD_REQUEST,
                                f'Bad HTTP/0.9 request type ({self.command!r})')
                return False
        if self.path.startswith('//'):
            # Two slashes would make a host of what follows, in a redirection.
            self.path = '/' + self.path.lstrip('/')
        return True

    def parse_request(self):
        """Take the request apart; False after an error was sent."""
        if not self._parse_line():
            return False
        try:
            self.headers = http.client.parse_headers(self.rfile, _class=self.MessageClass)
        except http.client.LineTooLong as error:
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, 'Line too long', str(error))
            return False
        except http.client.HTTPException as error:
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, 'Too many headers',
                            str(error))
            return False
        connection = self.headers.get('Connection', '').lower()
        if connection == 'close':
            self.close_connection = True
        elif connection == 'keep-alive' and self.protocol_version >= 'HTTP/1.1':
            self.close_connection = False
        if (self.headers.get('Expect', '').lower() == '100-continue'
                and self.protocol_version >= 'HTTP/1.1' and self.request_version >= 'HTTP/1.1'):
            return self.handle_expect_100()
        return True

    def handle_expect_100(self):
        """Tell a client that asks first to go on; False: do not serve it."""
        self.send_response_only(HTTPStatus.CONTINUE)
        self.end_headers()
        return True

    def handle_one_request(self):
        """Serve one request of the connection."""
        try:
            self.raw_requestline = self.rfile.readline(_MAXLINE + 1)
            if len(self.raw_requestline) > _MAXLINE:
                self.requestline = ''
                self.request_version = ''
                self.command = ''
                self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
                return
            if not self.raw_requestline:
                self.close_connection = True
                return
            if not self.parse_request():
                return
            method = getattr(self, 'do_' + self.command, None)
            if method is None:
                self.send_error(HTTPStatus.NOT_IMPLEMENTED,
                                f'Unsupported method ({self.command!r})')
                return
            method()
            self.wfile.flush()
        except TimeoutError as error:
            self.log_error('Request timed out: %r', error)
            self.close_connection = True

    def handle(self):
        """Serve the requests of the connection."""
        self.close_connection = True
        self.handle_one_request()
        while not self.close_connection:
            self.handle_one_request()

    def send_error(self, code, message=None, explain=None):
        """Send a page that tells of an error."""
        short, long = self.responses.get(code, ('???', '???'))
        if message is None:
            message = short
        if explain is None:
            explain = long
        self.log_error('code %d, message %s', code, message)
        self.send_response(code, message)
        self.send_header('Connection', 'close')
        body = None
        if code >= 200 and code not in (HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT,
                                        HTTPStatus.NOT_MODIFIED):
            content = self.error_message_format % {
                'code': code,
                'message': html.escape(message, quote=False),
                'explain': html.escape(explain, quote=False),
            }
            body = content.encode('UTF-8', 'replace')
            self.send_header('Content-Type', self.error_content_type)
            self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD' and body:
            self.wfile.write(body)

    def send_response(self, code, message=None):
        """Begin a response: the status line and the headers that all have."""
        self.log_request(code)
        self.send_response_only(code, message)
        self.send_header('Server', self.version_string())
        self.send_header('Date', self.date_time_string())

    def send_response_only(self, code, message=None):
        """Begin a response with the status line alone."""
        if self.request_version == 'HTTP/0.9':
            return
        if message is None:
            message = self.responses[code][0] if code in self.responses else ''
        self._buffered().append(
            f'{self.protocol_version} {code:d} {message}\r\n'.encode('latin-1', 'strict'))

    def _buffered(self):
        if not hasattr(self, '_headers_buffer'):
            self._headers_buffer = []
        return self._headers_buffer

    def send_header(self, keyword, value):
        """Add a header to the response."""
        if self.request_version != 'HTTP/0.9':
            self._buffered().append(f'{keyword}: {value}\r\n'.encode('latin-1', 'strict'))
        if keyword.lower() == 'connection':
            if value.lower() == 'close':
                self.close_connection = True
            elif value.lower() == 'keep-alive':
                self.close_connection = False

    def end_headers(self):
        """Send the headers."""
        if self.request_version != 'HTTP/0.9':
            self._headers_buffer.append(b'\r\n')
            self.flush_headers()

    def flush_headers(self):
        if hasattr(self, '_headers_buffer'):
            self.wfile.write(b''.join(self._headers_buffer))
            self._headers_buffer = []

    def log_request(self, code='-', size='-'):
        """Write a request that was served to the log."""
        if isinstance(code, HTTPStatus):
            code = code.value
        self.log_message('"%s" %s %s', self.requestline, str(code), str(size))

    def log_error(self, format, *args):
        """Write an error to the log."""
        self.log_message(format, *args)

    def log_message(self, format, *args):
        """Write a line to the log, which is stderr."""
        message = (format % args).translate(_control_characters)
        sys.stderr.write(f'{self.address_string()} - - [{self.log_date_time_string()}] {message}\n')

    def version_string(self):
        return self.server_version + ' ' + self.sys_version

    def date_time_string(self, timestamp=None):
        """The time as headers have it."""
        return formatdate(timestamp, usegmt=True)

    def log_date_time_string(self):
        """The time as the log has it."""
        year, month, day, hour, minute, second = time.localtime()[:6]
        return (f'{day:02}/{self.monthname[month]}/{year:04} {hour:02}:{minute:02}:{second:02}')

    def address_string(self):
        return self.client_address[0]


class SimpleHTTPRequestHandler(BaseHTTPRequestHandler):
    """Serves the files below a directory."""

    server_version = 'SimpleHTTP/' + __version__
    index_pages = ('index.html', 'index.htm')
    extensions_map = {'.gz': 'application/gzip', '.Z': 'application/octet-stream',
                      '.bz2': 'application/x-bzip2', '.xz': 'application/x-xz'}

    def __init__(self, *args, directory=None, **kwargs):
        self.directory = os.fspath(os.getcwd() if directory is None else directory)
        super().__init__(*args, **kwargs)

    def do_GET(self):
        file = self.send_head()
        if file:
            try:
                self.copyfile(file, self.wfile)
            finally:
                file.close()

    def do_HEAD(self):
        file = self.send_head()
        if file:
            file.close()

    def send_head(self):
        """Send the headers of what is asked for: a file to send, or None."""
        path = self.translate_path(self.path)
        if os.path.isdir(path):
            parts = urllib.parse.urlsplit(self.path)
            if not parts.path.endswith('/'):
                self._redirect(parts)
                return None
            for name in self.index_pages:
                index = os.path.join(path, name)
                if os.path.isfile(index):
                    path = index
                    break
            else:
                return self.list_directory(path)
        kind = self.guess_type(path)
        if path.endswith('/'):
            self.send_error(HTTPStatus.NOT_FOUND, 'File not found')
            return None
        try:
            file = open(path, 'rb')
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND, 'File not found')
            return None
        try:
            status = os.fstat(file.fileno())
            if self._is_known(status.st_mtime):
                self.send_response(HTTPStatus.NOT_MODIFIED)
                self.end_headers()
                file.close()
                return None
            self.send_response(HTTPStatus.OK)
            self.send_header('Content-type', kind)
            self.send_header('Content-Length', str(status.st_size))
            self.send_header('Last-Modified', self.date_time_string(status.st_mtime))
            self.end_headers()
            return file
        except:
            file.close()
            raise

    def _redirect(self, parts):
        """Send the client to the directory's own address, which ends with a slash."""
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        new = parts[0], parts[1], parts[2] + '/', parts[3], parts[4]
        self.send_header('Location', urllib.parse.urlunsplit(new))
        self.send_header('Content-Length', '0')
        self.end_headers()

    def _is_known(self, modified):
        """Does the client have the file as it is now?"""
        if 'If-Modified-Since' not in self.headers or 'If-None-Match' in self.headers:
            return False
        since = parsedate_tz(self.headers['If-Modified-Since'])
        if since is None or since[9]:
            return False
        try:
            return int(modified) <= mktime_tz((*since[:9], 0))
        except (ValueError, OverflowError):
            return False

    def list_directory(self, path):
        """Send a page with the names in a directory: a file to send, or None."""
        try:
            names = os.listdir(path)
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND, 'No permission to list directory')
            return None
        names.sort(key=str.lower)
        shown = self.path.split('#', 1)[0].split('?', 1)[0]
        shown = html.escape(urllib.parse.unquote(shown, errors='surrogatepass'), quote=False)
        title = f'Directory listing for {shown}'
        lines = ['<!DOCTYPE HTML>', '<html lang="en">', '<head>', '<meta charset="utf-8">',
                 f'<title>{title}</title>\n</head>', f'<body>\n<h1>{title}</h1>', '<hr>\n<ul>']
        for name in names:
            full = os.path.join(path, name)
            link = text = name
            if os.path.isdir(full):
                link = text = name + '/'
            if os.path.islink(full):
                text = name + '@'
            link = urllib.parse.quote(link, errors='surrogatepass')
            lines.append(f'<li><a href="{link}">{html.escape(text, quote=False)}</a></li>')
        lines.append('</ul>\n<hr>\n</body>\n</html>\n')
        encoding = sys.getfilesystemencoding()
        data = '\n'.join(lines).encode(encoding, 'surrogateescape')
        self.send_response(HTTPStatus.OK)
        self.send_header('Content-type', f'text/html; charset={encoding}')
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        return io.BytesIO(data)

    def translate_path(self, path):
        """The file that a path of an address stands for; never one above the directory."""
        path = path.split('?', 1)[0].split('#', 1)[0]
        slash = '/' if path.rstrip().endswith('/') else ''
        try:
            path = urllib.parse.unquote(path, errors='surrogatepass')
        except UnicodeDecodeError:
            path = urllib.parse.unquote(path)
        result = self.directory
        for word in posixpath.normpath(path).split('/'):
            if word and word not in (os.curdir, os.pardir) and not os.path.dirname(word):
                result = os.path.join(result, word)
        return result + slash

    def copyfile(self, source, outputfile):
        """Send what is in a file."""
        while data := source.read(_PIECE):
            outputfile.write(data)

    def guess_type(self, path):
        """The type of a file, by its name."""
        extension = posixpath.splitext(path)[1]
        for known in (extension, extension.lower()):
            if known in self.extensions_map:
                return self.extensions_map[known]
        return mimetypes.guess_type(path)[0] or 'application/octet-stream'
