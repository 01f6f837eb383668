"""Suites: tests run one after the other, with the set-up of their classes and modules."""

import sys

from . import case

__unittest = True


class BaseTestSuite:
    """Tests and suites, run in order."""

    _cleanup = True

    def __init__(self, tests=()):
        self._tests = []
        self._removed = 0
        self.addTests(tests)

    def __repr__(self):
        from .assertions import strclass
        return f"<{strclass(type(self))} tests={list(self)}>"

    def __eq__(self, other):
        if not isinstance(other, type(self)):
            return NotImplemented
        return list(self) == list(other)

    def __iter__(self):
        return iter(self._tests)

    def countTestCases(self):
        return self._removed + sum(test.countTestCases() for test in self if test is not None)

    def addTest(self, test):
        if not callable(test):
            raise TypeError(f"{test!r} is not callable")
        if isinstance(test, type) and issubclass(test, (case.TestCase, TestSuite)):
            raise TypeError("TestCases and TestSuites must be instantiated before passing them to "
                            "addTest()")
        self._tests.append(test)

    def addTests(self, tests):
        if isinstance(tests, str):
            raise TypeError("tests must be an iterable of tests, not a string")
        for test in tests:
            self.addTest(test)

    def run(self, result):
        for index, test in enumerate(self):
            if result.shouldStop:
                break
            test(result)
            self._let_go(index)
        return result

    def _let_go(self, index):
        """A test that was run may die: its fixture is garbage."""
        if not self._cleanup:
            return
        test = self._tests[index]
        if hasattr(test, "countTestCases"):
            self._removed += test.countTestCases()
        self._tests[index] = None

    def __call__(self, *args, **kwds):
        return self.run(*args, **kwds)

    def debug(self):
        for test in self:
            test.debug()


class TestSuite(BaseTestSuite):
    """A suite that runs the set-up and tear-down of classes and modules."""

    def run(self, result, debug=False):
        outermost = not getattr(result, "_testRunEntered", False)
        if outermost:
            result._testRunEntered = True
        for index, test in enumerate(self):
            if result.shouldStop:
                break
            if not isinstance(test, BaseTestSuite) and test is not None:
                self._leave_class(test, result)
                self._enter_module(test, result)
                self._enter_class(test, result)
                result._previousTestClass = type(test)
                if getattr(type(test), "_classSetupFailed", False) or result._moduleSetUpFailed:
                    continue
            if debug:
                test.debug()
            else:
                test(result)
            self._let_go(index)
        if outermost:
            self._leave_class(None, result)
            self._leave_module(result)
            result._testRunEntered = False
        return result

    def debug(self):
        self.run(_DebugResult(), True)

    def _enter_class(self, test, result):
        cls = type(test)
        if cls is result._previousTestClass or result._moduleSetUpFailed:
            return
        if getattr(cls, "__unittest_skip__", False):
            return
        set_up = getattr(cls, "setUpClass", None)
        if set_up is None:
            return
        cls._classSetupFailed = False
        if not _guard(set_up, result, f"setUpClass ({_name(cls)})"):
            cls._classSetupFailed = True
            self._clean_class(cls, result, f"setUpClass ({_name(cls)})")

    def _leave_class(self, test, result):
        cls = result._previousTestClass
        if cls is None or (test is not None and type(test) is cls):
            return
        failed = getattr(cls, "_classSetupFailed", False)
        if failed or result._moduleSetUpFailed or getattr(cls, "__unittest_skip__", False):
            return
        tear_down = getattr(cls, "tearDownClass", None)
        if tear_down is None:
            return
        _guard(tear_down, result, f"tearDownClass ({_name(cls)})")
        self._clean_class(cls, result, f"tearDownClass ({_name(cls)})")

    def _clean_class(self, cls, result, where):
        if not hasattr(cls, "doClassCleanups"):
            return
        cls.doClassCleanups()
        for error in cls.tearDown_exceptions:
            result.addError(_ErrorHolder(where), error)

    def _enter_module(self, test, result):
        previous = _module_name(result._previousTestClass)
        name = type(test).__module__
        if name == previous:
            return
        self._leave_module(result)
        result._moduleSetUpFailed = False
        module = sys.modules.get(name)
        set_up = getattr(module, "setUpModule", None)
        if set_up is not None and not _guard(set_up, result, f"setUpModule ({name})"):
            result._moduleSetUpFailed = True
            _guard(case.doModuleCleanups, result, f"setUpModule ({name})")

    def _leave_module(self, result):
        name = _module_name(result._previousTestClass)
        if name is None or result._moduleSetUpFailed:
            return
        tear_down = getattr(sys.modules.get(name), "tearDownModule", None)
        if tear_down is not None:
            _guard(tear_down, result, f"tearDownModule ({name})")
        _guard(case.doModuleCleanups, result, f"tearDownModule ({name})")


def _name(cls):
    return f"{cls.__module__}.{cls.__qualname__}"


def _module_name(cls):
    return None if cls is None else cls.__module__


def _guard(function, result, where):
    """Call the function; an error is reported under the name `where`, and gives False."""
    try:
        function()
    except case.SkipTest as error:
        result.addSkip(_ErrorHolder(where), str(error))
        return False
    except Exception:
        if isinstance(result, _DebugResult):
            raise
        result.addError(_ErrorHolder(where), sys.exc_info())
        return False
    return True


class _ErrorHolder:
    """Stands for a test where a set-up or tear-down failed."""

    failureException = None

    def __init__(self, description):
        self.description = description

    def id(self):
        return self.description

    def shortDescription(self):
        return None

    def __repr__(self):
        return f"<ErrorHolder description={self.description!r}>"

    def __str__(self):
        return self.description

    def run(self, result):
        """Nothing to run."""

    def __call__(self, result):
        return self.run(result)

    def countTestCases(self):
        return 0


class _DebugResult:
    """What a suite needs of a result when errors come through."""

    _previousTestClass = None
    _moduleSetUpFailed = False
    shouldStop = False
