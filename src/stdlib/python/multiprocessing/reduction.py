"""Pickling for other processes."""

import copyreg
import os
import pickle

from . import context

__all__ = ['DupFd', 'ForkingPickler', 'dump', 'register']


class ForkingPickler(pickle.Pickler):
    """A pickler with reducers of its own beside those of copyreg."""

    _extra_reducers = {}
    _copyreg_dispatch = copyreg.dispatch_table

    def __init__(self, *args):
        super().__init__(*args)
        self.dispatch_table = {**self._copyreg_dispatch, **self._extra_reducers}

    @classmethod
    def register(cls, type, reduce):
        """Have `reduce` called for objects of `type`."""
        from . import connection
        cls._extra_reducers[type] = reduce
        connection._use_reducers()

    @classmethod
    def dumps(cls, obj, protocol=None):
        """The pickle of an object."""
        if not cls._extra_reducers:
            return pickle.dumps(obj, protocol)
        import io
        buffer = io.BytesIO()
        cls(buffer, protocol).dump(obj)
        return buffer.getvalue()

    loads = pickle.loads


register = ForkingPickler.register


def dump(obj, file, protocol=None):
    """Pickle an object into a file."""
    ForkingPickler(file, protocol).dump(obj)


class _Inherited:
    """A descriptor on its way to a process that is being started, there by its place."""

    def __init__(self, place):
        self._place = place

    def detach(self):
        """The descriptor, in the child."""
        from .spawn import inherited_fd
        return inherited_fd(self._place)


def DupFd(fd):
    """What to pickle instead of a descriptor; its detach() gives the child's own."""
    popen = context.get_spawning_popen()
    if popen is None:
        raise RuntimeError('descriptors can only be passed to a process when it is started')
    return _Inherited(popen.duplicate_for_child(fd))
