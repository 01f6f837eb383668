"""Managers: a process that keeps objects, and proxies for them in others (H57)."""

import queue
import sys
import threading
import time
import traceback

from . import get_context, pool, process, util
from .connection import Client, Listener
from .context import ProcessError, get_spawning_popen

__all__ = ['BaseManager', 'SyncManager', 'BaseProxy', 'Token']

# Seconds for the server to end by itself.
_PATIENCE = 5.0


class Token:
    """Names an object of a server."""

    __slots__ = ('typeid', 'address', 'id')

    def __init__(self, typeid, address, id):
        self.typeid, self.address, self.id = typeid, address, id

    def __getstate__(self):
        return self.typeid, self.address, self.id

    def __setstate__(self, state):
        self.typeid, self.address, self.id = state

    def __repr__(self):
        return (f'{type(self).__name__}(typeid={self.typeid!r}, address={self.address!r}, '
                f'id={self.id!r})')


class RemoteError(Exception):
    """The server could not do what it was asked to."""

    def __str__(self):
        line = '-' * 75
        return f'\n{line}\n{self.args[0]}{line}'


# Of each thread its connections, by address, and whether it is using one.
_own = threading.local()


def _connections():
    try:
        return _own.connections
    except AttributeError:
        _own.is_busy = False
        _own.connections = {}
        return _own.connections


def _exchange(address, authkey, request):
    """
    Send a request over this thread's connection: the server's answer. A finalizer that runs while
    the thread waits for another answer gets a connection of its own.
    """
    connections = _connections()
    if _own.is_busy:
        with Client(address, authkey=authkey) as conn:
            conn.send(request)
            return conn.recv()
    _own.is_busy = True
    try:
        conn = connections.get(address)
        if conn is None:
            conn = connections[address] = Client(address, authkey=authkey)
        try:
            conn.send(request)
            return conn.recv()
        except (EOFError, OSError):
            # The server has gone; another one may have its address some day.
            del connections[address]
            raise
    finally:
        _own.is_busy = False


def _ask(address, authkey, name, *args, **kwds):
    """What the server itself gives."""
    kind, result = _exchange(address, authkey, (None, name, args, kwds))
    if kind == '#RETURN':
        return result
    raise _remote_exception(kind, result)


def _remote_exception(kind, result):
    if kind == '#ERROR':
        return result
    if kind in ('#TRACEBACK', '#UNSERIALIZABLE'):
        return RemoteError(f'{"Unserializable message: " if kind != "#TRACEBACK" else ""}{result}')
    return ValueError(f'Unrecognized message type {kind!r}')


def _public_methods(obj):
    return [name for name in dir(obj) if name[0] != '_' and callable(getattr(obj, name))]


_VIEWS = type({}.keys()), type({}.values()), type({}.items())


class _Kept:
    """An object of a server."""

    def __init__(self, obj, exposed, method_to_typeid):
        self.obj = obj
        self.exposed = frozenset(exposed)
        self.method_to_typeid = method_to_typeid
        self.references = 0


