"""What CPython's test files ask of `test.support`, for takegil."""

import contextlib
import functools
import gc
import sys
import unittest

verbose = "-v" in sys.argv
use_resources = None
SHORT_TIMEOUT = 30.0
LONG_TIMEOUT = 300.0
MISSING_C_DOCSTRINGS = False


def gc_collect():
    """Collect until nothing new turns up."""
    for _ in range(3):
        gc.collect()


@contextlib.contextmanager
def disable_gc():
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def cpython_only(test):
    """takegil wants to pass what holds for CPython alone."""
    return test


def no_tracing(test):
    return test


def refcount_test(test):
    return test


def impl_detail(msg=None, **guards):
    return cpython_only


def check_impl_detail(**guards):
    return guards.get("cpython", not guards)


def requires_resource(resource):
    """Long-running tests are run: the file's caller sets the limit."""
    return cpython_only


def requires_subprocess():
    return unittest.skip("needs subprocess")


def bigmemtest(size, memuse, dry_run=True):
    return unittest.skip("needs memory without end")


@contextlib.contextmanager
def swap_attr(obj, attr, new):
    missing = object()
    old = getattr(obj, attr, missing)
    setattr(obj, attr, new)
    try:
        yield None if old is missing else old
    finally:
        if old is missing:
            delattr(obj, attr)
        else:
            setattr(obj, attr, old)


@contextlib.contextmanager
def swap_item(obj, item, new):
    missing = object()
    old = obj.get(item, missing)
    obj[item] = new
    try:
        yield None if old is missing else old
    finally:
        if old is missing:
            del obj[item]
        else:
            obj[item] = old


@contextlib.contextmanager
def captured_output(name):
    import io
    old = getattr(sys, name)
    new = io.StringIO()
    setattr(sys, name, new)
    try:
        yield new
    finally:
        setattr(sys, name, old)


captured_stdout = functools.partial(captured_output, "stdout")
captured_stderr = functools.partial(captured_output, "stderr")


class catch_unraisable_exception:
    """Keeps the last exception that nobody could catch as `unraisable`."""

    unraisable = None

    def _hook(self, unraisable):
        self.unraisable = unraisable

    def __enter__(self):
        self._old = sys.unraisablehook
        sys.unraisablehook = self._hook
        return self

    def __exit__(self, *exc_info):
        sys.unraisablehook = self._old
        self.unraisable = None


class _AlwaysEqual:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False


class _NeverEqual:
    def __eq__(self, other):
        return False

    def __ne__(self, other):
        return True

    def __hash__(self):
        return 1


ALWAYS_EQ = _AlwaysEqual()
NEVER_EQ = _NeverEqual()
