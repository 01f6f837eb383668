"""Importing what may be missing."""

import sys
import unittest


def import_module(name, deprecated=False, *, required_on=()):
    """The module, or a skipped test where there is none."""
    try:
        __import__(name)
    except ImportError as error:
        raise unittest.SkipTest(str(error))
    return sys.modules[name]
