/**
 * Rules of the contract's chapter 8 as tests, read from traces: P1 (with `unit/vm/checkpoints`),
 * P3, P6, P7, and what the locks of 2.7 do around Python's own locks (T18). Where a rule is about
 * time the run is in virtual time: it holds exactly, whatever the machine's load.
 */
import { describe, expect, it } from "vitest";
import { type DisciplineName, Interpreter } from "../../../src/index.js";
import type { InterpreterOptions } from "../../../src/runtime/interpreter.js";
import type { History } from "../../../src/trace/history.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";

async function traced(source: string, options: InterpreterOptions): Promise<History> {
  let said = "";
  const stderr = (text: string): void => {
    said += text;
  };
  const all = { heapSize: 64 << 20, statistics: true, stderr, ...options };
  const interpreter = await Interpreter.create(all);
  try {
    const { status, trace } = await interpreter.runSource(source);
    expect(status, said).toBe(0);
    expect(trace!.footer!.dropped).toEqual({});
    return trace!.history;
  } finally {
    await interpreter.close();
  }
}

/** Threads that only count, named by their identities: MainThread's is 1. */
function counting(threads: number, count: number, intervalMs = 5): string {
  return `
import sys, threading
sys.setswitchinterval(${intervalMs / 1e3})
def count(n):
    while n: n -= 1
threads = [threading.Thread(target=count, args=(${count},)) for _ in range(${threads})]
for t in threads: t.start()
for t in threads: t.join()
`;
}

interface Record {
  readonly time: number;
  readonly event: number;
  readonly reason: number;
  readonly ident: number;
  readonly argument: number;
}

function recordsOf({ length, time, event, reason, ident, argument }: History): Record[] {
  return Array.from({ length }, (_, i) => ({
    time: time[i],
    event: event[i],
    reason: reason[i],
    ident: ident[i],
    argument: argument[i],
  })).sort((a, b) => a.time - b.time);
}

/** A thread's time from taking the lock from another one to the next change of holder. */
interface Run {
  readonly ident: number;
  readonly from: number;
  readonly to: number;
}

function runsOf(records: readonly Record[]): Run[] {
  const runs: Run[] = [];
  let holder = 0;
  let from = 0;
  for (const { event, ident, time } of records) {
    if (event !== TraceEvent.Acquire || ident === holder) continue;
    if (holder !== 0) runs.push({ ident: holder, from, to: time });
    holder = ident;
    from = time;
  }
  return runs;
}

