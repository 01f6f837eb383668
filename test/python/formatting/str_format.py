# str.format: automatic and explicit fields, attributes, items, conversions, nested specs, errors.
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __format__(self, spec):
        return "Point<%s>" % spec

    def __repr__(self):
        return "Point(%r, %r)" % (self.x, self.y)

    def __str__(self):
        return "(%s, %s)" % (self.x, self.y)


p = Point(1, [10, {"k": "v"}])
print("{} {}".format(1, 2), "{1} {0} {1}".format("a", "b"), "{a}{b}".format(a=1, b=2), "{0}{x}".format(9, x=8))
print("{0.x} {0.y[0]} {0.y[1][k]} {0} {0!s} {0!r} {0:spec} {0!s:>10}".format(p))
print("{:>{width}.{precision}f}|{:{}}|{:{fill}^{width}}".format(3.14159, "x", 4, "mid", width=8, precision=2, fill="*"))
print("{{}} {{{}}} }}{{".format(1), "{!a}".format("é"), "{0[key with space]}".format({"key with space": 5}), "{0[-1]}".format({"-1": "negative key"}))
print("{:,} {:_} {:x} {:08.3f} {:+d} {:%} {:e}".format(1234567, 1234567, 255, 3.14159, 5, 0.25, 12345.678))
print("{0[0]}{0[1]}".format("ab"), "{.real}".format(5), "{0.__class__.__name__}".format(p), "{}".format(*[7]), "{a[0]}".format(**{"a": [1]}))
print("{x}{y}".format_map({"x": 1, "y": 2}), "{:{}{}}".format("t", ">", 6))


class Default(dict):
    def __missing__(self, key):
        return "<" + key + ">"


print("{there} {missing}".format_map(Default(there=1)))
bad = [("{", ()), ("}", ()), ("{}", ()), ("{0} {}", (1, 2)), ("{} {0}", (1, 2)), ("{a}", ()), ("{0.nope}", (1,)), ("{0[5]}", ([],)), ("{!x}", (1,)), ("{!}", (1,)), ("{0!r", (1,)), ("{:{:{}}}", (1, 2, 3)), ("{0[}", ([],)), ("{0[k]}", ([1],)), ("{:d}", ("s",)), ("{0.}", (1,)), ("{0[]}", ([],)), ("{:", (1,)), ("{0]}", (1,)), ("{!rx}", (1,))]
for template, args in bad:
    try:
        print(template.format(*args))
    except Exception as e:
        print(template, type(e).__name__, e)
