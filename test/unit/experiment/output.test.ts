import { describe, expect, it } from "vitest";
import { parseDefinition } from "../../../src/experiment/definition.js";
import { withDerived } from "../../../src/experiment/derive.js";
import {
  OutputError,
  quantilesOf,
  readOutput,
  readSkipped,
} from "../../../src/experiment/output.js";
import { durationSeconds, parseLevel, programWord } from "../../../src/experiment/quantity.js";

describe("a program's output", () => {
  it("is samples with their series; other lines are for people", () => {
    const text = [
      "warming up",
      "sample threads=2 how=pipe wall_seconds=0.5 lost=None idents=7,9",
      "series latency_seconds 3 1 2",
      "sample threads=4 wall_seconds=1e-3",
      "",
    ].join("\n");
    const [first, second] = readOutput(text);
    expect(first.values).toEqual({
      threads: 2,
      how: "pipe",
      wall_seconds: 0.5,
      lost: null,
      latency_p50_seconds: 2,
      latency_p90_seconds: 3,
      latency_p99_seconds: 3,
      latency_max_seconds: 3,
    });
    expect(first.idents).toEqual([7, 9]);
    expect([...first.series.latency_seconds]).toEqual([1, 2, 3]);
    expect(second.values).toEqual({ threads: 4, wall_seconds: 0.001 });
  });

  it("tells which factors make no sense together", () => {
    const skipped = readSkipped("sample a=1\n skip a=1 b=x\nskipped a=3\n");
    expect(skipped.map(({ values }) => values)).toEqual([{ a: 1, b: "x" }]);
    expect(readOutput("skip a=1")).toEqual([]);
    expect(() => readSkipped("skip it")).toThrow(OutputError);
  });

  it("is refused where a sample or series is malformed", () => {
    for (const line of ["sample 5", "series x 1 2", "sample a=1\nseries x 1 two"]) {
      expect(() => readOutput(line)).toThrow(OutputError);
    }
  });

  it("keeps quantiles from the least to the greatest", () => {
    const sorted = Float64Array.from({ length: 1000 }, (_, i) => i + 1);
    const quantiles = quantilesOf(sorted);
    expect(quantiles[0]).toEqual([0, 1]);
    expect(quantiles.at(-1)).toEqual([1, 1000]);
    expect(quantiles.find(([fraction]) => fraction === 0.5)).toEqual([0.5, 500]);
    expect(quantilesOf(new Float64Array(0))).toEqual([]);
  });
});

describe("values of factors", () => {
  it("are numbers, words or durations", () => {
    expect(["4", "1e-3", "py32", "5ms", "3.10"].map(parseLevel)).toEqual([
      4,
      0.001,
      "py32",
      "5ms",
      3.1,
    ]);
    expect([durationSeconds("10us"), durationSeconds("2s"), durationSeconds(5)]).toEqual([
      1e-5,
      2,
      null,
    ]);
    expect([programWord("5ms"), programWord("py32"), programWord(4)]).toEqual([
      "0.005",
      "py32",
      "4",
    ]);
  });
});

describe("computed metrics", () => {
  const definition = parseDefinition(
    `
factors: { threads: [1, 2], switch_interval: 5ms }
metrics:
  wall_seconds: time
  slow_down: { ratio: wall_seconds, to: { threads: 1 } }
  speed_up: { ratio: wall_seconds, to: { threads: 1 }, inverse: true }
  over_interval: { ratio: wall_seconds, to: switch_interval }
`,
    "/nowhere/experiment.yaml",
  );
  const row = (launch: number, repeat: number, round: number, threads: number, wall: number) => {
    const cell = { threads, switch_interval: "5ms" };
    return { launch, repeat, round, ...cell, wall_seconds: wall };
  };

  it("pair a sample with its own round where one process ran both", () => {
    const samples = [
      row(1, 1, 1, 1, 2),
      row(1, 1, 1, 2, 3),
      row(1, 1, 2, 1, 4),
      row(1, 1, 2, 2, 4),
    ];
    const derived = withDerived(samples, definition);
    expect(derived.map((sample) => sample.slow_down)).toEqual([1, 1.5, 1, 1]);
    expect(derived[1].speed_up).toBeCloseTo(2 / 3, 12);
    expect(derived[1].over_interval).toBe(600);
  });

  it("take the other cell's median of the same repeat where processes differ", () => {
    const samples = [
      row(1, 1, 1, 1, 1),
      row(1, 1, 2, 1, 3),
      row(2, 1, 3, 2, 8),
      row(3, 2, 1, 2, 8),
    ];
    const derived = withDerived(samples, definition);
    expect(derived[2].slow_down).toBe(4);
    // The second repeat has no run in one thread: unknown, not 0.
    expect(derived[3].slow_down).toBe(null);
  });
});
