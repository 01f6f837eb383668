"""Queues for many producers and many consumers (H29-H31)."""

from _collections import deque
from _heapq import heappop, heappush
from time import monotonic as time
import threading
import _thread

_GenericAlias = type(list[int])

__all__ = ['Empty', 'Full', 'Queue', 'PriorityQueue', 'LifoQueue', 'SimpleQueue']


class Empty(Exception):
    """There is nothing to get."""


class Full(Exception):
    """There is no room to put."""


# CPython's Empty is made by its module _queue.
Empty.__module__ = '_queue'


class Queue:
    """First in, first out; maxsize <= 0 means without bound."""

    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self._init(maxsize)
        self.mutex = threading.Lock()
        self.not_empty = threading.Condition(self.mutex)
        self.not_full = threading.Condition(self.mutex)
        self.all_tasks_done = threading.Condition(self.mutex)
        self.unfinished_tasks = 0

    def task_done(self):
        """Say that one item got from the queue has been dealt with."""
        with self.all_tasks_done:
            unfinished = self.unfinished_tasks - 1
            if unfinished <= 0:
                if unfinished < 0:
                    raise ValueError('task_done() called too many times')
                self.all_tasks_done.notify_all()
            self.unfinished_tasks = unfinished

    def join(self):
        """Wait until every item put has been dealt with."""
        with self.all_tasks_done:
            while self.unfinished_tasks:
                self.all_tasks_done.wait()

    def qsize(self):
        """The number of items now."""
        with self.mutex:
            return self._qsize()

    def empty(self):
        """Is the queue empty now?"""
        with self.mutex:
            return not self._qsize()

    def full(self):
        """Is the queue full now?"""
        with self.mutex:
            return 0 < self.maxsize <= self._qsize()

    def put(self, item, block=True, timeout=None):
        """Put an item, waiting for room if need be; Full when there is none (in time)."""
        with self.not_full:
            if self.maxsize > 0:
                if not block:
                    if self._qsize() >= self.maxsize:
                        raise Full
                elif timeout is None:
                    while self._qsize() >= self.maxsize:
                        self.not_full.wait()
                elif timeout < 0:
                    raise ValueError("'timeout' must be a non-negative number")
                else:
                    deadline = time() + timeout
                    while self._qsize() >= self.maxsize:
                        remaining = deadline - time()
                        if remaining <= 0.0:
                            raise Full
                        self.not_full.wait(remaining)
            self._put(item)
            self.unfinished_tasks += 1
            self.not_empty.notify()

    def get(self, block=True, timeout=None):
        """Take an item out, waiting for one if need be; Empty when there is none (in time)."""
        with self.not_empty:
            if not block:
                if not self._qsize():
                    raise Empty
            elif timeout is None:
                while not self._qsize():
                    self.not_empty.wait()
            elif timeout < 0:
                raise ValueError("'timeout' must be a non-negative number")
            else:
                deadline = time() + timeout
                while not self._qsize():
                    remaining = deadline - time()
                    if remaining <= 0.0:
                        raise Empty
                    self.not_empty.wait(remaining)
            item = self._get()
            self.not_full.notify()
            return item

    def put_nowait(self, item):
        """put() without waiting."""
        return self.put(item, block=False)

    def get_nowait(self):
        """get() without waiting."""
        return self.get(block=False)

    # What subclasses change; called with the mutex held.

    def _init(self, maxsize):
        self.queue = deque()

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.popleft()

    __class_getitem__ = classmethod(_GenericAlias)


class PriorityQueue(Queue):
    """The smallest item comes out first."""

    def _init(self, maxsize):
        self.queue = []

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        heappush(self.queue, item)

    def _get(self):
        return heappop(self.queue)


class LifoQueue(Queue):
    """Last in, first out."""

    def _init(self, maxsize):
        self.queue = []

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.pop()


class SimpleQueue:
    """First in, first out, without bound and without counting tasks (H31).

    put() never waits: a getter that finds nothing sleeps on a lock of its own, which the next
    put() releases.
    """

    def __init__(self):
        self._items = deque()
        self._waiters = deque()

    def put(self, item, block=True, timeout=None):
        """Put an item; block and timeout are there for Queue's sake."""
        self._items.append(item)
        try:
            waiter = self._waiters.popleft()
        except IndexError:
            return
        waiter.release()

    def put_nowait(self, item):
        """Same as put()."""
        self.put(item)

    def get(self, block=True, timeout=None):
        """Take an item out, waiting for one if need be; Empty when there is none (in time)."""
        items = self._items
        try:
            return items.popleft()
        except IndexError:
            if not block:
                raise Empty from None
        if timeout is None:
            deadline = None
        elif timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        else:
            deadline = time() + timeout
        waiter = _thread.allocate_lock()
        waiter.acquire()
        while True:
            self._waiters.append(waiter)
            # An item put before the waiter was in its place has woken nobody.
            try:
                item = items.popleft()
            except IndexError:
                pass
            else:
                self._leave(waiter)
                return item
            try:
                if deadline is None:
                    woken = waiter.acquire()
                else:
                    woken = waiter.acquire(True, max(deadline - time(), 0))
            except BaseException:
                self._leave(waiter)
                raise
            if not woken:
                self._leave(waiter)
            try:
                return items.popleft()
            except IndexError:
                if not woken:
                    raise Empty from None

    def _leave(self, waiter):
        """Stop waiting; a wake-up already given is handed on."""
        try:
            self._waiters.remove(waiter)
        except ValueError:
            try:
                self._waiters.popleft().release()
            except IndexError:
                pass

    def get_nowait(self):
        """get() without waiting."""
        return self.get(block=False)

    def empty(self):
        """Is the queue empty now?"""
        return not self._items

    def qsize(self):
        """The number of items now."""
        return len(self._items)

    __class_getitem__ = classmethod(_GenericAlias)


SimpleQueue.__module__ = '_queue'
