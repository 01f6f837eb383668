# sys.exit with anything but an int or None prints it on stderr and exits with 1.
import sys

for value in (None, 0, True, 300, -1, "text", (1, 2), 2.5):
    try:
        sys.exit(value)
    except SystemExit as e:
        print(repr(e.code), e.args)
try:
    exit(4)
except SystemExit as e:
    print(e.code)
try:
    raise SystemExit
except SystemExit as e:
    print(e.code)
sys.exit("a message for stderr")
