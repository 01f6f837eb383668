# Notes, a message of two lines, a type without text.
def f():
    e = ValueError("multi\nline")
    e.add_note("note 1"); e.add_note("note\n2")
    raise e
try:
    f()
except ValueError as x:
    try:
        (lambda:
            undefined_name_x)()
    except NameError:
        class Mine(Exception):
            def __str__(self): return ""
        raise Mine()
