"""Classes whose fields are declared by annotations. After Lib/dataclasses.py of CPython 3.11."""

import copy
import keyword
import sys
from types import GenericAlias, MappingProxyType

__all__ = ['dataclass', 'field', 'Field', 'FrozenInstanceError', 'InitVar', 'KW_ONLY', 'MISSING',
           'fields', 'asdict', 'astuple', 'make_dataclass', 'replace', 'is_dataclass']


class FrozenInstanceError(AttributeError):
    """An attempt to change a frozen instance."""


class _MISSING_TYPE:
    pass


MISSING = _MISSING_TYPE()


class _KW_ONLY_TYPE:
    pass


KW_ONLY = _KW_ONLY_TYPE()


class _DefaultFactory:
    def __repr__(self):
        return '<factory>'


_HAS_DEFAULT_FACTORY = _DefaultFactory()
_FIELDS = '__dataclass_fields__'
_PARAMS = '__dataclass_params__'
_POST_INIT = '__post_init__'


class InitVar:
    """A parameter of __init__ that is no field."""

    __slots__ = ('type',)

    def __init__(self, type):
        self.type = type

    def __repr__(self):
        name = self.type.__name__ if isinstance(self.type, type) else repr(self.type)
        return f'dataclasses.InitVar[{name}]'

    def __class_getitem__(cls, type):
        return InitVar(type)


class Field:
    """What is known about one field."""

    __slots__ = ('name', 'type', 'default', 'default_factory', 'repr', 'hash', 'init', 'compare',
                 'metadata', 'kw_only', '_field_type')

    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = MappingProxyType({} if metadata is None else metadata)
        self.kw_only = kw_only
        self._field_type = None

    def __repr__(self):
        kind = {None: 'None', 'field': '_FIELD', 'class': '_FIELD_CLASSVAR',
                'init': '_FIELD_INITVAR'}[self._field_type]
        return (f'Field(name={self.name!r},type={self.type!r},default={self.default!r},'
                f'default_factory={self.default_factory!r},init={self.init!r},repr={self.repr!r},'
                f'hash={self.hash!r},compare={self.compare!r},metadata={self.metadata!r},'
                f'kw_only={self.kw_only!r},_field_type={kind})')

    def __set_name__(self, owner, name):
        method = getattr(type(self.default), '__set_name__', None)
        if method is not None:
            method(self.default, owner, name)

    __class_getitem__ = classmethod(GenericAlias)


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None,
          compare=True, metadata=None, kw_only=MISSING):
    """Say more about a field than its annotation does."""
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError('cannot specify both default and default_factory')
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


class _Params:
    __slots__ = ('init', 'repr', 'eq', 'order', 'unsafe_hash', 'frozen')

    def __init__(self, init, repr, eq, order, unsafe_hash, frozen):
        self.init, self.repr, self.eq = init, repr, eq
        self.order, self.unsafe_hash, self.frozen = order, unsafe_hash, frozen

    def __repr__(self):
        shown = ','.join(f'{name}={getattr(self, name)!r}' for name in self.__slots__)
        return f'_DataclassParams({shown})'


def _recursive_repr(function):
    running = set()

    def wrapper(self):
        key = id(self)
        if key in running:
            return '...'
        running.add(key)
        try:
            return function(self)
        finally:
            running.discard(key)
    return wrapper


def _create_fn(name, args, body, names, cls):
    """Define a function from text; `names` are the values its text mentions."""
    lines = ''.join(f'  {line}\n' for line in body)
    text = (f'def __create_fn__({", ".join(names)}):\n def {name}({", ".join(args)}):\n{lines}'
            f' return {name}')
    made = {}
    module = sys.modules.get(cls.__module__)
    exec(text, {} if module is None else module.__dict__, made)
    function = made['__create_fn__'](**names)
    function.__qualname__ = f'{cls.__qualname__}.{name}'
    return function


def _is_class_var(annotation):
    if isinstance(annotation, str):
        head = annotation.partition('[')[0].strip()
        return head in ('ClassVar', 'typing.ClassVar', 't.ClassVar')
    typing = sys.modules.get('typing')
    return typing is not None and (annotation is typing.ClassVar or
                                   getattr(annotation, '__origin__', None) is typing.ClassVar)


def _is_init_var(annotation):
    if isinstance(annotation, str):
        return annotation.partition('[')[0].strip() in ('InitVar', 'dataclasses.InitVar')
    return annotation is InitVar or type(annotation) is InitVar


