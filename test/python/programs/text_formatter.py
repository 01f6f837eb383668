# A JSON-like reader and writer and a table printer: recursion over mixed data, string building.
def dump(value, indent=0):
    pad = "  " * indent
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        out = ['"']
        for c in value:
            if c in '"\\':
                out.append("\\" + c)
            elif c < " ":
                out.append({"\n": "\\n", "\t": "\\t"}.get(c, "\\u%04x" % ord(c)))
            else:
                out.append(c)
        return "".join(out) + '"'
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join("\n" + pad + "  " + dump(v, indent + 1) for v in value) + ("\n" + pad if value else "") + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"\n{pad}  {dump(str(k))}: {dump(v, indent + 1)}" for k, v in value.items()) + ("\n" + pad if value else "") + "}"
    raise TypeError(f"cannot write {type(value).__name__}")


class Reader:
    def __init__(self, text):
        self.text, self.i = text, 0

    def fail(self, wanted):
        line = self.text.count("\n", 0, self.i) + 1
        raise ValueError(f"expected {wanted} at line {line}, position {self.i}: {self.text[self.i:self.i + 5]!r}")

    def space(self):
        while self.i < len(self.text) and self.text[self.i].isspace():
            self.i += 1

    def value(self):
        self.space()
        c = self.text[self.i : self.i + 1]
        for word, meaning in (("null", None), ("true", True), ("false", False)):
            if self.text.startswith(word, self.i):
                self.i += len(word)
                return meaning
        if c == '"':
            return self.string()
        if c == "[":
            return self.sequence("]", self.value, list)
        if c == "{":
            return self.sequence("}", self.pair, dict)
        start = self.i
        while self.i < len(self.text) and self.text[self.i] in "+-0123456789.e":
            self.i += 1
        number = self.text[start : self.i]
        if not number:
            self.fail("a value")
        return float(number) if set(number) & set(".e") else int(number)

    def sequence(self, close, item, kind):
        self.i += 1
        items = []
        while True:
            self.space()
            if self.text[self.i : self.i + 1] == close:
                self.i += 1
                return kind(items)
            if items:
                if self.text[self.i : self.i + 1] != ",":
                    self.fail(f"',' or {close!r}")
                self.i += 1
            items.append(item())

    def pair(self):
        self.space()
        key = self.string()
        self.space()
        if self.text[self.i : self.i + 1] != ":":
            self.fail("':'")
        self.i += 1
        return key, self.value()

    def string(self):
        if self.text[self.i : self.i + 1] != '"':
            self.fail("a string")
        self.i += 1
        out = ""
        while (c := self.text[self.i : self.i + 1]) != '"':
            if not c:
                self.fail("'\"'")
            self.i += 1
            if c == "\\":
                c = self.text[self.i]
                self.i += 1
                if c == "u":
                    c = chr(int(self.text[self.i : self.i + 4], 16))
                    self.i += 4
                else:
                    c = {"n": "\n", "t": "\t"}.get(c, c)
            out += c
        self.i += 1
        return out


data = {"name": "tak\"e\\gil", "versions": [2.7, 3.11, 1e100, -5, 10**30], "nested": {"empty": [], "none": None, "flags": [True, False]}, "text": "tab\t nl\n bell\x07 é中", "tuple": (1, ({},))}
text = dump(data)
print(text)
again = Reader(text).value()
print(again == {**data, "tuple": [1, [{}]]}, dump(again) == text, again["versions"])
for bad in ("", "[1, 2", '{"a" 1}', '"abc', "[1 2]", "{1: 2}", "nul", "[\n\n,]"):
    try:
        print(Reader(bad).value())
    except ValueError as e:
        print(e)
try:
    dump({1, 2})
except TypeError as e:
    print(e)
