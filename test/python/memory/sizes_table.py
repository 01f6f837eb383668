# Every row of the contract's table of sizes (R30-R35) that 3.11 has, and growth (R36-R43).
import collections
import sys
import threading
import weakref

size = sys.getsizeof


class Empty:
    pass


class Two:
    def __init__(self):
        self.a = 1
        self.b = 2


class NoSlots:
    __slots__ = ()


class OneSlot:
    __slots__ = ('a',)


class ThreeSlots:
    __slots__ = ('a', 'b', 'c')


class WeakSlot:
    __slots__ = ('__weakref__',)


class List(list):
    pass


class Int(int):
    pass


class Dict(dict):
    pass


class Tuple(tuple):
    pass


class Str(str):
    pass


class A:
    def method(self):
        pass

    @staticmethod
    def static():
        pass

    @classmethod
    def klass(cls):
        pass

    value = property(lambda self: 1)


def function():
    pass


def generator():
    yield 1


def closure():
    x = 1
    return lambda: x


rows = {
    'dict 5 str': dict.fromkeys('abcde'), 'dict 6 str': {c: 1 for c in 'abcdef'},
    'dict 5 int': {i: i for i in range(5)}, 'dict 6 int': {i: i for i in range(6)},
    'dict 11 int': {i: i for i in range(11)}, 'dict 100 int': {i: i for i in range(100)},
    'set 1': {1}, 'set 4': {1, 2, 3, 4}, 'set 5': {1, 2, 3, 4, 5}, 'frozenset': frozenset(),
    'object': object(), 'instance': Empty(), 'instance 2': Two(), 'its dict': Empty().__dict__,
    'its dict 2': Two().__dict__, 'slots 0': NoSlots(), 'slots 1': OneSlot(), 'slots 3': ThreeSlots(),
    'slot weakref': WeakSlot(), 'list subclass': List(), 'int subclass': Int(), 'int subclass 5': Int(5),
    'dict subclass': Dict(), 'tuple subclass': Tuple(), 'tuple subclass 2': Tuple((1, 2)),
    'str subclass': Str('abcdefghijklmno'), 'str subclass empty': Str(),
    'exception': Exception(), 'exception 1': Exception(1), 'OSError': OSError(1, 'x'), 'function': function,
    'lambda': lambda: 0, 'bound method': A().method, 'builtin function': len,
    'builtin bound method': [].append, 'generator': generator(), 'slice': slice(1), 'range': range(10),
    'list iterator': iter([]), 'tuple iterator': iter(()), 'range iterator': iter(range(1)),
    'dict keys': {}.keys(), 'dict keyiterator': iter({}), 'dict items': {}.items(),
    'str iterator': iter('é'), 'enumerate': enumerate([]), 'zip': zip(), 'map': map(len, []),
    'filter': filter(None, []), 'reversed': reversed([]), 'set iterator': iter(set()),
    'module': sys, 'property': A.__dict__['value'], 'staticmethod': A.__dict__['static'],
    'classmethod': A.__dict__['klass'], 'super': super(A, A()), 'weakref': weakref.ref(A),
    'lock': threading.Lock(), 'rlock': threading.RLock(), 'thread': threading.Thread(),
    'deque': collections.deque(), 'deque 100': collections.deque(range(100)),
    'defaultdict': collections.defaultdict(), 'OrderedDict': collections.OrderedDict(),
    'cell': closure().__closure__[0], 'memoryview': memoryview(b''), 'latin1 10': 'é' * 10,
    'ucs2 10': '中' * 10, 'ucs4 10': '😀' * 10, 'type A': A, 'type Empty': Empty, 'type int': int, 'type list': list,
    'type type': type, 'type of 3 slots': ThreeSlots, 'wrapper': int.__add__,
    'method descriptor': str.join, 'ellipsis': ..., 'complex': 1j, 'bool': True,
    'simple namespace': sys.implementation,
}
for name, value in rows.items():
    print(name, size(value))
print(size(function.__code__), size(generator.__code__), size(sys._getframe()))


def capacities(container, add, count):
    seen = []
    for i in range(count):
        add(i)
        if not seen or seen[-1][1] != size(container):
            seen.append((len(container), size(container)))
    return seen


numbers = []
print([(s - 56) // 8 for _, s in capacities(numbers, numbers.append, 400)])  # R36
while numbers:
    before = size(numbers)
    numbers.pop()
    if size(numbers) != before:
        print((len(numbers), (size(numbers) - 56) // 8), end=' ')  # R37
print()
print([size(x) for x in ([None] * 5, [1, 2] + [3], list(range(9))[:3], [1, 2, 3], [1, 2, 3, 4, 5],
                         list((1, 2, 3)), sorted((3, 1, 2)), [x for x in 'abc'])])  # R38
for keys in (int, str):  # R39
    table = {}
    print(capacities(table, lambda i: table.__setitem__(keys(i), i), 3000))
table = {i: i for i in range(3)}
for i in range(3):
    del table[i]
print(size(table), table.clear(), size(table))  # R40
members = set()
print(capacities(members, members.add, 6000))  # R41
buffer = bytearray()
print([s - 56 for _, s in capacities(buffer, lambda i: buffer.append(1), 110)])  # R42
while buffer:
    before = size(buffer)
    buffer.pop()
    if size(buffer) != before:
        print((len(buffer), size(buffer) - 56), end=' ')
print()


class Many:
    pass


many = Many()
for i in range(35):  # R43
    setattr(many, 'a%d' % i, i)
    if i in (0, 28, 29, 30, 31, 34):
        print(i, size(many.__dict__), end=' ')
other = Many()
print(size(other), size(other.__dict__))
