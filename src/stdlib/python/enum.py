"""Enumerations. Behaviour after Lib/enum.py of CPython 3.11, for Enum, IntEnum, StrEnum and Flag."""

from types import DynamicClassAttribute, MappingProxyType

__all__ = [
    'EnumMeta', 'EnumType', 'Enum', 'IntEnum', 'StrEnum', 'Flag', 'IntFlag', 'ReprEnum', 'auto',
    'unique', 'property', 'member', 'nonmember', 'verify', 'UNIQUE', 'CONTINUOUS', 'FlagBoundary',
    'STRICT', 'CONFORM', 'EJECT', 'KEEP', 'global_enum',
]

_builtin_property = property


class property(DynamicClassAttribute):
    """A property of members; the class may have a member of the same name."""

    def __set_name__(self, owner, name):
        self.name = name
        self.clsname = owner.__name__

    def __get__(self, instance, ownerclass=None):
        if instance is None:
            try:
                return ownerclass._member_map_[self.name]
            except KeyError:
                raise AttributeError(f'{ownerclass!r} has no attribute {self.name!r}') from None
        return self.fget(instance)

    def __set__(self, instance, value):
        if self.fset is None:
            raise AttributeError(
                f'<enum {self.clsname!r}> cannot set attribute {self.name!r}')
        self.fset(instance, value)

    def __delete__(self, instance):
        if self.fdel is None:
            raise AttributeError(
                f'<enum {self.clsname!r}> cannot delete attribute {self.name!r}')
        self.fdel(instance)


class nonmember:
    """Keep a value from becoming a member."""

    def __init__(self, value):
        self.value = value


class member:
    """Make a member of a value that would not become one."""

    def __init__(self, value):
        self.value = value


class auto:
    """A value that the class chooses."""

    _none = object()

    def __init__(self, value=_none):
        self.value = value

    def __repr__(self):
        return 'auto()' if self.value is auto._none else f'auto({self.value!r})'


def _is_dunder(name):
    return len(name) > 4 and name[:2] == name[-2:] == '__' and name[2] != '_' != name[-3]


def _is_sunder(name):
    return len(name) > 2 and name[0] == name[-1] == '_' and name[1] != '_' != name[-2]


def _is_private(class_name, name):
    return name.startswith(f'_{class_name}__') and not name.endswith('__')


def _is_descriptor(value):
    return hasattr(value, '__get__') or hasattr(value, '__set__') or hasattr(value, '__delete__')


def _is_single_bit(value):
    return value > 0 and value & (value - 1) == 0


class _EnumDict(dict):
    # The namespace of an enum class's body: notes members in order, refuses names used twice.

    def __init__(self):
        super().__init__()
        self._member_names = {}
        self._last_values = []
        self._ignore = []
        self._auto_called = False
        self._cls_name = None

    def __setitem__(self, key, value):
        if _is_private(self._cls_name, key):
            pass
        elif _is_sunder(key):
            if key == '_generate_next_value_':
                if self._auto_called:
                    raise TypeError('_generate_next_value_ must be defined before members')
                self._generate_next_value = value.__func__ if isinstance(
                    value, staticmethod) else value
            elif key == '_ignore_':
                value = value.replace(',', ' ').split() if isinstance(value, str) else list(value)
                self._ignore = value
                already = set(value) & set(self._member_names)
                if already:
                    raise ValueError(f'_ignore_ cannot specify already set names: {already!r}')
            elif key not in ('_order_', '_missing_', '_numeric_repr_'):
                raise ValueError(f'_sunder_ names, such as {key!r}, are reserved for future '
                                 'Enum use')
        elif _is_dunder(key):
            if key == '__order__':
                key = '_order_'
        elif key in self._member_names:
            raise TypeError(f'{key!r} already defined as {self[key]!r}')
        elif key in self._ignore:
            pass
        elif isinstance(value, nonmember):
            value = value.value
        elif isinstance(value, member) or not _is_descriptor(value):
            if isinstance(value, member):
                value = value.value
            if key in self:
                raise TypeError(f'{key!r} already defined as {self[key]!r}')
            value = self._resolve(key, value)
            self._member_names[key] = None
            self._last_values.append(value)
        super().__setitem__(key, value)

    def _resolve(self, key, value):
        if isinstance(value, auto):
            if value.value is auto._none:
                self._auto_called = True
                value.value = self._generate_next_value(
                    key, 1, len(self._member_names), self._last_values[:])
            return value.value
        if type(value) is tuple and any(isinstance(part, auto) for part in value):
            return tuple(self._resolve(key, part) for part in value)
        return value

    def update(self, members, **more):
        for key, value in dict(members, **more).items():
            self[key] = value


