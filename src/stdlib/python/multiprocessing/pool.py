"""Pools of workers, processes or threads, that tasks are handed to (H56)."""

import collections
import itertools
import os
import queue
import threading
import time
import traceback
import types
import warnings

from . import TimeoutError, get_context, util
from .context import ProcessError
from .connection import wait
from .reduction import ForkingPickler

__all__ = ['Pool', 'ThreadPool']

INIT = 'INIT'
RUN = 'RUN'
CLOSE = 'CLOSE'
TERMINATE = 'TERMINATE'

_job_counter = itertools.count()
# How long workers told to terminate may take before they are killed, in seconds.
_GRACE = 5


def mapstar(args):
    """What a worker does for a chunk of map()."""
    return list(map(*args))


def starmapstar(args):
    """What a worker does for a chunk of starmap()."""
    return list(itertools.starmap(args[0], args[1]))


# --- exceptions that come from workers ---


class RemoteTraceback(Exception):
    """The traceback of an exception in another process, as text."""

    def __init__(self, tb):
        self.tb = tb

    def __str__(self):
        return self.tb


class ExceptionWithTraceback:
    """Pickles an exception so that its traceback's text becomes its cause."""

    def __init__(self, exc, tb):
        text = ''.join(traceback.format_exception(type(exc), exc, tb))
        self.exc = exc
        # The frames cannot be pickled, and what they refer to shall die here.
        exc.__traceback__ = None
        self.tb = f'\n"""\n{text}"""'

    def __reduce__(self):
        return rebuild_exc, (self.exc, self.tb)


def rebuild_exc(exc, tb):
    """The exception, in the process that gets it."""
    exc.__cause__ = RemoteTraceback(tb)
    return exc


class MaybeEncodingError(Exception):
    """A result could not be pickled."""

    def __init__(self, exc, value):
        self.exc = repr(exc)
        self.value = repr(value)
        super().__init__(self.exc, self.value)

    def __str__(self):
        return f"Error sending result: '{self.value}'. Reason: '{self.exc}'"

    def __repr__(self):
        return f'<{type(self).__name__}: {self}>'


def _raise(exc):
    raise exc


# --- what workers do ---


def _attempt(func, args, kwds, keep_traceback):
    """Call a task: (True, its result) or (False, its exception)."""
    try:
        return True, func(*args, **kwds)
    except Exception as e:
        if keep_traceback and func is not _raise:
            e = ExceptionWithTraceback(e, e.__traceback__)
        return False, e


def _head(job, place):
    return job.to_bytes(8, 'big') + place.to_bytes(8, 'big', signed=True)


def _unhead(data):
    return int.from_bytes(data[:8], 'big'), int.from_bytes(data[8:16], 'big', signed=True)


class _TaskPipe:
    """
    Tasks for worker processes: whoever is free takes the next. Who is reading is noted, so that a
    worker that is killed meanwhile keeps nobody from reading on.
    """

    def __init__(self, ctx):
        self._reader, self._writer = ctx.Pipe(duplex=False)
        self._rlock = ctx.Lock()
        self._taker = ctx.RawValue('q')

    def put(self, job, place, call):
        """Hand a task to the workers; waits while the pipe is full."""
        self._writer.send_bytes(_head(job, place) + ForkingPickler.dumps(call))

    def put_end(self):
        """Have one worker end."""
        self._writer.send_bytes(b'')

    def take(self, number, current):
        """The next task as bytes, for worker `number`, which notes it in `current`; b'' to end."""
        with self._rlock:
            self._taker.value = number
            data = self._reader.recv_bytes()
            if data:
                job, place = _unhead(data)
                current[:] = (job + 1, place)
            self._taker.value = 0
        return data

    def forget(self, number):
        """Worker `number` is dead."""
        if self._taker.value == number:
            self._taker.value = 0
            self._rlock.release()

    def break_off(self):
        """Nobody shall wait any more for workers to take tasks."""
        self._reader.close()


