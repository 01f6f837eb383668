# Without the guard the main module would start processes for ever: RuntimeError in the child (H50).
import multiprocessing as mp

mp.set_start_method("spawn", force=True)
p = mp.Process(target=print, args=("never",))
try:
    p.start()
except RuntimeError as e:
    print(str(e).split()[:9], __name__, flush=True)
    raise SystemExit(4)
p.join()
print(__name__, p.exitcode)
