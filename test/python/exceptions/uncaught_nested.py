# A hint from the names of an enclosing scope.
def f():
    global_name = 1
    def g():
        return glbal_name
    return g()
prnt("x") if 0 else f()
