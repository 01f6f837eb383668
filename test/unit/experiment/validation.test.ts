import { describe, expect, it } from "vitest";
import { parseDefinition, type ReferenceFigure } from "../../../src/experiment/definition.js";
import { judge, validate, validatedRows } from "../../../src/experiment/validation.js";
import type { Sample } from "../../../src/report/results.js";

const figure = (low: number, high: number, relative = false): ReferenceFigure => ({
  metric: "slow_down",
  at: { threads: 2 },
  over: null,
  python: "3",
  real: "1",
  low,
  high,
  relative,
  source: "E1",
});
const around = (middle: number, spread: number) =>
  [-2, -1, 0, 1, 2].map((i) => middle + i * spread);

describe("a verdict", () => {
  it("agrees when the whole interval is tolerated, differs when none of it is", () => {
    expect(judge(figure(0.9, 1.1), around(1, 0.01), around(1, 0.01)).verdict).toBe("agrees");
    expect(judge(figure(0.9, 1.1), around(2, 0.01), around(1, 0.01)).verdict).toBe("differs");
  });

  it("is not given where the noise is larger than what is to be decided", () => {
    const noisy = judge(figure(0.9, 1.1), around(1.05, 0.1), around(1, 0.01));
    expect(noisy).toMatchObject({ verdict: "undecided", reason: /crosses/ });
    const few = judge(figure(0.9, 1.1), [1, 1], around(1, 0.01));
    expect(few).toMatchObject({ verdict: "undecided", reason: /fewer than 3/ });
    const reaching = judge(figure(0.9, 1.1), around(2, 0.01), around(1.2, 0.3));
    expect(reaching.reason).toBe("CPython itself is outside here");
    const elsewhere = judge(figure(0.9, 1.1), around(1, 0.01), around(1.5, 0.01));
    expect(elsewhere).toMatchObject({ verdict: "undecided", reason: /CPython itself/ });
    expect(judge(figure(0, 1), [], [1]).reason).toBe("takegil gave none");
    expect(judge(figure(0, 1), [1], []).reason).toBe("CPython gave none");
  });

  it("holds times to CPython's of the same run", () => {
    const relative = figure(0, 1.1, true);
    expect(judge(relative, around(8, 0.1), around(10, 0.1)).verdict).toBe("agrees");
    expect(judge(relative, around(20, 0.1), around(10, 0.1)).verdict).toBe("differs");
    expect(judge(relative, around(11, 0.5), around(10, 0.1)).verdict).toBe("undecided");
    const [row] = validatedRows([judge(relative, around(20, 0.1), around(10, 0.1))]);
    expect(row.at(-1)).toBe("differs");
    expect(row[3]).toMatch(/ratio [12]\.\d\d–2\.\d\d$/);
  });
});

describe("a validation", () => {
  const definition = parseDefinition(
    `
factors: { threads: [1, 2] }
metrics: { wall_seconds: time }
reference:
  - { metric: wall_seconds, at: { threads: 2 }, over: { threads: 1 }, source: E1,
      python: { "3": { real: "2", range: [1.9, 2.1] }, "2.7": { range: [5, .inf] } } }
`,
    "/nowhere/experiment.yaml",
  );
  const reference = {
    runtime: { name: "CPython 3.11.7", command: "python", args: [] },
    version: "3.11.7",
    key: "3",
  };

  it("divides cells within each repeat and takes rounds of a repeat as one value", () => {
    const samples: Sample[] = [];
    for (const runtime of ["takegil", "CPython 3.11.7"]) {
      for (const [repeat, base] of [1, 10, 100].entries()) {
        for (const wall of [1, 1.01, 1.02]) {
          samples.push({ repeat, runtime, threads: 1, wall_seconds: wall * base });
          samples.push({ repeat, runtime, threads: 2, wall_seconds: 2 * wall * base });
        }
      }
    }
    const [one, ...others] = validate(samples, definition, reference);
    expect(others).toEqual([]);
    expect(one.takegil).toMatchObject({ n: 3, median: 2 });
    expect(one).toMatchObject({
      verdict: "agrees",
      name: "wall_seconds at threads=2 / at threads=1",
    });
  });
});
