"""Sockets: connections and datagrams between processes and machines."""

import _socket
import io
import os
import sys
from _socket import (
    getnameinfo, getprotobyname, getservbyname, getservbyport, gethostbyname, gethostname, htonl,
    htons, inet_aton, inet_ntoa, inet_ntop, inet_pton, ntohl, ntohs,
)
from _socket import CMSG_LEN, CMSG_SPACE, close, dup as _dup
from enum import IntEnum, IntFlag

EBADF, EAGAIN, EWOULDBLOCK = 9, 11, 11
_EINVAL = 22

_FAMILIES = {
    'AF_UNSPEC': 0, 'AF_UNIX': 1, 'AF_INET': 2, 'AF_INET6': 10, 'AF_NETLINK': 16, 'AF_PACKET': 17,
    'AF_VSOCK': 40,
}
_KINDS = {
    'SOCK_STREAM': 1, 'SOCK_DGRAM': 2, 'SOCK_RAW': 3, 'SOCK_RDM': 4, 'SOCK_SEQPACKET': 5,
    'SOCK_NONBLOCK': 0o4000, 'SOCK_CLOEXEC': 0o2000000,
}
_MESSAGE_FLAGS = {
    'MSG_OOB': 1, 'MSG_PEEK': 2, 'MSG_DONTROUTE': 4, 'MSG_CTRUNC': 8, 'MSG_TRUNC': 0x20,
    'MSG_DONTWAIT': 0x40, 'MSG_EOR': 0x80, 'MSG_WAITALL': 0x100, 'MSG_CONFIRM': 0x800,
    'MSG_ERRQUEUE': 0x2000, 'MSG_NOSIGNAL': 0x4000, 'MSG_MORE': 0x8000,
}
_LOOKUP_FLAGS = {
    'AI_PASSIVE': 1, 'AI_CANONNAME': 2, 'AI_NUMERICHOST': 4, 'AI_V4MAPPED': 8, 'AI_ALL': 16,
    'AI_ADDRCONFIG': 32, 'AI_NUMERICSERV': 0x400,
}

AddressFamily = IntEnum('AddressFamily', _FAMILIES, module=__name__)
SocketKind = IntEnum('SocketKind', _KINDS, module=__name__)
MsgFlag = IntFlag('MsgFlag', _MESSAGE_FLAGS, module=__name__)
AddressInfo = IntFlag('AddressInfo', _LOOKUP_FLAGS, module=__name__)
for _kind in (AddressFamily, SocketKind, MsgFlag, AddressInfo):
    globals().update(_kind.__members__)

