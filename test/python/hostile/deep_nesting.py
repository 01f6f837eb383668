# Structures nested far deeper than the recursion limit: building, dropping, repr, comparing.
import sys

N = 100_000
nested_list = nested_tuple = nested_dict = None
for _ in range(N):
    nested_list = [nested_list]
    nested_tuple = (nested_tuple,)
    nested_dict = {"k": nested_dict}
print("built")
for o in (nested_list, nested_tuple, nested_dict):
    for action in (repr, str, lambda x: x == type(x)(x) and "equal by identity"):
        try:
            print(str(action(o))[:20])
        except RecursionError as e:
            print(type(e).__name__, str(e)[:32])
depth = 0
while nested_list is not None:
    nested_list = nested_list[0]
    depth += 1
print(depth)
del nested_tuple, nested_dict, o


class Link:
    def __init__(self, next):
        self.next = next


chain = None
for _ in range(N):
    chain = Link(chain)
count = 0
link = chain
while link:
    link, count = link.next, count + 1
print(count)
chain = None
print("dropped")


def nest(n):
    return "(" * n + "1" + ")" * n


print(eval(nest(50)), eval("[" * 80 + "]" * 80) != [], eval("-" * 200 + "1"), eval("not " * 100 + "1"))
for source in (nest(500), "[" * 1000 + "]" * 1000, "(" * 100_000):
    try:
        eval(source)
        print("evaluated")
    except (SyntaxError, MemoryError, RecursionError) as e:
        print(type(e).__name__, e.msg if isinstance(e, SyntaxError) else "")
generators = iter([1, 2, 3])
for _ in range(100):
    generators = (x + 0 for x in generators)
print(list(generators))
f = lambda: "bottom"
for _ in range(100):
    f = (lambda g: lambda: g())(f)
print(f())
print(eval("+".join(["1"] * 1000)), eval("x" + ".real" * 90, {"x": 5}), len(eval("[" + "1," * 5000 + "]")), eval(" or ".join(["0"] * 3000) + " or 7"))
