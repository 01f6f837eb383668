# What CPython imports before a program: sets the intervals that takegil gets as options.
# Runs under Python 2.7 too.
import os
import sys

interval = os.environ.get("TAKEGIL_SWITCH_INTERVAL")
if interval and hasattr(sys, "setswitchinterval"):
    sys.setswitchinterval(float(interval))
ticks = os.environ.get("TAKEGIL_CHECK_INTERVAL")
if ticks and hasattr(sys, "setcheckinterval"):
    sys.setcheckinterval(int(ticks))
