# sys.exit() without an argument ends with status 0 although code follows.
import sys


def stop():
    raise SystemExit


print("before")
stop()
print("after")