class Server:
    """Keeps objects and calls their methods for others, each connection in a thread."""

    public = ('shutdown', 'create', 'get_methods', 'number_of_objects', 'debug_info', 'dummy',
              'incref', 'decref')

    def __init__(self, registry, address, authkey):
        if not isinstance(authkey, bytes):
            raise TypeError(f'Authkey {authkey!r} is type {type(authkey)!s}, not bytes')
        self.registry = registry
        self.authkey = process.AuthenticationString(authkey)
        self.listener = Listener(address=address, backlog=128, authkey=self.authkey)
        self.address = self.listener.address
        self.kept = {}
        self.mutex = threading.Lock()
        self.stop_event = threading.Event()

    def serve_forever(self):
        """Serve until somebody calls shutdown()."""
        process.current_process()._manager_server = self
        accepter = threading.Thread(target=self.accept_all, daemon=True)
        accepter.start()
        try:
            while not self.stop_event.is_set():
                self.stop_event.wait(1)
        except (KeyboardInterrupt, SystemExit):
            pass
        sys.exit(0)

    def accept_all(self):
        while True:
            try:
                conn = self.listener.accept()
            except OSError:
                if self.listener._socket is None:
                    return
                continue
            except Exception:
                # Somebody without the key.
                continue
            threading.Thread(target=self.serve_client, args=(conn,), daemon=True).start()

    def serve_client(self, conn):
        """The requests of one thread of a client."""
        while not self.stop_event.is_set():
            try:
                request = conn.recv()
            except (EOFError, OSError):
                conn.close()
                return
            except Exception:
                answer = '#TRACEBACK', traceback.format_exc()
            else:
                answer = self.answer(*request)
            try:
                conn.send(answer)
            except (BrokenPipeError, ConnectionError):
                conn.close()
                return
            except Exception:
                conn.send(('#UNSERIALIZABLE', traceback.format_exc()))
            request = answer = None

    def answer(self, ident, name, args, kwds):
        try:
            if ident is None:
                if name not in self.public:
                    raise AttributeError(f'no function {name!r} of the server')
                return '#RETURN', getattr(self, name)(*args, **kwds)
            kept = self.kept.get(ident)
            if kept is None:
                raise KeyError(ident)
            if name in kept.exposed:
                return self.call(kept, name, args, kwds)
            return self.fall_back(kept, ident, name, args)
        except Exception:
            return '#TRACEBACK', traceback.format_exc()

    def call(self, kept, name, args, kwds):
        try:
            result = getattr(kept.obj, name)(*args, **kwds)
        except Exception as e:
            return '#ERROR', e
        typeid = kept.method_to_typeid.get(name)
        if typeid is None:
            # Views of a dictionary cannot be pickled.
            return '#RETURN', list(result) if isinstance(result, _VIEWS) else result
        ident, exposed = self.create(typeid, result)
        return '#PROXY', (exposed, Token(typeid, self.address, ident))

    def fall_back(self, kept, ident, name, args):
        if name == '__str__':
            return '#RETURN', str(kept.obj)
        if name == '__repr__':
            return '#RETURN', repr(kept.obj)
        if name == '#GETVALUE':
            return '#RETURN', kept.obj
        kind = type(kept.obj)
        raise AttributeError(f'method {name!r} of {kind!r} object is not in exposed='
                             f'{set(kept.exposed)!r}')

    # --- what managers and proxies ask for ---

    def create(self, typeid, /, *args, **kwds):
        """Make an object: its identity and the names of its methods."""
        maker, exposed, method_to_typeid, _ = self.registry[typeid]
        if maker is None:
            if kwds or len(args) != 1:
                raise ValueError('Without callable, must have one non-keyword argument')
            obj = args[0]
        else:
            obj = maker(*args, **kwds)
        exposed = set(exposed or _public_methods(obj)) | set(method_to_typeid or ())
        ident = f'{id(obj):x}'
        with self.mutex:
            kept = self.kept.get(ident)
            if kept is None:
                kept = self.kept[ident] = _Kept(obj, exposed, dict(method_to_typeid or {}))
            # For the proxy that is about to be made; it gives this one back.
            kept.references += 1
        return ident, tuple(exposed)

    def get_methods(self, token):
        """The names of an object's methods."""
        return tuple(self.kept[token.id].exposed)

    def incref(self, ident):
        """One more proxy."""
        with self.mutex:
            self.kept[ident].references += 1

    def decref(self, ident):
        """One proxy less; the last takes the object with it."""
        with self.mutex:
            kept = self.kept[ident]
            kept.references -= 1
            if kept.references <= 0:
                del self.kept[ident]
        kept = None

    def number_of_objects(self):
        """How many objects there are."""
        return len(self.kept)

    def debug_info(self):
        """The objects as text."""
        with self.mutex:
            return '\n'.join(f'  {ident}:       refcount={kept.references}\n    '
                             f'{str(kept.obj)[:75]}' for ident, kept in sorted(self.kept.items()))

    def dummy(self):
        """Nothing: shows that the server is there."""

    def shutdown(self):
        """End the server."""
        self.stop_event.set()


