"""What a test case may claim: the assert methods of TestCase."""

import sys
import warnings

__unittest = True

_LONGEST_REPR = 80
_MISSING = object()


def safe_repr(obj, short=False):
    """repr(obj), or the plain one where that fails; `short` cuts it."""
    try:
        result = repr(obj)
    except Exception:
        result = object.__repr__(obj)
    if not short or len(result) < _LONGEST_REPR:
        return result
    return result[:_LONGEST_REPR] + " [truncated]..."


def strclass(cls):
    return f"{cls.__module__}.{cls.__qualname__}"


class _Raises:
    """What assertRaises and assertWarns give back without a callable."""

    def __init__(self, expected, case, pattern=None):
        self.expected = expected
        self.case = case
        self.pattern = pattern
        self.name = None
        self.msg = None

    def handle(self, kind, args, kwargs):
        try:
            if not isinstance(self.expected, tuple):
                kinds = (self.expected,)
            else:
                kinds = self.expected
            if not all(isinstance(one, type) and issubclass(one, self.base) for one in kinds):
                raise TypeError(f"{kind}() arg 1 must be {self.base_text}")
            if not args:
                self.msg = kwargs.pop("msg", None)
                if kwargs:
                    name = next(iter(kwargs))
                    raise TypeError(f"{name!r} is an invalid keyword argument for this function")
                return self
            function, *args = args
            self.name = getattr(function, "__name__", str(function))
            with self:
                function(*args, **kwargs)
        finally:
            # An exception caught below holds frames that refer to this context.
            self = None

    def fail(self, text):
        raise self.case.failureException(self.case._formatMessage(self.msg, text))

    def expected_name(self):
        return getattr(self.expected, "__name__", str(self.expected))

    def check_text(self, text):
        if self.pattern is None:
            return
        import re
        pattern = self.pattern
        if isinstance(pattern, (str, bytes)):
            pattern = re.compile(pattern)
        if not pattern.search(text):
            self.fail(f'"{pattern.pattern}" does not match "{text}"')


class _AssertRaisesContext(_Raises):
    base = BaseException
    base_text = "an exception type or tuple of exception types"

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is None:
            by = f" by {self.name}" if self.name else ""
            self.fail(f"{self.expected_name()} not raised{by}")
        if not issubclass(kind, self.expected):
            return False
        import traceback as tracebacks
        tracebacks.clear_frames(traceback)
        self.exception = error.with_traceback(None)
        self.check_text(str(error))
        return True


class _AssertWarnsContext(_Raises):
    base = Warning
    base_text = "a warning type or tuple of warning types"

    def __enter__(self):
        for module in list(sys.modules.values()):
            if getattr(module, "__warningregistry__", None):
                module.__warningregistry__ = {}
        self.catcher = warnings.catch_warnings(record=True)
        self.warnings = self.catcher.__enter__()
        warnings.simplefilter("always", self.expected)
        return self

    def __exit__(self, kind, error, traceback):
        self.catcher.__exit__(kind, error, traceback)
        if kind is not None:
            return
        first = None
        for one in self.warnings:
            if not isinstance(one.message, self.expected):
                continue
            first = first or one.message
            if self.pattern is not None:
                import re
                if not re.search(self.pattern, str(one.message)):
                    continue
            self.warning = one.message
            self.filename = one.filename
            self.lineno = one.lineno
            return
        if first is not None:
            self.fail(f'"{self.pattern}" does not match "{first}"')
        by = f" by {self.name}" if self.name else ""
        self.fail(f"{self.expected_name()} not triggered{by}")


