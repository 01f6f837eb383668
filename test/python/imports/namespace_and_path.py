# sys.path decides; a folder without __init__ is a namespace package; a package shadows a module.
import sys

import plain_folder.module_in_it as m

print(m.VALUE, m.__package__, plain_folder.__name__ if "plain_folder" in globals() else "not bound by import as")
import plain_folder

print(plain_folder.__name__, hasattr(plain_folder, "__file__"), plain_folder.module_in_it is m)
here = sys.path[0]
sys.path.insert(0, here + "/plain_folder")
import module_in_it

print(module_in_it is m, module_in_it.VALUE, module_in_it.__name__)
sys.path.pop(0)
sys.path.append("/does/not/exist")
try:
    import really_not_there
except ModuleNotFoundError as e:
    print(e)
sys.path.clear()
try:
    import shapes
except ModuleNotFoundError as e:
    print(e)
import math

print(math.floor(1.5), "sys" in sys.builtin_module_names)
