# Equal constants of one source are one object, in tuples and across functions.
def f(): return (1000,2.5)
def g(): return (1000,2.5)
def h(): return 1000
def i(): return 2.5
def j(): return "a b"
def k(): return ("a b", 1000, b"xx")
def l(): return b"xx"
print(f() is g(), h() is f()[0], i() is f()[1], j() is k()[0], k()[1] is h(), l() is k()[2])
x = 1e5; y = 1e5
print(x is y)
