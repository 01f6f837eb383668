"""Contexts: everything that depends on the way processes are started."""

import os
import sys
import threading

from . import process

__all__ = ()


class ProcessError(Exception):
    """Base class of this package's own errors."""


class BufferTooShort(ProcessError):
    """A message does not fit; it is the exception's argument."""


class TimeoutError(ProcessError):
    """A result did not come in time."""


class AuthenticationError(ProcessError):
    """The other side does not know the key."""


class BaseContext:
    """Makes processes and what they share."""

    ProcessError = ProcessError
    BufferTooShort = BufferTooShort
    TimeoutError = TimeoutError
    AuthenticationError = AuthenticationError

    current_process = staticmethod(process.current_process)
    parent_process = staticmethod(process.parent_process)
    active_children = staticmethod(process.active_children)

    def cpu_count(self):
        """The number of processors."""
        number = os.cpu_count()
        if number is None:
            raise NotImplementedError('cannot determine number of cpus')
        return number

    def Manager(self):
        """A started SyncManager, whose process keeps objects for others."""
        from .managers import SyncManager
        manager = SyncManager(ctx=self.get_context())
        manager.start()
        return manager

    def Pipe(self, duplex=True):
        """Two connected Connections."""
        from .connection import Pipe
        return Pipe(duplex)

    def Lock(self):
        """A lock that processes share."""
        from .synchronize import Lock
        return Lock(ctx=self.get_context())

    def RLock(self):
        """A lock that its owner may acquire again."""
        from .synchronize import RLock
        return RLock(ctx=self.get_context())

    def Condition(self, lock=None):
        """A condition that processes wait for."""
        from .synchronize import Condition
        return Condition(lock, ctx=self.get_context())

    def Semaphore(self, value=1):
        """A counter that processes share."""
        from .synchronize import Semaphore
        return Semaphore(value, ctx=self.get_context())

    def BoundedSemaphore(self, value=1):
        """A semaphore that may not be released above its initial value."""
        from .synchronize import BoundedSemaphore
        return BoundedSemaphore(value, ctx=self.get_context())

    def Event(self):
        """A flag that processes wait for."""
        from .synchronize import Event
        return Event(ctx=self.get_context())

    def Barrier(self, parties, action=None, timeout=None):
        """Lets a fixed number of processes wait for each other."""
        from .synchronize import Barrier
        return Barrier(parties, action, timeout, ctx=self.get_context())

    def Queue(self, maxsize=0):
        """A queue between processes."""
        from .queues import Queue
        return Queue(maxsize, ctx=self.get_context())

    def JoinableQueue(self, maxsize=0):
        """A queue that knows of tasks unfinished."""
        from .queues import JoinableQueue
        return JoinableQueue(maxsize, ctx=self.get_context())

    def SimpleQueue(self):
        """A queue without a buffer of its own."""
        from .queues import SimpleQueue
        return SimpleQueue(ctx=self.get_context())

    def Pool(self, processes=None, initializer=None, initargs=(), maxtasksperchild=None):
        """A pool of worker processes."""
        from .pool import Pool
        return Pool(processes, initializer, initargs, maxtasksperchild,
                    context=self.get_context())

    def RawValue(self, typecode_or_type, *args):
        """A number that processes share, without a lock."""
        from .sharedctypes import RawValue
        return RawValue(typecode_or_type, *args)

    def RawArray(self, typecode_or_type, size_or_initializer):
        """Numbers that processes share, without a lock."""
        from .sharedctypes import RawArray
        return RawArray(typecode_or_type, size_or_initializer)

    def Value(self, typecode_or_type, *args, lock=True):
        """A number that processes share, with a lock."""
        from .sharedctypes import Value
        return Value(typecode_or_type, *args, lock=lock, ctx=self.get_context())

    def Array(self, typecode_or_type, size_or_initializer, *, lock=True):
        """Numbers that processes share, with a lock."""
        from .sharedctypes import Array
        return Array(typecode_or_type, size_or_initializer, lock=lock, ctx=self.get_context())

    def freeze_support(self):
        """Programs are not frozen here: nothing to do."""

    def set_executable(self, executable):
        """What sys.executable of the children shall be."""
        from .spawn import set_executable
        set_executable(executable)

    def set_forkserver_preload(self, module_names):
        """There is no fork server: nothing to do."""

    def get_context(self, method=None):
        """The context of a start method, or this one."""
        if method is None:
            return self
        return _concrete(method)

    def get_start_method(self, allow_none=False):
        """The name of the start method."""
        return self._name

    def set_start_method(self, method, force=False):
        """A context's start method is fixed."""
        raise ValueError('cannot set start method of concrete context')

    @property
    def reducer(self):
        """The module that pickles objects for other processes."""
        from . import reduction
        return reduction

    def _check_available(self):
        pass


