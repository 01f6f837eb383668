/**
 * Recordings of the lock that ships, on real threads: rings, file, reader, automaton and
 * statistics together.
 */
import { performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { threadWord } from "../../../src/gil/discipline.js";
import { Py32 } from "../../../src/gil/py32.js";
import { ThreadState } from "../../../src/memory/layout.js";
import { newStatistics } from "../../../src/report/statistics.js";
import { AtomicsMemory } from "../../../src/sync/atomics.js";
import { checkTrace } from "../../../src/trace/automaton.js";
import { readTrace, type Trace } from "../../../src/trace/file.js";
import { NullSink, TraceEvent } from "../../../src/trace/record.js";
import { TraceRecorder } from "../../../src/trace/recorder.js";
import { createRings, emptyContext, RingSink } from "../../../src/trace/ring.js";
import { type RecordedData, Shared } from "./recorded.js";
import { concat, header } from "./synthetic.js";

interface Recorded {
  readonly slot: number;
  readonly worker: Worker;
  readonly ended: Promise<void>;
}

/** What the interpreter loop does for a traced run. */
class Recording {
  readonly heap = new SharedArrayBuffer(Shared.End * 4);
  readonly I32 = new Int32Array(this.heap);
  readonly rings: SharedArrayBuffer;
  readonly gil: Py32;
  readonly loop: RingSink;
  readonly recorder: TraceRecorder;
  private readonly parts: Uint8Array[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(intervalUs: number, capacity = 16384) {
    this.rings = createRings(8, capacity);
    this.gil = new Py32(new AtomicsMemory(this.I32), new NullSink());
    this.gil.initialize(intervalUs);
    this.loop = new RingSink(this.rings, 0, 1, emptyContext());
    this.loop.emit(TraceEvent.ThreadStart, 0);
    const written = { ...header, switchIntervalUs: intervalUs };
    this.recorder = new TraceRecorder(this.rings, written, (bytes) => {
      this.parts.push(bytes.slice());
    });
    this.timer = setInterval(() => this.recorder.poll(), 5);
  }

  start(slot: number, kind: RecordedData["kind"], rounds: number): Recorded {
    const { heap, rings } = this;
    this.recorder.thread({ ident: slot + 100, slot, name: `${kind}-${slot}` });
    const data: RecordedData = { heap, rings, slot, ident: slot + 100, kind, rounds };
    const worker = new Worker(new URL("./recorded.js", import.meta.url), { workerData: data });
    const ended = new Promise<void>((resolve, reject) => {
      worker.on("error", reject);
      worker.on("exit", () => resolve());
    });
    return { slot, worker, ended };
  }

  async go(count: number): Promise<void> {
    while (Atomics.load(this.I32, Shared.Ready) < count) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    Atomics.store(this.I32, Shared.Go, 1);
    Atomics.notify(this.I32, Shared.Go);
  }

  died(thread: Recorded): void {
    this.loop.emit(TraceEvent.ThreadDeath, thread.slot + 100);
    this.gil.recover(thread.slot);
  }

  finish(): Trace {
    clearInterval(this.timer);
    this.recorder.finish(0);
    expect(this.recorder.poll()).toBe(0);
    return readTrace(concat(this.parts));
  }
}

function expectTruth(trace: Trace): void {
  expect(checkTrace(trace)).toBeNull();
  const statistics = newStatistics(trace);
  const [lock] = statistics.locks;
  const sum = lock.heldSeconds + lock.idleSeconds;
  expect(Math.abs(sum / statistics.wallSeconds - 1)).toBeLessThan(1e-6);
}

describe("recordings of the real lock", () => {
  it("of CPU threads are possible and complete", async () => {
    const recording = new Recording(1000);
    const threads = [1, 2, 3].map((slot) => recording.start(slot, "cpu", 30_000_000));
    await recording.go(3);
    await Promise.all(threads.map(({ ended }) => ended));
    const trace = recording.finish();
    expectTruth(trace);
    const statistics = newStatistics(trace);
    expect(statistics.droppedRecords).toBe(0);
    expect(recording.recorder.records).toBe(trace.history.length);
    expect(trace.footer?.status).toBe(0);
    expect(statistics.threads.map(({ outcome }) => outcome)).toEqual(["ended", "ended", "ended"]);
    expect(statistics.locks[0].switches).toBeGreaterThan(5);
    for (const { forcedDrops, acquisitions, voluntaryReleases } of statistics.threads) {
      expect(forcedDrops + voluntaryReleases).toBe(acquisitions);
      expect(voluntaryReleases).toBe(1);
    }
    // Ticks and lines come from the thread's own words.
    const last = trace.history.event.lastIndexOf(TraceEvent.ThreadEnd);
    expect(trace.history.ticks[last]).toBe(30_000_000);
    expect(trace.history.line[last]).toBeGreaterThanOrEqual(10);
  });

  it("of an I/O thread beside CPU threads are possible", async () => {
    const recording = new Recording(500);
    const threads = [
      recording.start(1, "cpu", 20_000_000),
      recording.start(2, "cpu", 20_000_000),
      recording.start(3, "io", 40),
      recording.start(4, "io", 40),
    ];
    await recording.go(4);
    await Promise.all(threads.map(({ ended }) => ended));
    const trace = recording.finish();
    expectTruth(trace);
    for (const { name, voluntaryReleases } of newStatistics(trace).threads) {
      // Forty sleeps and the end, or the end alone; drops that were asked for come on top.
      expect(voluntaryReleases).toBe(name.startsWith("io") ? 41 : 1);
    }
  });

  it("with more events than the rings hold are lossy, counted and not contradictory", async () => {
    const recording = new Recording(100, 64);
    const threads = [1, 2].map((slot) => recording.start(slot, "io", 200));
    threads.push(recording.start(3, "cpu", 100));
    await recording.go(3);
    // The interpreter loop is busy: nobody drains.
    const until = performance.now() + 120;
    while (performance.now() < until);
    await Promise.all(threads.map(({ ended }) => ended));
    const trace = recording.finish();
    const statistics = newStatistics(trace);
    expect(statistics.droppedRecords).toBeGreaterThan(0);
    expect(statistics.droppedRecords).toBe(recording.recorder.dropped);
    expect(checkTrace(trace)).toBeNull();
  });

  it("with threads killed anywhere are possible", async () => {
    const recording = new Recording(500);
    const threads = [1, 2, 3, 4].map((slot) =>
      recording.start(slot, slot % 2 === 0 ? "io" : "cpu", 1e9),
    );
    await recording.go(4);
    for (const thread of threads.slice(0, 3)) {
      await new Promise((resolve) => setTimeout(resolve, 25));
      await thread.worker.terminate();
      recording.died(thread);
    }
    Atomics.store(recording.I32, threadWord(4, ThreadState.Stop), 1);
    recording.gil.wakeAll();
    await threads[3].ended;
    const trace = recording.finish();
    expectTruth(trace);
    const outcomes = newStatistics(trace).threads.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "died").length).toBe(3);
  });
});
