# A tiny language: lexer, recursive-descent parser, compiler to stack code, and a machine for it.
class Lexer:
    KEYWORDS = {"let", "print", "while", "if", "end", "fn", "return"}

    def __init__(self, text):
        self.text, self.pos = text, 0

    def __iter__(self):
        text = self.text
        while self.pos < len(text):
            c = text[self.pos]
            if c in " \n":
                self.pos += 1
                continue
            start = self.pos
            if c.isdigit():
                while self.pos < len(text) and text[self.pos].isdigit():
                    self.pos += 1
                yield "num", int(text[start : self.pos])
            elif c.isalpha():
                while self.pos < len(text) and text[self.pos].isalnum():
                    self.pos += 1
                word = text[start : self.pos]
                yield ("kw" if word in self.KEYWORDS else "name"), word
            else:
                two = text[start : start + 2]
                op = two if two in ("<=", "==", "!=") else c
                self.pos += len(op)
                yield "op", op
        yield "eof", None


class Compiler:
    LEVELS = [("==", "!=", "<", "<="), ("+", "-"), ("*", "/", "%")]

    def __init__(self, text):
        self.tokens = list(Lexer(text))
        self.i, self.code = 0, []

    def peek(self):
        return self.tokens[self.i]

    def take(self, value=None):
        token = self.tokens[self.i]
        if value is not None and token[1] != value:
            raise SyntaxError(f"expected {value!r}, got {token[1]!r} at token {self.i}")
        self.i += 1
        return token[1]

    def expr(self, level=0):
        if level == len(self.LEVELS):
            return self.atom()
        self.expr(level + 1)
        while self.peek()[0] == "op" and self.peek()[1] in self.LEVELS[level]:
            op = self.take()
            self.expr(level + 1)
            self.code.append(("op", op))

    def atom(self):
        kind, value = self.peek()
        if value == "(":
            self.take()
            self.expr()
            self.take(")")
        elif value == "-":
            self.take()
            self.code.append(("push", 0))
            self.atom()
            self.code.append(("op", "-"))
        elif kind == "num":
            self.code.append(("push", self.take()))
        elif kind == "name":
            self.code.append(("load", self.take()))
        else:
            raise SyntaxError(f"unexpected {value!r}")

    def block(self):
        while self.peek()[1] not in ("end", None):
            self.statement()

    def statement(self):
        word = self.take()
        if word == "let":
            name = self.take()
            self.take("=")
            self.expr()
            self.code.append(("store", name))
        elif word == "print":
            self.expr()
            self.code.append(("print", None))
        elif word in ("while", "if"):
            start = len(self.code)
            self.expr()
            hole = len(self.code)
            self.code.append(None)
            self.block()
            self.take("end")
            if word == "while":
                self.code.append(("jump", start))
            self.code[hole] = ("unless", len(self.code))
        else:
            raise SyntaxError(f"no statement begins with {word!r}")


OPS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a // b, "%": lambda a, b: a % b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b}


def run(code):
    stack, names, pc, steps, out = [], {}, 0, 0, []
    while pc < len(code):
        op, arg = code[pc]
        pc += 1
        steps += 1
        match op:
            case "push":
                stack.append(arg)
            case "load":
                stack.append(names[arg])
            case "store":
                names[arg] = stack.pop()
            case "op":
                b, a = stack.pop(), stack.pop()
                stack.append(OPS[arg](a, b))
            case "print":
                out.append(stack.pop())
            case "jump":
                pc = arg
            case "unless":
                if not stack.pop():
                    pc = arg
    return out, steps


for source in ("let a = 1 let b = 1 while a < 1000 print a let c = a + b let a = b let b = c end", "let n = 27 let s = 0 while n != 1 let s = s + 1 if n % 2 == 0 let m = n / 2 end if n % 2 == 1 let m = 3 * n + 1 end let n = m end print s", "print (1 + 2) * -3 - 4 % 3", "print", "let = 5", "print x", "print 1 / 0"):
    try:
        c = Compiler(source)
        c.block()
        print(*run(c.code), len(c.code))
    except (SyntaxError, KeyError, ZeroDivisionError) as e:
        print(type(e).__name__, e)
