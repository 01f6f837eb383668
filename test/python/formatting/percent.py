# The % operator on str: every conversion, flag, width, precision, mapping keys, and errors.
print("%s %r %a" % ("é", "é", "é"), "%s" % None, "%s" % (1,), "%s" % [1, 2], "%%" % ())
print("[%5s] [%-5s] [%.2s] [%5.1s] [%05s]" % ("ab", "ab", "abc", "abc", "ab"))
for value in (0, 7, -7, 255, 10**20, True):
    print("%d|%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%#o|%i|%u|%.4d|%+06d" % ((value,) * 15))
for value in (0.0, 1.5, -2.675, 1e10, 1e-5, 123456.789, 1e100, float("inf"), float("nan"), 3):
    print("%f|%.2f|%10.3f|%-10.1f|%+.0f|%e|%.3E|%g|%G|%#g|%.10g|%010.2f" % ((value,) * 12))
print("%c%c%c" % (65, "é", 0x1F600), "%5c|%-3c|" % ("x", "y"))
print("%(a)s %(b)5.1f %(a)r %%" % {"a": "x", "b": 2.25, "c": 0}, "%(x y)d" % {"x y": 3}, "%()s" % {"": 1})
print("%*d|%-*d|%.*f" % (5, 42, 5, 42, 2, 3.14159))
print("%s %s" % ("a", "b"), "%d%%" % 50, "%d" % 3.99, "%x" % 255, "%s" % {"k": 1}, "%.3s" % True)
print("%r" % (("t",),), "%s" % ((1, 2),), "nothing" % {}, "nothing" % [])
bad = [("%d", "x"), ("%d", ()), ("%d %d", (1,)), ("%d", (1, 2)), ("%q", 1), ("%", ()), ("%(a)s", "x"), ("%(a)s", {}), ("%c", "ab"), ("%c", -1), ("%x", 1.5),
       ("%f", "1"), ("x", 1), ("%*d", ("a", 1)), ("%(a", {"a": 1}), ("%c", 1.5), ("%d", None), ("%c", 0x110000), ("%s %", ("a",)), ("%.0q", 1)]
for template, args in bad:
    try:
        print(template % args)
    except Exception as e:
        print(template, type(e).__name__, e)


class Both:
    def __str__(self):
        return "as str"

    def __repr__(self):
        return "as repr"

    def __int__(self):
        return 5

    def __float__(self):
        return 2.5

    def __index__(self):
        return 6


print("%s %r %d %f %x" % ((Both(),) * 5))
