# property, classmethod, staticmethod, descriptors (data and non-data), __set_name__, lookup order.
class Celsius:
    def __init__(self, degrees):
        self.degrees = degrees

    @property
    def degrees(self):
        "The temperature."
        return self._degrees

    @degrees.setter
    def degrees(self, value):
        if value < -273.15:
            raise ValueError("below absolute zero")
        self._degrees = value

    @degrees.deleter
    def degrees(self):
        print("deleting")
        del self._degrees

    @property
    def fahrenheit(self):
        return self.degrees * 9 / 5 + 32

    @classmethod
    def from_fahrenheit(cls, f):
        return cls((f - 32) * 5 / 9)

    @staticmethod
    def freezing():
        return 0

    def __set__(self, *args):
        pass


class Kelvin(Celsius):
    @property
    def degrees(self):
        return super().degrees + 273.15

    @degrees.setter
    def degrees(self, value):
        Celsius.degrees.fset(self, value - 273.15)


c = Celsius(100)
print(c.degrees, c.fahrenheit, Celsius.from_fahrenheit(212).degrees, c.freezing(), Celsius.freezing(), Celsius.degrees.__doc__, type(Celsius.degrees).__name__)
c.degrees = 25
print(c.degrees, c.__dict__)
del c.degrees
k = Kelvin(300)
print(round(k._degrees, 2), k.degrees, Kelvin.from_fahrenheit(32 + 491.67).degrees, type(Kelvin.from_fahrenheit(500)).__name__)
for attempt in (lambda: setattr(c, "degrees", -300), lambda: setattr(c, "fahrenheit", 1), lambda: delattr(c, "fahrenheit"), lambda: c.degrees, lambda: setattr(c, "freezing", 1) or c.freezing, lambda: property(5).__get__(1), lambda: property().__get__(1), lambda: classmethod(5).__get__(None, int)()):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)


class Logged:
    def __set_name__(self, owner, name):
        self.name = name
        print("named", owner.__name__, name)

    def __get__(self, instance, owner):
        if instance is None:
            return self
        return instance.__dict__.get(self.name, "unset")

    def __set__(self, instance, value):
        print("set", self.name, value)
        instance.__dict__[self.name] = value

    def __delete__(self, instance):
        print("delete", self.name)
        instance.__dict__.pop(self.name, None)


class NonData:
    def __get__(self, instance, owner):
        return ("nondata", instance is None, owner.__name__)


class Host:
    x = Logged()
    y = Logged()
    z = NonData()

    def __getattr__(self, name):
        return "fallback " + name


h = Host()
print(h.x, h.z, Host.z, type(Host.x).__name__, h.other)
h.x = 5
h.__dict__["x"] = 6
h.__dict__["z"] = "instance wins over non-data"
print(h.x, h.z)
del h.x
print(h.x, sorted(h.__dict__))


class Method:
    def __init__(self, f):
        self.f = f

    def __get__(self, instance, owner=None):
        return lambda *a: self.f(instance, *a)


class User:
    hello = Method(lambda self, x: (type(self).__name__, x))
    length = len
    bound = [].append


print(User().hello(5), User.length([1, 2]), User().length([1]), User().bound(1), len.__self__.__name__)


class Lazy:
    def __init__(self, f):
        self.f, self.name = f, f.__name__

    def __get__(self, instance, owner):
        value = instance.__dict__[self.name] = self.f(instance)
        return value


class Computed:
    @Lazy
    def answer(self):
        print("computing")
        return 42


v = Computed()
print(v.answer, v.answer)


class Chained:
    @classmethod
    @property
    def name(cls):
        return cls.__name__


print(Chained.name)
