"""Threads that import the same module at once see it whole; crossed imports do not hang."""
import sys
import threading


def together(*jobs):
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


seen = []


def from_module():
    from slow.module import late, runs

    seen.append((late, runs))


def whole_module():
    import slow.module

    seen.append((slow.module.late, slow.module.runs))


together(from_module, whole_module, from_module, whole_module)
print(seen)

errors = []


def broken():
    try:
        import slow.broken
    except ValueError as error:
        errors.append(str(error))


together(broken)
print(errors, "slow.broken" in sys.modules)

names = []


def crossed(name):
    def job():
        module = __import__("slow." + name, fromlist=["name"])
        names.append(module.__name__)

    return job


together(crossed("left"), crossed("right"))
print(sorted(names), sys.modules["slow.left"].name, sys.modules["slow.right"].name)
