import time

early = "set before the pause"
time.sleep(0.1)
late = "set after the pause"
runs = globals().get("runs", 0) + 1