# Options, levels and protocols of Linux.
SOL_SOCKET, SOL_IP, SOL_TCP, SOL_UDP = 1, 0, 6, 17
SO_DEBUG, SO_REUSEADDR, SO_TYPE, SO_ERROR, SO_DONTROUTE, SO_BROADCAST = 1, 2, 3, 4, 5, 6
SO_SNDBUF, SO_RCVBUF, SO_KEEPALIVE, SO_OOBINLINE, SO_PRIORITY, SO_LINGER = 7, 8, 9, 10, 12, 13
SO_REUSEPORT, SO_PASSCRED, SO_PEERCRED, SO_RCVLOWAT, SO_SNDLOWAT = 15, 16, 17, 18, 19
SO_RCVTIMEO, SO_SNDTIMEO, SO_BINDTODEVICE, SO_ACCEPTCONN, SO_MARK = 20, 21, 25, 30, 36
SO_PROTOCOL, SO_DOMAIN, SO_INCOMING_CPU = 38, 39, 49
IPPROTO_IP, IPPROTO_ICMP, IPPROTO_IGMP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_IPV6 = 0, 1, 2, 6, 17, 41
IPPROTO_ICMPV6, IPPROTO_SCTP, IPPROTO_UDPLITE, IPPROTO_RAW = 58, 132, 136, 255
TCP_NODELAY, TCP_MAXSEG, TCP_CORK, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT = 1, 2, 3, 4, 5, 6
TCP_SYNCNT, TCP_LINGER2, TCP_DEFER_ACCEPT, TCP_WINDOW_CLAMP, TCP_INFO = 7, 8, 9, 10, 11
TCP_QUICKACK, TCP_CONGESTION, TCP_USER_TIMEOUT, TCP_FASTOPEN, TCP_NOTSENT_LOWAT = 12, 13, 18, 23, 25
IP_TOS, IP_TTL, IP_HDRINCL, IP_OPTIONS, IP_RECVTOS = 1, 2, 3, 4, 13
IP_MULTICAST_IF, IP_MULTICAST_TTL, IP_MULTICAST_LOOP = 32, 33, 34
IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP = 35, 36
IPV6_UNICAST_HOPS, IPV6_MULTICAST_IF, IPV6_MULTICAST_HOPS, IPV6_MULTICAST_LOOP = 16, 17, 18, 19
IPV6_JOIN_GROUP, IPV6_LEAVE_GROUP, IPV6_V6ONLY = 20, 21, 26
EAI_BADFLAGS, EAI_NONAME, EAI_AGAIN, EAI_FAIL, EAI_NODATA, EAI_FAMILY = -1, -2, -3, -4, -5, -6
EAI_SOCKTYPE, EAI_SERVICE, EAI_ADDRFAMILY, EAI_MEMORY, EAI_SYSTEM, EAI_OVERFLOW = \
    -7, -8, -9, -10, -11, -12
NI_NUMERICHOST, NI_NUMERICSERV, NI_NOFQDN, NI_NAMEREQD, NI_DGRAM = 1, 2, 4, 8, 16
NI_MAXHOST, NI_MAXSERV = 1025, 32
SHUT_RD, SHUT_WR, SHUT_RDWR = 0, 1, 2
INADDR_ANY, INADDR_BROADCAST, INADDR_LOOPBACK, INADDR_NONE = 0, 0xffffffff, 0x7f000001, 0xffffffff
INADDR_UNSPEC_GROUP, INADDR_ALLHOSTS_GROUP, INADDR_MAX_LOCAL_GROUP = \
    0xe0000000, 0xe0000001, 0xe00000ff
IPPORT_RESERVED, IPPORT_USERRESERVED = 1024, 5000
SOMAXCONN = 4096
SCM_RIGHTS, SCM_CREDENTIALS = 1, 2
has_ipv6 = True

SocketType = _socket.socket
error = OSError
timeout = TimeoutError


class herror(OSError):
    """A look-up of a host's address failed."""


class gaierror(OSError):
    """A look-up of a name failed."""


__all__ = [
    'AddressFamily', 'AddressInfo', 'MsgFlag', 'SocketKind', 'SocketType', 'close',
    'create_connection', 'create_server', 'dup', 'error', 'fromfd', 'gaierror', 'getaddrinfo',
    'getdefaulttimeout', 'getfqdn', 'gethostbyaddr', 'gethostbyname', 'gethostbyname_ex',
    'gethostname', 'getnameinfo', 'getprotobyname', 'getservbyname', 'getservbyport',
    'has_dualstack_ipv6', 'has_ipv6', 'herror', 'htonl', 'htons', 'inet_aton', 'inet_ntoa',
    'inet_ntop', 'inet_pton', 'ntohl', 'ntohs', 'recv_fds', 'send_fds', 'setdefaulttimeout',
    'socket', 'socketpair', 'timeout',
]
__all__ += [_name for _name in globals() if _name.isupper() and not _name.startswith('_')]


def _as_enum(value, kind):
    try:
        return kind(value)
    except ValueError:
        return value


_default_timeout = None


def getdefaulttimeout():
    """The timeout that new sockets get, in seconds; None: they wait for ever."""
    return _default_timeout


