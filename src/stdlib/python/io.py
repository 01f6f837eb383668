"""Streams: files, bytes and text, in memory too."""

import posix
import sys
from _fileio import BufferedRandom, BufferedReader, BufferedRWPair, BufferedWriter, FileIO
from _iobase import (
    DEFAULT_BUFFER_SIZE, SEEK_CUR, SEEK_END, SEEK_SET, BufferedIOBase, IOBase, RawIOBase, TextIOBase,
    UnsupportedOperation,
)
from _memoryio import BytesIO, StringIO
from _textio import IncrementalNewlineDecoder, TextIOWrapper

__all__ = ["BlockingIOError", "open", "open_code", "IOBase", "RawIOBase", "FileIO", "BytesIO",
           "StringIO", "BufferedIOBase", "BufferedReader", "BufferedWriter", "BufferedRWPair",
           "BufferedRandom", "TextIOBase", "TextIOWrapper", "UnsupportedOperation", "SEEK_SET",
           "SEEK_CUR", "SEEK_END", "DEFAULT_BUFFER_SIZE", "IncrementalNewlineDecoder",
           "text_encoding"]

BlockingIOError = BlockingIOError
open = open
# The standard streams are made before any module of Python's is.
TextIOWrapper.register(type(sys.__stdout__))


def text_encoding(encoding, stacklevel=2, /):
    """The encoding to use where none was asked for."""
    return "locale" if encoding is None else encoding


def open_code(path):
    """Open a file of code."""
    return _open(path, "rb")


def _path(file):
    if isinstance(file, (str, bytes, int)):
        return file
    convert = getattr(type(file), "__fspath__", None)
    if convert is None:
        raise TypeError("expected str, bytes or os.PathLike object, "
                        f"not {type(file).__name__}")
    return convert(file)


def _open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True,
          opener=None):
    """What the builtin open() calls; the system calls are those of I8."""
    file = _path(file)
    if not isinstance(mode, str):
        raise TypeError(f"open() argument 'mode' must be str, not {type(mode).__name__}")
    kinds = set(mode)
    if kinds - set("axrwb+t") or len(mode) > len(kinds):
        raise ValueError(f"invalid mode: '{mode}'")
    text, binary = "t" in kinds, "b" in kinds
    if text and binary:
        raise ValueError("can't have text and binary mode at once")
    if len(kinds & set("axrw")) > 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    if binary:
        if encoding is not None:
            raise ValueError("binary mode doesn't take an encoding argument")
        if errors is not None:
            raise ValueError("binary mode doesn't take an errors argument")
        if newline is not None:
            raise ValueError("binary mode doesn't take a newline argument")
    if buffering == 0 and not binary:
        raise ValueError("can't have unbuffered text I/O")
    if newline not in (None, "", "\n", "\r", "\r\n"):
        raise ValueError(f"illegal newline value: {newline}")
    raw = FileIO(file, "".join(c for c in mode if c not in "bt"), closefd, opener)
    try:
        lines = buffering == 1 or buffering < 0 and raw.isatty()
        if lines and not binary:
            buffering = -1
        if buffering < 0 or lines:
            buffering = _block_size(raw)
        if buffering == 0:
            return raw
        if "+" in kinds:
            buffer = BufferedRandom(raw, buffering)
        elif "r" in kinds:
            buffer = BufferedReader(raw, buffering)
        else:
            buffer = BufferedWriter(raw, buffering)
        if binary:
            return buffer
        wrapper = TextIOWrapper(buffer, encoding, errors, newline, lines)
        wrapper.mode = mode
        return wrapper
    except:
        raw.close()
        raise


def _block_size(raw):
    # I9: what the system reads at once, where it says.
    size = posix._block_size(raw.fileno())
    return size if size > 1 else DEFAULT_BUFFER_SIZE


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
