"""What happens at the end of a process, and when objects die."""

import atexit
import itertools
import os
import sys
import threading
from _weakref import ref

from .process import active_children, current_process

__all__ = ['Finalize', 'register_after_fork', 'is_exiting', 'info', 'debug', 'sub_debug',
           'sub_warning', 'ForkAwareLocal']

ForkAwareLocal = threading.local


def _quiet(msg, *args):
    """Messages about the module's own work go nowhere."""


info = debug = sub_debug = sub_warning = _quiet


def register_after_fork(obj, func):
    """Processes are not forked here: nothing is ever called."""


_finalizer_registry = {}
_finalizer_counter = itertools.count()


class Finalize:
    """Calls a function when an object dies or the process ends, whichever comes first."""

    def __init__(self, obj, callback, args=(), kwargs=None, exitpriority=None):
        if exitpriority is not None and not isinstance(exitpriority, int):
            raise TypeError(f'Exitpriority ({exitpriority!r}) must be None or int, '
                            f'not {type(exitpriority)}')
        if obj is not None:
            self._weakref = ref(obj, self)
        elif exitpriority is None:
            raise ValueError('Without object, exitpriority cannot be None')
        else:
            self._weakref = None
        self._callback = callback
        self._args = args
        self._kwargs = kwargs or {}
        self._key = (exitpriority, next(_finalizer_counter))
        self._pid = os.getpid()
        _finalizer_registry[self._key] = self

    def __call__(self, wr=None):
        """Call the function unless that has been done or cancelled; its result."""
        if _finalizer_registry.pop(self._key, None) is None:
            return None
        callback, args, kwargs = self._callback, self._args, self._kwargs
        mine = self._pid == os.getpid()
        self._forget()
        return callback(*args, **kwargs) if mine else None

    def cancel(self):
        """Never call the function."""
        if _finalizer_registry.pop(self._key, None) is not None:
            self._forget()

    def _forget(self):
        self._weakref = self._callback = self._args = self._kwargs = None

    def still_active(self):
        """Is the function still to be called?"""
        return self._key in _finalizer_registry

    def __repr__(self):
        name = type(self).__name__
        if self._callback is None:
            return f'<{name} object, dead>'
        text = f'callback={getattr(self._callback, "__name__", self._callback)}'
        if self._args:
            text += f', args={self._args}'
        if self._kwargs:
            text += f', kwargs={self._kwargs}'
        if self._key[0] is not None:
            text += f', exitpriority={self._key[0]}'
        return f'<{name} object, {text}>'


def _run_finalizers(minpriority=None):
    """Call those with an exit priority, highest first; all of them if minpriority is None."""
    least = 0 if minpriority is None else minpriority

    def chosen(key):
        return key[0] is not None and (minpriority is None or key[0] >= least)

    # Functions may add or remove others: each is looked up when its turn comes.
    for key in sorted(filter(chosen, list(_finalizer_registry)), reverse=True):
        finalizer = _finalizer_registry.get(key)
        if finalizer is None:
            continue
        try:
            finalizer()
        except Exception:
            import traceback
            traceback.print_exc()
    if minpriority is None:
        _finalizer_registry.clear()


_exiting = False


def is_exiting():
    """Is the process about to end?"""
    return _exiting


def _exit_function():
    """End daemon children, wait for the others, and call what is left to be called (H52)."""
    global _exiting
    if _exiting:
        return
    _exiting = True
    _run_finalizers(0)
    if current_process() is not None:
        children = active_children()
        for process in children:
            if process.daemon:
                process._popen.terminate()
        for process in active_children():
            process.join()
    _run_finalizers()


atexit.register(_exit_function)


def _flush_std_streams():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError):
            pass


def close_all(fds):
    """Close descriptors."""
    for fd in fds:
        os.close(fd)