def setdefaulttimeout(timeout):
    """Set the timeout of new sockets."""
    global _default_timeout
    if timeout is not None:
        timeout = float(timeout)
        if timeout < 0:
            raise ValueError('Timeout value out of range')
    _default_timeout = timeout


class socket(_socket.socket):
    """An end of a connection, or a place for datagrams."""

    __slots__ = ['__weakref__', '_io_refs', '_closed']

    def __init__(self, family=-1, type=-1, proto=-1, fileno=None):
        _socket.socket.__init__(self, family, type, proto, fileno)
        self._io_refs = 0
        self._closed = False
        if _default_timeout is not None and self.gettimeout() is None:
            self.settimeout(_default_timeout)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        if not self._closed:
            self.close()

    def __repr__(self):
        cls = type(self)
        parts = [f'<{cls.__module__}.{cls.__qualname__}{" [closed]" if self._is_closed() else ""} '
                 f'fd={self.fileno()}, family={self.family!s}, type={self.type!s}, '
                 f'proto={self.proto}']
        if not self._is_closed():
            for name, ask in (('laddr', self.getsockname), ('raddr', self.getpeername)):
                try:
                    address = ask()
                except OSError:
                    continue
                if address:
                    parts.append(f'{name}={address!s}')
        return ', '.join(parts) + '>'

    def _is_closed(self):
        return getattr(self, '_closed', False)

    def __getstate__(self):
        raise TypeError(f'cannot pickle {self.__class__.__name__!r} object')

    def dup(self):
        """A second socket for the same end."""
        sock = self.__class__(self.family, self.type, self.proto, fileno=_dup(self.fileno()))
        sock.settimeout(self.gettimeout())
        return sock

    def accept(self):
        """Wait for a connection: a new socket for it, and the address it comes from."""
        fd, address = self._accept()
        sock = socket(_family(self), _kind_of(self), self.proto, fileno=fd)
        # What is accepted waits, whatever the listening socket does.
        if _default_timeout is None and self.gettimeout():
            sock.setblocking(True)
        return sock, address

    def makefile(self, mode='r', buffering=None, *, encoding=None, errors=None, newline=None):
        """A file object that reads and writes the connection."""
        if not set(mode) <= {'r', 'w', 'b'}:
            raise ValueError(f'invalid mode {mode!r} (only r, w, b allowed)')
        writing = 'w' in mode
        reading = 'r' in mode or not writing
        raw = SocketIO(self, ('r' if reading else '') + ('w' if writing else ''))
        self._io_refs += 1
        if buffering is None or buffering < 0:
            buffering = io.DEFAULT_BUFFER_SIZE
        if buffering == 0:
            if 'b' not in mode:
                raise ValueError('unbuffered streams must be binary')
            return raw
        if reading and writing:
            buffer = io.BufferedRWPair(raw, raw, buffering)
        elif reading:
            buffer = io.BufferedReader(raw, buffering)
        else:
            buffer = io.BufferedWriter(raw, buffering)
        if 'b' in mode:
            return buffer
        text = io.TextIOWrapper(buffer, io.text_encoding(encoding), errors, newline)
        text.mode = mode
        return text

    def sendfile(self, file, offset=0, count=None):
        """Send what is in a binary file, from the offset on; the number of bytes sent."""
        if 'b' not in getattr(file, 'mode', 'b'):
            raise ValueError('file should be opened in binary mode')
        if not self.type & SOCK_STREAM:
            raise ValueError('only SOCK_STREAM type sockets are supported')
        if count is not None:
            if not isinstance(count, int):
                raise TypeError(f'count must be a positive integer (got {count!r})')
            if count <= 0:
                raise ValueError(f'count must be a positive integer (got {count!r})')
        if self.gettimeout() == 0:
            raise ValueError('non-blocking sockets are not supported')
        if offset:
            file.seek(offset)
        total = 0
        try:
            while count is None or total < count:
                data = file.read(65536 if count is None else min(count - total, 65536))
                if not data:
                    break
                self.sendall(data)
                total += len(data)
        finally:
            if total > 0 and hasattr(file, 'seek'):
                file.seek(offset + total)
        return total

    def _decref_socketios(self):
        if self._io_refs > 0:
            self._io_refs -= 1
        if self._closed:
            self.close()

    def _real_close(self):
        _socket.socket.close(self)

    def close(self):
        """Close the socket once the files made of it are closed."""
        self._closed = True
        if self._io_refs <= 0:
            self._real_close()

    def detach(self):
        """Give the descriptor away: the socket is closed, what it stood for is not."""
        self._closed = True
        return _socket.socket.detach(self)

    @property
    def family(self):
        return _as_enum(_family(self), AddressFamily)

    @property
    def type(self):
        return _as_enum(_kind_of(self), SocketKind)

    def get_inheritable(self):
        """Do new processes get the descriptor?"""
        return os.get_inheritable(self.fileno())

    def set_inheritable(self, inheritable):
        """Let new processes get the descriptor, or not."""
        os.set_inheritable(self.fileno(), inheritable)


