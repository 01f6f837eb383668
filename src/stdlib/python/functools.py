"""Functions that take or return functions."""

from _functools import cmp_to_key, partial, reduce, _lru_cache_wrapper
from collections import namedtuple as _namedtuple

__all__ = [
    "update_wrapper", "wraps", "WRAPPER_ASSIGNMENTS", "WRAPPER_UPDATES",
    "total_ordering", "cache", "cmp_to_key", "lru_cache", "reduce", "partial",
    "partialmethod", "singledispatch", "singledispatchmethod", "cached_property",
]

WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__")
WRAPPER_UPDATES = ("__dict__",)

_absent = object()


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """Make wrapper look like wrapped."""
    for name in assigned:
        value = getattr(wrapped, name, _absent)
        if value is not _absent:
            setattr(wrapper, name, value)
    for name in updated:
        getattr(wrapper, name).update(getattr(wrapped, name, {}))
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """Decorator that applies update_wrapper to a wrapper of wrapped."""
    return partial(update_wrapper, wrapped=wrapped, assigned=assigned, updated=updated)


def _negated(name):
    def method(self, other):
        answer = getattr(type(self), name)(self, other)
        return answer if answer is NotImplemented else not answer
    return method


def _or_equal(name):
    def method(self, other):
        answer = getattr(type(self), name)(self, other)
        if answer is NotImplemented:
            return answer
        return answer or self == other
    return method


def _negated_or_equal(name):
    def method(self, other):
        answer = getattr(type(self), name)(self, other)
        if answer is NotImplemented:
            return answer
        return not answer or self == other
    return method


def _and_unequal(name):
    def method(self, other):
        answer = getattr(type(self), name)(self, other)
        if answer is NotImplemented:
            return answer
        return answer and self != other
    return method


def _negated_and_unequal(name):
    def method(self, other):
        answer = getattr(type(self), name)(self, other)
        if answer is NotImplemented:
            return answer
        return not answer and self != other
    return method


_DERIVED = {
    "__lt__": (("__gt__", _negated_and_unequal), ("__le__", _or_equal), ("__ge__", _negated)),
    "__le__": (("__ge__", _negated_or_equal), ("__lt__", _and_unequal), ("__gt__", _negated)),
    "__gt__": (("__lt__", _negated_and_unequal), ("__ge__", _or_equal), ("__le__", _negated)),
    "__ge__": (("__le__", _negated_or_equal), ("__gt__", _and_unequal), ("__lt__", _negated)),
}


def total_ordering(cls):
    """Class decorator that fills in missing ordering methods."""
    roots = {name for name in _DERIVED
             if getattr(cls, name, None) is not getattr(object, name, None)}
    if not roots:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    root = max(roots)
    for name, make in _DERIVED[root]:
        if name not in roots:
            method = make(root)
            method.__name__ = name
            method.__qualname__ = name
            setattr(cls, name, method)
    return cls


_CacheInfo = _namedtuple("CacheInfo", ["hits", "misses", "maxsize", "currsize"])


def lru_cache(maxsize=128, typed=False):
    """Decorator that remembers the results of the latest calls."""
    if isinstance(maxsize, int):
        if maxsize < 0:
            maxsize = 0
    elif callable(maxsize) and isinstance(typed, bool):
        function, maxsize = maxsize, 128
        wrapper = _lru_cache_wrapper(function, maxsize, typed, _CacheInfo)
        wrapper.cache_parameters = lambda: {"maxsize": maxsize, "typed": typed}
        return update_wrapper(wrapper, function)
    elif maxsize is not None:
        raise TypeError("Expected first argument to be an integer, a callable, or None")

    def decorate(function):
        wrapper = _lru_cache_wrapper(function, maxsize, typed, _CacheInfo)
        wrapper.cache_parameters = lambda: {"maxsize": maxsize, "typed": typed}
        return update_wrapper(wrapper, function)

    return decorate


def cache(user_function, /):
    """An lru_cache without bound."""
    return lru_cache(maxsize=None)(user_function)


