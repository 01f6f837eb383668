import { describe, expect, it } from "vitest";
import { newBlockingMatrix } from "../../../src/report/blocking.js";
import { drawBlocking } from "../../../src/report/blockingchart.js";
import { newStatistics } from "../../../src/report/statistics.js";
import { newTimeline, type Timeline } from "../../../src/report/timeline.js";
import { readTrace } from "../../../src/trace/file.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";
import { type PlainEvent, simulate, writeFile } from "../trace/synthetic.js";
import { elementsOf, expectSelfContained } from "./svgcheck.js";

/** Three threads: the first waits through two holds and the gap between them. */
function known(): Uint8Array {
  const events: PlainEvent[] = [];
  const put = (slot: number, time: number, event: number, argument = 0, reason = 0): void => {
    events.push({ time, event, reason, slot, ident: slot, argument, line: 0, ticks: 0 });
  };
  for (const slot of [1, 2, 3]) put(slot, 0, TraceEvent.ThreadStart);
  put(2, 0, TraceEvent.Request);
  put(2, 0, TraceEvent.Acquire, 1);
  put(1, 1000, TraceEvent.Request);
  put(2, 4000, TraceEvent.Release, 1, ReleaseReason.Sleep);
  put(3, 4000, TraceEvent.Request);
  put(3, 4500, TraceEvent.Acquire, 2);
  put(3, 6500, TraceEvent.Release, 2, ReleaseReason.Sleep);
  put(1, 7500, TraceEvent.Acquire, 3);
  put(1, 9000, TraceEvent.Release, 3, ReleaseReason.ThreadExit);
  return writeFile(events.sort((a, b) => a.time - b.time));
}

const all = (timeline: Timeline) => newBlockingMatrix(timeline, timeline.threads);

describe("who blocked whom", () => {
  it("cuts a wait at every hand-over", () => {
    const timeline = newTimeline(readTrace(known()));
    const { heldSeconds, nobodySeconds, othersSeconds } = all(timeline);
    const ns = (values: Float64Array) => Array.from(values, (value) => Math.round(value * 1e9));
    expect(timeline.threads.map(({ ident }) => ident)).toEqual([1, 2, 3]);
    expect(ns(heldSeconds)).toEqual([0, 3000, 2000, 0, 0, 0, 0, 0, 0]);
    expect(ns(nobodySeconds)).toEqual([1500, 0, 500]);
    expect(ns(othersSeconds)).toEqual([0, 0, 0]);
  });

  it("counts holders without a column as others", () => {
    const timeline = newTimeline(readTrace(known()));
    const { heldSeconds, othersSeconds, nobodySeconds } = newBlockingMatrix(timeline, [
      timeline.threads[0],
      timeline.threads[1],
    ]);
    expect(Math.round(heldSeconds[1] * 1e9)).toBe(3000);
    expect(Math.round(othersSeconds[0] * 1e9)).toBe(2000);
    expect(Math.round(nobodySeconds[0] * 1e9)).toBe(1500);
  });

  for (const seed of [1, 2, 3]) {
    it(`gives rows that sum to what each thread waited, nothing on the diagonal: ${seed}`, () => {
      const trace = readTrace(simulate({ cpu: 5, io: 4, seconds: 0.4, seed }).bytes);
      const timeline = newTimeline(trace);
      const { threads } = newStatistics(trace);
      const { heldSeconds, nobodySeconds } = all(timeline);
      const n = threads.length;
      threads.forEach((thread, row) => {
        const held = heldSeconds.subarray(row * n, (row + 1) * n);
        const sum = held.reduce((a, b) => a + b, nobodySeconds[row]);
        expect(sum).toBeCloseTo(thread.waitingSeconds, 9);
        expect(held[row]).toBe(0);
        expect(nobodySeconds[row]).toBeGreaterThanOrEqual(0);
      });
    });
  }

  it("keeps the locks of two interpreters apart", () => {
    const run = simulate({ cpu: 2, seconds: 0.05 });
    const timeline = newTimeline(readTrace(run.bytes));
    const threads = timeline.threads.map((thread, i) => ({ ...thread, interpreter: i % 2 }));
    const { heldSeconds } = newBlockingMatrix({ ...timeline, threads }, threads);
    expect(heldSeconds[0 * 3 + 1]).toBe(0);
    expect(heldSeconds[1 * 3 + 0]).toBe(0);
  });
});

describe("the matrix's picture", () => {
  it("says the finding in words and writes every figure", () => {
    const svg = drawBlocking(readTrace(known()));
    elementsOf(svg);
    expectSelfContained(svg);
    expect(svg).toContain(
      ">thread 1 waited 6.50 µs for the GIL; for 3.00 µs of it (46.2%) thread 2 had it.</text>",
    );
    expect(svg).toContain("<title>thread 1 waited 3.00 µs while thread 2 had the GIL</title>");
    expect(svg).toContain("<title>thread 1 waited 1.50 µs while nobody had the GIL</title>");
    expect(svg).not.toContain("waited 0 s");
  });

  it("draws traces without waits, and none at all", () => {
    const quiet = drawBlocking(readTrace(simulate({ cpu: 0, seconds: 0.02 }).bytes));
    expect(quiet).toContain("No thread waited for the GIL while another had it.");
    elementsOf(quiet);
    elementsOf(drawBlocking(readTrace(writeFile([]))));
  });

  it("stays legible and small with 16 and 64 threads", () => {
    for (const cpu of [14, 60]) {
      const svg = drawBlocking(readTrace(simulate({ cpu, io: 3, seconds: 2, seed: 2 }).bytes));
      elementsOf(svg);
      expectSelfContained(svg);
      expect(svg.length).toBeLessThan(1_500_000);
      expect(svg).toContain(`>Thread-${cpu} (count)</text>`);
    }
  });
});
