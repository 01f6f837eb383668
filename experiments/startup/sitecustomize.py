# What CPython imports before a program: sets what takegil gets as options, in child processes too.
# Runs under Python 2.7 too.
import os
import sys

interval = os.environ.get("TAKEGIL_SWITCH_INTERVAL")
if interval and hasattr(sys, "setswitchinterval"):
    sys.setswitchinterval(float(interval))
ticks = os.environ.get("TAKEGIL_CHECK_INTERVAL")
if ticks and hasattr(sys, "setcheckinterval"):
    sys.setcheckinterval(int(ticks))


def spread_threads(cores):
    """Keep every thread that is started on one core, in turn."""
    import ctypes

    try:
        import _thread
    except ImportError:
        import thread as _thread
    libc = ctypes.CDLL(None, use_errno=True)
    start_new_thread = _thread.start_new_thread
    started = [0]

    def bind(core):
        mask = (ctypes.c_ubyte * 128)()
        mask[core >> 3] = 1 << (core & 7)
        libc.sched_setaffinity(0, 128, mask)

    def start(function, args, kwargs=None):
        started[0] += 1
        core = cores[started[0] % len(cores)]

        def body():
            bind(core)
            function(*args, **(kwargs or {}))

        return start_new_thread(body, ())

    _thread.start_new_thread = start
    bind(cores[0])


if os.environ.get("TAKEGIL_SPREAD"):
    spread_threads([int(core) for core in os.environ["TAKEGIL_SPREAD"].split(",")])
