"""Temporary files and folders that nobody else can guess or open."""

import io as _io
import os as _os
import weakref as _weakref

__all__ = ['NamedTemporaryFile', 'TemporaryFile', 'SpooledTemporaryFile', 'TemporaryDirectory',
           'mkstemp', 'mkdtemp', 'mktemp', 'TMP_MAX', 'gettempprefix', 'tempdir', 'gettempdir',
           'gettempprefixb', 'gettempdirb']

TMP_MAX = 10000
template = 'tmp'
tempdir = None
_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789_'


def _random_name():
    return ''.join(_LETTERS[byte % len(_LETTERS)] for byte in _os.urandom(8))


def gettempdir():
    """The folder for temporary files: TMPDIR, TEMP, TMP, or one of the usual ones."""
    global tempdir
    if tempdir is None:
        choices = [_os.environ.get(name) for name in ('TMPDIR', 'TEMP', 'TMP')]
        choices = [choice for choice in choices if choice]
        choices += ['/tmp', '/var/tmp', '/usr/tmp', _os.getcwd()]
        for choice in choices:
            choice = _os.path.abspath(choice)
            if _os.path.isdir(choice) and _os.access(choice, _os.W_OK | _os.X_OK):
                tempdir = choice
                break
        else:
            raise FileNotFoundError(2, f'No usable temporary directory found in {choices}')
    return tempdir


def gettempprefix():
    return template


def gettempprefixb():
    return _os.fsencode(template)


def gettempdirb():
    return _os.fsencode(gettempdir())


def _parts(prefix, suffix, dir):
    """The three with their defaults, and whether they are bytes."""
    given = [part for part in (prefix, suffix, dir) if part is not None]
    given = [_os.fspath(part) for part in given]
    kinds = {isinstance(part, bytes) for part in given}
    if len(kinds) > 1:
        raise TypeError("Can't mix bytes and non-bytes in path components.")
    in_bytes = kinds == {True}
    if in_bytes:
        return (gettempprefixb() if prefix is None else prefix,
                b'' if suffix is None else suffix,
                gettempdirb() if dir is None else _os.fspath(dir), True)
    return (template if prefix is None else prefix, '' if suffix is None else suffix,
            gettempdir() if dir is None else _os.fspath(dir), False)


def _make(prefix, suffix, dir, make):
    """Call make with new names until one is free."""
    prefix, suffix, dir, in_bytes = _parts(prefix, suffix, dir)
    for _ in range(TMP_MAX):
        name = _random_name()
        name = prefix + (_os.fsencode(name) if in_bytes else name) + suffix
        path = _os.path.abspath(_os.path.join(dir, name))
        try:
            return make(path), path
        except FileExistsError:
            continue
    raise FileExistsError(17, 'No usable temporary file name found')


def _open_new(path):
    flags = _os.O_RDWR | _os.O_CREAT | _os.O_EXCL | getattr(_os, 'O_CLOEXEC', 0)
    return _os.open(path, flags, 0o600)


def mkstemp(suffix=None, prefix=None, dir=None, text=False):
    """A new file that the caller removes: its descriptor and its absolute path."""
    return _make(prefix, suffix, dir, _open_new)


def mkdtemp(suffix=None, prefix=None, dir=None):
    """The absolute path of a new folder that the caller removes."""
    return _make(prefix, suffix, dir, lambda path: _os.mkdir(path, 0o700))[1]


def mktemp(suffix='', prefix=template, dir=None):
    """A path that does not exist; somebody else may take it before it is used."""
    prefix, suffix, dir, _ = _parts(prefix, suffix, dir)
    for _ in range(TMP_MAX):
        path = _os.path.join(dir, prefix + _random_name() + suffix)
        if not _os.path.lexists(path):
            return path
    raise FileExistsError(17, 'No usable temporary filename found')


class _Closer:
    """Closes the file and removes it, once."""

    def __init__(self, file, name, delete=True):
        self.file = file
        self.name = name
        self.delete = delete
        self.close_called = False

    def close(self):
        if self.close_called or self.file is None:
            return
        self.close_called = True
        try:
            self.file.close()
        finally:
            if self.delete:
                _os.unlink(self.name)

    def __del__(self):
        self.close()


