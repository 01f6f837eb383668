"""Every kind of socket, made, used, asked about and closed."""
import os
import socket


def attempt(what, *args, **kwargs):
    try:
        result = what(*args, **kwargs)
    except Exception as error:
        print(type(error).__module__, type(error).__name__, error, getattr(error, 'errno', None))
    else:
        print('->', result)


def shown(sock):
    """The socket's repr without numbers that differ between runs."""
    words = repr(sock).split(', ')
    return ', '.join(w if not w.startswith('<') else w.split('fd=')[0] + 'fd=N' for w in words
                     if 'addr' not in w and not w.rstrip(')>').isdigit())


print('pairs')
a, b = socket.socketpair()
print(shown(a), a.family, a.type, a.proto, repr(a.family), repr(a.type))
print(a.send(b'abc'), b.recv(2), b.recv(10))
print(a.sendall(bytearray(b'xyz')), b.recv(3, socket.MSG_PEEK), b.recv(10))
print(a.send(memoryview(b'0123456789')[2:5]), b.recv(10))
buffer = bytearray(8)
a.send(b'12345')
print(b.recv_into(buffer, 3), bytes(buffer), b.recv_into(buffer), bytes(buffer))
a.send(b'67')
print(b.recv_into(memoryview(buffer)[4:]), bytes(buffer))
a.send(b'one')
print(b.recvfrom(10), a.getpeername() == '', a.getsockname() == '')
a.shutdown(socket.SHUT_WR)
print(b.recv(10), b.recv(10))
b.send(b'still')
print(a.recv(100))
a.close()
a.close()
print(a.fileno(), a._closed, 'closed' in repr(a))
attempt(a.recv, 1)
attempt(a.send, b'x')
attempt(b.send, b'x')
attempt(b.sendall, b'x')
b.close()

print('datagram pairs')
a, b = socket.socketpair(type=socket.SOCK_DGRAM)
a.send(b'first')
a.send(b'second')
a.send(b'')
print(b.recv(3), b.recv(100), b.recv(100))
a.close()
b.close()

print('tcp')
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('127.0.0.1', 0))
server.listen()
host, port = server.getsockname()
print(host, 1024 < port < 65536, server.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
client = socket.create_connection((host, port))
connection, address = server.accept()
print(address == client.getsockname(), connection.getpeername() == address)
print(client.getpeername() == (host, port), connection.gettimeout(), connection.getblocking())
client.sendall(b'a' * 100_000)
client.shutdown(socket.SHUT_WR)
total = 0
while True:
    data = connection.recv(70_000)
    if not data:
        break
    total += len(data)
print(total)
connection.sendall(b'b' * 10)
print(client.recv(10, socket.MSG_WAITALL))
for sock in (connection, client, server):
    sock.close()

print('udp')
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, \
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two:
    one.bind(('127.0.0.1', 0))
    two.bind(('127.0.0.1', 0))
    print(one.sendto(b'hello', two.getsockname()))
    data, address = two.recvfrom(100)
    print(data, address == one.getsockname())
    print(two.sendto(b'back', 0, address), one.recv(100))
    one.connect(two.getsockname())
    one.send(b'connected')
    buffer = bytearray(20)
    count, address = two.recvfrom_into(buffer)
    print(count, bytes(buffer[:count]), address == one.getsockname())
    attempt(one.sendto, b'x' * 70_000, two.getsockname())
print(one.fileno(), two.fileno())

print('ipv6')
with socket.create_server(('::1', 0), family=socket.AF_INET6) as server:
    address = server.getsockname()
    print(address[0], address[2:], server.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY))
    with socket.create_connection(address[:2]) as client:
        connection, peer = server.accept()
        print(peer == client.getsockname(), peer[0], len(peer))
        with connection:
            connection.send(b'six')
            print(client.recv(10))

print('unix')
path = f'/tmp/takegil-{os.getpid()}.sock'
with socket.socket(socket.AF_UNIX) as server:
    server.bind(path)
    server.listen(1)
    print(server.getsockname() == path, os.path.exists(path))
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        connection, peer = server.accept()
        print(repr(peer), client.getpeername() == path)
        with connection:
            client.send(b'path')
            print(connection.recv(10))
    with socket.socket(socket.AF_UNIX) as other:
        attempt(other.bind, path)
os.unlink(path)
with socket.socket(socket.AF_UNIX) as client:
    attempt(client.connect, path)
    attempt(client.connect, 'x' * 200)
    attempt(client.connect, 7)
name = b'\0takegil-%d' % os.getpid()
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server, \
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
    server.bind(name)
    print(server.getsockname() == name)
    client.sendto(b'abstract', name)
    print(server.recvfrom(20))

print('options')
with socket.socket() as sock:
    print(sock.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) == socket.SOCK_STREAM)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    print(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\5\0\0\0')
    print(sock.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))
    attempt(sock.setsockopt, socket.SOL_SOCKET, 9999, 1)
    attempt(sock.getsockopt, socket.SOL_SOCKET, socket.SO_LINGER, 5000)
    attempt(sock.setsockopt, 1, 2)

print('descriptors')
a, b = socket.socketpair()
c = a.dup()
print(c.fileno() != a.fileno(), c.family == a.family, shown(c) == shown(a))
a.close()
c.send(b'by the copy')
print(b.recv(100))
fd = c.detach()
print(c.fileno(), fd >= 0)
d = socket.socket(fileno=fd)
print(d.family, d.type, d.proto)
d.send(b'adopted')
print(b.recv(100))
e = socket.fromfd(fd, socket.AF_UNIX, socket.SOCK_STREAM)
d.close()
e.send(b'from fd')
print(b.recv(100))
e.close()
b.close()
attempt(socket.socket, fileno=-5)
attempt(socket.socket, fileno=9999)
attempt(socket.socket, fileno='x')
with open('/dev/null') as null:
    attempt(socket.socket, fileno=null.fileno())

print('classes')
print(socket.timeout is TimeoutError, socket.error is OSError)
print(socket.gaierror.__mro__, socket.herror.__base__)
print(socket.socket.__mro__, socket.SocketType.__name__)


class Named(socket.socket):
    """With attributes of its own."""


named = Named()
named.label = 'mine'
print(named.label, type(named.dup()).__name__)
named.close()
attempt(socket.socket, 999)
attempt(socket.socket, socket.AF_INET, 999)
attempt(socket.socket, 'x')
