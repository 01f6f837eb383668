"""The application of the HTTP tests: a route a behaviour."""

import sys
import time

closed = []
seen = []


class Closing:
    """An iterable that notes when it is closed."""

    def __init__(self, name, items):
        self.name = name
        self.items = iter(items)

    def __iter__(self):
        return self

    def __next__(self):
        item = next(self.items)
        if isinstance(item, BaseException):
            raise item
        return item

    def close(self):
        closed.append(self.name)


PLAIN = [('Content-Type', 'text/plain')]


def environ(environ, start):
    start('200 OK', PLAIN)
    lines = [f'{name}={value!r}' for name, value in sorted(environ.items())
             if isinstance(value, (str, bool, tuple))]
    return ['\n'.join(lines).encode('latin-1')]


def echo(environ, start):
    start('200 OK', PLAIN)
    return [environ['wsgi.input'].read()]


def lines(environ, start):
    """Every way of reading: sizes, lines, a list of lines, iteration."""
    body = environ['wsgi.input']
    parts = [body.read(3), body.read(0), body.readline(2), body.readline(), b''.join(
        body.readlines(4)), b''.join(body), body.read(), body.readline(), b''.join(
        body.readlines())]
    start('200 OK', PLAIN)
    return [repr(parts).encode()]


def slow_read(environ, start):
    body = environ['wsgi.input']
    size = 0
    while data := body.read(1000):
        size += len(data)
        time.sleep(0.001)
    start('200 OK', PLAIN)
    return [b'%d' % size]


def unread(environ, start):
    start('200 OK', PLAIN)
    return [b'unread']


def stream(environ, start):
    start('200 OK', PLAIN)
    return Closing('stream', [b'one\n', b'', b'two\n', b'three\n'])


def written(environ, start):
    write = start('200 OK', PLAIN)
    write(b'written ')
    write(b'twice ')
    return [b'and returned']


def big(environ, start):
    size = int(environ['QUERY_STRING'])
    start('200 OK', PLAIN)
    return Closing('big', (b'x' * 65536 for _ in range(size // 65536)))


def length(environ, start):
    """Content-Length and as many bytes as the query says: promised,given."""
    promised, given = environ['QUERY_STRING'].split(',')
    start('200 OK', PLAIN + [('Content-Length', promised)])
    return Closing('length', [b'y' * int(given)])


def fails(environ, start):
    raise ValueError('before start_response')


def fails_after_start(environ, start):
    start('200 OK', PLAIN)
    return Closing('fails_after_start', [ValueError('before the first byte')])


def fails_late(environ, start):
    start('200 OK', PLAIN)
    return Closing('fails_late', [b'some', ValueError('after some bytes')])


def replaces(environ, start):
    start('200 OK', PLAIN)
    try:
        raise KeyError('changed its mind')
    except KeyError:
        start('503 Service Unavailable', PLAIN, sys.exc_info())
    return [b'replaced']


def replaces_late(environ, start):
    write = start('200 OK', PLAIN)
    write(b'some')
    try:
        raise KeyError('too late')
    except KeyError:
        start('503 Service Unavailable', PLAIN, sys.exc_info())
    return [b'never']


def twice(environ, start):
    start('200 OK', PLAIN)
    start('200 OK', PLAIN)
    return [b'never']


def no_start(environ, start):
    return [b'no start']


def text(environ, start):
    start('200 OK', PLAIN)
    return ['text']


def bad_header(environ, start):
    start('200 OK', [('X-Bad', 'a\r\nSet-Cookie: b')])
    return [b'never']


def bad_status(environ, start):
    start('OK', PLAIN)
    return [b'never']


def hop(environ, start):
    start('200 OK', [('Connection', 'close')])
    return [b'never']


def nothing(environ, start):
    start('204 No Content', [])
    return []


def cookies(environ, start):
    start('200 OK', PLAIN + [('Set-Cookie', 'a=1'), ('Set-Cookie', 'b=2'), ('X-Latin', 'caf\xe9')])
    return [b'']


def sleeps(environ, start):
    time.sleep(float(environ['QUERY_STRING']))
    start('200 OK', PLAIN)
    return [b'slept']


def spins(environ, start):
    """Compute for so many seconds: with one thread in the pool that is one hold of the GIL."""
    end = time.perf_counter() + float(environ['QUERY_STRING'])
    while time.perf_counter() < end:
        pass
    start('200 OK', PLAIN)
    return [b'spun']


def pid(environ, start):
    import os
    start('200 OK', PLAIN)
    return [b'%d' % os.getpid()]


kept = []


def keeps(environ, start):
    """Keep what belongs to the request, and use it when it is over."""
    write = start('200 OK', PLAIN)
    kept.append((environ['wsgi.input'], write))
    return [b'kept']


def uses_kept(environ, start):
    body, write = kept[0]
    ends = [body.read(10), body.readline()]
    try:
        write(b'for somebody else')
    except AssertionError as error:
        ends.append(str(error))
    start('200 OK', PLAIN)
    return [repr((ends, environ['wsgi.input'].read())).encode()]


def misuses(environ, start):
    """Numbers that no request has."""
    import _wsgi
    ends = []
    for cell in (-1, 1024, 1 << 30, 1 << 70, 'x'):
        for call in (lambda: _wsgi.read(cell, 1), lambda: _wsgi.write(cell, b'', False),
                     lambda: _wsgi.finish(cell, True), lambda: _wsgi.is_aborted(cell)):
            try:
                ends.append(call())
            except (ValueError, TypeError, OverflowError) as error:
                ends.append(type(error).__name__)
    for seat in (-1, 1 << 20, 'x'):
        try:
            ends.append(_wsgi.take(seat))
        except (ValueError, TypeError) as error:
            ends.append(type(error).__name__)
    start('200 OK', PLAIN)
    return [' '.join(map(str, ends)).encode()]


def exits(environ, start):
    sys.exit(3)


def closings(environ, start):
    start('200 OK', PLAIN)
    return [repr(closed).encode()]


def targets(environ, start):
    start('200 OK', PLAIN)
    return ['\n'.join(seen).encode('latin-1')]


def wrapped(environ, start):
    import io
    start('200 OK', PLAIN)
    return environ['wsgi.file_wrapper'](io.BytesIO(b'z' * 100000), 4096)


def application(environ_, start):
    path = environ_['PATH_INFO']
    seen.append(environ_['REQUEST_METHOD'] + ' ' + path)
    route = globals().get(path[1:]) if path[1:].isidentifier() else None
    if route is None or not callable(route) or path == '/application':
        start('200 OK', PLAIN)
        return [b'hello']
    return route(environ_, start)
