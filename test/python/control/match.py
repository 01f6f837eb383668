# The match statement: literals, captures, sequences, mappings, classes, guards, or-patterns.
class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


class Color:
    RED = "red"


def describe(value):
    match value:
        case None | True | False:
            return f"singleton {value}"
        case 0 | 1:
            return "bit"
        case -1 | 2.5:
            return "odd number"
        case "a" | "b" as letter:
            return f"letter {letter}"
        case Color.RED:
            return "dotted name"
        case []:
            return "empty sequence"
        case [x]:
            return f"one: {x}"
        case [1, *rest]:
            return f"one then {rest}"
        case [Point(x=0) as first, *_, last]:
            return f"starts at zero, ends {last}"
        case (x, y) if x == y:
            return f"pair of {x}"
        case {"kind": "circle", "r": r}:
            return f"circle {r}"
        case {"kind": kind, **rest}:
            return f"{kind} with {rest}"
        case {}:
            return "mapping"
        case Point(0, y):
            return f"on the axis at {y}"
        case Point(x, y=Point(a, b)):
            return f"nested {x} {a} {b}"
        case Point():
            return "some point"
        case int(n) if n > 100:
            return f"large int {n}"
        case str() | bytes():
            return "text"
        case float(f):
            return f"float {f}"
        case _:
            return "something else"


values = [None, True, 0, 1, -1, 2.5, "a", "red", [], [7], [1, 2, 3], (4, 4), [Point(0, 1), 2, 3], (5, 6), {"kind": "circle", "r": 2}, {"kind": "box", "w": 1}, {"x": 1}, {}, Point(0, 9), Point(1, Point(2, 3)), Point(5, 5), 500, 50, "text", b"b", 3.25, range(3), {1}, "", (1,), [0.5, 0.5]]
for value in values:
    print(describe(value))
match [1, [2, [3, 4]]]:
    case [a, [b, [*c]]]:
        print(a, b, c)
match 5:
    case 6:
        print("no")
print("falls through")
try:
    match Point(1, 2):
        case Point(1, 2, 3):
            pass
except TypeError as e:
    print(e)
