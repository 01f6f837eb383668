import { describe, expect, it } from "vitest";
import { pooled } from "../../../src/experiment/figures.js";
import { quantilesOf } from "../../../src/experiment/output.js";
import type { Distribution } from "../../../src/experiment/sweep.js";

const distribution = (values: number[], round: number): Distribution => ({
  cell: "",
  launch: 0,
  round,
  series: "latency",
  quantiles: quantilesOf(Float64Array.from(values)),
});

describe("distributions of several runs", () => {
  it("make a curve that never falls, also when the longest run has the shortest tail", () => {
    const short = Array.from({ length: 100 }, (_, i) => i + 1000);
    const long = Array.from({ length: 10_000 }, (_, i) => i / 100);
    const curve = pooled([distribution(short, 0), distribution(long, 1)]);
    const values = curve.map(([, value]) => value);
    expect(values.length).toBeGreaterThan(10);
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });
});
