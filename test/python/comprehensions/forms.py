# List, set, dict comprehensions and generator expressions: nesting, conditions, scope, evaluation order.
print([x for x in range(5)], [x for x in range(10) if x % 2 if x > 3], [(x, y) for x in "ab" for y in range(2)], [[y for y in range(x)] for x in range(4)], [x if x > 2 else -x for x in range(5)])
print({x % 3 for x in range(10)} == {0, 1, 2}, {x: x * x for x in range(4)}, {k: v for k, v in {"a": 1, "b": 2}.items() if v > 1}, {c: i for i, c in enumerate("hello")}, {(i, j): i * j for i in range(2) for j in range(2)})
print(sum(x for x in range(5)), list(x for x in ()), max((len(w), w) for w in "a bb cc".split()), any(x > 3 for x in range(5)), all(x < 3 for x in range(5)))
x = "outer"
squares = [x * x for x in range(3)]
print(x, squares, [x for x in [x]], [[x for x in [x, x]] for x in [1, 2]])
matrix = [[1, 2, 3], [4, 5, 6]]
print([[row[i] for row in matrix] for i in range(3)], [v for row in matrix for v in row], [v for row in matrix if sum(row) > 6 for v in row if v % 2 == 0], list(zip(*matrix)))
print([a + b for a, b in [(1, 2), (3, 4)]], [a for a, *b in [(1, 2, 3), "xy"]], [d["k"] for d["k"] in range(3)] if (d := {}) is not None else 0, d)
print([y := 5, y + 1], [last := n for n in range(4)], last, [total := total + v for v in range(5)] if (total := 0) == 0 else None, total)


def outer():
    n = 10
    fs = [lambda: (i, n) for i in range(3)]
    gs = [lambda i=i: i for i in range(3)]
    n = 20
    return [f() for f in fs], [g() for g in gs], [n for _ in range(2)]


print(outer())
log = []


def note(v):
    log.append(v)
    return v


[note(("body", i, j)) for i in note([0, 1]) for j in note([i]) if note(True)]
print(log)


class K:
    items = [1, 2, 3]
    doubled = [i * 2 for i in items]
    try:
        scaled = [i * n for n in [2] for i in items]
    except NameError as e:
        message = str(e)


print(K.doubled, K.message)
g = (i * i for i in range(3))
print(next(g), list(g), list(g))
lazy = (1 // i for i in [1, 0])
print(next(lazy))
try:
    next(lazy)
except ZeroDivisionError as e:
    print(e)
try:
    eager = (i for i in 5)
except TypeError as e:
    print("the first iterable is evaluated at once:", e)
late = (i for _ in [0] for i in 5)
try:
    list(late)
except TypeError as e:
    print("the others late:", e)
print([i for i in range(1000)][-1], len({i for i in range(1000)}), len([0 for _ in range(100) for _ in range(100)]), {**{i: i for i in range(2)}, **{9: 9}}, [*(i for i in "ab"), *[1]])
for source in ("[i for i in range(3) if (i := 1)]", "[x for x in (y := [1])]", "[*a for a in b]", "[(yield) for x in y]", "{a: b, c for c in d}"):
    try:
        compile(source, "<c>", "eval")
        print("fine", source)
    except SyntaxError as e:
        print(e.msg)
