import { monitorEventLoopDelay } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import { Interpreter, OptionError, STATUS_STOPPED } from "../../../src/index.js";

const HEAP = 64 << 20;

async function run(source: string): Promise<{ status: number; out: string }> {
  let out = "";
  const stdout = (text: string): void => {
    out += text;
  };
  const interpreter = await Interpreter.create({ heapSize: HEAP, stdout });
  try {
    const { status } = await interpreter.runSource(source);
    return { status, out };
  } finally {
    await interpreter.close();
  }
}

/** Things that keep a process alive, by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const THREADS = `
import threading
found = []
threads = [threading.Thread(target=found.append, args=(i,)) for i in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(sorted(found))
`;

describe("an interpreter", () => {
  it("lives beside another one, each with its own heap and threads", async () => {
    const runs = await Promise.all([run(THREADS), run(THREADS)]);
    for (const ended of runs) expect(ended).toEqual({ status: 0, out: "[0, 1, 2, 3]\n" });
  });

  it("leaves no worker, port or timer behind, time after time", async () => {
    await run(THREADS);
    const before = resources();
    for (let i = 0; i < 5; i++) {
      expect(await run(`print(${i})`)).toEqual({ status: 0, out: `${i}\n` });
    }
    await new Promise((done) => setTimeout(done, 50));
    const after = resources();
    for (const kind of ["Worker", "MessagePort", "Timeout", "Immediate"]) {
      expect(after[kind] ?? 0, kind).toBeLessThanOrEqual(before[kind] ?? 0);
    }
  });

  it("can be closed unused, and twice", async () => {
    const interpreter = await Interpreter.create({ heapSize: HEAP });
    await interpreter.close();
    await interpreter.close();
    await expect(interpreter.runSource("pass")).rejects.toThrow(/create another/);
  });

  it("runs one program only", async () => {
    const interpreter = await Interpreter.create({ heapSize: HEAP });
    expect((await interpreter.runSource("pass")).status).toBe(0);
    await expect(interpreter.runSource("pass")).rejects.toThrow(/create another/);
    await interpreter.close();
  });

  for (const [what, source] of [
    ["computes", "while True: pass"],
    ["sleeps", "import time\ntime.sleep(60)"],
    ["waits for a lock", "import threading\nthreading.Event().wait()"],
    [
      "has busy threads",
      "import threading\ndef f():\n    while True: pass\n" +
        "for _ in range(2): threading.Thread(target=f).start()\nf()",
    ],
  ]) {
    it(`stops a program that ${what} when it is closed`, async () => {
      let started = (): void => {};
      const begun = new Promise<void>((done) => {
        started = done;
      });
      const interpreter = await Interpreter.create({ heapSize: HEAP, stdout: () => started() });
      const ended = interpreter.runSource(`print("begun", flush=True)\n${source}\n`);
      await begun;
      await interpreter.close();
      expect((await ended).status).toBe(STATUS_STOPPED);
    });
  }

  it("refuses options out of range with an OptionError", async () => {
    for (const options of [
      { heapSize: 1000 },
      { heapSize: Number.NaN },
      { switchIntervalUs: 0 },
      { maxThreads: 0 },
      { maxThreads: 575 },
      { gil: "fair" as never },
      { python: "3.8" as never },
    ]) {
      await expect(Interpreter.create(options)).rejects.toBeInstanceOf(OptionError);
    }
  });

  it("starts no more threads than it is allowed", async () => {
    let out = "";
    const stdout = (text: string): void => {
      out += text;
    };
    const interpreter = await Interpreter.create({ heapSize: HEAP, maxThreads: 3, stdout });
    const { status } = await interpreter.runSource(`
import threading
gate = threading.Event()
started = []
try:
    while True:
        t = threading.Thread(target=gate.wait)
        t.start()
        started.append(t)
except RuntimeError as e:
    print(len(started), e, threading.active_count())
gate.set()
for t in started: t.join()
# Whoever has joined a thread may start another in its place, at once.
for _ in range(100):
    pair = [threading.Thread(target=int) for _ in range(2)]
    for t in pair: t.start()
    for t in pair: t.join()
print("again")
`);
    await interpreter.close();
    expect(out).toBe("2 can't start new thread 3\nagain\n");
    expect(status).toBe(0);
  });

  it("leaves the event loop responsive while threads compute and are traced", async () => {
    const interpreter = await Interpreter.create({ heapSize: HEAP, statistics: true });
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const running = interpreter.runSource(`
import threading, time
end = time.monotonic() + 3
def compute():
    while time.monotonic() < end: pass
threads = [threading.Thread(target=compute) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
`);
    await new Promise((done) => setTimeout(done, 1000));
    delay.enable();
    await new Promise((done) => setTimeout(done, 1500));
    delay.disable();
    const { status, statistics } = await running;
    await interpreter.close();
    expect(status).toBe(0);
    expect(statistics!.droppedRecords).toBe(0);
    // The aim is 20 ms on a quiet machine; a loop that parks would be late by whole slices.
    expect(delay.percentile(50) / 1e6).toBeLessThan(50);
    if (process.env.TAKEGIL_FIGURES !== undefined) {
      console.log(`loop delay p50 ${delay.percentile(50) / 1e6} p99 ${delay.percentile(99) / 1e6}`);
    }
  });
});
