"""The system: files, paths, the environment, the process."""

import posix as _posix
import posixpath as path
import sys as _sys
import time as _time
from collections.abc import MutableMapping as _MutableMapping
from posix import (
    _exit, chdir, chmod, close, cpu_count, dup, dup2, fsync, ftruncate, get_blocking, get_inheritable,
    getcwd, getpid, getppid, getuid, isatty, kill, killpg, link, listdir, lseek, mkdir, open, pipe,
    read, readlink, remove, rename, replace, rmdir, sched_getaffinity, sched_setaffinity, set_blocking,
    set_inheritable, strerror, symlink, unlink, urandom, waitpid, write,
)
from posixpath import altsep, curdir, defpath, devnull, extsep, pardir, pathsep, sep

_sys.modules['os.path'] = path

name = 'posix'
linesep = '\n'
error = OSError
supports_bytes_environ = True
F_OK, X_OK, W_OK, R_OK = 0, 1, 2, 4
O_RDONLY, O_WRONLY, O_RDWR = 0, 1, 2
O_CREAT, O_EXCL, O_TRUNC, O_APPEND = 0o100, 0o200, 0o1000, 0o2000
O_NONBLOCK, O_CLOEXEC = 0o4000, 0o2000000
SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
EX_OK = 0
WNOHANG, WUNTRACED, WCONTINUED = 1, 2, 8


class PathLike:
    """Whatever has a method __fspath__."""

    @classmethod
    def __subclasshook__(cls, subclass):
        if cls is PathLike:
            return hasattr(subclass, '__fspath__')
        return NotImplemented

    __class_getitem__ = classmethod(type(list[int]))


def fspath(path):
    """The path as str or bytes."""
    if isinstance(path, (str, bytes)):
        return path
    try:
        convert = type(path).__fspath__
    except AttributeError:
        raise TypeError('expected str, bytes or os.PathLike object, '
                        f'not {type(path).__name__}') from None
    result = convert(path)
    if isinstance(result, (str, bytes)):
        return result
    raise TypeError(f'expected {type(path).__name__}.__fspath__() to return str or bytes, '
                    f'not {type(result).__name__}')


def fsencode(filename):
    """The file name as bytes."""
    filename = fspath(filename)
    return filename.encode('utf-8', 'surrogateescape') if isinstance(filename, str) else filename


def fsdecode(filename):
    """The file name as text."""
    filename = fspath(filename)
    return filename.decode('utf-8', 'surrogateescape') if isinstance(filename, bytes) else filename


class stat_result(tuple):
    """What stat() knows about a file."""

    _fields = ('st_mode', 'st_ino', 'st_dev', 'st_nlink', 'st_uid', 'st_gid', 'st_size',
               'st_atime', 'st_mtime', 'st_ctime')
    st_mode = property(lambda self: self[0])
    st_ino = property(lambda self: self[1])
    st_dev = property(lambda self: self[2])
    st_nlink = property(lambda self: self[3])
    st_uid = property(lambda self: self[4])
    st_gid = property(lambda self: self[5])
    st_size = property(lambda self: self[6])

    def __repr__(self):
        fields = ', '.join(f'{name}={value}' for name, value in zip(self._fields, self))
        return f'os.stat_result({fields})'


_TIMES = ('st_atime', 'st_mtime', 'st_ctime', 'st_atime_ns', 'st_mtime_ns', 'st_ctime_ns')


def _full_stat(fields):
    # Times with their fraction stand beside the ten items that the tuple shows.
    result = stat_result(fields[:10])
    for name, value in zip(_TIMES, fields[10:]):
        setattr(result, name, value)
    return result


def stat(path):
    """What the system knows about the file at the path."""
    return _full_stat(_posix.stat(path))


def lstat(path):
    """As stat(), about a link itself."""
    return _full_stat(_posix.lstat(path))


def fstat(fd):
    """As stat(), about an open file."""
    return _full_stat(_posix.stat(fd))


