import { describe, expect, it } from "vitest";
import {
  jainIndex,
  newStatistics,
  percentile,
  type Statistics,
} from "../../../src/report/statistics.js";
import { readTrace, salvageTrace } from "../../../src/trace/file.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";
import { type PlainEvent, simulate, writeFile } from "../trace/synthetic.js";

/** Sums of float64 seconds against integers of nanoseconds. */
const ns = (seconds: number | null): number => Math.round((seconds ?? Number.NaN) * 1e9);

describe("statistics of a simulated run", () => {
  it.each([1, 2, 3, 4, 5, 6])("equal the simulation's own books, seed %i", (seed) => {
    const run = simulate({ cpu: 1 + (seed % 4), io: seed % 3, seed, seconds: 0.3 });
    const statistics = newStatistics(readTrace(run.bytes));
    expect(statistics.threads.length).toBe(run.threads.length);
    expect(statistics.threads[0].name).toBe("MainThread");
    for (const thread of statistics.threads) {
      const book = run.books.get(thread.ident)!;
      expect({
        name: thread.name,
        has: ns(thread.hasSeconds),
        waiting: ns(thread.waitingSeconds),
        off: ns(thread.offSeconds),
        wall: ns(thread.wallSeconds),
        acquisitions: thread.acquisitions,
        forced: thread.forcedDrops,
        voluntary: thread.voluntaryReleases,
        retries: thread.failedWakeups,
        timeouts: thread.timeouts,
        waitMax: ns(thread.waitMaxSeconds),
        outcome: thread.outcome,
      }).toEqual({
        name: run.threads.find(({ ident }) => ident === thread.ident)?.name,
        has: Math.round(book.has),
        waiting: Math.round(book.waiting),
        off: Math.round(book.wall - book.has - book.waiting),
        wall: Math.round(book.wall),
        acquisitions: book.acquisitions,
        forced: book.forced,
        voluntary: book.voluntary,
        retries: book.retries,
        timeouts: book.timeouts,
        waitMax: Math.round(Math.max(...book.waits)),
        outcome: "ended",
      });
      const waits = book.waits.toSorted((a, b) => a - b);
      const rank = (part: number): number => waits[Math.ceil(part * waits.length) - 1];
      expect(ns(thread.waitP50Seconds)).toBe(Math.round(rank(0.5)));
      expect(ns(thread.waitP99Seconds)).toBe(Math.round(rank(0.99)));
    }
    const [lock] = statistics.locks;
    expect(statistics.locks.length).toBe(1);
    const books = [...run.books.values()];
    expect(lock.switches).toBe(run.switches);
    expect(ns(lock.heldSeconds)).toBe(Math.round(books.reduce((sum, b) => sum + b.has, 0)));
    expect(lock.acquisitions).toBe(books.reduce((sum, b) => sum + b.acquisitions, 0));
    // The first event is the run's start, not the simulation's zero.
    const before = Math.min(...run.events.map((event) => event.time));
    expect(ns(lock.idleSeconds)).toBe(Math.round(run.idle - before));
    expect(ns(lock.heldSeconds) + ns(lock.idleSeconds)).toBe(ns(statistics.wallSeconds));
    const shares = statistics.threads.reduce((sum, thread) => sum + (thread.share ?? 0), 0);
    expect(shares).toBeCloseTo(1, 9);
    expect(statistics.records).toBe(run.events.length);
    expect(statistics.droppedRecords).toBe(0);
    expect(statistics.complete).toBe(true);
  });

  it("show two equal threads as fair, alternating every interval", () => {
    const run = simulate({ cpu: 2, seconds: 1, intervalUs: 5000 });
    const [lock] = newStatistics(readTrace(run.bytes)).locks;
    expect(lock.jainIndex).toBeGreaterThan(0.999);
    expect(lock.runP50Seconds).toBeGreaterThan(0.005);
    expect(lock.runP50Seconds).toBeLessThan(0.0052);
    expect(lock.retakenRatio).toBe(0);
    expect(lock.timeoutsPerSwitch).toBeCloseTo(1, 1);
  });
});

