# Failing imports: messages, attributes, the module is removed from sys.modules after an error.
import sys

statements = [
    "import nowhere",
    "import nowhere.deeper",
    "from nowhere import x",
    "import failing.nothing",
    "from failing import nothing",
    "from math import nothing",
    "import math.nothing",
    "from . import x",
    "from .. import x",
    "from .sibling import x",
    "import failing.raises",
    "import failing.raises",
    "from failing import raises",
    "__import__('')",
    "__import__(5)",
    "import failing.syntax",
]
for statement in statements:
    try:
        exec(statement, {"__name__": "tester"})
        print(statement, "worked")
    except ImportError as e:
        text = str(e).split(" (/")[0].split(" (unknown")[0]
        print(statement, "->", type(e).__name__, text, "name", e.name)
    except SyntaxError as e:
        print(statement, "->", type(e).__name__, e.msg, e.lineno, e.filename.replace("\\", "/").split("/")[-1])
    except (ValueError, TypeError, KeyError) as e:
        print(statement, "->", type(e).__name__, e)
print("failing.raises" in sys.modules, "failing" in sys.modules)
try:
    from failing.missing_module import a
except ModuleNotFoundError as e:
    print(e, e.name, e.path)
try:
    import failing.raises as module
except ValueError:
    print("module" in globals())
sys.modules["blocked"] = None
try:
    import blocked
except ModuleNotFoundError as e:
    print(e)
