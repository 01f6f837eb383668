"""How classes say what their instances are made of, in every protocol."""
import collections
import copy
import copyreg
import dataclasses
import enum
import functools
import operator
import pickle
import random
import types


class Plain:
    def __init__(self, x):
        self.x = x


class Slots:
    __slots__ = ('a', '__private', '__dict__')

    def __init__(self):
        self.a = 1
        self.__private = 2
        self.extra = 3

    def show(self):
        return self.a, self.__private, self.extra


class OnlySlots:
    __slots__ = ('a', 'b')


class State:
    def __init__(self):
        self.secret = 1
        self.kept = 2

    def __getstate__(self):
        return {'kept': self.kept}

    def __setstate__(self, state):
        self.__dict__.update(state, restored=True)


class FalseState:
    def __getstate__(self):
        return 0

    def __setstate__(self, state):
        self.state = state


class NewArgs(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))

    def __getnewargs__(self):
        return self[0], self[1]


class NewArgsEx:
    def __new__(cls, a, *, b):
        self = super().__new__(cls)
        self.pair = a, b
        return self

    def __getnewargs_ex__(self):
        return (self.pair[0],), {'b': self.pair[1]}


class Reduces:
    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return Reduces, (self.value,)


class ReducesEx:
    def __init__(self, protocol=None):
        self.protocol = protocol

    def __reduce_ex__(self, protocol):
        return ReducesEx, (protocol,)


class ByName:
    def __reduce__(self):
        return 'THE_ONE'


THE_ONE = ByName()


def fill(target, state):
    target.filled = state


class Setter:
    def __reduce__(self):
        return Setter, (), {'a': 1}, None, None, fill


class MyList(list):
    pass


class MyDict(dict):
    pass


class MySet(set):
    pass


class MyInt(int):
    pass


class MyStr(str):
    pass


class MyBytes(bytes):
    pass


class MyFloat(float):
    pass


class MyDeque(collections.deque):
    pass


class Outer:
    class Inner:
        def method(self):
            return 'inner'

    @staticmethod
    def static():
        return 'static'

    @classmethod
    def build(cls):
        return cls.__name__


Point = collections.namedtuple('Point', 'x y')


@dataclasses.dataclass
class Data:
    a: int
    b: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Frozen:
    a: int


class Colour(enum.Enum):
    RED = 1
    BLUE = 'b'


class Bits(enum.Flag):
    A = 1
    B = 2


class Broken(Exception):
    def __init__(self, code, text):
        super().__init__(code, text)
        self.code = code


def function(a):
    return a + 1


def state_of(value):
    if isinstance(value, enum.Enum):
        return value.name, value.value
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType | type):
        return value.__qualname__
    return getattr(value, '__dict__', None)


def built():
    my_list = MyList([1, 2])
    my_list.note = 'n'
    deque = MyDeque([1, 2], 3)
    deque.note = 'd'
    partial = functools.partial(function, 3)
    partial.note = 'p'
    counter = collections.Counter('aab')
    return [
        Plain(1), Slots(), State(), FalseState(), NewArgs(1, 2), NewArgsEx(1, b=2), Reduces(5), ReducesEx(),
        THE_ONE, Setter(), my_list, MyDict({1: 2}), MySet([1]), MyInt(5), MyStr('s'), MyBytes(b'b'), MyFloat(1.5),
        deque, Outer.Inner(), Outer.Inner, Outer.Inner().method, Outer.static, Outer.build, Point(1, 2), Data(1, [2]), Frozen(3),
        Colour.RED, Colour, Bits.A | Bits.B, Broken(1, 't'), function, partial, counter,
        collections.OrderedDict([(1, 2), (0, 1)]), collections.defaultdict(list, {1: [2]}), collections.deque([1, 2]),
        collections.deque([1], 2), collections.ChainMap({1: 2}), collections.UserDict(a=1),
        types.SimpleNamespace(a=1, b=[2]), operator.itemgetter(1, 2), operator.attrgetter('a.b'),
        operator.methodcaller('f', 1), iter([1, 2, 3]), iter((1, 2)), iter('ab'), iter(range(5)), reversed([1, 2]),
        iter({1: 2}.items()), enumerate('ab', 3), zip([1], [2]), map(len, ['a']), filter(None, [0, 1]),
    ]


for protocol in range(6):
    for value in built():
        if protocol < 2 and type(value) is Slots:
            continue
        data = pickle.dumps(value, protocol)
        again = pickle.loads(data)
        name = type(value).__name__
        print(protocol, name, data if len(data) < 400 else (len(data), data[:40], data[-40:]))
        if hasattr(type(again), '__next__'):
            print('   next', list(again))
        elif isinstance(again, BaseException):
            print('  ', repr(again), again.code)
        elif type(again).__repr__ is not object.__repr__ and ' at 0x' not in repr(again):
            print('  ', repr(again), state_of(again))
        else:
            print('  ', type(again).__name__, state_of(again))
        if type(again) is Slots:
            print('  ', again.show())
for protocol in (0, 1):
    for value in (Slots(), OnlySlots()):
        try:
            pickle.dumps(value, protocol)
        except TypeError as error:
            print(error)
print(pickle.loads(pickle.dumps(Outer.Inner().method))())
print(pickle.loads(pickle.dumps(Outer.build, 2))(), pickle.loads(pickle.dumps(THE_ONE)) is THE_ONE)
rng = random.Random(5)
rng.random()
twin = pickle.loads(pickle.dumps(rng))
print(rng.random() == twin.random(), rng.gauss(0, 1) == twin.gauss(0, 1))
for value in built():
    if type(value) is Setter:
        continue  # copy of 3.11 knows no sixth element.
    for twin in (copy.copy(value), copy.deepcopy(value)):
        print(type(value).__name__, twin is value, type(twin) is type(value), state_of(twin) == state_of(value))

# Identity inside one pickle is kept, and so are cycles.
a = Plain(None)
a.x = [a, (a,), {'a': a}]
b = pickle.loads(pickle.dumps(a))
print(b.x[0] is b, b.x[1][0] is b, b.x[2]['a'] is b)
cycle = ([],)
cycle[0].append(cycle)
for protocol in range(6):
    again = pickle.loads(pickle.dumps(cycle, protocol))
    print(protocol, again[0][0] is again, pickle.dumps(cycle, protocol))
key = Reduces([])
key.value.append(frozenset([1]))
print(pickle.loads(pickle.dumps([key, key]))[0].value)

# copyreg
copyreg.pickle(Plain, lambda p: (Plain, (p.x * 2,)))
print(pickle.loads(pickle.dumps(Plain(4))).x, copy.copy(Plain(4)).x)
del copyreg.dispatch_table[Plain]
copyreg.add_extension('__main__', 'Plain', 200)
copyreg.add_extension('__main__', 'State', 70000)
for protocol in (1, 2, 4):
    data = pickle.dumps([Plain, State], protocol)
    print(data, pickle.loads(data) == [Plain, State])
for args in (('__main__', 'Plain', 201), ('__main__', 'Other', 200), ('m', 'n', 0)):
    try:
        copyreg.add_extension(*args)
    except ValueError as error:
        print(error)
copyreg.remove_extension('__main__', 'Plain', 200)
copyreg.remove_extension('__main__', 'State', 70000)
print(copyreg._slotnames(Slots), copyreg.__newobj__(MyInt, 3), copyreg.__newobj_ex__(NewArgsEx, (1,), {'b': 3}).pair)
