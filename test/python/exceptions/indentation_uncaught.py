# A bad indentation: IndentationError on stderr, exit status 1.
def f():
    if True:
        x = 1
      y = 2
