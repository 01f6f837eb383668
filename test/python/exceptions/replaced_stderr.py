# Reports that nobody can catch go to sys.stderr, whatever the program has put there.
import sys, io
class D:
    def __del__(self): 1/0
s = sys.stderr; sys.stderr = io.StringIO()
D()
out = sys.stderr.getvalue(); sys.stderr = s
print(out.splitlines()[-1])
class W:
    def __init__(self): self.t = []
    def write(self, x): self.t.append(x)
    def flush(self): pass
sys.stderr = w = W()
D()
try: {}["k"]
except KeyError as e: sys.excepthook(KeyError, e, e.__traceback__)
sys.stderr = s
print("".join(w.t).splitlines()[-1], len("".join(w.t).splitlines()))
sys.stderr = None
D()
sys.stderr = s
class B:
    def write(self, x): raise ValueError
sys.stderr = B()
D()
sys.stderr = s