def _run_server(registry, address, authkey, writer, initializer, initargs):
    """The life of a manager's process."""
    # Ctrl-C is for the program: it ends the server when it ends.
    import signal
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if initializer is not None:
        initializer(*initargs)
    server = Server(registry, address, authkey)
    writer.send(server.address)
    writer.close()
    server.serve_forever()


def _end_server(child, address, authkey, patience):
    """Have the server's process end, whatever it takes."""
    if child.is_alive():
        try:
            _ask(address, authkey, 'shutdown')
        except Exception:
            pass
        child.join(patience)
        if child.is_alive():
            child.terminate()
            child.join(patience)
            if child.is_alive():
                child.kill()
                child.join()


class BaseManager:
    """A process that keeps objects of registered types."""

    _registry = {}

    def __init__(self, address=None, authkey=None, serializer='pickle', ctx=None, *,
                 shutdown_timeout=_PATIENCE):
        self._authkey = process.AuthenticationString(
            process.current_process().authkey if authkey is None else authkey)
        self._address = address
        self._state = 'INITIAL'
        self._ctx = ctx or get_context()
        self._patience = shutdown_timeout
        self._process = None

    def start(self, initializer=None, initargs=()):
        """Start the process."""
        self._check_initial()
        if initializer is not None and not callable(initializer):
            raise TypeError('initializer must be a callable')
        reader, writer = self._ctx.Pipe(duplex=False)
        child = self._process = self._ctx.Process(
            target=_run_server,
            args=(self._registry, self._address, self._authkey, writer, initializer, initargs))
        child.name = f'{type(self).__name__}-{":".join(str(i) for i in child._identity)}'
        child.start()
        writer.close()
        with reader:
            self._address = reader.recv()
        self._state = 'STARTED'
        self.shutdown = util.Finalize(
            self, _end_server, (child, self._address, self._authkey, self._patience),
            exitpriority=0)

    def _check_initial(self):
        if self._state == 'STARTED':
            raise ProcessError('Already started server')
        if self._state == 'SHUTDOWN':
            raise ProcessError('Manager has shut down')

    def get_server(self):
        """A server to be run in this process."""
        self._check_initial()
        return Server(self._registry, self._address, self._authkey)

    def connect(self):
        """Use a server that runs already."""
        _ask(self._address, self._authkey, 'dummy')
        self._state = 'STARTED'

    def _create(self, typeid, /, *args, **kwds):
        assert self._state == 'STARTED', 'server not yet started'
        ident, exposed = _ask(self._address, self._authkey, 'create', typeid, *args, **kwds)
        return Token(typeid, self._address, ident), exposed

    def join(self, timeout=None):
        """Wait for the end of the process."""
        if self._process is not None:
            self._process.join(timeout)
            if not self._process.is_alive():
                self._process = None

    def _debug_info(self):
        return _ask(self._address, self._authkey, 'debug_info')

    def _number_of_objects(self):
        return _ask(self._address, self._authkey, 'number_of_objects')

    def __enter__(self):
        if self._state == 'INITIAL':
            self.start()
        assert self._state == 'STARTED'
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        self.shutdown()

    @property
    def address(self):
        """Where the server listens."""
        return self._address

    @classmethod
    def register(cls, typeid, callable=None, proxytype=None, exposed=None, method_to_typeid=None,
                 create_method=True):
        """Have managers of this class make objects of a type, by a method of that name."""
        if '_registry' not in cls.__dict__:
            cls._registry = cls._registry.copy()
        proxytype = proxytype or AutoProxy
        exposed = exposed or getattr(proxytype, '_exposed_', None)
        if method_to_typeid is None:
            method_to_typeid = getattr(proxytype, '_method_to_typeid_', None)
        cls._registry[typeid] = callable, exposed, method_to_typeid, proxytype
        if not create_method:
            return

        def make(self, /, *args, **kwds):
            token, exposed = self._create(typeid, *args, **kwds)
            return _new_proxy(proxytype, token, self, self._authkey, exposed)

        make.__name__ = typeid
        setattr(cls, typeid, make)


