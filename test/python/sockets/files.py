"""Sockets as files."""
import io
import os
import socket


def attempt(what, *args, **kwargs):
    try:
        result = what(*args, **kwargs)
    except Exception as error:
        print(type(error).__name__, error)
    else:
        print('->', result)


a, b = socket.socketpair()
reader = a.makefile('rb')
writer = b.makefile('wb')
print(type(reader).__name__, type(writer).__name__, reader.readable(), reader.writable())
writer.write(b'first line\nsecond line\nrest')
writer.flush()
print(reader.readline(), reader.readline(), reader.read(4))
a.close()
print(a.fileno() >= 0)
writer.write(b'after close\n')
writer.flush()
print(reader.readline())
reader.close()
print(a.fileno())
attempt(reader.read, 1)
attempt(b.send, b'x')
try:
    writer.write(b'x')
    writer.close()
except BrokenPipeError as error:
    print(type(error).__name__, error.errno)
b.close()

a, b = socket.socketpair()
with a, b:
    text = a.makefile('r', encoding='utf-8', newline='\n')
    out = b.makefile('w', encoding='utf-8')
    print(type(text).__name__, text.mode, text.encoding, out.mode)
    print('grüße', 'привет', file=out)
    print('€', file=out, flush=True)
    print(repr(text.readline()), repr(text.readline()))
    out.close()
    b.shutdown(socket.SHUT_WR)
    print(repr(text.read()))
    text.close()

a, b = socket.socketpair()
with a, b:
    both = a.makefile('rwb')
    print(type(both).__name__)
    both.write(b'ping')
    both.flush()
    print(b.recv(10), b.send(b'pong'), both.read(4))
    both.close()
    raw = a.makefile('rb', 0)
    print(isinstance(raw, socket.SocketIO), raw.mode, raw.fileno() == a.fileno(), raw.name == a.fileno())
    b.send(b'abcdef')
    buffer = bytearray(4)
    print(raw.readinto(buffer), bytes(buffer), raw.read(10))
    attempt(raw.write, b'x')
    attempt(raw.seek, 0)
    print(raw.seekable(), raw.readable(), raw.writable())
    a.settimeout(0.01)
    attempt(raw.read, 1)
    attempt(raw.read, 1)
    raw.close()
    print(raw.closed, raw.name)
    attempt(raw.fileno)
    attempt(raw.readable)

print('lines of a connection')
a, b = socket.socketpair()
with a:
    b.sendall(b''.join(b'line %d\r\n' % i for i in range(1000)))
    b.close()
    with a.makefile('r', encoding='ascii') as lines:
        print(sum(1 for _ in lines))

print('sendfile')
path = f'/tmp/takegil-sendfile-{os.getpid()}'
with open(path, 'wb') as file:
    file.write(bytes(range(256)) * 10)
a, b = socket.socketpair()
with a, b, open(path, 'rb') as file:
    print(a.sendfile(file), len(b.recv(5000)), file.tell())
    print(a.sendfile(file, 10, 5), b.recv(100), file.tell())
    attempt(a.sendfile, io.StringIO('x'), 0, -1)
os.unlink(path)
