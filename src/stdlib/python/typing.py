"""Names for annotations. Nothing is checked when a program runs."""

import collections
import collections.abc
import sys
from contextlib import AbstractContextManager as ContextManager
from types import GenericAlias as _GenericAlias

__all__ = [
    'Any', 'AnyStr', 'Callable', 'ClassVar', 'Concatenate', 'Final', 'ForwardRef', 'Generic',
    'Literal', 'Optional', 'ParamSpec', 'Protocol', 'Tuple', 'Type', 'TypeVar', 'TypeVarTuple',
    'Union', 'Never', 'NoReturn', 'Self', 'LiteralString', 'Annotated', 'TypeAlias', 'TypeGuard',
    'Required', 'NotRequired', 'Unpack', 'List', 'Dict', 'Set', 'FrozenSet', 'Deque',
    'DefaultDict', 'OrderedDict', 'Counter', 'ChainMap', 'Iterable', 'Iterator', 'Generator',
    'Sequence', 'MutableSequence', 'Mapping', 'MutableMapping', 'Collection', 'Container',
    'Hashable', 'Sized', 'Reversible', 'AbstractSet', 'MutableSet', 'KeysView', 'ValuesView',
    'ItemsView', 'MappingView', 'Text', 'NamedTuple', 'NewType', 'TypedDict', 'TYPE_CHECKING',
    'ContextManager', 'cast', 'overload', 'final', 'no_type_check', 'runtime_checkable',
    'get_type_hints', 'get_origin', 'get_args', 'assert_never', 'assert_type', 'reveal_type',
    'SupportsInt', 'SupportsFloat', 'SupportsIndex', 'SupportsAbs', 'SupportsBytes',
    'SupportsComplex', 'SupportsRound',
]

TYPE_CHECKING = False
Text = str


def _show(kind):
    if isinstance(kind, _GenericAlias):
        return repr(kind)
    if isinstance(kind, type):
        if kind.__module__ == 'builtins':
            return kind.__qualname__
        return f'{kind.__module__}.{kind.__qualname__}'
    if kind is ...:
        return '...'
    return repr(kind)


def _convert(kind):
    """An argument of a subscript: None is its type, a str a reference."""
    if kind is None:
        return type(None)
    return ForwardRef(kind) if isinstance(kind, str) else kind


class _Operand:
    # What may stand on a side of | in an annotation.

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]


class ForwardRef(_Operand):
    """A type that is named in a str."""

    def __init__(self, arg):
        self.__forward_arg__ = arg

    def __eq__(self, other):
        return (isinstance(other, ForwardRef)
                and self.__forward_arg__ == other.__forward_arg__) or NotImplemented

    def __hash__(self):
        return hash(self.__forward_arg__)

    def __repr__(self):
        return f'ForwardRef({self.__forward_arg__!r})'


def _refuse_call(name, origin):
    raise TypeError(f'Type {name} cannot be instantiated; '
                    f'use {getattr(origin, "__name__", name)}() instead')