class EnumType(type):
    """The metaclass of enumerations."""

    @classmethod
    def __prepare__(metacls, cls, bases, **kwds):
        metacls._check_for_existing_members_(cls, bases)
        namespace = _EnumDict()
        namespace._cls_name = cls
        member_type, first_enum = metacls._get_mixins_(cls, bases)
        if first_enum is not None:
            namespace['_generate_next_value_'] = first_enum._generate_next_value_
        return namespace

    def __new__(metacls, cls, bases, classdict, *, boundary=None, _simple=False, **kwds):
        names = list(classdict._member_names)
        for name in classdict._ignore:
            classdict.pop(name, None)
        classdict.pop('_ignore_', None)
        values = [classdict[name] for name in names]
        invalid = set(names) & {'mro', ''}
        if invalid:
            raise ValueError('invalid enum member name(s) ' + ','.join(map(repr, invalid)))
        for name in names:
            classdict.pop(name)
        namespace = dict(classdict)
        order = namespace.pop('_order_', None)
        member_type, first_enum = metacls._get_mixins_(cls, bases)
        make, saved_new, use_args = metacls._find_new_(namespace, member_type, first_enum)
        if '_generate_next_value_' in namespace and not isinstance(
                namespace['_generate_next_value_'], staticmethod):
            namespace['_generate_next_value_'] = staticmethod(namespace['_generate_next_value_'])
        namespace['_new_member_'] = make
        namespace['_use_args_'] = use_args
        namespace['_member_names_'] = []
        namespace['_member_map_'] = {}
        namespace['_value2member_map_'] = {}
        namespace['_unhashable_values_'] = []
        namespace['_member_type_'] = member_type
        namespace['_boundary_'] = boundary or getattr(first_enum, '_boundary_', None)
        namespace['_flag_mask_'] = 0
        namespace['_all_bits_'] = 0
        enum_class = super().__new__(metacls, cls, bases, namespace, **kwds)
        for name, value in zip(names, values):
            enum_class._add_member(name, value)
        enum_class._finish(namespace, first_enum, member_type, saved_new)
        if order is not None:
            if isinstance(order, str):
                order = order.replace(',', ' ').split()
            wanted = [name for name in order if name in enum_class._member_names_]
            if wanted != enum_class._member_names_:
                raise TypeError('member order does not match _order_:\n'
                                f'  {enum_class._member_names_!r}\n  {wanted!r}')
        return enum_class

    def _add_member(cls, name, value):
        args = value if isinstance(value, tuple) else (value,)
        if cls._member_type_ is tuple:
            args = (args,)
        make = cls._new_member_
        if not cls._use_args_:
            new = make(cls)
        else:
            new = make(cls, *args)
        if not hasattr(new, '_value_'):
            if cls._member_type_ is object:
                new._value_ = value
            else:
                new._value_ = cls._member_type_(*args)
        value = new._value_
        new._name_ = name
        new.__objclass__ = cls
        new.__init__(*args)
        new._sort_order_ = len(cls._member_names_)
        canonical = None
        try:
            canonical = cls._value2member_map_.get(value)
        except TypeError:
            for other in cls._member_map_.values():
                if other._value_ == value:
                    canonical = other
                    break
        if canonical is None:
            canonical = new
            if not cls._is_flag() or not isinstance(value, int):
                cls._member_names_.append(name)
            elif value < 0 or _is_single_bit(value):
                cls._member_names_.append(name)
            if cls._is_flag() and isinstance(value, int):
                if value < 0:
                    raise TypeError('negative values are not allowed')
                cls._flag_mask_ |= value
                cls._all_bits_ = 2 ** cls._flag_mask_.bit_length() - 1
        cls._member_map_[name] = canonical
        try:
            cls._value2member_map_.setdefault(value, canonical)
        except TypeError:
            cls._unhashable_values_.append(value)
        existing = cls.__dict__.get(name)
        if not isinstance(existing, property):
            inherited = None
            for base in cls.__mro__[1:]:
                inherited = base.__dict__.get(name)
                if inherited is not None:
                    break
            # A property of the same name goes on serving the members.
            if not isinstance(inherited, property):
                type.__setattr__(cls, name, canonical)

    def _is_flag(cls):
        return Flag is not None and issubclass(cls, Flag)

    def _finish(cls, namespace, first_enum, member_type, saved_new):
        # Showing follows the enum, unless the class or its data type says otherwise.
        for name in ('__repr__', '__str__', '__format__'):
            if name in namespace or first_enum is None:
                continue
            enum_method = getattr(first_enum, name)
            found = getattr(cls, name)
            object_method = getattr(object, name)
            data_method = getattr(member_type, name)
            if found in (data_method, object_method):
                type.__setattr__(cls, name, enum_method)
        if first_enum is not None:
            if saved_new:
                type.__setattr__(cls, '__new_member__', namespace.get('__new__'))
            type.__setattr__(cls, '__new__', Enum.__new__)
        if cls._is_flag():
            for name in ('__or__', '__and__', '__xor__', '__ror__', '__rand__', '__rxor__',
                         '__invert__'):
                if name not in namespace and issubclass(member_type, int):
                    type.__setattr__(cls, name, getattr(Flag, name))

    @classmethod
    def _check_for_existing_members_(metacls, class_name, bases):
        for chain in bases:
            for base in chain.__mro__:
                if isinstance(base, EnumType) and base._member_names_:
                    raise TypeError(f'<enum {class_name!r}> cannot extend {base!r}')

    @classmethod
    def _get_mixins_(metacls, class_name, bases):
        if not bases:
            return object, None
        first_enum = bases[-1]
        if not isinstance(first_enum, EnumType):
            raise TypeError('new enumerations should be created as '
                            '`EnumName([mixin_type, ...] [data_type,] enum_type)`')
        data_type = None
        for chain in bases:
            candidate = None
            for base in chain.__mro__:
                if base is object:
                    continue
                if isinstance(base, EnumType):
                    if base._member_type_ is not object:
                        data_type = data_type or base._member_type_
                        break
                elif '__new__' in base.__dict__:
                    data_type = data_type or candidate or base
                    break
                else:
                    candidate = candidate or base
        return data_type or object, first_enum

    @classmethod
    def _find_new_(metacls, namespace, member_type, first_enum):
        make = namespace.get('__new__')
        saved = first_enum is not None and make is not None
        if make is None:
            for method in ('__new_member__', '__new__'):
                for possible in (member_type, first_enum):
                    target = getattr(possible, method, None)
                    standard = {None, None.__new__, object.__new__}
                    if Enum is not None:
                        standard.add(Enum.__new__)
                    if target not in standard:
                        make = target
                        break
                if make is not None:
                    break
            else:
                make = object.__new__
        elif isinstance(make, staticmethod):
            make = make.__func__
        if first_enum is None or make is object.__new__:
            use_args = False
        else:
            use_args = True
        return make, saved, use_args

    def __call__(cls, value, names=None, *, module=None, qualname=None, type=None, start=1,
                 boundary=None):
        if names is None and type is None:
            return cls.__new__(cls, value)
        return cls._create_(value, names, module=module, qualname=qualname, type=type,
                            start=start, boundary=boundary)

    def _create_(cls, class_name, names, *, module=None, qualname=None, type=None, start=1,
                 boundary=None):
        metacls = cls.__class__
        bases = (cls,) if type is None else (type, cls)
        namespace = metacls.__prepare__(class_name, bases)
        if isinstance(names, str):
            names = names.replace(',', ' ').split()
        if isinstance(names, (tuple, list)) and names and isinstance(names[0], str):
            values = []
            out = []
            for count, name in enumerate(names):
                value = cls._generate_next_value_(name, start, count, values[:])
                values.append(value)
                out.append((name, value))
            names = out
        for item in names or ():
            name, value = (item, names[item]) if isinstance(item, str) else item
            namespace[name] = value
        if module is not None:
            namespace['__module__'] = module
        if qualname is not None:
            namespace['__qualname__'] = qualname
        return metacls.__new__(metacls, class_name, bases, namespace, boundary=boundary)

    def __bool__(cls):
        return True

    def __contains__(cls, value):
        if not isinstance(value, Enum):
            raise TypeError(f'unsupported operand type(s) for \'in\': {type(value).__qualname__!r}'
                            f' and {cls.__class__.__qualname__!r}')
        return isinstance(value, cls) and value._name_ in cls._member_map_

    def __delattr__(cls, attr):
        if attr in cls._member_map_:
            raise AttributeError(f'{cls.__name__!r} cannot delete member {attr!r}.')
        super().__delattr__(attr)

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get('_member_map_', ()):
            raise AttributeError(f'cannot reassign member {name!r}')
        super().__setattr__(name, value)

    def __getattr__(cls, name):
        if not _is_dunder(name):
            found = cls.__dict__.get('_member_map_', {}).get(name)
            if found is not None:
                return found
        raise AttributeError(name) from None

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __iter__(cls):
        return (cls._member_map_[name] for name in cls._member_names_)

    def __reversed__(cls):
        return (cls._member_map_[name] for name in reversed(cls._member_names_))

    def __len__(cls):
        return len(cls._member_names_)

    @_builtin_property
    def __members__(cls):
        return MappingProxyType(cls._member_map_)

    def __repr__(cls):
        kind = 'flag' if cls._is_flag() else 'enum'
        return f'<{kind} {cls.__name__!r}>'


