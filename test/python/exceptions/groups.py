# ExceptionGroup and except*: splitting, nesting, re-raising of the rest.
def group():
    return ExceptionGroup("several", [ValueError("v"), KeyError("k"), ExceptionGroup("inner", [ValueError("v2"), OSError("o")])])


log = []
try:
    raise group()
except* ValueError as eg:
    log.append(repr(eg))
except* KeyError as eg:
    log.append(repr(eg))
except* OSError as eg:
    log.append(repr(eg))
else:
    log.append("else")
finally:
    log.append("finally")
print(*log, sep="\n")
try:
    try:
        raise group()
    except* ValueError:
        pass
except ExceptionGroup as rest:
    print("rest", repr(rest))
try:
    raise ValueError("naked")
except* ValueError as eg:
    print(repr(eg), eg.exceptions)
try:
    try:
        raise group()
    except* KeyError:
        raise TypeError("new")
except BaseException as e:
    print(type(e).__name__, e.message, [repr(x) for x in e.exceptions])
g = group()
print(str(g), g.message, len(g.exceptions), g.args)
match, rest = g.split(ValueError)
print(repr(match), "|", repr(rest))
print(repr(g.subgroup(lambda e: isinstance(e, OSError))), g.subgroup(MemoryError), repr(g.derive([KeyError(1)])))
for attempt in (lambda: ExceptionGroup("x", []), lambda: ExceptionGroup("x", 5), lambda: ExceptionGroup("x", [5]), lambda: ExceptionGroup(5, [ValueError()]), lambda: ExceptionGroup("x", [KeyboardInterrupt()]), lambda: ExceptionGroup("x")):
    try:
        print(repr(attempt()))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
print(type(BaseExceptionGroup("b", [ValueError()])).__name__, type(BaseExceptionGroup("b", [KeyboardInterrupt()])).__name__)
try:
    try:
        raise ExceptionGroup("x", [ValueError(1)])
    except* ExceptionGroup:
        pass
except TypeError as e:
    print(e)
