"""Waiting until one of several descriptors is ready."""

import _select

__all__ = ['EPOLLERR', 'EPOLLET', 'EPOLLEXCLUSIVE', 'EPOLLHUP', 'EPOLLIN', 'EPOLLMSG',
           'EPOLLONESHOT', 'EPOLLOUT', 'EPOLLPRI', 'EPOLLRDBAND', 'EPOLLRDHUP', 'EPOLLRDNORM',
           'EPOLLWRBAND', 'EPOLLWRNORM', 'EPOLL_CLOEXEC', 'PIPE_BUF', 'POLLERR', 'POLLHUP',
           'POLLIN', 'POLLMSG', 'POLLNVAL', 'POLLOUT', 'POLLPRI', 'POLLRDBAND', 'POLLRDHUP',
           'POLLRDNORM', 'POLLWRBAND', 'POLLWRNORM', 'epoll', 'error', 'poll', 'select']

POLLIN, POLLPRI, POLLOUT, POLLERR, POLLHUP, POLLNVAL = 1, 2, 4, 8, 16, 32
POLLRDNORM, POLLRDBAND, POLLWRNORM, POLLWRBAND, POLLMSG = 0x40, 0x80, 0x100, 0x200, 0x400
POLLRDHUP = 0x2000
EPOLLIN, EPOLLPRI, EPOLLOUT, EPOLLERR, EPOLLHUP = 1, 2, 4, 8, 16
EPOLLRDNORM, EPOLLRDBAND, EPOLLWRNORM, EPOLLWRBAND, EPOLLMSG = 0x40, 0x80, 0x100, 0x200, 0x400
EPOLLRDHUP, EPOLLEXCLUSIVE, EPOLLONESHOT, EPOLLET = 0x2000, 1 << 28, 1 << 30, 1 << 31
EPOLL_CLOEXEC = 0o2000000
PIPE_BUF = 4096
_EBADF = 9
# Descriptors of select(2)'s sets.
_SET_SIZE = 1024

error = OSError


def _fileno(file):
    """The descriptor that an int or an object with fileno() stands for."""
    if isinstance(file, int):
        fd = int(file)
    else:
        method = getattr(file, 'fileno', None)
        if method is None:
            raise TypeError('argument must be an int, or have a fileno() method.')
        fd = method()
        if not isinstance(fd, int):
            raise TypeError('fileno() returned a non-integer')
    if fd < 0:
        raise ValueError(f'file descriptor cannot be a negative integer ({fd})')
    return fd


def _milliseconds(timeout, factor):
    """A timeout as milliseconds; None: no end."""
    if timeout is None:
        return None
    if not isinstance(timeout, (int, float)) and not hasattr(timeout, '__index__'):
        raise TypeError('timeout must be an integer or None')
    milliseconds = timeout * factor
    if milliseconds > 0x7fffffff:
        raise OverflowError('timeout is too large')
    return float(milliseconds) if milliseconds >= 0 else None


def _members(files):
    pairs = []
    for file in files:
        fd = _fileno(file)
        if fd >= _SET_SIZE:
            raise ValueError('filedescriptor out of range in select()')
        pairs.append((fd, file))
    return pairs


# The events that make a descriptor a member of select's results.
_READABLE = POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR
_WRITABLE = POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR


def select(rlist, wlist, xlist, timeout=None, /):
    """Wait for files to be readable, writable or in an exceptional state; lists of those that are."""
    if timeout is not None:
        if not isinstance(timeout, (int, float)) and not hasattr(timeout, '__index__'):
            raise TypeError('timeout must be a float or None')
        if timeout < 0:
            raise ValueError('timeout must be non-negative')
        timeout = float(timeout * 1000)
    try:
        files = [list(rlist), list(wlist), list(xlist)]
    except TypeError:
        raise TypeError('arguments 1-3 must be sequences') from None
    members = [_members(each) for each in files]
    interest = {}
    for pairs, events in zip(members, (POLLIN, POLLOUT, POLLPRI)):
        for fd, _ in pairs:
            interest[fd] = interest.get(fd, 0) | events
    ready = dict(_select.poll(interest, timeout))
    if ready and any(events & POLLNVAL for events in ready.values()):
        raise OSError(_EBADF, 'Bad file descriptor')
    return tuple([file for fd, file in pairs if ready.get(fd, 0) & mask]
                 for pairs, mask in zip(members, (_READABLE, _WRITABLE, POLLPRI)))


class poll:
    """Descriptors with the events that are waited for."""

    __module__ = 'select'

    def __init__(self):
        self._interest = {}

    def register(self, fd, eventmask=POLLIN | POLLPRI | POLLOUT, /):
        self._interest[_fileno(fd)] = self._mask(eventmask)

    def modify(self, fd, eventmask, /):
        fd = _fileno(fd)
        if fd not in self._interest:
            raise FileNotFoundError(2, 'No such file or directory')
        self._interest[fd] = self._mask(eventmask)

    @staticmethod
    def _mask(value):
        if not isinstance(value, int):
            raise TypeError('an integer is required')
        if value < 0:
            raise ValueError('value must be positive')
        if value > 0xffff:
            raise OverflowError('Python int too large for C unsigned short')
        return int(value)

    def unregister(self, fd, /):
        del self._interest[_fileno(fd)]

    def poll(self, timeout=None, /):
        """Pairs of descriptors and events; waits that many milliseconds at most."""
        return _select.poll(self._interest, _milliseconds(timeout, 1))


class epoll:
    """As poll, with the descriptors kept by the system."""

    __module__ = 'select'

    def __init__(self, sizehint=-1, flags=0):
        self._fd = -1
        if sizehint == -1:
            sizehint = 1023
        elif sizehint <= 0:
            raise ValueError('negative sizehint')
        if flags & ~EPOLL_CLOEXEC:
            raise OSError('invalid flags')
        self._fd = _select.epoll_create(EPOLL_CLOEXEC)

    @classmethod
    def fromfd(cls, fd, /):
        """An epoll object on an open descriptor."""
        self = cls.__new__(cls)
        self._fd = fd
        return self

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, exc_type=None, exc_value=None, exc_tb=None, /):
        self.close()

    def __del__(self):
        try:
            self.close()
        except OSError:
            pass

    def _check(self):
        if self._fd < 0:
            raise ValueError('I/O operation on closed epoll object')

    def close(self):
        fd, self._fd = self._fd, -1
        if fd >= 0:
            import posix
            posix.close(fd)

    @property
    def closed(self):
        return self._fd < 0

    def fileno(self):
        self._check()
        return self._fd

    def register(self, fd, eventmask=EPOLLIN | EPOLLPRI | EPOLLOUT):
        self._check()
        _select.epoll_ctl(self._fd, 1, _fileno(fd), eventmask)

    def modify(self, fd, eventmask):
        self._check()
        _select.epoll_ctl(self._fd, 3, _fileno(fd), eventmask)

    def unregister(self, fd):
        self._check()
        _select.epoll_ctl(self._fd, 2, _fileno(fd), 0)

    def poll(self, timeout=None, maxevents=-1):
        """Pairs of descriptors and events; waits that many seconds at most."""
        self._check()
        milliseconds = _milliseconds(timeout, 1000)
        if maxevents == -1:
            maxevents = 1023
        elif maxevents <= 0:
            raise ValueError(f'maxevents must be greater than 0, got {maxevents}')
        return _select.epoll_wait(self._fd, milliseconds, maxevents)