def _get_field(cls, name, annotation, kw_only):
    default = getattr(cls, name, MISSING)
    if isinstance(default, Field):
        made = default
    else:
        # A slot of the class is no default.
        if type(default).__name__ == 'member_descriptor':
            default = MISSING
        made = field(default=default)
    made.name = name
    made.type = annotation
    made._field_type = 'field'
    if _is_class_var(annotation):
        made._field_type = 'class'
    elif _is_init_var(annotation):
        made._field_type = 'init'
    if made._field_type != 'field' and made.default_factory is not MISSING:
        raise TypeError(f'field {name} cannot have a default factory')
    if made._field_type == 'class':
        if made.kw_only is not MISSING:
            raise TypeError(f'field {name} is a ClassVar but specifies kw_only')
    elif made.kw_only is MISSING:
        made.kw_only = kw_only
    if made._field_type == 'field' and made.default.__class__.__hash__ is None:
        raise ValueError(f'mutable default {type(made.default)} for field {name} is not allowed: '
                         'use default_factory')
    return made


def _init_fn(cls, all_fields, frozen, has_post_init, self_name, slots):
    plain = [f for f in all_fields if f.init and not f.kw_only]
    named = [f for f in all_fields if f.init and f.kw_only]
    seen_default = False
    for f in plain:
        if f.default is not MISSING or f.default_factory is not MISSING:
            seen_default = True
        elif seen_default:
            raise TypeError(f'non-default argument {f.name!r} follows default argument')
    names = {'MISSING': MISSING, '_HAS_DEFAULT_FACTORY': _HAS_DEFAULT_FACTORY,
             '__dataclass_builtins_object__': object}
    body = []
    for f in all_fields:
        names[f'_type_{f.name}'] = f.type
        value = f.name
        if f.default_factory is not MISSING:
            names[f'_dflt_{f.name}'] = f.default_factory
            if f.init:
                value = (f'_dflt_{f.name}() if {f.name} is _HAS_DEFAULT_FACTORY else {f.name}')
            else:
                value = f'_dflt_{f.name}()'
        elif f.default is not MISSING:
            names[f'_dflt_{f.name}'] = f.default
            if not f.init:
                if not slots:
                    continue
                value = f'_dflt_{f.name}'
        elif not f.init:
            continue
        if f._field_type == 'init':
            continue
        if frozen:
            body.append(f'__dataclass_builtins_object__.__setattr__({self_name},{f.name!r},{value})')
        else:
            body.append(f'{self_name}.{f.name}={value}')
    if has_post_init:
        params = ','.join(f.name for f in all_fields if f._field_type == 'init')
        body.append(f'{self_name}.{_POST_INIT}({params})')

    def parameter(f):
        if f.default_factory is not MISSING:
            return f'{f.name}:_type_{f.name}=_HAS_DEFAULT_FACTORY'
        if f.default is not MISSING:
            return f'{f.name}:_type_{f.name}=_dflt_{f.name}'
        return f'{f.name}:_type_{f.name}'

    args = [self_name, *map(parameter, plain)]
    if named:
        args += ['*', *map(parameter, named)]
    function = _create_fn('__init__', args, body or ['pass'], names, cls)
    function.__annotations__['return'] = None
    return function


def _set_new(cls, name, value):
    if name in cls.__dict__:
        return True
    setattr(cls, name, value)
    return False


