import { describe, expect, it } from "vitest";
import { drawAscii } from "../../../src/report/ascii.js";
import { readTrace } from "../../../src/trace/file.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";
import { type PlainEvent, simulate, writeFile } from "../trace/synthetic.js";

/** The strips between the bars, by thread. */
function strips(text: string): Map<string, string> {
  const lines = [...text.matchAll(/^(.{18}) \|(.*)\|/gm)];
  return new Map(lines.map(([, name, strip]) => [name.trim(), strip]));
}

describe("a trace as text", () => {
  it("has a character for what each thread did in each column", () => {
    const events: PlainEvent[] = [];
    const put = (slot: number, ms: number, event: number, argument = 0, reason = 0): void => {
      const common = { slot, ident: slot, line: 0, ticks: 0 };
      events.push({ ...common, time: ms * 1e6, event, argument, reason });
    };
    // A hundred ms in forty columns: 2.5 ms each.
    put(1, 0, TraceEvent.ThreadStart);
    put(1, 0, TraceEvent.Request);
    put(1, 0, TraceEvent.Acquire, 1);
    put(2, 20, TraceEvent.ThreadStart);
    put(2, 30, TraceEvent.Request);
    put(2, 30, TraceEvent.Busy, 1);
    put(2, 41, TraceEvent.Wake);
    put(2, 41, TraceEvent.Retry, 1);
    put(1, 50, TraceEvent.Release, 1, ReleaseReason.Sleep);
    put(2, 50, TraceEvent.Acquire, 2);
    put(2, 71.5, TraceEvent.Release, 2, ReleaseReason.ThreadExit);
    put(2, 75, TraceEvent.ThreadEnd);
    put(1, 90, TraceEvent.Request);
    put(1, 90, TraceEvent.Acquire, 3);
    put(1, 100, TraceEvent.Release, 3, ReleaseReason.ThreadExit);
    events.sort((a, b) => a.time - b.time);
    const threads = [
      { ident: 1, slot: 1, name: "MainThread" },
      { ident: 2, slot: 2, name: "worker" },
    ];
    const text = drawAscii(readTrace(writeFile(events, { threads })), 79);
    const lines = strips(text);
    expect(lines.get("MainThread")).toBe(`${"#".repeat(20)}${".".repeat(16)}####`);
    const worker = `....----!---${"#".repeat(8)}+.`;
    expect(lines.get("worker")).toBe(`${" ".repeat(8)}${worker}${" ".repeat(10)}`);
    expect(text).toContain("60.0%");
    expect(text).toContain("# has GIL");
  });

  it("keeps to the width and to ASCII, with the strips all as long", () => {
    const trace = readTrace(simulate({ cpu: 12, io: 3, seconds: 0.5 }).bytes);
    for (const width of [60, 80, 140]) {
      const text = drawAscii(trace, width);
      for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
      const lines = [...strips(text).values()];
      expect(lines.length).toBe(16);
      expect(new Set(lines.map((line) => line.length)).size).toBe(1);
      expect(text.replaceAll("µs", "us")).toMatch(/^[\x00-\x7f]*$/);
    }
  });

  it("says how many threads it leaves out, and what was lost", () => {
    const run = simulate({ cpu: 2, seconds: 0.05 });
    const lossy = readTrace(writeFile(run.events, { dropped: { 1: 3 } }));
    expect(drawAscii(lossy, 80)).toContain("3 records lost: not to be trusted");
    const many = readTrace(simulate({ cpu: 140, seconds: 0.2 }).bytes);
    expect(drawAscii(many, 80)).toMatch(/^13 threads not shown$/m);
  });

  it("draws an empty trace", () => {
    expect(drawAscii(readTrace(writeFile([])), 80)).toContain("# has GIL");
  });
});
