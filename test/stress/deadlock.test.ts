/**
 * Deadlocks of Python locks are found, named and end the run; threads that somebody can still wake
 * are left alone; a holder of the GIL that comes to no check is named.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Interpreter, type InterpreterOptions, STATUS_DEADLOCK } from "../../src/index.js";
import { checkTrace } from "../../src/trace/automaton.js";

interface Ended {
  status: number;
  out: string;
  err: string;
  result: Awaited<ReturnType<Interpreter["runSource"]>>;
}

async function run(
  source: string,
  options: InterpreterOptions = {},
  whenReady: (interpreter: Interpreter) => void = () => {},
): Promise<Ended> {
  let out = "";
  let err = "";
  const interpreter = await Interpreter.create({
    heapSize: 64 << 20,
    ...options,
    stdout: (text) => {
      out += text;
      if (text.includes("ready")) whenReady(interpreter);
    },
    stderr: (text) => {
      err += text;
    },
  });
  try {
    const result = await interpreter.runSource(source, { filename: "prog.py" });
    return { status: result.status, out, err, result };
  } finally {
    await interpreter.close();
  }
}

/** A folder with a module whose body starts and joins a thread that imports the module. */
const modules = mkdtempSync(join(tmpdir(), "takegil-deadlock-"));
writeFileSync(
  join(modules, "waits_for_importer.py"),
  `import threading
def importer():
    import waits_for_importer
t = threading.Thread(target=importer, name="importer")
t.start()
t.join()
`,
);
afterAll(() => rmSync(modules, { recursive: true }));

const HEAD = "import threading, time, queue, signal\n";

/** Two threads that take two locks crosswise, in a way that `take` writes down. */
const crosswise = (kind: string, take: (lock: string, inner: string) => string): string =>
  `${HEAD}a = threading.${kind}(); b = threading.${kind}(); both = threading.Barrier(2)
def left():
${indented(take("a", `both.wait()\n${take("b", "pass")}`))}
def right():
${indented(take("b", `both.wait()\n${take("a", "pass")}`))}
ts = [threading.Thread(target=f, name=f.__name__) for f in (left, right)]
for t in ts: t.start()
`;

const indented = (text: string): string => text.replace(/^/gm, "    ");
const withBlock = (lock: string, inner: string): string => `with ${lock}:\n${indented(inner)}`;
const acquired = (lock: string, inner: string): string =>
  `${lock}.acquire()\n${inner}\n${lock}.release()`;

const BUSY = `
def spin():
    while True: time.sleep(0.01)
threading.Thread(target=spin, daemon=True, name="bystander").start()
`;

