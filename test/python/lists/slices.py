# Slicing lists: reading, assigning and deleting, with every kind of step.
a = list(range(10))
for s in (slice(None), slice(2, 5), slice(-3, None), slice(None, -3), slice(None, None, 2), slice(None, None, -1), slice(8, 2, -2), slice(5, 100), slice(-100, 3), slice(3, 3), slice(7, 3), slice(None, None, -3), slice(100, None, -4)):
    print(s, a[s], s.indices(10))
b = a[:]
b[2:5] = ["x"]
print(b)
b[1:1] = [1.1, 1.2]
print(b)
b[-2:] = "tail"
print(b)
b[:] = range(6)
print(b)
b[::2] = "abc"
print(b)
b[::-2] = [10, 20, 30]
print(b)
b[1:4] = b
print(b)
del b[::3]
print(b)
del b[-1:0:-2]
print(b)
del b[5:1]
b[100:] = ["end"]
b[:0] = (i * i for i in range(3))
print(b)
b[2:4] = []
print(b, len(b))
for attempt in (lambda: b.__setitem__(slice(None, None, 2), [1]), lambda: b.__setitem__(slice(0, 1), 5), lambda: a[::0], lambda: a["x":], lambda: slice(), lambda: a[1:2:1.5]):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)


class N:
    def __index__(self):
        return 3


print(a[N():], a[: N()], a[:: N()], a[True:], a[None:None:None])


class Show:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        print("set", key, value)

    def __delitem__(self, key):
        print("del", key)


s = Show()
print(s[1], s[1:2], s[1:2, ::3], s[...], s[(1, 2)], s[:, 0], s[1,], s["a":"b":"c"])
s[1:2] = 5
s[...] = 6
del s[::2], s[0]
print(slice(1, 2) == slice(1, 2), slice(3).stop, slice(1, 2).start, slice(1, 2, 3).step, repr(slice(None, "x")), slice(1, 5).indices(3))