describe("statistics of small histories", () => {
  const build = (
    steps: [slot: number, time: number, event: number, argument?: number, reason?: number][],
    options = {},
  ): Statistics => {
    const events = steps.map(([slot, time, event, argument = 0, reason = 0]): PlainEvent => {
      return { time, event, reason, slot, ident: slot, argument, line: 0, ticks: 0 };
    });
    return newStatistics(readTrace(writeFile(events, options)));
  };

  it("merge retaken holds into one run", () => {
    const { locks } = build([
      [1, 0, TraceEvent.ThreadStart],
      [1, 0, TraceEvent.Request],
      [1, 100, TraceEvent.Acquire, 1],
      [1, 200, TraceEvent.Release, 1, ReleaseReason.BlockingIo],
      [1, 250, TraceEvent.Request],
      [1, 250, TraceEvent.Acquire, 2],
      [1, 400, TraceEvent.Release, 2, ReleaseReason.Sleep],
      [2, 300, TraceEvent.ThreadStart],
      [2, 310, TraceEvent.Request],
      [2, 430, TraceEvent.Acquire, 3],
      [2, 440, TraceEvent.Release, 3, ReleaseReason.ThreadExit],
      [2, 450, TraceEvent.ThreadEnd],
      [1, 500, TraceEvent.ThreadEnd],
    ]);
    const [lock] = locks;
    expect(lock.switches).toBe(1);
    expect(lock.retakenRatio).toBe(0.5);
    // Runs of 300 and 10 ns; nearest rank takes the lower of two.
    expect(ns(lock.runP50Seconds)).toBe(10);
    expect(ns(lock.holdP50Seconds)).toBe(100);
    expect(ns(lock.handOffP50Seconds)).toBe(30);
    expect(ns(lock.idleSeconds)).toBe(100 + 50 + 30 + 60);
    expect(lock.jainIndex).toBeNull();
  });

  it("end a dead thread's hold at its death", () => {
    const { threads, locks } = build([
      [0, 0, TraceEvent.ThreadStart],
      [1, 0, TraceEvent.ThreadStart],
      [1, 0, TraceEvent.Request],
      [1, 10, TraceEvent.Acquire, 1],
      [2, 20, TraceEvent.ThreadStart],
      [2, 30, TraceEvent.Request],
      [0, 110, TraceEvent.ThreadDeath, 1],
      [2, 150, TraceEvent.Acquire, 2],
      [2, 250, TraceEvent.Release, 2, ReleaseReason.ThreadExit],
      [2, 250, TraceEvent.ThreadEnd],
    ]);
    // The interpreter loop never took the GIL, so it has no line of its own.
    expect(threads.map((t) => [t.ident, t.outcome, ns(t.hasSeconds)])).toEqual([
      [1, "died", 100],
      [2, "ended", 100],
    ]);
    expect(ns(locks[0].heldSeconds) + ns(locks[0].idleSeconds)).toBe(250);
  });

  it("let a hold that the trace's end cuts off last to the end of the run", () => {
    const { threads, wallSeconds } = build(
      [
        [1, 0, TraceEvent.ThreadStart],
        [1, 0, TraceEvent.Request],
        [1, 10, TraceEvent.Acquire, 1],
        [2, 20, TraceEvent.ThreadStart],
        [2, 30, TraceEvent.Request],
      ],
      { endNs: 1000 },
    );
    expect(ns(wallSeconds)).toBe(1000);
    expect(ns(threads[0].hasSeconds)).toBe(990);
    expect(ns(threads[1].waitingSeconds)).toBe(970);
    // An acquisition that never came is no wait of a known length.
    expect(threads[1].waitMaxSeconds).toBeNull();
  });

  it("measure fairness while all competitors lived", () => {
    const drop = ReleaseReason.TickCheck;
    const { locks } = build([
      [1, 0, TraceEvent.ThreadStart],
      [1, 0, TraceEvent.Request],
      [1, 0, TraceEvent.Acquire, 1],
      [1, 500, TraceEvent.Release, 1, drop],
      [1, 500, TraceEvent.Request],
      [2, 200, TraceEvent.ThreadStart],
      [2, 200, TraceEvent.Request],
      [2, 500, TraceEvent.Acquire, 2],
      [2, 600, TraceEvent.Release, 2, drop],
      [2, 600, TraceEvent.ThreadEnd],
      [1, 600, TraceEvent.Acquire, 3],
      [1, 900, TraceEvent.Release, 3, drop],
      [1, 900, TraceEvent.ThreadEnd],
    ]);
    // From 200 to 600 thread 1 had it for 300 ns, thread 2 for 100.
    expect(locks[0].jainIndex).toBeCloseTo(400 ** 2 / (2 * (300 ** 2 + 100 ** 2)), 12);
  });

  it("say null, not 0, where there is nothing to measure", () => {
    const { locks, threads } = build([
      [1, 0, TraceEvent.ThreadStart],
      [1, 100, TraceEvent.ThreadEnd],
    ]);
    expect(threads[0].waitP50Seconds).toBeNull();
    expect(threads[0].share).toBeNull();
    expect(locks[0].runP50Seconds).toBeNull();
    expect(locks[0].timeoutsPerSwitch).toBeNull();
    expect(locks[0].heldRatio).toBe(0);
    expect(newStatistics(readTrace(writeFile([]))).locks).toEqual([]);
  });

  it("say that records are missing or the file is cut short", () => {
    const run = simulate({ cpu: 2, seconds: 0.1 });
    const lossy = readTrace(writeFile(run.events, { dropped: { 1: 5, 2: 7 } }));
    expect(newStatistics(lossy).droppedRecords).toBe(12);
    const { trace } = salvageTrace(run.bytes.subarray(0, run.bytes.length - 40));
    expect(newStatistics(trace).complete).toBe(false);
  });
});

describe("percentile", () => {
  it("is a value that occurred", () => {
    const values = Float64Array.of(1, 2, 3, 4);
    expect([0, 0.25, 0.5, 0.51, 0.99, 1].map((part) => percentile(values, part))).toEqual([
      1, 1, 2, 3, 4, 4,
    ]);
    expect(percentile(new Float64Array(0), 0.5)).toBeNull();
  });
});

describe("Jain's index", () => {
  it("is 1 for equal shares and 1/n for one winner", () => {
    expect(jainIndex([5, 5, 5])).toBe(1);
    expect(jainIndex([7, 0, 0, 0])).toBe(0.25);
    expect(jainIndex([])).toBeNull();
    expect(jainIndex([0, 0])).toBeNull();
  });
});