def _work(number, tasks, results, current, initializer, initargs, maxtasks, keep_traceback):
    """The life of a worker process."""
    tasks._writer.close()
    if initializer is not None:
        initializer(*initargs)
    completed = 0
    while maxtasks is None or completed < maxtasks:
        try:
            data = tasks.take(number, current)
        except (EOFError, OSError):
            break
        if not data:
            break
        head = data[:16]
        try:
            func, args, kwds = ForkingPickler.loads(memoryview(data)[16:])
        except Exception as e:
            result = False, ExceptionWithTraceback(e, e.__traceback__)
        else:
            result = _attempt(func, args, kwds, keep_traceback)
        try:
            data = ForkingPickler.dumps(result)
        except Exception as e:
            data = ForkingPickler.dumps((False, _encoding_error(e, result[1])))
        try:
            results.send_bytes(head + data)
        except BrokenPipeError:
            break
        current[0] = 0
        completed += 1
        func = args = kwds = result = data = None


def _encoding_error(exc, value):
    wrapped = MaybeEncodingError(exc, value)
    return ExceptionWithTraceback(wrapped, None)


def _thread_work(tasks, results, initializer, initargs, maxtasks, ended):
    """The life of a worker thread."""
    try:
        if initializer is not None:
            initializer(*initargs)
        completed = 0
        while maxtasks is None or completed < maxtasks:
            task = tasks.get()
            if task is None:
                break
            job, place, (func, args, kwds) = task
            results.put((job, place, _attempt(func, args, kwds, False)))
            completed += 1
            task = func = args = kwds = None
    finally:
        ended()


# --- what the threads of a pool share ---


class _Core:
    """A pool's workers and the threads that look after them; lives longer than the pool."""

    def __init__(self, processes, initializer, initargs, maxtasks):
        self.state = RUN
        self.size = processes
        self.initializer = initializer
        self.initargs = initargs
        self.maxtasks = maxtasks
        # Results that have been promised, by job.
        self.cache = {}
        # What the task handler has to do: iterators of tasks; None at the end.
        self.orders = queue.SimpleQueue()
        # Tells the worker handler to look around.
        self.events = queue.SimpleQueue()
        self.workers = {}
        self.numbers = itertools.count(1)
        self.threads = []

    def start(self):
        try:
            self.populate()
        except Exception:
            self.abandon_workers()
            raise
        for target in (self.handle_workers, self.handle_tasks, self.handle_results):
            thread = threading.Thread(target=target, daemon=True)
            thread.start()
            self.threads.append(thread)

    def populate(self):
        while len(self.workers) < self.size:
            number = next(self.numbers)
            self.workers[number] = self.start_worker(number)

    def is_idle(self):
        return not self.cache

    # --- the worker handler ---

    def handle_workers(self):
        while self.state == RUN or (self.state == CLOSE and self.cache):
            number = self.events.get()
            if number is None:
                continue
            worker = self.workers.pop(number)
            worker.join()
            if self.state != TERMINATE:
                try:
                    self.populate()
                except Exception:
                    # No more processes to be had: those there are go on.
                    traceback.print_exc()
        self.orders.put(None)

    # --- the task handler ---

    def handle_tasks(self):
        for tasks, set_length in iter(self.orders.get, None):
            place = -1
            for job, place, call in tasks:
                if self.state == TERMINATE:
                    break
                try:
                    self.put(job, place, call)
                except BrokenPipeError:
                    break
                except Exception as e:
                    # It cannot be pickled.
                    self.deliver(job, place, (False, e))
            else:
                if set_length is not None:
                    set_length(place + 1)
            tasks = set_length = call = None
        if self.state != TERMINATE:
            self.end_workers()

    # --- the result handler ---

    def deliver(self, job, place, result):
        promised = self.cache.get(job)
        if promised is not None:
            promised._set(place, result)
        if self.state != RUN and not self.cache:
            self.events.put(None)

    # --- the end ---

    def close(self):
        if self.state == RUN:
            self.state = CLOSE
            self.events.put(None)

    def terminate(self):
        self.state = TERMINATE
        self.events.put(None)
        if not self.threads:
            return
        worker_handler, task_handler, result_handler = self.threads
        current = threading.current_thread()
        if worker_handler is not current:
            worker_handler.join()
        self.orders.put(None)
        self.stop_workers()
        for thread in (task_handler, result_handler):
            if thread is not current:
                thread.join()

    def join(self):
        for thread in self.threads:
            thread.join()
        for worker in list(self.workers.values()):
            worker.join()


