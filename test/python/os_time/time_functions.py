# time: clocks move forward, sleep sleeps, conversions of fixed moments, errors.
import time

a = time.monotonic()
b = time.perf_counter()
t = time.time()
time.sleep(0.05)
print(0.045 <= time.monotonic() - a < 5, 0.045 <= time.perf_counter() - b < 5, 0.045 <= time.time() - t < 5, time.time() > 1.7e9, time.sleep(0), time.process_time() >= 0, time.thread_time() >= 0)
print(isinstance(time.time_ns(), int), time.monotonic_ns() <= time.monotonic_ns(), isinstance(time.perf_counter_ns(), int), abs(time.time_ns() / 1e9 - time.time()) < 5)
for attempt in (lambda: time.sleep(-1), lambda: time.sleep("x"), lambda: time.sleep(), lambda: time.sleep(float("nan")), lambda: time.sleep(1e20), lambda: time.sleep(None)):
    try:
        print(attempt())
    except Exception as e:
        print(type(e).__name__, e)
g = time.gmtime(0)
print(g, g.tm_year, g[7], len(g), tuple(g), type(g).__name__)
print(time.gmtime(1234567890)[:6], time.gmtime(951782400)[:3], time.asctime(g), time.strftime("%Y-%m-%d %H:%M:%S %j %a %b %%", time.gmtime(86400 * 59)))
values = [time.monotonic() for _ in range(1000)]
print(values == sorted(values), all(x <= y for x, y in zip(values, values[1:])))
start = time.monotonic()
for _ in range(5):
    time.sleep(0.001)
print(time.monotonic() - start >= 0.004)
busy = time.process_time()
while time.process_time() - busy < 0.02:
    sum(range(1000))
print("busy loop ended")
