"""Extract, format and print information about Python stack traces."""

import sys
import _traceback

__all__ = ["FrameSummary", "StackSummary", "TracebackException", "extract_tb",
           "format_exc", "format_exception", "format_exception_only", "format_list",
           "format_tb", "print_exc", "print_exception", "print_last", "print_list",
           "print_tb", "walk_tb", "clear_frames", "walk_stack", "extract_stack",
           "format_stack", "print_stack"]

_missing = object()


class FrameSummary:
    """One entry of a traceback."""

    __slots__ = ("filename", "lineno", "name", "line", "locals")

    def __init__(self, filename, lineno, name, *, line=None, locals=None):
        self.filename = filename
        self.lineno = lineno
        self.name = name
        self.line = line
        self.locals = locals

    def __iter__(self):
        return iter((self.filename, self.lineno, self.name, self.line))

    def __getitem__(self, index):
        return (self.filename, self.lineno, self.name, self.line)[index]

    def __len__(self):
        return 4

    def __eq__(self, other):
        if isinstance(other, FrameSummary):
            return tuple(self) == tuple(other)
        if isinstance(other, tuple):
            return tuple(self) == other
        return NotImplemented

    def __repr__(self):
        return f"<FrameSummary file {self.filename}, line {self.lineno} in {self.name}>"


class StackSummary(list):
    """A list of FrameSummary objects."""

    @classmethod
    def from_list(cls, entries):
        summary = cls()
        for entry in entries:
            if not isinstance(entry, FrameSummary):
                filename, lineno, name, line = entry
                entry = FrameSummary(filename, lineno, name, line=line)
            summary.append(entry)
        return summary

    def format(self):
        lines = []
        for entry in self:
            text = f'  File "{entry.filename}", line {entry.lineno}, in {entry.name}\n'
            if entry.line:
                text += f"    {entry.line.strip()}\n"
            lines.append(text)
        return lines


def _value_of(exc, value):
    """The exception among the arguments that 3.10 made optional."""
    return exc if value is _missing else value


def _write(text, file):
    if file is None:
        file = sys.stderr
    file.write(text)


def _lines(text):
    return text.splitlines(True)


def extract_tb(tb, limit=None):
    entries = _traceback.entries(tb)
    if limit is not None:
        entries = entries[:limit] if limit >= 0 else entries[limit:]
    return StackSummary.from_list(entries)


def walk_tb(tb):
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def walk_stack(f):
    """The frames from f outwards, with their lines; None: from the third above the caller, as
    CPython has it."""
    if f is None:
        f = sys._getframe(4)
    while f is not None:
        yield f, f.f_lineno
        f = f.f_back


def extract_stack(f=None, limit=None):
    """The entries of the frame f (None: the caller's) and those around it, outermost first."""
    if f is None:
        f = sys._getframe(1)
    entries = []
    for frame, line in walk_stack(f):
        code = frame.f_code
        text = _traceback.source_line(code.co_filename, line)
        entries.append((code.co_filename, line, code.co_name, text))
    entries.reverse()
    if limit is not None:
        entries = entries[-limit:] if limit > 0 else entries[:-limit] if limit else []
    return StackSummary.from_list(entries)


def format_stack(f=None, limit=None):
    return extract_stack(sys._getframe(1) if f is None else f, limit).format()


def print_stack(f=None, limit=None, file=None):
    """Print where the frame f (None: the caller's) stands."""
    summary = extract_stack(sys._getframe(1) if f is None else f, limit)
    _write(''.join(summary.format()), file)


def format_list(extracted_list):
    return StackSummary.from_list(extracted_list).format()


def print_list(extracted_list, file=None):
    for line in format_list(extracted_list):
        _write(line, file)


def format_tb(tb, limit=None):
    if limit is not None:
        return extract_tb(tb, limit).format()
    entries = []
    for line in _lines(_traceback.format_tb(tb)):
        if line.startswith("  File ") or line.startswith("  [") or not entries:
            entries.append(line)
        else:
            entries[-1] += line
    return entries


def print_tb(tb, limit=None, file=None):
    for line in format_tb(tb, limit):
        _write(line, file)


def format_exception_only(exc, /, value=_missing):
    value = _value_of(exc, value)
    if value is None:
        return ["NoneType: None\n"]
    return _lines(_traceback.format_exception_only(value))


def format_exception(exc, /, value=_missing, tb=_missing, limit=None, chain=True):
    value = _value_of(exc, value)
    if value is None:
        return ["NoneType: None\n"]
    if tb is not _missing and tb is not value.__traceback__:
        head = ["Traceback (most recent call last):\n"] if tb is not None else []
        return head + format_tb(tb, limit) + format_exception_only(value)
    if not chain or limit is not None:
        tb = value.__traceback__
        head = ["Traceback (most recent call last):\n"] if tb is not None else []
        return head + format_tb(tb, limit) + format_exception_only(value)
    lines = []
    for line in _lines(_traceback.format_exception(value)):
        if lines and line.startswith("    ") and lines[-1].startswith("  File "):
            lines[-1] += line
        else:
            lines.append(line)
    return lines


def print_exception(exc, /, value=_missing, tb=_missing, limit=None, file=None, chain=True):
    for line in format_exception(exc, value, tb, limit, chain):
        _write(line, file)


def format_exc(limit=None, chain=True):
    return "".join(format_exception(sys.exc_info()[1], limit=limit, chain=chain))


def print_exc(limit=None, file=None, chain=True):
    print_exception(sys.exc_info()[1], limit=limit, file=file, chain=chain)


def print_last(limit=None, file=None, chain=True):
    if not hasattr(sys, "last_value"):
        raise ValueError("no last exception")
    print_exception(sys.last_value, limit=limit, file=file, chain=chain)


def clear_frames(tb):
    """Nothing to clear: tracebacks hold no frames of this runtime."""


class TracebackException:
    """An exception ready for rendering."""

    def __init__(self, exc_type, exc_value, exc_traceback, *, limit=None, **options):
        self.exc_type = exc_type
        self.stack = extract_tb(exc_traceback, limit)
        self._str = str(exc_value)
        self._value = exc_value
        self._tb = exc_traceback

    @classmethod
    def from_exception(cls, exc, **options):
        return cls(type(exc), exc, exc.__traceback__, **options)

    def format_exception_only(self):
        yield from format_exception_only(self._value)

    def format(self, *, chain=True):
        yield from format_exception(self._value, chain=chain)

    def print(self, *, file=None, chain=True):
        for line in self.format(chain=chain):
            _write(line, file)

    def __str__(self):
        return self._str
