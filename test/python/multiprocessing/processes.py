# Process: names, states, exit codes, what a spawned child sees (H46-H48, H50, H51).
import multiprocessing as mp
import os
import sys


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs))
    except BaseException as e:
        text = str(e).split(" at 0x")[0]
        print(type(e).__name__, text)


changed = "at import"


def look(queue):
    me = mp.current_process()
    queue.put((me.name, me.daemon, __name__, sys.modules["__main__"].__name__, changed))
    queue.put((mp.parent_process().name, mp.parent_process().pid == os.getppid(),
               mp.parent_process().is_alive(), mp.active_children()))
    queue.put((os.path.basename(sys.argv[0]), os.environ.get("GUEST_MARK"), os.getcwd()))
    queue.put(repr(me).replace(str(os.getppid()), "PARENT"))


def end(how):
    if how == "raise":
        raise ValueError("uncaught")
    if how == "text":
        sys.exit("said at the end")
    if isinstance(how, int):
        sys.exit(how)
    os._exit(9)


def shown(p):
    return repr(p).replace(str(os.getpid()), "PARENT").replace(str(p.pid), "PID")


if __name__ == "__main__":
    changed = "in the parent"
    print(mp.get_start_method(allow_none=True), "spawn" in mp.get_all_start_methods())
    mp.set_start_method("spawn")
    attempt(mp.set_start_method, "spawn")
    attempt(mp.get_context, "nothing")
    print(mp.get_start_method(), mp.get_context() is mp.get_context("spawn"), mp.cpu_count() > 0)
    print(repr(mp.current_process()), mp.parent_process(), mp.active_children())

    os.environ["GUEST_MARK"] = "inherited"
    queue = mp.SimpleQueue()
    p = mp.Process(target=look, args=(queue,), name="watcher")
    print(shown(p), p.pid, p.exitcode, p.is_alive(), p.daemon)
    attempt(p.join)
    attempt(lambda: p.sentinel)
    p.start()
    attempt(p.start)
    print(shown(p), p.is_alive(), mp.active_children() == [p], p.ident == p.pid)
    for _ in range(4):
        print(queue.get())
    p.join()
    print(shown(p), p.exitcode, p.is_alive(), mp.active_children())
    p.close()
    print(repr(p).replace(str(os.getpid()), "PARENT"))
    attempt(lambda: p.exitcode)
    attempt(p.start)

    ends = [mp.Process(target=end, args=(how,)) for how in ("raise", "text", 7, "_exit")]
    for p in ends:
        p.start()
        p.join()
        print(p.name, p.exitcode, p.is_alive())
    print([shown(p) for p in ends[:2]])

    p = mp.get_context("spawn").Process(target=print)
    print(type(p).__name__, p.name, p.daemon)
    attempt(setattr, p, "name", 3)
    attempt(mp.Process, 1)
    attempt(mp.Process(target=lambda: 1).start)


    def local():
        pass


    attempt(mp.Process(target=print, args=(local, sys.stdout)).start)
    print(mp.active_children())
