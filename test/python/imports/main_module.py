# argv: one two three
# __main__, sys.argv, __file__, sys.path[0], modules as namespaces, module-level __getattr__.
import sys
import _dynamic

print(__name__, sys.argv[1:], __file__.endswith("main_module.py"), sys.argv[0].endswith("main_module.py"), sys.path[0].replace("\\", "/").endswith("test/python/imports"))
main = sys.modules["__main__"]
x = 5
print(main.x, main.__dict__ is globals(), __builtins__.__name__, __doc__, __spec__, "__loader__" in globals())
print(_dynamic.real, _dynamic.made_up, dir(_dynamic))
try:
    _dynamic.refused
except AttributeError as e:
    print(e)
main.y = 6
print(y)
import __main__

print(__main__ is main)
import builtins

builtins.everywhere = "visible"
print(everywhere, _dynamic.sees_builtin())
del builtins.everywhere
import math as m, sys as s

print(m.floor(2.5), s is sys, "math" in globals())
types = type(sys)
mod = types("handmade", "doc")
mod.value = 1
print(mod, mod.__name__, mod.__doc__, mod.value, sorted(vars(mod)))
sys.modules["handmade"] = mod
import handmade
from handmade import value

print(handmade is mod, value)
