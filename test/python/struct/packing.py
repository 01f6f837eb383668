"""struct: every format, sizes and alignment, ranges, and the texts of errors."""
import random
import struct


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return f'{type(e).__name__}: {e}'


for order in '@=<>!':
    for code in 'bBhHiIlLqQnNPefdcs?px':
        print(order + code, attempt(struct.calcsize, order + code), end=' ')
    print()
for code in 'bBhHiIlLqQnNP':
    for order in '@<>':
        for value in (2**70, -2**70, -1, 0, 1, 2**8, 2**16, 2**31, 2**32, 2**53, 2**63, 2**64, -2**7 - 1, -2**15 - 1,
                      -2**31 - 1, -2**63, -2**63 - 1, 1.5, 'a', True):
            print(order + code, value, attempt(struct.pack, order + code, value))
for code in 'efd':
    for order in '@<>':
        for value in (1e300, 'a', 10**400, None, 65504, 65520, 65519.99, 1e39, 1 / 3, 2**-25, 2**-24, 1.5 * 2**-24, -0.0,
                      float('inf'), float('-inf'), 3, 1e-45, 5e-324, 2049.0, 2051.0, 6.1e-5):
            print(order + code, repr(value)[:30], attempt(struct.pack, order + code, value))
for value in ('a', b'', b'ab', bytearray(b'a'), 1):
    for code in ('c', 's', '2p', '0s', '0p', '3s', '4p'):
        print(code, value, attempt(struct.pack, code, value))
print(struct.unpack('300p', struct.pack('300p', b'a' * 290))[0] == b'a' * 255)
for fmt in ('z', '3', '<n', '<P', '99999999999999999999i', '4611686018427387904i', 'i\0', ' 3 i', '3\ni', 'é', b'i',
            b'\xff', 1, None, '<@i', '@<i', '', 'x', '3x', '0i', 'i0i', 'b0i', 'b0q', 'bq', 'qb', ' i h ', '\ti\n',
            'bhilq', '=bhilq', 'bxhxi', '2h3x i', 'c?e', 'bbi', 'bP', 'bd', 'hs', 'h0d'):
    print(repr(fmt), attempt(struct.calcsize, fmt))
for args in (('i', b'abc'), ('<I', b'abcde'), ('i', 'abcd'), ('i',), (), ('i', b'a', 1)):
    print(args, attempt(struct.unpack, *args))
for args in (('i', b'abc'), ('i', b'abcdef', 2), ('i', b'abcdef', 3), ('i', b'abcdef', -3), ('i', b'abcdef', -9),
             ('i', b'abcdef', -5), ('i', b'abcdef', 2**70), ('i', b'abcdef', 'x'), ('0s', b'', 0), ('i', memoryview(b'xabcdx')[1:5])):
    print([a for a in args if not isinstance(a, memoryview)], attempt(struct.unpack_from, *args))
for args in ((), (0,), (0, 1), (6, 1), (-3, 1), (-9, 1), (-4, 1), ('a', 1), (2**70, 1), (0, 1, 2), (2, 'x')):
    buffer = bytearray(8)
    print(args, attempt(struct.pack_into, 'i', buffer, *args), buffer)
print(attempt(struct.pack_into, 'i'), attempt(struct.pack_into, 'i', b'abcd', 0, 1), attempt(struct.pack_into, 'i', 'abc', 0, 1))
buffer = bytearray(8)
struct.pack_into('<h', memoryview(buffer)[4:], 1, -2)
print(buffer, attempt(struct.pack_into, 'i', memoryview(b'abcd'), 0, 1) == 'TypeError: argument must be read-write bytes-like object, not memoryview')
print(attempt(struct.iter_unpack, 'i', b'abc'), attempt(struct.iter_unpack, '', b'abc'), list(struct.iter_unpack('<hb', b'abcdef')))
s = struct.Struct('ii')
print(s.format, s.size, attempt(s.pack, 1), attempt(s.unpack, b''), attempt(s.unpack_from, b'12345678', 1),
      attempt(s.pack_into, buffer, 1, 1, 1), s.unpack_from(b'12345678'), s.unpack_from(buffer=b'123456789', offset=1))
print(struct.Struct.__mro__, struct.error.__module__, struct.error.__name__, struct.error.__mro__, repr(struct.error('x')))
it = s.iter_unpack(b'1234567812345678')
print(type(it).__name__, it.__length_hint__(), next(it), it.__length_hint__(), list(it), it.__length_hint__(), list(it))
print(attempt(struct.pack), attempt(struct.pack, 'i'), attempt(struct.pack, 'i', 1, 2), attempt(struct.pack, 1))
print(struct.unpack('<e', b'\x00\x7c'), struct.unpack('<3e', b'\x01\x00\xff\x7b\x00\x80'), struct.unpack('>?2?', b'\x00\x01\x80'))


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Sub(struct.Struct):
    pass


class Shrink:
    def __index__(self):
        try:
            target.clear()
        except BufferError as e:
            print('BufferError', e)
        return 7


print(struct.pack('<i', Index(-5)), attempt(struct.pack, 'i', Index('x')), attempt(struct.pack, 'b', Index(300)))
print(Sub('<i').pack(1), Sub('h').size, struct.Struct(b'<2h').format)
target = bytearray(4)
struct.pack_into('<i', target, 0, Shrink())
print(target)
target = bytearray(b'12345678')
it = struct.iter_unpack('4s', target)
try:
    target.append(1)
except BufferError as e:
    print(e)
print(list(it))
target.append(1)
try:
    struct.pack('<i', 2**40)
except struct.error as e:
    print(e.args)

r = random.Random(5)
total = 0
for _ in range(500):
    order = r.choice(['', '@', '=', '<', '>', '!'])
    codes = [r.choice('bBhHiIlLqQefd?csp' + ('nN' if order in ('', '@') else '')) for _ in range(r.randrange(1, 6))]
    fmt, values = order, []
    for code in codes:
        n = r.randrange(code == 'p', 4)
        fmt += r.choice(['', ' ']) + f'{n}{code}'
        if code in 'sp':
            values.append(bytes(r.randrange(256) for _ in range(r.randrange(5))))
            continue
        for _ in range(n):
            if code == 'c':
                values.append(bytes([r.randrange(256)]))
            elif code == '?':
                values.append(r.choice([True, False]))
            elif code in 'efd':
                values.append(r.uniform(-1, 1) * 2**r.randrange(-20, 14))
            else:
                bits = struct.calcsize(order + code) * 8
                low = 0 if code.isupper() else -2**(bits - 1)
                values.append(r.choice([low, low + 2**bits - 1, r.randrange(low, low + 2**bits)]))
    data = struct.pack(fmt, *values)
    back = struct.unpack(fmt, data)
    assert struct.pack(fmt, *back) == data, (fmt, values)
    total = (total * 31 + sum((i + 1) * b for i, b in enumerate(data)) + len(back) + len(repr(back))) % 1000000007
print(total)
