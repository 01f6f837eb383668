# Uncaught chained exceptions: both texts between the tracebacks, and notes.
def parse(text):
    try:
        return int(text)
    except ValueError as e:
        raise KeyError("first") from e


def load():
    try:
        parse("x1")
    except KeyError:
        value = {"a": [1, 2]}["a"][5 + 2]


try:
    load()
except IndexError as e:
    e.add_note("a note at the end")
    e.add_note("two\nlines")
    raise RuntimeError("outermost",
                       1)
