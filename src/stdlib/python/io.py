"""Streams: files, bytes and text, in memory too."""

import _io
import abc
from _io import (
    DEFAULT_BUFFER_SIZE, BlockingIOError, BufferedRandom, BufferedReader, BufferedRWPair,
    BufferedWriter, BytesIO, FileIO, StringIO, TextIOWrapper, UnsupportedOperation,
)
from _newlines import IncrementalNewlineDecoder

__all__ = ["BlockingIOError", "open", "open_code", "IOBase", "RawIOBase", "FileIO", "BytesIO",
           "StringIO", "BufferedIOBase", "BufferedReader", "BufferedWriter", "BufferedRWPair",
           "BufferedRandom", "TextIOBase", "TextIOWrapper", "UnsupportedOperation", "SEEK_SET",
           "SEEK_CUR", "SEEK_END", "DEFAULT_BUFFER_SIZE", "IncrementalNewlineDecoder",
           "text_encoding"]

SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
open = open


def text_encoding(encoding, stacklevel=2, /):
    """The encoding to use where none was asked for."""
    return "locale" if encoding is None else encoding


def open_code(path):
    """Open a file of code."""
    if not isinstance(path, str):
        raise TypeError(f"open_code() argument 'path' must be str, not {type(path).__name__}")
    return open(path, "rb")


class IOBase(_io._IOBase, metaclass=abc.ABCMeta):
    __doc__ = _io._IOBase.__doc__


class RawIOBase(_io._RawIOBase, IOBase):
    __doc__ = _io._RawIOBase.__doc__


class BufferedIOBase(_io._BufferedIOBase, IOBase):
    __doc__ = _io._BufferedIOBase.__doc__


class TextIOBase(_io._TextIOBase, IOBase):
    __doc__ = _io._TextIOBase.__doc__


RawIOBase.register(FileIO)
for _class in (BytesIO, BufferedReader, BufferedWriter, BufferedRandom, BufferedRWPair):
    BufferedIOBase.register(_class)
for _class in (StringIO, TextIOWrapper):
    TextIOBase.register(_class)
del _class


class _StandardBuffer(BufferedIOBase):
    """The bytes of a standard stream. Output goes down at once, before text that still waits."""

    def __init__(self, stream):
        self._stream = stream

    @property
    def name(self):
        return self._stream.name

    @property
    def mode(self):
        return "rb" if self.readable() else "wb"

    @property
    def closed(self):
        return self._stream.closed

    def fileno(self):
        return self._stream.fileno()

    def isatty(self):
        return self._stream.isatty()

    def readable(self):
        return self._stream.readable()

    def writable(self):
        return self._stream.writable()

    def write(self, b, /):
        return self._stream._write_bytes(b)

    def read(self, size=-1, /):
        return self._stream._read_bytes(-1 if size is None else size)

    def read1(self, size=-1, /):
        return self._stream._read_bytes(DEFAULT_BUFFER_SIZE if size < 0 else size, True)

    def readline(self, size=-1, /):
        return self._stream._readline_bytes(-1 if size is None else size)


_standard_buffers = {}


def _standard_buffer(stream):
    buffer = _standard_buffers.get(id(stream))
    if buffer is None:
        buffer = _standard_buffers[id(stream)] = _StandardBuffer(stream)
    return buffer
