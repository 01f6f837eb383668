"""Connections: messages over pipes and sockets (H54)."""

import os

import _multiprocessing

from .context import BufferTooShort
from .reduction import DupFd, ForkingPickler

__all__ = ['Client', 'Listener', 'Pipe', 'wait']


class Connection(_multiprocessing.Connection):
    """One end of a pipe or socket pair: sends and receives whole messages."""

    def __reduce__(self):
        fd = DupFd(self.fileno())
        return _rebuild_connection, (fd, self.readable, self.writable)

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, exc_tb):
        self.close()

    def recv_bytes_into(self, buf, offset=0):
        """Receive a message into a buffer; its length."""
        self._check_readable()
        with memoryview(buf) as view:
            itemsize = view.itemsize
            room = itemsize * len(view)
            if offset < 0:
                raise ValueError('negative offset')
            if offset > room:
                raise ValueError('offset too large')
            data = self.recv_bytes()
            if room < offset + len(data):
                raise BufferTooShort(data)
            target = view if itemsize == 1 else view.cast('B')
            target[offset:offset + len(data)] = data
            return len(data)

    def poll(self, timeout=0.0):
        """Is there something to receive, within `timeout` seconds (None: however long)?"""
        self._check_readable()
        return bool(wait([self], timeout))


def Pipe(duplex=True):
    """Two connected Connections; unless duplex the first receives and the second sends."""
    if duplex:
        one, other = _multiprocessing.socketpair()
        return Connection(one), Connection(other)
    one, other = os.pipe()
    return Connection(one, writable=False), Connection(other, readable=False)


def wait(object_list, timeout=None):
    """Wait until some of the objects have something to read; a list of those."""
    objects = list(object_list)
    fds = tuple(o if isinstance(o, int) else o.fileno() for o in objects)
    ready = _multiprocessing.poll(fds, timeout)
    return [objects[place] for place in ready]


def _send_reduced(self, obj):
    self._check_writable()
    self.send_bytes(ForkingPickler.dumps(obj))


def _use_reducers():
    """From now on objects are pickled with reducers of their own."""
    Connection.send = _send_reduced


def _rebuild_connection(fd, readable, writable):
    return Connection(fd.detach(), readable, writable)


def __getattr__(name):
    # Sockets are loaded by those who use them.
    if name in ('Listener', 'Client', 'answer_challenge', 'deliver_challenge'):
        from . import listener
        return getattr(listener, name)
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
