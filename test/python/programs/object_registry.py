# A small object-relational layer: descriptors with validation, a metaclass, queries by generators.
class Field:
    order = 0

    def __init__(self, kind, default=None, check=None):
        self.kind, self.default, self.check = kind, default, check
        Field.order += 1
        self.order = Field.order

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, row, owner):
        return self if row is None else row.__dict__.get(self.name, self.default)

    def __set__(self, row, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name}: expected {self.kind.__name__}, got {type(value).__name__}")
        if self.check and not self.check(value):
            raise ValueError(f"{self.name}: {value!r} refused")
        row.__dict__[self.name] = value

    def __eq__(self, value):
        return lambda row: getattr(row, self.name) == value

    def __gt__(self, value):
        return lambda row: getattr(row, self.name) > value

    __hash__ = object.__hash__


class ModelMeta(type):
    tables = {}

    def __new__(mcls, name, bases, ns):
        cls = super().__new__(mcls, name, bases, ns)
        inherited = [f for b in bases for f in getattr(b, "_fields", ())]
        cls._fields = inherited + sorted((v for v in ns.values() if isinstance(v, Field)), key=lambda f: f.order)
        cls._rows = []
        if bases:
            mcls.tables[name.lower()] = cls
        return cls

    def __iter__(cls):
        return iter(cls._rows)

    def __len__(cls):
        return len(cls._rows)

    def where(cls, *tests, **equals):
        for row in cls:
            if all(t(row) for t in tests) and all(getattr(row, k) == v for k, v in equals.items()):
                yield row


class Model(metaclass=ModelMeta):
    def __init__(self, *args, **kwargs):
        names = [f.name for f in self._fields]
        if len(args) > len(names):
            raise TypeError(f"{type(self).__name__} takes {len(names)} values, {len(args)} given")
        for k, v in {**dict(zip(names, args)), **kwargs}.items():
            if k not in names:
                raise AttributeError(f"{type(self).__name__} has no field {k!r}")
            setattr(self, k, v)
        self._rows.append(self)

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{f.name}={getattr(self, f.name)!r}' for f in self._fields)})"


class Person(Model):
    name = Field(str, check=str.strip)
    age = Field(int, default=0, check=lambda n: 0 <= n < 150)


class Employee(Person):
    salary = Field(float, default=0.0)
    boss = Field(Person)


ann = Person("Ann", 61)
bob = Employee("Bob", age=33, salary=10.5, boss=ann)
cay = Employee("Cay", 25, 20.0)
print(ann, bob, cay, sep="\n")
print(len(Person), len(Employee), sorted(ModelMeta.tables), [f.name for f in Employee._fields])
print([e.name for e in Employee.where(Employee.salary > 15.0)], [e.name for e in Employee.where(Employee.boss == ann)], list(Person.where(name="Zed")), next(Employee.where(age=25)).name)
for bad in (lambda: Person(5), lambda: Person("  "), lambda: Person("X", 200), lambda: Person("X", 1, 2), lambda: Person(nope=1), lambda: setattr(ann, "age", "old"), lambda: setattr(bob, "boss", 5)):
    try:
        print(bad())
    except (TypeError, ValueError, AttributeError) as e:
        print(type(e).__name__, e)
print(ann.age, Person.age.default, vars(ann), len(Person))
