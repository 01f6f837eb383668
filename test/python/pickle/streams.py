"""Pickler and Unpickler: files, memo, persistent ids, dispatch tables, overrides, buffers out of band."""
import copyreg
import io
import pickle


class Point:
    def __init__(self, x):
        self.x = x

    def __eq__(self, other):
        return type(other) is Point and self.x == other.x


for protocol in range(6):
    file = io.BytesIO()
    p = pickle.Pickler(file, protocol)
    shared = ['shared']
    p.dump(shared)
    p.dump([shared, 1])
    p.clear_memo()
    p.dump(shared)
    pickle.dump({'big': 'x' * 70000, 'bytes': b'y' * 70000}, file, protocol)
    file.seek(0)
    u = pickle.Unpickler(file)
    first, second, third = u.load(), u.load(), u.load()
    print(protocol, first, second, second[0] is first, third is first, len(pickle.load(file)), file.read())
    print('  ', len(file.getvalue()), sorted(p.memo.copy().values())[0][0], p.bin, len(u.memo.copy()) > 0)


class Writes:
    """A file that shows the sizes of what is written."""

    def __init__(self):
        self.sizes = []
        self.data = b''

    def write(self, data):
        self.sizes.append(len(data))
        self.data += bytes(data)


for protocol in (2, 4, 5):
    w = Writes()
    pickle.dump([b'a' * 100000, 'b' * 65536, list(range(40000)), bytearray(70000)], w, protocol)
    print(protocol, w.sizes, len(pickle.loads(w.data)))


class Reads:
    """A file without peek, that gives no more than it has."""

    def __init__(self, data):
        self.inner = io.BytesIO(data)
        self.calls = 0

    def read(self, n):
        self.calls += 1
        return self.inner.read(n)

    def readline(self):
        self.calls += 1
        return self.inner.readline()


for protocol in range(6):
    r = Reads(pickle.dumps([1, 'two', b'three', {4: 5.5}, Point(6)], protocol))
    print(protocol, pickle.load(r)[:4], r.inner.read())


class ById(pickle.Pickler):
    def persistent_id(self, obj):
        return ('point', obj.x) if isinstance(obj, Point) else None


class FromId(pickle.Unpickler):
    def persistent_load(self, pid):
        return Point(pid[1] * 10)


for protocol in (1, 2, 4):
    file = io.BytesIO()
    ById(file, protocol).dump([Point(1), 2, Point(3)])
    print(file.getvalue(), [getattr(v, 'x', v) for v in FromId(io.BytesIO(file.getvalue())).load()])
    try:
        pickle.loads(file.getvalue())
    except pickle.UnpicklingError as error:
        print(error)


class Restricted(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) != ('__main__', 'Point'):
            raise pickle.UnpicklingError(f'forbidden: {module}.{name}')
        return super().find_class(module, name)


print(Restricted(io.BytesIO(pickle.dumps(Point(5)))).load().x)
try:
    Restricted(io.BytesIO(pickle.dumps(len))).load()
except pickle.UnpicklingError as error:
    print(error)


class Tabled(pickle.Pickler):
    dispatch_table = copyreg.dispatch_table.copy()
    dispatch_table[Point] = lambda p: (Point, (p.x + 100,))


file = io.BytesIO()
Tabled(file).dump(Point(1))
print(pickle.loads(file.getvalue()).x)
p = pickle.Pickler(io.BytesIO())
print(hasattr(p, 'dispatch_table'), hasattr(p, 'persistent_id'))
p.dispatch_table = {Point: lambda point: (Point, ('set',))}
print(p.dispatch_table.keys() == {Point})


class Overrides(pickle.Pickler):
    def reducer_override(self, obj):
        if isinstance(obj, Point):
            return Point, (-obj.x,)
        if callable(obj) and getattr(obj, '__name__', '') == '<lambda>':
            return eval, ('lambda: 5',)
        return NotImplemented


file = io.BytesIO()
Overrides(file).dump([Point(7), lambda: 1, len])
again = pickle.loads(file.getvalue())
print(again[0].x, again[1](), again[2])
fast = pickle.Pickler(io.BytesIO())
fast.fast = True
fast.dump([[1], [1]])
cycle = []
cycle.append(cycle)
try:
    fast.dump(cycle)
except (ValueError, RecursionError) as error:
    print(type(error).__name__, str(error)[:60])

buffers = []
data = pickle.dumps([pickle.PickleBuffer(b'constant'), pickle.PickleBuffer(bytearray(b'changes'))], 5,
                    buffer_callback=buffers.append)
print(data, [bytes(b.raw()) for b in buffers])
again = pickle.loads(data, buffers=[memoryview(b'constant'), bytearray(b'changes')])
print([type(b).__name__ for b in again], [bytes(b) for b in again])
print(pickle.loads(pickle.dumps([pickle.PickleBuffer(b'constant'), pickle.PickleBuffer(bytearray(b'changes'))], 5)))
try:
    pickle.loads(data)
except pickle.UnpicklingError as error:
    print(error)
try:
    pickle.loads(data, buffers=[b'one'])
except pickle.UnpicklingError as error:
    print(error)
try:
    pickle.dumps(pickle.PickleBuffer(b'x'), 4)
except pickle.PicklingError as error:
    print(error)
buffer = pickle.PickleBuffer(bytearray(b'abc'))
print(bytes(buffer), memoryview(buffer).readonly, buffer.raw().tobytes())
buffer.release()
try:
    buffer.raw()
except ValueError as error:
    print(error)
try:
    pickle.PickleBuffer(memoryview(b'abcdef')[::2]).raw()
except BufferError as error:
    print(error)
try:
    pickle.PickleBuffer(5)
except TypeError as error:
    print(error)
# What Python 2 wrote.
print(pickle.loads(b"(lp0\nS'caf\\xe9'\np1\naI1\na.", encoding='latin1'), pickle.loads(b"U\x04caf\xe9.", encoding='bytes'))
print(pickle.loads(b'c__builtin__\nxrange\n(I3\ntR.'), pickle.loads(b'cexceptions\nValueError\n(S"x"\ntR.'))
