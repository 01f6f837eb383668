"""What the machine, the system and the interpreter are."""

import os
import sys
from collections import namedtuple

__all__ = ['architecture', 'machine', 'node', 'platform', 'processor', 'python_build',
           'python_compiler', 'python_implementation', 'python_version', 'python_version_tuple',
           'release', 'system', 'uname', 'uname_result', 'version']

uname_result = namedtuple('uname_result', 'system node release version machine')
uname_result.__module__ = 'platform'


def _read(path):
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return ''


def _machine():
    """The processor's architecture: the fifth word that identifies the program loader."""
    for name, path in (('x86_64', '/lib64/ld-linux-x86-64.so.2'),
                       ('aarch64', '/lib/ld-linux-aarch64.so.1')):
        if os.path.exists(path):
            return name
    return ''


_uname = None


def uname():
    """System, name in the network, release, version, machine."""
    global _uname
    if _uname is None:
        if hasattr(os, 'uname'):
            _uname = uname_result(*os.uname())
        else:
            kernel = '/proc/sys/kernel/'
            _uname = uname_result(_read(kernel + 'ostype') or sys.platform.capitalize(),
                                  _read(kernel + 'hostname'), _read(kernel + 'osrelease'),
                                  _read(kernel + 'version'), _machine())
    return _uname


def system():
    return uname().system


def node():
    return uname().node


def release():
    return uname().release


def version():
    return uname().version


def machine():
    return uname().machine


def processor():
    return ''


def architecture(executable=sys.executable, bits='', linkage=''):
    """Width of an address, and the format of programs."""
    return bits or '64bit', linkage or 'ELF'


def platform(aliased=False, terse=False):
    """One word for all of it."""
    name = uname()
    parts = [name.system, name.release] + ([] if terse else [name.machine])
    return '-'.join(part.replace(' ', '_') for part in parts if part)


def python_implementation():
    return sys.implementation.name if sys.implementation.name != 'cpython' else 'CPython'


def python_version():
    return '.'.join(map(str, sys.version_info[:3]))


def python_version_tuple():
    return tuple(map(str, sys.version_info[:3]))


def python_build():
    return 'main', ''


def python_compiler():
    return ''