EnumMeta = EnumType
Enum = Flag = None


class Enum(metaclass=EnumType):
    """A set of names with unique, constant values."""

    def __new__(cls, value):
        if type(value) is cls:
            return value
        try:
            return cls._value2member_map_[value]
        except KeyError:
            pass
        except TypeError:
            for found in cls._member_map_.values():
                if found._value_ == value:
                    return found
        try:
            result = cls._missing_(value)
            problem = None
        except Exception as exc:
            problem = exc
            result = None
        try:
            if isinstance(result, cls):
                return result
            if (Flag is not None and issubclass(cls, Flag) and cls._boundary_ is EJECT
                    and isinstance(result, int)):
                return result
            invalid = ValueError(f'{value!r} is not a valid {cls.__qualname__}')
            if result is None and problem is None:
                raise invalid
            if problem is None:
                problem = TypeError(f'error in {cls.__name__}._missing_: returned {result!r} '
                                    'instead of None or a valid member')
            if not isinstance(problem, ValueError):
                problem.__context__ = invalid
            raise problem
        finally:
            problem = None
            invalid = None

    def __init__(self, *args, **kwds):
        pass

    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start
        try:
            return max(value for value in last_values if isinstance(value, int)) + 1
        except ValueError:
            return start

    @classmethod
    def _missing_(cls, value):
        return None

    def __repr__(self):
        data = self.__class__._member_type_
        show = repr if data is object else getattr(data, '__repr__', repr)
        return f'<{self.__class__.__name__}.{self._name_}: {show(self._value_)}>'

    def __str__(self):
        return f'{self.__class__.__name__}.{self._name_}'

    def __dir__(self):
        added = [name for cls in self.__class__.mro() for name in cls.__dict__
                 if name[0] != '_' and name not in self._member_map_]
        return ['__class__', '__doc__', '__eq__', '__hash__', '__module__', 'name', 'value', *added]

    def __format__(self, spec):
        return str.__format__(str(self), spec)

    def __hash__(self):
        return hash(self._name_)

    def __deepcopy__(self, memo):
        return self

    def __reduce_ex__(self, proto):
        return self.__class__, (self._value_,)

    def __copy__(self):
        return self

    @property
    def name(self):
        """The name of the member."""
        return self._name_

    @property
    def value(self):
        """The value of the member."""
        return self._value_


