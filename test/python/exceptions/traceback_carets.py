# Where the carets stand: operators, subscripts, calls, attributes, multi-line expressions, wide characters.
import sys


def show(f, *args):
    try:
        f(*args)
    except Exception:
        sys.excepthook(*sys.exc_info())


def binary(a, b):
    return (a + 1) * (b / 0) - a


def subscript(d):
    x = d["outer"]["inner"]["missing"]


def attribute(o):
    return o.real.imag.nothing.more


def call(f):
    return f(1, 2)(3)


def multi_line(a):
    return [
        a,
        a.upper(
            5,
        ),
    ]


def wide():
    é中 = 1
    return "日本語" + é中 + 5


def whole_line():
    raise ValueError("whole line has no carets")


def for_loop():
    for x in 5:
        pass


def unpack():
    a, b = 1, 2, 3


def compare():
    return [1 < 2 < "x"]


def lambda_and_comprehension():
    return [(lambda n: n.bad)(i) for i in range(2)]


def with_statement():
    with 5 as x:
        pass


def semicolons():
    a = 1; b = a / 0; c = b


def import_it():
    import no_such_module_anywhere


def from_import():
    from sys import no_such_name


def unary():
    return - "x"


def in_place():
    x = 1
    x += "a"


def starred():
    print(*5)


def fstring():
    return f"{1 + 'a'}"


def assertion():
    assert 1 == 2, "with message"


def deletion():
    d = {}
    del d["x"]


for f, *args in ((binary, 1, 2), (subscript, {"outer": {"inner": {}}}), (attribute, 5), (call, lambda a, b: 5), (multi_line, "s"), (wide,), (whole_line,), (for_loop,), (unpack,), (compare,), (lambda_and_comprehension,), (with_statement,), (semicolons,), (import_it,), (from_import,), (unary,), (in_place,), (starred,), (fstring,), (assertion,), (deletion,)):
    show(f, *args)
