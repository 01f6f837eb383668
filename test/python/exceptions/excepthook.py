# A custom sys.excepthook sees the uncaught exception; the status stays 1.
import sys


def hook(kind, value, traceback):
    print("hook:", kind.__name__, value, traceback.tb_lineno, traceback.tb_next.tb_frame.f_code.co_name)


sys.excepthook = hook


def fail():
    raise LookupError("seen by the hook")


fail()