class _Alias(_Operand):
    # A subscripted name: an origin and arguments.

    def __init__(self, origin, args, name=None):
        self.__origin__ = origin
        self.__args__ = args
        self._name = name
        parameters = []
        for arg in args:
            inner = (arg,) if isinstance(arg, TypeVar) else getattr(arg, '__parameters__', ())
            parameters += [kind for kind in inner if kind not in parameters]
        self.__parameters__ = tuple(parameters)

    def __getitem__(self, args):
        if not self.__parameters__:
            raise TypeError(f'{self} is not a generic class')
        values = dict(zip(self.__parameters__, args if isinstance(args, tuple) else (args,)))

        def fill(arg):
            if isinstance(arg, TypeVar):
                return values.get(arg, arg)
            inner = getattr(arg, '__parameters__', ())
            return arg[tuple(values.get(kind, kind) for kind in inner)] if inner else arg
        return type(self)(self.__origin__, tuple(map(fill, self.__args__)), self._name)

    def __call__(self, *args, **kwargs):
        if self._name is not None:
            _refuse_call(self._name, self.__origin__)
        return self.__origin__(*args, **kwargs)

    def __mro_entries__(self, bases):
        origin = self.__origin__
        if origin is Generic or Generic in getattr(origin, '__mro__', ()):
            return (origin,)
        if any(isinstance(base, _Alias) and base.__origin__ is Generic for base in bases):
            return (origin,)
        return (origin, Generic) if isinstance(origin, type) and self.__parameters__ else (origin,)

    def __getattr__(self, name):
        if name.startswith('__') and name.endswith('__'):
            raise AttributeError(name)
        return getattr(self.__origin__, name)

    def __eq__(self, other):
        if not isinstance(other, _Alias):
            return NotImplemented
        if self.__origin__ is Union and other.__origin__ is Union:
            return set(self.__args__) == set(other.__args__)
        return self.__origin__ == other.__origin__ and self.__args__ == other.__args__

    def __hash__(self):
        if self.__origin__ is Union:
            return hash(frozenset(self.__args__))
        return hash((self.__origin__, self.__args__))

    def __instancecheck__(self, obj):
        if self.__origin__ is Union:
            return isinstance(obj, self.__args__)
        raise TypeError('Subscripted generics cannot be used with class and instance checks')

    def __repr__(self):
        args = self.__args__
        if self.__origin__ is Union:
            if len(args) == 2 and type(None) in args:
                other = args[0] if args[1] is type(None) else args[1]
                return f'typing.Optional[{_show(other)}]'
            shown = ', '.join(map(_show, args))
            return f'typing.Union[{shown}]'
        if self._name == 'Literal':
            return f'typing.Literal[{", ".join(map(repr, args))}]'
        if self._name == 'Callable' and args:
            *parameters, result = args
            first = '...' if parameters == [...] else f'[{", ".join(map(_show, parameters))}]'
            return f'typing.Callable[{first}, {_show(result)}]'
        if self._name == 'Annotated':
            rest = ', '.join(map(repr, self.__metadata__))
            return f'typing.Annotated[{_show(args[0])}, {rest}]'
        name = _show(self.__origin__) if self._name is None else f'typing.{self._name}'
        shown = ', '.join(map(_show, args)) or '()'
        return f'{name}[{shown}]'


class _Form(_Operand):
    # A name with a meaning of its own, perhaps to be subscripted.

    def __init__(self, name, subscript=None):
        self._name = name
        self._subscript = subscript

    def __repr__(self):
        return f'typing.{self._name}'

    def __getitem__(self, args):
        if self._subscript is None:
            raise TypeError(f'{self} is not subscriptable')
        return self._subscript(self, args)

    def __call__(self, *args, **kwargs):
        raise TypeError(f'Cannot instantiate {self!r}')

    def __mro_entries__(self, bases):
        raise TypeError(f'Cannot subclass {self!r}')

    def __instancecheck__(self, obj):
        raise TypeError(f'{self} cannot be used with isinstance()')


def _one(form, arg):
    return _Alias(form, (_convert(arg),), form._name)


def _several(form, args):
    args = args if isinstance(args, tuple) else (args,)
    return _Alias(form, tuple(map(_convert, args)), form._name)


def _union(form, args):
    if args == ():
        raise TypeError('Cannot take a Union of no types.')
    flat = []
    for arg in args if isinstance(args, tuple) else (args,):
        arg = _convert(arg)
        inner = getattr(arg, '__args__', ())
        parts = inner if (isinstance(arg, _Alias) and arg.__origin__ is Union
                          or type(arg) is type(int | str)) else (arg,)
        flat += [part for part in parts if part not in flat]
    return flat[0] if len(flat) == 1 else _Alias(Union, tuple(flat))


def _literal(form, args):
    values = []
    for value in args if isinstance(args, tuple) else (args,):
        if isinstance(value, _Alias) and value._name == 'Literal':
            values += value.__args__
        elif not any(value == old and type(value) is type(old) for old in values):
            values.append(value)
    return _Alias(form, tuple(values), 'Literal')


def _annotated(form, args):
    if not isinstance(args, tuple) or len(args) < 2:
        raise TypeError('Annotated[...] should be used with at least two arguments '
                        '(a type and an annotation).')
    made = _Alias(_convert(args[0]), (_convert(args[0]),), 'Annotated')
    made.__metadata__ = args[1:]
    return made


class Any(type('_AnyMeta', (type,), {
        '__instancecheck__': lambda cls, obj: _refuse_any(),
        '__repr__': lambda cls: 'typing.Any' if cls is Any else type.__repr__(cls),
})('_AnyBase', (), {})):
    """Any type at all."""

    def __new__(cls, *args, **kwargs):
        if cls is Any:
            raise TypeError('Any cannot be instantiated')
        return super().__new__(cls)


def _refuse_any():
    raise TypeError('typing.Any cannot be used with isinstance()')


