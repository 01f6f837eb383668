# stdin: first\nsecond line\n\n42\nrest one\nrest two
# input(), sys.stdin as a file, EOFError at the end.
import sys

print(repr(input()), repr(input("prompt> ")), repr(input()))
print(int(input()) + 1)
print(sys.stdin.readline(), end="")
for line in sys.stdin:
    print("line", repr(line))
print(repr(sys.stdin.readline()), repr(sys.stdin.read()))
try:
    input()
except EOFError as e:
    print("EOFError", e)