def _new_proxy(proxytype, token, manager, authkey, exposed):
    """A proxy of an object that has just been made."""
    proxy = proxytype(token, 'pickle', manager=manager, authkey=authkey, exposed=exposed)
    _ask(token.address, authkey, 'decref', token.id)
    return proxy


def _forget(token, authkey):
    """A proxy has died."""
    try:
        _ask(token.address, authkey, 'decref', token.id)
    except Exception:
        # The server has gone, and the object with it.
        pass


class BaseProxy:
    """Stands for an object of a server."""

    def __init__(self, token, serializer, manager=None, authkey=None, exposed=None, incref=True,
                 manager_owned=False):
        self._token = token
        self._id = token.id
        self._manager = manager
        self._owned_by_manager = manager_owned
        if authkey is None:
            authkey = process.current_process().authkey
        self._authkey = process.AuthenticationString(authkey)
        if incref and not manager_owned:
            _ask(token.address, self._authkey, 'incref', token.id)
            self._close = util.Finalize(self, _forget, (token, self._authkey), exitpriority=10)

    def _callmethod(self, methodname, args=(), kwds={}):
        """What the object's method gives."""
        request = self._id, methodname, args, kwds
        kind, result = _exchange(self._token.address, self._authkey, request)
        if kind == '#RETURN':
            return result
        if kind == '#PROXY':
            exposed, token = result
            proxytype = self._manager._registry[token.typeid][-1]
            return _new_proxy(proxytype, token, self._manager, self._authkey, exposed)
        try:
            raise _remote_exception(kind, result)
        finally:
            # The traceback has this frame.
            self = result = None

    def _getvalue(self):
        """A copy of the object."""
        return self._callmethod('#GETVALUE')

    def __reduce__(self):
        kwds = {}
        if get_spawning_popen() is not None:
            kwds['authkey'] = self._authkey
        if getattr(self, '_isauto', False):
            kwds['exposed'] = self._exposed_
            return RebuildProxy, (AutoProxy, self._token, 'pickle', kwds)
        return RebuildProxy, (type(self), self._token, 'pickle', kwds)

    def __deepcopy__(self, memo):
        return self._getvalue()

    def __repr__(self):
        return (f'<{type(self).__name__} object, typeid {self._token.typeid!r} at '
                f'{id(self):#x}>')

    def __str__(self):
        try:
            return self._callmethod('__repr__')
        except Exception:
            return repr(self)[:-1] + "; '__str__()' failed>"


def RebuildProxy(func, token, serializer, kwds):
    """A proxy in the process that gets it."""
    server = getattr(process.current_process(), '_manager_server', None)
    owned = server is not None and server.address == token.address
    return func(token, serializer, incref=not owned, manager_owned=owned, **kwds)


def MakeProxyType(name, exposed):
    """A class of proxies with such methods."""

    def method(name):
        def call(self, /, *args, **kwds):
            return self._callmethod(name, args, kwds)

        call.__name__ = name
        return call

    return type(name, (BaseProxy,), {
        '_exposed_': tuple(exposed), '__module__': __name__,
        **{each: method(each) for each in exposed},
    })


def AutoProxy(token, serializer, manager=None, authkey=None, exposed=None, incref=True,
              manager_owned=False):
    """A proxy with the public methods of its object."""
    if exposed is None:
        exposed = _ask(token.address, authkey or process.current_process().authkey, 'get_methods',
                       token)
    proxytype = MakeProxyType(f'AutoProxy[{token.typeid}]', exposed)
    proxy = proxytype(token, serializer, manager=manager, authkey=authkey, incref=incref,
                      manager_owned=manager_owned)
    proxy._isauto = True
    return proxy


