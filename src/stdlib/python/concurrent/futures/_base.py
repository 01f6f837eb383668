"""Futures, the two ways of waiting for several of them, and what executors have in common."""

import sys
import threading
import types
from collections import namedtuple
from time import monotonic

FIRST_COMPLETED = 'FIRST_COMPLETED'
FIRST_EXCEPTION = 'FIRST_EXCEPTION'
ALL_COMPLETED = 'ALL_COMPLETED'

# H34. A cancelled future counts as done for wait() once its executor has seen that it is.
PENDING = 'PENDING'
RUNNING = 'RUNNING'
CANCELLED = 'CANCELLED'
CANCELLED_AND_NOTIFIED = 'CANCELLED_AND_NOTIFIED'
FINISHED = 'FINISHED'

_SHOWN = {
    PENDING: 'pending',
    RUNNING: 'running',
    CANCELLED: 'cancelled',
    CANCELLED_AND_NOTIFIED: 'cancelled',
    FINISHED: 'finished',
}


class Error(Exception):
    """Base class of what futures raise."""


class CancelledError(Error):
    """The Future was cancelled."""


TimeoutError = TimeoutError


class InvalidStateError(Error):
    """The operation is not allowed in this state."""


class BrokenExecutor(RuntimeError):
    """The executor has lost a worker and takes no more work."""


def report(message):
    """Say on standard error what nobody can catch: `message` and the exception being handled."""
    stream = sys.stderr
    if stream is None:
        return
    import traceback
    stream.write(f'{message}\n{traceback.format_exc()}')
    stream.flush()


class _Watch:
    """What wait() and as_completed() hang on futures to be told of their ends."""

    def __init__(self):
        self._lock = threading.Lock()
        self._finished = []
        self._failed = False
        self._wanted = float('inf')
        self._stops_at_exception = False
        self.event = threading.Event()

    def note(self, future, raised):
        """A future has ended."""
        with self._lock:
            self._finished.append(future)
            self._failed = self._failed or raised
            self._check()

    def expect(self, count, stops_at_exception=False):
        """Set the event once so many futures have ended, or one with an exception."""
        with self._lock:
            self._wanted = count
            self._stops_at_exception = stops_at_exception
            self._check()

    def _check(self):
        if len(self._finished) >= self._wanted or (self._failed and self._stops_at_exception):
            self.event.set()

    def take(self):
        """The futures that have ended since the last call, first ended first."""
        with self._lock:
            finished, self._finished = self._finished, []
            self.event.clear()
        return finished


class Future:
    """Stands for the result of a call that is being made elsewhere."""

    def __init__(self):
        self._condition = threading.Condition()
        self._state = PENDING
        self._result = None
        self._exception = None
        self._waiters = []
        self._done_callbacks = []

    def __repr__(self):
        with self._condition:
            text = f'<{self.__class__.__name__} at {id(self):#x} state={_SHOWN[self._state]}'
            if self._state == FINISHED:
                if self._exception:
                    text += f' raised {self._exception.__class__.__name__}'
                else:
                    text += f' returned {self._result.__class__.__name__}'
            return text + '>'

    def cancel(self):
        """Cancel the call unless it has begun; was that possible?"""
        with self._condition:
            if self._state in (RUNNING, FINISHED):
                return False
            if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED):
                return True
            self._state = CANCELLED
            self._condition.notify_all()
        self._call_back()
        return True

    def cancelled(self):
        """Has the call been cancelled?"""
        with self._condition:
            return self._state in (CANCELLED, CANCELLED_AND_NOTIFIED)

    def running(self):
        """Is the call being made?"""
        with self._condition:
            return self._state == RUNNING

    def done(self):
        """Has the call been cancelled or ended?"""
        with self._condition:
            return self._is_done()

    def _is_done(self):
        return self._state in (CANCELLED, CANCELLED_AND_NOTIFIED, FINISHED)

    def add_done_callback(self, fn):
        """Call fn(self) at the end of the call, in the thread that ends it; at once if it has."""
        with self._condition:
            if not self._is_done():
                self._done_callbacks.append(fn)
                return
        self._call(fn)

    def _call_back(self):
        for callback in self._done_callbacks:
            self._call(callback)

    def _call(self, callback):
        try:
            callback(self)
        except Exception:
            report(f'exception calling callback for {self!r}')

    def _await_end(self, timeout):
        # The caller has the condition.
        if not self._is_done():
            self._condition.wait(timeout)
        if self._state in (CANCELLED, CANCELLED_AND_NOTIFIED):
            raise CancelledError()
        if self._state != FINISHED:
            raise TimeoutError()

    def result(self, timeout=None):
        """What the call returned, or the exception it raised; waits `timeout` seconds for it."""
        try:
            with self._condition:
                self._await_end(timeout)
                if self._exception is None:
                    return self._result
                try:
                    raise self._exception
                finally:
                    # The exception's traceback has this frame, which has the future.
                    self = None
        finally:
            self = None

    def exception(self, timeout=None):
        """The exception the call raised, or None; waits `timeout` seconds for its end."""
        with self._condition:
            self._await_end(timeout)
            return self._exception

    # --- for executors and tests ---

    def set_running_or_notify_cancel(self):
        """The call is about to be made: False when it was cancelled and must not be."""
        with self._condition:
            if self._state == CANCELLED:
                self._state = CANCELLED_AND_NOTIFIED
                self._note_end(False)
                return False
            if self._state == PENDING:
                self._state = RUNNING
                return True
            if sys.stderr is not None:
                print(f'Future {id(self)} in unexpected state: {self._state}', file=sys.stderr)
            raise RuntimeError('Future in unexpected state')

    def set_result(self, result):
        """The call has returned `result`."""
        with self._condition:
            self._check_open()
            self._result = result
            self._finish(False)
        self._call_back()

    def set_exception(self, exception):
        """The call has raised `exception`."""
        with self._condition:
            self._check_open()
            self._exception = exception
            self._finish(True)
        self._call_back()

    def _check_open(self):
        if self._is_done():
            raise InvalidStateError(f'{self._state}: {self!r}')

    def _finish(self, raised):
        self._state = FINISHED
        self._note_end(raised)
        self._condition.notify_all()

    def _note_end(self, raised):
        for watch in self._waiters:
            watch.note(self, raised)

    # --- for the two functions below ---

    def _attach(self, watch):
        """True when the call has ended; else `watch` is told when it does."""
        with self._condition:
            if self._state in (CANCELLED_AND_NOTIFIED, FINISHED):
                return True
            self._waiters.append(watch)
            return False

    def _detach(self, watch):
        with self._condition:
            if watch in self._waiters:
                self._waiters.remove(watch)

    __class_getitem__ = classmethod(types.GenericAlias)


