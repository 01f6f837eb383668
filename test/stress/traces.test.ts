/** The traces of real programs: possible histories whose times add up, with named lanes. */
import { describe, expect, it } from "vitest";
import { Interpreter, type RunResult } from "../../src/index.js";
import { checkTrace } from "../../src/trace/automaton.js";

async function traced(source: string): Promise<RunResult & { out: string }> {
  let out = "";
  const stdout = (text: string): void => {
    out += text;
  };
  const interpreter = await Interpreter.create({ heapSize: 64 << 20, statistics: true, stdout });
  try {
    return { ...(await interpreter.runSource(source)), out };
  } finally {
    await interpreter.close();
  }
}

/** Programs, and the lanes their traces have. */
const programs: Record<string, { source: string; names: string[] }> = {
  "one thread": { source: "print(sum(range(1000)))", names: ["MainThread"] },
  "threads that compute": {
    source: `
import threading
def count(n):
    while n: n -= 1
threads = [threading.Thread(target=count, args=(100_000,)) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
`,
    names: ["MainThread", "Thread-1 (count)", "Thread-2 (count)", "Thread-3 (count)"],
  },
  "threads that pass locks around": {
    source: `
import threading
lock = threading.Lock()
cond = threading.Condition()
turn = 0
def play(me):
    global turn
    for _ in range(50):
        with cond:
            while turn != me: cond.wait()
            turn = 1 - me
            cond.notify_all()
        with lock: pass
threads = [threading.Thread(target=play, args=(i,), name=f"player {i}") for i in range(2)]
for t in threads: t.start()
for t in threads: t.join()
`,
    names: ["MainThread", "player 0", "player 1"],
  },
  "a queue": {
    source: `
import queue, threading, time
q = queue.Queue(3)
def consume():
    while q.get() is not None: pass
t = threading.Thread(target=consume)
t.start()
t.name = "consumer"
for i in range(100):
    q.put(i)
    if i % 20 == 0: time.sleep(0.001)
q.put(None)
t.join()
`,
    names: ["MainThread", "consumer"],
  },
  "daemon threads that are cut off": {
    source: `
import threading, time
def spin():
    while True: pass
def doze():
    while True: time.sleep(0.001)
threading.Thread(target=spin, daemon=True).start()
threading.Thread(target=doze, daemon=True).start()
time.sleep(0.05)
`,
    names: ["MainThread", "Thread-1 (spin)", "Thread-2 (doze)"],
  },
  "many short threads": {
    source: `
import threading
for _ in range(5):
    threads = [threading.Thread(target=int) for _ in range(4)]
    for t in threads: t.start()
    for t in threads: t.join()
`,
    names: ["MainThread", ...Array.from({ length: 20 }, (_, i) => `Thread-${i + 1} (int)`)],
  },
};

describe("the trace of a real program", () => {
  for (const [what, { source, names }] of Object.entries(programs)) {
    it(`is possible, adds up and names its lanes: ${what}`, async () => {
      const { status, trace, statistics } = await traced(source);
      expect(status).toBe(0);
      expect(checkTrace(trace!)).toBeNull();
      expect(trace!.history.skewNs).toBeLessThan(1e6);
      expect(statistics!.droppedRecords).toBe(0);
      expect(statistics!.complete).toBe(true);
      const [lock] = statistics!.locks;
      const wall = statistics!.wallSeconds;
      expect(Math.abs(lock.heldSeconds + lock.idleSeconds - wall)).toBeLessThan(wall * 0.01);
      for (const thread of statistics!.threads) {
        const parts = thread.hasSeconds + thread.waitingSeconds + thread.offSeconds;
        expect(Math.abs(parts - thread.wallSeconds)).toBeLessThan(1e-6);
      }
      const has = statistics!.threads.reduce((sum, thread) => sum + thread.hasSeconds, 0);
      expect(Math.abs(has - lock.heldSeconds)).toBeLessThan(wall * 0.01);
      expect(statistics!.threads.map((thread) => thread.name).sort()).toEqual(names.sort());
    });
  }

  it("starts with MainThread: what came before is not counted as idle", async () => {
    const { trace, statistics } = await traced("n = 0\nwhile n < 300_000: n += 1\n");
    const main = statistics!.threads[0];
    expect(main.wallSeconds).toBe(statistics!.wallSeconds);
    expect(trace!.threads.get(0)?.name).toBe("interpreter loop");
  });
});

describe("slots used again and again", () => {
  it("run every thread once: 5 x 500 short threads", async () => {
    const program = `
import threading
ran = []
lock = threading.Lock()
def tiny(i):
    with lock: ran.append(i)
for r in range(50):
    threads = [threading.Thread(target=tiny, args=(r * 50 + i,)) for i in range(50)]
    for t in threads: t.start()
    for t in threads: t.join()
print(len(ran), sorted(ran) == list(range(2500)), threading.active_count())
`;
    const interpreterRun = await traced(program);
    expect(interpreterRun.out).toBe("2500 True 1\n");
    expect(checkTrace(interpreterRun.trace!)).toBeNull();
  }, 120_000);
});
