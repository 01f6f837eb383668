"""Connections between processes that are no relatives: Listener, Client and their keys."""

import itertools
import os

import _multiprocessing

from .connection import Connection
from .context import AuthenticationError
from .util import Finalize

__all__ = ['Listener', 'Client', 'answer_challenge', 'deliver_challenge']

_numbers = itertools.count()

_CHALLENGE = b'#CHALLENGE#'
_WELCOME = b'#WELCOME#'
_FAILURE = b'#FAILURE#'
_LONGEST = 256


def arbitrary_address(family):
    """An address that nobody else has; of Unix sockets one without a file."""
    if family == 'AF_INET':
        return 'localhost', 0
    if family == 'AF_UNIX':
        return f'\0takegil-{os.getpid()}-{next(_numbers)}-{os.urandom(8).hex()}'
    raise ValueError('unrecognized family')


def address_type(address):
    """The family of an address."""
    if isinstance(address, tuple):
        return 'AF_INET'
    if isinstance(address, str):
        return 'AF_UNIX'
    raise TypeError(f'address type of {address!r} unrecognized')


def _check_key(authkey):
    if authkey is not None and not isinstance(authkey, bytes):
        raise TypeError('authkey should be a byte string')


class Listener:
    """Waits for Clients at an address."""

    def __init__(self, address=None, family=None, backlog=1, authkey=None):
        import socket
        family = family or (address and address_type(address)) or 'AF_UNIX'
        address = address or arbitrary_address(family)
        _check_key(authkey)
        self._authkey = authkey
        self._socket = socket.socket(getattr(socket, family))
        try:
            if family == 'AF_INET':
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.setblocking(True)
            self._socket.bind(address)
            self._socket.listen(backlog)
        except OSError:
            self._socket.close()
            raise
        self._address = self._socket.getsockname() if family == 'AF_INET' else address
        self._last_accepted = None
        is_file = family == 'AF_UNIX' and not address.startswith('\0')
        self._unlink = Finalize(self, os.unlink, (address,), exitpriority=0) if is_file else None

    def accept(self):
        """The connection of the next Client, which must have the key if there is one."""
        if self._socket is None:
            raise OSError('listener is closed')
        client, self._last_accepted = self._socket.accept()
        client.setblocking(True)
        conn = Connection(client.detach())
        if self._authkey is not None:
            deliver_challenge(conn, self._authkey)
            answer_challenge(conn, self._authkey)
        return conn

    def close(self):
        """Wait for no more Clients."""
        listener, self._socket = self._socket, None
        if listener is not None:
            listener.close()
            if self._unlink is not None:
                self._unlink()

    @property
    def address(self):
        """Where it listens."""
        return self._address

    @property
    def last_accepted(self):
        """Where the last Client came from."""
        return self._last_accepted

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, exc_tb):
        self.close()


def Client(address, family=None, authkey=None):
    """A connection to the Listener at an address."""
    import socket
    family = family or address_type(address)
    _check_key(authkey)
    with socket.socket(getattr(socket, family)) as client:
        client.setblocking(True)
        client.connect(address)
        conn = Connection(client.detach())
    if authkey is not None:
        answer_challenge(conn, authkey)
        deliver_challenge(conn, authkey)
    return conn


def deliver_challenge(connection, authkey):
    """Have the other side show that it knows the key."""
    message = os.urandom(20)
    connection.send_bytes(_CHALLENGE + message)
    if connection.recv_bytes(_LONGEST) != _multiprocessing.digest(authkey, message):
        connection.send_bytes(_FAILURE)
        raise AuthenticationError('digest received was wrong')
    connection.send_bytes(_WELCOME)


def answer_challenge(connection, authkey):
    """Show the other side that this one knows the key."""
    message = connection.recv_bytes(_LONGEST)
    if message[:len(_CHALLENGE)] != _CHALLENGE:
        raise AuthenticationError('digest sent was rejected')
    connection.send_bytes(_multiprocessing.digest(authkey, message[len(_CHALLENGE):]))
    if connection.recv_bytes(_LONGEST) != _WELCOME:
        raise AuthenticationError('digest sent was rejected')

