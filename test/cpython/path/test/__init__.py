"""Stands for CPython's `test` package: `test.support` is ours, all else the installed files'.

A test file that is run by path has its own folder first on sys.path; the modules there
(`mapping_tests`, `test_weakref` ...) are found as parts of this package.
"""

import sys

__path__.append(sys.path[0])
