# assert in all its forms, constant folding, augmented assignment targets, evaluation order.
for check in ((1, None), (0, None), (0, "message"), ([], ["not", "text"]), (1, "unused")):
    try:
        if check[1] is None:
            assert check[0]
        else:
            assert check[0], check[1]
        print("held")
    except AssertionError as e:
        print("failed", e.args, e)
log = []


def note(tag, value=None):
    log.append(tag)
    return value if value is not None else tag


def flush(label):
    print(label, *log)
    log.clear()


d = {}
d[note("key")] = note("value")
flush("assignment: value before target:")
note("f", print) and note("args")
(note("a", 1), note("b", 2), *note("c", [3]))
flush("tuple:")
{note("k1"): note("v1"), note("k2"): note("v2")}
flush("dict:")
note("x", 1) + note("y", 2) * note("z", 3)
flush("operators:")
note("callee", max)(note("p", 1), *note("star", [2]), **note("dstar", {}))
flush("call:")
lst = [0, 0]
lst[note("i", 1)] += note("rhs", 5)
flush("augmented: target before value:")
print(lst)
a, lst[note("t1", 0)], lst[note("t2", 1)] = note("r1", 1), note("r2", 2), note("r3", 3)
flush("unpacking:")


class Attr:
    def __getattr__(self, name):
        log.append("get " + name)
        return 10

    def __setattr__(self, name, value):
        log.append("set %s %s" % (name, value))

    def __delattr__(self, name):
        log.append("del " + name)


o = Attr()
o.x += 5
del o.y
o.a, o.b = 1, 2
flush("attributes:")
x = y = note("once", 7)
flush("chain:")
print(x, y, 1_000 + 2, "a" "b", -(-3), not not [], 2 * 3 + 4, (1, 2)[0], "abc"[1], ... is Ellipsis)


def annotated(p: note("annotation p"), q: int = note("default", 1)) -> note("return"):
    v: undefined_annotation = 3
    return v


flush("def:")
print(annotated(1), sorted(annotated.__annotations__))
t: note("module annotation") = 4
flush("annotation:")
print(__annotations__, note.__defaults__)
