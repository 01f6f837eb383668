"""ThreadPoolExecutor: calls made by threads of this process."""

import itertools
import os
import queue
import threading
import types
import weakref

from concurrent.futures import _base

# Running workers and their queues; the end of the program tells them to finish (H36).
_threads_queues = weakref.WeakKeyDictionary()
_shutdown = False
# Held while a worker is started or the program's end is declared.
_global_shutdown_lock = threading.Lock()


def _python_exit():
    global _shutdown
    with _global_shutdown_lock:
        _shutdown = True
    items = list(_threads_queues.items())
    for _, work_queue in items:
        work_queue.put(None)
    for thread, _ in items:
        thread.join()


threading._register_atexit(_python_exit)


class _WorkItem:
    """A call and its future."""

    def __init__(self, future, fn, args, kwargs):
        self.future = future
        self.fn = fn
        self.args = args
        self.kwargs = kwargs

    def run(self):
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.fn(*self.args, **self.kwargs)
        except BaseException as exc:
            # SystemExit too: it ends the call, not the worker (H35).
            self.future.set_exception(exc)
            # The exception's traceback has this frame.
            self = None
        else:
            self.future.set_result(result)

    __class_getitem__ = classmethod(types.GenericAlias)


def _initialized(executor_reference, initializer, initargs):
    """Run the initializer in a new worker; False when that broke the pool."""
    if initializer is None:
        return True
    try:
        initializer(*initargs)
    except BaseException:
        _base.report('Exception in initializer:')
        executor = executor_reference()
        if executor is not None:
            executor._initializer_failed()
        return False
    return True


def _offer_idle(executor_reference):
    executor = executor_reference()
    if executor is not None:
        executor._idle_semaphore.release()


def _is_over(executor_reference):
    """May workers end: has the executor been shut down or collected, or the program ended?"""
    executor = executor_reference()
    if not (_shutdown or executor is None or executor._shutdown):
        return False
    if executor is not None:
        executor._shutdown = True
    return True


def _worker(executor_reference, work_queue, initializer, initargs):
    if not _initialized(executor_reference, initializer, initargs):
        return
    try:
        while True:
            item = work_queue.get(block=True)
            if item is not None:
                item.run()
                # Nothing of a call may live on while the worker waits for the next.
                del item
                _offer_idle(executor_reference)
                continue
            if _is_over(executor_reference):
                # The next worker shall wake up too.
                work_queue.put(None)
                return
    except BaseException:
        _base.report('Exception in worker')


class BrokenThreadPool(_base.BrokenExecutor):
    """A worker's initializer has failed."""


class ThreadPoolExecutor(_base.Executor):
    """Makes calls in a pool of threads that are started when they are needed (H32, H33)."""

    _counter = itertools.count().__next__

    def __init__(self, max_workers=None, thread_name_prefix='', initializer=None, initargs=()):
        """
        At most max_workers threads, min(32, processors + 4) unless given, each of which calls
        initializer(*initargs) first.
        """
        if max_workers is None:
            max_workers = min(32, (os.cpu_count() or 1) + 4)
        if max_workers <= 0:
            raise ValueError('max_workers must be greater than 0')
        if initializer is not None and not callable(initializer):
            raise TypeError('initializer must be a callable')
        self._max_workers = max_workers
        self._work_queue = queue.SimpleQueue()
        # Raised by a worker for every call it has made: while it is up none is started.
        self._idle_semaphore = threading.Semaphore(0)
        self._threads = set()
        self._broken = False
        self._shutdown = False
        self._shutdown_lock = threading.Lock()
        self._thread_name_prefix = (
            thread_name_prefix or f'ThreadPoolExecutor-{ThreadPoolExecutor._counter()}')
        self._initializer = initializer
        self._initargs = initargs

    def submit(self, fn, /, *args, **kwargs):
        with self._shutdown_lock, _global_shutdown_lock:
            if self._broken:
                raise BrokenThreadPool(self._broken)
            if self._shutdown:
                raise RuntimeError('cannot schedule new futures after shutdown')
            if _shutdown:
                raise RuntimeError('cannot schedule new futures after interpreter shutdown')
            future = _base.Future()
            self._work_queue.put(_WorkItem(future, fn, args, kwargs))
            self._adjust_thread_count()
            return future

    submit.__doc__ = _base.Executor.submit.__doc__

    def _adjust_thread_count(self):
        if self._idle_semaphore.acquire(timeout=0):
            return
        number = len(self._threads)
        if number >= self._max_workers:
            return

        def wake_worker(_, work_queue=self._work_queue):
            work_queue.put(None)

        # Workers know their executor weakly: one that is collected lets them end.
        thread = threading.Thread(
            name=f'{self._thread_name_prefix or self}_{number}',
            target=_worker,
            args=(weakref.ref(self, wake_worker), self._work_queue, self._initializer,
                  self._initargs),
        )
        thread.start()
        self._threads.add(thread)
        _threads_queues[thread] = self._work_queue

    def _take_all(self):
        """The calls that nobody has begun."""
        while True:
            try:
                item = self._work_queue.get_nowait()
            except queue.Empty:
                return
            if item is not None:
                yield item

    def _initializer_failed(self):
        with self._shutdown_lock:
            self._broken = ('A thread initializer failed, the thread pool is not usable anymore')
            for item in self._take_all():
                item.future.set_exception(BrokenThreadPool(self._broken))

    def shutdown(self, wait=True, *, cancel_futures=False):
        with self._shutdown_lock:
            self._shutdown = True
            if cancel_futures:
                for item in self._take_all():
                    item.future.cancel()
            self._work_queue.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    shutdown.__doc__ = _base.Executor.shutdown.__doc__
