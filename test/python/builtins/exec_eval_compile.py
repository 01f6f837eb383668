# exec, eval and compile with namespaces; code objects; globals and locals.
ns = {"x": 10}
exec("y = x + 1\ndef f(a): return a * x", ns)
print(ns["y"], ns["f"](3), sorted(k for k in ns if k != "__builtins__"), "__builtins__" in ns)
print(eval("x + z", {"x": 1, "z": 2}), eval("[i for i in range(n)]", {"n": 3}), eval(" 1 + 1"), eval("(1,\n2)"))
loc = {}
exec("a = 1; b = a + 1; del a", {}, loc)
print(loc)
code = compile("x * 2", "<expr>", "eval")
print(eval(code, {"x": 21}), type(code).__name__, code.co_filename, code.co_name)
block = compile("for i in range(2):\n    print('line', i)\n", "<block>", "exec")
exec(block)
single = compile("1 + 1\n", "<single>", "single")
exec(single)
exec(compile("None; 'shown'; x = 5", "<single>", "single"))


def function():
    local = 5
    exec("local = 6; new = 7")
    print(local, "new" in locals(), sorted(locals()))
    return eval("local + 1")


print(function())


def inner_code(a, b=1, *args, c, **kw):
    "doc"
    d = a
    return lambda: d


c = inner_code.__code__
print(c.co_name, c.co_argcount, c.co_kwonlyargcount, c.co_varnames, c.co_cellvars, c.co_freevars, c.co_flags & 12, c.co_firstlineno > 0, c.co_consts[0], c.co_names)
for source, mode in (("x =", "exec"), ("x = 1", "eval"), ("", "eval"), ("", "exec"), ("1\n2", "single"), ("1 +\n", "single"), ("\0", "exec"), ("if 1:\n", "exec")):
    try:
        compile(source, "<m>", mode)
        print("compiled", repr(source), mode)
    except (SyntaxError, ValueError) as e:
        print(repr(source), mode, type(e).__name__, e)
try:
    exec("raise ValueError('inside exec')")
except ValueError as e:
    print(e, e.__traceback__.tb_next.tb_frame.f_code.co_filename)
try:
    eval("undefined + 1", {})
except NameError as e:
    print(e)
try:
    exec("print(len('abc'))", {"__builtins__": {}})
except NameError as e:
    print(e)
exec("print(len('abc'))", {"len": lambda s: "shadowed"})
g = {"__name__": "custom"}
exec("class C: pass\nprint(C.__module__, C.__qualname__, __name__)", g)
exec("global made_global\nmade_global = 1")
print(made_global, eval("made_global", globals()))
exec("""
def outer():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step
s = outer()
print(s(), s())
""")


class Mapping(dict):
    def __missing__(self, key):
        if key.startswith("v"):
            return key.upper()
        raise KeyError(key)


print(eval("va + vb", {}, Mapping()), eval("len(vx)", {}, Mapping()))
