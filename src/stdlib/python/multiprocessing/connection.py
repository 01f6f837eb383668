"""Connections: messages over pipes and sockets (H54)."""

import os

import _multiprocessing
from pickle import loads

from .context import BufferTooShort
from .reduction import DupFd, ForkingPickler

__all__ = ['Client', 'Listener', 'Pipe', 'wait']

_send = _multiprocessing.send
_receive = _multiprocessing.receive
_dumps = ForkingPickler.dumps


class Connection:
    """One end of a pipe or socket pair: sends and receives whole messages."""

    _handle = None

    def __init__(self, handle, readable=True, writable=True):
        handle = handle.__index__()
        if handle < 0:
            raise ValueError('invalid handle')
        if not readable and not writable:
            raise ValueError('at least one of `readable` and `writable` must be True')
        self._handle = handle
        self._readable = readable
        self._writable = writable

    def __del__(self):
        if self._handle is not None:
            self._close()

    def _close(self):
        handle, self._handle = self._handle, None
        os.close(handle)

    def _check_open(self):
        if self._handle is None:
            raise OSError('handle is closed')

    def _check_readable(self):
        if self._handle is None or not self._readable:
            self._check_open()
            raise OSError('connection is write-only')

    def _check_writable(self):
        if self._handle is None or not self._writable:
            self._check_open()
            raise OSError('connection is read-only')

    @property
    def closed(self):
        """Has the connection been closed?"""
        return self._handle is None

    @property
    def readable(self):
        """Can messages be received?"""
        return self._readable

    @property
    def writable(self):
        """Can messages be sent?"""
        return self._writable

    def fileno(self):
        """The descriptor."""
        self._check_open()
        return self._handle

    def close(self):
        """Close the connection."""
        if self._handle is not None:
            self._close()

    def __reduce__(self):
        fd = DupFd(self.fileno())
        return _rebuild_connection, (fd, self._readable, self._writable)

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, exc_tb):
        self.close()

    # --- sending ---

    def send(self, obj):
        """Send the pickle of an object."""
        self._check_writable()
        _send(self._handle, _dumps(obj))

    def send_bytes(self, buf, offset=0, size=None):
        """Send bytes as one message."""
        self._check_writable()
        view = memoryview(buf)
        if view.itemsize > 1:
            view = view.cast('B')
        length = view.nbytes
        if offset < 0:
            raise ValueError('offset is negative')
        if length < offset:
            raise ValueError('buffer length < offset')
        if size is None:
            size = length - offset
        elif size < 0:
            raise ValueError('size is negative')
        elif offset + size > length:
            raise ValueError('buffer length < offset + size')
        _send(self._handle, view[offset:offset + size])

    # --- receiving ---

    def recv(self):
        """Receive an object; EOFError when the other end is closed."""
        self._check_readable()
        return loads(_receive(self._handle, -1))

    def recv_bytes(self, maxlength=None):
        """Receive a message as bytes; OSError when it is longer than maxlength."""
        self._check_readable()
        if maxlength is not None and maxlength < 0:
            raise ValueError('negative maxlength')
        data = _receive(self._handle, -1 if maxlength is None else maxlength)
        if data is None:
            # The rest of the message cannot be skipped.
            if self._writable:
                self._readable = False
            else:
                self.close()
            raise OSError('bad message length')
        return data

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
            data = _receive(self._handle, -1)
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


def _rebuild_connection(fd, readable, writable):
    return Connection(fd.detach(), readable, writable)


def __getattr__(name):
    # Sockets are loaded by those who use them.
    if name in ('Listener', 'Client', 'answer_challenge', 'deliver_challenge'):
        from . import listener
        return getattr(listener, name)
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