class ReprEnum(Enum):
    """An enum that changes the repr of its data type only."""


class IntEnum(int, ReprEnum):
    """An enum whose members are ints."""

    __str__ = int.__repr__
    __format__ = int.__format__


class StrEnum(str, ReprEnum):
    """An enum whose members are strs."""

    def __new__(cls, *values):
        if len(values) > 3:
            raise TypeError(f'too many arguments for str(): {values!r}')
        if len(values) == 1 and not isinstance(values[0], str):
            raise TypeError(f'{values[0]!r} is not a string')
        value = str(*values)
        made = str.__new__(cls, value)
        made._value_ = value
        return made

    def _generate_next_value_(name, start, count, last_values):
        return name.lower()

    __str__ = str.__str__
    __format__ = str.__format__


class FlagBoundary(StrEnum):
    """What becomes of bits that no member has."""

    STRICT = auto()
    CONFORM = auto()
    EJECT = auto()
    KEEP = auto()


STRICT, CONFORM, EJECT, KEEP = FlagBoundary


class Flag(Enum, boundary=STRICT):
    """An enum whose members can be combined."""

    _numeric_repr_ = repr

    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start if start is not None else 1
        last = max(last_values)
        try:
            return 2 ** last.bit_length()
        except Exception:
            raise TypeError(f'invalid flag value {last!r}') from None

    @classmethod
    def _parts_of(cls, value):
        for bit in range(value.bit_length()):
            found = cls._value2member_map_.get(value & 1 << bit)
            if found is not None and value & 1 << bit:
                yield found

    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            raise ValueError(f'{value!r} is not a valid {cls.__qualname__}')
        mask, all_bits = cls._flag_mask_, cls._all_bits_
        negative = None
        if not ~all_bits <= value <= all_bits or value & (all_bits ^ mask):
            if cls._boundary_ is STRICT:
                bits = max(value.bit_length(), mask.bit_length())
                raise ValueError(
                    f'{cls!r} invalid value {value!r}\n    given {_bits(value, bits)}\n'
                    f'  allowed {_bits(mask, bits)}')
            if cls._boundary_ is CONFORM:
                value = value & mask
            elif cls._boundary_ is EJECT:
                return value
            elif value < 0:
                value = max(all_bits + 1, 2 ** value.bit_length()) + value
        if value < 0:
            negative = value
            value = all_bits + 1 + value
            if cls._boundary_ is not KEEP:
                value &= mask
        unknown = value & ~mask
        made = cls._value2member_map_.get(value)
        if made is None:
            if cls._member_type_ is object:
                made = object.__new__(cls)
            else:
                made = cls._member_type_.__new__(cls, value)
            made._value_ = value
            made.__objclass__ = cls
            parts = list(cls._parts_of(value))
            if parts:
                made._name_ = '|'.join(part._name_ for part in parts)
                if unknown:
                    made._name_ += f'|{cls._numeric_repr_(unknown)}'
            else:
                made._name_ = None
            made = cls._value2member_map_.setdefault(value, made)
        if negative is not None:
            cls._value2member_map_[negative] = made
        return made

    def __contains__(self, other):
        if not isinstance(other, self.__class__):
            raise TypeError(f"unsupported operand type(s) for 'in': "
                            f'{type(other).__qualname__!r} and {self.__class__.__qualname__!r}')
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        yield from self._parts_of(self._value_)

    def __len__(self):
        return self._value_.bit_count()

    def __repr__(self):
        name = self.__class__.__name__
        if self._name_ is None:
            return f'<{name}: {self._value_!r}>'
        return f'<{name}.{self._name_}: {self._value_!r}>'

    def __str__(self):
        name = self.__class__.__name__
        return f'{name}({self._value_!r})' if self._name_ is None else f'{name}.{self._name_}'

    def __bool__(self):
        return bool(self._value_)

    def _operand(self, other):
        if isinstance(other, self.__class__):
            return other._value_
        if self._member_type_ is not object and isinstance(other, self._member_type_):
            return other
        return None

    def __or__(self, other):
        value = self._operand(other)
        return NotImplemented if value is None else self.__class__(self._value_ | value)

    def __and__(self, other):
        value = self._operand(other)
        return NotImplemented if value is None else self.__class__(self._value_ & value)

    def __xor__(self, other):
        value = self._operand(other)
        return NotImplemented if value is None else self.__class__(self._value_ ^ value)

    def __invert__(self):
        if self._boundary_ is KEEP:
            return self.__class__(~self._value_)
        return self.__class__(self._flag_mask_ & ~self._value_)

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__


