# Pipe and Connection: framing, errors, big messages, the end (H54).
import multiprocessing as mp
import os
from multiprocessing.connection import Connection, wait


def attempt(f, *args, **kwargs):
    try:
        print("returned", f(*args, **kwargs))
    except BaseException as e:
        print(type(e).__name__, e)


def echo(conn):
    while True:
        try:
            message = conn.recv_bytes()
        except EOFError:
            conn.close()
            return
        conn.send_bytes(message[::-1])


if __name__ == "__main__":
    mp.set_start_method("spawn")
    r, w = mp.Pipe(duplex=False)
    print(type(r).__name__, r.readable, r.writable, w.readable, w.writable, r.closed)
    w.send({"a": [1, None, (2.5, "x")]})
    print(r.poll(), r.recv(), r.poll(), r.poll(0.01))
    attempt(r.send, 1)
    attempt(w.recv)
    attempt(w.poll)
    # Four bytes of length, big-endian, before each message.
    w.send_bytes(b"raw")
    print(os.read(r.fileno(), 100))
    os.write(w.fileno(), b"\x00\x00\x00\x02hi")
    print(r.recv_bytes())
    w.send_bytes(b"abcdef", 2)
    w.send_bytes(b"abcdef", 1, 3)
    print(r.recv_bytes(), r.recv_bytes())
    attempt(w.send_bytes, b"abc", -1)
    attempt(w.send_bytes, b"abc", 4)
    attempt(w.send_bytes, b"abc", 1, -1)
    attempt(w.send_bytes, b"abc", 1, 3)
    attempt(r.recv_bytes, -1)
    w.send_bytes(b"0123456789")
    buffer = bytearray(b"." * 16)
    print(r.recv_bytes_into(buffer, 3), buffer)
    w.send_bytes(b"too long")
    attempt(r.recv_bytes_into, bytearray(4))
    w.send_bytes(b"too long")
    attempt(r.recv_bytes, 3)
    print(r.closed)
    attempt(w.send_bytes, b"into nothing")
    w.close()
    attempt(w.send, 1)
    attempt(w.fileno)
    attempt(Connection, -1)
    attempt(Connection, 1, False, False)

    r, w = mp.Pipe(False)
    attempt(lambda: w.send(lambda: 1) or "sent")
    os.write(w.fileno(), b"\x00\x00\x00\x09cut")
    w.close()
    attempt(r.recv)
    attempt(r.recv)
    with r:
        pass
    print(r.closed)

    a, b = mp.Pipe()
    print(a.readable, a.writable, wait([a, b], 0))
    b.send("there")
    print(wait([a, b], 5) == [a], a.recv())
    child = mp.Process(target=echo, args=(b,))
    child.start()
    b.close()
    for message in (b"", b"abc", bytes(range(256)) * 400, b"x" * 1_000_000):
        a.send_bytes(message)
        answer = a.recv_bytes()
        print(len(answer), answer == message[::-1])
    a.close()
    child.join()
    print(child.exitcode)

    # The sentinel of a process, and a pipe whose other end died with it.
    a, b = mp.Pipe()
    child = mp.Process(target=echo, args=(b,))
    child.start()
    b.close()
    a.send_bytes(b"up")
    print(a.recv_bytes(), wait([child.sentinel], 0))
    os.kill(child.pid, 9)
    print(wait([child.sentinel], 10) == [child.sentinel])
    attempt(a.recv)
    child.join()
    print(child.exitcode)
