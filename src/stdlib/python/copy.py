"""Shallow and deep copies of objects."""

import weakref
from _collections import deque

__all__ = ['Error', 'copy', 'deepcopy']


class Error(Exception):
    """The object cannot be copied."""


error = Error

# What never changes, and what stands for something outside, is its own copy.
_ATOMIC = {
    type(None), type(Ellipsis), type(NotImplemented), int, float, bool, complex, str, bytes, type,
    range, slice, property, type(lambda: None), type(len),
    type((lambda: None).__code__), weakref.ref,
}
_SHALLOW = {list, dict, set, bytearray}


def copy(x):
    """A new object with the same contents."""
    cls = type(x)
    if cls in _ATOMIC or cls in (tuple, frozenset) or issubclass(cls, type):
        return x
    if cls in _SHALLOW:
        return x.copy()
    method = getattr(cls, '__copy__', None)
    if method is not None:
        return method(x)
    made = _new_like(x, cls)
    state = _state_of(x)
    if state is not None:
        _set_state(made, state)
    return made


def _new_like(x, cls):
    """A new instance of the class, with the contents a builtin base gives it."""
    for base, items in ((list, list), (dict, dict), (set, set), (bytearray, bytearray)):
        if issubclass(cls, base):
            made = base.__new__(cls)
            if base is list:
                list.extend(made, x)
            else:
                (base.update if base is not bytearray else bytearray.extend)(made, x)
            return made
    for base in (tuple, frozenset, str, bytes, int, float, complex):
        if issubclass(cls, base):
            return base.__new__(cls, x)
    if issubclass(cls, BaseException):
        return cls.__new__(cls, *x.args)
    try:
        return object.__new__(cls)
    except TypeError:
        module = '' if cls.__module__ == 'builtins' else f'{cls.__module__}.'
        raise TypeError(f"cannot pickle '{module}{cls.__name__}' object") from None


def _state_of(x):
    """The attributes: what __getstate__ says, or (dict, slots)."""
    method = getattr(type(x), '__getstate__', None)
    if method is not None and method is not getattr(object, '__getstate__', None):
        return method(x)
    attributes = getattr(x, '__dict__', None)
    slots = {}
    for cls in type(x).__mro__:
        names = cls.__dict__.get('__slots__', ())
        for name in (names,) if isinstance(names, str) else names:
            if name in ('__dict__', '__weakref__'):
                continue
            if name.startswith('__') and not name.endswith('__'):
                name = f'_{cls.__name__.lstrip("_")}{name}'
            try:
                slots[name] = getattr(x, name)
            except AttributeError:
                pass
    if slots:
        return attributes or None, slots
    return attributes or None


def _set_state(made, state):
    method = getattr(type(made), '__setstate__', None)
    if method is not None:
        method(made, state)
        return
    slots = None
    if isinstance(state, tuple) and len(state) == 2:
        state, slots = state
    if state is not None:
        made.__dict__.update(state)
    if slots is not None:
        for name, value in slots.items():
            setattr(made, name, value)


def deepcopy(x, memo=None, _nil=[]):
    """A new object whose contents are copies too; what occurs twice is copied once."""
    cls = type(x)
    if cls in _ATOMIC or issubclass(cls, type):
        return x
    if memo is None:
        memo = {}
    key = id(x)
    found = memo.get(key, _nil)
    if found is not _nil:
        return found
    copier = _DEEP.get(cls)
    if copier is not None:
        made = copier(x, memo)
    elif hasattr(cls, '__deepcopy__'):
        made = cls.__deepcopy__(x, memo)
    else:
        made = _deep_object(x, cls, memo)
    if made is not x:
        memo[key] = made
        # The original must outlive the memo: its id is the key.
        memo.setdefault(id(memo), []).append(x)
    return made


def _deep_object(x, cls, memo):
    if issubclass(cls, (list, dict, set, bytearray)):
        made = cls.__new__(cls)
        memo[id(x)] = made
        if issubclass(cls, list):
            for item in x:
                list.append(made, deepcopy(item, memo))
        elif issubclass(cls, dict):
            if hasattr(x, 'default_factory'):
                made.default_factory = x.default_factory
            for key, value in dict.items(x):
                made[deepcopy(key, memo)] = deepcopy(value, memo)
        elif issubclass(cls, set):
            for item in x:
                set.add(made, deepcopy(item, memo))
        else:
            bytearray.extend(made, x)
    elif issubclass(cls, deque):
        made = cls.__new__(cls)
        deque.__init__(made, (), x.maxlen)
        memo[id(x)] = made
        for item in x:
            deque.append(made, deepcopy(item, memo))
    elif issubclass(cls, tuple):
        made = tuple.__new__(cls, [deepcopy(item, memo) for item in x])
    elif issubclass(cls, BaseException):
        made = cls.__new__(cls, *deepcopy(x.args, memo))
    else:
        made = _new_like(x, cls)
    memo[id(x)] = made
    state = _state_of(x)
    if state is not None:
        _set_state(made, deepcopy(state, memo))
    return made


def _deep_list(x, memo):
    made = []
    memo[id(x)] = made
    for item in x:
        made.append(deepcopy(item, memo))
    return made


def _deep_dict(x, memo):
    made = {}
    memo[id(x)] = made
    for key, value in x.items():
        made[deepcopy(key, memo)] = deepcopy(value, memo)
    return made


def _deep_tuple(x, memo):
    parts = [deepcopy(item, memo) for item in x]
    # A cycle through the tuple has copied it meanwhile.
    if id(x) in memo:
        return memo[id(x)]
    for old, new in zip(x, parts):
        if old is not new:
            return tuple(parts)
    return x


def _deep_method(x, memo):
    return type(x)(x.__func__, deepcopy(x.__self__, memo))


_DEEP = {
    list: _deep_list,
    dict: _deep_dict,
    tuple: _deep_tuple,
    set: lambda x, memo: {deepcopy(item, memo) for item in x},
    frozenset: lambda x, memo: frozenset([deepcopy(item, memo) for item in x]),
    bytearray: lambda x, memo: x.copy(),
}


class _Bound:
    def method(self):
        """Only its type is wanted."""


_DEEP[type(_Bound().method)] = _deep_method
del _Bound
