"""select, poll, epoll and the selectors over them."""
import os
import select
import selectors
import signal
import socket
import threading
import time


def attempt(what, *args, **kwargs):
    try:
        result = what(*args, **kwargs)
    except Exception as error:
        print(type(error).__name__, error, getattr(error, 'errno', None))
    else:
        print('->', result)


a, b = socket.socketpair()
names = {a: 'a', b: 'b', a.fileno(): 'a', b.fileno(): 'b'}


def named(result):
    if isinstance(result, tuple):
        return [[names[item] for item in each] for each in result]
    return [(names[fd], events) for fd, events in result]


print('select')
print(named(select.select([a, b], [a, b], [a, b], 0)))
a.send(b'x')
print(named(select.select([a, b], [], [a, b], 0)))
print(named(select.select([b.fileno(), b], [a], [], None)))
print(select.select([], [], [], 0), select.select((), (), (), 0.001))
print(named(select.select({b}, [], [], 5)))
for args in (([], [], [], -1), (1, [], []), (['x'], [], []), ([-1], [], [], 0), ([5000], [], [], 0),
             ([], [], [], 'x')):
    attempt(select.select, *args)


class Odd:
    def fileno(self):
        return 'x'


attempt(select.select, [Odd()], [], [], 0)

print('poll')
poller = select.poll()
print(type(poller))
poller.register(a)
poller.register(b, select.POLLIN)
print(named(poller.poll(0)))
poller.modify(b, select.POLLOUT)
print(named(poller.poll()))
poller.unregister(a)
print(named(poller.poll(1000)))
print(b.recv(5))
poller.modify(b, select.POLLIN)
print(poller.poll(1), poller.poll(0.5))
for call, *args in ((poller.register, -1), (poller.register, 'x'), (poller.register, b, 'x'),
                    (poller.register, b, 70000), (poller.register, b, -1), (poller.unregister, 55),
                    (poller.modify, 55, 1), (poller.poll, 'x'), (poller.poll, 1 << 40)):
    attempt(call, *args)

print('epoll')
with select.epoll() as poller:
    print(poller.closed, poller.fileno() >= 0)
    poller.register(a, select.EPOLLIN)
    poller.register(b.fileno(), select.EPOLLIN | select.EPOLLOUT)
    print(named(poller.poll(0)))
    b.send(b'y')
    print(sorted(named(poller.poll())))
    print(len(poller.poll(0, 1)))
    poller.modify(b, select.EPOLLIN)
    print(named(poller.poll(1)))
    attempt(poller.register, a)
    poller.unregister(a)
    attempt(poller.unregister, a)
    print(poller.poll(0.01))
    attempt(poller.poll, 'x')
    attempt(poller.poll, 0, 0)
attempt(poller.poll)
attempt(poller.fileno)
attempt(select.epoll, 0)
attempt(select.epoll, -1, 5)
print(a.recv(5))

print('selectors')
for kind in (selectors.SelectSelector, selectors.PollSelector, selectors.EpollSelector,
             selectors.DefaultSelector):
    with kind() as selector:
        key = selector.register(a, selectors.EVENT_READ, 'data of a')
        selector.register(b, selectors.EVENT_READ | selectors.EVENT_WRITE)
        print(kind.__name__, key.data, key.events, key.fd == a.fileno(), selector.get_key(a) == key)
        print([(names[key.fileobj], events) for key, events in selector.select(0)])
        b.send(b'z')
        print(sorted((names[key.fileobj], events) for key, events in selector.select()))
        a.recv(1)
        print(selector.modify(b, selectors.EVENT_READ, 'changed')[2:], len(selector.get_map()))
        print(selector.modify(b, selectors.EVENT_READ, 'again')[2:], b in selector.get_map())
        print(selector.select(0.01), selector.select(-1))
        for call, *args in ((selector.register, a, 1), (selector.register, 'x', 1),
                            (selector.register, a, 0), (selector.register, a, 9),
                            (selector.unregister, 'x'), (selector.get_key, 500),
                            (selector.modify, 500, 1)):
            try:
                call(*args)
            except Exception as error:
                print(type(error).__name__, str(error).partition('<')[0])
        print(names[selector.unregister(a).fileobj], [names[fd] for fd in selector.get_map()])
    print(selector.get_map())
    attempt(selector.get_key, a)
    with kind() as selector:
        c, d = socket.socketpair()
        selector.register(c, selectors.EVENT_READ)
        d.close()
        print([events for _, events in selector.select()])
        c.close()
        print(selector.unregister(c).events)

print('waiting')
seen = []
signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))


def disturb():
    time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGUSR1)
    time.sleep(0.1)
    b.send(b'!')


poller = select.poll()
poller.register(a, select.POLLIN)
for wait in (lambda: select.select([a], [], [])[0] == [a], lambda: len(poller.poll()),
             lambda: select.select([a], [], [], 10)[0] == [a]):
    thread = threading.Thread(target=disturb)
    thread.start()
    print(wait(), len(seen), a.recv(5))
    thread.join()
signal.signal(signal.SIGUSR1, signal.SIG_DFL)

print('an echo server of one thread, fifty clients')
server = socket.create_server(('127.0.0.1', 0), backlog=64)
server.setblocking(False)
CLIENTS = 50


def serve():
    done = 0
    with selectors.DefaultSelector() as selector:
        selector.register(server, selectors.EVENT_READ)
        while done < CLIENTS:
            for key, events in selector.select():
                if key.fileobj is server:
                    connection, _ = server.accept()
                    connection.setblocking(False)
                    selector.register(connection, selectors.EVENT_READ)
                    continue
                data = key.fileobj.recv(1000)
                if data:
                    key.fileobj.sendall(data)
                else:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
                    done += 1


thread = threading.Thread(target=serve)
thread.start()
clients = [socket.create_connection(server.getsockname()) for _ in range(CLIENTS)]
for i, client in enumerate(clients):
    client.sendall(b'message %d' % i)
print(all(client.recv(100) == b'message %d' % i for i, client in enumerate(clients)))
for client in clients:
    client.close()
thread.join()
server.close()
a.close()
b.close()