class IntFlag(int, ReprEnum, Flag, boundary=KEEP):
    """A flag whose members are ints."""

    __str__ = int.__repr__
    __format__ = int.__format__


def _bits(value, width):
    text = bin(value if value >= 0 else 2 ** width + value)[2:].rjust(width, '0')
    return f'0b{0 if value >= 0 else 1} {text}'


def unique(enumeration):
    """Refuse an enumeration in which two names have the same value."""
    twice = [f'{alias} -> {member.name}' for alias, member in enumeration.__members__.items()
             if alias != member.name]
    if twice:
        raise ValueError(f'duplicate values found in {enumeration!r}: {", ".join(twice)}')
    return enumeration


UNIQUE, CONTINUOUS, NAMED_FLAGS = 'one name per value', 'no skipped integer values', 'named'


class verify:
    """Check an enumeration for the given properties."""

    def __init__(self, *checks):
        self.checks = checks

    def __call__(self, enumeration):
        if UNIQUE in self.checks:
            try:
                unique(enumeration)
            except ValueError as exc:
                text = str(exc).replace('duplicate values', 'aliases')
                raise ValueError(text) from None
        if CONTINUOUS in self.checks:
            values = sorted(member.value for member in enumeration)
            missing = sorted(set(range(values[0], values[-1] + 1)) - set(values)) if values else []
            if missing:
                raise ValueError(f'invalid enum {enumeration.__name__!r}: missing values '
                                 + ', '.join(map(str, missing)))
        return enumeration


def global_enum(cls, update_str=False):
    """Put the members among the names of the enumeration's module."""
    import sys
    sys.modules[cls.__module__].__dict__.update(cls.__members__)
    return cls