Union = _Form('Union', _union)
Optional = _Form('Optional', lambda form, arg: Union[arg, None])
Literal = _Form('Literal', _literal)
ClassVar = _Form('ClassVar', _one)
Final = _Form('Final', _one)
TypeGuard = _Form('TypeGuard', _one)
Required = _Form('Required', _one)
NotRequired = _Form('NotRequired', _one)
Unpack = _Form('Unpack', _one)
Concatenate = _Form('Concatenate', _several)
Annotated = _Form('Annotated', _annotated)
NoReturn = _Form('NoReturn')
Never = _Form('Never')
Self = _Form('Self')
LiteralString = _Form('LiteralString')
TypeAlias = _Form('TypeAlias')


class _Container(_Form):
    # typing's name for a class that can be subscripted itself.

    def __init__(self, origin, name):
        super().__init__(name)
        self.__origin__ = origin

    def __getitem__(self, args):
        args = args if isinstance(args, tuple) else (args,)
        return _Alias(self.__origin__, tuple(map(_convert, args)), self._name)

    def __call__(self, *args, **kwargs):
        _refuse_call(self._name, self.__origin__)

    def __mro_entries__(self, bases):
        return (self.__origin__,)

    def __instancecheck__(self, obj):
        return isinstance(obj, self.__origin__)

    def __subclasscheck__(self, cls):
        return issubclass(cls, self.__origin__)


class _CallableForm(_Container):

    def __getitem__(self, args):
        if not isinstance(args, tuple) or len(args) != 2:
            raise TypeError('Callable must be used as Callable[[arg, ...], result].')
        parameters, result = args
        parameters = tuple(parameters) if isinstance(parameters, list) else (parameters,)
        return _Alias(self.__origin__, (*map(_convert, parameters), _convert(result)), 'Callable')


List, Dict, Set = _Container(list, 'List'), _Container(dict, 'Dict'), _Container(set, 'Set')
FrozenSet, Tuple = _Container(frozenset, 'FrozenSet'), _Container(tuple, 'Tuple')
Type = _Container(type, 'Type')
for _name in ('deque', 'defaultdict', 'OrderedDict', 'Counter', 'ChainMap'):
    _typing_name = {'deque': 'Deque', 'defaultdict': 'DefaultDict'}.get(_name, _name)
    globals()[_typing_name] = _Container(getattr(collections, _name), _typing_name)
for _name in ('Iterable', 'Iterator', 'Generator', 'Sequence', 'MutableSequence', 'Mapping',
              'MutableMapping', 'Collection', 'Container', 'Hashable', 'Sized', 'Reversible',
              'MutableSet', 'KeysView', 'ValuesView', 'ItemsView', 'MappingView', 'Awaitable',
              'Coroutine', 'AsyncIterable', 'AsyncIterator', 'ByteString'):
    if hasattr(collections.abc, _name):
        globals()[_name] = _Container(getattr(collections.abc, _name), _name)
AbstractSet = _Container(collections.abc.Set, 'AbstractSet')
Callable = _CallableForm(collections.abc.Callable, 'Callable')
del _name, _typing_name


class TypeVar(_Operand):
    """A variable that stands for a type."""

    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False):
        if covariant and contravariant:
            raise ValueError('Bivariant types are not supported.')
        if len(constraints) == 1:
            raise TypeError('A single constraint is not allowed')
        self.__name__ = name
        self.__constraints__ = constraints
        self.__bound__ = bound
        self.__covariant__ = covariant
        self.__contravariant__ = contravariant

    def __repr__(self):
        sign = '+' if self.__covariant__ else '-' if self.__contravariant__ else '~'
        return sign + self.__name__


class ParamSpec(TypeVar):
    """A variable that stands for the parameters of a function."""

    @property
    def args(self):
        return f'{self.__name__}.args'

    @property
    def kwargs(self):
        return f'{self.__name__}.kwargs'


class TypeVarTuple(TypeVar):
    """A variable that stands for any number of types."""

    def __repr__(self):
        return self.__name__

    def __iter__(self):
        yield Unpack[self]


AnyStr = TypeVar('AnyStr', bytes, str)


class Generic:
    """Base of classes that can be subscripted."""

    __slots__ = ()

    def __class_getitem__(cls, params):
        params = params if isinstance(params, tuple) else (params,)
        if cls is Generic and not all(isinstance(kind, TypeVar) or isinstance(kind, _Alias)
                                      for kind in params):
            raise TypeError('Parameters to Generic[...] must all be type variables or '
                            'parameter specification variables.')
        if cls is not Generic and not cls.__parameters__:
            raise TypeError(f'{cls} is not a generic class')
        return _Alias(cls, tuple(map(_convert, params)), 'Generic' if cls is Generic else None)

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        parameters = []
        for base in cls.__dict__.get('__orig_bases__', ()):
            for kind in getattr(base, '__parameters__', ()):
                if kind not in parameters:
                    parameters.append(kind)
        cls.__parameters__ = tuple(parameters)


