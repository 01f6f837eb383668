/**
 * How often an operation gives the lock away, counted in the trace: one release a system call, as
 * the contract's chapter 3 has it. `sleep(0)`, which is one release of its own kind, parts the
 * operations.
 */
import { describe, expect, it } from "vitest";
import { Interpreter } from "../../../src/index.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";

const PREPARATION = `
import os, select, socket, subprocess, threading, time
a, b = socket.socketpair()
c, d = socket.socketpair()
c.settimeout(5); d.settimeout(5)
n, m = socket.socketpair()
n.setblocking(False); m.setblocking(False)
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 0))
address = udp.getsockname()
server = socket.create_server(("127.0.0.1", 0))
place = server.getsockname()
clients = [socket.socket() for _ in range(3)]
clients[1].settimeout(5)
poller = select.poll()
poller.register(a, select.POLLIN)
epoll = select.epoll()
buffer = bytearray(100)
r, w = os.pipe()
parts = [bytes(1 << 19)] * 2
def refuse(what, *args):
    try: what(*args)
    except OSError: pass
`;

/** What is done, and its releases for system calls and computations. */
const OPERATIONS: readonly (readonly [string, number])[] = [
  ["None", 0],
  ["a.send(b'x')", 1],
  ["b.recv(1)", 1],
  ["a.sendall(bytes(1000))", 1],
  ["b.recv_into(buffer)", 1],
  ["b.recv(100_000)", 1],
  ["a.sendall(b'')", 1],
  ["c.send(b'x')", 2],
  ["d.recv(1)", 2],
  ["c.sendall(bytes(1000))", 2],
  ["d.recvfrom(1000)", 2],
  ["n.send(b'x')", 1],
  ["m.recv(1)", 1],
  ["refuse(m.recv, 1)", 1],
  ["udp.sendto(b'x', address)", 1],
  ["udp.recvfrom(1)", 1],
  ["clients[0].connect(place)", 1],
  ["fd = server._accept()[0]", 1],
  ["clients[2].bind(('127.0.0.1', 0))", 1],
  ["clients[2].listen()", 1],
  ["refuse(clients[0].connect, place)", 1],
  ["clients[0].getpeername()", 1],
  ["clients[0].getsockname()", 1],
  ["clients[0].shutdown(socket.SHUT_WR)", 1],
  ["clients[0].settimeout(3)", 1],
  ["clients[0].setblocking(True)", 1],
  ["clients[0].close()", 1],
  ["socket.close(fd)", 1],
  ["s = socket.socket()", 1],
  ["s.fileno(); s.gettimeout(); s.family; s.type; s.getblocking()", 0],
  ["s.setsockopt(1, 9, 1); s.getsockopt(1, 9)", 0],
  ["t = s.dup()", 2],
  ["s.close(); s.close()", 1],
  ["t = None", 1],
  ["t = socket.socketpair()", 1],
  ["socket.getaddrinfo('127.0.0.1', 80)", 1],
  ["socket.gethostbyname('127.0.0.1')", 0],
  ["socket.gethostbyname('localhost')", 1],
  ["socket.inet_aton('127.0.0.1'); socket.htons(1)", 0],
  ["select.select([a], [b], [], 0)", 1],
  ["select.select([a], [], [], 0.001)", 1],
  ["poller.poll(0)", 1],
  ["poller.register(b); poller.unregister(b)", 0],
  ["epoll.register(a)", 1],
  ["epoll.poll(0)", 1],
  ["os.write(w, b'x')", 1],
  ["os.read(r, 1)", 1],
  ["refuse(os.waitpid, -1, os.WNOHANG)", 1],
  ["os.system('true')", 2],
  ["b''.join(parts)", 1],
  ["bytearray().join(parts)", 1],
  ["b''.join(parts[:1] + [bytes((1 << 19) - 1)])", 0],
  ["b''.join([parts[0], bytearray(1 << 19)])", 0],
  ["''.join(['x' * (1 << 20)] * 2)", 0],
];

function programOf(operations: readonly (readonly [string, number])[]): string {
  const lines = operations.map(([operation]) => `time.sleep(0)\n${operation}\n`);
  return `${PREPARATION}${lines.join("")}time.sleep(0)\nprint("done")\n`;
}

describe("releases of the lock", () => {
  it("are one a system call", async () => {
    let out = "";
    const stdout = (text: string): void => {
      out += text;
    };
    const interpreter = await Interpreter.create({ heapSize: 64 << 20, statistics: true, stdout });
    const { status, trace } = await interpreter.runSource(programOf(OPERATIONS));
    await interpreter.close();
    expect({ status, out }).toEqual({ status: 0, out: "done\n" });
    const { history } = trace!;
    const main = [...trace!.threads.values()].find((thread) => thread.name === "MainThread")!;
    const counts: number[] = [];
    for (let i = 0; i < history.length; i++) {
      if (history.ident[i] !== main.ident || history.event[i] !== TraceEvent.Release) continue;
      const reason = history.reason[i];
      if (reason === ReleaseReason.Sleep) counts.push(0);
      else if (reason === ReleaseReason.BlockingIo || reason === ReleaseReason.Computation) {
        if (counts.length > 0) counts[counts.length - 1]++;
      }
    }
    const seen = OPERATIONS.map(([operation], i) => [operation, counts[i]]);
    expect(seen).toEqual(OPERATIONS);
  });
});
