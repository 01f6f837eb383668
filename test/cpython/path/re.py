"""Regular expressions as simple as test files need: characters, `.`, classes, `*`, `+`, `?`."""


class error(Exception):
    """The pattern is not one of these simple ones."""


_CLASSES = {
    "s": str.isspace,
    "S": lambda c: not c.isspace(),
    "d": str.isdigit,
    "w": lambda c: c.isalnum() or c == "_",
}


def _set_of(body):
    ranges, i = [], 0
    while i < len(body):
        if body[i + 1:i + 2] == "-" and i + 2 < len(body):
            ranges.append((body[i], body[i + 2]))
            i += 3
        else:
            ranges.append((body[i], body[i]))
            i += 1
    return lambda c: any(low <= c <= high for low, high in ranges)


def _parse(pattern):
    """Atoms: (test, least, most), or a string for a place."""
    atoms, i = [], 0
    while i < len(pattern):
        c = pattern[i]
        i += 1
        if c in "^$":
            atoms.append(c)
            continue
        if c == "\\":
            c = pattern[i]
            i += 1
            if c in "AZ":
                atoms.append("^" if c == "A" else "$")
                continue
            test = _CLASSES.get(c) or (lambda have, want=c: have == want)
        elif c == "[":
            end = pattern.index("]", i)
            test = _set_of(pattern[i:end])
            i = end + 1
        elif c in "(|{":
            raise error(f"unsupported: {c}")
        elif c == ".":
            test = lambda have: have != "\n"
        else:
            test = lambda have, want=c: have == want
        least, most = 1, 1
        if pattern[i:i + 1] in ("*", "+", "?") and i < len(pattern):
            least = int(pattern[i] == "+")
            most = 1 if pattern[i] == "?" else None
            i += 1
        atoms.append((test, least, most))
    return atoms


class Pattern:
    def __init__(self, pattern):
        self.pattern = pattern
        text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
        self._atoms = _parse(text)

    def search(self, text):
        """True where some part of the text fits; None where none does."""
        if isinstance(text, bytes):
            text = text.decode("latin-1")
        return any(self._fits(0, text, at) for at in range(len(text) + 1)) or None

    def _fits(self, atom, text, at):
        if atom == len(self._atoms):
            return True
        this = self._atoms[atom]
        if isinstance(this, str):
            here = at == 0 if this == "^" else at == len(text)
            return here and self._fits(atom + 1, text, at)
        test, least, most = this
        end = at
        while end < len(text) and (most is None or end - at < most) and test(text[end]):
            end += 1
        return any(self._fits(atom + 1, text, stop) for stop in range(end, at + least - 1, -1))


def compile(pattern, flags=0):
    return Pattern(pattern)


def search(pattern, text, flags=0):
    return Pattern(pattern).search(text)
