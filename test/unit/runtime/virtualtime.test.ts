import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Interpreter, OptionError } from "../../../src/index.js";
import { explore } from "../../../src/runtime/exploration.js";
import type { InterpreterOptions, RunResult } from "../../../src/runtime/interpreter.js";
import { formatSchedule, parseSchedule } from "../../../src/runtime/virtualtime.js";

import { killSoon } from "../../stress/killing.js";

const HEAP = 64 << 20;
const SEEDS = process.env.TAKEGIL_NIGHTLY === undefined ? 3 : 100;

const folder = mkdtempSync(join(tmpdir(), "takegil-virtual-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(
  source: string,
  options: InterpreterOptions,
): Promise<{ result: RunResult; out: string }> {
  let out = "";
  const interpreter = await Interpreter.create({
    heapSize: HEAP,
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      out += text;
    },
    ...options,
  });
  try {
    const result = await interpreter.runSource(source);
    return { result, out };
  } finally {
    await interpreter.close();
  }
}

/** Everything that could leak real time: sleeps, timeouts, locks, clocks, chance, daemons. */
const BUSY = `
import os, random, threading, time
lock, ready, order = threading.Lock(), threading.Condition(), []
def work(n):
    for i in range(3):
        time.sleep(random.random() / 100)
        with lock:
            order.append((n, i, time.monotonic(), threading.get_native_id()))
        sum(j for j in range(2000))
    with ready:
        ready.wait(timeout=0.004 * n)
def forever():
    while True: time.sleep(0.001)
threading.Thread(target=forever, daemon=True).start()
threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
for t in threads: t.start()
for t in threads: t.join(0.05)
for t in threads: t.join()
print(order, time.time(), time.perf_counter_ns(), os.getpid(), os.urandom(4))
`;

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

