# A round-robin scheduler over generators, pipelines, lazy primes, a lexer: generators in use.
def task(name, n):
    for i in range(n):
        print(name, i, end="; ")
        yield
    return name


def run(tasks):
    finished = []
    while tasks:
        t = tasks.pop(0)
        try:
            next(t)
            tasks.append(t)
        except StopIteration as e:
            finished.append(e.value)
    print()
    return finished


print(run([task("a", 2), task("b", 4), task("c", 1)]))


def primes():
    def sieve(numbers):
        p = next(numbers)
        yield p
        yield from sieve(n for n in numbers if n % p)

    def count():
        n = 2
        while True:
            yield n
            n += 1

    return sieve(count())


ps = primes()
print([next(ps) for _ in range(25)])


def source(lines):
    for line in lines:
        print("read", line)
        yield line


def grep(pattern, lines):
    return (line for line in lines if pattern in line)


def upper(lines):
    for line in lines:
        yield line.upper()


for line in upper(grep("o", source(["one", "xyz", "two"]))):
    print("->", line)


def tokens(text):
    i = 0
    while i < len(text):
        c = text[i]
        if c.isspace():
            i += 1
        elif c.isdigit():
            j = i
            while j < len(text) and text[j].isdigit():
                j += 1
            yield int(text[i:j])
            i = j
        else:
            yield c
            i += 1


def evaluate(text):
    stream = tokens(text)
    current = next(stream, None)

    def advance():
        nonlocal current
        value, current = current, next(stream, None)
        return value

    def atom():
        if current == "(":
            advance()
            value = expr()
            assert advance() == ")"
            return value
        if current == "-":
            advance()
            return -atom()
        return advance()

    def term():
        value = atom()
        while current in ("*", "/"):
            op, other = advance(), atom()
            value = value * other if op == "*" else value / other
        return value

    def expr():
        value = term()
        while current in ("+", "-"):
            op, other = advance(), term()
            value = value + other if op == "+" else value - other
        return value

    return expr()


for text in ("1 + 2 * 3", "(1 + 2) * 3", "-(4 - 10) / 4", "2*(3+(4*5))-6"):
    print(text, "=", evaluate(text))


def consumer(out):
    try:
        while True:
            out.append((yield len(out)))
    except GeneratorExit:
        out.append("closed")


out = []
c = consumer(out)
next(c)
print([c.send(x) for x in "abc"], c.close(), out)


def queens(n, cols=()):
    if len(cols) == n:
        yield cols
        return
    for c in range(n):
        if all(c != d and abs(c - d) != len(cols) - i for i, d in enumerate(cols)):
            yield from queens(n, cols + (c,))


print(next(queens(8)), sum(1 for _ in queens(6)))
