# argv: 7
# sys.exit with an int ends the program with that status, after finally blocks and without a traceback.
import sys

try:
    try:
        print("leaving", sys.argv[1:])
        sys.exit(int(sys.argv[1]))
    finally:
        print("finally runs")
except Exception:
    print("SystemExit is no Exception")
