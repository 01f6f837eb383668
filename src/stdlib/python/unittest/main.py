"""unittest as a program: `unittest.main()` and `python -m unittest`."""

import sys

from . import loader, runner

__unittest = True

_USAGE = """\
usage: {name} [-h] [-v] [-q] [-f] [-b] [-k PATTERN] [tests ...]

  tests                 any number of test modules, classes and test methods; with
                        `discover [folder]` first, all test files below the folder
  -h, --help            show this help message and exit
  -v, --verbose         a line a test
  -q, --quiet           the summary only
  -f, --failfast        stop at the first failure
  -b, --buffer          hold back what tests print, unless they fail
  -k PATTERN            only tests whose names match; without `*` any part of the name
"""


class TestProgram:
    """Loads the tests that the command line names, runs them and exits with the outcome."""

    def __init__(self, module="__main__", defaultTest=None, argv=None, testRunner=None,
                 testLoader=loader.defaultTestLoader, exit=True, verbosity=1, failfast=None,
                 catchbreak=None, buffer=None, warnings=None, *, tb_locals=False):
        if isinstance(module, str):
            __import__(module)
            module = sys.modules[module]
        self.module = module
        self.defaultTest = defaultTest
        self.exit = exit
        self.verbosity = verbosity
        self.failfast = bool(failfast)
        self.buffer = bool(buffer)
        self.tb_locals = tb_locals
        self.warnings = warnings
        if warnings is None and not sys.warnoptions:
            self.warnings = "default"
        self.testLoader = testLoader
        self.testRunner = testRunner
        argv = sys.argv if argv is None else argv
        self.progName = argv[0].rsplit("/", 1)[-1]
        self.parseArgs(argv)
        self.runTests()

    def parseArgs(self, argv):
        names = []
        words = iter(argv[1:])
        for word in words:
            if word in ("-h", "--help"):
                print(_USAGE.format(name=self.progName), end="")
                sys.exit(0)
            elif word in ("-v", "--verbose"):
                self.verbosity = 2
            elif word in ("-q", "--quiet"):
                self.verbosity = 0
            elif word in ("-f", "--failfast"):
                self.failfast = True
            elif word in ("-b", "--buffer"):
                self.buffer = True
            elif word == "-k":
                self._add_pattern(next(words, None))
            elif word.startswith("-k"):
                self._add_pattern(word[2:])
            elif word.startswith("-"):
                self._refuse(f"unrecognized arguments: {word}")
            else:
                names.append(word)
        self._load(names)

    def _refuse(self, text):
        print(_USAGE.splitlines()[0].format(name=self.progName), file=sys.stderr)
        print(f"{self.progName}: error: {text}", file=sys.stderr)
        sys.exit(2)

    def _add_pattern(self, pattern):
        if pattern is None:
            self._refuse("argument -k: expected one argument")
        if "*" not in pattern:
            pattern = f"*{pattern}*"
        if self.testLoader.testNamePatterns is None:
            self.testLoader.testNamePatterns = []
        self.testLoader.testNamePatterns.append(pattern)

    def _load(self, names):
        if self.module is None and (not names or names[0] == "discover"):
            folder = names[1] if len(names) > 1 else "."
            self.test = self.testLoader.discover(folder)
        elif names:
            names = [name[:-3].replace("/", ".") if name.endswith(".py") else name
                     for name in names]
            self.test = self.testLoader.loadTestsFromNames(names, self.module)
        elif self.defaultTest is None:
            self.test = self.testLoader.loadTestsFromModule(self.module)
        else:
            default = self.defaultTest
            default = [default] if isinstance(default, str) else default
            self.test = self.testLoader.loadTestsFromNames(default, self.module)

    def runTests(self):
        test_runner = self.testRunner or runner.TextTestRunner
        if isinstance(test_runner, type):
            test_runner = test_runner(verbosity=self.verbosity, failfast=self.failfast,
                                      buffer=self.buffer, warnings=self.warnings,
                                      tb_locals=self.tb_locals)
        self.result = test_runner.run(self.test)
        if self.exit:
            sys.exit(not self.result.wasSuccessful())


main = TestProgram