class Process(process.BaseProcess):
    """A process of the default context."""

    _start_method = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _expect()

    @staticmethod
    def _Popen(process_obj):
        return _default_context.get_context().Process._Popen(process_obj)


class SpawnProcess(process.BaseProcess):
    """A process that is started anew."""

    _start_method = 'spawn'

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _expect()

    @staticmethod
    def _Popen(process_obj):
        from .popen_spawn import Popen
        return Popen(process_obj)


def _expect():
    """A process object is there: it will probably be started soon."""
    waiting = sum(1 for made in process._dangling if made._popen is None and not made._closed)
    from _multiprocessing import expect
    expect(waiting)


class SpawnContext(BaseContext):
    """The context of the start method `spawn`."""

    _name = 'spawn'
    Process = SpawnProcess


_concrete_contexts = {'spawn': SpawnContext()}


def _concrete(method):
    try:
        return _concrete_contexts[method]
    except KeyError:
        pass
    if method in ('fork', 'forkserver'):
        raise ValueError(f'cannot find context for {method!r}: processes are Node processes, '
                         "which cannot be forked; use 'spawn'")
    raise ValueError(f'cannot find context for {method!r}')


class DefaultContext(BaseContext):
    """Stands for the context that is chosen with set_start_method()."""

    Process = Process

    def __init__(self, context):
        self._default_context = context
        self._actual_context = None

    def get_context(self, method=None):
        if method is not None:
            return super().get_context(method)
        if self._actual_context is None:
            self._actual_context = self._default_context
        return self._actual_context

    def set_start_method(self, method, force=False):
        """Choose the start method, once unless `force` is given (H46)."""
        if self._actual_context is not None and not force:
            raise RuntimeError('context has already been set')
        if method is None and force:
            self._actual_context = None
            return
        self._actual_context = self.get_context(method)
        if process.parent_process() is None:
            # Who chooses how processes are started will start some.
            from _multiprocessing import expect
            expect(1)

    def get_start_method(self, allow_none=False):
        if self._actual_context is None:
            if allow_none:
                return None
            self._actual_context = self._default_context
        return self._actual_context._name

    def get_all_start_methods(self):
        """The start methods there are; the first is the default."""
        return list(_concrete_contexts)


_default_context = DefaultContext(_concrete_contexts['spawn'])


def _force_start_method(method):
    _default_context._actual_context = _concrete_contexts[method]


# The process being started by a thread, while what it gets is pickled.
_tls = threading.local()


def get_spawning_popen():
    """The Popen object of the process being started, or None."""
    return getattr(_tls, 'spawning_popen', None)


def set_spawning_popen(popen):
    """Note the process being started."""
    _tls.spawning_popen = popen


def assert_spawning(obj):
    """RuntimeError unless a process is being started, which `obj` is for."""
    if get_spawning_popen() is None:
        raise RuntimeError(f'{type(obj).__name__} objects should only be shared between processes'
                           ' through inheritance')
