"""Simulated tasks behind HTTP: a WSGI application for any server.

    /task?io=10&dist=exponential&calls=2&cpu=1&alloc=1000&size=100

waits twice for 10 ms on average, computes for 1 ms of processor time and keeps 1,000 objects
meanwhile; the response has 100 bytes. Times are milliseconds; what is left out is 0, calls is 1.

    /io      waits 10 ms
    /cpu     computes 5 ms
    /mixed   waits 10 ms and computes 1 ms
    /mix     one of the three: 70 % /io, 20 % /mixed, 10 % /cpu
    /        answers at once

Run as a program it serves itself with wsgiref and a thread a connection: app.py PORT.
"""

import math
import random
import time

# Rounds of work between two looks at the clock: ten microseconds or so.
ROUNDS = 100


def wait(milliseconds, distribution):
    """Stand for a call to something else: sleep, without the GIL."""
    if distribution == 'exponential':
        milliseconds = random.expovariate(1.0 / milliseconds)
    elif distribution == 'lognormal':
        # The mean is as given, the median 0.61 of it, one in a hundred takes 6 times as long.
        milliseconds = random.lognormvariate(math.log(milliseconds) - 0.5, 1.0)
    elif distribution != 'fixed':
        raise ValueError('no such distribution: ' + distribution)
    time.sleep(milliseconds / 1000.0)


def compute(milliseconds):
    """Use so much processor time in this thread."""
    end = time.thread_time() + milliseconds / 1000.0
    total = 0
    while time.thread_time() < end:
        for i in range(ROUNDS):
            total += i
    return total


def allocate(count):
    """So many small objects."""
    return [[i] for i in range(count)]


def task(io=0.0, calls=1, cpu=0.0, alloc=0, dist='fixed'):
    """Half of the computing before the waiting, half behind it."""
    kept = allocate(alloc)
    if cpu > 0:
        compute(cpu / 2)
    if io > 0:
        for _ in range(calls):
            wait(io, dist)
    if cpu > 0:
        compute(cpu / 2)
    return len(kept)


def mix():
    """One of the three kinds of task."""
    kind = random.random()
    if kind < 0.7:
        task(io=10.0)
    elif kind < 0.9:
        task(io=10.0, cpu=1.0)
    else:
        task(cpu=5.0)


def query(text):
    """The parameters of a query string, by name."""
    return dict(part.partition('=')[::2] for part in text.split('&') if part)


def described(parameters):
    """What /task is asked for; the bytes to answer with."""
    task(
        io=float(parameters.get('io', 0)),
        calls=int(parameters.get('calls', 1)),
        cpu=float(parameters.get('cpu', 0)),
        alloc=int(parameters.get('alloc', 0)),
        dist=parameters.get('dist', 'fixed'),
    )
    return b'x' * int(parameters.get('size', 3))


def answer(path, parameters):
    """The body of the response, or None when there is no such route."""
    if path == '/task':
        return described(parameters)
    if path == '/io':
        task(io=10.0)
    elif path == '/cpu':
        task(cpu=5.0)
    elif path == '/mixed':
        task(io=10.0, cpu=1.0)
    elif path == '/mix':
        mix()
    elif path != '/':
        return None
    return b'ok\n'


def application(environ, start_response):
    status = '200 OK'
    try:
        body = answer(environ['PATH_INFO'], query(environ.get('QUERY_STRING', '')))
        if body is None:
            status, body = '404 Not Found', b'no such route\n'
    except ValueError as error:
        status, body = '400 Bad Request', (str(error) + '\n').encode()
    start_response(status, [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
    return [body]


def main():
    import sys
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True
        request_queue_size = 2048

    class Handler(WSGIRequestHandler):
        def log_message(self, *args):
            pass

    with make_server('127.0.0.1', int(sys.argv[1]), application, Server, Handler) as server:
        print('serving on', server.server_port, flush=True)
        server.serve_forever()


if __name__ == '__main__':
    main()
