"""Utilities for with-statement contexts."""

import sys
from functools import wraps

__all__ = ["AbstractContextManager", "ContextDecorator", "ExitStack", "closing",
           "contextmanager", "nullcontext", "redirect_stderr", "redirect_stdout", "suppress"]


class AbstractContextManager:
    """What a context manager has."""

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        return None


class ContextDecorator:
    """Make a context manager usable as a decorator."""

    def _recreate_cm(self):
        return self

    def __call__(self, func):
        @wraps(func)
        def inner(*args, **kwds):
            with self._recreate_cm():
                return func(*args, **kwds)
        return inner


class _Generated(ContextDecorator, AbstractContextManager):
    """The context manager that a generator function describes."""

    def __init__(self, function, args, kwargs):
        self._recipe = function, args, kwargs
        self.gen = function(*args, **kwargs)

    def _recreate_cm(self):
        return _Generated(*self._recipe)

    def __enter__(self):
        # What the arguments hold should live no longer than the generator wants it to.
        del self._recipe
        for value in self.gen:
            return value
        raise RuntimeError("generator didn't yield")

    def __exit__(self, kind, error, traceback):
        if kind is None:
            self._finish(lambda: next(self.gen), "generator didn't stop")
            return False
        if error is None:
            error = kind()
        try:
            self._finish(lambda: self.gen.throw(error), "generator didn't stop after throw()",
                         error)
        except BaseException as raised:
            # The generator let it pass, or wrapped a StopIteration of the block (PEP 479).
            wrapped = isinstance(error, StopIteration) and raised.__cause__ is error
            if raised is not error and not (wrapped and isinstance(raised, RuntimeError)):
                raise
            error.__traceback__ = traceback
            return False
        return True

    def _finish(self, resume, complaint, thrown=None):
        """Let the generator run to its end; one that yields again is closed."""
        try:
            resume()
        except StopIteration as end:
            if end is not thrown:
                return
            raise
        try:
            raise RuntimeError(complaint)
        finally:
            self.gen.close()


def contextmanager(func):
    """Turn a generator function that yields once into a context manager."""
    @wraps(func)
    def helper(*args, **kwds):
        return _Generated(func, args, kwds)
    return helper


class closing(AbstractContextManager):
    """Close something at the end of a block."""

    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *exc_info):
        self.thing.close()


class _RedirectStream(AbstractContextManager):
    _stream = None

    def __init__(self, new_target):
        self._new_target = new_target
        self._old_targets = []

    def __enter__(self):
        self._old_targets.append(getattr(sys, self._stream))
        setattr(sys, self._stream, self._new_target)
        return self._new_target

    def __exit__(self, exctype, excinst, exctb):
        setattr(sys, self._stream, self._old_targets.pop())


class redirect_stdout(_RedirectStream):
    """Send standard output elsewhere."""
    _stream = "stdout"


class redirect_stderr(_RedirectStream):
    """Send standard error elsewhere."""
    _stream = "stderr"


class suppress(AbstractContextManager):
    """Ignore exceptions of the given types."""

    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __enter__(self):
        pass

    def __exit__(self, exctype, excinst, exctb):
        return exctype is not None and issubclass(exctype, self._exceptions)


class ExitStack(AbstractContextManager):
    """A stack of context managers and callbacks, left together."""

    def __init__(self):
        self._exit_callbacks = []

    def pop_all(self):
        new_stack = type(self)()
        new_stack._exit_callbacks = self._exit_callbacks
        self._exit_callbacks = []
        return new_stack

    def push(self, exit):
        try:
            method = type(exit).__exit__
        except AttributeError:
            self._exit_callbacks.append(exit)
        else:
            self._exit_callbacks.append(lambda *details: method(exit, *details))
        return exit

    def enter_context(self, cm):
        cls = type(cm)
        try:
            enter = cls.__enter__
            leave = cls.__exit__
        except AttributeError:
            raise TypeError(f"'{cls.__module__}.{cls.__qualname__}' object does "
                            "not support the context manager protocol") from None
        result = enter(cm)
        self._exit_callbacks.append(lambda *details: leave(cm, *details))
        return result

    def callback(self, callback, /, *args, **kwds):
        def run(*details):
            callback(*args, **kwds)
        self._exit_callbacks.append(run)
        return callback

    def close(self):
        self.__exit__(None, None, None)

    def __exit__(self, *details):
        came_in = details[1]
        surrounding = sys.exc_info()[1]
        current = came_in
        while self._exit_callbacks:
            leave = self._exit_callbacks.pop()
            try:
                if leave(type(current) if current else None, current,
                         current.__traceback__ if current else None):
                    current = None
            except BaseException as error:
                last = error
                while last.__context__ not in (None, current, surrounding):
                    last = last.__context__
                if last.__context__ is not None and last.__context__ is surrounding:
                    last.__context__ = current
                current = error
        if current is not None and current is not came_in:
            context = current.__context__
            try:
                raise current
            finally:
                current.__context__ = context
        return came_in is not None and current is None


class nullcontext(AbstractContextManager):
    """A context manager that does nothing."""

    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, *excinfo):
        pass