describe("a deadlock", () => {
  const cases: [string, string, RegExp][] = [
    [
      "two Locks crosswise, by with",
      `${crosswise("Lock", withBlock)}for t in ts: t.join()\n`,
      /\n {2}left waits for a Lock that right holds, in prog\.py, line \d+, in left\n/,
    ],
    [
      "two Locks crosswise, by with, beside a thread that runs",
      `${crosswise("Lock", withBlock)}${BUSY}time.sleep(60)\n`,
      /: 2 threads wait .*\n(?:.*\n)+ {2}wait-for cycle: left -> right -> left\n$/,
    ],
    [
      "two Locks crosswise, by acquire, when nobody else runs",
      `${crosswise("Lock", acquired)}for t in ts: t.join()\n`,
      /wait-for cycle: left -> right -> left\n$/,
    ],
    [
      "two RLocks crosswise beside a thread that runs",
      `${crosswise("RLock", acquired)}${BUSY}time.sleep(60)\n`,
      /left waits for an RLock that right holds/,
    ],
    [
      "a Lock taken twice",
      `${HEAD}${BUSY}lock = threading.Lock()\nwith lock:\n    with lock: pass\n`,
      /MainThread waits for a Lock that it holds itself, in prog\.py, line 8, in <module>\n$/,
    ],
    [
      "joining each other",
      `${HEAD}def f(): other.join()
def g(): one.join()
one = threading.Thread(target=f, name="one"); other = threading.Thread(target=g, name="other")
go = threading.Event()
one.run, other.run = (lambda: (go.wait(), f())), (lambda: (go.wait(), g()))
one.start(); other.start(); go.set(); time.sleep(60)
`,
      /one waits for the end of other, in prog\.py, line 2, in f\n/,
    ],
    [
      "joining who waits for a lock the joiner holds",
      `${HEAD}lock = threading.RLock()
def f():
    with lock: pass
t = threading.Thread(target=f, name="worker")
with lock:
    t.start()
    t.join()
`,
      /wait-for cycle: MainThread -> worker -> MainThread\n$/,
    ],
    [
      "an RLock whose owner has ended",
      `${HEAD}${BUSY}lock = threading.RLock()
t = threading.Thread(target=lock.acquire); t.start(); t.join()
lock.acquire()
`,
      /MainThread waits for an RLock that no living thread holds, in prog\.py, line 8/,
    ],
    [
      "an Event nobody will set",
      `${HEAD}threading.Event().wait()\n`,
      /MainThread waits for another thread \(in Event\.wait\), in prog\.py, line 2/,
    ],
    [
      "consumers whose producer has ended",
      `${HEAD}q = queue.Queue()
def consume():
    while True: q.get()
ts = [threading.Thread(target=consume) for _ in range(3)]
for t in ts: t.start()
for i in range(10): q.put(i)
`,
      /: 4 threads wait .*\n(?:.*\n)*.*\(consume\) waits for another thread \(in Queue\.get\)/,
    ],
    [
      "a Condition notified before the wait",
      `${HEAD}c = threading.Condition()
with c: c.notify_all()
with c: c.wait()
`,
      /MainThread waits for another thread \(in Condition\.wait\)/,
    ],
    [
      "a Semaphore and a Barrier short of threads",
      `${HEAD}b = threading.Barrier(3); s = threading.Semaphore(0)
t = threading.Thread(target=b.wait, name="waiter"); t.start()
s.acquire()
`,
      /waiter waits for another thread \(in Barrier\.wait\)/,
    ],
    [
      "a module that waits for a thread that imports it",
      `${HEAD}import sys
sys.path.insert(0, ${JSON.stringify(modules)})
import waits_for_importer
`,
      /importer waits for a module that MainThread imports.*\n.*MainThread -> importer/,
    ],
    [
      "philosophers",
      `${HEAD}forks = [threading.Lock() for _ in range(5)]; seated = threading.Barrier(5)
def dine(i):
    with forks[i]:
        seated.wait()
        with forks[(i + 1) % 5]: pass
ts = [threading.Thread(target=dine, args=(i,), name=f"P{i}") for i in range(5)]
for t in ts: t.start()
for t in ts: t.join()
`,
      /wait-for cycle: P0 -> P1 -> P2 -> P3 -> P4 -> P0\n$/,
    ],
  ];
  for (const [name, source, report] of cases) {
    it(`of ${name} is reported and ends the run`, async () => {
      const print = source.replace(/\n/, '\nprint("not lost")\n');
      const { status, out, err, result } = await run(print, { statistics: true });
      expect(status).toBe(STATUS_DEADLOCK);
      const moved = report.source.replace(/line (\d+)/g, (_, n) => `line ${Number(n) + 1}`);
      expect(err).toMatch(new RegExp(moved));
      expect(err).toMatch(/^takegil: deadlock: /);
      expect(out).toBe("not lost\n");
      expect(result.deadlock!.length).toBeGreaterThan(0);
      expect(checkTrace(result.trace!)).toBeNull();
      expect(result.trace!.footer).not.toBeNull();
    });
  }

  it("is left alone when asked: the program goes on when somebody interrupts it", async () => {
    const source = `${HEAD}lock = threading.Lock()
lock.acquire()
try:
    print("ready", flush=True)
    lock.acquire()
except KeyboardInterrupt:
    print("interrupted")
`;
    const { status, out, err } = await run(source, { onDeadlock: "wait" }, (interpreter) => {
      setTimeout(() => interpreter.interrupt(), 1500);
    });
    expect({ status, out, err }).toEqual({ status: 0, out: "ready\ninterrupted\n", err: "" });
  });
});

