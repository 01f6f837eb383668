# Managers of one's own, Listener and Client (H57).
import multiprocessing as mp
import threading
from multiprocessing.connection import Client, Listener
from multiprocessing.managers import BaseManager, RemoteError


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__name__, str(e).strip().splitlines()[-2:])


class Counter:
    def __init__(self, start=0):
        self.count = start

    def add(self, n):
        self.count += n
        return self.count

    def fail(self):
        raise ValueError("from the server")

    def _private(self):
        return 1


class Own(BaseManager):
    pass


Own.register("Counter", Counter)


if __name__ == "__main__":
    mp.set_start_method("spawn")
    with Own() as own:
        c = own.Counter(5)
        print(c.add(3), c.add(1), hasattr(c, "_private"), own._number_of_objects())
        attempt(c.fail)
        del c

    with Listener(("localhost", 0), authkey=b"key") as listener:
        def serve():
            with listener.accept() as conn:
                conn.send(conn.recv() * 2)
            try:
                listener.accept()
            except mp.AuthenticationError as e:
                refused.append(e)

        refused = []
        t = threading.Thread(target=serve)
        t.start()
        with Client(listener.address, authkey=b"key") as conn:
            conn.send(21)
            print(conn.recv())
        attempt(Client, listener.address, authkey=b"wrong")
        t.join()
        print(refused)
    attempt(Client, 5)
    print(issubclass(RemoteError, Exception))
