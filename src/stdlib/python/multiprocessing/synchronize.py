"""Locks that processes share (H57): counters in the kernel, given to children at their start."""

import os
import sys
import threading
import time

import _multiprocessing

from . import context, process
from .reduction import DupFd

__all__ = ['Lock', 'RLock', 'Semaphore', 'BoundedSemaphore', 'Condition', 'Event', 'Barrier']

_lower = _multiprocessing.lower
_raise = _multiprocessing.raise_
_get_ident = threading.get_ident

SEM_VALUE_MAX = 2147483647
# How long notify() waits for those it has woken to leave.
_WAKE_SECONDS = 10


class SemLock:
    """A counter in the kernel. This process's holds of it are counted here."""

    _fd = None

    def __init__(self, value, maxvalue, *, ctx):
        self._maxvalue = maxvalue
        self._open(_multiprocessing.semaphore(value))

    def _open(self, fd):
        self._fd = fd
        self._count = 0
        self._owner = None

    def __del__(self):
        if self._fd is not None:
            os.close(self._fd)

    def __getstate__(self):
        context.assert_spawning(self)
        return DupFd(self._fd), self._maxvalue

    def __setstate__(self, state):
        fd, self._maxvalue = state
        self._open(fd.detach())

    def acquire(self, block=True, timeout=None):
        """Lower the counter, waiting while it is 0; False when that was not possible."""
        if not _lower(self._fd, block, timeout):
            return False
        self._count += 1
        self._owner = _get_ident()
        return True

    def release(self):
        """Raise the counter."""
        most = self._maxvalue
        if 1 < most < SEM_VALUE_MAX and self._get_value() >= most or not _raise(self._fd, most == 1):
            raise ValueError('semaphore or lock released too many times')
        self._count -= 1

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *args):
        self.release()

    def _is_mine(self):
        return self._count > 0 and self._owner == threading.get_ident()

    def _get_value(self):
        return _multiprocessing.level(self._fd)

    def _is_zero(self):
        return not _multiprocessing.poll((self._fd,), 0)

    def _holder(self):
        """Who has the lock, as far as this process can tell."""
        if self._is_mine():
            name = process.current_process().name
            thread = threading.current_thread().name
            return name if thread == 'MainThread' else f'{name}|{thread}'
        if not self._is_zero():
            return 'None'
        return 'SomeOtherThread' if self._count > 0 else 'SomeOtherProcess'


class Semaphore(SemLock):
    """A counter that acquire() lowers and release() raises; acquire() waits while it is 0."""

    def __init__(self, value=1, *, ctx):
        SemLock.__init__(self, value, SEM_VALUE_MAX, ctx=ctx)

    def get_value(self):
        """The counter."""
        return self._get_value()

    def __repr__(self):
        return f'<{type(self).__name__}(value={self._get_value()})>'


class BoundedSemaphore(Semaphore):
    """A semaphore that may not be released above its initial value."""

    def __init__(self, value=1, *, ctx):
        SemLock.__init__(self, value, value, ctx=ctx)

    def __repr__(self):
        return f'<{type(self).__name__}(value={self._get_value()}, maxvalue={self._maxvalue})>'


class Lock(SemLock):
    """A lock; any process may release it."""

    def __init__(self, *, ctx):
        SemLock.__init__(self, 1, 1, ctx=ctx)

    def __repr__(self):
        return f'<{type(self).__name__}(owner={self._holder()})>'


class RLock(SemLock):
    """A lock that its owner, a thread of a process, may acquire again."""

    def __init__(self, *, ctx):
        SemLock.__init__(self, 1, 1, ctx=ctx)

    def acquire(self, block=True, timeout=None):
        """Acquire the lock, waiting while another has it; False when that was not possible."""
        if self._is_mine():
            self._count += 1
            return True
        return SemLock.acquire(self, block, timeout)

    def release(self):
        """Undo one acquire()."""
        if not self._is_mine():
            raise AssertionError('attempt to release recursive lock not owned by thread')
        self._count -= 1
        if self._count == 0:
            _raise(self._fd, False)

    def __repr__(self):
        holder = self._holder()
        count = {'None': 0, 'SomeOtherProcess': 'nonzero', 'SomeOtherThread': 'nonzero'}.get(
            holder, self._count)
        return f'<{type(self).__name__}({holder}, {count})>'


