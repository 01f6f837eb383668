"""Names for the builtin types that are no builtins, and helpers to make classes."""

import sys as _sys


class _Sample:
    def method(self):
        return self


def _make_samples():
    """One object of each type that has no name in builtins."""
    here = None

    def closed():
        return here

    def generating():
        yield here

    try:
        raise LookupError
    except LookupError as error:
        traceback = error.__traceback__
    return {
        "FunctionType": closed,
        "CodeType": closed.__code__,
        "CellType": closed.__closure__[0],
        "GetSetDescriptorType": type(closed).__code__,
        "MemberDescriptorType": type(closed).__globals__,
        "GeneratorType": generating(),
        "MethodType": _Sample().method,
        "MappingProxyType": _Sample.__dict__,
        "BuiltinFunctionType": len,
        "WrapperDescriptorType": int.__add__,
        "MethodWrapperType": (1).__add__,
        "MethodDescriptorType": list.append,
        "ClassMethodDescriptorType": vars(dict)["fromkeys"],
        "SimpleNamespace": _sys.implementation,
        "ModuleType": _sys,
        "TracebackType": traceback,
        "GenericAlias": list[int],
        "UnionType": int | None,
        "NoneType": None,
        "EllipsisType": ...,
        "NotImplementedType": NotImplemented,
    }


globals().update((name, type(sample)) for name, sample in _make_samples().items())
LambdaType = FunctionType
BuiltinMethodType = BuiltinFunctionType


def new_class(name, bases=(), kwds=None, exec_body=None):
    """Make a class as a class statement does; `exec_body` fills the namespace."""
    resolved = resolve_bases(bases)
    meta, namespace, keywords = prepare_class(name, resolved, kwds)
    if exec_body is not None:
        exec_body(namespace)
    if resolved is not bases:
        namespace["__orig_bases__"] = bases
    return meta(name, resolved, namespace, **keywords)


def resolve_bases(bases):
    """Replace bases that are no classes by what their __mro_entries__ gives."""
    replaced = {}
    for i, base in enumerate(bases):
        hook = None if isinstance(base, type) else getattr(base, "__mro_entries__", None)
        if hook is not None:
            replaced[i] = hook(bases)
            if not isinstance(replaced[i], tuple):
                raise TypeError("__mro_entries__ must return a tuple")
    if not replaced:
        return bases
    return sum((replaced.get(i, (base,)) for i, base in enumerate(bases)), ())


def prepare_class(name, bases=(), kwds=None):
    """The metaclass, the namespace it prepares, and the keywords left for it."""
    keywords = dict(kwds or {})
    meta = keywords.pop("metaclass", type(bases[0]) if bases else type)
    if isinstance(meta, type):
        meta = _most_derived([meta, *map(type, bases)])
    prepare = getattr(meta, "__prepare__", None)
    return meta, prepare(name, bases, **keywords) if prepare else {}, keywords


def _most_derived(metaclasses):
    for meta in metaclasses:
        if all(issubclass(meta, other) for other in metaclasses):
            return meta
    raise TypeError("metaclass conflict: the metaclass of a derived class must be a "
                    "(non-strict) subclass of the metaclasses of all its bases")


class DynamicClassAttribute(property):
    """A property of instances that the class itself answers through __getattr__."""

    def __get__(self, instance, owner=None):
        if instance is None and not self.__isabstractmethod__:
            raise AttributeError(self.fget.__name__ if self.fget else None)
        return super().__get__(instance, owner)