class _TemporaryFileWrapper:
    """A file that goes when it is closed."""

    def __init__(self, file, name, delete=True):
        self.file = file
        self.name = name
        self.delete = delete
        self._closer = _Closer(file, name, delete)

    def __repr__(self):
        return f'<{type(self).__name__} {self.file!r}>'

    def __getattr__(self, name):
        file = self.__dict__['file']
        value = getattr(file, name)
        if callable(value):
            value = self._keeping(value)
            value.__name__ = name
        if not isinstance(value, int):
            setattr(self, name, value)
        return value

    def _keeping(self, function):
        """function, as a method that keeps the file as long as it is referred to."""
        closer = self._closer

        def method(*args, **kwargs):
            closer
            return function(*args, **kwargs)
        return method

    def __enter__(self):
        self.file.__enter__()
        return self

    def __exit__(self, exc, value, tb):
        result = self.file.__exit__(exc, value, tb)
        self.close()
        return result

    def close(self):
        self._closer.close()

    def __iter__(self):
        for line in self.file:
            yield line


def _open_file(mode, buffering, encoding, newline, suffix, prefix, dir, errors):
    descriptor, path = _make(prefix, suffix, dir, _open_new)
    try:
        return _io.open(descriptor, mode, buffering=buffering, newline=newline,
                        encoding=encoding, errors=errors), path
    except BaseException:
        _os.unlink(path)
        try:
            _os.close(descriptor)
        except OSError:
            pass
        raise


def NamedTemporaryFile(mode='w+b', buffering=-1, encoding=None, newline=None, suffix=None,
                       prefix=None, dir=None, delete=True, *, errors=None):
    """A new file with a name, removed when it is closed unless delete is false."""
    file, path = _open_file(mode, buffering, encoding, newline, suffix, prefix, dir, errors)
    return _TemporaryFileWrapper(file, path, delete)


def TemporaryFile(mode='w+b', buffering=-1, encoding=None, newline=None, suffix=None,
                  prefix=None, dir=None, *, errors=None):
    """A new file without a name."""
    file, path = _open_file(mode, buffering, encoding, newline, suffix, prefix, dir, errors)
    _os.unlink(path)
    return file


class SpooledTemporaryFile:
    """A temporary file that stays in memory until it holds more than max_size."""

    _rolled = False

    def __init__(self, max_size=0, mode='w+b', buffering=-1, encoding=None, newline=None,
                 suffix=None, prefix=None, dir=None, *, errors=None):
        if 'b' in mode:
            self._file = _io.BytesIO()
        else:
            self._file = _io.TextIOWrapper(_io.BytesIO(), encoding=encoding or 'utf-8',
                                           errors=errors, newline=newline)
        self._max_size = max_size
        self._arguments = dict(mode=mode, buffering=buffering, suffix=suffix, prefix=prefix,
                               encoding=encoding, newline=newline, dir=dir, errors=errors)

    def rollover(self):
        """Go on in a file of the disk."""
        if self._rolled:
            return
        old = self._file
        new = self._file = TemporaryFile(**self._arguments)
        position = old.tell()
        old.seek(0)
        new.write(old.read())
        new.seek(position)
        self._rolled = True

    def _check(self):
        if not self._rolled and self._max_size and self._file.tell() > self._max_size:
            self.rollover()

    def write(self, s):
        result = self._file.write(s)
        self._check()
        return result

    def writelines(self, lines):
        self._file.writelines(lines)
        self._check()

    def fileno(self):
        self.rollover()
        return self._file.fileno()

    @property
    def mode(self):
        return self._arguments['mode']

    @property
    def name(self):
        return self._file.name if self._rolled else None

    def __enter__(self):
        if self._file.closed:
            raise ValueError('Cannot enter context with closed file')
        return self

    def __exit__(self, exc, value, tb):
        self._file.close()

    def __iter__(self):
        return iter(self._file)

    def __getattr__(self, name):
        if name == '_file':
            raise AttributeError(name)
        return getattr(self._file, name)


class TemporaryDirectory:
    """A folder that goes, with all in it, at the end of a with statement or of the program."""

    def __init__(self, suffix=None, prefix=None, dir=None, ignore_cleanup_errors=False):
        self.name = mkdtemp(suffix, prefix, dir)
        self._ignore_cleanup_errors = ignore_cleanup_errors
        self._finalizer = _weakref.finalize(
            self, self._cleanup, self.name, warn_message=f'Implicitly cleaning up {self!r}',
            ignore_errors=ignore_cleanup_errors)

    @staticmethod
    def _remove(name, ignore_errors):
        import shutil
        shutil.rmtree(name, ignore_errors=ignore_errors)

    @classmethod
    def _cleanup(cls, name, warn_message, ignore_errors=False):
        import warnings
        cls._remove(name, ignore_errors)
        warnings.warn(warn_message, ResourceWarning)

    def __repr__(self):
        return f'<{type(self).__name__} {self.name!r}>'

    def __enter__(self):
        return self.name

    def __exit__(self, exc, value, tb):
        self.cleanup()

    def cleanup(self):
        if self._finalizer.detach() or _os.path.exists(self.name):
            self._remove(self.name, self._ignore_cleanup_errors)
