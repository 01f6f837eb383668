"""ProcessPoolExecutor: calls made by other processes (H38)."""

import itertools
import multiprocessing as mp
import os
import queue
import threading
import traceback
import weakref
from functools import partial

from multiprocessing.connection import wait
from multiprocessing.queues import Queue

from concurrent.futures import _base

# Manager threads and what wakes them; the end of the program tells them to finish.
_threads_wakeups = weakref.WeakKeyDictionary()
_global_shutdown = False

# Calls that wait in the call queue beside those being made.
EXTRA_QUEUED_CALLS = 1


class _ThreadWakeup:
    """Wakes a thread that waits for descriptors."""

    def __init__(self):
        self._closed = False
        self._lock = threading.Lock()
        self.reader, self._writer = mp.Pipe(duplex=False)

    def close(self):
        with self._lock:
            if not self._closed:
                self._closed = True
                self._writer.close()
                self.reader.close()

    def wakeup(self):
        with self._lock:
            # Once is enough: the pipe must never be full.
            if not self._closed and not self.reader.poll():
                self._writer.send_bytes(b'')

    def clear(self):
        with self._lock:
            if not self._closed and self.reader.poll():
                self.reader.recv_bytes()


def _python_exit():
    global _global_shutdown
    _global_shutdown = True
    items = list(_threads_wakeups.items())
    for _, wakeup in items:
        wakeup.wakeup()
    for thread, _ in items:
        thread.join()


threading._register_atexit(_python_exit)


class _RemoteTraceback(Exception):
    """The traceback of an exception in a worker, as text."""

    def __init__(self, tb):
        self.tb = tb

    def __str__(self):
        return self.tb


def _traceback_text(exc):
    text = ''.join(traceback.format_exception(type(exc), exc, exc.__traceback__))
    return f'\n"""\n{text}"""'


class _ExceptionWithTraceback:
    """Pickles an exception so that its traceback's text becomes its cause."""

    def __init__(self, exc):
        self.exc = exc
        self.tb = _traceback_text(exc)
        # The frames cannot be pickled, and what they refer to shall die here.
        exc.__traceback__ = None

    def __reduce__(self):
        return _rebuild_exc, (self.exc, self.tb)


def _rebuild_exc(exc, tb):
    exc.__cause__ = _RemoteTraceback(tb)
    return exc


class BrokenProcessPool(_base.BrokenExecutor):
    """A worker has ended before its work was done."""


class _WorkItem:
    """A call and its future."""

    def __init__(self, future, fn, args, kwargs):
        self.future = future
        self.call = fn, args, kwargs


class _CallQueue(Queue):
    """Calls on their way to the workers; one that cannot be pickled fails its future."""

    def __init__(self, max_size, *, ctx, pending, wakeup):
        super().__init__(max_size, ctx=ctx)
        self._pending = pending
        self._wakeup = wakeup

    def _on_queue_feeder_error(self, e, obj):
        item = self._pending.pop(obj[0], None) if isinstance(obj, tuple) else None
        if item is None:
            super()._on_queue_feeder_error(e, obj)
            return
        e.__cause__ = _RemoteTraceback(_traceback_text(e))
        item.future.set_exception(e)
        self._wakeup.wakeup()


def _process_chunk(fn, chunk):
    return [fn(*args) for args in chunk]


def _process_worker(calls, results, initializer, initargs, max_tasks):
    """The life of a worker."""
    if initializer is not None:
        try:
            initializer(*initargs)
        except BaseException:
            # The end of this process tells the parent.
            _base.report('Exception in initializer:')
            return
    done = 0
    while True:
        item = calls.get(block=True)
        if item is None:
            results.put((None, None, None, os.getpid()))
            return
        work_id, (fn, args, kwargs) = item
        result = exception = None
        try:
            result = fn(*args, **kwargs)
        except BaseException as e:
            exception = _ExceptionWithTraceback(e)
        done += 1
        leaving = os.getpid() if done == max_tasks else None
        try:
            results.put((work_id, result, exception, leaving))
        except BaseException as e:
            results.put((work_id, None, _ExceptionWithTraceback(e), leaving))
        item = fn = args = kwargs = result = exception = None
        if leaving is not None:
            return