class cached_property:
    """A property computed once an instance; the result replaces it in the instance's dict."""

    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__

    def __set_name__(self, owner, name):
        if self.attrname is None:
            self.attrname = name
        elif name != self.attrname:
            raise TypeError(
                "Cannot assign the same cached_property to two different names "
                f"({self.attrname!r} and {name!r})."
            )

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.attrname is None:
            raise TypeError(
                "Cannot use cached_property instance without calling __set_name__ on it.")
        try:
            values = instance.__dict__
        except AttributeError:
            raise TypeError(
                f"No '__dict__' attribute on {type(instance).__name__!r} "
                f"instance to cache {self.attrname!r} property."
            ) from None
        value = values.get(self.attrname, _absent)
        if value is _absent:
            value = self.func(instance)
            values[self.attrname] = value
        return value


class partialmethod:
    """A method with some arguments given."""

    def __init__(self, func, /, *args, **keywords):
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError(f"{func!r} is not callable or a descriptor")
        if isinstance(func, partialmethod):
            self.func = func.func
            self.args = func.args + args
            self.keywords = {**func.keywords, **keywords}
        else:
            self.func = func
            self.args = args
            self.keywords = keywords

    def __repr__(self):
        parts = [repr(self.func)]
        parts.extend(repr(arg) for arg in self.args)
        parts.extend(f"{name}={value!r}" for name, value in self.keywords.items())
        cls = type(self)
        return f"{cls.__module__}.{cls.__qualname__}({', '.join(parts)})"

    def __get__(self, obj, cls=None):
        get = getattr(self.func, "__get__", None)
        if get is not None:
            bound = get(obj, cls)
            if bound is not self.func:
                result = partial(bound, *self.args, **self.keywords)
                try:
                    result.__self__ = bound.__self__
                except AttributeError:
                    pass
                return result
        function, args, keywords = self.func, self.args, self.keywords

        def method(cls_or_self, /, *more, **named):
            return function(cls_or_self, *args, *more, **{**keywords, **named})

        return method.__get__(obj, cls)


def _best_class(cls, registry):
    for candidate in cls.__mro__:
        if candidate in registry:
            return candidate
    matches = [known for known in registry if known is not object and issubclass(cls, known)]
    best = None
    for known in matches:
        if best is None or issubclass(known, best):
            best = known
        elif not issubclass(best, known):
            raise RuntimeError(f"Ambiguous dispatch: {best} or {known}")
    return object if best is None else best


def singledispatch(func):
    """A generic function that is chosen by the class of its first argument."""
    registry = {}
    chosen = {}

    def dispatch(cls):
        implementation = chosen.get(cls)
        if implementation is None:
            implementation = registry.get(cls)
            if implementation is None:
                implementation = registry[_best_class(cls, registry)]
            chosen[cls] = implementation
        return implementation

    def register(cls, func=None):
        if not isinstance(cls, type):
            if func is not None or not callable(cls):
                raise TypeError(
                    f"Invalid first argument to `register()`. {cls!r} is not a class or union type.")
            annotations = getattr(cls, "__annotations__", {})
            if not annotations:
                raise TypeError(
                    f"Invalid first argument to `register()`: {cls!r}. "
                    "Use either `@register(some_class)` or plain `@register` "
                    "on an annotated function."
                )
            func = cls
            name, cls = next(iter(annotations.items()))
            if not isinstance(cls, type):
                raise TypeError(
                    f"Invalid annotation for {name!r}. {cls!r} is not a class.")
        elif func is None:
            return lambda implementation: register(cls, implementation)
        registry[cls] = func
        chosen.clear()
        return func

    def wrapper(*args, **keywords):
        if not args:
            raise TypeError(f"{name} requires at least 1 positional argument")
        return dispatch(args[0].__class__)(*args, **keywords)

    name = getattr(func, "__name__", "singledispatch function")
    registry[object] = func
    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = registry
    wrapper._clear_cache = chosen.clear
    update_wrapper(wrapper, func)
    return wrapper


class singledispatchmethod:
    """singledispatch for methods: chosen by the class of the argument after self."""

    def __init__(self, func):
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError(f"{func!r} is not callable or a descriptor")
        self.dispatcher = singledispatch(func)
        self.func = func

    def register(self, cls, method=None):
        return self.dispatcher.register(cls, func=method)

    def __get__(self, obj, cls=None):
        def method(*args, **keywords):
            chosen = self.dispatcher.dispatch(args[0].__class__)
            return chosen.__get__(obj, cls)(*args, **keywords)

        method.register = self.register
        update_wrapper(method, self.func)
        return method