class _ProcessCore(_Core):

    def __init__(self, ctx, *args):
        super().__init__(*args)
        self.ctx = ctx
        self.pipe = _TaskPipe(ctx)
        # Connections to the workers' results: number of each, what it does, what it did last.
        self.sources = {}
        # Tells the result handler of new workers, or that there will be none.
        self.news, self.news_writer = ctx.Pipe(duplex=False)
        self.are_all_started = False

    def start(self):
        from _multiprocessing import expect
        expect(self.size)
        super().start()

    def start_worker(self, number):
        source, results = self.ctx.Pipe(duplex=False)
        current = self.ctx.RawArray('q', 2)
        try:
            worker = self.ctx.Process(
                target=_work,
                args=(number, self.pipe, results, current, self.initializer, self.initargs,
                      self.maxtasks, True))
            worker.name = worker.name.replace('Process', 'PoolWorker')
            worker.daemon = True
            worker.start()
        except BaseException:
            source.close()
            raise
        finally:
            results.close()
        self.sources[source] = [number, current, None]
        self.tell()
        return worker

    def tell(self):
        try:
            self.news_writer.send_bytes(b'')
        except OSError:
            pass

    def put(self, job, place, call):
        self.pipe.put(job, place, call)

    def end_workers(self):
        for _ in range(len(self.workers)):
            try:
                self.pipe.put_end()
            except BrokenPipeError:
                break
        self.are_all_started = True
        self.tell()

    def handle_results(self):
        while self.sources or not self.are_all_started:
            for source in wait([self.news, *list(self.sources)]):
                if source is self.news:
                    source.recv_bytes()
                    continue
                try:
                    data = source.recv_bytes()
                except (EOFError, OSError):
                    self.lose(source)
                    continue
                try:
                    result = ForkingPickler.loads(memoryview(data)[16:])
                except Exception as e:
                    result = False, e
                job, place = self.sources[source][2] = _unhead(data)
                self.deliver(job, place, result)
                data = result = None

    def lose(self, source):
        """A worker has ended; nobody else will do what it was doing."""
        number, current, last = self.sources.pop(source)
        source.close()
        self.pipe.forget(number)
        job, place = current
        worker = self.workers.get(number)
        if job != 0 and last != (job - 1, place) and self.state != TERMINATE:
            worker.join()
            self.deliver(job - 1, place, (False, ProcessError(
                f'{worker.name} ended with exit status {worker.exitcode} before its task was done')))
        self.events.put(number)

    def stop_workers(self):
        self.pipe.break_off()
        self.abandon_workers()
        self.are_all_started = True
        self.tell()

    def abandon_workers(self):
        workers = list(self.workers.values())
        for worker in workers:
            worker.terminate()
        deadline = time.monotonic() + _GRACE
        for worker in workers:
            worker.join(max(deadline - time.monotonic(), 0))
            if worker.is_alive():
                worker.kill()
                worker.join()


class _ThreadCore(_Core):

    def __init__(self, *args):
        super().__init__(*args)
        self.tasks = queue.SimpleQueue()
        self.results = queue.SimpleQueue()

    def start_worker(self, number):
        from .dummy import DummyProcess
        worker = DummyProcess(
            target=_thread_work,
            args=(self.tasks, self.results, self.initializer, self.initargs, self.maxtasks,
                  lambda: self.events.put(number)))
        worker.name = worker.name.replace('Process', 'PoolWorker')
        worker.daemon = True
        worker.start()
        return worker

    def put(self, job, place, call):
        self.tasks.put((job, place, call))

    def end_workers(self):
        for _ in range(len(self.workers)):
            self.tasks.put(None)
        self.join_workers()
        self.results.put(None)

    def join_workers(self):
        for worker in list(self.workers.values()):
            worker.join()

    def handle_results(self):
        for job, place, result in iter(self.results.get, None):
            self.deliver(job, place, result)
            result = None

    def stop_workers(self):
        self.abandon_workers()
        self.results.put(None)

    def abandon_workers(self):
        # Threads cannot be stopped: they end after what they are doing.
        while True:
            try:
                self.tasks.get_nowait()
            except queue.Empty:
                break
        for _ in range(len(self.workers)):
            self.tasks.put(None)


# --- the pool ---


