# The format mini-language for int, float and str.
for spec in ("", "d", "5", "<5", ">5", "^5", "=5", "05", "+", " ", "-", "+05d", "x", "X", "#x", "o", "#o", "b", "#b", "#010b", "c", ",", "_", "_x", "_b", ",d", "n", "e", ".2f", "%", "*^9", "*=+9", "z<6", "é>4", "10,", "012,"):
    for value in (0, 42, -1234567, 65):
        try:
            print(spec, value, repr(format(value, spec)))
        except (ValueError, OverflowError) as e:
            print(spec, value, type(e).__name__, e)
for spec in ("", "f", ".0f", ".3f", "e", ".2e", "E", "g", ".3g", "G", "%", ".1%", "10.2f", "<10.2f", "^10.2f", "010.2f", "+.1f", " .1f", ",.2f", "_.1f", "#.0f", "#g", ".10", ".3", "n", "z.1f", "*>12", "015,.1f"):
    for value in (0.0, 1.5, -1234.5678, 1e20, 1e-7, float("inf"), float("nan"), -0.04):
        print(spec, value, repr(format(value, spec)))
for spec in ("", "s", "6", "<6", ">6", "^6", "*^7", ".2", "6.2", "-<4.1s", "05"):
    print(spec, repr(format("abc", spec)))
bad = [(1, "s"), ("a", "d"), (1.5, "d"), (1.5, "x"), ("a", "="), ("a", "+"), ("a", ","), (1, ".2d"), (1, "q"), (1.0, "c"), (1, ",_"), (1, ",x"), (1, "+c"), (1, "#c"), ("a", "#"), (1, "5.2"), (None, "5"), ([], ">4"), ({}, "d"), (object, "x"), (1, "<<<"), (1.5, "1.f"), (-1, "c"), (1, "999999999999999999999")]
for value, spec in bad:
    try:
        print(repr(format(value, spec)))
    except (ValueError, TypeError, OverflowError) as e:
        print(repr(spec), type(e).__name__, e)
print(format(True), format(True, "d"), format(True, "5"), format(None), format([1]), format((1, 2)), format({1: 2}, ""))
