# Circular imports that work, one that does not, and what its message says.
import sys

from circular import first

print(first.both(), first.second.first is first)
try:
    import circular.bad_first
except ImportError as e:
    message = str(e)
    print(type(e).__name__, message[: message.index("(most likely")], e.name)
print([n for n in sys.modules if n.startswith("circular")])
try:
    import circular.bad_second
except ImportError as e:
    print(e.name)
