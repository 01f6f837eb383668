# Functions whose last digit may differ between C libraries are compared to 12 digits.
import math


def show(name, value):
    print(name, "%.12g" % value)


for x in (0.1, 0.5, 1.0, 2.5, 10.0, -0.75):
    for name in ("sin", "cos", "tan", "atan", "exp", "sinh", "cosh", "tanh", "asinh", "erf", "erfc", "expm1"):
        show(name, getattr(math, name)(x))
    if x > 0:
        for name in ("log", "log2", "log10", "log1p", "gamma", "lgamma"):
            show(name, getattr(math, name)(x))
    if -1 <= x <= 1:
        for name in ("asin", "acos"):
            show(name, getattr(math, name)(x))
show("atan2", math.atan2(-1, -1))
show("acosh", math.acosh(3))
show("atanh", math.atanh(0.5))
show("pow", 1.0000001**1e7)
show("pow", 2.5**-3.5)
show("log base", math.log(10, 3))
show("log big", math.log(10**500))
