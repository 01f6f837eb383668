"""Threads that wait in sockets: others run, signals get through, nothing hangs."""
import os
import signal
import socket
import threading
import time


def later(delay, what, *args):
    def run():
        time.sleep(delay)
        what(*args)
    thread = threading.Thread(target=run)
    thread.start()
    return thread


print('handlers run while recv waits, which then goes on (PEP 475)')
a, b = socket.socketpair()
seen = []
signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
threads = [later(0.05, os.kill, os.getpid(), signal.SIGUSR1), later(0.3, b.send, b'late')]
print(a.recv(10), seen == [signal.SIGUSR1])
for thread in threads:
    thread.join()

print('a handler that raises ends the wait')


def give_up(number, frame):
    raise LookupError('enough')


signal.signal(signal.SIGUSR1, give_up)
for what in (lambda: a.recv(1), lambda: a.recv_into(bytearray(1)), lambda: a.recvfrom(1)):
    thread = later(0.05, os.kill, os.getpid(), signal.SIGUSR1)
    try:
        what()
    except LookupError as error:
        print(error)
    thread.join()
a.settimeout(20)
thread = later(0.05, os.kill, os.getpid(), signal.SIGUSR1)
try:
    a.recv(1)
except LookupError as error:
    print('with a timeout:', error)
thread.join()
with socket.create_server(('127.0.0.1', 0)) as server:
    thread = later(0.05, os.kill, os.getpid(), signal.SIGUSR1)
    try:
        server.accept()
    except LookupError as error:
        print('accept:', error)
    thread.join()
thread = later(0.05, os.kill, os.getpid(), signal.SIGUSR1)
try:
    a.sendall(b'x' * 10_000_000)
except LookupError as error:
    print('sendall:', error)
thread.join()
signal.signal(signal.SIGUSR1, signal.SIG_DFL)
a.close()
b.close()

print('one byte, there and back')
a, b = socket.socketpair()


def echo(sock, count):
    for _ in range(count):
        sock.send(sock.recv(1))


thread = threading.Thread(target=echo, args=(b, 500))
thread.start()
print(sum(a.send(b'%d' % (i % 10)) and int(a.recv(1)) for i in range(500)))
thread.join()

print('much data both ways')
SIZE = 3_000_000
threads = []
received = {}


def read(name, sock):
    size = 0
    while size < SIZE:
        size += len(sock.recv(100_000))
    received[name] = size


for name, sock in (('a', a), ('b', b)):
    threads.append(threading.Thread(target=sock.sendall, args=(bytes(SIZE),)))
    threads.append(threading.Thread(target=read, args=(name, sock)))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(received.items()))
a.close()
b.close()

print('several threads accept, every connection is served once')
server = socket.create_server(('127.0.0.1', 0))
served = []


def serve():
    while True:
        connection, _ = server.accept()
        with connection:
            data = connection.recv(10)
            connection.sendall(data)
        if data == b'stop':
            return
        served.append(data)


threads = [threading.Thread(target=serve) for _ in range(4)]
for thread in threads:
    thread.start()
for i in range(40):
    with socket.create_connection(server.getsockname()) as client:
        client.sendall(b'%d' % i)
        assert client.recv(10) == b'%d' % i
for _ in threads:
    with socket.create_connection(server.getsockname()) as client:
        client.sendall(b'stop')
        client.recv(10)
for thread in threads:
    thread.join()
print(sorted(map(int, served)) == list(range(40)))

print('a full queue of connections')
path = f'\0takegil-queue-{os.getpid()}'
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind(path)
    listener.listen(0)
    clients = [socket.socket(socket.AF_UNIX) for _ in range(5)]
    threads = [threading.Thread(target=client.connect, args=(path,)) for client in clients]
    for thread in threads:
        thread.start()
    for _ in clients:
        listener.accept()[0].close()
    for thread in threads:
        thread.join()
    for client in clients:
        client.close()
server.close()

print('a daemon thread that waits does not keep the program')
a, b = socket.socketpair()
threading.Thread(target=a.recv, args=(1,), daemon=True).start()
time.sleep(0.05)
print('end')
