"""Paths that match a pattern of the shell; ** stands for any number of folders."""

import fnmatch
import os
import re

__all__ = ['escape', 'glob', 'iglob']

_magic = re.compile(r'[*?[]')


def has_magic(s):
    """Does s hold characters that have a meaning here?"""
    if isinstance(s, bytes):
        s = s.decode('latin-1')
    return _magic.search(s) is not None


def glob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    """A list of the paths that match, in the order of the folders."""
    return list(iglob(pathname, root_dir=root_dir, dir_fd=dir_fd, recursive=recursive,
                      include_hidden=include_hidden))


def iglob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    """As glob(), one path after another."""
    if dir_fd is not None:
        raise NotImplementedError('glob: dir_fd unavailable on this platform')
    if isinstance(pathname, bytes):
        root = None if root_dir is None else os.fsdecode(root_dir)
        found = _find(os.fsdecode(pathname), root or '', recursive, False, include_hidden)
        paths = (os.fsencode(path) for path in found)
    else:
        root = '' if root_dir is None else os.fspath(root_dir)
        paths = _find(pathname, root, recursive, False, include_hidden)
    empty = pathname[:0]
    if not pathname or recursive and pathname[:2] in ('**', b'**'):
        # The folder itself is not shown.
        paths = (path for path in paths if path != empty)
    return iter(paths)


def _is_recursive(pattern):
    return pattern == '**'


def _find(pathname, root, recursive, folders_only, hidden):
    dirname, basename = os.path.split(pathname)
    if not has_magic(pathname):
        full = os.path.join(root, pathname)
        if basename:
            if os.path.lexists(full):
                yield pathname
        elif os.path.isdir(os.path.join(root, dirname)):
            yield pathname
        return
    if not dirname:
        if recursive and _is_recursive(basename):
            yield from _below(root, basename, folders_only, hidden)
        else:
            yield from _in_folder(root, basename, folders_only, hidden)
        return
    if dirname != pathname and has_magic(dirname):
        folders = _find(dirname, root, recursive, True, hidden)
    else:
        folders = [dirname]
    for folder in folders:
        full = os.path.join(root, folder)
        if not has_magic(basename):
            names = _literal(full, basename)
        elif recursive and _is_recursive(basename):
            names = _below(full, basename, folders_only, hidden)
        else:
            names = _in_folder(full, basename, folders_only, hidden)
        for name in names:
            yield os.path.join(folder, name)


def _literal(folder, name):
    if name:
        return [name] if os.path.lexists(os.path.join(folder, name)) else []
    return [name] if os.path.isdir(folder) else []


def _names(folder, folders_only):
    try:
        names = os.listdir(folder or os.curdir)
    except OSError:
        return []
    if folders_only:
        names = [name for name in names if os.path.isdir(os.path.join(folder, name))]
    return names


def _in_folder(folder, pattern, folders_only, hidden):
    names = _names(folder, folders_only)
    if not hidden and pattern[0] != '.':
        names = [name for name in names if name[0] != '.']
    return fnmatch.filter(names, pattern)


def _below(folder, pattern, folders_only, hidden):
    if not folder or os.path.isdir(folder):
        yield pattern[:0]
    yield from _walk(folder, folders_only, hidden)


def _walk(folder, folders_only, hidden):
    for name in _names(folder, folders_only):
        if hidden or name[0] != '.':
            yield name
            full = os.path.join(folder, name) if folder else name
            for inner in _walk(full, folders_only, hidden):
                yield os.path.join(name, inner)


def escape(pathname):
    """pathname with all special characters in brackets."""
    if isinstance(pathname, bytes):
        return re.sub(rb'([*?[])', rb'[\1]', pathname)
    return re.sub(r'([*?[])', r'[\1]', pathname)
