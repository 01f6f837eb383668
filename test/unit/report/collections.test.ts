import { describe, expect, it } from "vitest";
import { toChrome } from "../../../src/report/chrome.js";
import { newCollections } from "../../../src/report/collections.js";
import { drawLanes } from "../../../src/report/lanes.js";
import { toPerfetto } from "../../../src/report/perfetto.js";
import { newStatistics } from "../../../src/report/statistics.js";
import { formatTable } from "../../../src/report/table.js";
import { readTrace } from "../../../src/trace/file.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";
import { type PlainEvent, writeFile } from "../trace/synthetic.js";
import { decode } from "./protobuf.js";

/** A thread that collects twice; a finalizer of the second collection waits for a lock. */
function newEvents(): PlainEvent[] {
  const events: PlainEvent[] = [];
  const put = (time: number, event: number, argument = 0, reason = 0): void => {
    events.push({ time, event, reason, slot: 1, ident: 1, argument, line: 0, ticks: 0 });
  };
  put(0, TraceEvent.ThreadStart);
  put(1000, TraceEvent.Request);
  put(2000, TraceEvent.Acquire, 1);
  put(3000, TraceEvent.CollectBegin, 0);
  put(4000, TraceEvent.CollectSize, 701);
  put(5000, TraceEvent.CollectEnd, 12);
  put(6000, TraceEvent.CollectBegin, 2);
  put(7000, TraceEvent.CollectSize, 9000);
  put(8000, TraceEvent.Release, 1, ReleaseReason.LockWait);
  put(8100, TraceEvent.LockWait, 64);
  put(9000, TraceEvent.LockWake, 1);
  put(9100, TraceEvent.Request);
  put(9200, TraceEvent.Acquire, 2);
  put(10000, TraceEvent.CollectEnd, 3);
  put(11000, TraceEvent.Release, 2, ReleaseReason.ThreadExit);
  put(12000, TraceEvent.ThreadEnd);
  return events;
}

describe("collections in a trace", () => {
  const trace = readTrace(writeFile(newEvents()));

  it("are read with generation, examined and collected", () => {
    expect(newCollections(trace.history)).toEqual([
      { ident: 1, from: 3000, to: 5000, generation: 0, examined: 701, collected: 12 },
      { ident: 1, from: 6000, to: 10000, generation: 2, examined: 9000, collected: 3 },
    ]);
  });

  it("are summed by generation in the statistics", () => {
    const statistics = newStatistics(trace);
    expect(statistics.collections.map(({ generation, count }) => [generation, count])).toEqual([
      [0, 1],
      [2, 1],
    ]);
    expect(formatTable(statistics, Infinity)).toContain(
      "GC Collecting, generation 2: 1 collection in 4.00 µs, longest 4.00 µs; " +
        "9,000 objects examined, 3 collected",
    );
  });

  it("are slices in Chrome's format, a finalizer's lock wait inside", () => {
    const { traceEvents } = JSON.parse(new TextDecoder().decode(toChrome(trace)));
    const slices = (traceEvents as { ph: string; tid: number; ts: number; dur: number }[])
      .filter(({ ph, tid }) => ph === "X" && tid === 2)
      .map(({ ts, dur, ...rest }) => [ts, dur, (rest as unknown as { args: object }).args]);
    expect(slices).toEqual([
      [3, 2, { examined: 701, collected: 12 }],
      [8.1, 0.9, {}],
      [6, 4, { examined: 9000, collected: 3 }],
    ]);
  });

  it("carry their figures in Perfetto's format", () => {
    const facts: unknown[] = [];
    for (const packet of decode(toPerfetto(trace))) {
      for (const { field, value } of decode(packet.value as Uint8Array)) {
        if (field !== 11) continue;
        for (const inner of decode(value as Uint8Array)) {
          if (inner.field !== 4) continue;
          const annotation = decode(inner.value as Uint8Array);
          const name = annotation.find((one) => one.field === 10)!.value as Uint8Array;
          const number = annotation.find((one) => one.field === 4)!.value;
          facts.push([new TextDecoder().decode(name), number]);
        }
      }
    }
    expect(facts).toEqual([
      ["examined", 701],
      ["collected", 12],
      ["examined", 9000],
      ["collected", 3],
    ]);
  });

  it("are bars in the contention graph, with a legend", () => {
    const svg = drawLanes(trace, {});
    expect(svg).toContain("GC Collecting generation 2 for 4.00 µs: 9,000 examined, 3 collected");
    const without = newEvents().filter(
      ({ event }) => event < TraceEvent.CollectBegin || event > TraceEvent.CollectEnd,
    );
    const plain = without.filter(({ event }) => event !== TraceEvent.CollectSize);
    expect(drawLanes(readTrace(writeFile(plain)), {})).not.toContain("GC Collecting");
  });
});
