# try/except/else/finally in every combination, with return, break and continue inside.
log = []


def run(action):
    try:
        log.append("try")
        action()
    except (KeyError, IndexError) as e:
        log.append("caught " + type(e).__name__)
    except ArithmeticError:
        log.append("arithmetic")
        raise
    else:
        log.append("else")
    finally:
        log.append("finally")
    return "after"


def boom(e):
    raise e


for action in (lambda: None, lambda: {}["x"], lambda: [][0], lambda: 1 / 0, lambda: boom(TypeError("t"))):
    try:
        log.append(run(action))
    except Exception as e:
        log.append("outer " + type(e).__name__)
    print(*log, sep=", ")
    log.clear()


def returns(kind):
    for i in range(3):
        try:
            if kind == "try":
                return "from try"
            if kind == "break":
                break
            if kind == "continue":
                continue
            if kind == "raise":
                raise ValueError(kind)
        except ValueError:
            return "from except"
        finally:
            log.append((kind, i))
            if kind == "override":
                return "from finally"
    else:
        return "loop ended"
    return "broke"


for kind in ("try", "break", "continue", "raise", "override", "none"):
    print(kind, returns(kind), log)
    log.clear()


def swallow():
    for _ in range(2):
        try:
            1 / 0
        finally:
            log.append("swallowing")
            continue
    return "survived"


print(swallow(), log)


def nested():
    try:
        try:
            raise KeyError("inner")
        finally:
            log.append("f1")
            try:
                raise IndexError("second")
            except IndexError as e:
                log.append(("context", repr(e.__context__)))
    except KeyError as e:
        log.append(("key", e.args, e.__context__))
        return len(log)


log.clear()
print(nested(), log)


def value_kept():
    x = 1
    try:
        return x
    finally:
        x = 2


print(value_kept())


def generator_finally():
    try:
        yield 1
        yield 2
    finally:
        log.append("closed")


log.clear()
for v in generator_finally():
    break
print(log)
import sys

try:
    raise ValueError("a")
except ValueError:
    print(sys.exc_info()[0].__name__, sys.exc_info()[1])
    try:
        raise KeyError("b")
    except KeyError:
        print(sys.exc_info()[0].__name__)
    print(sys.exc_info()[0].__name__)
print(sys.exc_info())
try:
    try:
        raise ValueError
    except 5:
        pass
except TypeError as e:
    print(e)
for what in (5, "string", None, int, ValueError, ValueError("v"), KeyError):
    try:
        raise what
    except BaseException as e:
        print(type(e).__name__, e.args)
try:
    raise
except RuntimeError as e:
    print(e)


def handler_types():
    return (KeyError, ValueError)


try:
    raise ValueError("dynamic")
except handler_types() as e:
    print("dynamic", e)
try:
    raise OSError(2, "no such thing")
except OSError as e:
    print(type(e).__name__, e.errno, e.strerror, e)
