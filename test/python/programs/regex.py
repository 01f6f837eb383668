# A backtracking regular-expression matcher written with closures and generators.
def parse(pattern):
    def alternatives(i):
        options = []
        node, i = sequence(i)
        options.append(node)
        while i < len(pattern) and pattern[i] == "|":
            node, i = sequence(i + 1)
            options.append(node)
        return (("alt", options) if len(options) > 1 else options[0]), i

    def sequence(i):
        items = []
        while i < len(pattern) and pattern[i] not in "|)":
            node, i = atom(i)
            while i < len(pattern) and pattern[i] in "*+?":
                node, i = (pattern[i], node), i + 1
            items.append(node)
        return ("seq", items), i

    def atom(i):
        c = pattern[i]
        if c == "(":
            node, i = alternatives(i + 1)
            if i >= len(pattern):
                raise ValueError("missing )")
            return ("group", node), i + 1
        if c == "[":
            j = pattern.index("]", i + 1)
            body, chars = pattern[i + 1 : j], set()
            negate = body.startswith("^")
            body = body[negate:]
            k = 0
            while k < len(body):
                if body[k + 1 : k + 2] == "-" and k + 2 < len(body):
                    chars |= {chr(x) for x in range(ord(body[k]), ord(body[k + 2]) + 1)}
                    k += 3
                else:
                    chars.add(body[k])
                    k += 1
            return ("set", frozenset(chars), negate), j + 1
        if c == ".":
            return ("any",), i + 1
        if c in "*+?":
            raise ValueError("nothing to repeat")
        if c == "\\":
            return ("set", frozenset("0123456789"), False) if pattern[i + 1] == "d" else ("char", pattern[i + 1]), i + 2
        return ("char", c), i + 1

    node, i = alternatives(0)
    if i != len(pattern):
        raise ValueError(f"unbalanced ) at {i}")
    return node


def match(node, text, i, groups=()):
    match node:
        case ("char", c):
            if text[i : i + 1] == c:
                yield i + 1, groups
        case ("any",):
            if i < len(text):
                yield i + 1, groups
        case ("set", chars, negate):
            if i < len(text) and (text[i] in chars) != negate:
                yield i + 1, groups
        case ("seq", []):
            yield i, groups
        case ("seq", [first, *rest]):
            for j, g in match(first, text, i, groups):
                yield from match(("seq", rest), text, j, g)
        case ("alt", options):
            for option in options:
                yield from match(option, text, i, groups)
        case ("group", inner):
            for j, g in match(inner, text, i, groups):
                yield j, g + (text[i:j],)
        case ("?", inner):
            yield from match(inner, text, i, groups)
            yield i, groups
        case ("+", inner):
            for j, g in match(inner, text, i, groups):
                if j > i:
                    yield from match(("*", inner), text, j, g)
        case ("*", inner):
            for j, g in match(inner, text, i, groups):
                if j > i:
                    yield from match(node, text, j, g)
            yield i, groups


def search(pattern, text):
    tree = parse(pattern)
    for i in range(len(text) + 1):
        for j, groups in match(tree, text, i):
            return text[i:j], groups
    return None


for pattern, text in (("a*b", "xaaab"), ("(a|b)+c", "ababc"), ("[a-c]+[^x]", "zzabcy"), (r"(\d+)-(\d+)", "tel 555-1234."), ("colou?r", "my color"), ("", "abc"), ("x*", "yyy"), ("(a(b)?)+", "abaab"), ("h.llo|world", "the world"), ("(a*)*b", "aaaaaaaaaac"), ("^", "no anchors: a literal ^")):
    print(pattern, search(pattern, text))
for bad in ("(a", "a)", "*a", "[a"):
    try:
        search(bad, "a")
    except ValueError as e:
        print(bad, e)
