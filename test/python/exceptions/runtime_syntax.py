# A SyntaxError raised by exec at run time, uncaught, shows both the frame and the source.
code = """
def fine():
    return 1

value = fine( + 
"""
print("running")
exec(compile("x = 1", "<first>", "exec"))
print(x)
exec(code)
