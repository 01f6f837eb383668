# __cause__, __context__, __suppress_context__, raise from, raise from None, cycles.
def describe(e, depth=0):
    seen = []
    while e is not None and depth < 6:
        seen.append(f"{type(e).__name__}({', '.join(map(repr, e.args))})" + ("!" if e.__suppress_context__ else ""))
        e = e.__cause__ or (None if e.__suppress_context__ else e.__context__)
        depth += 1
    return " <- ".join(seen)


def implicit():
    try:
        {}["k"]
    except KeyError:
        1 / 0


def explicit():
    try:
        {}["k"]
    except KeyError as e:
        raise ValueError("explicit") from e


def hidden():
    try:
        {}["k"]
    except KeyError:
        raise ValueError("hidden") from None


def from_class():
    raise ValueError("x") from KeyError


def from_other():
    cause = OSError("cause")
    try:
        raise KeyError("context")
    except KeyError:
        raise ValueError("both") from cause


def in_finally():
    try:
        raise KeyError("first")
    finally:
        raise ValueError("second")


def three():
    try:
        try:
            raise KeyError(1)
        except KeyError:
            raise ValueError(2)
    except ValueError:
        raise TypeError(3)


def reraised():
    try:
        raise KeyError("original")
    except KeyError as e:
        try:
            raise ValueError("other")
        except ValueError:
            raise e


for f in (implicit, explicit, hidden, from_class, from_other, in_finally, three, reraised):
    try:
        f()
    except Exception as e:
        print(f.__name__, describe(e), repr(e.__cause__), repr(e.__context__), e.__suppress_context__)
for bad in (5, "x", int):
    try:
        raise ValueError from bad
    except TypeError as e:
        print(e)
e = ValueError("v")
e.__cause__ = KeyError("set by hand")
print(e.__suppress_context__)
e.__suppress_context__ = False
for attempt in (lambda: setattr(e, "__cause__", 5), lambda: setattr(e, "__context__", 5), lambda: delattr(e, "__cause__"), lambda: setattr(e, "__traceback__", 5)):
    try:
        attempt()
    except TypeError as error:
        print(error)
try:
    try:
        raise e
    except ValueError as x:
        raise x
except ValueError as y:
    print(y is e, y.__context__)
try:
    raise e.with_traceback(None)
except ValueError as z:
    print(z is e, z.__traceback__.tb_next, z.__traceback__.tb_lineno > 0)
e.add_note("a note")
e.add_note("another")
print(e.__notes__)
try:
    e.add_note(5)
except TypeError as error:
    print(error)
