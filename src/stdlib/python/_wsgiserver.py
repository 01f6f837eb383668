"""The Python side of takegil serve: a pool of threads that call a WSGI application (PEP 3333)."""

import os
import sys
import threading

import _wsgi

SOFTWARE = 'takegil'
# A read() without a size collects pieces of at most so many bytes.
PIECE = 1 << 16


class Input:
    """wsgi.input: the request's body, which waits for its bytes without the GIL."""

    __slots__ = ('_cell', '_response', '_rest', '_ended')

    def __init__(self, cell, response):
        self._cell = cell
        self._response = response
        # Bytes that readline() has taken off the queue but not yet given away.
        self._rest = b''
        self._ended = False

    def _piece(self, size):
        """Up to size bytes, at least one; b'' at the end."""
        rest = self._rest
        if rest:
            self._rest = rest[size:]
            return rest[:size]
        # Behind the end of the response the cell belongs to another request.
        if self._ended or self._response.ended:
            return b''
        data = _wsgi.read(self._cell, size)
        if not data:
            self._ended = True
        return data

    def read(self, size=-1):
        """size bytes, or all when it is negative or None; fewer only at the end."""
        wanted = -1 if size is None else size
        pieces = []
        while wanted != 0:
            data = self._piece(PIECE if wanted < 0 else min(wanted, PIECE))
            if not data:
                break
            pieces.append(data)
            if wanted > 0:
                wanted -= len(data)
        return pieces[0] if len(pieces) == 1 else b''.join(pieces)

    def readline(self, size=-1):
        """A line with its end, at most size bytes of it; b'' at the end."""
        wanted = -1 if size is None else size
        pieces = []
        while wanted != 0:
            data = self._piece(PIECE)
            if not data:
                break
            end = data.find(b'\n') + 1
            if not end:
                end = len(data)
            if wanted > 0:
                end = min(end, wanted)
                wanted -= end
            if end < len(data):
                self._rest = data[end:] + self._rest
                data = data[:end]
            pieces.append(data)
            if end and data.endswith(b'\n'):
                break
        return b''.join(pieces)

    def readlines(self, hint=-1):
        """All lines, or so many that they have hint bytes."""
        lines = []
        size = 0
        for line in self:
            lines.append(line)
            size += len(line)
            if hint is not None and 0 < hint <= size:
                break
        return lines

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line


class FileWrapper:
    """wsgi.file_wrapper: an iterable over the blocks of something with read()."""

    def __init__(self, filelike, blksize=8192):
        self.filelike = filelike
        self.blksize = blksize
        if hasattr(filelike, 'close'):
            self.close = filelike.close

    def __iter__(self):
        return self

    def __next__(self):
        data = self.filelike.read(self.blksize)
        if not data:
            raise StopIteration
        return data


class Response:
    """start_response() and write() of one request."""

    __slots__ = ('_cell', '_status', '_headers', 'begun', 'ended')

    def __init__(self, cell):
        self._cell = cell
        self._status = None
        self._headers = None
        # Have status and headers left?
        self.begun = False
        self.ended = False

    def start(self, status, headers, exc_info=None, /):
        if exc_info is not None:
            try:
                if self.begun:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        elif self._status is not None:
            raise AssertionError('Headers already set!')
        _wsgi.check_head(status, headers)
        self._status = status
        self._headers = headers
        return self.write

    def _begin(self, length):
        """Set the head; length is the body's where that is known."""
        if self._status is None:
            raise AssertionError('write() before start_response()')
        headers = self._headers
        if length is not None:
            for name, _ in headers:
                if name.lower() == 'content-length':
                    break
            else:
                headers = headers + [('Content-Length', str(length))]
        _wsgi.begin(self._cell, self._status, headers)
        self.begun = True

    def write(self, data, /):
        if not isinstance(data, bytes):
            raise TypeError(f'write() argument must be a bytes object, not {type(data).__name__}')
        if self.ended:
            raise AssertionError('write() behind the end of the response')
        if not self.begun:
            self._begin(None)
        if data:
            _wsgi.write(self._cell, data, False)

    def send(self, result):
        """Write what the application returned, to the end."""
        kind = type(result)
        if (kind is list or kind is tuple) and len(result) <= 1 and not self.begun:
            # The length is known, and one write carries everything.
            data = result[0] if result else b''
            if not isinstance(data, bytes):
                raise TypeError(
                    f'the application must give bytes objects, not {type(data).__name__}'
                )
            self._begin(len(data))
            _wsgi.write(self._cell, data, True)
            self.ended = True
            return
        for data in result:
            # The head waits for the first byte: until then an application may think again.
            if data or not isinstance(data, bytes):
                self.write(data)
        if not self.begun:
            self._begin(0)
        self.finish(True)

    def finish(self, complete):
        self.ended = True
        _wsgi.finish(self._cell, complete)

    def fail(self):
        """The application raised: say so to the client, where that is still possible."""
        if self.ended:
            return
        if self.begun:
            self.finish(False)
            return
        text = b'Internal Server Error\n'
        headers = [('Content-Type', 'text/plain'), ('Content-Length', str(len(text)))]
        try:
            _wsgi.begin(self._cell, '500 Internal Server Error', headers)
            _wsgi.write(self._cell, text, True)
            self.ended = True
        except OSError:
            self.finish(False)