describe("threads that somebody can still wake are no deadlock", () => {
  const cases: [string, string][] = [
    [
      "a lock released by another thread, after a sleep",
      `lock = threading.Lock(); lock.acquire()
threading.Thread(target=lambda: (time.sleep(1), lock.release())).start()
lock.acquire()`,
    ],
    [
      "locks taken crosswise by acquire, released by a third thread",
      `a = threading.Lock(); b = threading.Lock()
def left(): a.acquire(); time.sleep(0.1); b.acquire()
def right(): b.acquire(); time.sleep(0.1); a.acquire()
def third(): time.sleep(1); a.release(); b.release()
ts = [threading.Thread(target=f) for f in (left, right, third)]
for t in ts: t.start()
for t in ts: t.join()`,
    ],
    [
      "a wait with a timeout that breaks the cycle",
      `a = threading.Lock(); b = threading.Lock(); both = threading.Barrier(2)
def left():
    with a:
        both.wait()
        assert not b.acquire(timeout=1)
def right():
    with b:
        both.wait()
        with a: pass
ts = [threading.Thread(target=f) for f in (left, right)]
for t in ts: t.start()
for t in ts: t.join()`,
    ],
    [
      "a chain that ends at a thread that computes",
      `a = threading.RLock(); started = threading.Event()
def computes():
    with a:
        started.set()
        end = time.monotonic() + 1
        while time.monotonic() < end: pass
def waits():
    with a: pass
ts = [threading.Thread(target=computes)]
ts[0].start(); started.wait()
ts += [threading.Thread(target=waits) for _ in range(3)]
for t in ts[1:]: t.start()
for t in ts: t.join()`,
    ],
    ["a Timer", `e = threading.Event(); threading.Timer(1, e.set).start(); e.wait()`],
    [
      "a handler of a signal, while all wait",
      `e = threading.Event()
signal.signal(signal.SIGUSR1, lambda n, f: e.set())
t = threading.Thread(target=e.wait); t.start()
print("ready", flush=True)
t.join()`,
    ],
    [
      "a lock freed by a signal handler that ran when nobody else could",
      `lock = threading.Lock(); lock.acquire()
signal.signal(signal.SIGUSR1, lambda n, f: lock.release())
print("ready", flush=True)
lock.acquire()`,
    ],
    [
      "a long C call of the only thread that could",
      `lock = threading.Lock(); lock.acquire(); go = threading.Event()
def works():
    go.wait(); sum(range(5_000_000)); lock.release()
threading.Thread(target=works).start(); go.set()
lock.acquire()`,
    ],
    [
      "a daemon thread that polls",
      `done = threading.Event()
def poll():
    for i in range(20): time.sleep(0.05)
    done.set()
threading.Thread(target=poll, daemon=True).start()
done.wait()`,
    ],
    [
      "many short waits by two threads in turn",
      `a = threading.Semaphore(1); b = threading.Semaphore(0); end = time.monotonic() + 1
def ping():
    while time.monotonic() < end: a.acquire(); b.release()
def pong():
    while time.monotonic() < end: b.acquire(); a.release()
ts = [threading.Thread(target=f) for f in (ping, pong)]
for t in ts: t.start()
time.sleep(1.1); a.release(); b.release()
for t in ts: t.join()`,
    ],
    [
      "a Condition with a plain Lock, notified late",
      `c = threading.Condition(threading.Lock()); items = []
def produce():
    time.sleep(1)
    with c: items.append(1); c.notify()
threading.Thread(target=produce).start()
with c:
    c.wait_for(lambda: items)`,
    ],
    [
      "a lock handed over inside a with block",
      `lock = threading.Lock(); inside = threading.Event()
def hands_over():
    inside.wait(); time.sleep(1); gate.release()
gate = threading.Lock(); gate.acquire()
threading.Thread(target=hands_over).start()
with lock:
    inside.set(); gate.acquire()`,
    ],
  ];
  for (const [name, source] of cases) {
    it(`because of ${name}`, async () => {
      let told = false;
      const { status, out, err } = await run(`${HEAD}${source}\nprint("end")\n`, {}, (it) => {
        told = true;
        setTimeout(() => it.interrupt(10), 1000);
      });
      expect(err).toBe("");
      expect(status).toBe(0);
      expect(out).toBe(told ? "ready\nend\n" : "end\n");
    });
  }
});

describe("a holder of the GIL that comes to no check", () => {
  it("is named once, with its line; one that computes in Python is not", async () => {
    const source = `${HEAD}def native():
    return sum(range(10**12))
end = time.monotonic() + 6
while time.monotonic() < end: pass
print("ready", flush=True)
native()
`;
    const { err } = await run(source, {}, (interpreter) => {
      setTimeout(() => interpreter.stop(), 7000);
    });
    expect(err).toBe(
      "takegil: MainThread has had the GIL for 5 s without a check, " +
        "in prog.py, line 3, in native\n",
    );
  });
});