class Pool:
    """Workers that tasks are handed to."""

    def __init__(self, processes=None, initializer=None, initargs=(), maxtasksperchild=None,
                 context=None):
        """
        So many workers, one for each processor unless said otherwise, each of which calls
        initializer(*initargs) first and is replaced after maxtasksperchild tasks.
        """
        self._core = None
        self._ctx = context or get_context()
        if processes is None:
            processes = os.cpu_count() or 1
        if processes < 1:
            raise ValueError('Number of processes must be at least 1')
        if maxtasksperchild is not None:
            if not isinstance(maxtasksperchild, int) or maxtasksperchild <= 0:
                raise ValueError('maxtasksperchild must be a positive int or None')
        if initializer is not None and not callable(initializer):
            raise TypeError('initializer must be a callable')
        core = self._new_core(processes, initializer, initargs, maxtasksperchild)
        core.start()
        self._core = core
        self._terminate = util.Finalize(self, core.terminate, exitpriority=15)

    def _new_core(self, *args):
        return _ProcessCore(self._ctx, *args)

    @property
    def _state(self):
        return INIT if self._core is None else self._core.state

    @property
    def _pool(self):
        return list(self._core.workers.values())

    @property
    def _cache(self):
        return self._core.cache

    @property
    def _processes(self):
        return self._core.size

    def __del__(self):
        if self._state == RUN:
            warnings.warn(f'unclosed running multiprocessing pool {self!r}', ResourceWarning,
                          source=self)

    def __repr__(self):
        cls = type(self)
        return (f'<{cls.__module__}.{cls.__qualname__} state={self._state}'
                f' pool_size={len(self._pool)}>')

    def __reduce__(self):
        raise NotImplementedError(
            'pool objects cannot be passed between processes or pickled')

    def _check_running(self):
        if self._state != RUN:
            raise ValueError('Pool not running')

    # --- handing tasks over ---

    def apply(self, func, args=(), kwds={}):
        """What func(*args, **kwds) gives in a worker."""
        return self.apply_async(func, args, kwds).get()

    def apply_async(self, func, args=(), kwds={}, callback=None, error_callback=None):
        """Have func(*args, **kwds) called in a worker; an AsyncResult."""
        self._check_running()
        result = ApplyResult(self, callback, error_callback)
        self._core.orders.put(([(result._job, 0, (func, args, kwds))], None))
        return result

    def map(self, func, iterable, chunksize=None):
        """A list of func(item) of the items, in order."""
        return self.map_async(func, iterable, chunksize).get()

    def starmap(self, func, iterable, chunksize=None):
        """A list of func(*item) of the items, in order."""
        return self.starmap_async(func, iterable, chunksize).get()

    def map_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        """As map(); an AsyncResult."""
        return self._map_async(func, iterable, mapstar, chunksize, callback, error_callback)

    def starmap_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        """As starmap(); an AsyncResult."""
        return self._map_async(func, iterable, starmapstar, chunksize, callback, error_callback)

    def _map_async(self, func, iterable, mapper, chunksize, callback, error_callback):
        self._check_running()
        if not hasattr(iterable, '__len__'):
            iterable = list(iterable)
        if chunksize is None:
            chunksize, extra = divmod(len(iterable), self._processes * 4)
            if extra:
                chunksize += 1
        if len(iterable) == 0:
            chunksize = 0
        result = MapResult(self, chunksize, len(iterable), callback, error_callback)
        chunks = _chunks(func, iterable, chunksize)
        self._core.orders.put((_guarded(result._job, mapper, chunks), None))
        return result

    def imap(self, func, iterable, chunksize=1):
        """Yield func(item) of the items, in order, as they are there."""
        return self._imap(IMapIterator, func, iterable, chunksize)

    def imap_unordered(self, func, iterable, chunksize=1):
        """Yield func(item) of the items as they arrive."""
        return self._imap(IMapUnorderedIterator, func, iterable, chunksize)

    def _imap(self, kind, func, iterable, chunksize):
        self._check_running()
        if chunksize < 1:
            raise ValueError(f'Chunksize must be 1+, not {chunksize:n}')
        result = kind(self)
        if chunksize == 1:
            tasks = _guarded(result._job, func, iterable)
        else:
            tasks = _guarded(result._job, mapstar, _chunks(func, iterable, chunksize))
        self._core.orders.put((tasks, result._set_length))
        if chunksize == 1:
            return result
        return (item for chunk in result for item in chunk)

    # --- the end ---

    def close(self):
        """Take no more tasks; the workers end when all is done."""
        self._core.close()

    def terminate(self):
        """End the workers at once."""
        self._core.state = TERMINATE
        self._terminate()

    def join(self):
        """Wait until the workers have ended, after close() or terminate()."""
        if self._state == RUN:
            raise ValueError('Pool is still running')
        if self._state not in (CLOSE, TERMINATE):
            raise ValueError('In unknown state')
        self._core.join()

    def __enter__(self):
        self._check_running()
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        self.terminate()


