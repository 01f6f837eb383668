# unittest: the assert methods, what they accept and what they say.
import unittest
import warnings


class Case(unittest.TestCase):
    def runTest(self):
        pass


case = Case()
nan = float("nan")
holds = [
    ("True", lambda: case.assertTrue([1])),
    ("False", lambda: case.assertFalse("")),
    ("Equal", lambda: case.assertEqual({"a": [1]}, {"a": [1]})),
    ("NotEqual", lambda: case.assertNotEqual(nan, nan)),
    ("Is", lambda: case.assertIs(None, None)),
    ("In", lambda: case.assertIn(2, (1, 2))),
    ("IsInstance", lambda: case.assertIsInstance(True, int)),
    ("Almost", lambda: case.assertAlmostEqual(1.00000001, 1.0)),
    ("Delta", lambda: case.assertAlmostEqual(1.4, 1.0, delta=0.5)),
    ("NotAlmost", lambda: case.assertNotAlmostEqual(1.1, 1.0)),
    ("Count", lambda: case.assertCountEqual([1, 2, 2, "a"], ["a", 2, 1, 2])),
    ("Sequence", lambda: case.assertSequenceEqual([1, 2], (1, 2))),
    ("Less", lambda: case.assertLess(1, 2)),
    ("GreaterEqual", lambda: case.assertGreaterEqual(2, 2)),
]
for name, claim in holds:
    claim()
print("all hold")

fails = [
    lambda: case.assertTrue(0),
    lambda: case.assertTrue(0, "with a message"),
    lambda: case.assertFalse([1]),
    lambda: case.assertEqual(1, 2),
    lambda: case.assertEqual(1, 2, "why"),
    lambda: case.assertNotEqual(1, 1),
    lambda: case.assertIs(1, 2),
    lambda: case.assertIsNot(None, None),
    lambda: case.assertIsNone(0),
    lambda: case.assertIsNotNone(None),
    lambda: case.assertIn("x", "abc"),
    lambda: case.assertNotIn("b", "abc"),
    lambda: case.assertIsInstance(1, str),
    lambda: case.assertNotIsInstance(1, int),
    lambda: case.assertLess(2, 1),
    lambda: case.assertLessEqual(2, 1),
    lambda: case.assertGreater(1, 2),
    lambda: case.assertGreaterEqual(1, 2),
    lambda: case.assertAlmostEqual(1, 1.5),
    lambda: case.assertAlmostEqual(1, 2, delta=0.5),
    lambda: case.assertNotAlmostEqual(1.0, 1.0),
    lambda: case.assertRaises(KeyError, int),
    lambda: case.assertSetEqual({1}, {2}),
    lambda: case.fail("plainly"),
]
for claim in fails:
    try:
        claim()
    except AssertionError as error:
        print(error)
    else:
        print("held!")

with case.assertRaises(ValueError) as caught:
    int("x")
print(caught.exception)
try:
    with case.assertRaises(ValueError):
        pass
except AssertionError as error:
    print(error)
try:
    with case.assertRaises(ValueError):
        raise KeyError("other")
except KeyError as error:
    print("through:", error)
try:
    case.assertRaises(5, int)
except TypeError as error:
    print(error)
case.assertRaises((KeyError, IndexError), [].__getitem__, 0)
with case.assertWarns(DeprecationWarning) as caught:
    warnings.warn("old", DeprecationWarning)
print(caught.warning)
try:
    with case.assertWarns(UserWarning):
        pass
except AssertionError as error:
    print(error)


class Plain(unittest.TestCase):
    longMessage = False

    def runTest(self):
        pass


try:
    Plain().assertEqual(1, 2, "only this")
except AssertionError as error:
    print(error)


class Point:
    def __init__(self, x):
        self.x = x


def compare(first, second, msg=None):
    if first.x != second.x:
        raise case.failureException("points differ")


typed = Case()
typed.addTypeEqualityFunc(Point, compare)
typed.assertEqual(Point(1), Point(1))
try:
    typed.assertEqual(Point(1), Point(2))
except AssertionError as error:
    print(error)
