import { describe, expect, it } from "vitest";
import { newStatistics } from "../../../src/report/statistics.js";
import { newTimeline } from "../../../src/report/timeline.js";
import { drawWaits } from "../../../src/report/waitchart.js";
import { countLogarithmic, newWaits, partUpTo } from "../../../src/report/waits.js";
import { readTrace } from "../../../src/trace/file.js";
import { simulate, writeFile } from "../trace/synthetic.js";
import { elementsOf, expectSelfContained } from "./svgcheck.js";

describe("waits", () => {
  it("are those the simulation knows, and agree with the statistics", () => {
    const run = simulate({ cpu: 4, io: 5, seconds: 0.5, seed: 7 });
    const trace = readTrace(run.bytes);
    const { threads } = newStatistics(trace);
    newWaits(newTimeline(trace)).forEach((row, i) => {
      const { ident, waitP50Seconds, waitP99Seconds, waitMaxSeconds } = threads[i];
      const known = [...run.books.get(ident)!.waits].sort((a, b) => a - b);
      expect([...row.waits]).toEqual(known);
      expect(row.p50Seconds).toBe(waitP50Seconds);
      expect(row.p99Seconds).toBe(waitP99Seconds);
      expect(row.maxSeconds).toBe(waitMaxSeconds);
      expect(row.totalSeconds).toBeCloseTo(known.reduce((a, b) => a + b, 0) / 1e9, 12);
      // The distribution at a percentile has reached it, and not a moment before.
      for (const [part, ns] of [
        [0.5, row.p50Seconds! * 1e9],
        [0.99, row.p99Seconds! * 1e9],
      ]) {
        const value = known.find((wait) => Math.abs(wait - ns) < 0.5)!;
        expect(partUpTo(row.waits, value)).toBeGreaterThanOrEqual(part);
        expect(partUpTo(row.waits, value - 1)).toBeLessThan(part);
      }
    });
  });

  it("are counted by equal ratios, what lies outside at the ends", () => {
    const values = Float64Array.of(0, 1, 9, 10, 11, 99, 100, 5000);
    expect([...countLogarithmic(values, 1, 1000, 3)]).toEqual([3, 3, 2]);
    expect([...countLogarithmic(new Float64Array(), 1, 10, 2)]).toEqual([0, 0]);
  });

  it("are distributed from none to all", () => {
    const sorted = Float64Array.of(2, 2, 4, 8);
    expect([1, 2, 3, 4, 8, 9].map((value) => partUpTo(sorted, value))).toEqual([
      0, 0.5, 0.5, 0.75, 1, 1,
    ]);
    expect(partUpTo(new Float64Array(), 1)).toBe(0);
  });
});

describe("the waits' picture", () => {
  const draw = (cpu: number, io: number) =>
    drawWaits(readTrace(simulate({ cpu, io, seconds: 0.6, seed: 5 }).bytes));

  it("has a row a thread with its figures and marks", () => {
    const run = simulate({ cpu: 2, io: 1, seconds: 0.6 });
    const trace = readTrace(run.bytes);
    const svg = drawWaits(trace);
    elementsOf(svg);
    expectSelfContained(svg);
    // The legend has one of each besides; the MainThread of the simulation never waits long.
    for (const mark of ["bars", "curve", "p50", "p99"]) {
      expect([...svg.matchAll(new RegExp(`class="${mark}"`, "g"))].length).toBe(5);
    }
    expect(svg).toContain(">switch interval</text>");
    expect(svg).toMatch(/>\d+ ms<\/text>/);
  });

  it("draws the curve upwards to the row's top", () => {
    const [, , curve] = [...draw(2, 1).matchAll(/class="curve" d="([^"]*)"/g)].map((m) => m[1]);
    const heights = [...curve.matchAll(/V([\d.]+)/g)].map((match) => Number(match[1]));
    for (let i = 1; i < heights.length; i++) expect(heights[i]).toBeLessThanOrEqual(heights[i - 1]);
    const foot = Number(/^M[\d.]+ ([\d.]+)/.exec(curve)?.[1]);
    expect(foot - heights.at(-1)!).toBeGreaterThan(30);
  });

  it("shows no interval where nobody asked after it", () => {
    expect(drawWaits(readTrace(simulate({ cpu: 0, seconds: 0.01 }).bytes))).not.toContain(
      ">switch interval</text>",
    );
  });

  it("stays legible and small with 16 and 64 threads, and with none", () => {
    for (const cpu of [12, 60]) {
      const svg = draw(cpu, 3);
      elementsOf(svg);
      expectSelfContained(svg);
      expect(svg.length).toBeLessThan(200_000);
      expect(svg).toContain(`>Thread-${cpu} (count)</text>`);
    }
    elementsOf(drawWaits(readTrace(writeFile([]))));
  });
});