def report(environ):
    """Print the exception that is being handled, and what it is about."""
    import traceback

    method = environ.get('REQUEST_METHOD')
    path = environ.get('RAW_URI')
    sys.stderr.write(f'takegil: an exception in {method} {path}\n{traceback.format_exc()}')
    sys.stderr.flush()


def handle(application, base, cell, environ):
    """One request, whatever the application does."""
    response = Response(cell)
    environ.update(base)
    environ['wsgi.input'] = Input(cell, response)
    try:
        result = application(environ, response.start)
        try:
            response.send(result)
        finally:
            close = getattr(result, 'close', None)
            if close is not None:
                close()
    except BaseException as error:
        if isinstance(error, OSError) and _wsgi.is_aborted(cell) and not response.ended:
            # The client went away: nobody's mistake.
            response.finish(False)
            return
        report(environ)
        response.fail()


def work(application, base, seat):
    """A thread of the pool: of the idle ones, a request wakes the one with the lowest seat."""
    while (request := _wsgi.take(seat)) is not None:
        cell, environ = request
        request = None
        handle(application, base, cell, environ)
        environ = None


def load(target):
    """The application called module:name, or what module:name() gives."""
    module, _, name = target.partition(':')
    found = __import__(module, None, None, ['__name__'])
    name = name or 'application'
    called = name.endswith('()')
    for part in name.removesuffix('()').split('.'):
        found = getattr(found, part)
    application = found() if called else found
    if not callable(application):
        raise TypeError(f'{target} is not callable: {type(application).__name__}')
    return application


def start(number, application, base):
    thread = threading.Thread(target=work, args=(application, base, number - 1), name=f'worker {number}')
    thread.start()
    return thread


def main(target, threads, multiprocess):
    """Serve until the server closes; its threads are replaced when they die."""
    sys.path[0] = os.getcwd()
    application = load(target)
    base = {
        'wsgi.version': (1, 0),
        'wsgi.url_scheme': 'http',
        'wsgi.errors': sys.stderr,
        'wsgi.multithread': threads > 1,
        'wsgi.multiprocess': multiprocess,
        'wsgi.run_once': False,
        'wsgi.file_wrapper': FileWrapper,
        'wsgi.input_terminated': True,
        'SERVER_SOFTWARE': SOFTWARE,
    }
    pool = [start(1, application, base)]
    # One thread is enough to begin with: who waits for a new process waits no longer than for it.
    _wsgi.announce()
    # A process in reserve has no further threads: they cost memory.
    _wsgi.await_begin()
    pool += [start(number, application, base) for number in range(2, threads + 1)]
    while not _wsgi.await_closing():
        for number, thread in enumerate(pool):
            if not thread.is_alive():
                pool[number] = start(number + 1, application, base)
    for thread in pool:
        thread.join()
