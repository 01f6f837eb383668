from .circle import PI as _pi

print("square body", _pi)


def area(a):
    return a * a
