"""Finding tests: in classes, modules, by name, and in folders."""

import functools
import os
import sys
import types

from . import case, suite

__unittest = True


class _FailedTest(case.TestCase):
    """A test that could not be loaded; running it raises the reason."""

    def __init__(self, method_name, exception):
        self._exception = exception
        super().__init__(method_name)

    def __getattr__(self, name):
        if name != self._testMethodName:
            return super().__getattribute__(name)

        def fail():
            raise self._exception
        return fail


class TestLoader:
    """Makes suites of tests."""

    testMethodPrefix = "test"
    sortTestMethodsUsing = staticmethod(lambda a, b: (a > b) - (a < b))
    testNamePatterns = None
    suiteClass = suite.TestSuite

    def __init__(self):
        self.errors = []
        self._top = None

    def loadTestsFromTestCase(self, testCaseClass):
        """All tests of a class."""
        if issubclass(testCaseClass, suite.TestSuite):
            raise TypeError("Test cases should not be derived from TestSuite. Maybe you meant to "
                            "derive from TestCase?")
        names = self.getTestCaseNames(testCaseClass)
        if not names and hasattr(testCaseClass, "runTest"):
            names = ["runTest"]
        return self.suiteClass(map(testCaseClass, names))

    def loadTestsFromModule(self, module, *args, pattern=None, **kws):
        """All tests of a module; its load_tests has the last word."""
        tests = []
        for name in dir(module):
            obj = getattr(module, name)
            if _is_test_class(obj):
                tests.append(self.loadTestsFromTestCase(obj))
        load_tests = getattr(module, "load_tests", None)
        tests = self.suiteClass(tests)
        if load_tests is None:
            return tests
        try:
            return load_tests(self, tests, pattern)
        except Exception as error:
            self.errors.append(f"Failed to call load_tests: {error}")
            return self.suiteClass([_FailedTest(module.__name__, error)])

    def loadTestsFromName(self, name, module=None):
        """Tests by dotted name: a module, a class, a method, a callable that gives tests."""
        parts = name.split(".")
        if module is None:
            found = None
            for length in range(len(parts), 0, -1):
                try:
                    found = __import__(".".join(parts[:length]))
                    break
                except ImportError as error:
                    failure = error
            if found is None:
                self.errors.append(f"Failed to import test module: {name}")
                return self.suiteClass([_FailedTest(parts[-1], failure)])
            parts = parts[1:]
        else:
            found = module
        parent = None
        for part in parts:
            try:
                parent, found = found, getattr(found, part)
            except AttributeError as error:
                self.errors.append(f"Failed to access attribute: {part}")
                return self.suiteClass([_FailedTest(part, error)])
        return self._tests_of(found, parent, parts)

    def _tests_of(self, obj, parent, parts):
        if isinstance(obj, types.ModuleType):
            return self.loadTestsFromModule(obj)
        if _is_test_class(obj):
            return self.loadTestsFromTestCase(obj)
        if isinstance(obj, types.FunctionType) and _is_test_class(parent):
            return self.suiteClass([parent(parts[-1])])
        if isinstance(obj, suite.BaseTestSuite):
            return obj
        if callable(obj):
            test = obj()
            if isinstance(test, suite.BaseTestSuite):
                return test
            if isinstance(test, case.TestCase):
                return self.suiteClass([test])
            raise TypeError(f"calling {obj} returned {test}, not a test")
        raise TypeError(f"don't know how to make test from: {obj}")

    def loadTestsFromNames(self, names, module=None):
        return self.suiteClass([self.loadTestsFromName(name, module) for name in names])

    def getTestCaseNames(self, testCaseClass):
        """Names of the test methods of a class, sorted."""
        names = [name for name in dir(testCaseClass) if self._wanted(testCaseClass, name)]
        if self.sortTestMethodsUsing:
            names.sort(key=functools.cmp_to_key(self.sortTestMethodsUsing))
        return names

    def _wanted(self, cls, name):
        if not name.startswith(self.testMethodPrefix) or not callable(getattr(cls, name)):
            return False
        if self.testNamePatterns is None:
            return True
        full = f"{cls.__module__}.{cls.__qualname__}.{name}"
        return any(matches(full, pattern) for pattern in self.testNamePatterns)

    def discover(self, start_dir, pattern="test*.py", top_level_dir=None):
        """All tests of the files below a folder whose names match the pattern."""
        top = os.path.abspath(top_level_dir or start_dir)
        if top not in sys.path:
            sys.path.insert(0, top)
        return self.suiteClass(self._discover(os.path.abspath(start_dir), top, pattern))

    def _discover(self, folder, top, pattern):
        for entry in sorted(os.listdir(folder)):
            path = os.path.join(folder, entry)
            if os.path.isdir(path):
                if os.path.isfile(os.path.join(path, "__init__.py")):
                    yield from self._discover(path, top, pattern)
            elif entry.endswith(".py") and matches(entry, pattern):
                name = os.path.relpath(path, top)[:-3].replace("/", ".")
                yield self._load_file(name, pattern)

    def _load_file(self, name, pattern):
        try:
            __import__(name)
        except case.SkipTest as error:
            return self.suiteClass([_skipped(name, str(error))])
        except Exception as error:
            self.errors.append(f"Failed to import test module: {name}")
            return self.suiteClass([_FailedTest(name.split(".")[-1], error)])
        return self.loadTestsFromModule(sys.modules[name], pattern=pattern)


def _is_test_class(obj):
    return (isinstance(obj, type) and issubclass(obj, case.TestCase)
            and obj not in (case.TestCase, case.FunctionTestCase))


def _skipped(name, reason):
    @case.skip(reason)
    def test_skipped(self):
        """Stands for the tests of a module that asks to be skipped."""
    cls = type("ModuleSkipped", (case.TestCase,), {name: test_skipped})
    return cls(name)


def matches(text, pattern):
    """Does the text match a pattern of characters, `?` and `*`, upper and lower case apart?"""
    pieces = pattern.split("*")
    if len(pieces) == 1:
        return len(text) == len(pattern) and _same(text, pattern)
    first, *middle, last = pieces
    if len(text) < len(first) + len(last):
        return False
    if not _same(text[:len(first)], first) or not _same(text[len(text) - len(last):], last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        while at + len(piece) <= end and not _same(text[at:at + len(piece)], piece):
            at += 1
        if at + len(piece) > end:
            return False
        at += len(piece)
    return True


def _same(text, piece):
    return len(text) == len(piece) and all(p in ("?", c) for c, p in zip(text, piece))


defaultTestLoader = TestLoader()
