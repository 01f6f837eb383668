"""
Numbers that processes share (H57). They are in a file in memory that has no name, which all
processes read and write item by item; there are no ctypes behind them.
"""

import os

import _multiprocessing

from . import context, get_context
from .reduction import DupFd

__all__ = ['RawValue', 'RawArray', 'Value', 'Array', 'copy', 'synchronized']


class _Memory:
    """So many items of a type code, all 0 at first."""

    _fd = None

    def __init__(self, code, length):
        if not isinstance(code, str):
            raise TypeError(f'type codes only, not {code!r}: there are no ctypes')
        size = _multiprocessing.item_size(code)
        if size == 0:
            raise TypeError('this type has no size')
        self._code = code
        self._length = length
        self._fd = _multiprocessing.memory(size * length)

    def __del__(self):
        if self._fd is not None:
            os.close(self._fd)

    def __getstate__(self):
        context.assert_spawning(self)
        return self._code, self._length, DupFd(self._fd)

    def __setstate__(self, state):
        self._code, self._length, fd = state
        self._fd = fd.detach()


class _RawValue(_Memory):
    """One item."""

    def __init__(self, code, value=None):
        _Memory.__init__(self, code, 1)
        if value is not None:
            self.value = value

    @property
    def value(self):
        """The item."""
        return _multiprocessing.load(self._fd, self._code, 0, 1)[0]

    @value.setter
    def value(self, value):
        _multiprocessing.store(self._fd, self._code, 0, value)

    def __repr__(self):
        return f'{_CTYPES[self._code]}({self.value!r})'


class _RawArray(_Memory):
    """A fixed number of items."""

    def __len__(self):
        return self._length

    def __getitem__(self, index):
        if isinstance(index, slice):
            places = range(self._length)[index]
            if len(places) == 0:
                return self._joined([])
            first, last = min(places[0], places[-1]), max(places[0], places[-1])
            items = _multiprocessing.load(self._fd, self._code, first, last - first + 1)
            return self._joined([items[place - first] for place in places])
        return _multiprocessing.load(self._fd, self._code, self._place(index), 1)[0]

    def _joined(self, items):
        return b''.join(items) if self._code == 'c' else items

    def _place(self, index):
        place = index.__index__()
        if place < 0:
            place += self._length
        if not 0 <= place < self._length:
            raise IndexError('invalid index')
        return place

    def __setitem__(self, index, value):
        if not isinstance(index, slice):
            _multiprocessing.store(self._fd, self._code, self._place(index), value)
            return
        places = range(self._length)[index]
        if self._code == 'c' and isinstance(value, bytes):
            value = [value[i:i + 1] for i in range(len(value))]
        values = list(value)
        if len(values) != len(places):
            raise ValueError('Can only assign sequence of same size')
        for place, item in zip(places, values):
            _multiprocessing.store(self._fd, self._code, place, item)

    def __iter__(self):
        for place in range(self._length):
            yield self[place]

    @property
    def raw(self):
        """All bytes of an array of characters."""
        return self[:]

    @raw.setter
    def raw(self, value):
        if len(value) > self._length:
            raise ValueError('byte string too long')
        self[:len(value)] = value

    @property
    def value(self):
        """The bytes before the first 0 of an array of characters."""
        return self[:].split(b'\0', 1)[0]

    @value.setter
    def value(self, value):
        self.raw = value if len(value) == self._length else value + b'\0'


_CTYPES = {
    'c': 'c_char', 'b': 'c_byte', 'B': 'c_ubyte', 'h': 'c_short', 'H': 'c_ushort', 'i': 'c_int',
    'I': 'c_uint', 'l': 'c_long', 'L': 'c_ulong', 'q': 'c_long', 'Q': 'c_ulong', 'f': 'c_float',
    'd': 'c_double',
}


def RawValue(typecode_or_type, *args):
    """A number that processes share, without a lock."""
    return _RawValue(typecode_or_type, *args)


def RawArray(typecode_or_type, size_or_initializer):
    """Numbers that processes share, without a lock: so many, or those of a sequence."""
    if isinstance(size_or_initializer, int):
        if size_or_initializer < 0:
            raise ValueError(f'Array length must be >= 0, not {size_or_initializer}')
        return _RawArray(typecode_or_type, size_or_initializer)
    values = size_or_initializer
    array = _RawArray(typecode_or_type, len(values))
    array[:] = values
    return array


def Value(typecode_or_type, *args, lock=True, ctx=None):
    """A number that processes share, with a lock unless `lock` is False."""
    return _with_lock(RawValue(typecode_or_type, *args), lock, ctx)


def Array(typecode_or_type, size_or_initializer, *, lock=True, ctx=None):
    """Numbers that processes share, with a lock unless `lock` is False."""
    return _with_lock(RawArray(typecode_or_type, size_or_initializer), lock, ctx)


def _with_lock(obj, lock, ctx):
    if lock is False:
        return obj
    if lock in (True, None):
        lock = (ctx or get_context()).RLock()
    if not hasattr(lock, 'acquire'):
        raise AttributeError(f"{lock!r} has no method 'acquire'")
    return synchronized(obj, lock, ctx=ctx)


def copy(obj):
    """A new shared object with the values of another."""
    if isinstance(obj, _RawArray):
        return RawArray(obj._code, obj[:])
    return RawValue(obj._code, obj.value)


def synchronized(obj, lock=None, ctx=None):
    """An object with a lock around every access."""
    assert not isinstance(obj, SynchronizedBase), 'object already synchronized'
    if isinstance(obj, _RawValue):
        return Synchronized(obj, lock, ctx)
    if obj._code == 'c':
        return SynchronizedString(obj, lock, ctx)
    return SynchronizedArray(obj, lock, ctx)


class SynchronizedBase:
    """A shared object and its lock."""

    def __init__(self, obj, lock=None, ctx=None):
        self.__setstate__((obj, lock or (ctx or get_context()).RLock()))

    def __getstate__(self):
        context.assert_spawning(self)
        return self._obj, self._lock

    def __setstate__(self, state):
        self._obj, self._lock = state
        self.acquire = self._lock.acquire
        self.release = self._lock.release

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *args):
        return self._lock.__exit__(*args)

    def get_obj(self):
        """The object without its lock."""
        return self._obj

    def get_lock(self):
        """The lock."""
        return self._lock

    def __repr__(self):
        return f'<{type(self).__name__} wrapper for {self._obj}>'


def _guarded(name):
    def get(self):
        with self._lock:
            return getattr(self._obj, name)

    def set(self, value):
        with self._lock:
            setattr(self._obj, name, value)

    return property(get, set)


class Synchronized(SynchronizedBase):
    """A number with a lock."""

    value = _guarded('value')


class SynchronizedArray(SynchronizedBase):
    """Numbers with a lock."""

    def __len__(self):
        return len(self._obj)

    def __getitem__(self, index):
        with self._lock:
            return self._obj[index]

    def __setitem__(self, index, value):
        with self._lock:
            self._obj[index] = value



class SynchronizedString(SynchronizedArray):
    """Characters with a lock."""

    value = _guarded('value')
    raw = _guarded('raw')
