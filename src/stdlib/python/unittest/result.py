"""The outcomes of tests."""

import io
import sys
import traceback

__unittest = True


class TestResult:
    """Counts tests and keeps what went wrong, as (test, text) pairs."""

    def __init__(self, stream=None, descriptions=None, verbosity=None):
        self.failfast = False
        self.buffer = False
        self.tb_locals = False
        self.failures = []
        self.errors = []
        self.skipped = []
        self.expectedFailures = []
        self.unexpectedSuccesses = []
        self.testsRun = 0
        self.shouldStop = False
        self._moduleSetUpFailed = False
        self._previousTestClass = None
        self._held = None

    def startTestRun(self):
        """Before the first test."""

    def stopTestRun(self):
        """After the last test."""

    def startTest(self, test):
        self.testsRun += 1
        self._hold_output()

    def stopTest(self, test):
        self._restore_output()

    def _hold_output(self):
        if self.buffer and self._held is None:
            self._held = sys.stdout, sys.stderr
            sys.stdout, sys.stderr = io.StringIO(), io.StringIO()

    def _restore_output(self):
        if self._held is not None:
            sys.stdout, sys.stderr = self._held
            self._held = None

    def _stop_if_fast(self):
        if self.failfast:
            self.stop()

    def addError(self, test, err):
        self.errors.append((test, self._exc_info_to_string(err, test)))
        self._stop_if_fast()

    def addFailure(self, test, err):
        self.failures.append((test, self._exc_info_to_string(err, test)))
        self._stop_if_fast()

    def addSubTest(self, test, subtest, err):
        """A subtest ended; err is None when it succeeded."""
        if err is None:
            return
        kept = self.failures if issubclass(err[0], test.failureException) else self.errors
        kept.append((subtest, self._exc_info_to_string(err, test)))
        self._stop_if_fast()

    def addSuccess(self, test):
        """A test succeeded."""

    def addSkip(self, test, reason):
        self.skipped.append((test, reason))

    def addExpectedFailure(self, test, err):
        self.expectedFailures.append((test, self._exc_info_to_string(err, test)))

    def addUnexpectedSuccess(self, test):
        self.unexpectedSuccesses.append(test)
        self._stop_if_fast()

    def wasSuccessful(self):
        return not (self.failures or self.errors or self.unexpectedSuccesses)

    def stop(self):
        """No further test is to be run."""
        self.shouldStop = True

    def _exc_info_to_string(self, err, test):
        kind, value, tb = err
        # Frames of this package say nothing about the test.
        while tb is not None and _is_ours(tb):
            tb = tb.tb_next
        limit = None
        if kind is test.failureException:
            limit = 0
            step = tb
            while step is not None and not _is_ours(step):
                limit += 1
                step = step.tb_next
        text = "".join(traceback.format_exception(kind, value, tb, limit=limit))
        if self.buffer and self._held is not None:
            for name, stream in ("Stdout", sys.stdout), ("Stderr", sys.stderr):
                output = stream.getvalue()
                if output:
                    end = "" if output.endswith("\n") else "\n"
                    text += f"\n{name}:\n{output}{end}"
        return text

    def __repr__(self):
        from .assertions import strclass
        return (f"<{strclass(type(self))} run={self.testsRun} errors={len(self.errors)} "
                f"failures={len(self.failures)}>")


def _is_ours(tb):
    return "__unittest" in tb.tb_frame.f_globals
