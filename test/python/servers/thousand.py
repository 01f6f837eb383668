"""A thousand connections to a server of threads, half of them cut: nothing is lost, nothing leaks."""
import os
import socket
import socketserver
import threading

CONNECTIONS = 1000
CLIENTS = 8


def open_descriptors():
    """Those that are sockets: a runtime may have others of its own."""
    found = 0
    for name in os.listdir('/proc/self/fd'):
        try:
            found += os.readlink(f'/proc/self/fd/{name}').startswith('socket:')
        except OSError:
            pass
    return found


counts = {'whole': 0, 'cut': 0}
lock = threading.Lock()


class Adder(socketserver.StreamRequestHandler):
    """Adds numbers, one a line, up to the line 'end'; answers with the sum."""

    def handle(self):
        total = 0
        try:
            for line in self.rfile:
                if line == b'end\n':
                    self.wfile.write(b'%d\n' % total)
                    break
                total += int(line)
            else:
                total = None
        except ConnectionError:
            total = None
        with lock:
            counts['cut' if total is None else 'whole'] += 1


class Server(socketserver.ThreadingTCPServer):
    request_queue_size = 128
    daemon_threads = False


def client(first, results):
    for i in range(first, CONNECTIONS, CLIENTS):
        sock = socket.create_connection(server.server_address)
        if i % 2:
            # Cut in the middle: by the end of the data, or by a reset.
            sock.sendall(b'1\n2\n')
            if i % 4 == 1:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
            sock.close()
            continue
        with sock, sock.makefile('rwb') as file:
            file.write(b''.join(b'%d\n' % n for n in range(i % 10)) + b'end\n')
            file.flush()
            results[i] = int(file.readline())
            assert file.readline() == b''


before = open_descriptors()
server = Server(('127.0.0.1', 0), Adder)
serving = threading.Thread(target=server.serve_forever, args=(0.05,))
serving.start()
results = {}
clients = [threading.Thread(target=client, args=(n, results)) for n in range(CLIENTS)]
for thread in clients:
    thread.start()
for thread in clients:
    thread.join()
server.shutdown()
serving.join()
# Those still waiting to be accepted when the server stopped: none, as every client was served.
server.server_close()
print(len(results), all(total == sum(range(i % 10)) for i, total in results.items()))
print(counts['whole'], counts['whole'] + counts['cut'] <= CONNECTIONS)
print('sockets left open:', open_descriptors() - before)
print('threads left:', threading.active_count() - 1)
