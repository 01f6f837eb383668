# Private names are mangled with the class's name, also in nested functions, slots and keyword arguments.
class Base:
    __secret = "base"

    def __init__(self):
        self.__value = 1
        self._single = 2
        self.__dunder__ = 3

    def get(self):
        return self.__value, self.__secret

    def nested(self):
        def inner():
            return self.__value

        return inner() + sum(self.__value for _ in range(3))

    def __method(self):
        return "private"

    def call(self):
        return self.__method()

    def local(self):
        __x = 5
        return sorted(locals(), key=str)

    def keyword(self, __arg=1):
        return __arg


class Derived(Base):
    __secret = "derived"

    def __init__(self):
        super().__init__()
        self.__value = 100

    def get_mine(self):
        return self.__value, self.__secret


class _Under:
    __x = "leading underscores are stripped"


class __:
    __y = "only underscores: no mangling"


d = Derived()
print(d.get(), d.get_mine(), d.nested(), d.call(), sorted(d.__dict__), d.local(), d.keyword(_Base__arg=7))
print(_Under._Under__x, __.__y, sorted(k for k in Derived.__dict__ if "secret" in k), Base.keyword.__code__.co_varnames)
for attempt in (lambda: d.__value, lambda: d._Base__value, lambda: d._Derived__value, lambda: Base.__secret, lambda: d.keyword(__arg=1), lambda: getattr(d, "__value"), lambda: getattr(d, "_Base__secret")):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)


class Imports:
    import math as __math

    def use(self):
        global __counter
        __counter = 1
        return self.__math.floor(2.5)


print(Imports().use(), "_Imports__counter" in globals(), "__counter" in globals())