def _protocol_members(cls):
    names = set()
    for base in cls.__mro__[:-1]:
        if base.__name__ in ('Protocol', 'Generic'):
            continue
        for name in (*base.__dict__, *base.__dict__.get('__annotations__', ())):
            if not name.startswith('_abc_') and name not in _NOT_MEMBERS:
                names.add(name)
    return names


_NOT_MEMBERS = frozenset((
    '__abstractmethods__', '__annotations__', '__dict__', '__doc__', '__init__', '__module__',
    '__new__', '__slots__', '__subclasshook__', '__weakref__', '__class_getitem__',
    '__parameters__', '__orig_bases__', '_is_protocol', '_is_runtime', '__init_subclass__',
    '__qualname__',
))


class _ProtocolMeta(type(collections.abc.Sized)):

    def __instancecheck__(cls, obj):
        if cls.__dict__.get('_is_protocol') and cls is not Protocol:
            if not getattr(cls, '_is_runtime', False):
                raise TypeError('Instance and class checks can only be used with '
                                '@runtime_checkable protocols')
            if all(hasattr(obj, name) for name in _protocol_members(cls)):
                return True
        return super().__instancecheck__(obj)

    def __subclasscheck__(cls, other):
        if cls.__dict__.get('_is_protocol') and getattr(cls, '_is_runtime', False):
            if all(hasattr(other, name) for name in _protocol_members(cls)):
                return True
        return super().__subclasscheck__(other)


class Protocol(Generic, metaclass=_ProtocolMeta):
    """Base of classes that say what others must have."""

    __slots__ = ()
    _is_protocol = True

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        cls._is_protocol = any(base is Protocol for base in cls.__bases__)
        if cls._is_protocol and '__init__' not in cls.__dict__:
            cls.__init__ = _no_protocol_init


def _no_protocol_init(self, *args, **kwargs):
    if type(self)._is_protocol:
        raise TypeError('Protocols cannot be instantiated')


def runtime_checkable(cls):
    """Let isinstance() look for a protocol's members."""
    if not getattr(cls, '_is_protocol', False):
        raise TypeError('@runtime_checkable can be only applied to protocol classes, '
                        f'got {cls!r}')
    cls._is_runtime = True
    return cls


for _name, _method in (('Int', 'int'), ('Float', 'float'), ('Index', 'index'), ('Abs', 'abs'),
                       ('Bytes', 'bytes'), ('Complex', 'complex'), ('Round', 'round')):
    globals()[f'Supports{_name}'] = runtime_checkable(_ProtocolMeta(
        f'Supports{_name}', (Protocol,),
        {f'__{_method}__': lambda self: None, '__module__': __name__}))
del _name, _method


class NewType(_Operand):
    """A type that is another one when the program runs."""

    def __init__(self, name, tp):
        self.__name__ = self.__qualname__ = name
        self.__supertype__ = tp
        self.__module__ = sys._getframe(1).f_globals.get('__name__', 'typing')

    def __call__(self, value):
        return value

    def __repr__(self):
        return f'{self.__module__}.{self.__qualname__}'


class _NamedTupleMeta(type):

    def __new__(cls, name, bases, namespace):
        annotations = namespace.get('__annotations__', {})
        defaults = []
        for field in annotations:
            if field in namespace:
                defaults.append(namespace[field])
            elif defaults:
                raise TypeError(f'Non-default namedtuple field {field} cannot follow default '
                                'field' + ('s ' if len(defaults) > 1 else ' ')
                                + ', '.join(key for key in annotations if key in namespace))
        made = collections.namedtuple(name, annotations, defaults=defaults,
                                      module=namespace['__module__'])
        made.__annotations__ = dict(annotations)
        for key, value in namespace.items():
            if key in ('__new__', '__init__', '__slots__', '__getnewargs__', '_fields',
                       '_field_defaults', '_make', '_replace', '_asdict', '_source'):
                raise AttributeError(f'Cannot overwrite NamedTuple attribute {key}')
            if key not in ('__module__', '__qualname__', '__annotations__') and (
                    key not in annotations):
                setattr(made, key, value)
        return made


