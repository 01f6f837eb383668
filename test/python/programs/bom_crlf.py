# A byte-order mark, CRLF line ends and a form feed.
x = """a
b"""
print(repr(x))

def f():
	return "tab"

print(f())