def utime(path, times=None, *, ns=None):
    """Set when the file was last read and changed; now, unless told."""
    if times is not None and ns is not None:
        raise ValueError("utime: you may specify either 'times' or 'ns' but not both")
    if ns is not None:
        times = ns[0] / 1e9, ns[1] / 1e9
    elif times is None:
        times = (_time.time(),) * 2
    _posix._utime(path, *times)


def truncate(path, length):
    """Cut the file at the path, or fill it up, to the length."""
    fd = open(path, O_WRONLY)
    try:
        ftruncate(fd, length)
    finally:
        close(fd)


class DirEntry:
    """A name in a directory; what it is gets looked up when asked for."""

    def __init__(self, directory, name):
        self.name = name
        self.path = path.join(directory, name)

    def __repr__(self):
        return f'<DirEntry {self.name!r}>'

    def __fspath__(self):
        return self.path

    def stat(self, *, follow_symlinks=True):
        return stat(self.path) if follow_symlinks else lstat(self.path)

    def inode(self):
        return lstat(self.path).st_ino

    def _is(self, kind, follow_symlinks):
        try:
            return self.stat(follow_symlinks=follow_symlinks).st_mode & 0o170000 == kind
        except FileNotFoundError:
            return False

    def is_dir(self, *, follow_symlinks=True):
        return self._is(0o040000, follow_symlinks)

    def is_file(self, *, follow_symlinks=True):
        return self._is(0o100000, follow_symlinks)

    def is_symlink(self):
        return self._is(0o120000, False)


class _Scan:

    def __init__(self, entries):
        self._entries = entries

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._entries)

    def close(self):
        self._entries = iter(())

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()


def scandir(path='.'):
    """Iterate over what is in the directory."""
    directory = fspath(path)
    return _Scan(iter([DirEntry(directory, name) for name in listdir(directory)]))


def fdopen(fd, *args, **kwargs):
    """A file object on an open descriptor."""
    import io
    if not isinstance(fd, int):
        raise TypeError('invalid fd type (%s, expected integer)' % type(fd))
    return io.open(fd, *args, **kwargs)


def access(path, mode):
    """May the process do with the file what mode says?"""
    return _posix._access(path, mode)


def makedirs(name, mode=0o777, exist_ok=False):
    """Make a directory and those above it."""
    head, tail = path.split(name)
    if not tail:
        head, tail = path.split(head)
    if head and tail and not path.exists(head):
        try:
            makedirs(head, exist_ok=exist_ok)
        except FileExistsError:
            pass
    try:
        mkdir(name, mode)
    except OSError:
        if not exist_ok or not path.isdir(name):
            raise


def removedirs(name):
    """Remove a directory and those above it that are empty then."""
    rmdir(name)
    head, tail = path.split(name)
    while head and tail:
        try:
            rmdir(head)
        except OSError:
            break
        head, tail = path.split(head)


def walk(top, topdown=True, onerror=None, followlinks=False):
    """Yield (directory, names of directories, names of files) for the tree below top."""
    top = fspath(top)
    try:
        names = listdir(top)
    except OSError as error:
        if onerror is not None:
            onerror(error)
        return
    directories, files = [], []
    for entry in names:
        (directories if path.isdir(path.join(top, entry)) else files).append(entry)
    if topdown:
        yield top, directories, files
    for directory in directories:
        below = path.join(top, directory)
        if followlinks or not path.islink(below):
            yield from walk(below, topdown, onerror, followlinks)
    if not topdown:
        yield top, directories, files


