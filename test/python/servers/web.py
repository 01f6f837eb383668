"""http.server and http.client talk with each other."""
import http.client
import http.server
import io
import os
import socket
import threading
import urllib.parse
from http import HTTPMethod, HTTPStatus

ROOT = f'/tmp/takegil-web-{os.getpid()}'
os.makedirs(ROOT + '/sub/deep')
os.makedirs(ROOT + '/with index')
for name, content in (('hello.txt', 'hello\n'), ('page.html', '<p>page'), ('a&b<c>.json', '{}'),
                      ('data.bin', 'x' * 200_000), ('with index/index.html', 'the index'),
                      ('archive.tar.gz', 'z'), ('unknown.zzz', '?'), ('sub/grün.txt', 'green')):
    with open(os.path.join(ROOT, name), 'w') as file:
        file.write(content)
    os.utime(os.path.join(ROOT, name), (1_000_000_000, 1_000_000_000))


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def __init__(self, *args):
        super().__init__(*args, directory=ROOT)

    def log_message(self, format, *args):
        log.append(format % args)

    def do_POST(self):
        if self.headers.get('Transfer-Encoding') == 'chunked':
            body = b''
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers['Content-Length']))
        fields = urllib.parse.parse_qs(body.decode())
        answer = repr((self.path, sorted(fields.items()), self.headers.get_content_type())).encode()
        self.send_response(HTTPStatus.CREATED)
        self.send_header('Content-Length', len(answer))
        self.send_header('X-Many', 'one')
        self.send_header('X-Many', 'two')
        self.end_headers()
        self.wfile.write(answer)

    def do_PUT(self):
        self.send_response(200, 'Chunks follow')
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        for piece in (b'first,', b'second,', b'x' * 1000):
            self.wfile.write(b'%X;extension=1\r\n%b\r\n' % (len(piece), piece))
        self.wfile.write(b'0\r\nTrailer: yes\r\n\r\n')

    def do_DELETE(self):
        self.send_response(HTTPStatus.NO_CONTENT)
        self.end_headers()

    def do_PATCH(self):
        raise RuntimeError('nobody catches this')


log = []
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
server.handle_error = lambda request, address: log.append('error')
thread = threading.Thread(target=server.serve_forever, args=(0.02,))
thread.start()
host, port = server.server_address
SKIPPED = ('Server', 'Date')


def show(response, most=150):
    body = response.read()
    print(response.status, response.reason, response.version, response.will_close)
    print('  ', [pair for pair in response.getheaders() if pair[0] not in SKIPPED])
    print('  ', len(body), body[:most])


print('files')
connection = http.client.HTTPConnection(host, port, timeout=20)
for path in ('/hello.txt', '/page.html', '/data.bin', '/', '/sub/', '/sub', '/with%20index/',
             '/a%26b%3Cc%3E.json?query#fragment', '/archive.tar.gz', '/unknown.zzz',
             '/sub/gr%C3%BCn.txt', '/nothing', '/hello.txt/', '/../../etc/passwd', '//hello.txt',
             '/%2e%2e/secret', '/sub/deep?x=1'):
    connection.request('GET', path)
    print(path)
    show(connection.getresponse(), 60)
connection.request('HEAD', '/data.bin')
show(connection.getresponse())
connection.request('GET', '/hello.txt', headers={'If-Modified-Since': 'Sun, 09 Sep 2001 01:46:40 GMT'})
show(connection.getresponse())
connection.request('GET', '/hello.txt', headers={'If-Modified-Since': 'Sun, 09 Sep 2001 01:46:39 GMT'})
show(connection.getresponse())
print(connection.sock is not None)

print('requests with bodies')
connection.request('POST', '/form', urllib.parse.urlencode({'a': 1, 'b': 'ü &='}),
                   {'Content-Type': 'application/x-www-form-urlencoded'})
response = connection.getresponse()
print(response.getheader('x-many'), response.getheader('none'), response.getheader('none', 'd'))
print(response.headers.get_all('X-MANY'), 'content-length' in response.headers)
show(response)
connection.request('POST', '/chunks', iter([b'a=', b'1', b'&b=2']))
show(connection.getresponse())
connection.request('POST', '/file', io.BytesIO(b'c=3'), {'Transfer-Encoding': 'chunked'},
                   encode_chunked=True)
show(connection.getresponse())
connection.request('PUT', '/chunked answer'.replace(' ', '%20'), b'')
response = connection.getresponse()
print(response.chunked, response.length, response.read(3), response.read(10), response.peek(3)[:3],
      len(response.read()), response.isclosed())
connection.request('PUT', '/')
response = connection.getresponse()
print(response.readline(6), response.read1(5), len(response.read1()), response.getcode())
response.read()
connection.request('PUT', '/')
response = connection.getresponse()
buffer = bytearray(2000)
print(response.readinto(buffer), bytes(buffer[:15]), response.readinto(buffer))
connection.request('DELETE', '/x')
show(connection.getresponse())
connection.request('BREW', '/pot')
show(connection.getresponse())
connection.request('PATCH', '/')
try:
    connection.getresponse()