class Assertions:
    """The claims; a claim that does not hold raises `failureException`."""

    failureException = AssertionError
    longMessage = True
    maxDiff = 80 * 8

    def _formatMessage(self, msg, standard):
        if not self.longMessage:
            return msg or standard
        return standard if msg is None else f"{standard} : {msg}"

    def fail(self, msg=None):
        """Fail at once."""
        raise self.failureException(msg)

    def _claim(self, holds, msg, text):
        """Fail with the text that `text()` gives unless `holds`."""
        if not holds:
            raise self.failureException(self._formatMessage(msg, text()))

    def assertTrue(self, expr, msg=None):
        self._claim(expr, msg, lambda: f"{safe_repr(expr)} is not true")

    def assertFalse(self, expr, msg=None):
        self._claim(not expr, msg, lambda: f"{safe_repr(expr)} is not false")

    def assertIs(self, expr1, expr2, msg=None):
        self._claim(expr1 is expr2, msg,
                    lambda: f"{safe_repr(expr1)} is not {safe_repr(expr2)}")

    def assertIsNot(self, expr1, expr2, msg=None):
        self._claim(expr1 is not expr2, msg,
                    lambda: f"unexpectedly identical: {safe_repr(expr1)}")

    def assertIsNone(self, obj, msg=None):
        self._claim(obj is None, msg, lambda: f"{safe_repr(obj)} is not None")

    def assertIsNotNone(self, obj, msg=None):
        self._claim(obj is not None, msg, lambda: "unexpectedly None")

    def assertIsInstance(self, obj, cls, msg=None):
        self._claim(isinstance(obj, cls), msg,
                    lambda: f"{safe_repr(obj)} is not an instance of {cls!r}")

    def assertNotIsInstance(self, obj, cls, msg=None):
        self._claim(not isinstance(obj, cls), msg,
                    lambda: f"{safe_repr(obj)} is an instance of {cls!r}")

    def assertIn(self, member, container, msg=None):
        self._claim(member in container, msg,
                    lambda: f"{safe_repr(member)} not found in {safe_repr(container)}")

    def assertNotIn(self, member, container, msg=None):
        self._claim(member not in container, msg,
                    lambda: f"{safe_repr(member)} unexpectedly found in {safe_repr(container)}")

    def assertLess(self, a, b, msg=None):
        self._claim(a < b, msg, lambda: f"{safe_repr(a)} not less than {safe_repr(b)}")

    def assertLessEqual(self, a, b, msg=None):
        self._claim(a <= b, msg,
                    lambda: f"{safe_repr(a)} not less than or equal to {safe_repr(b)}")

    def assertGreater(self, a, b, msg=None):
        self._claim(a > b, msg, lambda: f"{safe_repr(a)} not greater than {safe_repr(b)}")

    def assertGreaterEqual(self, a, b, msg=None):
        self._claim(a >= b, msg,
                    lambda: f"{safe_repr(a)} not greater than or equal to {safe_repr(b)}")

    def assertNotEqual(self, first, second, msg=None):
        self._claim(first != second, msg, lambda: f"{safe_repr(first)} == {safe_repr(second)}")

    def addTypeEqualityFunc(self, typeobj, function):
        """Compare two values of exactly this type with a function or a method's name."""
        self._type_equality_funcs = {**self._type_equality_funcs, typeobj: function}

    _type_equality_funcs = {
        dict: "assertDictEqual",
        list: "assertListEqual",
        tuple: "assertTupleEqual",
        set: "assertSetEqual",
        frozenset: "assertSetEqual",
        str: "assertMultiLineEqual",
    }

    def assertEqual(self, first, second, msg=None):
        """first == second, by the rule for their type where they share one."""
        compare = None
        if type(first) is type(second):
            compare = self._type_equality_funcs.get(type(first))
        if compare is None:
            compare = self._baseAssertEqual
        elif isinstance(compare, str):
            compare = getattr(self, compare)
        compare(first, second, msg=msg)

    def _baseAssertEqual(self, first, second, msg=None):
        self._claim(first == second, msg, lambda: self._different(first, second))

    def _different(self, first, second):
        return f"{safe_repr(first, True)} != {safe_repr(second, True)}"

    def assertSequenceEqual(self, seq1, seq2, msg=None, seq_type=None):
        """Equal items in equal order; types may differ unless `seq_type` is given."""
        kind = "sequence"
        if seq_type is not None:
            kind = seq_type.__name__
            for place, seq in ("First", seq1), ("Second", seq2):
                if not isinstance(seq, seq_type):
                    raise self.failureException(
                        f"{place} sequence is not a {kind}: {safe_repr(seq)}")
        if seq1 == seq2:
            return
        text = f"{kind.capitalize()}s differ: {self._different(seq1, seq2)}\n"
        for i, (item1, item2) in enumerate(zip(seq1, seq2)):
            if item1 != item2:
                text += f"\nFirst differing element {i}:\n{safe_repr(item1)}\n{safe_repr(item2)}\n"
                break
        else:
            if len(seq1) == len(seq2) and seq_type is None and type(seq1) != type(seq2):
                return
        shorter, longer = len(seq1), len(seq2)
        if shorter != longer:
            name, more = ("First", seq1) if shorter > longer else ("Second", seq2)
            at = min(shorter, longer)
            text += (f"\n{name} {kind} contains {abs(shorter - longer)} additional elements.\n"
                     f"First extra element {at}:\n{safe_repr(more[at])}\n")
        self.fail(self._formatMessage(msg, text))

    def assertListEqual(self, list1, list2, msg=None):
        self.assertSequenceEqual(list1, list2, msg, seq_type=list)

    def assertTupleEqual(self, tuple1, tuple2, msg=None):
        self.assertSequenceEqual(tuple1, tuple2, msg, seq_type=tuple)

    def assertSetEqual(self, set1, set2, msg=None):
        try:
            only1, only2 = set1.difference(set2), set2.difference(set1)
        except (TypeError, AttributeError) as error:
            self.fail(f"sets cannot be compared: {error}")
        if not only1 and not only2:
            return
        lines = []
        for place, only in ("first", only1), ("second", only2):
            if only:
                lines.append(f"Items in the {place} set but not the {_OTHER[place]}:")
                lines += [repr(item) for item in only]
        self.fail(self._formatMessage(msg, "\n".join(lines)))

    def assertDictEqual(self, d1, d2, msg=None):
        self.assertIsInstance(d1, dict, "First argument is not a dictionary")
        self.assertIsInstance(d2, dict, "Second argument is not a dictionary")
        self._claim(d1 == d2, msg, lambda: self._different(d1, d2))

    def assertMultiLineEqual(self, first, second, msg=None):
        self.assertIsInstance(first, str, "First argument is not a string")
        self.assertIsInstance(second, str, "Second argument is not a string")
        if first == second:
            return
        text = self._different(first, second)
        lines1, lines2 = first.splitlines(), second.splitlines()
        if len(lines1) > 1 or len(lines2) > 1:
            for i, (line1, line2) in enumerate(zip(lines1, lines2)):
                if line1 != line2:
                    text += f"\nFirst differing line {i + 1}:\n- {line1}\n+ {line2}\n"
                    break
        self.fail(self._formatMessage(msg, text))

    def assertCountEqual(self, first, second, msg=None):
        """The same items, each equally often, in any order."""
        first, second = list(first), list(second)
        extra = list(second)
        missing = []
        for item in first:
            if item in extra:
                extra.remove(item)
            else:
                missing.append(item)
        self._claim(not missing and not extra, msg, lambda: (
            f"Element counts were not equal:\nonly in the first: {safe_repr(missing)}\n"
            f"only in the second: {safe_repr(extra)}"))

    def assertAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        """Equal when rounded to `places` (7) digits, or no more than `delta` apart."""
        if first == second:
            return
        near, by = self._near(first, second, places, delta)
        self._claim(near, msg, lambda: (
            f"{safe_repr(first)} != {safe_repr(second)} within {by} "
            f"({safe_repr(abs(first - second))} difference)"))

    def assertNotAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        near, by = self._near(first, second, places, delta)
        self._claim(first != second and not near, msg, lambda: (
            f"{safe_repr(first)} == {safe_repr(second)} within {by}"))

    def _near(self, first, second, places, delta):
        if delta is not None and places is not None:
            raise TypeError("specify delta or places not both")
        difference = abs(first - second)
        if delta is not None:
            return difference <= delta, f"{safe_repr(delta)} delta"
        places = 7 if places is None else places
        return round(difference, places) == 0, f"{places} places"

    def assertRaises(self, expected_exception, *args, **kwargs):
        """The callable raises the exception; without one, a context manager that checks it."""
        return _AssertRaisesContext(expected_exception, self).handle("assertRaises", args, kwargs)

    def assertRaisesRegex(self, expected_exception, expected_regex, *args, **kwargs):
        context = _AssertRaisesContext(expected_exception, self, expected_regex)
        return context.handle("assertRaisesRegex", args, kwargs)

    def assertWarns(self, expected_warning, *args, **kwargs):
        return _AssertWarnsContext(expected_warning, self).handle("assertWarns", args, kwargs)

    def assertWarnsRegex(self, expected_warning, expected_regex, *args, **kwargs):
        context = _AssertWarnsContext(expected_warning, self, expected_regex)
        return context.handle("assertWarnsRegex", args, kwargs)

    def assertRegex(self, text, expected_regex, msg=None):
        pattern = _compiled(expected_regex)
        self._claim(pattern.search(text), msg,
                    lambda: f"Regex didn't match: {pattern.pattern!r} not found in {text!r}")

    def assertNotRegex(self, text, unexpected_regex, msg=None):
        pattern = _compiled(unexpected_regex)
        self._claim(not pattern.search(text), msg,
                    lambda: f"Regex matched: {pattern.pattern!r} found in {text!r}")


_OTHER = {"first": "second", "second": "first"}


def _compiled(pattern):
    if not isinstance(pattern, (str, bytes)):
        return pattern
    import re
    return re.compile(pattern)
