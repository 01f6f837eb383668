"""Queues between processes (H53)."""

import os
import threading
import time
from _collections import deque
from _weakref import ref
from queue import Empty, Full

from . import context
from .connection import Pipe
from .reduction import ForkingPickler
from .util import Finalize, is_exiting
from .synchronize import SEM_VALUE_MAX

__all__ = ['Queue', 'SimpleQueue', 'JoinableQueue']

# Behind the last object of a buffer.
_sentinel = object()


class Queue:
    """
    A queue between processes. put() leaves an object to a thread of this process, the feeder, which
    pickles it and writes it into a pipe.
    """

    def __init__(self, maxsize=0, *, ctx):
        if maxsize <= 0:
            maxsize = SEM_VALUE_MAX
        reader, writer = Pipe(duplex=False)
        # The semaphore counts the places that are free.
        self.__setstate__((maxsize, reader, writer, ctx.Lock(), ctx.Lock(),
                           ctx.Semaphore(maxsize), os.getpid()))

    def __getstate__(self):
        context.assert_spawning(self)
        return (self._maxsize, self._reader, self._writer, self._rlock, self._wlock, self._sem,
                self._opid)

    def __setstate__(self, state):
        (self._maxsize, self._reader, self._writer, self._rlock, self._wlock, self._sem,
         self._opid) = state
        self._notempty = threading.Condition(threading.Lock())
        self._buffer = deque()
        self._thread = None
        self._jointhread = None
        self._joincancelled = False
        self._closed = False
        self._close = None

    def _check_open(self):
        if self._closed:
            raise ValueError(f'Queue {self!r} is closed')

    def put(self, obj, block=True, timeout=None):
        """Put an object, waiting for a free place if need be; Full when there is none (in time)."""
        self._check_open()
        if not self._sem.acquire(block, timeout):
            raise Full
        with self._notempty:
            if self._thread is None:
                self._start_thread()
            self._buffer.append(obj)
            self._notempty.notify()

    def get(self, block=True, timeout=None):
        """Take an object out, waiting for one if need be; Empty when there is none (in time)."""
        self._check_open()
        if block and timeout is None:
            with self._rlock:
                data = self._reader.recv_bytes()
        else:
            data = self._get_in_time(block, timeout)
        self._sem.release()
        return ForkingPickler.loads(data)

    def _get_in_time(self, block, timeout):
        if block:
            deadline = time.monotonic() + timeout
        if not self._rlock.acquire(block, timeout):
            raise Empty
        try:
            patience = deadline - time.monotonic() if block else 0.0
            if not self._reader.poll(max(patience, 0.0)):
                raise Empty
            return self._reader.recv_bytes()
        finally:
            self._rlock.release()

    def qsize(self):
        """The number of objects now."""
        return self._maxsize - self._sem._get_value()

    def empty(self):
        """Is the queue empty now?"""
        return not self._reader.poll()

    def full(self):
        """Is the queue full now?"""
        return self._sem._is_zero()

    def get_nowait(self):
        """get() without waiting."""
        return self.get(False)

    def put_nowait(self, obj):
        """put() without waiting."""
        return self.put(obj, False)

    def close(self):
        """This process will put nothing more; its feeder ends when all has been written."""
        self._closed = True
        close, self._close = self._close, None
        if close:
            close()
        elif self._thread is None:
            self._reader.close()

    def join_thread(self):
        """Wait until the feeder has written everything; after close() only."""
        assert self._closed, f'Queue {self!r} not closed'
        if self._jointhread:
            self._jointhread()

    def cancel_join_thread(self):
        """Do not wait for the feeder at the end of the process, whatever is lost."""
        self._joincancelled = True
        if self._jointhread:
            self._jointhread.cancel()

    def _start_thread(self):
        self._buffer.clear()
        self._thread = threading.Thread(
            target=Queue._feed, name='QueueFeederThread', daemon=True,
            args=(self._buffer, self._notempty, self._wlock, self._reader.close,
                  self._writer, self._on_queue_feeder_error, self._sem))
        self._thread.start()
        if not self._joincancelled:
            self._jointhread = Finalize(
                self._thread, Queue._finalize_join, [ref(self._thread)], exitpriority=-5)
        self._close = Finalize(
            self, Queue._finalize_close, [self._buffer, self._notempty], exitpriority=10)

    @staticmethod
    def _finalize_join(reference):
        thread = reference()
        if thread is not None:
            thread.join()

    @staticmethod
    def _finalize_close(buffer, notempty):
        with notempty:
            buffer.append(_sentinel)
            notempty.notify()

    @staticmethod
    def _feed(buffer, notempty, wlock, close_reader, writer, on_error, sem):
        while True:
            with notempty:
                while not buffer:
                    notempty.wait()
                obj = buffer.popleft()
            if obj is _sentinel:
                close_reader()
                writer.close()
                return
            try:
                data = ForkingPickler.dumps(obj)
                with wlock:
                    writer.send_bytes(data)
            except BrokenPipeError:
                # Nobody will ever read it.
                sem.release()
            except Exception as e:
                if is_exiting():
                    return
                # What cannot be sent takes no place.
                sem.release()
                on_error(e, obj)
            obj = data = None

    @staticmethod
    def _on_queue_feeder_error(e, obj):
        """The feeder could not send an object."""
        import traceback
        traceback.print_exc()


class JoinableQueue(Queue):
    """A queue that knows how many objects have not been dealt with yet."""

    def __init__(self, maxsize=0, *, ctx):
        Queue.__init__(self, maxsize, ctx=ctx)
        self._unfinished_tasks = ctx.Semaphore(0)
        self._cond = ctx.Condition()

    def __getstate__(self):
        return Queue.__getstate__(self) + (self._cond, self._unfinished_tasks)

    def __setstate__(self, state):
        Queue.__setstate__(self, state[:7])
        if len(state) > 7:
            self._cond, self._unfinished_tasks = state[7:]

    def put(self, obj, block=True, timeout=None):
        """Put an object, one more to be dealt with."""
        self._check_open()
        if not self._sem.acquire(block, timeout):
            raise Full
        with self._notempty, self._cond:
            if self._thread is None:
                self._start_thread()
            self._buffer.append(obj)
            self._unfinished_tasks.release()
            self._notempty.notify()

    def task_done(self):
        """An object taken out has been dealt with."""
        with self._cond:
            if not self._unfinished_tasks.acquire(False):
                raise ValueError('task_done() called too many times')
            if self._unfinished_tasks._is_zero():
                self._cond.notify_all()

    def join(self):
        """Wait until everything put has been dealt with."""
        with self._cond:
            if not self._unfinished_tasks._is_zero():
                self._cond.wait()


class SimpleQueue:
    """A queue that is a pipe and two locks: put() writes at once."""

    def __init__(self, *, ctx):
        reader, writer = Pipe(duplex=False)
        self.__setstate__((reader, writer, ctx.Lock(), ctx.Lock()))

    def __getstate__(self):
        context.assert_spawning(self)
        return self._reader, self._writer, self._rlock, self._wlock

    def __setstate__(self, state):
        self._reader, self._writer, self._rlock, self._wlock = state

    def close(self):
        """Close both ends of this process."""
        self._reader.close()
        self._writer.close()

    def empty(self):
        """Is the queue empty now?"""
        return not self._reader.poll()

    def get(self):
        """Take an object out, waiting for one if need be."""
        with self._rlock:
            data = self._reader.recv_bytes()
        return ForkingPickler.loads(data)

    def put(self, obj):
        """Put an object; waits while the pipe is full."""
        data = ForkingPickler.dumps(obj)
        with self._wlock:
            self._writer.send_bytes(data)
