import { describe, expect, it } from "vitest";
import {
  type BeazleyRun,
  type Contender,
  readLine,
  slowDown,
  TABLE_HEAD,
  tableRows,
  toSample,
} from "../../../experiments/beazley/analysis.js";
import { type Place, plans, published, publishedFor } from "../../../experiments/beazley/runs.js";
import { partWith } from "../../../src/experiment/lock.js";
import { newTimeline } from "../../../src/report/timeline.js";
import { readTrace } from "../../../src/trace/file.js";
import { simulate } from "../trace/synthetic.js";

const python: Contender = { name: "CPython 2.7", era: "old", isReference: true };
const ours: Contender = { name: "py2-condvar", era: "old", isReference: false };

const one: Place = { cpus: 1, spread: false };
const two: Place = { cpus: 2, spread: false };
const spread: Place = { cpus: 2, spread: true };

const run = (
  contender: Contender,
  round: string,
  threads: number,
  seconds: number,
  place: Place = one,
): BeazleyRun => ({ contender, place, round, threads, count: 1_000_000, seconds });

const runs = [
  run(python, "1.1", 1, 0.1),
  run(python, "1.1", 2, 0.2),
  run(python, "1.2", 1, 0.2),
  run(python, "1.2", 2, 0.4),
  run(ours, "1.1", 1, 1),
  run(ours, "1.1", 2, 3),
  run(ours, "1.1", 2, 9, two),
  run(ours, "1.1", 1, 1, spread),
  run(ours, "1.1", 2, 4, spread),
];

describe("Beazley's runs", () => {
  it("are read from what the program prints, and nothing else is", () => {
    expect(readLine("2 2 1200 0.125000 17 18")).toEqual({
      round: 2,
      threads: 2,
      count: 1200,
      seconds: 0.125,
      idents: [17, 18],
    });
    for (const line of ["", "2 2 1200 0.125 17", "a b c d e f", "1 1 5 0 3"]) {
      expect(readLine(line)).toBeNull();
    }
  });

  it("are compared with one thread of the same round, runtime and processors", () => {
    expect(slowDown(runs, runs[1])).toBe(2);
    expect(slowDown(runs, runs[3])).toBe(2);
    expect(slowDown(runs, runs[5])).toBe(3);
    expect(slowDown(runs, runs[0])).toBeNull();
    // Nothing ran in one thread on two processors.
    expect(slowDown(runs, runs[6])).toBeNull();
    expect(toSample(runs, runs[6]).slow_down).toBeNull();
  });

  it("make a table with the published figure and the ratio to CPython", () => {
    const rows = tableRows(runs, [python, ours], [2, 4], [one, two, spread]);
    expect(rows.length).toBe(3);
    const cell = (row: number, head: string) => rows[row][TABLE_HEAD.indexOf(head)];
    expect(cell(0, "slow-down")).toBe("2.00");
    expect(cell(0, "s / 100 M in one thread")).toBe("15");
    expect(cell(0, "/ CPython")).toBe("1");
    expect(cell(1, "slow-down")).toBe("3.00");
    expect(cell(1, "/ CPython")).toBe("1.50");
    expect(cell(1, "published")).toBe("1.45");
    expect(cell(2, "CPUs")).toBe("2 spread");
    expect(cell(2, "slow-down")).toBe("4.00");
    expect(cell(2, "published")).toBe("1.85");
    for (const row of rows) expect(row.length).toBe(TABLE_HEAD.length);
  });

  it("leave the ratio empty without a CPython", () => {
    expect(tableRows(runs, [ours], [2], [one])[0].at(-1)).toBe("");
  });

  it("are laid beside what was published for as many processors, or for several", () => {
    expect(publishedFor("old", 2, 1)?.seconds).toBe(11.3);
    expect(publishedFor("old", 2, 2)?.seconds).toBe(45.5);
    expect(publishedFor("old", 4, 2)?.seconds).toBe(15.7);
    expect(publishedFor("new", 2, 2)?.seconds).toBe(24);
    expect(publishedFor("new", 4, 1)).toBeNull();
    for (const { threads, places } of Object.values(plans)) {
      expect(publishedFor("old", threads[0], places[0].cpus)).not.toBeNull();
    }
    for (const { seconds, sequentialSeconds } of published) {
      expect(seconds).toBeGreaterThan(sequentialSeconds);
    }
  });

  it("are drawn from the part of the trace in which their threads lived", () => {
    const trace = readTrace(simulate({ cpu: 3, seconds: 0.1 }).bytes);
    const idents = [...trace.threads.keys()].slice(2);
    const part = partWith(trace, newTimeline(trace), idents);
    const { start, end } = newTimeline(part);
    const lives = newTimeline(trace).threads.filter(({ ident }) => idents.includes(ident));
    expect(start).toBe(Math.min(...lives.map((life) => life.start)));
    expect(end).toBe(Math.max(...lives.map((life) => life.end)));
  });
});
