"""Which operations give the lock away, seen from outside (contract chapter 3).

Nobody asks for the lock: the switch interval is far longer than the run. A thread that counts can
therefore go on only where an operation gives the lock away by itself. One that does so for a moment
is tried until the counter was seen to move; one that does not must never be.
"""
import binascii
import gc
import hashlib
import json
import io
import os
import pickle
import queue
import random
import re
import select
import socket
import subprocess
import sys
import threading
import time
import zlib

TRIES = 20_000
HOLDING_TRIES = 40

sys.setswitchinterval(1000)
counted = 0
stop = False


def count():
    global counted
    while not stop:
        counted += 1
        time.sleep(0)


helpers = [threading.Thread(target=count) for _ in range(2)]
for helper in helpers:
    helper.start()

PATH = f'/tmp/takegil-probe-{os.getpid()}'
with open(PATH, 'wb') as file:
    file.write(bytes(100_000))
held, free = threading.Lock(), threading.Lock()
held.acquire()
rlock, semaphore = threading.RLock(), threading.Semaphore(5)
event, unset = threading.Event(), threading.Event()
event.set()
condition = threading.Condition()
condition.acquire()
pair = socket.socketpair()
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(('127.0.0.1', 0))
listener = socket.create_server(('127.0.0.1', 0))
listener_name = listener.getsockname()
timed = socket.socketpair()
for end in timed:
    end.settimeout(5)
