"""socketserver: all its servers, and what happens when handlers fail."""
import io
import os
import socket
import socketserver
import sys
import threading


class Upper(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line.upper())


class Datagram(socketserver.DatagramRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.read()[::-1])


class Fails(socketserver.BaseRequestHandler):
    def setup(self):
        self.server.events.append('setup')

    def handle(self):
        self.server.events.append('handle')
        raise ValueError('a handler that fails')

    def finish(self):
        self.server.events.append('finish')


def talk(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as sock:
        if kind == socket.SOCK_DGRAM and family == socket.AF_UNIX:
            sock.bind(f'\0takegil-client-{os.getpid()}')
        sock.connect(address)
        sock.sendall(b'hello\nworld\n')
        if kind == socket.SOCK_STREAM:
            sock.shutdown(socket.SHUT_WR)
        data = sock.recv(100)
        while kind == socket.SOCK_STREAM and (more := sock.recv(100)):
            data += more
        return data


def serve(make, *talk_args):
    with make() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.02})
        thread.start()
        for _ in range(3):
            print(type(server).__name__, talk(server.address_family, server.server_address, *talk_args))
        server.shutdown()
        thread.join()


serve(lambda: socketserver.TCPServer(('127.0.0.1', 0), Upper))
serve(lambda: socketserver.ThreadingTCPServer(('127.0.0.1', 0), Upper))
serve(lambda: socketserver.UDPServer(('127.0.0.1', 0), Datagram), socket.SOCK_DGRAM)
serve(lambda: socketserver.ThreadingUDPServer(('127.0.0.1', 0), Datagram), socket.SOCK_DGRAM)
name = f'\0takegil-server-{os.getpid()}'
serve(lambda: socketserver.UnixStreamServer(name, Upper))
serve(lambda: socketserver.ThreadingUnixStreamServer(name, Upper))
serve(lambda: socketserver.UnixDatagramServer(name, Datagram), socket.SOCK_DGRAM)
serve(lambda: socketserver.ThreadingUnixDatagramServer(name, Datagram), socket.SOCK_DGRAM)

print('one request at a time')
with socketserver.TCPServer(('127.0.0.1', 0), Upper) as server:
    timeouts = []
    server.timeout = 0.02
    server.handle_timeout = lambda: timeouts.append('timeout')
    server.handle_request()
    print(timeouts)
    server.timeout = 10
    with socket.create_connection(server.server_address) as client:
        client.sendall(b'served\n')
        client.shutdown(socket.SHUT_WR)
        server.handle_request()
        print(client.recv(100), client.recv(100))

print('handlers that fail')
for kind in (socketserver.TCPServer, socketserver.ThreadingTCPServer):
    with kind(('127.0.0.1', 0), Fails) as server:
        server.events = []
        captured, sys.stderr = io.StringIO(), sys.stderr
        sys.stderr, captured = captured, sys.stderr
        with socket.create_connection(server.server_address) as client:
            server.handle_request()
            print(client.recv(1))
        server.server_close()
        sys.stderr, captured = captured, sys.stderr
        print(server.events)
        lines = captured.getvalue().splitlines()
        print(lines[0], lines[1].partition('from')[0], lines[2], lines[-2], lines[-1], sep='\n')

print('requests that are refused')


class Picky(socketserver.TCPServer):
    def verify_request(self, request, client_address):
        return False

    def service_actions(self):
        actions.append(1)


actions = []
with Picky(('127.0.0.1', 0), Upper) as server:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    with socket.create_connection(server.server_address) as client:
        print(client.recv(1))
    server.shutdown()
    thread.join()
    print(len(actions) > 0)

print('a port in use')
with socketserver.TCPServer(('127.0.0.1', 0), Upper) as server:
    before = len(os.listdir('/proc/self/fd'))
    try:
        socketserver.TCPServer(server.server_address, Upper)
    except OSError as error:
        print(type(error).__name__, error)
    print(len(os.listdir('/proc/self/fd')) - before)

print('buffered and timed handlers')


class Buffered(socketserver.StreamRequestHandler):
    wbufsize = 4096
    timeout = 0.05
    disable_nagle_algorithm = True

    def handle(self):
        self.wfile.write(self.rfile.readline())
        try:
            self.rfile.readline()
        except TimeoutError as error:
            self.wfile.write(str(error).encode())


with socketserver.TCPServer(('127.0.0.1', 0), Buffered) as server:
    with socket.create_connection(server.server_address) as client:
        client.sendall(b'first\n')
        server.handle_request()
        print(client.recv(100))
