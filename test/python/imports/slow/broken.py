import time

time.sleep(0.1)
raise ValueError("this module cannot be imported")