# --- what a SyncManager keeps ---


class Namespace:
    """Attributes."""

    def __init__(self, /, **kwds):
        self.__dict__.update(kwds)

    def __repr__(self):
        shown = sorted(f'{name}={value!r}' for name, value in self.__dict__.items()
                       if not name.startswith('_'))
        return f'{type(self).__name__}({", ".join(shown)})'


class Value:
    """A value."""

    def __init__(self, typecode, value, lock=True):
        self._typecode = typecode
        self._value = value

    def get(self):
        """The value."""
        return self._value

    def set(self, value):
        """Change the value."""
        self._value = value

    def __repr__(self):
        return f'{type(self).__name__}({self._typecode!r}, {self._value!r})'

    value = property(get, set)


def Array(typecode, sequence, lock=True):
    """A list of values."""
    return list(sequence)


class IteratorProxy(BaseProxy):
    """An iterator of the server."""

    _exposed_ = ('__next__', 'send', 'throw', 'close')

    def __iter__(self):
        return self

    def __next__(self, *args):
        return self._callmethod('__next__', args)

    def send(self, *args):
        """Send a value into a generator."""
        return self._callmethod('send', args)

    def throw(self, *args):
        """Raise an exception in a generator."""
        return self._callmethod('throw', args)

    def close(self, *args):
        """Close a generator."""
        return self._callmethod('close', args)


class AcquirerProxy(BaseProxy):
    """A lock or semaphore."""

    _exposed_ = ('acquire', 'release')

    def acquire(self, blocking=True, timeout=None):
        """Acquire the lock."""
        return self._callmethod('acquire', (blocking,) if timeout is None else (blocking, timeout))

    def release(self):
        """Release the lock."""
        return self._callmethod('release')

    def __enter__(self):
        return self._callmethod('acquire')

    def __exit__(self, exc_type, exc_val, exc_tb):
        return self._callmethod('release')


class ConditionProxy(AcquirerProxy):
    """A condition."""

    _exposed_ = ('acquire', 'release', 'wait', 'notify', 'notify_all')

    def wait(self, timeout=None):
        """Wait until notified."""
        return self._callmethod('wait', (timeout,))

    def notify(self, n=1):
        """Wake n of those that wait."""
        return self._callmethod('notify', (n,))

    def notify_all(self):
        """Wake all that wait."""
        return self._callmethod('notify_all')

    def wait_for(self, predicate, timeout=None):
        """Wait until predicate() is true."""
        result = predicate()
        deadline = None if timeout is None else time.monotonic() + timeout
        while not result:
            remaining = None if deadline is None else deadline - time.monotonic()
            if remaining is not None and remaining <= 0:
                break
            self.wait(remaining)
            result = predicate()
        return result


class EventProxy(BaseProxy):
    """A flag."""

    _exposed_ = ('is_set', 'set', 'clear', 'wait')

    def is_set(self):
        """Is the flag set?"""
        return self._callmethod('is_set')

    def set(self):
        """Set the flag."""
        return self._callmethod('set')

    def clear(self):
        """Reset the flag."""
        return self._callmethod('clear')

    def wait(self, timeout=None):
        """Wait until the flag is set."""
        return self._callmethod('wait', (timeout,))


class BarrierProxy(BaseProxy):
    """A barrier."""

    _exposed_ = ('__getattribute__', 'wait', 'abort', 'reset')

    def wait(self, timeout=None):
        """Wait for the others."""
        return self._callmethod('wait', (timeout,))

    def abort(self):
        """Break the barrier."""
        return self._callmethod('abort')

    def reset(self):
        """Start anew."""
        return self._callmethod('reset')

    @property
    def parties(self):
        """How many pass together."""
        return self._callmethod('__getattribute__', ('parties',))

    @property
    def n_waiting(self):
        """How many wait."""
        return self._callmethod('__getattribute__', ('n_waiting',))

    @property
    def broken(self):
        """Is the barrier broken?"""
        return self._callmethod('__getattribute__', ('broken',))