readable, writable = os.pipe()
raw = open(PATH, 'rb', buffering=0)
raw_out = open(PATH + '.raw', 'wb', buffering=0)
buffered = open(PATH, 'rb')
buffered_out = open(PATH + '.out', 'wb', buffering=1 << 20)
text_out = open(PATH + '.txt', 'w')
poller = select.poll()
poller.register(pair[0], select.POLLIN)
epoll = select.epoll()
epoll.register(pair[0], select.EPOLLIN)
fifo, simple = queue.Queue(), queue.SimpleQueue()
numbers = [random.random() for _ in range(20_000)]
text = 'abc ' * 50_000
pattern = re.compile('b(c)')
table = {str(i): [i, float(i)] for i in range(2_000)}
MEGABYTE = 1 << 20
pieces_large = [bytes(MEGABYTE // 2)] * 2
pieces_small = [bytes(MEGABYTE // 2), bytes(MEGABYTE // 2 - 1)]
strings = ['x' * MEGABYTE] * 4
digest = hashlib.sha256()
digest.update(bytes(2048))
# A constructor needs no lock for what it is given, and gives the object none.
constructed = hashlib.sha256(bytes(5000))
constructed_blake = hashlib.blake2b(bytes(5000))
compressed = zlib.compress(b'x' * 1000)
checked = bytes(5121)
memory_file = io.BytesIO()
memory_text = io.StringIO()


def open_close():
    open(PATH, 'rb').close()


def start_join():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def send_recv():
    pair[0].send(b'x')
    pair[1].recv(1)


def connect_accept():
    client = socket.socket()
    client.connect(listener_name)
    listener.accept()[0].close()
    client.close()


def write_read():
    os.write(writable, b'x')
    os.read(readable, 1)


def create_socket():
    socket.socket().close()


def send_timed():
    timed[0].send(b'x')
    timed[1].recv(1)


RELEASES = [
    ('sleep(0)', lambda: time.sleep(0)),
    ('sleep(1 ms)', lambda: time.sleep(0.001)),
    ('Lock.acquire(timeout=1 ms), held', lambda: held.acquire(timeout=0.001)),
    ('Event.wait(1 ms)', lambda: unset.wait(0.001)),
    ('Thread start and join', start_join),
    ('sha256 of 2048 bytes', lambda: hashlib.sha256(bytes(2048))),
    ('md5 of 1 MiB', lambda: hashlib.md5(bytes(MEGABYTE))),
    ('update of 16 bytes after a large one', lambda: digest.update(bytes(16))),
    ('pbkdf2', lambda: hashlib.pbkdf2_hmac('sha256', b'x', b'y', 10)),
    ('zlib.crc32 of 5121 bytes', lambda: zlib.crc32(checked)),
    ('zlib.adler32 of 5121 bytes', lambda: zlib.adler32(checked)),
    ('binascii.crc32 of 5121 bytes', lambda: binascii.crc32(checked)),
    ('zlib.compress of 1 byte', lambda: zlib.compress(b'x')),
    ('zlib.decompress', lambda: zlib.decompress(compressed)),
    ('bytes.join of 1 MiB', lambda: b''.join(pieces_large)),
    ('open and close', open_close),
    ('raw seek and read', lambda: (raw.seek(0), raw.read(10))),
    ('raw write', lambda: raw_out.write(b'x')),
    ('buffered write and flush', lambda: (buffered_out.write(b'x'), buffered_out.flush())),
    ('os.write and os.read', write_read),
    ('stat', lambda: os.stat(PATH)),
    ('listdir', lambda: os.listdir('/')),
    ('path.exists', lambda: os.path.exists(PATH)),
    ('getcwd', os.getcwd),
    ('urandom', lambda: os.urandom(10)),
    ('socket send and recv', send_recv),
    ('socket with a timeout: send and recv', send_timed),
    ('socket connect and accept', connect_accept),
    ('socket sendto and recvfrom', lambda: (udp.sendto(b'x', udp.getsockname()), udp.recvfrom(1))),
    ('socket create and close', create_socket),
    ('getsockname', pair[0].getsockname),
    ('settimeout', lambda: pair[0].settimeout(None)),
    ('getaddrinfo', lambda: socket.getaddrinfo('localhost', 80)),
    ('select(0)', lambda: select.select([pair[0]], [], [], 0)),
    ('poll(0)', lambda: poller.poll(0)),
    ('epoll.poll(0)', lambda: epoll.poll(0)),
    ('waitpid', lambda: subprocess.call(['true'])),
]

HOLDS = [
    ('nothing', lambda: None),
    ('time.time', time.time),
    ('time.monotonic', time.monotonic),
    ('Lock, not contended', lambda: (free.acquire(), free.release())),
    ('RLock, not contended', lambda: (rlock.acquire(), rlock.release())),
    ('Semaphore, not contended', lambda: (semaphore.acquire(), semaphore.release())),
    ('acquire(False), held', lambda: held.acquire(False)),
    ('acquire(timeout=0), held', lambda: held.acquire(timeout=0)),
    ('locked', held.locked),
    ('Event.set', event.set),
    ('Event.is_set', event.is_set),
    ('Event.wait, set', event.wait),
    ('Condition.notify', condition.notify),
    ('Queue put and get', lambda: (fifo.put(1), fifo.get())),
    ('SimpleQueue put and get', lambda: (simple.put(1), simple.get())),
    ('sha256 of 2047 bytes', lambda: hashlib.sha256(bytes(2047))),
    ('update of 16 bytes after a large constructor', lambda: constructed.update(bytes(16))),
    ('the same of blake2b', lambda: constructed_blake.update(bytes(16))),
    ('update of 16 bytes of a copy', lambda: digest.copy().update(bytes(16))),
    ('digest after a large update', lambda: digest.digest()),
    ('zlib.crc32 of 5120 bytes', lambda: zlib.crc32(checked[:5120])),
    ('zlib.adler32 of 5120 bytes', lambda: zlib.adler32(checked[:5120])),
    ('binascii.crc32 of 5120 bytes', lambda: binascii.crc32(checked[:5120])),
    ('bytes.join of 1 MiB - 1', lambda: b''.join(pieces_small)),
    ('str.join of 4 MiB', lambda: ''.join(strings)),
    ('bytes of 4 MiB joined by +', lambda: pieces_large[0] + pieces_large[1]),
    ('bytes.count', lambda: pieces_large[0].count(b'x')),
    ('buffered read from the buffer', lambda: buffered.read(1)),
    ('buffered write of 1', lambda: buffered_out.write(b'x')),
    ('text write of 1', lambda: text_out.write('x')),
    ('print to a file', lambda: print('x', file=text_out)),
    ('BytesIO', lambda: (memory_file.write(b'x'), memory_file.seek(0), memory_file.read(1))),
    ('StringIO', lambda: memory_text.write('x')),
    ('getpid', os.getpid),
    ('environ', lambda: os.environ.get('HOME')),
    ('setsockopt', lambda: pair[0].setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)),
    ('getsockopt', lambda: pair[0].getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)),
    ('fileno', pair[0].fileno),
    ('gettimeout', pair[0].gettimeout),
    ('inet_aton', lambda: socket.inet_aton('127.0.0.1')),
    ('poll.register', lambda: poller.register(pair[0], select.POLLIN)),
    ('sum', lambda: sum(range(20_000))),
    ('sorted', lambda: sorted(numbers)),
    ('list of a range', lambda: list(range(20_000))),
    ('json', lambda: json.loads(json.dumps(table))),
    ('pickle', lambda: pickle.loads(pickle.dumps(table))),
    ('re', lambda: pattern.findall(text)),
    ('pow', lambda: pow(3, 5_000)),
    ('gc.collect', gc.collect),
    ('int to str', lambda: str(10 ** 1_000)),
    ('hash', lambda: hash('a new text' * 100)),
    ('import, done before', lambda: __import__('os')),
    ('random', random.random),
    ('get_ident', threading.get_ident),
]


def hits(operation, tries, enough):
    """In how many tries the counter moved; no more are made once there are enough."""
    found = 0
    for _ in range(tries):
        before = counted
        operation()
        found += counted != before
        if found >= enough:
            break
    return found


for name, operation in RELEASES:
    operation()
    seen = hits(operation, TRIES, 1)
    print('releases' if seen else 'HOLDS', name)
for name, operation in HOLDS:
    operation()
    seen = hits(operation, HOLDING_TRIES, HOLDING_TRIES)
    print('holds' if seen == 0 else f'RELEASES ({seen} of {HOLDING_TRIES})', name)

stop = True
for helper in helpers:
    helper.join()
for file in (raw, raw_out, buffered, buffered_out, text_out, udp, listener, epoll, *pair, *timed):
    file.close()
for suffix in ('', '.raw', '.out', '.txt'):
    os.unlink(PATH + suffix)
