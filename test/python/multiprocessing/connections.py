"""Connections whose other end is gone, which are used wrongly, or at length: exceptions, nothing lost."""
import os
import pickle
import signal
import struct
import threading
import time
from multiprocessing import BufferTooShort, Pipe, reduction
from multiprocessing.connection import Connection, wait


def attempt(name, operation):
    try:
        print(name, operation())
    except Exception as e:
        print(name, type(e).__name__, e)


for duplex in (True, False):
    reader, writer = Pipe(duplex)
    writer.send('last')
    writer.close()
    print(reader.poll(), reader.recv(), reader.poll(), wait([reader], 0) == [reader])
    attempt('recv', reader.recv)
    attempt('recv_bytes', reader.recv_bytes)
    reader.close()
    reader, writer = Pipe(duplex)
    reader.close()
    attempt('send', lambda: writer.send(1))
    attempt('send_bytes', lambda: writer.send_bytes(bytes(100_000)))
    writer.close()
    for name in ('recv', 'recv_bytes', 'fileno', 'poll'):
        attempt(name, getattr(reader, name))
    attempt('send', lambda: writer.send(1))
    attempt('send_bytes', lambda: writer.send_bytes(b''))
    attempt('recv_bytes_into', lambda: reader.recv_bytes_into(bytearray(1)))
    print(reader.closed, writer.closed, reader.close(), reader.readable, writer.writable)

reader, writer = Pipe(False)
attempt('send', lambda: reader.send(1))
attempt('recv', writer.recv)
attempt('poll', writer.poll)
print(reader.readable, reader.writable, writer.readable, writer.writable)
for args in ((-1,), (5, False, False), ('a',), ()):
    try:
        Connection(*args)
    except (ValueError, TypeError, AttributeError, OSError) as e:
        print(type(e) in (ValueError, TypeError, AttributeError))

# What cannot be pickled leaves nothing behind in the pipe; what cannot be read is taken out of it.
for thing in (lambda: None, threading.Lock(), (i for i in ())):
    try:
        writer.send(thing)
    except Exception as e:
        print(type(e).__name__)
writer.send('whole')
print(reader.recv())
writer.send_bytes(b'no pickle')
try:
    reader.recv()
except pickle.UnpicklingError as e:
    print(type(e).__name__)
writer.send([1])
print(reader.recv(), reader.poll())

# Parts of buffers.
for args in ((b'0123456789',), (b'0123456789', 3), (b'0123456789', 3, 4), (bytearray(b'abc'), 1, None), (memoryview(b'xyz'), 3), (b'',)):
    writer.send_bytes(*args)
    print(reader.recv_bytes())
for args in ((b'abc', -1), (b'abc', 4), (b'abc', 1, -1), (b'abc', 1, 3), ('text',), (5,), ()):
    try:
        writer.send_bytes(*args)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e if args and isinstance(args[0], bytes) else '')
buffer = bytearray(10)
writer.send_bytes(b'12345')
print(reader.recv_bytes_into(buffer, 2), buffer)
writer.send_bytes(b'123456789')
try:
    reader.recv_bytes_into(buffer, 2)
except BufferTooShort as e:
    print(type(e).__name__, e.args)
attempt('negative', lambda: reader.recv_bytes(-1))
writer.send_bytes(b'limited')
print(reader.recv_bytes(7), reader.recv_bytes.__name__)
writer.send_bytes(b'too long')
attempt('too long', lambda: reader.recv_bytes(7))
print(reader.closed)
writer.close()
one, other = Pipe()
other.send_bytes(b'too long')
attempt('too long', lambda: one.recv_bytes(7))
print(one.closed, one.readable, one.writable)
attempt('recv', one.recv)
one.send('still')
print(other.recv())
one.close()
other.close()

# Messages cut short.
for raw in (b'\0', b'\0\0\0\5ab', struct.pack('!iQ', -1, 1000), b'\xff\xff\xff\xff\0'):
    reader, writer = Pipe(False)
    os.write(writer.fileno(), raw)
    writer.close()
    attempt(raw, reader.recv_bytes)
    reader.close()

# Of any length, through pipes that take less.
for duplex in (True, False):
    reader, writer = Pipe(duplex)
    for size in (0, 1, 63, 64, 65, 16380, 16384, 16385, 65532, 65536, 65537, 300_000, 5_000_000):
        message = bytes(range(256)) * (size // 256 + 1)
        thread = threading.Thread(target=writer.send_bytes, args=(message, 0, size))
        thread.start()
        got = reader.recv_bytes()
        thread.join()
        thread = threading.Thread(target=writer.send, args=(message[:size],))
        thread.start()
        print(size, got == message[:size], reader.recv() == message[:size])
        thread.join()
    reader.close()
    writer.close()

# Several threads at one end.
reader, writer = Pipe()
lock = threading.Lock()
sums = []


def take():
    total = 0
    while True:
        with lock:
            item = reader.recv()
        if item is None:
            break
        total += item['n']
    sums.append(total)


threads = [threading.Thread(target=take) for _ in range(3)]
for thread in threads:
    thread.start()
for n in range(300):
    writer.send({'n': n, 'text': 'x' * n})
for thread in threads:
    writer.send(None)
for thread in threads:
    thread.join()
print(sum(sums) == sum(range(300)), len(sums))


# A signal handler that sends and receives while a message is awaited.
def handler(signum, frame):
    a, b = Pipe()
    a.send(['from', 'the', 'handler'])
    seen.append(b.recv())
    a.close()
    b.close()


seen = []
signal.signal(signal.SIGUSR1, handler)
timers = [threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)), threading.Timer(0.15, writer.send, ('awaited',))]
for timer in timers:
    timer.start()
print(reader.recv(), seen)
for timer in timers:
    timer.join()


# Reducers of one's own.
class Odd:
    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        raise TypeError('only with the reducer')


def rebuild(value):
    return ('rebuilt', value)


try:
    writer.send(Odd(1))
except TypeError as e:
    print(e)
reduction.ForkingPickler.register(Odd, lambda odd: (rebuild, (odd.value,)))
writer.send([Odd(2), 'plain'])
print(reader.recv())
with reader, writer:
    print(reader.fileno() >= 0)
print(reader.closed, writer.closed)
attempt('closed', lambda: writer.send(1))