class Condition:
    """Lets processes wait, without a lock they hold, until another notifies them."""

    def __init__(self, lock=None, *, ctx):
        self._lock = lock or ctx.RLock()
        # Those that wait; those among them that have been woken; what wakes them.
        self._sleeping_count = ctx.Semaphore(0)
        self._woken_count = ctx.Semaphore(0)
        self._wait_semaphore = ctx.Semaphore(0)
        self._make_methods()

    def _make_methods(self):
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def __getstate__(self):
        context.assert_spawning(self)
        return self._lock, self._sleeping_count, self._woken_count, self._wait_semaphore

    def __setstate__(self, state):
        self._lock, self._sleeping_count, self._woken_count, self._wait_semaphore = state
        self._make_methods()

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *args):
        return self._lock.__exit__(*args)

    def __repr__(self):
        try:
            waiters = self._sleeping_count._get_value() - self._woken_count._get_value()
        except Exception:
            waiters = 'unknown'
        return f'<{type(self).__name__}({self._lock}, {waiters})>'

    def wait(self, timeout=None):
        """Wait until notified (True) or until the timeout, in seconds, has passed (False)."""
        assert self._lock._is_mine(), 'must acquire() condition before using wait()'
        self._sleeping_count.release()
        depth = self._lock._count
        for _ in range(depth):
            self._lock.release()
        try:
            return self._wait_semaphore.acquire(True, timeout)
        finally:
            self._woken_count.release()
            for _ in range(depth):
                self._lock.acquire()

    def notify(self, n=1):
        """Wake n of those that wait."""
        assert self._lock._is_mine(), 'lock is not owned'
        # A wake-up that its receiver had timed out before is taken back.
        while self._wait_semaphore.acquire(False):
            pass
        # Those that have timed out since the last call do not wait any more.
        while self._woken_count.acquire(False):
            self._sleeping_count.acquire(False)
        woken = 0
        while woken < n and self._sleeping_count.acquire(False):
            self._wait_semaphore.release()
            woken += 1
        if woken:
            deadline = time.monotonic() + _WAKE_SECONDS
            for _ in range(woken):
                # Whoever was woken says so; a process that was killed while it waited cannot.
                self._woken_count.acquire(True, deadline - time.monotonic())
            while self._wait_semaphore.acquire(False):
                pass

    def notify_all(self):
        """Wake all that wait."""
        self.notify(n=sys.maxsize)

    def wait_for(self, predicate, timeout=None):
        """Wait until predicate() is true; its last value."""
        result = predicate()
        if result:
            return result
        deadline = None if timeout is None else time.monotonic() + timeout
        while not result:
            remaining = None
            if deadline is not None:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    break
            self.wait(remaining)
            result = predicate()
        return result


class Event:
    """A flag that processes can wait for."""

    def __init__(self, *, ctx):
        self._cond = ctx.Condition(ctx.Lock())
        self._flag = ctx.Semaphore(0)

    def is_set(self):
        """Is the flag set?"""
        with self._cond:
            return not self._flag._is_zero()

    def set(self):
        """Set the flag and wake all that wait for it."""
        with self._cond:
            self._flag.acquire(False)
            self._flag.release()
            self._cond.notify_all()

    def clear(self):
        """Reset the flag."""
        with self._cond:
            self._flag.acquire(False)

    def wait(self, timeout=None):
        """Wait until the flag is set or the timeout has passed; the flag."""
        with self._cond:
            if self._flag._is_zero():
                self._cond.wait(timeout)
            return not self._flag._is_zero()

    def __repr__(self):
        status = 'set' if self.is_set() else 'unset'
        return f'<{type(self).__qualname__} at {id(self):#x} {status}>'


class Barrier(threading.Barrier):
    """Lets a fixed number of processes wait for each other, again and again."""

    def __init__(self, parties, action=None, timeout=None, *, ctx):
        self.__setstate__((parties, action, timeout, ctx.Condition(), ctx.RawArray('i', 2)))

    def __getstate__(self):
        return self._parties, self._action, self._timeout, self._cond, self._words

    def __setstate__(self, state):
        self._parties, self._action, self._timeout, self._cond, self._words = state

    @property
    def _state(self):
        return self._words[0]

    @_state.setter
    def _state(self, value):
        self._words[0] = value

    @property
    def _count(self):
        return self._words[1]

    @_count.setter
    def _count(self, value):
        self._words[1] = value
