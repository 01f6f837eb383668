# The exception hierarchy, attributes, str and repr, user-defined exceptions.
names = "BaseException BaseExceptionGroup Exception ArithmeticError ZeroDivisionError OverflowError FloatingPointError AssertionError AttributeError BufferError EOFError ImportError ModuleNotFoundError LookupError IndexError KeyError MemoryError NameError UnboundLocalError OSError BlockingIOError ChildProcessError ConnectionError BrokenPipeError ConnectionAbortedError ConnectionRefusedError ConnectionResetError FileExistsError FileNotFoundError InterruptedError IsADirectoryError NotADirectoryError PermissionError ProcessLookupError TimeoutError ReferenceError RuntimeError NotImplementedError RecursionError StopIteration StopAsyncIteration SyntaxError IndentationError TabError SystemError TypeError ValueError UnicodeError UnicodeDecodeError UnicodeEncodeError UnicodeTranslateError Warning DeprecationWarning UserWarning RuntimeWarning SyntaxWarning GeneratorExit KeyboardInterrupt SystemExit".split()
import builtins

for name in names:
    cls = getattr(builtins, name)
    print(name, [c.__name__ for c in cls.__mro__[1:-1]])
print(IOError is OSError, EnvironmentError is OSError)
for e in (ValueError(), ValueError("a"), ValueError("a", 1), KeyError("k"), KeyError(), KeyError("a", "b"), OSError(2, "text"), OSError(2, "text", "file.txt"), OSError("only"), OSError(1, "a", "b", None, "c"), StopIteration(5), SystemExit(3), SystemExit(), ImportError("m", name="n", path="p"), NameError("n", name="x"), AttributeError("a", name="b", obj=3), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), AssertionError(("t",)), Exception(None), Exception(""), BaseException(1, [2])):
    print(repr(e), "|", str(e), "|", e.args)
e = OSError(2, "gone", "f.txt")
print(type(e).__name__, e.errno, e.strerror, e.filename, type(OSError(17, "x")).__name__, type(OSError(13, "x")).__name__, type(OSError(9999, "x")).__name__)
print(StopIteration(7).value, StopIteration().value, SystemExit(4).code, SystemExit(1, 2).code, ImportError("m", name="n").name)


class AppError(Exception):
    """Base of this program's errors."""

    default = "something failed"

    def __init__(self, message=None, *, code=0):
        super().__init__(message or self.default)
        self.code = code


class NotFound(AppError, LookupError):
    default = "not found"

    def __str__(self):
        return f"{super().__str__()} (code {self.code})"


for make in (AppError, lambda: AppError("m", code=5), NotFound, lambda: NotFound("x", code=404)):
    try:
        raise make()
    except LookupError as e:
        print("lookup", e, repr(e), e.args, e.code)
    except AppError as e:
        print("app", e, repr(e), e.args, e.code)
print(issubclass(NotFound, (AppError, LookupError)), NotFound.__mro__[1].__name__, isinstance(NotFound(), Exception))


class Odd(Exception):
    def __init__(self, a, b):
        self.total = a + b


o = Odd(1, 2)
print(o.args, o.total, repr(o), str(o))
o.args = ("replaced",)
print(repr(o), o == o, Odd(1, 2) == Odd(1, 2), hash(o) == hash(o))
o.extra = 1
print(o.__dict__, o.__traceback__)
for attempt in (lambda: Odd(), lambda: Exception(x=1), lambda: setattr(o, "args", 5), lambda: UnicodeDecodeError("a"), lambda: type("Both", (KeyError, OSError, ), {}), lambda: ImportError(bad=1)):
    try:
        print(attempt())
    except TypeError as e:
        print(str(e).replace("\n", " "))
