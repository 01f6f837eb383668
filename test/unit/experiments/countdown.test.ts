import { describe, expect, it } from "vitest";
import {
  type CountdownRun,
  cellsOf,
  ratiosToSequential,
  readLine,
  sharesOf,
  TABLE_HEAD,
  tableRows,
  toRun,
  toSample,
  typicalRun,
} from "../../../experiments/countdown/analysis.js";
import { alignColumns } from "../../../experiments/runtimes.js";
import { newStatistics } from "../../../src/report/statistics.js";
import { newTimeline } from "../../../src/report/timeline.js";
import { readTrace } from "../../../src/trace/file.js";
import { simulate } from "../trace/synthetic.js";

const simulated = readTrace(simulate({ cpu: 2, seconds: 0.3 }).bytes);
const single = readTrace(simulate({ cpu: 1, seconds: 0.3 }).bytes);
const window = { fromSeconds: 0, toSeconds: 0.3 };

const isCounter = ({ slot }: { slot: number }) => slot > 1;
const run = (round: number, threads: number, seconds: number): CountdownRun => {
  const trace = threads === 1 ? single : simulated;
  const idents = [...trace.threads.values()].filter(isCounter).map(({ ident }) => ident);
  return { round, threads, seconds, idents, window, trace, statistics: newStatistics(trace) };
};
const runs = [
  run(1, 1, 1),
  run(1, 2, 1.1),
  run(2, 1, 2),
  run(2, 2, 2),
  run(3, 1, 1),
  run(3, 2, 0.9),
];

describe("countdown's analysis", () => {
  it("pairs each threaded run with the sequential run of its round", () => {
    expect(ratiosToSequential(runs, 2)).toEqual([1.1, 1, 0.9]);
    expect(ratiosToSequential(runs.slice(1), 2)).toEqual([1, 0.9]);
  });

  it("reads the program's lines and finds each run in the trace", () => {
    const { idents } = runs[1];
    expect(idents).toHaveLength(2);
    const line = readLine(`2 2 120 0.250000 ${idents.join(" ")}\n`)!;
    expect(line).toEqual({ round: 2, threads: 2, count: 120, seconds: 0.25, idents });
    expect(readLine("2 2 120 0.25 7")).toBe(null);
    expect(readLine("Traceback (most recent call last):")).toBe(null);
    const found = toRun(line, simulated, newTimeline(simulated));
    expect(found).toMatchObject({ round: 2, threads: 2, seconds: 0.25 });
    expect(found.window.toSeconds).toBeGreaterThan(found.window.fromSeconds);
    expect(sharesOf(found)).toHaveLength(2);
  });

  it("takes the run nearest the median as typical", () => {
    expect(typicalRun(runs, 2).seconds).toBe(1.1);
    expect(typicalRun(runs, 1).seconds).toBe(1);
  });

  it("divides the GIL's time among the counting threads, MainThread left out", () => {
    const shares = sharesOf(runs[1]);
    expect(shares).toHaveLength(2);
    expect(shares[0] + shares[1]).toBeCloseTo(1, 9);
    for (const share of shares) expect(share).toBeGreaterThan(0.4);
  });

  it("gives unknown values for what a sequential run does not have", () => {
    const sample = toSample(runs[0], 0.005);
    expect(sample).toMatchObject({ threads: 1, wall_seconds: 1, switches_expected: null });
    expect(toSample(runs[1], 0.005).switches_expected).toBeCloseTo(220, 9);
  });

  it("summarises each variant with its paired ratio", () => {
    const cells = cellsOf(runs, 0.005);
    expect(cells.map(({ cell }) => cell)).toEqual(["threads=1", "threads=2"]);
    expect(cells[0].metrics).not.toHaveProperty("ratio_to_sequential");
    expect(cells[1].metrics.ratio_to_sequential).toMatchObject({ n: 3, median: 1 });
  });

  it("prints a row a variant under aligned titles", () => {
    const rows = tableRows(runs, [1, 2], 0.005);
    expect(rows[0].slice(0, 6)).toEqual([
      "sequential",
      "3",
      "1.000",
      rows[0][3],
      "1.000–2.000",
      "1",
    ]);
    expect(rows[1].slice(0, 3)).toEqual(["2 threads", "3", "1.100"]);
    expect(rows[1][5]).toBe("1.000");
    expect(rows[1][8]).toBe("220");
    expect(rows.every((row) => row.length === TABLE_HEAD.length)).toBe(true);
    const lines = alignColumns(["a", "bb"], [["xyz", "1"]]).split("\n");
    expect(lines).toEqual(["a    bb", "xyz   1"]);
  });
});