describe("virtual time", () => {
  it(
    `repeats ${SEEDS} runs byte for byte, trace and output, and differs by seed`,
    async () => {
      const seen = new Set<string>();
      for (let seed = 0; seed < SEEDS; seed++) {
        const pair: string[] = [];
        for (const name of ["a", "b"]) {
          const trace = join(folder, name);
          const { result, out } = await run(BUSY, {
            trace,
            virtual: { seed, cores: 1 + (seed % 4) },
          });
          expect(result.status, out).toBe(0);
          pair.push(`${hashOf(trace)} ${out}`);
        }
        expect(pair[0]).toBe(pair[1]);
        seen.add(pair[0]);
      }
      expect(seen.size).toBe(SEEDS);
    },
    SEEDS * 30_000,
  );

  it("repeats a program whose threads talk over sockets and a pipe", async () => {
    const source = `
import os, select, socket, threading, time
a, b = socket.socketpair()
def echo():
    while data := b.recv(100):
        time.sleep(0.001)
        b.sendall(data)
thread = threading.Thread(target=echo)
thread.start()
for i in range(10):
    a.send(b"%d" % i)
    print(a.recv(100), time.monotonic())
a.shutdown(socket.SHUT_WR)
thread.join()
server = socket.create_server(("127.0.0.1", 0))
def serve():
    connection, _ = server.accept()
    with connection: connection.sendall(connection.recv(10).upper())
thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(server.getsockname()) as client:
    client.sendall(b"abc")
    print(client.recv(10), time.monotonic())
thread.join()
r, w = os.pipe()
threading.Timer(0.5, os.write, (w, b"z")).start()
print(os.read(r, 1), select.select([r], [], [], 0.3), time.monotonic())
`;
    const runs: string[] = [];
    for (const seed of [3, 3, 4]) {
      const trace = join(folder, "talk");
      const { result, out } = await run(source, { trace, virtual: { seed, cores: 2 } });
      expect(result.status, out).toBe(0);
      expect(out).toContain("b'9' ");
      expect(out).toContain("b'ABC' ");
      runs.push(`${hashOf(trace)} ${out}`);
    }
    expect(runs[1]).toBe(runs[0]);
    expect(runs[2]).not.toBe(runs[0]);
  }, 60_000);

  it("runs 16 threads on 8 virtual cores, which no more than 8 of them have at a time", async () => {
    const source =
      "import threading\ndef f():\n    for i in range(5000): pass\n" +
      "ts = [threading.Thread(target=f) for _ in range(16)]\n" +
      "for t in ts: t.start()\nfor t in ts: t.join()\nprint('done')\n";
    const { result, out } = await run(source, { virtual: { seed: 5, cores: 8 }, statistics: true });
    expect(out).toBe("done\n");
    expect(result.trace!.threads.size).toBe(18);
    expect(result.trace!.header.cpuCount).toBe(8);
  });

  it("sleeps an hour in no time, and says that an hour is over", async () => {
    const source =
      "import time\nt = time.monotonic()\ntime.sleep(3600)\nprint(time.monotonic() - t)";
    const began = performance.now();
    const { result, out } = await run(source, { virtual: { seed: 1 } });
    expect(Number(out)).toBeGreaterThan(3600);
    expect(Number(out)).toBeLessThan(3600.001);
    expect(result.wallSeconds).toBeGreaterThan(3600);
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  it("lets a thread that computes get on under priority, though others keep the lock busy", async () => {
    const source = `
import threading, time
stop, done = False, []
def busy():
    while not stop:
        end = time.perf_counter() + 0.002
        while time.perf_counter() < end: pass
        time.sleep(0.0005)
def compute():
    for n in range(100000): pass
    done.append(1)
threads = [threading.Thread(target=busy) for _ in range(4)]
for thread in threads: thread.start()
time.sleep(0.05)
threads.append(threading.Thread(target=compute))
threads[-1].start()
threads[-1].join(5)
print(done)
stop = True
for thread in threads: thread.join()
`;
    const { out } = await run(source, { gil: "priority", virtual: { seed: 1, cores: 2 } });
    expect(out).toBe("[1]\n");
  }, 60_000);

  it("ends a program whose threads wait for each other, and says where", async () => {
    const source = `import threading
a, b = threading.Lock(), threading.Lock()
met = threading.Barrier(2)
def f(x, y):
    with x:
        met.wait()
        with y: pass
for x, y in ((a, b), (b, a)): threading.Thread(target=f, args=(x, y)).start()
`;
    const { result, out } = await run(source, { virtual: { seed: 1 } });
    expect(result.status).toBe(79);
    expect(result.deadlock!.map(({ place }) => place?.line)).toEqual([7, 7, undefined]);
    expect(out).toMatch(
      /wait-for cycle: Thread-(\d) \(f\) -> Thread-\d \(f\) -> Thread-\1 \(f\)\n/,
    );
  });

  it("lets threads compute at once when they do not hold the lock, and not when they do", async () => {
    const source = (body: string): string =>
      `import threading, time\ndef f():\n    ${body}\n` +
      "ts = [threading.Thread(target=f) for _ in range(4)]\nt0 = time.monotonic()\n" +
      "for t in ts: t.start()\nfor t in ts: t.join()\nprint(time.monotonic() - t0)\n";
    const seconds = async (body: string): Promise<number> =>
      Number((await run(source(body), { virtual: { seed: 2, cores: 4 } })).out);
    expect(await seconds("time.sleep(0.1)")).toBeLessThan(0.11);
    const alone = await seconds(
      "if threading.current_thread().name[7] == '1': sum(i for i in range(20000))",
    );
    expect((await seconds("sum(i for i in range(20000))")) / alone).toBeGreaterThan(3);
  });

  it("goes on when a worker dies, whoever waits for its thread included", async () => {
    const source = `import threading, time
def f():
    print("begun", flush=True)
    while True: time.sleep(0.001)
t = threading.Thread(target=f)
t.start()
t.join()
print("joined")
`;
    let out = "";
    const interpreter = await Interpreter.create({
      heapSize: HEAP,
      virtual: { seed: 1 },
      stdout: (text) => {
        out += text;
        if (text.includes("begun")) void killSoon(interpreter, 2);
      },
      stderr: () => {},
    });
    try {
      const { deaths, status } = await interpreter.runSource(source);
      expect(deaths).toHaveLength(1);
      // 70: it died in the middle of a change of the heap, and the run had to end.
      if (status !== 70) expect(out).toBe("begun\njoined\n");
    } finally {
      await interpreter.close();
    }
  });

  it("refuses options out of range with an OptionError", async () => {
    for (const virtual of [
      { seed: -1 },
      { seed: 0.5 },
      { seed: 0, cores: 0 },
      { seed: 0, cores: 257 },
      { seed: 0, schedule: { pct: -1, lengthUs: 5 } },
    ]) {
      await expect(Interpreter.create({ virtual })).rejects.toBeInstanceOf(OptionError);
    }
    for (const word of ["machine", "stalls:300ns", "pct:3,120us"]) {
      expect(formatSchedule(parseSchedule(word))).toBe(word);
    }
    expect(() => parseSchedule("pct:3")).toThrow(RangeError);
  });
});

/** G29's statements: is anything lost by 2 threads of 300 increments each? */
const STATEMENTS = [
  "c += 1",
  "o.c += 1",
  "l[0] += 1",
  'd["c"] += 1',
  "a.append(1)",
  "c = ident(c) + 1",
  "t = c; c = int(t) + 1",
];
const RACES = `
import threading
class O: c = 0
def ident(x): return x
def count(get):
    threads = [threading.Thread(target=work) for _ in range(2)]
    for t in threads: t.start()
    for t in threads: t.join()
    return get() < 600
lost = []
${STATEMENTS.map(
  (statement) => `
c, o, l, d, a = 0, O(), [0], {"c": 0}, []
def work():
    global c
    for i in range(300): ${statement}
lost.append(count(lambda: max(c, o.c, l[0], d["c"], len(a))))`,
).join("")}
print(*lost)
`;

/** Classes of random kinds in a random order: what a carrier knew of the last heap misleads it. */
const SHAPES = `
import os, threading
def shuffled(items): return [item for _, item in sorted(zip(os.urandom(len(items)), items))]
def named(name, body): return lambda: type(name, (), body)
makers = [
    named("Sized", {"__len__": lambda self: 3}),
    named("Called", {"__call__": lambda self: "called"}),
    named("Equal", {"__eq__": lambda self, other: True}),
    named("Added", {"__add__": lambda self, other: "added", "__hash__": lambda self: 7}),
    named("Listed", {"__getitem__": lambda self, i: [5, 6][i]}),
]
order = shuffled(list(range(len(makers))))[os.urandom(1)[0] % 4:]
things = [makers[i]()() for i in order]
for thing in things:
    for name in shuffled(list("abcd")): setattr(thing, name, name.upper())
def tried(action):
    try: return repr(action())
    except TypeError as error: return str(error)
told = []
def look(which):
    for thing in things[which::2]:
        for _ in range(20): text = thing.a + thing.b + thing.c + thing.d
        told.append((type(thing).__name__, text, tried(lambda: len(thing)), tried(lambda: thing()),
            thing == 1, tried(lambda: thing + 1), tried(lambda: list(thing)), thing in {1: 2}
            if type(thing).__hash__ else None))
threads = [threading.Thread(target=look, args=(i,)) for i in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(told)
`;

describe("exploring", () => {
  it("makes one interpreter new for many schedules, each of which a fresh one repeats", async () => {
    const options = { heapSize: HEAP, python: "3.9" } as const;
    const { outcomes } = await explore((interpreter) => interpreter.runSource(SHAPES), {
      schedules: 8,
      seed: 5,
      limitMs: 60_000,
      jobs: 1,
      interpreter: options,
    });
    expect(outcomes.length).toBeGreaterThan(4);
    for (const { stdout, stderr, status, virtual } of outcomes) {
      const again = await run(SHAPES, { ...options, virtual });
      expect([again.result.status, again.out]).toEqual([status, stdout + stderr]);
    }
  }, 120_000);

  it("renews no interpreter whose run left something behind", async () => {
    const virtual = { seed: 1 };
    const options = { heapSize: HEAP, virtual, stdout: () => {} };
    const ends: [string, InterpreterOptions, boolean][] = [
      ["print(1)", {}, true],
      ["raise SystemExit(3)", {}, true],
      ["import threading; threading.Event().wait()", {}, false],
      [
        "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
        {},
        false,
      ],
      ["print(1)", { virtual: undefined }, false],
      ["print(1)", { statistics: true }, false],
    ];
    for (const [source, more, renewed] of ends) {
      const interpreter = await Interpreter.create({ ...options, stderr: () => {}, ...more });
      expect(await interpreter.renew(virtual)).toBe(false);
      await interpreter.runSource(source);
      expect(await interpreter.renew(virtual), source).toBe(renewed);
      if (renewed) expect((await interpreter.runSource("print(2)")).status).toBe(0);
      await interpreter.close();
      expect(await interpreter.renew(virtual)).toBe(false);
    }
  }, 60_000);

  it("finds lost updates where the check points of 3.9 allow them, and in 3.11 only around calls (G29)", async () => {
    const found = async (python: "3.9" | "3.11"): Promise<boolean[]> => {
      const { outcomes, schedules } = await explore((interpreter) => interpreter.runSource(RACES), {
        schedules: 12,
        seed: 1,
        cores: 2,
        limitMs: 60_000,
        jobs: 2,
        interpreter: { python, heapSize: HEAP },
      });
      expect(schedules).toBe(12);
      expect(outcomes.reduce((sum, { count }) => sum + count, 0)).toBe(12);
      const rows = outcomes.map(({ stdout }) => stdout.trim().split(" "));
      return STATEMENTS.map((_, i) => rows.some((row) => row[i] === "True"));
    };
    expect(await found("3.9")).toEqual([true, true, true, true, false, true, true]);
    expect(await found("3.11")).toEqual([false, false, false, false, false, true, true]);
  }, 120_000);
});
