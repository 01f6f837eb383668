"""What cannot be pickled, and how CPython says so."""
import copy
import io
import pickle
import threading
import types


def attempt(what, *args, **kwargs):
    try:
        result = what(*args, **kwargs)
    except BaseException as error:
        text = str(error)
        cut = text.find(' at 0x')
        if cut >= 0:
            end = cut + 6
            while end < len(text) and text[end] in '0123456789abcdef':
                end += 1
            text = text[:cut] + ' at X' + text[end:]
        print(f'{type(error).__module__}.{type(error).__name__}: {text[:200]}')
    else:
        print('no error', str(result)[:60])


def outer():
    def inner():
        pass

    class Local:
        pass
    return inner, Local


inner, Local = outer()


class Bad:
    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return self.value


class BadState:
    def __getstate__(self):
        raise ValueError('no state')


class NoReduce:
    __reduce__ = None
    __reduce_ex__ = None


def gone():
    pass


hidden = gone
del gone
moved = types.FunctionType(attempt.__code__, {})
moved.__module__ = 'nowhere'
shadow = type('Bad', (), {'__module__': '__main__'})

for value in [inner, Local, Local(), lambda: 0, threading.Lock(), threading.RLock(), (x for x in ()), threading,
              outer.__code__, memoryview(b''), property(), types.MappingProxyType({}), {}.keys(), hidden,
              moved, shadow, type(inner), BadState(), classmethod(len), threading.local()]:
    for protocol in (2, 4):
        attempt(pickle.dumps, value, protocol)
for value in [None, 5, (), (1,), (1, 2, 3, 4, 5, 6, 7), (1, ()), (len, 1), (len, (), None, 5), (len, (), None, None, 5),
              (len, (), None, None, None, 5), 'nowhere.name', [], (object.__reduce__, ())]:
    attempt(pickle.dumps, Bad(value))
import copyreg
for args in [(), (1,), (int, 2), (int, (), {}, 4), (int, (), 5), (int, 5, {}), (5, (), {})]:
    attempt(pickle.dumps, Bad((copyreg.__newobj_ex__, args)))
    attempt(pickle.dumps, Bad((copyreg.__newobj__, args)))
attempt(copy.copy, threading.Lock())
attempt(copy.deepcopy, [(x for x in ())])
attempt(copy.copy, Bad(5))

# A list that holds itself deeper and deeper: no overflow of the native stack.
deep = []
for _ in range(100000):
    deep = [deep]
attempt(pickle.dumps, deep)
attempt(pickle.dumps, [1], 9)
while deep:
    deep = deep.pop()


class Deep:
    def __reduce__(self):
        return Deep, (Deep(),)


try:
    pickle.dumps(Deep())
except RecursionError as error:
    print(type(error).__name__)
shallow = []
for _ in range(300):
    shallow = [shallow]
print(pickle.loads(pickle.dumps(shallow)) == shallow)


class Changes:
    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        self.target[len(self.target)] = 1
        return Changes, (None,)


victim = {}
victim['a'] = Changes(victim)
victim['b'] = 2
attempt(pickle.dumps, victim)
attempt(pickle.dump, 1, 5)
attempt(pickle.dump, 1, io.BytesIO(), 5, buffer_callback=5)
attempt(pickle.dumps, 1, 4, buffer_callback=print)
attempt(pickle.load, 5)
attempt(pickle.loads, 'text')
attempt(pickle.loads, 5)
attempt(pickle.Pickler)
print(isinstance(pickle.Unpickler(io.BytesIO()), pickle.Unpickler))


class Uncalled(pickle.Pickler):
    def __init__(self):
        pass


class UncalledToo(pickle.Unpickler):
    def __init__(self):
        pass


attempt(Uncalled().dump, 1)
attempt(UncalledToo().load)
print(pickle.PicklingError.__mro__[1] is pickle.PickleError, pickle.UnpicklingError.__mro__[1:3])