def as_completed(fs, timeout=None):
    """Yield the futures as they end; TimeoutError when `timeout` seconds have passed before."""
    deadline = None if timeout is None else monotonic() + timeout
    pending = set(fs)
    total = len(pending)
    watch = _Watch()
    ready = [future for future in pending if future._attach(watch)]
    watch.expect(1)
    try:
        while True:
            ready.reverse()
            while ready:
                future = ready.pop()
                pending.discard(future)
                future._detach(watch)
                # The consumer alone keeps what it has been given.
                holder = [future]
                del future
                yield holder.pop()
            if not pending:
                return
            remaining = None
            if deadline is not None:
                remaining = deadline - monotonic()
                if remaining < 0:
                    raise TimeoutError(f'{len(pending)} (of {total}) futures unfinished')
            watch.event.wait(remaining)
            ready = watch.take()
    finally:
        for future in pending:
            future._detach(watch)


DoneAndNotDoneFutures = namedtuple('DoneAndNotDoneFutures', 'done not_done')


def _has_raised(future):
    return not future.cancelled() and future.exception() is not None


def wait(fs, timeout=None, return_when=ALL_COMPLETED):
    """Wait `timeout` seconds for the first, the first failed or all of the futures (H37)."""
    fs = set(fs)
    watch = _Watch()
    done = {future for future in fs if future._attach(watch)}
    pending = fs - done
    try:
        enough = not pending
        if return_when == FIRST_COMPLETED:
            enough = enough or bool(done)
        elif return_when == FIRST_EXCEPTION:
            enough = enough or any(_has_raised(future) for future in done)
        if not enough:
            if return_when not in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
                raise ValueError(f'Invalid return condition: {return_when!r}')
            missing = 1 if return_when == FIRST_COMPLETED else len(pending)
            watch.expect(missing, return_when == FIRST_EXCEPTION)
            watch.event.wait(timeout)
        done.update(watch.take())
    finally:
        for future in pending:
            future._detach(watch)
    return DoneAndNotDoneFutures(done, fs - done)


class Executor:
    """Takes calls to make elsewhere."""

    def submit(self, fn, /, *args, **kwargs):
        """Have fn(*args, **kwargs) called; its future."""
        raise NotImplementedError()

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        """Yield fn() of the iterables' items in order; all calls are submitted at once (H37)."""
        deadline = None if timeout is None else timeout + monotonic()
        futures = [self.submit(fn, *args) for args in zip(*iterables)]

        def results():
            try:
                futures.reverse()
                while futures:
                    remaining = None if deadline is None else deadline - monotonic()
                    yield _result_or_cancel(futures.pop(), remaining)
            finally:
                for future in futures:
                    future.cancel()

        return results()

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Take no more calls; with `wait` return when the workers have ended (H36)."""

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        self.shutdown(wait=True)
        return False


def _result_or_cancel(future, timeout):
    try:
        try:
            return future.result(timeout)
        finally:
            future.cancel()
    finally:
        del future
