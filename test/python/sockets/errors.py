"""What goes wrong with sockets, and how CPython says it."""
import socket
import threading


def attempt(what, *args, **kwargs):
    try:
        result = what(*args, **kwargs)
    except Exception as error:
        print(type(error).__module__, type(error).__name__, error, getattr(error, 'errno', None))
    else:
        print('->', result)


def free_port():
    with socket.socket() as sock:
        sock.bind(('127.0.0.1', 0))
        return sock.getsockname()[1]


print('refused')
port = free_port()
with socket.socket() as sock:
    attempt(sock.connect, ('127.0.0.1', port))
with socket.socket() as sock:
    print(sock.connect_ex(('127.0.0.1', port)))
with socket.socket() as sock:
    sock.settimeout(5)
    attempt(sock.connect, ('127.0.0.1', port))
attempt(socket.create_connection, ('127.0.0.1', port))
attempt(socket.create_connection, ('127.0.0.1', port), all_errors=True)

print('in use')
with socket.create_server(('127.0.0.1', 0)) as server:
    name = server.getsockname()
    with socket.socket() as sock:
        attempt(sock.bind, name)
    try:
        socket.create_server(name)
    except OSError as error:
        print(type(error).__name__, str(error).replace(str(name[1]), 'PORT'))
    attempt(server.bind, name)

print('not connected')
with socket.socket() as sock:
    attempt(sock.getpeername)
    attempt(sock.recv, 1)
    attempt(sock.send, b'x')
    attempt(sock.shutdown, socket.SHUT_RD)
    attempt(sock.accept)
    attempt(sock.listen, 'x')

print('reset')
with socket.create_server(('127.0.0.1', 0)) as server:
    client = socket.create_connection(server.getsockname())
    connection, _ = server.accept()
    # Closing with unread data, and no lingering, cuts the connection.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
    client.close()
    attempt(connection.recv, 10)
    attempt(connection.send, b'x')
    attempt(connection.send, b'x')
    connection.close()

print('arguments')
a, b = socket.socketpair()
attempt(a.recv)
attempt(a.recv, -1)
attempt(a.recv, 'x')
attempt(a.recv, 1, 2, 3)
attempt(a.recvfrom, -1)
attempt(a.send, 'text')
attempt(a.send, 5)
attempt(a.sendall, None)
attempt(a.recv_into, b'read only')
attempt(a.recv_into, 'text')
attempt(a.recv_into, bytearray(3), 4)
attempt(a.recv_into, bytearray(3), -4)
attempt(a.recvfrom_into, bytearray(3), 4)
attempt(a.settimeout, -1)
attempt(a.settimeout, 'x')
attempt(a.settimeout, float('nan'))
attempt(a.settimeout, 1e20)
attempt(a.shutdown, 'x')
attempt(a.shutdown, 99)
attempt(a.sendto, b'x')
attempt(a.makefile, 'q')
attempt(a.makefile, 'r', 0)
attempt(a.__getstate__)
a.close()
b.close()
with socket.socket() as sock:
    attempt(sock.connect, 'text')
    attempt(sock.connect, ('127.0.0.1',))
    attempt(sock.connect, ('127.0.0.1', 'x'))
    attempt(sock.connect, ('127.0.0.1', 70000))
    attempt(sock.connect, (5, 80))
    attempt(sock.connect, ('no\0host', 80))
    attempt(sock.bind, ('127.0.0.1', -1))
    attempt(sock.bind, ('no.such.host.invalid', 80))
    attempt(sock.bind, ('192.0.2.1', 0))
with socket.socket(socket.AF_INET6) as sock:
    attempt(sock.connect, ('::1', 1, 2, 3, 4))
    attempt(sock.connect, ('::1', 1, 2 << 30))
    attempt(sock.connect, '::1')

print('not blocking')
a, b = socket.socketpair()
a.setblocking(False)
print(a.gettimeout(), a.getblocking(), a.timeout)
attempt(a.recv, 1)
sent = 0
try:
    while True:
        sent += a.send(b'x' * 65536)
except BlockingIOError as error:
    print('full', error.errno, sent > 0)
b.setblocking(False)
received = 0
try:
    while True:
        received += len(b.recv(1 << 20))
except BlockingIOError as error:
    print('empty', error.errno, received == sent)
a.setblocking(True)
print(a.gettimeout(), a.getblocking())
a.close()
b.close()
with socket.create_server(('127.0.0.1', 0)) as server:
    server.setblocking(False)
    attempt(server.accept)
    server.settimeout(0.01)
    attempt(server.accept)
    client = socket.create_connection(server.getsockname())
    connection, _ = server.accept()
    print(connection.gettimeout(), server.gettimeout())
    connection.close()
    client.close()

print('timeouts')
a, b = socket.socketpair()
a.settimeout(0.02)
print(a.gettimeout(), a.getblocking())
attempt(a.recv, 1)
attempt(a.recv_into, bytearray(1))
try:
    while True:
        a.sendall(b'x' * 65536)
except TimeoutError as error:
    print(type(error).__name__, error, error.errno)
b.send(b'!')
print(a.recv(1))
a.settimeout(None)
a.close()
b.close()
socket.setdefaulttimeout(0.5)
print(socket.getdefaulttimeout(), socket.socket().gettimeout())
a, b = socket.socketpair()
print(a.gettimeout())
a.close()
b.close()
attempt(socket.setdefaulttimeout, -1)
socket.setdefaulttimeout(None)

print('full pipe, then closed')
a, b = socket.socketpair()
outcome = []


def fill():
    try:
        while True:
            a.sendall(b'x' * 65536)
    except OSError as error:
        outcome.append(type(error).__name__)


thread = threading.Thread(target=fill)
thread.start()
b.recv(1000)
b.close()
thread.join()
print(outcome)
a.close()
