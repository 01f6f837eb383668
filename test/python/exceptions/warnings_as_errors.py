"""Warnings of the compiler pass the filters: they can be recorded, ignored or made errors."""
import warnings

SOURCES = [
    "a is 3\nb is not ()",
    "None is True is None",
    "x: 5()[0]\ndef f(a: 1()):\n    y: 2() = 3\n",
    "from __future__ import annotations\ndef f(a: 1()) -> 2(): pass",
    "f'{a}'['b'], [x for x in y]['z'], {1}[0], (x for x in y)[0], (lambda: 0)[1]",
    "'a'[True], 'a'[1:2], (1, 2)[b'c'], {}['a'], None[0], ...[1], b'a'[1.5], 'a'[-1]",
    "assert (a, 'text')\nassert ()\nassert (1, 2)",
    "{}(), {1}(), [1](), (1)(), f'{x}'(), 'a'(), ...(), (lambda: 0)(), x()()",
    "class C:\n    z: 1() = 2\n    def g(self):\n        return self.h is 'h'",
]
for source in SOURCES:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        compile(source, "made.py", "exec")
    for warning in caught:
        print(warning.lineno, warning.category.__name__, warning.message, warning.filename)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            compile(source, "made.py", "exec")
        except SyntaxError as error:
            print(repr(error))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(source, "made.py", "exec")
