"""Threads for tests."""

import contextlib
import threading
import time


def requires_working_threading(*, module=False):
    return lambda test: test


def threading_setup():
    return threading.active_count(), len(threading._dangling)


def threading_cleanup(*original):
    """Wait for threads that are still on their way out."""
    deadline = time.monotonic() + 5
    while threading.active_count() > original[0] and time.monotonic() < deadline:
        time.sleep(0.01)


def reap_threads(test):
    return test


@contextlib.contextmanager
def wait_threads_exit(timeout=None):
    before = threading.active_count()
    yield
    threading_cleanup(before)


def join_thread(thread, timeout=None):
    thread.join(60 if timeout is None else timeout)
    if thread.is_alive():
        raise AssertionError("failed to join the thread")


@contextlib.contextmanager
def start_threads(threads, unlock=None):
    threads = list(threads)
    started = []
    try:
        for thread in threads:
            thread.start()
            started.append(thread)
        yield
    finally:
        if unlock:
            unlock()
        for thread in started:
            thread.join(60)
        if any(thread.is_alive() for thread in started):
            raise AssertionError("unable to join all threads")