class _Manager(threading.Thread):
    """
    Keeps an executor's call queue filled, hands results to futures and watches over the workers.
    It knows the executor weakly: one that is collected lets its workers end.
    """

    def __init__(self, executor):
        wakeup = executor._wakeup

        def wake(_, wakeup=wakeup):
            wakeup.wakeup()

        self.executor = weakref.ref(executor, wake)
        self.wakeup = wakeup
        self.lock = executor._shutdown_lock
        self.processes = executor._processes
        self.pending = executor._pending_work_items
        self.work_ids = executor._work_ids
        self.calls = executor._call_queue
        self.results = executor._result_queue
        super().__init__()

    def run(self):
        while True:
            self.fill_call_queue()
            message, cause, is_broken = self.await_news()
            if is_broken:
                self.terminate_broken(cause)
                return
            if message is not None:
                self.take_result(message)
                message = None
            if self.is_shutting_down():
                self.note_shutdown()
                self.fill_call_queue()
                if not self.pending:
                    self.end_workers()
                    return

    def fill_call_queue(self):
        while not self.calls.full():
            try:
                work_id = self.work_ids.get(block=False)
            except queue.Empty:
                return
            item = self.pending[work_id]
            if item.future.set_running_or_notify_cancel():
                self.calls.put((work_id, item.call), block=True)
            else:
                del self.pending[work_id]

    def await_news(self):
        """A result or None; why there will be no more; is the pool broken?"""
        reader = self.results._reader
        with self.lock:
            sentinels = [process.sentinel for process in self.processes.values()]
        ready = wait([reader, self.wakeup.reader, *sentinels])
        message = cause = None
        is_broken = True
        if reader in ready:
            try:
                message = self.results._reader.recv()
                is_broken = False
            except BaseException as e:
                cause = _traceback_text(e)
        elif self.wakeup.reader in ready:
            is_broken = False
        self.wakeup.clear()
        return message, cause, is_broken

    def take_result(self, message):
        work_id, result, exception, leaving = message
        if leaving is not None:
            with self.lock:
                process = self.processes.pop(leaving)
            process.join()
        executor = self.executor()
        if work_id is not None:
            item = self.pending.pop(work_id, None)
            if item is not None:
                if exception is not None:
                    item.future.set_exception(exception)
                else:
                    item.future.set_result(result)
        if executor is not None:
            if leaving is None:
                executor._idle_worker_semaphore.release()
            else:
                with self.lock:
                    if self.pending:
                        executor._adjust_process_count()

    def is_shutting_down(self):
        executor = self.executor()
        return _global_shutdown or executor is None or executor._shutdown

    def note_shutdown(self):
        """Take no more calls; cancel those not begun if that is wanted."""
        executor = self.executor()
        if executor is None:
            return
        executor._shutdown = True
        if not executor._cancel_pending_futures:
            return
        executor._cancel_pending_futures = False
        while True:
            try:
                work_id = self.work_ids.get_nowait()
            except queue.Empty:
                return
            item = self.pending.pop(work_id)
            item.future.cancel()
            item.future.set_running_or_notify_cancel()

    def terminate_broken(self, cause):
        """A worker has ended: everything pending fails, the other workers are ended."""
        executor = self.executor()
        if executor is not None:
            executor._broken = ('A child process terminated abruptly, the process pool is not '
                                'usable anymore')
            executor._shutdown = True
            executor = None
        broken = BrokenProcessPool('A process in the process pool was terminated abruptly while '
                                   'the future was running or pending.')
        if cause is not None:
            broken.__cause__ = _RemoteTraceback(cause)
        for item in self.pending.values():
            try:
                item.future.set_exception(broken)
            except _base.InvalidStateError:
                # Cancelled meanwhile.
                pass
            item = None
        self.pending.clear()
        for process in list(self.processes.values()):
            process.terminate()
        # The feeder may wait for a reader: there is none any more.
        self.calls._reader.close()
        self.join_workers()

    def end_workers(self):
        """All calls are made: have every worker end, and wait until they have."""
        with self.lock:
            count = len(self.processes)
        for _ in range(count):
            self.calls.put(None)
        left = count
        while left > 0:
            sentinels = [process.sentinel for process in self.processes.values()]
            if not sentinels:
                break
            reader = self.results._reader
            ready = wait([reader, *sentinels])
            if reader in ready:
                try:
                    leaving = reader.recv()[3]
                except (EOFError, OSError):
                    break
                process = self.processes.pop(leaving, None)
                if process is not None:
                    process.join()
                    left -= 1
            else:
                # It has ended without a word.
                for pid, process in list(self.processes.items()):
                    if process.sentinel in ready:
                        process.join()
                        del self.processes[pid]
                        left -= 1
        self.join_workers()

    def join_workers(self):
        self.calls.close()
        self.calls.join_thread()
        with self.lock:
            self.wakeup.close()
        for process in list(self.processes.values()):
            process.join()
        self.results.close()


