"""The operators of the language as functions."""

import _operator
from _operator import *

globals().update((_name, getattr(_operator, _name)) for _name in dir(_operator)
                 if _name.startswith('__') and _name.strip('_') in dir(_operator))