_family = _socket.socket.family.__get__
_kind_of = _socket.socket.type.__get__


class SocketIO(io.RawIOBase):
    """The stream of bytes below a socket's file objects."""

    def __init__(self, sock, mode):
        if mode not in ('r', 'w', 'rw', 'rb', 'wb', 'rwb'):
            raise ValueError(f'invalid mode: {mode!r}')
        self._sock = sock
        self._mode = mode if 'b' in mode else mode + 'b'
        self._reading = 'r' in mode
        self._writing = 'w' in mode
        self._timeout_occurred = False

    def readinto(self, buffer, /):
        self._check_closed()
        self._require(self._reading, 'readable')
        if self._timeout_occurred:
            raise OSError('cannot read from timed out object')
        try:
            return self._sock.recv_into(buffer)
        except TimeoutError:
            self._timeout_occurred = True
            raise
        except BlockingIOError:
            return None

    def write(self, b, /):
        self._check_closed()
        self._require(self._writing, 'writable')
        try:
            return self._sock.send(b)
        except BlockingIOError:
            return None

    def _require(self, able, what):
        if not able:
            raise io.UnsupportedOperation(f'File or stream is not {what}.')

    def _check_closed(self):
        if self.closed:
            raise ValueError('I/O operation on closed file.')

    def readable(self):
        self._open()
        return self._reading

    def writable(self):
        self._open()
        return self._writing

    def seekable(self):
        self._open()
        return False

    def _open(self):
        if self.closed:
            raise ValueError('I/O operation on closed socket.')

    def fileno(self):
        self._check_closed()
        return self._sock.fileno()

    @property
    def name(self):
        return self.fileno() if not self.closed else -1

    @property
    def mode(self):
        return self._mode

    def close(self):
        if self.closed:
            return
        io.RawIOBase.close(self)
        self._sock._decref_socketios()
        self._sock = None


def dup(fd):
    """A second descriptor for what the first stands for."""
    return _dup(fd)


def fromfd(fd, family, type, proto=0):
    """A socket on a copy of the descriptor."""
    return socket(family, type, proto, fileno=_dup(fd))


def socketpair(family=None, type=SOCK_STREAM, proto=0):
    """Two sockets that are connected with each other."""
    if family is None:
        family = AF_UNIX
    first, second = _socket.socketpair(family, type, proto)
    return socket(family, type, proto, first), socket(family, type, proto, second)


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    """The ways to reach a service: tuples of family, type, protocol, name and address."""
    return [(_as_enum(found[0], AddressFamily), _as_enum(found[1], SocketKind), *found[2:])
            for found in _socket.getaddrinfo(host, port, family, type, proto, flags)]


def gethostbyname_ex(host):
    """A host's name, its other names and its addresses."""
    address = gethostbyname(host)
    return host, [], [address]