def _values(obj, names):
    return tuple([getattr(obj, name) for name in names])


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots,
             weakref_slot):
    found = {}
    any_frozen_base = has_dataclass_bases = False
    for base in cls.__mro__[-1:0:-1]:
        base_fields = base.__dict__.get(_FIELDS)
        if base_fields is not None:
            has_dataclass_bases = True
            found.update(base_fields)
            if getattr(base, _PARAMS).frozen:
                any_frozen_base = True
    own = []
    seen_kw_only = False
    for name, annotation in cls.__dict__.get('__annotations__', {}).items():
        if annotation is KW_ONLY or annotation in ('KW_ONLY', 'dataclasses.KW_ONLY'):
            if seen_kw_only:
                raise TypeError(f'{name!r} is KW_ONLY, but KW_ONLY has already been specified')
            seen_kw_only = kw_only = True
        else:
            own.append(_get_field(cls, name, annotation, kw_only))
    for f in own:
        found[f.name] = f
        if isinstance(getattr(cls, f.name, None), Field):
            if f.default is MISSING:
                delattr(cls, f.name)
            else:
                setattr(cls, f.name, f.default)
    for name, value in cls.__dict__.items():
        if isinstance(value, Field) and name not in cls.__dict__.get('__annotations__', {}):
            raise TypeError(f'{name!r} is a field but has no type annotation')
    if has_dataclass_bases:
        if any_frozen_base and not frozen:
            raise TypeError('cannot inherit non-frozen dataclass from a frozen one')
        if not any_frozen_base and frozen:
            raise TypeError('cannot inherit frozen dataclass from a non-frozen one')
    setattr(cls, _FIELDS, found)
    setattr(cls, _PARAMS, _Params(init, repr, eq, order, unsafe_hash, frozen))
    class_hash = cls.__dict__.get('__hash__', MISSING)
    has_explicit_hash = not (class_hash is MISSING
                             or class_hash is None and '__eq__' in cls.__dict__)
    if order and not eq:
        raise ValueError('eq must be true if order is true')
    parameters = [f for f in found.values() if f._field_type != 'class']
    real = [f for f in found.values() if f._field_type == 'field']
    if init:
        self_name = '__dataclass_self__' if 'self' in found else 'self'
        _set_new(cls, '__init__', _init_fn(cls, parameters, frozen, hasattr(cls, _POST_INIT),
                                           self_name, slots))
    if repr:
        _set_new(cls, '__repr__', _repr_of(cls, [f.name for f in real if f.repr]))
    compared = [f.name for f in real if f.compare]
    if eq:
        _set_new(cls, '__eq__', _comparison(cls, '__eq__', compared))
    if order:
        for name in ('__lt__', '__le__', '__gt__', '__ge__'):
            if _set_new(cls, name, _comparison(cls, name, compared)):
                raise TypeError(f'Cannot overwrite attribute {name} in class {cls.__name__}. '
                                'Consider using functools.total_ordering')
    if frozen:
        for name, function in _frozen_methods(cls, {f.name for f in real}):
            if _set_new(cls, name, function):
                raise TypeError(f'Cannot overwrite attribute {name} in class {cls.__name__}')
    hashed = [f.name for f in real if (f.compare if f.hash is None else f.hash)]
    _set_hash(cls, unsafe_hash, eq, frozen, has_explicit_hash, hashed)
    if not getattr(cls, '__doc__'):
        cls.__doc__ = cls.__name__ + _signature_of(parameters)
    if match_args:
        _set_new(cls, '__match_args__', tuple(f.name for f in parameters if f.init
                                              and not f.kw_only))
    if weakref_slot and not slots:
        raise TypeError('weakref_slot is True but slots is False')
    return _with_slots(cls, frozen, weakref_slot) if slots else cls


def _signature_of(parameters):
    def show(f):
        kind = f.type
        text = kind if isinstance(kind, str) else (
            kind.__name__ if isinstance(kind, type) and kind.__module__ == 'builtins'
            and type(kind) is type else
            f'{kind.__module__}.{kind.__qualname__}' if isinstance(kind, type) else repr(kind))
        if isinstance(kind, str):
            text = repr(kind)
        if f.default_factory is not MISSING:
            return f'{f.name}: {text} = <factory>'
        if f.default is not MISSING:
            return f'{f.name}: {text} = {f.default!r}'
        return f'{f.name}: {text}'
    shown = [show(f) for f in parameters if f.init and not f.kw_only]
    named = [show(f) for f in parameters if f.init and f.kw_only]
    return f'({", ".join(shown + (["*"] + named if named else []))})'


def _repr_of(cls, names):
    def __repr__(self):
        shown = ', '.join([f'{name}={getattr(self, name)!r}' for name in names])
        return f'{self.__class__.__qualname__}({shown})'
    wrapped = _recursive_repr(__repr__)
    wrapped.__name__, wrapped.__qualname__ = '__repr__', f'{cls.__qualname__}.__repr__'
    return wrapped


def _comparison(cls, name, names):
    method = getattr(tuple, name)

    def compare(self, other):
        if other.__class__ is self.__class__:
            return method(_values(self, names), _values(other, names))
        return NotImplemented
    compare.__name__, compare.__qualname__ = name, f'{cls.__qualname__}.{name}'
    return compare


def _frozen_methods(cls, names):
    def __setattr__(self, name, value):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f'cannot assign to field {name!r}')
        super(cls, self).__setattr__(name, value)

    def __delattr__(self, name):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f'cannot delete field {name!r}')
        super(cls, self).__delattr__(name)
    return ('__setattr__', __setattr__), ('__delattr__', __delattr__)


def _set_hash(cls, unsafe_hash, eq, frozen, explicit, names):
    def __hash__(self):
        return hash(_values(self, names))
    __hash__.__qualname__ = f'{cls.__qualname__}.__hash__'
    if unsafe_hash:
        if explicit:
            raise TypeError(f'Cannot overwrite attribute __hash__ in class {cls.__name__}')
        cls.__hash__ = __hash__
    elif eq and not explicit:
        cls.__hash__ = __hash__ if frozen else None


