"""Every call that can wait for ever is left soon after a signal whose handler raises."""
import multiprocessing
import multiprocessing.connection
import os
import queue
import select
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time

# What it takes is measured; the limit is generous, as other programs may have the processors.
LIMIT = 1.0
TRIES = 5


class Signalled(Exception):
    pass


def handler(signum, frame):
    raise Signalled


def took(operation):
    """Seconds from the signal until the operation has been left."""
    sent = []

    def send():
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGUSR1)

    timer = threading.Timer(0.05, send)
    timer.start()
    try:
        operation()
        return None
    except Signalled:
        return time.monotonic() - sent[0]
    finally:
        timer.join()


def check(name, operation):
    # The first try of all may be the one that is compiled.
    least = None
    for _ in range(TRIES):
        seconds = took(operation)
        if seconds is None:
            print(name, 'ended by itself')
            return
        least = seconds if least is None else min(least, seconds)
        slowest[0] = max(slowest[0], seconds)
        if least < 0.1:
            break
    print(name, 'ok' if least < LIMIT else 'took %.3f s' % least)


slowest = [0]



def full_pipe():
    """The end to write into a pipe that takes no more, and the other end."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    try:
        while True:
            os.write(writing, bytes(65536))
    except BlockingIOError:
        pass
    os.set_blocking(writing, True)
    return reading, writing


def full_socket():
    one, other = socket.socketpair()
    one.setblocking(False)
    try:
        while True:
            one.send(bytes(65536))
    except BlockingIOError:
        pass
    one.setblocking(True)
    return one, other


def sleep_forever():
    time.sleep(1000)


def threads():
    lock = threading.Lock()
    lock.acquire()
    check('Lock.acquire', lock.acquire)
    check('Lock.acquire, timeout', lambda: lock.acquire(timeout=1000))
    rlock = threading.RLock()
    held, free = threading.Event(), threading.Event()
    holder = threading.Thread(target=lambda: (rlock.acquire(), held.set(), free.wait(), rlock.release()))
    # CPython 3.11 takes a thread for ended once a join of it was interrupted: another for each.
    others = [threading.Thread(target=free.wait) for _ in range(2)]
    for thread in (holder, *others):
        thread.start()
    held.wait()
    check('RLock.acquire', rlock.acquire)
    check('Thread.join', others[0].join)
    check('Thread.join, timeout', lambda: others[1].join(1000))
    free.set()
    holder.join()
    check('Event.wait', threading.Event().wait)
    condition = threading.Condition()
    with condition:
        check('Condition.wait', condition.wait)
    check('Semaphore.acquire', threading.Semaphore(0).acquire)
    check('Queue.get', queue.Queue().get)
    check('SimpleQueue.get', queue.SimpleQueue().get)
    filled = queue.Queue(1)
    filled.put(1)
    check('Queue.put', lambda: filled.put(2))
    check('time.sleep', sleep_forever)


def files():
    reading, writing = os.pipe()
    check('os.read', lambda: os.read(reading, 1))
    file = open(reading, 'rb', buffering=0)
    check('FileIO.read', lambda: file.read(1))
    check('FileIO.readall', file.read)
    with open(reading, 'rb', closefd=False) as buffered:
        check('BufferedReader.read', lambda: buffered.read(1))
        check('BufferedReader.readline', buffered.readline)
    with open(reading, 'r', closefd=False) as text:
        check('TextIOWrapper.readline', text.readline)
    os.close(writing)
    file.close()
    reading, writing = full_pipe()
    check('os.write', lambda: os.write(writing, bytes(65536)))
    with open(writing, 'wb', buffering=0, closefd=False) as raw:
        check('FileIO.write', lambda: raw.write(bytes(65536)))
    os.close(reading)
    os.close(writing)


def sockets():
    listener = socket.create_server(('127.0.0.1', 0))
    check('socket.accept', listener.accept)
    listener.settimeout(1000)
    check('socket.accept, timeout', listener.accept)
    listener.close()
    one, other = socket.socketpair()
    check('socket.recv', lambda: one.recv(1))
    check('socket.recv_into', lambda: one.recv_into(bytearray(1)))
    check('socket.recvfrom', lambda: one.recvfrom(1))
    one.settimeout(1000)
    check('socket.recv, timeout', lambda: one.recv(1))
    one.settimeout(None)
    with one.makefile('rb') as stream:
        check('socket.makefile', stream.readline)
    check('select.select', lambda: select.select([one], [], []))
    check('select.select, timeout', lambda: select.select([one], [], [], 1000))
    poll = select.poll()
    poll.register(one, select.POLLIN)
    check('select.poll', poll.poll)
    with select.epoll() as epoll:
        epoll.register(one, select.EPOLLIN)
        check('select.epoll', epoll.poll)
    with selectors.DefaultSelector() as selector:
        selector.register(one, selectors.EVENT_READ)
        check('selectors', selector.select)
    one.close()
    other.close()
    one, other = full_socket()
    check('socket.send', lambda: one.send(bytes(65536)))
    check('socket.sendall', lambda: one.sendall(bytes(65536)))
    one.close()
    other.close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(('127.0.0.1', 0))
        check('UDP recvfrom', lambda: udp.recvfrom(10))


def processes():
    child = subprocess.Popen(['sleep', '1000'])
    check('Popen.wait', child.wait)
    check('Popen.wait, timeout', lambda: child.wait(1000))
    check('os.waitpid', lambda: os.waitpid(child.pid, 0))
    child.kill()
    child.wait()
    child = subprocess.Popen(['sleep', '1000'], stdout=subprocess.PIPE)
    check('Popen.stdout.read', child.stdout.read)
    check('Popen.communicate', child.communicate)
    child.kill()
    child.stdout.close()
    child.wait()
    one, other = multiprocessing.Pipe()
    check('Connection.recv', one.recv)
    check('Connection.recv_bytes', one.recv_bytes)
    check('Connection.poll', lambda: one.poll(None))
    check('connection.wait', lambda: multiprocessing.connection.wait([one, other]))
    check('Connection.send', lambda: one.send_bytes(bytes(1 << 22)))
    one.close()
    other.close()
    context = multiprocessing.get_context('spawn')
    lock = context.Lock()
    lock.acquire()
    check('multiprocessing.Lock', lock.acquire)
    check('multiprocessing.Semaphore', context.Semaphore(0).acquire)
    check('multiprocessing.Event', context.Event().wait)
    waiting = context.Queue()
    check('multiprocessing.Queue', waiting.get)
    check('multiprocessing.SimpleQueue', context.SimpleQueue().get)
    waiting.close()
    with multiprocessing.connection.Listener(('127.0.0.1', 0)) as listener:
        check('Listener.accept', listener.accept)
    process = context.Process(target=sleep_forever)
    process.start()
    check('Process.join', process.join)
    check('Process.join, timeout', lambda: process.join(1000))
    process.kill()
    process.join()


if __name__ == '__main__':
    signal.signal(signal.SIGUSR1, handler)
    for group in (threads, files, sockets, processes):
        group()
    if len(sys.argv) > 1:
        print('the slowest took %.0f ms' % (1000 * slowest[0]))