class ProcessPoolExecutor(_base.Executor):
    """Makes calls in a pool of processes that are started when they are needed."""

    def __init__(self, max_workers=None, mp_context=None, initializer=None, initargs=(), *,
                 max_tasks_per_child=None):
        """
        At most max_workers processes, one for each processor unless said otherwise, each of which
        calls initializer(*initargs) first and is replaced after max_tasks_per_child calls.
        """
        if max_workers is None:
            max_workers = os.cpu_count() or 1
        elif max_workers <= 0:
            raise ValueError('max_workers must be greater than 0')
        if initializer is not None and not callable(initializer):
            raise TypeError('initializer must be a callable')
        if max_tasks_per_child is not None:
            if not isinstance(max_tasks_per_child, int):
                raise TypeError('max_tasks_per_child must be an integer')
            if max_tasks_per_child <= 0:
                raise ValueError('max_tasks_per_child must be >= 1')
        context = mp_context or mp.get_context()
        self._max_workers = max_workers
        self._mp_context = context
        self._initializer = initializer
        self._initargs = initargs
        self._max_tasks_per_child = max_tasks_per_child
        self._executor_manager_thread = None
        self._processes = {}
        self._shutdown = False
        self._shutdown_lock = threading.Lock()
        self._idle_worker_semaphore = threading.Semaphore(0)
        self._broken = False
        self._queue_count = 0
        self._pending_work_items = {}
        self._cancel_pending_futures = False
        self._wakeup = _ThreadWakeup()
        self._call_queue = _CallQueue(max_workers + EXTRA_QUEUED_CALLS, ctx=context,
                                      pending=self._pending_work_items, wakeup=self._wakeup)
        self._result_queue = context.SimpleQueue()
        self._work_ids = queue.Queue()

    def _adjust_process_count(self):
        """Start another worker unless one is idle or there are enough."""
        if self._idle_worker_semaphore.acquire(blocking=False):
            return
        if len(self._processes) < self._max_workers:
            process = self._mp_context.Process(
                target=_process_worker,
                args=(self._call_queue, self._result_queue, self._initializer, self._initargs,
                      self._max_tasks_per_child))
            process.start()
            self._processes[process.pid] = process

    def submit(self, fn, /, *args, **kwargs):
        with self._shutdown_lock:
            if self._broken:
                raise BrokenProcessPool(self._broken)
            if self._shutdown:
                raise RuntimeError('cannot schedule new futures after shutdown')
            if _global_shutdown:
                raise RuntimeError('cannot schedule new futures after interpreter shutdown')
            future = _base.Future()
            self._pending_work_items[self._queue_count] = _WorkItem(future, fn, args, kwargs)
            self._work_ids.put(self._queue_count)
            self._queue_count += 1
            self._adjust_process_count()
            if self._executor_manager_thread is None:
                manager = _Manager(self)
                manager.start()
                self._executor_manager_thread = manager
                _threads_wakeups[manager] = self._wakeup
            self._wakeup.wakeup()
            return future

    submit.__doc__ = _base.Executor.submit.__doc__

    def map(self, fn, *iterables, timeout=None, chunksize=1):
        """Yield fn() of the iterables' items in order, `chunksize` calls sent at a time."""
        if chunksize < 1:
            raise ValueError('chunksize must be >= 1.')
        results = super().map(partial(_process_chunk, fn), _chunks(chunksize, *iterables),
                              timeout=timeout)
        return _chained(results)

    def shutdown(self, wait=True, *, cancel_futures=False):
        with self._shutdown_lock:
            self._cancel_pending_futures = cancel_futures
            self._shutdown = True
        manager = self._executor_manager_thread
        if manager is not None:
            self._wakeup.wakeup()
            if wait:
                manager.join()
        self._executor_manager_thread = None

    shutdown.__doc__ = _base.Executor.shutdown.__doc__


def _chunks(size, *iterables):
    items = zip(*iterables)
    while chunk := tuple(itertools.islice(items, size)):
        yield chunk


def _chained(chunks):
    for chunk in chunks:
        chunk.reverse()
        # The consumer alone keeps what it has been given.
        while chunk:
            yield chunk.pop()
