import { describe, expect, it } from "vitest";
import { toChrome } from "../../../src/report/chrome.js";
import { newStatistics } from "../../../src/report/statistics.js";
import { readTrace } from "../../../src/trace/file.js";
import { simulate, writeFile } from "../trace/synthetic.js";

interface ChromeEvent {
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur: number;
  name: string;
  args: Record<string, unknown>;
}

function read(bytes: Uint8Array): { traceEvents: ChromeEvent[]; otherData: { program: string } } {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
}

describe("Chrome export", () => {
  const run = simulate({ cpu: 2, io: 1, seconds: 0.3, seed: 8 });
  const trace = readTrace(run.bytes);
  const { traceEvents, otherData } = read(toChrome(trace));
  const names = new Map(
    traceEvents
      .filter((event) => event.name === "thread_name")
      .map((event) => [event.tid, event.args.name as string]),
  );

  it("has complete events in µs that sum up to the statistics", () => {
    const sums = new Map<string, number>();
    for (const { ph, tid, dur, name } of traceEvents) {
      if (ph !== "X") continue;
      const key = `${names.get(tid)}: ${name}`;
      sums.set(key, (sums.get(key) ?? 0) + dur);
    }
    for (const thread of newStatistics(trace).threads) {
      expect(sums.get(`${thread.name} GIL: Has GIL`)).toBeCloseTo(thread.hasSeconds * 1e6, 3);
      const waiting = sums.get(`${thread.name} GIL: Waiting for GIL`);
      expect(waiting).toBeCloseTo(thread.waitingSeconds * 1e6, 3);
    }
  });

  it("never overlaps on a tid", () => {
    const ends = new Map<number, number>();
    const slices = traceEvents.filter((event) => event.ph === "X");
    for (const { tid, ts, dur } of slices.sort((a, b) => a.ts - b.ts)) {
      expect(dur).toBeGreaterThanOrEqual(0);
      expect(Math.round(ts * 1000)).toBeGreaterThanOrEqual(ends.get(tid) ?? 0);
      ends.set(tid, Math.round((ts + dur) * 1000));
    }
  });

  it("has no two holders at a time", () => {
    let end = 0;
    const holds = traceEvents.filter((event) => event.name === "Has GIL");
    for (const { ts, dur } of holds.sort((a, b) => a.ts - b.ts)) {
      expect(Math.round(ts * 1000)).toBeGreaterThanOrEqual(end);
      end = Math.round((ts + dur) * 1000);
    }
    expect(holds.map((hold) => hold.args.hold)).toEqual(holds.map((_, i) => i + 1));
  });

  it("says what ran, and is valid JSON for any name", () => {
    expect(otherData.program).toBe("countdown.py");
    const threads = run.threads.map((thread) => ({ ...thread, name: 'a"\\\n\ud800' }));
    const odd = read(toChrome(readTrace(writeFile(run.events, { threads }))));
    expect(odd.traceEvents.some((event) => event.args?.name === 'a"\\·· GIL')).toBe(true);
    expect(read(toChrome(readTrace(writeFile([])))).traceEvents.length).toBe(1);
  });

  it("writes traces larger than one piece", () => {
    const long = simulate({ cpu: 2, seconds: 0.2, intervalUs: 20 });
    const bytes = toChrome(readTrace(long.bytes));
    expect(bytes.length).toBeGreaterThan(2 ** 21);
    const holds = read(bytes).traceEvents.filter((event) => event.name === "Has GIL");
    const books = [...long.books.values()];
    expect(holds.length).toBe(books.reduce((sum, book) => sum + book.acquisitions, 0));
  });
});
