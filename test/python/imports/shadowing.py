# A file before the library on sys.path shadows its modules, except those that are frozen.
import sys

sys.path.insert(0, sys.path[0] + "/shadows")
for name in ("io", "stat", "abc", "textwrap"):
    kept = sys.modules.pop(name, None)
    print(name, hasattr(__import__(name), "SHADOW"))
    if kept is not None:
        sys.modules[name] = kept
