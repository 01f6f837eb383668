/** Well-formed files with impossible contents: reports are wrong then, but they are reports. */
import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../src/base/random.js";
import { toChrome } from "../../../src/report/chrome.js";
import { drawLanes } from "../../../src/report/lanes.js";
import { toPerfetto } from "../../../src/report/perfetto.js";
import { newStatistics } from "../../../src/report/statistics.js";
import { formatJson, formatTable } from "../../../src/report/table.js";
import { checkTrace } from "../../../src/trace/automaton.js";
import { readTrace, type Trace } from "../../../src/trace/file.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";
import { type PlainEvent, simulate, writeFile } from "../trace/synthetic.js";
import { decode } from "./protobuf.js";

function expectReports(trace: Trace): void {
  checkTrace(trace);
  const statistics = newStatistics(trace);
  for (const text of [
    formatTable(statistics, 100),
    formatJson(statistics),
    drawLanes(trace, {}),
    new TextDecoder().decode(toChrome(trace)),
  ]) {
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  }
  decode(toPerfetto(trace));
}

describe("reports of impossible histories", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("of random events, seed %i", (seed) => {
    const random = new SeededRandom(seed);
    const span = [10, 1e4, 1e9, 9e17][seed % 4];
    const events: PlainEvent[] = Array.from({ length: 400 }, () => ({
      time: random.next() * (span / 2 ** 32),
      event: 1 + random.below(TraceEvent.Count - 1),
      reason: random.below(ReleaseReason.Count),
      slot: random.below(5),
      ident: random.below(8) * (seed % 2 === 0 ? 1 : 0x1fff_ffff),
      argument: (random.next() | 0) >> random.below(32),
      line: random.next() | 0,
      ticks: random.next(),
    }));
    expectReports(readTrace(writeFile(events)));
    events.sort((a, b) => a.time - b.time);
    expectReports(readTrace(writeFile(events)));
  });

  it.each([1, 2, 3, 4])("of a real history with parts missing, seed %i", (seed) => {
    const random = new SeededRandom(seed);
    const run = simulate({ cpu: 3, io: 2, seconds: 0.1, seed });
    const events = run.events.filter(() => random.below(10) > 0);
    expectReports(readTrace(writeFile(events)));
  });

  it("of very many threads", () => {
    const events: PlainEvent[] = [];
    for (let ident = 1; ident <= 130_000; ident++) {
      const common = { reason: 0, slot: ident % 200, ident, argument: 0, line: 0, ticks: 0 };
      events.push({ ...common, time: ident, event: TraceEvent.ThreadStart });
      events.push({ ...common, time: ident + 1, event: TraceEvent.Request });
    }
    const trace = readTrace(writeFile(events, { batch: 2000 }));
    expect(formatTable(newStatistics(trace), 100).split("\n").length).toBeGreaterThan(130_000);
    const svg = drawLanes(trace, {});
    expect(svg).toContain("129,744 threads not shown");
    expect(svg.length).toBeLessThan(1_000_000);
  });

  it("of a run without any event", () => {
    expectReports(readTrace(writeFile([])));
  });
});
