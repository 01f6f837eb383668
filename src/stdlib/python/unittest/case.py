"""Test cases: one test each, with what is set up before it and torn down after."""

import functools
import sys
import types

from .assertions import Assertions, safe_repr, strclass

__unittest = True


class SkipTest(Exception):
    """Raised by a test that cannot be run here."""


class _ShouldStop(Exception):
    """The test must stop: a subtest failed and the result wants no more."""


class _UnexpectedSuccess(Exception):
    """The test was supposed to fail, but did not."""


def skip(reason):
    """Do not run the decorated test or class."""
    def decorate(test_item):
        if not isinstance(test_item, type):
            @functools.wraps(test_item)
            def skipped(*args, **kwargs):
                raise SkipTest(reason)
            test_item = skipped
        test_item.__unittest_skip__ = True
        test_item.__unittest_skip_why__ = reason
        return test_item
    if isinstance(reason, types.FunctionType):
        test_item = reason
        reason = ""
        return decorate(test_item)
    return decorate


def _same(obj):
    return obj


def skipIf(condition, reason):
    return skip(reason) if condition else _same


def skipUnless(condition, reason):
    return _same if condition else skip(reason)


def expectedFailure(test_item):
    """The test is known to fail; it is an error when it does not."""
    test_item.__unittest_expecting_failure__ = True
    return test_item


_module_cleanups = []


def addModuleCleanup(function, /, *args, **kwargs):
    """Call the function after the module's last test, the last added first."""
    _module_cleanups.append((function, args, kwargs))


def enterModuleContext(cm):
    return _enter(cm, addModuleCleanup)


def doModuleCleanups():
    errors = []
    while _module_cleanups:
        function, args, kwargs = _module_cleanups.pop()
        try:
            function(*args, **kwargs)
        except Exception as error:
            errors.append(error)
    if errors:
        raise errors[0]


def _enter(cm, add_cleanup):
    cls = type(cm)
    try:
        enter, exit = cls.__enter__, cls.__exit__
    except AttributeError:
        raise TypeError(f"'{cls.__module__}.{cls.__qualname__}' object does not support the "
                        "context manager protocol") from None
    result = enter(cm)
    add_cleanup(exit, cm, None, None, None)
    return result


class _Outcome:
    """How the parts of one test went."""

    def __init__(self, result):
        self.result = result
        self.success = True
        self.expecting_failure = False
        self.expected_failure = None

    def run(self, case, part, subtest=False):
        """Run one part; False when it did not succeed."""
        before = self.success
        self.success = True
        try:
            part()
        except KeyboardInterrupt:
            raise
        except SkipTest as error:
            self.success = False
            self.result.addSkip(case, str(error))
        except _ShouldStop:
            self.success = False
        except BaseException:
            error = sys.exc_info()
            if self.expecting_failure:
                self.expected_failure = error
            else:
                self.success = False
                if subtest:
                    self.result.addSubTest(case.test_case, case, error)
                elif issubclass(error[0], case.failureException):
                    self.result.addFailure(case, error)
                else:
                    self.result.addError(case, error)
            error = None
        else:
            if subtest and self.success:
                self.result.addSubTest(case.test_case, case, None)
        ran = self.success
        self.success = self.success and before
        return ran


