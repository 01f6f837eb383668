# Programs that strain ownership: exceptions, closures, generators, cycles, half-built objects.
import gc


def raise_and_catch(n):
    for i in range(n):
        try:
            try:
                raise ValueError(i, [i])
            except ValueError as e:
                raise KeyError("k") from e
        except KeyError as e:
            kept = e
    return kept.__cause__.args


def abandoned_generators(n):
    out = []
    for i in range(n):
        g = ((x, [x]) for x in range(10))
        next(g)
        out.append(next(g)[0])
    return sum(out)


def closures(n):
    fs = []
    for i in range(n):
        def f(x, i=i, acc=[]):
            acc.append(x)
            return lambda: (f, i, acc)
        fs.append(f(i))
    return len(fs[-1]()[2])


class Half:
    def __init__(self, fail):
        self.before = [fail]
        if fail:
            raise RuntimeError("half built")
        self.after = {}


def half_built(n):
    ok = 0
    for i in range(n):
        try:
            Half(i % 2)
            ok += 1
        except RuntimeError:
            pass
    return ok


def cycles(n):
    for i in range(n):
        a, b = {}, []
        a["b"], a["s"] = b, "text %d" % i
        b.append(a)
        c = Half(0)
        c.me = c
    return gc.collect() > 0


def failing_comparisons(n):
    class Bad:
        def __lt__(self, other):
            raise ZeroDivisionError

        def __eq__(self, other):
            raise ZeroDivisionError

        def __hash__(self):
            return 1

    failures = 0
    for _ in range(n):
        for action in (lambda: sorted([Bad(), Bad(), Bad()]), lambda: [Bad()].index(Bad()), lambda: {Bad(): 1, Bad(): 2}, lambda: Bad() in (Bad(),)):
            try:
                action()
            except ZeroDivisionError:
                failures += 1
    return failures


def failing_unpacking(n):
    failures = 0
    for _ in range(n):
        for source in (lambda: (yield [1]), None):
            try:
                a, b, c = [[1], [2]]
            except ValueError:
                failures += 1
            try:
                print(*[[1], [2]], **{"sep": 5})
            except TypeError:
                failures += 1
    return failures


def strings(n):
    parts = []
    for i in range(n):
        parts.append("%s-%05d-%r" % ("x" * (i % 7), i, [i, str(i)]))
        parts[-1] = parts[-1].replace("-", "+").upper()[1:-1]
    return len("".join(parts))


for f, n in ((raise_and_catch, 300), (abandoned_generators, 300), (closures, 200), (half_built, 300), (cycles, 200), (failing_comparisons, 50), (failing_unpacking, 50), (strings, 500)):
    print(f.__name__, f(n))
module_level_cycle = []
module_level_cycle.append(module_level_cycle)
kept_exception = None
try:
    raise_and_catch("not a number")
except TypeError as e:
    kept_exception = e
print(kept_exception.__traceback__ is not None, kept_exception)
kept_generator = (i for i in [[], []])
next(kept_generator)
kept_frame_locals = [locals]