def _chunks(func, iterable, size):
    iterator = iter(iterable)
    while chunk := tuple(itertools.islice(iterator, size)):
        yield func, chunk


def _guarded(job, func, iterable):
    """Tasks of the items; an exception of the iterable becomes a task's."""
    place = -1
    try:
        for place, item in enumerate(iterable):
            yield job, place, (func, (item,), {})
    except Exception as e:
        yield job, place + 1, (_raise, (e,), {})


class ApplyResult:
    """A result that will be there some time."""

    def __init__(self, pool, callback, error_callback):
        self._pool = pool
        self._event = threading.Event()
        self._job = next(_job_counter)
        self._cache = pool._cache
        self._callback = callback
        self._error_callback = error_callback
        self._cache[self._job] = self

    def ready(self):
        """Is the result there?"""
        return self._event.is_set()

    def successful(self):
        """Did the call raise nothing? ValueError before it is over."""
        if not self.ready():
            raise ValueError(f'{self!r} not ready')
        return self._success

    def wait(self, timeout=None):
        """Wait for the result, `timeout` seconds at most."""
        self._event.wait(timeout)

    def get(self, timeout=None):
        """The result, or what the call raised; TimeoutError when it does not come in time."""
        self.wait(timeout)
        if not self.ready():
            raise TimeoutError
        if self._success:
            return self._value
        raise self._value

    def _set(self, place, result):
        self._success, self._value = result
        self._finish()

    def _finish(self):
        callback = self._callback if self._success else self._error_callback
        if callback:
            callback(self._value)
        self._event.set()
        del self._cache[self._job]
        self._pool = None

    __class_getitem__ = classmethod(types.GenericAlias)


AsyncResult = ApplyResult


class MapResult(ApplyResult):
    """The results of a map, in chunks."""

    def __init__(self, pool, chunksize, length, callback, error_callback):
        ApplyResult.__init__(self, pool, callback, error_callback)
        self._success = True
        self._value = [None] * length
        self._chunksize = chunksize
        if chunksize <= 0:
            self._left = 0
            self._event.set()
            del self._cache[self._job]
        else:
            self._left = -(-length // chunksize)

    def _set(self, place, result):
        self._left -= 1
        success, value = result
        if success and self._success:
            start = place * self._chunksize
            self._value[start:start + self._chunksize] = value
        elif not success and self._success:
            # The failure that comes first counts.
            self._success = False
            self._value = value
        if self._left == 0:
            self._finish()


class IMapIterator:
    """The results of imap(), in order."""

    def __init__(self, pool):
        self._pool = pool
        self._cond = threading.Condition(threading.Lock())
        self._job = next(_job_counter)
        self._cache = pool._cache
        self._items = collections.deque()
        # The place of the next item, and those that have come too early.
        self._index = 0
        self._length = None
        self._unsorted = {}
        self._cache[self._job] = self

    def __iter__(self):
        return self

    def next(self, timeout=None):
        """The next result; TimeoutError when it does not come in time."""
        with self._cond:
            if not self._items:
                self._check_end()
                self._cond.wait_for(lambda: self._items or self._is_over(), timeout)
                if not self._items:
                    self._check_end()
                    raise TimeoutError from None
            success, value = self._items.popleft()
        if success:
            return value
        raise value

    __next__ = next

    def _is_over(self):
        return self._index == self._length

    def _check_end(self):
        if self._is_over():
            self._pool = None
            raise StopIteration from None

    def _set(self, place, result):
        with self._cond:
            self._unsorted[place] = result
            while self._index in self._unsorted:
                self._items.append(self._unsorted.pop(self._index))
                self._index += 1
            self._note()

    def _note(self):
        self._cond.notify()
        if self._is_over():
            del self._cache[self._job]
            self._pool = None

    def _set_length(self, length):
        with self._cond:
            self._length = length
            if self._is_over():
                self._note()


class IMapUnorderedIterator(IMapIterator):
    """The results of imap_unordered(), as they arrive."""

    def _set(self, place, result):
        with self._cond:
            self._items.append(result)
            self._index += 1
            self._note()


class ThreadPool(Pool):
    """A pool of threads with a pool's interface."""

    def __init__(self, processes=None, initializer=None, initargs=()):
        Pool.__init__(self, processes, initializer, initargs)

    def _new_core(self, *args):
        return _ThreadCore(*args)