class TestCase(Assertions):
    """One test: the method it was made with, between setUp and tearDown."""

    _class_cleanups = ()
    _classSetupFailed = False

    def __init__(self, methodName="runTest"):
        self._testMethodName = methodName
        self._outcome = None
        self._testMethodDoc = "No test"
        try:
            method = getattr(self, methodName)
        except AttributeError:
            if methodName != "runTest":
                raise ValueError(f"no such test method in {type(self)}: {methodName}") from None
        else:
            self._testMethodDoc = method.__doc__
        self._cleanups = []
        self._subtest = None

    def setUp(self):
        """Before each test."""

    def tearDown(self):
        """After each test whose setUp succeeded."""

    @classmethod
    def setUpClass(cls):
        """Before the first test of the class."""

    @classmethod
    def tearDownClass(cls):
        """After the last test of the class."""

    def addCleanup(self, function, /, *args, **kwargs):
        """Call the function after tearDown, the last added first."""
        self._cleanups.append((function, args, kwargs))

    def enterContext(self, cm):
        return _enter(cm, self.addCleanup)

    @classmethod
    def addClassCleanup(cls, function, /, *args, **kwargs):
        if "_class_cleanups" not in cls.__dict__:
            cls._class_cleanups = []
        cls._class_cleanups.append((function, args, kwargs))

    @classmethod
    def enterClassContext(cls, cm):
        return _enter(cm, cls.addClassCleanup)

    @classmethod
    def doClassCleanups(cls):
        cls.tearDown_exceptions = []
        while cls._class_cleanups:
            function, args, kwargs = cls._class_cleanups.pop()
            try:
                function(*args, **kwargs)
            except Exception:
                cls.tearDown_exceptions.append(sys.exc_info())

    def countTestCases(self):
        return 1

    def defaultTestResult(self):
        from .result import TestResult
        return TestResult()

    def shortDescription(self):
        doc = self._testMethodDoc
        return doc.strip().split("\n")[0].strip() if doc else None

    def id(self):
        return f"{strclass(type(self))}.{self._testMethodName}"

    def __eq__(self, other):
        if type(self) is not type(other):
            return NotImplemented
        return self._testMethodName == other._testMethodName

    def __hash__(self):
        return hash((type(self), self._testMethodName))

    def __str__(self):
        return f"{self._testMethodName} ({strclass(type(self))}.{self._testMethodName})"

    def __repr__(self):
        return f"<{strclass(type(self))} testMethod={self._testMethodName}>"

    def subTest(self, msg=None, **params):
        """A context manager: its block is a test of its own within this one."""
        return _SubTestContext(self, msg, params)

    def skipTest(self, reason):
        """Skip the rest of this test."""
        raise SkipTest(reason)

    def _skip_reason(self, method):
        """Why a decorator skips this test; None when none does."""
        for item in type(self), method:
            if getattr(item, "__unittest_skip__", False):
                return getattr(item, "__unittest_skip_why__", "")
        return None

    def run(self, result=None):
        """Run the test and report to the result."""
        own = result is None
        if own:
            result = self.defaultTestResult()
            getattr(result, "startTestRun", lambda: None)()
        result.startTest(self)
        try:
            method = getattr(self, self._testMethodName)
            reason = self._skip_reason(method)
            if reason is not None:
                result.addSkip(self, reason)
                return result
            self._run_parts(result, method)
            return result
        finally:
            result.stopTest(self)
            if own:
                getattr(result, "stopTestRun", lambda: None)()

    def _run_parts(self, result, method):
        outcome = _Outcome(result)
        expecting = (getattr(self, "__unittest_expecting_failure__", False)
                     or getattr(method, "__unittest_expecting_failure__", False))
        self._outcome = outcome
        try:
            if outcome.run(self, self.setUp):
                outcome.expecting_failure = expecting
                outcome.run(self, method)
                outcome.expecting_failure = False
                outcome.run(self, self.tearDown)
            self.doCleanups()
            if not outcome.success:
                return
            if not expecting:
                result.addSuccess(self)
            elif outcome.expected_failure:
                result.addExpectedFailure(self, outcome.expected_failure)
            else:
                result.addUnexpectedSuccess(self)
        finally:
            outcome.expected_failure = None
            self._outcome = None

    def doCleanups(self):
        outcome = self._outcome or _Outcome(self.defaultTestResult())
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            outcome.run(self, lambda: function(*args, **kwargs))
        return outcome.success

    def __call__(self, *args, **kwargs):
        return self.run(*args, **kwargs)

    def debug(self):
        """Run the test without a result: the first error comes through."""
        method = getattr(self, self._testMethodName)
        reason = self._skip_reason(method)
        if reason is not None:
            raise SkipTest(reason)
        self.setUp()
        method()
        self.tearDown()
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            function(*args, **kwargs)


class FunctionTestCase(TestCase):
    """A test case around a plain function."""

    def __init__(self, testFunc, setUp=None, tearDown=None, description=None):
        super().__init__()
        self._testFunc = testFunc
        self._setUpFunc = setUp
        self._tearDownFunc = tearDown
        self._description = description

    def setUp(self):
        if self._setUpFunc is not None:
            self._setUpFunc()

    def tearDown(self):
        if self._tearDownFunc is not None:
            self._tearDownFunc()

    def runTest(self):
        self._testFunc()

    def id(self):
        return self._testFunc.__name__

    def __eq__(self, other):
        if not isinstance(other, type(self)):
            return NotImplemented
        return (self._testFunc, self._setUpFunc, self._tearDownFunc, self._description) == (
            other._testFunc, other._setUpFunc, other._tearDownFunc, other._description)

    def __hash__(self):
        return hash((type(self), self._testFunc, self._setUpFunc, self._tearDownFunc))

    def __str__(self):
        return f"{strclass(type(self))} ({self._testFunc.__name__})"

    def __repr__(self):
        return f"<{strclass(type(self))} tec={self._testFunc}>"

    def shortDescription(self):
        if self._description is not None:
            return self._description
        doc = self._testFunc.__doc__
        return doc.split("\n")[0].strip() if doc else None


class _SubTestContext:
    """The block of `with self.subTest(...)`."""

    def __init__(self, case, message, params):
        self.case = case
        self.message = message
        self.params = params

    def __enter__(self):
        case = self.case
        self.parent = case._subtest
        outer = {} if self.parent is None else self.parent.params
        params = {**self.params, **{k: v for k, v in outer.items() if k not in self.params}}
        case._subtest = _SubTest(case, self.message, params)

    def __exit__(self, kind, error, traceback):
        case, subtest = self.case, self.case._subtest
        case._subtest = self.parent
        outcome = case._outcome
        if outcome is None or isinstance(error, (KeyboardInterrupt, _ShouldStop)):
            return False

        def again():
            if error is not None:
                raise error
        ran = outcome.run(subtest, again, subtest=True)
        again = error = None
        if not ran and getattr(outcome.result, "failfast", False):
            raise _ShouldStop
        if outcome.expected_failure:
            raise _ShouldStop
        return True


class _SubTest(TestCase):
    """How a subtest shows up in a result."""

    def __init__(self, test_case, message, params):
        super().__init__()
        self.test_case = test_case
        self.message = message
        self.params = params
        self.failureException = test_case.failureException

    def runTest(self):
        raise NotImplementedError("subtests cannot be run directly")

    def _description(self):
        parts = []
        if self.message is not None:
            parts.append(f"[{self.message}]")
        if self.params:
            shown = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
            parts.append(f"({shown})")
        return " ".join(parts) or "(<subtest>)"

    def id(self):
        return f"{self.test_case.id()} {self._description()}"

    def shortDescription(self):
        return self.test_case.shortDescription()

    def __str__(self):
        return f"{self.test_case} {self._description()}"
