"""Stand-ins for objects that record how they are used: Mock, and `call` to compare with."""

__all__ = ["Mock", "NonCallableMock", "call", "sentinel", "DEFAULT"]

__unittest = True


class _Sentinel:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"sentinel.{self.name}"


class _Sentinels:
    """sentinel.x is the same object every time."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        value = self.__dict__[name] = _Sentinel(name)
        return value


sentinel = _Sentinels()
DEFAULT = sentinel.DEFAULT


class _Call(tuple):
    """One call: (name, args, kwargs)."""

    def __new__(cls, name="", args=(), kwargs=None):
        return tuple.__new__(cls, (name, args, kwargs or {}))

    def __call__(self, *args, **kwargs):
        return _Call(self[0], args, kwargs)

    def __getattr__(self, attribute):
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return _Call(f"{self[0]}.{attribute}" if self[0] else attribute)

    @property
    def args(self):
        return self[1]

    @property
    def kwargs(self):
        return self[2]

    def __eq__(self, other):
        if not isinstance(other, tuple):
            return NotImplemented
        other = tuple(other)
        if len(other) == 2:
            other = ("", *other)
        return tuple(self) == other

    __hash__ = None

    def __repr__(self):
        shown = [repr(arg) for arg in self[1]]
        shown += [f"{name}={value!r}" for name, value in self[2].items()]
        name = f".{self[0]}" if self[0] else ""
        return f"call{name}({', '.join(shown)})"


call = _Call()


class NonCallableMock:
    """An object with any attribute, each a mock too."""

    def __init__(self, spec=None, side_effect=None, return_value=DEFAULT, name=None, **kwargs):
        self.__dict__.update(_spec=None if spec is None else set(dir(spec)), _name=name,
                             _children={}, _returned=return_value)
        self.side_effect = side_effect
        self.reset_mock()
        for attribute, value in kwargs.items():
            setattr(self, attribute, value)

    def reset_mock(self):
        self.called = False
        self.call_count = 0
        self.call_args = None
        self.call_args_list = []
        self.mock_calls = []
        for child in self._children.values():
            child.reset_mock()

    @property
    def method_calls(self):
        return [one for one in self.mock_calls if one[0]]

    @property
    def return_value(self):
        if self._returned is DEFAULT:
            self._returned = type(self)()
        return self._returned

    @return_value.setter
    def return_value(self, value):
        self._returned = value

    def __getattr__(self, attribute):
        known = self._spec is None or attribute in self._spec
        if attribute.startswith("__") or attribute.startswith("assert") or not known:
            raise AttributeError(f"Mock object has no attribute {attribute!r}")
        child = type(self)(name=attribute)
        child.__dict__["_parent"] = self
        self._children[attribute] = child
        self.__dict__[attribute] = child
        return child

    def __repr__(self):
        name = f" name={self._name!r}" if self._name else ""
        return f"<{type(self).__name__}{name} id='{id(self)}'>"


class Mock(NonCallableMock):
    """A mock that can be called; side_effect, then return_value, say what comes of it."""

    def __call__(self, /, *args, **kwargs):
        self.called = True
        self.call_count += 1
        self.call_args = _Call("", args, kwargs)
        self.call_args_list.append(self.call_args)
        self.mock_calls.append(self.call_args)
        name, owner = self._name, self.__dict__.get("_parent")
        while owner is not None:
            owner.mock_calls.append(_Call(name, args, kwargs))
            name, owner = f"{owner._name}.{name}", owner.__dict__.get("_parent")
        effect = self.side_effect
        if effect is not None:
            if isinstance(effect, BaseException) or (
                    isinstance(effect, type) and issubclass(effect, BaseException)):
                raise effect
            if not callable(effect):
                self.side_effect = effect = iter(effect)
                result = next(effect)
                if isinstance(result, BaseException):
                    raise result
            else:
                result = effect(*args, **kwargs)
            if result is not DEFAULT:
                return result
        return self.return_value

    def assert_called(self):
        if not self.called:
            raise AssertionError(f"Expected '{self._shown()}' to have been called.")

    def assert_called_once(self):
        if self.call_count != 1:
            raise AssertionError(f"Expected '{self._shown()}' to have been called once. "
                                 f"Called {self.call_count} times.")

    def assert_not_called(self):
        if self.called:
            raise AssertionError(f"Expected '{self._shown()}' to not have been called. "
                                 f"Called {self.call_count} times.")

    def assert_called_with(self, /, *args, **kwargs):
        expected = _Call("", args, kwargs)
        if self.call_args != expected:
            raise AssertionError(f"expected call not found.\nExpected: {expected}\n"
                                 f"Actual: {self.call_args}")

    def assert_called_once_with(self, /, *args, **kwargs):
        self.assert_called_once()
        self.assert_called_with(*args, **kwargs)

    def assert_any_call(self, /, *args, **kwargs):
        expected = _Call("", args, kwargs)
        if expected not in self.call_args_list:
            raise AssertionError(f"{expected} call not found")

    def _shown(self):
        return self._name or "mock"
