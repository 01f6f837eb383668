"""What a started process does before its work: become like its parent (H50)."""

import os
import sys
import threading
import types

import _multiprocessing

from . import process, util
from .context import _force_start_method

__all__ = ['get_executable', 'set_executable', 'get_preparation_data', 'prepare', 'serve',
           'freeze_support', 'import_main_path']

_executable = sys.executable
# Descriptors that came with the work.
_inherited = []


def set_executable(executable):
    """What sys.executable of the children shall be."""
    global _executable
    _executable = executable


def get_executable():
    """What sys.executable of the children will be."""
    return _executable


def freeze_support():
    """Programs are not frozen here: nothing to do."""


def inherited_fd(place):
    """A descriptor from the parent."""
    return _inherited[place]


def _check_not_importing_main():
    if getattr(process.current_process(), '_inheriting', False):
        raise RuntimeError('''
        An attempt has been made to start a new process before the
        current process has finished its bootstrapping phase.

        The main module is run again in every process that is started.
        What starts processes there must not be run again: put it below

            if __name__ == '__main__':
        ''')


def get_preparation_data(name):
    """What a child must know to become like this process."""
    _check_not_importing_main()
    data = {
        'name': name,
        'authkey': process.current_process().authkey,
        'sys_path': _absolute(sys.path),
        'sys_argv': sys.argv,
        'orig_dir': process.ORIGINAL_DIR,
        'dir': os.getcwd(),
        'start_method': 'spawn',
        'environ': dict(os.environ),
        'executable': _executable,
    }
    main = sys.modules['__main__']
    name = getattr(getattr(main, '__spec__', None), 'name', None)
    path = getattr(main, '__file__', None)
    if name is not None:
        data['init_main_from_name'] = name
    elif path is not None:
        if not os.path.isabs(path) and process.ORIGINAL_DIR is not None:
            path = os.path.join(process.ORIGINAL_DIR, path)
        data['init_main_from_path'] = os.path.normpath(path)
    return data


def _absolute(path):
    path = path.copy()
    if '' in path:
        path[path.index('')] = process.ORIGINAL_DIR
    return path


def prepare(data):
    """Become like the parent, and have its main module under the name `__mp_main__`."""
    current = process.current_process()
    current.name = data['name']
    _multiprocessing.name_process(current.name)
    current.authkey = data['authkey']
    sys.path = data['sys_path']
    sys.argv = data['sys_argv']
    sys.executable = data['executable']
    set_executable(data['executable'])
    if 'environ' in data and data['environ'] != dict(os.environ):
        os.environ.clear()
        os.environ.update(data['environ'])
    if data['dir'] != os.getcwd():
        os.chdir(data['dir'])
    process.ORIGINAL_DIR = data['orig_dir']
    _force_start_method(data['start_method'])
    if 'init_main_from_name' in data:
        _import_main_name(data['init_main_from_name'])
    elif 'init_main_from_path' in data:
        import_main_path(data['init_main_from_path'])


def _import_main_name(name):
    """The module that the parent was started with (`-m`)."""
    # A package's __main__ does nothing that others could need.
    if name == '__main__' or name.endswith('.__main__'):
        return
    from importlib.util import find_spec
    import_main_path(find_spec(name).origin, name.rpartition('.')[0])


def import_main_path(path, package=''):
    """Run the file of the parent's main module again."""
    # As CPython: IPython's main module is not to be run again.
    if os.path.splitext(os.path.basename(path))[0] == 'ipython':
        return
    main = types.ModuleType('__mp_main__')
    main.__file__ = path
    main.__package__ = package
    main.__builtins__ = __builtins__
    exec(compile(_read_file(path), path, 'exec', dont_inherit=True), main.__dict__)
    sys.modules['__main__'] = sys.modules['__mp_main__'] = main


def _read_file(path):
    # Without the module io, which a child may not need.
    fd = os.open(path, os.O_RDONLY)
    try:
        parts = []
        while part := os.read(fd, 1 << 20):
            parts.append(part)
        return b''.join(parts)
    finally:
        os.close(fd)


def _receive(control, length):
    data = _multiprocessing.read(control, length)
    if len(data) < length:
        # The parent has given up before it said what to do.
        os._exit(1)
    return data


def serve():
    """A started process: get the work from the parent, do it, exit with its status."""
    from pickle import loads
    # What was imported may have been so in another process.
    threading.main_thread()._native_id = threading.get_native_id()
    control = _multiprocessing.control()
    head = _receive(control, 24)
    count, preparation, work = (int.from_bytes(head[i:i + 8], 'big') for i in (0, 8, 16))
    while len(_inherited) < count:
        _inherited.extend(_multiprocessing.receive_fds(control) or os._exit(1))
    preparation = loads(_receive(control, preparation))
    work = _receive(control, work)
    current = process.current_process()
    current._inheriting = True
    try:
        prepare(preparation)
        work = loads(work)
    finally:
        del current._inheriting
    sys.exit(work._bootstrap(parent_sentinel=control))
