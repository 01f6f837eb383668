# Classes: attributes, methods, instances, class variables, dynamic changes, repr, comparison.
class Animal:
    """An animal."""

    count = 0
    kinds = []

    def __init__(self, name, sound="..."):
        self.name = name
        self.sound = sound
        Animal.count += 1
        self.kinds.append(type(self).__name__)

    def speak(self):
        return f"{self.name} says {self.sound}"

    def __repr__(self):
        return f"{type(self).__name__}({self.name!r})"


class Dog(Animal):
    def __init__(self, name):
        super().__init__(name, "woof")
        self.tricks = []

    def speak(self):
        return super().speak() + "!"


a, d = Animal("cat", "meow"), Dog("rex")
print(a, d, a.speak(), d.speak(), Animal.count, Animal.kinds, Dog.count, Dog.kinds is Animal.kinds)
print(isinstance(d, Animal), isinstance(a, Dog), issubclass(Dog, Animal), issubclass(Dog, (int, Animal)), type(d) is Dog, Dog.__mro__ == (Dog, Animal, object), Dog.__bases__, Dog.__name__, Animal.__doc__, Dog.__doc__, Dog.__module__, Dog.__qualname__)
print(d.__dict__, vars(a), sorted(k for k in Dog.__dict__ if not k.startswith("__")), hasattr(d, "tricks"), hasattr(a, "tricks"))
d.count = 100
print(d.count, Dog.count)
del d.count
print(d.count)
Animal.legs = 4
Dog.describe = lambda self, extra="": f"{self.name}:{self.legs}{extra}"
print(d.describe(), d.describe("?"), Dog.describe(d), a.legs)
setattr(a, "color", "black")
print(getattr(a, "color"), getattr(a, "nope", "default"), a.__class__.__name__)
delattr(a, "color")
for attempt in (lambda: a.color, lambda: Animal.nothing, lambda: delattr(a, "zip"), lambda: Animal(), lambda: a(), lambda: a + 1, lambda: a[0], lambda: len(a), lambda: a < d, lambda: iter(a), lambda: -a, lambda: a.speak(1), lambda: 1 in a, lambda: a.__nothing__, lambda: setattr(5, "x", 1), lambda: setattr(object(), "x", 1), lambda: setattr(int, "x", 1), lambda: delattr(a, "speak"), lambda: hash(type("H", (), {"__eq__": lambda s, o: True})())):
    try:
        attempt()
    except Exception as e:
        print(type(e).__name__, e)
m = d.speak
print(m(), m.__self__ is d, m.__func__ is Dog.speak, m == d.speak, m is d.speak, m.__name__, Dog.speak.__name__, Dog.speak is Dog.__dict__["speak"])
d.speak = lambda: "instance attribute wins"
print(d.speak(), Dog("x").speak())
a.__class__ = Dog
print(a.speak(), type(a).__name__)
a.__dict__["injected"] = 5
print(a.injected, a == a, a == d, a != d, a is not d, bool(a), hash(a) == hash(a), repr(object())[:18], str(a))


class Nested:
    class Inner:
        value = 7

        def method(self):
            return __class__.__qualname__

    alias = Inner
    squares = [n * n for n in range(4)]
    x = 1
    y = x + 1


print(Nested.Inner.value, Nested.alias().method(), Nested.squares, Nested.y, Nested.Inner, Nested().Inner is Nested.Inner)
