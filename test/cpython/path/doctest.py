"""Examples in documentation strings as tests: as much of doctest as test files use."""

import contextlib
import io
import sys
import traceback
import unittest

ELLIPSIS = 1


class _Example:
    def __init__(self, source, want, line):
        self.source = source
        self.want = want
        self.line = line


def _examples(text):
    """The `>>>` examples of a text, each with the output that is wanted of it."""
    lines = text.expandtabs().splitlines()
    i = 0
    while i < len(lines):
        stripped = lines[i].lstrip()
        indent = len(lines[i]) - len(stripped)
        if not stripped.startswith(">>> "):
            i += 1
            continue
        start = i
        source = [stripped[4:]]
        i += 1
        while i < len(lines) and lines[i][indent:].startswith("..."):
            source.append(lines[i][indent + 4:])
            i += 1
        want = []
        while i < len(lines) and lines[i].strip() and not lines[i].lstrip().startswith(">>> "):
            want.append(lines[i][indent:])
            i += 1
        yield _Example("\n".join(source) + "\n", "".join(line + "\n" for line in want), start + 1)


def _fits(got, want):
    """Equal, where `...` in `want` stands for anything."""
    if got == want:
        return True
    if want.startswith("Traceback (most recent call last):"):
        # Only the last line of a traceback counts.
        return got.strip().splitlines()[-1:] == want.strip().splitlines()[-1:]
    pieces = want.split("...")
    if len(pieces) == 1 or not got.startswith(pieces[0]) or not got.endswith(pieces[-1]):
        return False
    at = len(pieces[0])
    for piece in pieces[1:-1]:
        at = got.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return at <= len(got) - len(pieces[-1])


class _DocTestCase(unittest.TestCase):
    def __init__(self, name, text, names):
        super().__init__()
        self._name = name
        self._text = text
        self._names = names

    def id(self):
        return self._name

    def __str__(self):
        module, _, name = self._name.rpartition(".")
        return f"{name} ({module})"

    def shortDescription(self):
        return "Doctest: " + self._name

    def runTest(self):
        names = dict(self._names)
        for example in _examples(self._text):
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                try:
                    exec(compile(example.source, "<doctest>", "single"), names)
                except Exception as error:
                    output.write("Traceback (most recent call last):\n")
                    output.write("".join(traceback.format_exception_only(error)))
            got = output.getvalue()
            if not _fits(got, example.want):
                self.fail(f"line {example.line}: {example.source}Expected:\n{example.want}"
                          f"Got:\n{got}")


def DocTestSuite(module=None, **options):
    """The doctests of a module's own strings and its `__test__`."""
    if module is None:
        module = sys.modules[sys._getframe(1).f_globals["__name__"]]
    suite = unittest.TestSuite()
    texts = {module.__name__: module.__doc__}
    for name, text in getattr(module, "__test__", {}).items():
        texts[f"{module.__name__}.__test__.{name}"] = text
    for name, text in texts.items():
        if text and ">>> " in text:
            suite.addTest(_DocTestCase(name, text, module.__dict__))
    return suite