def NamedTuple(typename, fields=(), /, **kwargs):
    """A named tuple with types; as a base of a class too."""
    pairs = list(fields) or list(kwargs.items())
    made = collections.namedtuple(typename, [name for name, _ in pairs],
                                  module=sys._getframe(1).f_globals.get('__name__'))
    made.__annotations__ = dict(pairs)
    return made


_NamedTuple = type.__new__(_NamedTupleMeta, 'NamedTuple', (), {})
NamedTuple.__mro_entries__ = lambda bases: (_NamedTuple,)


class _TypedDictMeta(type):

    def __new__(cls, name, bases, namespace, total=True):
        annotations = {}
        required = set()
        for base in bases:
            annotations.update(getattr(base, '__annotations__', {}))
            required |= getattr(base, '__required_keys__', set())
        own = namespace.get('__annotations__', {})
        annotations.update(own)
        for key, kind in own.items():
            form = getattr(kind, '__origin__', None)
            if form is Required or total and form is not NotRequired:
                required.add(key)
        made = type.__new__(cls, name, (dict,), dict(namespace))
        made.__annotations__ = annotations
        made.__required_keys__ = frozenset(required)
        made.__optional_keys__ = frozenset(set(annotations) - required)
        made.__total__ = total
        return made

    def __call__(cls, /, *args, **kwargs):
        return dict(*args, **kwargs)

    def __instancecheck__(cls, obj):
        raise TypeError('TypedDict does not support instance and class checks')

    __subclasscheck__ = __instancecheck__


def TypedDict(typename, fields=None, /, *, total=True):
    """A dict with known keys; as a base of a class too."""
    namespace = {'__annotations__': dict(fields or {}),
                 '__module__': sys._getframe(1).f_globals.get('__name__')}
    return _TypedDictMeta(typename, (), namespace, total=total)


_TypedDict = type.__new__(_TypedDictMeta, 'TypedDict', (), {})
TypedDict.__mro_entries__ = lambda bases: (_TypedDict,)


def cast(typ, val):
    """The value."""
    return val


def assert_type(val, typ, /):
    """The value."""
    return val


def reveal_type(obj, /):
    """The object; its type goes to stderr."""
    print(f'Runtime type is {type(obj).__name__!r}', file=sys.stderr)
    return obj


def assert_never(arg, /):
    """Raises: the program never gets here."""
    raise AssertionError(f'Expected code to be unreachable, but got: {arg!r}')


def overload(func):
    """Mark one of several signatures; the last definition is what runs."""
    return _overload_dummy


def _overload_dummy(*args, **kwds):
    raise NotImplementedError(
        'You should not call an overloaded function. A series of @overload-decorated functions '
        'outside a stub module should always be followed by an implementation that is not '
        '@overload-ed.')


def final(f):
    """Mark what may not be overridden or subclassed."""
    try:
        f.__final__ = True
    except (AttributeError, TypeError):
        pass
    return f


def no_type_check(arg):
    """Mark annotations as none of types."""
    try:
        arg.__no_type_check__ = True
    except (AttributeError, TypeError):
        pass
    return arg


def get_origin(tp):
    """What is subscripted: list for List[int]."""
    if isinstance(tp, _Alias) and tp._name == 'Annotated':
        return Annotated
    if isinstance(tp, type(int | str)):
        return type(int | str)
    return getattr(tp, '__origin__', None)


def get_args(tp):
    """The arguments of a subscript."""
    if isinstance(tp, _Alias) and tp._name == 'Annotated':
        return (tp.__origin__, *tp.__metadata__)
    args = getattr(tp, '__args__', ())
    if get_origin(tp) is collections.abc.Callable and args and args[0] is not ...:
        return list(args[:-1]), args[-1]
    return args


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    """The annotations of a class, function or module, those in strs evaluated."""
    hints = {}
    for part in reversed(obj.__mro__) if isinstance(obj, type) else (obj,):
        names = globalns
        if names is None:
            module = sys.modules.get(getattr(part, '__module__', None))
            names = getattr(part, '__globals__', None) or getattr(module, '__dict__', {})
        for name, kind in part.__dict__.get('__annotations__', {}).items() if isinstance(
                part, type) else getattr(part, '__annotations__', {}).items():
            if isinstance(kind, ForwardRef):
                kind = kind.__forward_arg__
            if isinstance(kind, str):
                kind = eval(kind, names, localns)
            if kind is None:
                kind = type(None)
            if not include_extras and isinstance(kind, _Alias) and kind._name == 'Annotated':
                kind = kind.__origin__
            hints[name] = kind
    return hints
