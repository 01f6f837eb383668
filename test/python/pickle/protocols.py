"""The bytes that each protocol writes for plain data, functions and classes; and reading them."""
import pickle

VALUES = [
    0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63, -2**63, -128,
    -32768, 2**70, -2**70, 3**500, -3**500, 2**4000, 0.0, -0.0, 1.5, 1e300, float('inf'), True, False, None,
    '', 'abc', 'a\nb\\c\x1a\r\0', '\xe9', '\u20ac', '\ud800x', '\U0001f600', 'x' * 255, 'x' * 256,
    b'', b'abc', b'\x00\xff' * 200, bytearray(), bytearray(b'xy'), bytearray(300),
    [], [1], [1, 2], list(range(5)), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), {}, {1: 2}, {1: 2, 'a': 'b'},
    set(), {1}, {1, 2, 3}, frozenset(), frozenset([1]), [[], [[]], ()],
    ['a', 'a', b'b', 1.5], range(3), range(10, 0, -3), slice(1, 2), slice(None, 5, -1), 1j, complex(-0.0, 2),
    len, print, str.join, (1).__add__, int.__add__, dict.fromkeys, int.from_bytes, object, int, type(None),
    type(Ellipsis), type(NotImplemented), Ellipsis, NotImplemented, ValueError, Exception('x', 1), KeyError(),
    OSError(2, 'none', 'f'), OSError('a'), ImportError('m', name='n', path='p'), StopIteration(3),
    UnicodeDecodeError('utf8', b'x', 0, 1, 'r'), list[int], int | str,
]


def show(value):
    return f'{type(value).__name__} {value!r}'[:120]


for value in VALUES:
    for protocol in range(6):
        data = pickle.dumps(value, protocol)
        again = pickle.loads(data)
        print(protocol, data if len(data) < 300 else (len(data), data[:60], data[-60:]))
        if type(again) is not type(value):
            print('  another type:', show(again))
        elif again != value and not isinstance(value, BaseException):
            print('  not equal:', show(value), show(again))
        elif isinstance(value, BaseException):
            print('  ', show(again), again.args, vars(again), getattr(again, 'name', None))
print(pickle.dumps([1, 2]) == pickle.dumps([1, 2], None) == pickle.dumps([1, 2], pickle.DEFAULT_PROTOCOL))
print(pickle.dumps(1, -1) == pickle.dumps(1, pickle.HIGHEST_PROTOCOL))
for protocol in (6, 'a', 1.5):
    try:
        pickle.dumps(1, protocol)
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