/** From MainThread's last part in it to the end of the first counting thread: in ns. */
function commonLife(records: readonly Record[], threads: number): [from: number, to: number] {
  const ends = records.filter((one) => one.event === TraceEvent.ThreadEnd && one.ident > 1);
  expect(ends.length).toBe(threads);
  const to = Math.min(...ends.map(({ time }) => time));
  const main = records.filter(({ ident, time }) => ident === 1 && time < to);
  return [Math.max(...main.map(({ time }) => time)), to];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

describe("P3: runs of threads that compute, in virtual time", () => {
  for (const [intervalMs, threads] of [
    [1, 2],
    [1, 4],
    [5, 2],
    [5, 4],
    [20, 2],
    [20, 4],
    [100, 2],
  ]) {
    it(`interval ${intervalMs} ms, ${threads} threads`, async () => {
      // Some 14 runs of each thread: a turn takes 55 ns.
      const count = Math.round((14 * intervalMs * 1e6) / 55);
      const history = await traced(counting(threads, count, intervalMs), {
        virtual: { seed: 1, cores: 2 },
        switchIntervalUs: intervalMs * 1e3,
      });
      const records = recordsOf(history);
      const [from, to] = commonLife(records, threads);
      const runs = runsOf(records).filter((run) => run.from >= from && run.to < to);
      const lengths = runs.map((run) => (run.to - run.from) / 1e6);
      expect(runs.length).toBeGreaterThan(8 * threads);
      expect(Math.min(...lengths)).toBeGreaterThanOrEqual(0.98 * intervalMs);
      expect(median(lengths)).toBeGreaterThanOrEqual(intervalMs);
      expect(median(lengths)).toBeLessThanOrEqual(intervalMs + 5);
      const whole = lengths.reduce((sum, length) => sum + length, 0);
      const shares = new Map<number, number>();
      runs.forEach(({ ident }, i) => {
        shares.set(ident, (shares.get(ident) ?? 0) + lengths[i] / whole);
      });
      expect(shares.size).toBe(threads);
      for (const share of shares.values()) expect(Math.abs(share - 1 / threads)).toBeLessThan(0.07);
    });
  }
});

describe("P6 and P7: who asks, and who is next", () => {
  const MIXED = `${counting(2, 150_000, 1)}
import time
def doze():
    for _ in range(20): time.sleep(0.0005)
threads = [threading.Thread(target=f, args=a) for f, a in
           ((doze, ()), (doze, ()), (count, (100_000,)), (count, (100_000,)))]
for t in threads: t.start()
for t in threads: t.join()
`;
  for (const [title, options] of [
    ["in virtual time", { virtual: { seed: 3, cores: 2 } }],
    ["on real threads", {}],
  ] as const) {
    it(`${title}: after a drop that was asked for another thread has the lock (G7, G8)`, async () => {
      const records = recordsOf(await traced(MIXED, options));
      let asked = -1;
      let dropper = 0;
      let drops = 0;
      for (const { event, ident, argument } of records) {
        if (event === TraceEvent.DropRequest) asked = argument;
        else if (event === TraceEvent.Withdraw) asked = -1;
        else if (event === TraceEvent.Release && argument === asked) dropper = ident;
        else if (event === TraceEvent.Acquire && dropper !== 0) {
          expect(ident).not.toBe(dropper);
          dropper = 0;
          drops++;
        }
      }
      expect(drops).toBeGreaterThan(5);
    });
  }

  it("a request follows a whole interval without a change of holder, exactly (G4)", async () => {
    const interval = 1e6;
    const records = recordsOf(await traced(MIXED, { virtual: { seed: 5, cores: 4 } }));
    const waits = new Map<number, number>();
    let requests = 0;
    let holder = 0;
    let changed = 0;
    for (const { event, ident, time } of records) {
      if (event === TraceEvent.Wait) waits.set(ident, time);
      if (event === TraceEvent.Acquire) {
        if (ident !== holder) changed = time;
        holder = ident;
      }
      if (event !== TraceEvent.DropRequest) continue;
      requests++;
      expect(time - waits.get(ident)!).toBeGreaterThanOrEqual(interval);
      expect(changed).toBeLessThanOrEqual(waits.get(ident)!);
    }
    expect(requests).toBeGreaterThan(5);
  });
});

/** Counted instructions between the checks of a loop of 3 a turn, under 2.7's ticks. */
async function checkDistances(gil: DisciplineName, checkInterval: number): Promise<number[]> {
  const source = `
import threading
m = threading.Lock()
m.acquire()
t = threading.Thread(target=m.acquire)
t.start()
n = 4000
while n: n -= 1
m.release()
t.join()
`;
  const { length, event, reason, ident, ticks } = await traced(source, { gil, checkInterval });
  const distances: number[] = [];
  let last = -1;
  for (let i = 0; i < length; i++) {
    if (event[i] !== TraceEvent.Release || ident[i] !== 1) continue;
    const isCheck = reason[i] === ReleaseReason.TickCheck;
    if (isCheck && last >= 0) distances.push(ticks[i] - last);
    last = isCheck ? ticks[i] : -1;
  }
  return distances;
}

describe("2.7", () => {
  for (const gil of ["py2-semaphore", "py2-condvar"] as const) {
    it(`P1, ${gil}: checks are n+1 counted instructions apart (T6)`, async () => {
      for (const interval of [10, 100, 1000]) {
        const distances = await checkDistances(gil, interval);
        expect(distances.length).toBeGreaterThan(9);
        expect(median(distances)).toBe(interval + 1);
        // A point counts several instructions at once before a jump.
        for (const distance of distances) expect(distance).toBeLessThanOrEqual(interval + 3);
      }
    });

    it(`${gil}: taking a lock of Python's gives the GIL up, free or not (T18)`, async () => {
      const source = `
import threading
m = threading.Lock()
t = threading.Thread(target=lambda: None)
t.start(); t.join()
for _ in range(100):
    m.acquire()
    m.acquire(False)
    m.release()
`;
      const releases = async (discipline: DisciplineName): Promise<number> => {
        const { event, reason } = await traced(source, { gil: discipline });
        const isWait = (kind: number, i: number): boolean =>
          kind === TraceEvent.Release && reason[i] === ReleaseReason.LockWait;
        return event.filter(isWait).length;
      };
      expect(await releases(gil)).toBeGreaterThanOrEqual(200);
      expect(await releases("py32")).toBeLessThan(20);
    });
  }
});
