"""Starting a process and hearing of its end, for its parent."""

import os

import _multiprocessing

from . import spawn
from .context import set_spawning_popen
from .reduction import ForkingPickler
from .util import Finalize, _flush_std_streams, close_all

__all__ = ['Popen']

_SIGKILL = 9
_SIGTERM = 15

# Most descriptors in one message to the child.
_MOST_FDS = 250


class Popen:
    """A started process."""

    method = 'spawn'

    def __init__(self, process_obj):
        _flush_std_streams()
        self.returncode = None
        self._fds = []
        try:
            set_spawning_popen(self)
            try:
                # What cannot be pickled is raised here, before there is a process (H51).
                preparation = spawn.get_preparation_data(process_obj._name)
                parts = [ForkingPickler.dumps(part) for part in (preparation, process_obj)]
            finally:
                set_spawning_popen(None)
            self._launch(*parts)
        finally:
            close_all(self._fds)
            self._fds = []

    def duplicate_for_child(self, fd):
        """Send a descriptor along; its place among those the child gets."""
        self._fds.append(os.dup(fd))
        return len(self._fds) - 1

    def _launch(self, preparation, work):
        self._number, self.pid, control = _multiprocessing.start()
        self.sentinel = control
        self.finalizer = Finalize(self, close_all, ([control],))
        head = len(self._fds), len(preparation), len(work)
        _multiprocessing.write(control, b''.join(number.to_bytes(8, 'big') for number in head))
        for at in range(0, len(self._fds), _MOST_FDS):
            _multiprocessing.send_fds(control, tuple(self._fds[at:at + _MOST_FDS]))
        _multiprocessing.write(control, preparation + work)

    def wait(self, timeout=None):
        """The exit status once the process has ended, None when it has not in time."""
        while self.returncode is None:
            # A status that comes a bit later than the end of the channel is waited for.
            self.returncode = _multiprocessing.status(
                self._number, 3600.0 if timeout is None else max(timeout, 0.0))
            if timeout is not None:
                break
        return self.returncode

    def poll(self):
        """The exit status, None while the process runs."""
        return self.wait(0)

    def _send_signal(self, sig):
        if self.poll() is None:
            try:
                os.kill(self.pid, sig)
            except ProcessLookupError:
                pass

    def terminate(self):
        """End the process with SIGTERM."""
        self._send_signal(_SIGTERM)

    def kill(self):
        """End the process with SIGKILL."""
        self._send_signal(_SIGKILL)

    def close(self):
        """Close the channel to the process."""
        self.finalizer()
