"""How classes tell pickle and copy what their instances are made of.

dispatch_table maps a class to the function that reduces its instances; the extension registry
gives numbers to globals, which pickles then hold in place of their names.
"""

__all__ = ['pickle', 'constructor', 'add_extension', 'remove_extension', 'clear_extension_cache']

dispatch_table = {}


def pickle(ob_type, pickle_function, constructor_ob=None):
    """Have instances of ob_type reduced by pickle_function."""
    if not callable(pickle_function):
        raise TypeError('reduction functions must be callable')
    dispatch_table[ob_type] = pickle_function
    if constructor_ob is not None:
        constructor(constructor_ob)


def constructor(object):
    """Check that object can stand first in a reduction."""
    if not callable(object):
        raise TypeError('constructors must be callable')


def pickle_complex(c):
    return complex, (c.real, c.imag)


pickle(complex, pickle_complex, complex)


def pickle_union(obj):
    import functools
    import operator
    return functools.reduce, (operator.or_, obj.__args__)


pickle(type(int | str), pickle_union)

_HEAPTYPE = 1 << 9


def _reconstructor(cls, base, state):
    """An instance made without __init__, as protocols 0 and 1 write it."""
    if base is object:
        return object.__new__(cls)
    made = base.__new__(cls, state)
    if base.__init__ is not object.__init__:
        base.__init__(made, state)
    return made


def _static_base(cls):
    """The first class of the MRO that no class statement made."""
    for base in cls.__mro__:
        if not base.__flags__ & _HEAPTYPE:
            return base


def _reduce_ex(self, proto):
    """What object.__reduce_ex__ returns for protocols 0 and 1."""
    assert proto < 2
    cls = type(self)
    base = _static_base(cls)
    if base is cls and base is not object:
        raise TypeError(f'cannot pickle {cls.__name__!r} object')
    value = None if base is object else base(self)
    inherited = cls.__getstate__ is object.__getstate__
    if inherited and getattr(self, '__slots__', None):
        raise TypeError('a class that defines __slots__ without defining __getstate__ '
                        'cannot be pickled')
    state = self.__getstate__()
    arguments = (cls, base, value)
    return (_reconstructor, arguments, state) if state else (_reconstructor, arguments)


def __newobj__(cls, *args):
    return cls.__new__(cls, *args)


def __newobj_ex__(cls, args, kwargs):
    """As __newobj__, for classes whose __new__ takes keyword arguments."""
    return cls.__new__(cls, *args, **kwargs)


def _slotnames(cls):
    """Names of the attributes that __slots__ of cls and its bases hold, mangled."""
    known = cls.__dict__.get('__slotnames__')
    if known is not None:
        return known
    names = []
    for base in cls.__mro__ if hasattr(cls, '__slots__') else ():
        slots = base.__dict__.get('__slots__', ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name in ('__dict__', '__weakref__'):
                continue
            private = name.startswith('__') and not name.endswith('__')
            owner = base.__name__.lstrip('_')
            names.append(f'_{owner}{name}' if private and owner else name)
    try:
        cls.__slotnames__ = names
    except Exception:
        pass  # A class that cannot be written to is asked again.
    return names


# (module, name) to number and back; numbers to the objects that were found.
_extension_registry = {}
_inverted_registry = {}
_extension_cache = {}


def add_extension(module, name, code):
    """Give the global `name` of `module` the number `code`."""
    code = int(code)
    if not 1 <= code <= 0x7fffffff:
        raise ValueError('code out of range')
    key = (module, name)
    if _extension_registry.get(key) == code and _inverted_registry.get(code) == key:
        return
    if key in _extension_registry:
        raise ValueError(f'key {key} is already registered with code {_extension_registry[key]}')
    if code in _inverted_registry:
        raise ValueError(f'code {code} is already in use for key {_inverted_registry[code]}')
    _extension_registry[key] = code
    _inverted_registry[code] = key


def remove_extension(module, name, code):
    """Take the number away again."""
    key = (module, name)
    if _extension_registry.get(key) != code or _inverted_registry.get(code) != key:
        raise ValueError(f'key {key} is not registered with code {code}')
    del _extension_registry[key]
    del _inverted_registry[code]
    _extension_cache.pop(code, None)


def clear_extension_cache():
    _extension_cache.clear()
