# Built-in functions over ordinary and edge arguments.
print(abs(-5), abs(-2.5), all([]), any([]), all([1, 0]), any([0, 1]), bin(10), bool([]), callable(len), chr(97), divmod(7, -2), divmod(7.5, 2))
print(eval("1 + 2"), eval("x * 2", {"x": 5}), eval("y", {}, {"y": 1}), hash("a") == hash("a"), hex(255), id(None) == id(None), isinstance(1, (str, int)), issubclass(bool, int), len("abc"), oct(8), ord("a"))
print(max(1, 2), max([3, 1]), max("b", "a", key=ord), max([], default=0), min({"b": 1, "a": 2}), min([[1, 2], [1]], key=len), pow(2, 10), pow(2, 10, 1000), repr("x"), round(2.567, 2), round(1234, -2))
print(sum([1, 2], 10), sum([[1], [2]], []), sum([0.5, 1]), sum(()), sorted([3, 1], reverse=True), list(reversed([1, 2])), list(zip([1, 2], "ab")), list(map(str, [1])), list(filter(None, [0, 1])), list(enumerate("a", 5)), tuple(iter([1])), next(iter([7])))
print(str(1), int("7"), float("1.5"), complex(1, 2), list("ab"), tuple("ab"), dict(a=1), set("a"), frozenset("a"), bytes(2), bytearray(2), range(2), slice(1), object.__name__, type(5), type(type))
print(getattr("a", "upper")(), hasattr("a", "nope"), getattr(5, "x", None), vars(type("N", (), {"a": 1})()))
print(format(3.14159, ".2f"), ascii("é"), "%s" % NotImplemented, Ellipsis, None, True, __debug__)
for attempt in (lambda: abs("a"), lambda: chr(-1), lambda: ord("ab"), lambda: len(5), lambda: max(), lambda: max(5), lambda: min([]), lambda: sum(["a"]), lambda: sum("ab", ""), lambda: sum(5), lambda: round("a"), lambda: pow("a", 2), lambda: divmod(1, 0), lambda: divmod("a", 1), lambda: int([]), lambda: hash([]), lambda: isinstance(1, "int"), lambda: issubclass(1, int), lambda: iter(1), lambda: next(5), lambda: next(iter([])), lambda: reversed(5), lambda: sorted(5), lambda: eval("1 +"), lambda: eval("x = 1"), lambda: eval(5), lambda: exec(5), lambda: bin(1.5), lambda: hex("a"), lambda: type(), lambda: vars(5), lambda: vars(1, 2), lambda: getattr(5), lambda: setattr(5, "a", 1), lambda: callable(1, 2), lambda: zip(5), lambda: enumerate(), lambda: bool(1, 2), lambda: print(sep=5), lambda: print(end=5), lambda: input(5, 6), lambda: compile("1", "f", "nomode"), lambda: complex("x"), lambda: complex("1+2j"), lambda: complex(1, "2"), lambda: memoryview(5), lambda: __import__("no_such_module"), lambda: object().x, lambda: super(), lambda: sum([1], start=5), lambda: max(1, 2, default=3), lambda: all(5), lambda: any(None)):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