class _Environ(_MutableMapping):

    def __init__(self, data):
        self._data = data

    @staticmethod
    def _check(value):
        if not isinstance(value, str):
            raise TypeError(f'str expected, not {type(value).__name__}')
        return value

    def __getitem__(self, key):
        try:
            return self._data[self._check(key)]
        except KeyError:
            raise KeyError(key) from None

    def __setitem__(self, key, value):
        self._data[self._check(key)] = self._check(value)

    def __delitem__(self, key):
        try:
            del self._data[self._check(key)]
        except KeyError:
            raise KeyError(key) from None

    def __iter__(self):
        yield from list(self._data)

    def __len__(self):
        return len(self._data)

    def __repr__(self):
        fields = ', '.join(f'{key!r}: {value!r}' for key, value in self._data.items())
        return f'environ({{{fields}}})'

    def copy(self):
        """A dict of the variables."""
        return dict(self)

    def setdefault(self, key, value):
        if key not in self:
            self[key] = value
        return self[key]

    def __or__(self, other):
        return {**self, **other} if hasattr(other, 'keys') else NotImplemented

    def __ror__(self, other):
        return {**other, **self} if hasattr(other, 'keys') else NotImplemented

    def __ior__(self, other):
        self.update(other)
        return self


environ = _Environ(_posix.environ)


def getenv(key, default=None):
    """A variable of the environment."""
    return environ.get(key, default)


def getlogin():
    """The user's name."""
    return environ.get('USER', 'root')


def get_exec_path(env=None):
    """The directories of PATH."""
    env = environ if env is None else env
    return env.get('PATH', defpath).split(pathsep)


def abort():
    """End the process at once."""
    kill(getpid(), 6)


def WIFEXITED(status):
    """Did the process end by itself?"""
    return status & 0x7f == 0


def WEXITSTATUS(status):
    """The status the process ended with."""
    return status >> 8 & 0xff


def WIFSTOPPED(status):
    """Has the process been stopped?"""
    return status & 0xff == 0x7f


def WSTOPSIG(status):
    """The signal that stopped the process."""
    return status >> 8 & 0xff


def WIFSIGNALED(status):
    """Did a signal end the process?"""
    return status & 0x7f not in (0, 0x7f)


def WTERMSIG(status):
    """The signal that ended the process."""
    return status & 0x7f


def WCOREDUMP(status):
    """Did the process leave an image of its memory?"""
    return bool(status & 0x80)


def WIFCONTINUED(status):
    """Does the process go on after it was stopped?"""
    return status == 0xffff


def waitstatus_to_exitcode(status):
    """The exit status of a process, or the number of the signal that ended it, negated."""
    if WIFEXITED(status):
        return WEXITSTATUS(status)
    if WIFSIGNALED(status):
        return -WTERMSIG(status)
    if WIFSTOPPED(status):
        raise ValueError(f'process stopped by delivery of signal {WSTOPSIG(status)}')
    raise ValueError(f'invalid wait status: {status}')


def wait():
    """Wait for any process we have started: its number and its status."""
    return waitpid(-1, 0)


def system(command):
    """Run a shell command; its status as waitpid() gives it."""
    variables = [fsencode(key) + b'=' + fsencode(value) for key, value in environ.items()]
    arguments = [b'sh', b'-c', fsencode(command)]
    pid = _posix._spawn(b'/bin/sh', arguments, variables, None, (-1, -1, -1), (), False, True,
                        False, -1)
    if pid < 0:
        raise OSError(-pid, strerror(-pid))
    return waitpid(pid, 0)[1]


def popen(cmd, mode='r', buffering=-1):
    """A file that reads what a shell command writes, or writes what it reads."""
    import io
    import subprocess
    if not isinstance(cmd, str):
        raise TypeError('invalid cmd type (%s, expected string)' % type(cmd))
    if mode not in ('r', 'w'):
        raise ValueError('invalid mode %r' % mode)
    if buffering == 0 or buffering is None:
        raise ValueError('popen() does not support unbuffered streams')
    end = 'stdout' if mode == 'r' else 'stdin'
    process = subprocess.Popen(cmd, shell=True, text=True, bufsize=buffering,
                               **{end: subprocess.PIPE})
    return _PipeFile(getattr(process, end), process)


class _PipeFile:
    """The file of popen(): closing it waits for the command."""

    def __init__(self, stream, process):
        self._stream = stream
        self._process = process

    def close(self):
        self._stream.close()
        status = self._process.wait()
        if status == 0:
            return None
        return -status if status < 0 else status << 8

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def __iter__(self):
        return iter(self._stream)
