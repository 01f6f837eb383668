# unittest: every outcome of a test, fixtures and their order, subtests, skips, the text report.
import io
import sys
import unittest

log = []


def setUpModule():
    log.append("setUpModule")


def tearDownModule():
    log.append("tearDownModule")


class Outcomes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        log.append("setUpClass")
        cls.addClassCleanup(log.append, "class cleanup")

    @classmethod
    def tearDownClass(cls):
        log.append("tearDownClass")

    def setUp(self):
        log.append("setUp " + self._testMethodName)
        self.addCleanup(log.append, "cleanup 1")
        self.addCleanup(log.append, "cleanup 2")

    def tearDown(self):
        log.append("tearDown")

    def test_ok(self):
        """Passes.

        More about it."""
        self.assertEqual(1 + 1, 2)

    def test_fails(self):
        self.assertEqual(1 + 1, 3, "arithmetic")

    def test_raises(self):
        {}["missing"]

    @unittest.skip("not today")
    def test_skipped(self):
        log.append("never")

    def test_skips_itself(self):
        self.skipTest("changed my mind")

    @unittest.skipIf(sys.version_info > (3,), "too new")
    def test_skip_if(self):
        pass

    @unittest.skipUnless(sys.version_info > (3,), "too old")
    def test_skip_unless(self):
        pass

    @unittest.expectedFailure
    def test_expected(self):
        self.fail("known")

    @unittest.expectedFailure
    def test_unexpected(self):
        pass

    def test_subtests(self):
        for i in range(4):
            with self.subTest("odd", i=i):
                self.assertEqual(i % 2, 0)
        with self.subTest(deep=1):
            with self.subTest(deeper=2):
                raise ValueError("in a subtest")

    def test_context(self):
        class Manager:
            def __enter__(self):
                return "entered"

            def __exit__(self, *exc_info):
                log.append("exited")

        self.assertEqual(self.enterContext(Manager()), "entered")


@unittest.skip("whole class")
class Skipped(unittest.TestCase):
    def test_never(self):
        log.append("never")


class BrokenClass(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise RuntimeError("cannot set up")

    def test_never(self):
        log.append("never")


class BrokenSetUp(unittest.TestCase):
    def setUp(self):
        raise OSError("no set-up")

    def tearDown(self):
        log.append("never")

    def test_never(self):
        log.append("never")


def load(*classes):
    loader = unittest.TestLoader()
    return unittest.TestSuite(loader.loadTestsFromTestCase(cls) for cls in classes)


def run(verbosity, **options):
    stream = io.StringIO()
    suite = load(Outcomes, Skipped, BrokenClass, BrokenSetUp)
    print("cases", suite.countTestCases())
    result = unittest.TextTestRunner(stream, verbosity=verbosity, **options).run(suite)
    for line in stream.getvalue().splitlines():
        if line.startswith("Ran "):
            line = line[:line.index(" in ")]
        # Where a frame's text is marked depends on the frames in between.
        if "^^^" not in line and '  File "' not in line:
            print("|", line)
    print(result)
    return result


result = run(2)
print(log)
log.clear()
print([str(test) for test, _ in result.failures], [str(test) for test, _ in result.errors])
print([(test.id(), reason) for test, reason in result.skipped])
print(len(result.expectedFailures), result.unexpectedSuccesses, result.wasSuccessful())
run(1)
log.clear()
run(0, failfast=True)
print(len(log))


class Function:
    calls = []


case = unittest.FunctionTestCase(lambda: Function.calls.append("run"),
                                 setUp=lambda: Function.calls.append("up"),
                                 tearDown=lambda: Function.calls.append("down"),
                                 description="a function")
print(case.run().wasSuccessful(), Function.calls, case.shortDescription(), case.countTestCases())
print(Outcomes("test_ok").shortDescription(), repr(Outcomes("test_ok")), Outcomes("test_ok").id())
print(Outcomes("test_ok") == Outcomes("test_ok"), Outcomes("test_ok") == Outcomes("test_fails"))
try:
    Outcomes("test_none")
except ValueError as error:
    print(error)
