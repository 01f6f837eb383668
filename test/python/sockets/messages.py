"""sendmsg and recvmsg: several buffers, descriptors, addresses, what waits and what is refused."""
import os
import socket
import struct
import threading
import time

print(socket.CMSG_LEN(0), socket.CMSG_LEN(5), socket.CMSG_SPACE(0), socket.CMSG_SPACE(5), socket.CMSG_SPACE(8))
one, other = socket.socketpair()
print(one.sendmsg([b'abc', bytearray(b'def'), memoryview(b'xghix')[1:4], b'']))
print(other.recvmsg(100))
print(one.sendmsg([]), one.sendmsg(iter([b'i', b't'])), other.recvmsg(1), other.recvmsg(5, 0))
one.sendmsg([b'0123456789'])
buffers = [bytearray(3), bytearray(4), bytearray(5)]
print(other.recvmsg_into(buffers), buffers)
one.send(b'peeked')
print(other.recvmsg(3, 0, socket.MSG_PEEK), other.recvmsg(10))

# Descriptors.
reading, writing = os.pipe()
print(one.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack('i', writing))]))
data, ancillary, flags, address = other.recvmsg(10, socket.CMSG_SPACE(4))
(level, kind, raw), = ancillary
got, = struct.unpack('i', raw)
print(data, level == socket.SOL_SOCKET, kind == socket.SCM_RIGHTS, got != writing, flags & socket.MSG_CTRUNC, address)
print(os.get_inheritable(got), os.write(got, b'through it'), os.read(reading, 20))
os.close(got)
print(socket.send_fds(one, [b'two'], [reading, writing]))
data, fds, flags, address = socket.recv_fds(other, 10, 5)
print(data, len(fds), flags & socket.MSG_CTRUNC, address, os.write(fds[1], b'again'), os.read(fds[0], 9))
for fd in fds:
    os.close(fd)
# No room for it: it is gone, and closed.
socket.send_fds(one, [b'no room'], [reading])
data, ancillary, flags, address = other.recvmsg(10)
print(data, ancillary, bool(flags & socket.MSG_CTRUNC))
os.close(reading)
os.close(writing)

# Datagrams and addresses.
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as a, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as b:
    a.bind(('127.0.0.1', 0))
    b.bind(('127.0.0.1', 0))
    print(a.sendmsg([b'data', b'gram'], [], 0, b.getsockname()))
    data, ancillary, flags, address = b.recvmsg(5)
    print(data, ancillary, bool(flags & socket.MSG_TRUNC), address == a.getsockname())
    b.settimeout(0.05)
    for attempt in (lambda: b.recvmsg(5), lambda: b.recvmsg_into([bytearray(1)])):
        try:
            attempt()
        except TimeoutError as e:
            print(type(e).__name__, e)
    b.setblocking(False)
    try:
        b.recvmsg(1)
    except BlockingIOError as e:
        print(type(e).__name__, e.errno)

# What has to wait is waited for, by one thread only.
threading.Timer(0.05, lambda: one.sendmsg([b'late'])).start()
print(other.recvmsg(10)[0])
received = []


def drain():
    while data := other.recvmsg(1 << 16)[0]:
        received.append(len(data))


reader = threading.Thread(target=drain)
reader.start()
sent = sum(one.sendmsg([bytes(1 << 18), bytes(1 << 18)]) for _ in range(4))
one.shutdown(socket.SHUT_WR)
reader.join()
print(sum(received) == sent, sent > 1 << 19)

for attempt in (
    lambda: one.sendmsg([b'x']), lambda: one.sendmsg(5), lambda: one.sendmsg([5]), lambda: one.sendmsg(['text']),
    lambda: one.sendmsg([b''], 5), lambda: one.sendmsg([b''], [5]), lambda: one.sendmsg([b''], [(1, 2)]),
    lambda: one.sendmsg([b''], [(1, 2, 3)]), lambda: one.sendmsg([b''], [('a', 2, b'')]), lambda: one.sendmsg(),
    lambda: other.recvmsg(-1), lambda: other.recvmsg(1, -1), lambda: other.recvmsg(), lambda: other.recvmsg('a'),
    lambda: other.recvmsg_into([b'constant']), lambda: other.recvmsg_into(5), lambda: other.recvmsg_into([bytearray(1)], -5),
    lambda: socket.CMSG_LEN(-1), lambda: socket.CMSG_SPACE(1 << 31), lambda: socket.CMSG_LEN('a'),
):
    try:
        print(attempt())
    except (OSError, TypeError, ValueError, OverflowError) as e:
        print(type(e).__name__, e if isinstance(e, OSError) else '')
one.close()
other.close()
for attempt in (lambda: one.sendmsg([b'x']), lambda: other.recvmsg(1)):
    try:
        attempt()
    except OSError as e:
        print(e.errno)
