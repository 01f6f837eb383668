# print with sep, end, file and flush; objects whose str fails; writes to sys.stdout and sys.stderr.
import sys

print()
print(1, "a", None, 2.5, [1], (2,), {"k": "v"}, sep=", ", end=".\n")
print("a", "b", sep="")
print("a", "b", sep=None, end=None)
print("no newline", end="")
print("", "", sep="-")
print(*"abc", sep="\n")
print("flushed", flush=True)
sys.stdout.write("written\n")
print(sys.stdout.write("12345\n"))
print("to stderr", file=sys.stderr)
sys.stderr.write("also\n")
print("é中\U0001F600", "tab\tnl\\n")


class Sink:
    def __init__(self):
        self.parts = []

    def write(self, text):
        self.parts.append(text)


sink = Sink()
print("x", 1, file=sink)
print("y", end="", sep="z", file=sink)
print(sink.parts)


class BadStr:
    def __str__(self):
        raise ValueError("str fails")


class NotStr:
    def __str__(self):
        return 5


class OnlyRepr:
    def __repr__(self):
        return "<only repr>"


print(OnlyRepr(), str(OnlyRepr()), [OnlyRepr()], f"{OnlyRepr()}", "%s" % OnlyRepr())
for o in (BadStr(), NotStr()):
    try:
        print("before", o, "after")
    except (ValueError, TypeError) as e:
        print("|", e)
for wrong in (dict(sep=1), dict(end=b""), dict(file=5), dict(nope=1)):
    try:
        print("x", **wrong)
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
saved, sys.stdout = sys.stdout, sink
print("captured")
sys.stdout = saved
print(sink.parts[-2:])
sys.stdout = None
print("goes nowhere")
sys.stdout = saved
print(repr(sys.stdout.encoding), sys.stdout.fileno(), sys.stdout.writable(), sys.stdin.fileno())
print("\ud800".encode("utf-8", "replace"), end=" ")
try:
    print("\ud800")
except UnicodeEncodeError as e:
    print(type(e).__name__)
for i in range(1000):
    print(i, end=" " if i % 20 != 19 else "\n")