except http.client.RemoteDisconnected as error:
    print(type(error).__name__, error, isinstance(error, ConnectionResetError))
connection.request('GET', '/hello.txt')
show(connection.getresponse())
connection.close()

print('states')


def attempt(what, *args, **kwargs):
    try:
        result = what(*args, **kwargs)
    except Exception as error:
        print(type(error).__name__, error)
    else:
        print('->', result)


connection = http.client.HTTPConnection(f'{host}:{port}')
attempt(connection.getresponse)
attempt(connection.putheader, 'a', 'b')
attempt(connection.endheaders)
connection.putrequest('GET', '/hello.txt')
attempt(connection.putrequest, 'GET', '/')
attempt(connection.putheader, 'bad\nname', 'x')
attempt(connection.putheader, 'bad:name', 'x')
attempt(connection.putheader, 'name', 'bad\r\nvalue')
connection.putheader('X-Number', 5)
connection.putheader('X-Two', 'a', 'b')
connection.endheaders()
attempt(connection.request, 'GET', '/')
response = connection.getresponse()
attempt(connection.getresponse)
print(response.read(2), [line for line in response])
connection.close()
attempt(http.client.HTTPConnection, 'host:port')
attempt(http.client.HTTPConnection, 'bad host')
attempt(connection.request, 'GET', '/with space')
attempt(connection.request, 'GET', '/line\r\n')
attempt(connection.request, 'GE\nT', '/')
connection.close()
attempt(connection.request, 'POST', '/', 'ü€')
connection.close()
attempt(connection.request, 'POST', '/', 5)
connection.close()
connection.auto_open = 0
attempt(connection.request, 'GET', '/')
for text in ('host', 'host:', 'host:8080', '[::1]', '[::1]:90', '::1'):
    made = http.client.HTTPConnection(text)
    print(text, made.host, made.port)
server.shutdown()
thread.join()
server.server_close()
attempt(http.client.HTTPConnection(host, port).request, 'GET', '/')

print('what a server may send')
ANSWERS = [
    b'', b'nonsense\r\n\r\n', b'HTTP/1.1 x OK\r\n\r\n', b'HTTP/1.1 99 OK\r\n\r\n', b'HTTP/2.0 200 OK\r\n\r\n',
    b'HTTP/1.0 200 OK\r\n\r\nto the end', b'HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc',
    b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort',
    b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\nzz\r\n',
    b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab',
    b'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 After\r\nContent-Length: 0\r\n\r\n',
    b'HTTP/1.1 200 OK\r\n' + b'X: y\r\n' * 200 + b'\r\n', b'HTTP/1.1 200 ' + b'x' * 70_000,
    b'HTTP/1.1 200 OK\r\nX: ' + b'x' * 70_000, b'HTTP/1.1 204 Nothing\r\n\r\n',
    b'HTTP/1.1 200 OK\r\nContent-Length: -5\r\nConnection: close\r\nFolded: a\r\n b\r\n\r\nrest',
    b'HTTP/1.1 200 OK\nContent-Length: 2\n\nok',
]
listener = socket.create_server(('127.0.0.1', 0))


def answer_all():
    for answer in ANSWERS:
        accepted, _ = listener.accept()
        with accepted:
            accepted.recv(1000)
            accepted.sendall(answer)
            accepted.shutdown(socket.SHUT_WR)
            while accepted.recv(1000):
                pass


thread = threading.Thread(target=answer_all)
thread.start()
for answer in ANSWERS:
    connection = http.client.HTTPConnection(*listener.getsockname())
    connection.request('GET', '/')
    try:
        response = connection.getresponse()
        print(response.status, response.reason, response.getheaders()[:4], response.read())
    except http.client.IncompleteRead as error:
        print(repr(error), error.partial, error.expected)
    except Exception as error:
        print(type(error).__name__, str(error)[:60])
    else:
        response.close()
    connection.close()
thread.join()
listener.close()
# Whether a handler gets to log depends on how early its client closes.
print(sum(line != 'error' for line in log) > 30, sorted(set(line.split('"')[0] for line in log))[:5])

print('statuses')
print(HTTPStatus.OK, repr(HTTPStatus.NOT_FOUND), HTTPStatus(418).phrase, HTTPStatus.OK.description)
print(http.client.responses[404], http.client.NOT_FOUND == 404, HTTPStatus.GONE + 1)
print(HTTPMethod.GET, repr(HTTPMethod.POST), HTTPMethod('PUT').description)
for folder, names, files in os.walk(ROOT, topdown=False):
    for name in files:
        os.unlink(os.path.join(folder, name))
    os.rmdir(folder)
