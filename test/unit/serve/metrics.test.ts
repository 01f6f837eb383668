import { describe, expect, it } from "vitest";
import { Control, Region, ThreadLife, ThreadState } from "../../../src/memory/layout.js";
import { CountingSink, newCounters, readFigures } from "../../../src/runtime/counters.js";
import { addMeasures, formatMeasures, lastingMeasures } from "../../../src/serve/metrics.js";
import { NullSink, RecordKind, ReleaseReason, TraceEvent } from "../../../src/trace/record.js";

const forced = TraceEvent.Release | (ReleaseReason.Forced << RecordKind.ReasonShift);

function pause(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe("counters of the lock", () => {
  it("count what is over and what goes on, of threads that live", () => {
    const words = new Int32Array(new SharedArrayBuffer(1 << 22));
    words[Control.Pymalloc] = 0;
    const counters = newCounters();
    const first = new CountingSink(counters, 1, new NullSink());
    const second = new CountingSink(counters, 2, new NullSink());
    for (const slot of [1, 2]) {
      words[Region.Threads + slot * ThreadState.Size + ThreadState.Life] = ThreadLife.Running;
    }
    first.emit(TraceEvent.Request, 0);
    first.emit(TraceEvent.Acquire, 1);
    second.emit(TraceEvent.Request, 0);
    pause(5);
    let figures = readFigures(counters, words);
    expect(figures).toMatchObject({ waiters: 1, threads: 2, acquisitions: 1 });
    expect(figures.heldSeconds).toBeGreaterThanOrEqual(0.005);
    expect(figures.waitSeconds).toBeGreaterThanOrEqual(0.005);
    first.emit(forced, 1);
    second.emit(TraceEvent.Acquire, 2);
    figures = readFigures(counters, words);
    expect(figures.releases.forced).toBe(1);
    expect(figures.waiters).toBe(0);
    const before = figures.heldSeconds;
    pause(5);
    expect(readFigures(counters, words).heldSeconds).toBeGreaterThanOrEqual(before + 0.005);
    // A dead holder holds nothing any more.
    words[Region.Threads + 2 * ThreadState.Size + ThreadState.Life] = ThreadLife.Free;
    expect(readFigures(counters, words).heldSeconds).toBeLessThanOrEqual(before);
  });
});

describe("the text of the metrics", () => {
  it("groups what belongs to a family, and adds processes up", () => {
    const one = { 'http_requests_total{status="200"}': 2, gil_waiters: 1 };
    const sum = {};
    addMeasures(sum, one);
    addMeasures(sum, one);
    expect(formatMeasures(sum)).toBe(
      "# HELP gil_waiters Threads that wait for the GIL.\n# TYPE gil_waiters gauge\ngil_waiters 2\n" +
        "# HELP http_requests_total Requests answered, by status; 0 is a closed connection.\n" +
        '# TYPE http_requests_total counter\nhttp_requests_total{status="200"} 4\n',
    );
  });

  it("keeps the counters of what has ended, not its gauges", () => {
    const measures = {
      gil_waiters: 3,
      gil_held_seconds_total: 2,
      http_request_queue_seconds_sum: 1,
    };
    expect(lastingMeasures(measures)).toEqual({
      gil_held_seconds_total: 2,
      http_request_queue_seconds_sum: 1,
    });
  });
});