def gethostbyaddr(host):
    """The name of the host with the address, its other names and its addresses."""
    address = _socket.getaddrinfo(host, 0)[0][4][0]
    names = _socket._names_of_host(address)
    if names is None:
        raise herror(1, 'Unknown host')
    return *names, [address]


def getfqdn(name=''):
    """The full name of a host, of this one by default."""
    name = name.strip()
    if not name or name in ('0.0.0.0', '::'):
        name = gethostname()
    try:
        host, aliases, _ = gethostbyaddr(name)
    except OSError:
        return name
    for known in [host, *aliases]:
        if '.' in known:
            return known
    return host


_GLOBAL_DEFAULT_TIMEOUT = object()


def create_connection(address, timeout=_GLOBAL_DEFAULT_TIMEOUT, source_address=None, *, all_errors=False):
    """A socket connected with the service at (host, port), whichever of its addresses answers."""
    host, port = address
    errors = []
    for family, kind, proto, _, place in getaddrinfo(host, port, 0, SOCK_STREAM):
        sock = None
        try:
            sock = socket(family, kind, proto)
            if timeout is not _GLOBAL_DEFAULT_TIMEOUT:
                sock.settimeout(timeout)
            if source_address:
                sock.bind(source_address)
            sock.connect(place)
            return sock
        except OSError as error:
            if not all_errors:
                errors.clear()
            errors.append(error)
            if sock is not None:
                sock.close()
    if not errors:
        raise OSError('getaddrinfo returns an empty list')
    try:
        if not all_errors:
            raise errors[0]
        raise ExceptionGroup('create_connection failed', errors)
    finally:
        # The traceback of the error refers to this frame.
        errors.clear()


def has_dualstack_ipv6():
    """Can a socket of AF_INET6 serve IPv4 too?"""
    try:
        with socket(AF_INET6, SOCK_STREAM) as sock:
            sock.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 0)
            return True
    except OSError:
        return False


def create_server(address, *, family=AF_INET, backlog=None, reuse_port=False,
                  dualstack_ipv6=False):
    """A socket that listens for connections to (host, port)."""
    if dualstack_ipv6:
        if not has_dualstack_ipv6():
            raise ValueError('dualstack_ipv6 not supported on this platform')
        if family != AF_INET6:
            raise ValueError('dualstack_ipv6 requires AF_INET6 family')
    sock = socket(family, SOCK_STREAM)
    try:
        try:
            sock.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        except OSError:
            pass
        if reuse_port:
            sock.setsockopt(SOL_SOCKET, SO_REUSEPORT, 1)
        if family == AF_INET6:
            sock.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 0 if dualstack_ipv6 else 1)
        try:
            sock.bind(address)
        except OSError as error:
            raise type(error)(
                error.errno, f'{error.strerror} (while attempting to bind on address {address!r})'
            ) from None
        if backlog is None:
            sock.listen()
        else:
            sock.listen(backlog)
        return sock
    except OSError:
        sock.close()
        raise


del _FAMILIES, _KINDS, _MESSAGE_FLAGS, _LOOKUP_FLAGS, _kind


def send_fds(sock, buffers, fds, flags=0, address=None):
    """Send data with descriptors, over a Unix socket; the number of bytes sent."""
    numbers = b''.join(fd.to_bytes(4, sys.byteorder, signed=True) for fd in fds)
    return sock.sendmsg(buffers, [(SOL_SOCKET, SCM_RIGHTS, numbers)])


def recv_fds(sock, bufsize, maxfds, flags=0):
    """Receive data and descriptors: (data, descriptors, flags, address)."""
    data, ancillary, flags, address = sock.recvmsg(bufsize, CMSG_LEN(4 * maxfds))
    fds = []
    for level, kind, numbers in ancillary:
        if level == SOL_SOCKET and kind == SCM_RIGHTS:
            fds += [int.from_bytes(numbers[at:at + 4], sys.byteorder, signed=True)
                    for at in range(0, len(numbers) - len(numbers) % 4, 4)]
    return data, fds, flags, address
