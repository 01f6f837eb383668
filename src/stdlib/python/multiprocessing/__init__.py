"""Processes with an interpreter of their own each, used as threads are.

Behaviour after Lib/multiprocessing of CPython 3.11; rule numbers are those of the contract. A
process is a Node process, started anew: `spawn` is the only start method.
"""

from . import context

__all__ = [name for name in dir(context._default_context) if not name.startswith('_')]
globals().update((name, getattr(context._default_context, name)) for name in __all__)

# The module that a started process runs as its program is known under two names there.
import sys
if '__main__' in sys.modules:
    sys.modules['__mp_main__'] = sys.modules['__main__']
del sys