class NamespaceProxy(BaseProxy):
    """Attributes; those that begin with an underscore are the proxy's."""

    _exposed_ = ('__getattribute__', '__setattr__', '__delattr__')

    def __getattr__(self, key):
        if key[0] == '_':
            return object.__getattribute__(self, key)
        return object.__getattribute__(self, '_callmethod')('__getattribute__', (key,))

    def __setattr__(self, key, value):
        if key[0] == '_':
            return object.__setattr__(self, key, value)
        return object.__getattribute__(self, '_callmethod')('__setattr__', (key, value))

    def __delattr__(self, key):
        if key[0] == '_':
            return object.__delattr__(self, key)
        return object.__getattribute__(self, '_callmethod')('__delattr__', (key,))


class ValueProxy(BaseProxy):
    """A value."""

    _exposed_ = ('get', 'set')

    def get(self):
        """The value."""
        return self._callmethod('get')

    def set(self, value):
        """Change the value."""
        return self._callmethod('set', (value,))

    value = property(get, set)


_BaseListProxy = MakeProxyType('BaseListProxy', (
    '__add__', '__contains__', '__delitem__', '__getitem__', '__len__', '__mul__', '__reversed__',
    '__rmul__', '__setitem__', 'append', 'count', 'extend', 'index', 'insert', 'pop', 'remove',
    'reverse', 'sort', '__imul__'))


class ListProxy(_BaseListProxy):
    """A list."""

    def __iadd__(self, value):
        self._callmethod('extend', (value,))
        return self

    def __imul__(self, value):
        self._callmethod('__imul__', (value,))
        return self


DictProxy = MakeProxyType('DictProxy', (
    '__contains__', '__delitem__', '__getitem__', '__iter__', '__len__', '__setitem__', 'clear',
    'copy', 'get', 'items', 'keys', 'pop', 'popitem', 'setdefault', 'update', 'values'))
DictProxy._method_to_typeid_ = {'__iter__': 'Iterator'}

ArrayProxy = MakeProxyType('ArrayProxy', ('__len__', '__getitem__', '__setitem__'))

_BasePoolProxy = MakeProxyType('PoolProxy', (
    'apply', 'apply_async', 'close', 'imap', 'imap_unordered', 'join', 'map', 'map_async',
    'starmap', 'starmap_async', 'terminate'))
_BasePoolProxy._method_to_typeid_ = {
    'apply_async': 'AsyncResult', 'map_async': 'AsyncResult', 'starmap_async': 'AsyncResult',
    'imap': 'Iterator', 'imap_unordered': 'Iterator',
}


class PoolProxy(_BasePoolProxy):
    """A pool."""

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_val, exc_tb):
        self.terminate()


class SyncManager(BaseManager):
    """Keeps lists, dictionaries, queues, locks and more."""


SyncManager.register('Queue', queue.Queue)
SyncManager.register('JoinableQueue', queue.Queue)
SyncManager.register('Event', threading.Event, EventProxy)
SyncManager.register('Lock', threading.Lock, AcquirerProxy)
SyncManager.register('RLock', threading.RLock, AcquirerProxy)
SyncManager.register('Semaphore', threading.Semaphore, AcquirerProxy)
SyncManager.register('BoundedSemaphore', threading.BoundedSemaphore, AcquirerProxy)
SyncManager.register('Condition', threading.Condition, ConditionProxy)
SyncManager.register('Barrier', threading.Barrier, BarrierProxy)
SyncManager.register('Pool', pool.Pool, PoolProxy)
SyncManager.register('list', list, ListProxy)
SyncManager.register('dict', dict, DictProxy)
SyncManager.register('Value', Value, ValueProxy)
SyncManager.register('Array', Array, ArrayProxy)
SyncManager.register('Namespace', Namespace, NamespaceProxy)
# Made by methods of others only.
SyncManager.register('Iterator', proxytype=IteratorProxy, create_method=False)
SyncManager.register('AsyncResult', create_method=False)