def _with_slots(cls, frozen, weakref_slot):
    if '__slots__' in cls.__dict__:
        raise TypeError(f'{cls.__name__} already specifies __slots__')
    namespace = dict(cls.__dict__)
    names = tuple(f.name for f in fields(cls))
    inherited = set()
    for base in cls.__mro__[1:-1]:
        slots = base.__dict__.get('__slots__', ())
        inherited.update((slots,) if isinstance(slots, str) else slots)
    own = [name for name in names if name not in inherited]
    if weakref_slot and '__weakref__' not in inherited:
        own.append('__weakref__')
    namespace['__slots__'] = tuple(own)
    for name in names:
        namespace.pop(name, None)
    namespace.pop('__dict__', None)
    namespace.pop('__weakref__', None)
    made = type(cls)(cls.__name__, cls.__bases__, namespace)
    made.__qualname__ = cls.__qualname__
    if frozen:
        for name, function in _frozen_methods(made, set(names)):
            setattr(made, name, function)
    return made


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False,
              frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    """Add __init__, __repr__, __eq__ and more to a class, made from its annotations."""
    def wrap(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only,
                        slots, weakref_slot)
    return wrap if cls is None else wrap(cls)


def fields(class_or_instance):
    """The fields of a dataclass, as a tuple."""
    try:
        found = getattr(class_or_instance, _FIELDS)
    except AttributeError:
        raise TypeError('must be called with a dataclass type or instance') from None
    return tuple(f for f in found.values() if f._field_type == 'field')


def is_dataclass(obj):
    """Is it a dataclass or an instance of one?"""
    return hasattr(obj if isinstance(obj, type) else type(obj), _FIELDS)


def _is_instance(obj):
    return hasattr(type(obj), _FIELDS)


def asdict(obj, *, dict_factory=dict):
    """The fields as a dict, also those of dataclasses inside."""
    if not _is_instance(obj):
        raise TypeError('asdict() should be called on dataclass instances')
    return _convert(obj, lambda pairs: dict_factory(pairs))


def astuple(obj, *, tuple_factory=tuple):
    """The values of the fields as a tuple, also those of dataclasses inside."""
    if not _is_instance(obj):
        raise TypeError('astuple() should be called on dataclass instances')
    return _convert(obj, lambda pairs: tuple_factory([value for _, value in pairs]))


def _convert(obj, make):
    if _is_instance(obj):
        return make([(f.name, _convert(getattr(obj, f.name), make)) for f in fields(obj)])
    if isinstance(obj, tuple) and hasattr(obj, '_fields'):
        return type(obj)(*[_convert(item, make) for item in obj])
    if isinstance(obj, (list, tuple)):
        return type(obj)([_convert(item, make) for item in obj])
    if isinstance(obj, dict):
        pairs = [(_convert(key, make), _convert(value, make)) for key, value in obj.items()]
        if hasattr(type(obj), 'default_factory'):
            result = type(obj)(obj.default_factory)
            result.update(pairs)
            return result
        return type(obj)(pairs)
    return copy.deepcopy(obj)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **options):
    """Make a dataclass from a list of names, (name, type) or (name, type, field)."""
    namespace = {} if namespace is None else dict(namespace)
    annotations = {}
    defaults = {}
    for item in fields:
        if isinstance(item, str):
            name, kind = item, 'typing.Any'
        elif len(item) == 2:
            name, kind = item
        elif len(item) == 3:
            name, kind, defaults[item[0]] = item
        else:
            raise TypeError(f'Invalid field: {item!r}')
        if not isinstance(name, str) or not name.isidentifier():
            raise TypeError(f'Field names must be valid identifiers: {name!r}')
        if keyword.iskeyword(name):
            raise TypeError(f'Field names must not be keywords: {name!r}')
        if name in annotations:
            raise TypeError(f'Field name duplicated: {name!r}')
        annotations[name] = kind
    namespace |= {'__annotations__': annotations, **defaults}
    from types import new_class
    cls = new_class(cls_name, bases, {}, lambda body: body.update(namespace))
    return dataclass(cls, **options)


def replace(obj, /, **changes):
    """A new instance with some fields changed."""
    if not _is_instance(obj):
        raise TypeError('replace() should be called on dataclass instances')
    for f in getattr(obj, _FIELDS).values():
        if f._field_type == 'class':
            continue
        if not f.init:
            if f.name in changes:
                raise ValueError(f'field {f.name} is declared with init=False, it cannot be '
                                 'specified with replace()')
            continue
        if f.name not in changes:
            if f._field_type == 'init' and f.default is MISSING:
                raise ValueError(f'InitVar {f.name!r} must be specified with replace()')
            changes[f.name] = getattr(obj, f.name)
    return obj.__class__(**changes)
