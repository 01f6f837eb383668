import { describe, expect, it } from "vitest";
import { newStatistics } from "../../../src/report/statistics.js";
import {
  formatCount,
  formatJson,
  formatName,
  formatSeconds,
  formatTable,
} from "../../../src/report/table.js";
import { readTrace, salvageTrace } from "../../../src/trace/file.js";
import { ReleaseReason, TraceEvent } from "../../../src/trace/record.js";
import { simulate, writeFile } from "../trace/synthetic.js";

describe("formats", () => {
  it("give durations three digits and a unit", () => {
    const cases: [number | null, string][] = [
      [null, "–"],
      [0, "0 s"],
      [1.5e-8, "15.0 ns"],
      [1.234e-7, "123 ns"],
      [9.996e-7, "1.00 µs"],
      [0.0051449, "5.14 ms"],
      [0.0999, "99.9 ms"],
      [0.99951, "1.00 s"],
      [12.345, "12.3 s"],
      [3600, "3600 s"],
    ];
    expect(cases.map(([value]) => formatSeconds(value))).toEqual(cases.map(([, text]) => text));
  });

  it("separate thousands and cut names", () => {
    expect(formatCount(999)).toBe("999");
    expect(formatCount(1234567)).toBe("1,234,567");
    expect(formatName("Thread-1 (count)", 24)).toBe("Thread-1 (count)");
    expect(formatName("a\u001b[31mb\nc", 24)).toBe("a·[31mb·c");
    expect(formatName("🐍".repeat(30), 5)).toBe("🐍🐍🐍🐍…");
  });
});

describe("table", () => {
  const run = simulate({ cpu: 2, io: 1, seconds: 0.3 });
  const statistics = newStatistics(readTrace(run.bytes));

  it("is aligned, has a line a thread and the lock's figures", () => {
    const lines = formatTable(statistics, Number.POSITIVE_INFINITY).split("\n");
    const rows = lines.slice(1, 3 + run.threads.length);
    expect(new Set(rows.map((line) => [...line].length)).size).toBe(1);
    expect(rows.slice(2).map((line) => line.split(/ {2,}/)[0])).toEqual(
      statistics.threads.map((thread) => thread.name),
    );
    const text = lines.join("\n");
    expect(text).toMatch(/GIL: held 9\d\.\d% of 3\d\d ms, idle .*; \d+ switches \(\d+\.\d\/s\)/);
    expect(text).toMatch(/run p50 .*timeouts per switch \d\.\d\d/);
    expect(text).toContain(`${formatCount(run.events.length)} records, none lost`);
    expect(text).not.toContain("checks");
    expect(text).not.toMatch(/[ ]$/m);
  });

  it("leaves columns out on a narrow terminal", () => {
    const lines = formatTable(statistics, 125).split("\n");
    for (const line of lines.slice(0, 3 + run.threads.length)) {
      expect([...line].length).toBeLessThanOrEqual(125);
    }
    expect(lines[1]).toContain("GIL %");
  });

  it("says so when records are lost, the file is cut or a thread died", () => {
    const lossy = readTrace(writeFile(run.events, { dropped: { 1: 1234 } }));
    expect(formatTable(newStatistics(lossy), 200)).toContain("1,234 LOST: these figures are not");
    const { trace } = salvageTrace(run.bytes.subarray(0, run.bytes.length - 40));
    expect(formatTable(newStatistics(trace), 200)).toContain("the trace is cut short");
    const common = { ident: 0, slot: 0, argument: 1, line: 0, ticks: 0, reason: 0 };
    const death = { ...common, time: 9e9, event: TraceEvent.ThreadDeath };
    const start = { ...common, slot: 1, ident: 1, time: 1, event: TraceEvent.ThreadStart };
    const dead = readTrace(writeFile([start, death]));
    expect(formatTable(newStatistics(dead), 200)).toContain("thread 1 (died)");
  });

  it("has a column for tick checks when there were any", () => {
    const events = run.events.map((event) =>
      event.event === TraceEvent.Release ? { ...event, reason: ReleaseReason.TickCheck } : event,
    );
    expect(formatTable(newStatistics(readTrace(writeFile(events))), 300)).toContain("checks");
  });

  it("has a JSON form with every figure", () => {
    expect(JSON.parse(formatJson(statistics))).toEqual(statistics);
  });
});
