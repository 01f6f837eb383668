# argv: alpha --flag
# The parts of sys that programs read.
import sys

print(sys.argv[1:], sys.version_info[:2], sys.version_info.major, sys.version_info >= (3, 11), sys.version_info.releaselevel, sys.version.startswith("3.11"), sys.hexversion >> 16 == 0x030B)
print(sys.maxsize == 2**63 - 1, sys.byteorder, sys.platform, sys.maxunicode, sys.float_info.max, sys.float_info.epsilon, sys.float_info.dig, sys.float_info.mant_dig, sys.int_info.bits_per_digit, sys.hash_info.modulus == 2**61 - 1, sys.hash_info.width)
print(sys.getrecursionlimit(), sys.getswitchinterval(), sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.stdin.name, sys.stdout.name, sys.stderr.name, sys.copyright[:13], sys.api_version, sys.dont_write_bytecode)
print(sys.modules["sys"] is sys, sys.modules["__main__"].__name__, "builtins" in sys.modules, type(sys.path).__name__, type(sys.executable).__name__, sys.flags.optimize, sys.flags.debug, sys.warnoptions)
sys.setswitchinterval(0.02)
print(sys.getswitchinterval())
for wrong in (0, -1, "x"):
    try:
        sys.setswitchinterval(wrong)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
sys.setswitchinterval(0.005)
print(round(sys.getswitchinterval(), 6))
s = sys.intern("inter" + "ned text")
print(s, sys.intern(s) is s)
try:
    sys.intern(5)
except TypeError as e:
    print(e)
print(sys._getframe().f_code.co_name, sys._getframe().f_lineno)


def caller():
    return callee()


def callee():
    f = sys._getframe(1)
    return f.f_code.co_name, sys._getframe().f_back is f, f.f_back.f_code.co_name


print(caller())
try:
    sys._getframe(100)
except ValueError as e:
    print(e)


class Text:
    def write(self, s):
        print("[wrote %r]" % s, file=sys.__stdout__)

    def flush(self):
        pass


sys.displayhook(None)
sys.displayhook(42)
import builtins

print(builtins._)
sys.stderr = Text()
print("redirected", file=sys.stderr)
sys.stderr = sys.__stderr__
print(sys.exc_info(), sys.getsizeof(0), sys.getsizeof(object(), 5), sys.is_finalizing(), sys.implementation.name in ("cpython", "takegil"))
try:
    sys.no_such_attribute
except AttributeError as e:
    print(e)
