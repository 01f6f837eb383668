# The status is the low byte of the code.
import sys

sys.exit(256 + 42)
