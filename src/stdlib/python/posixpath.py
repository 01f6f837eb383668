"""Paths as POSIX systems write them. Behaviour after Lib/posixpath.py of CPython 3.11."""

import posix as _posix

__all__ = [
    'abspath', 'basename', 'commonpath', 'commonprefix', 'dirname', 'exists', 'expanduser',
    'expandvars', 'getatime', 'getctime', 'getmtime', 'getsize', 'isabs', 'isdir', 'isfile',
    'islink', 'ismount', 'join', 'lexists', 'normcase', 'normpath', 'realpath', 'relpath',
    'samefile', 'split', 'splitdrive', 'splitext', 'curdir', 'pardir', 'sep', 'pathsep', 'defpath',
    'extsep', 'altsep', 'devnull',
]

curdir = '.'
pardir = '..'
extsep = '.'
sep = '/'
pathsep = ':'
defpath = '/bin:/usr/bin'
altsep = None
devnull = '/dev/null'


def _fspath(path):
    if isinstance(path, (str, bytes)):
        return path
    try:
        convert = type(path).__fspath__
    except AttributeError:
        raise TypeError('expected str, bytes or os.PathLike object, '
                        f'not {type(path).__name__}') from None
    return convert(path)


def _sep(path):
    return b'/' if isinstance(path, bytes) else '/'


def _dots(path):
    return (b'.', b'..') if isinstance(path, bytes) else ('.', '..')


def _check_types(function, *paths):
    has_str = has_bytes = False
    for path in paths:
        if isinstance(path, str):
            has_str = True
        elif isinstance(path, bytes):
            has_bytes = True
        else:
            raise TypeError(f'{function}() argument must be str, bytes, or os.PathLike object, '
                            f'not {type(path).__name__!r}') from None
    if has_str and has_bytes:
        raise TypeError("Can't mix strings and bytes in path components") from None


def normcase(path):
    """The path itself: case counts."""
    return _fspath(path)


def isabs(path):
    """Does the path start at the root?"""
    path = _fspath(path)
    return path.startswith(_sep(path))


def join(a, *parts):
    """Put parts together with a slash between them; an absolute part starts anew."""
    a = _fspath(a)
    slash = _sep(a)
    path = a
    try:
        if not parts:
            path[:0] + slash
        for part in map(_fspath, parts):
            if part.startswith(slash):
                path = part
            elif not path or path.endswith(slash):
                path += part
            else:
                path += slash + part
    except (TypeError, AttributeError, BytesWarning):
        _check_types('join', a, *parts)
        raise
    return path


def split(path):
    """The path before and after the last slash."""
    path = _fspath(path)
    slash = _sep(path)
    i = path.rfind(slash) + 1
    head, tail = path[:i], path[i:]
    if head and head != slash * len(head):
        head = head.rstrip(slash)
    return head, tail


def splitext(path):
    """The path without its extension, and the extension with its dot."""
    path = _fspath(path)
    slash = _sep(path)
    dot = _dots(path)[0]
    start = path.rfind(slash) + 1
    at = path.rfind(dot)
    # Leading dots belong to the name.
    if at > start and path[start:at].strip(dot):
        return path[:at], path[at:]
    return path, path[:0]


def splitdrive(path):
    """There are no drives: an empty one and the path."""
    path = _fspath(path)
    return path[:0], path


def basename(path):
    """What follows the last slash."""
    path = _fspath(path)
    return path[path.rfind(_sep(path)) + 1:]


def dirname(path):
    """What stands before the last slash."""
    return split(path)[0]


def _stat(path):
    try:
        return _posix.stat(path)
    except (OSError, ValueError):
        return None


def _lstat(path):
    try:
        return _posix.lstat(path)
    except (OSError, ValueError):
        return None


def _kind(status):
    return 0 if status is None else status[0] & 0o170000


def exists(path):
    """Is there anything at the path? False for a broken link."""
    return _stat(path) is not None


def lexists(path):
    """Is there anything at the path, be it a broken link?"""
    return _lstat(path) is not None


def isfile(path):
    """Is there a regular file at the path?"""
    return _kind(_stat(path)) == 0o100000


def isdir(path):
    """Is there a directory at the path?"""
    return _kind(_stat(path)) == 0o040000


def islink(path):
    """Is the path itself a symbolic link?"""
    return _kind(_lstat(path)) == 0o120000


def ismount(path):
    """Is the path where another file system begins?"""
    here = _lstat(path)
    if _kind(here) != 0o040000:
        return False
    above = _lstat(join(path, _dots(_fspath(path))[1]))
    return above is not None and (here[2] != above[2] or here[1] == above[1])


def getsize(path):
    """The size of the file in bytes."""
    return _posix.stat(path)[6]


def getatime(path):
    """When the file was last read."""
    return _posix.stat(path)[10]


def getmtime(path):
    """When the file was last changed."""
    return _posix.stat(path)[11]


def getctime(path):
    """When the file's record was last changed."""
    return _posix.stat(path)[12]


def samefile(path1, path2):
    """Do both paths lead to the same file?"""
    return _posix.stat(path1)[1:3] == _posix.stat(path2)[1:3]


def expanduser(path):
    """Replace a leading ~ by the home directory."""
    path = _fspath(path)
    binary = isinstance(path, bytes)
    text = path.decode() if binary else path
    if text != '~' and not text.startswith('~/'):
        return path
    import os
    home = os.environ.get('HOME')
    if home is None:
        return path
    text = (home.rstrip('/') + text[1:]) or '/'
    return text.encode() if binary else text


def expandvars(path):
    """Replace $NAME and ${NAME} by variables of the environment; unknown ones stay."""
    path = _fspath(path)
    if isinstance(path, bytes):
        return expandvars(path.decode()).encode()
    import os
    out = []
    i = 0
    while i < len(path):
        if path[i] != '$':
            out.append(path[i])
            i += 1
            continue
        if path[i + 1:i + 2] == '{':
            end = path.find('}', i)
            name, stop = path[i + 2:end], end + 1
            if end < 0:
                out.append(path[i:])
                break
        else:
            stop = i + 1
            while stop < len(path) and (path[stop] == '_' or path[stop].isascii()
                                        and path[stop].isalnum()):
                stop += 1
            name = path[i + 1:stop]
        out.append(os.environ.get(name, path[i:stop]) if name else path[i:stop])
        i = stop
    return ''.join(out)


def normpath(path):
    """The path without doubled slashes, '.' and 'x/..'."""
    path = _fspath(path)
    slash = _sep(path)
    dot, dotdot = _dots(path)
    if not path:
        return dot
    # Two leading slashes have a meaning of their own; three have not.
    root = path[:0]
    if path.startswith(slash):
        root = slash
        if path.startswith(slash * 2) and not path.startswith(slash * 3):
            root = slash * 2
    parts = []
    for part in path.split(slash):
        if not part or part == dot:
            continue
        if part != dotdot or (not root and not parts) or (parts and parts[-1] == dotdot):
            parts.append(part)
        elif parts:
            parts.pop()
    return root + slash.join(parts) or dot


def abspath(path):
    """The path from the root, normalized."""
    path = _fspath(path)
    if not isabs(path):
        here = _posix.getcwd()
        path = join(here.encode() if isinstance(path, bytes) else here, path)
    return normpath(path)


def realpath(filename, *, strict=False):
    """The path without symbolic links."""
    path = abspath(filename)
    if strict:
        _posix.stat(path)
    slash = _sep(path)
    done = slash
    rest = path.split(slash)[::-1]
    links = 0
    while rest:
        part = rest.pop()
        if not part or part == _dots(path)[0]:
            continue
        if part == _dots(path)[1]:
            done = dirname(done)
            continue
        here = join(done, part)
        if not islink(here) or links > 40:
            done = here
            continue
        links += 1
        target = _posix.readlink(here)
        if isabs(target):
            done = slash
        rest.extend(target.split(slash)[::-1])
    return done


def relpath(path, start=None):
    """The path as seen from the directory start."""
    if not path:
        raise ValueError('no path specified')
    path = _fspath(path)
    slash = _sep(path)
    dot, dotdot = _dots(path)
    start = dot if start is None else _fspath(start)
    try:
        origin = [part for part in abspath(start).split(slash) if part]
        target = [part for part in abspath(path).split(slash) if part]
    except (TypeError, AttributeError, BytesWarning):
        _check_types('relpath', path, start)
        raise
    same = 0
    while same < len(origin) and same < len(target) and origin[same] == target[same]:
        same += 1
    parts = [dotdot] * (len(origin) - same) + target[same:]
    return slash.join(parts) if parts else dot


def commonprefix(paths):
    """The longest text that all paths begin with."""
    if not paths:
        return ''
    if not isinstance(paths[0], (list, tuple)):
        paths = tuple(map(_fspath, paths))
    low, high = min(paths), max(paths)
    for i, char in enumerate(low):
        if char != high[i]:
            return low[:i]
    return low


def commonpath(paths):
    """The longest path that all paths lie below."""
    if not paths:
        raise ValueError('commonpath() arg is an empty sequence')
    paths = tuple(map(_fspath, paths))
    slash = _sep(paths[0])
    dot = _dots(paths[0])[0]
    try:
        split_paths = [path.split(slash) for path in paths]
        absolute = {path.startswith(slash) for path in paths}
    except (TypeError, AttributeError):
        _check_types('commonpath', *paths)
        raise
    if len(absolute) > 1:
        raise ValueError("Can't mix absolute and relative paths") from None
    split_paths = [[part for part in parts if part and part != dot] for parts in split_paths]
    low, high = min(split_paths), max(split_paths)
    common = low
    for i, part in enumerate(low):
        if part != high[i]:
            common = low[:i]
            break
    return (slash if absolute.pop() else slash[:0]) + slash.join(common)
