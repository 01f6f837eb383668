import { describe, expect, it } from "vitest";
import {
  bootstrapRatio,
  cliffsDelta,
  compare,
  effectName,
  mannWhitney,
} from "../../../src/report/comparison.js";

const range = (from: number, n: number): number[] => Array.from({ length: n }, (_, i) => from + i);

describe("the Mann-Whitney test", () => {
  it("counts small sets out: textbook values", () => {
    // Of the 252 orders of 5 and 5 values two are as extreme as no overlap at all.
    expect(mannWhitney(range(1, 5), range(6, 5))).toBeCloseTo(2 / 252, 12);
    expect(mannWhitney([1, 2, 3], [4, 5, 6])).toBeCloseTo(0.1, 12);
    expect(mannWhitney([1, 3, 5], [2, 4, 6])).toBeCloseTo(0.7, 12);
    expect(mannWhitney([1, 2], [1.5, 3])).toBeCloseTo(2 / 3, 12);
  });

  it("approximates large sets and ties", () => {
    // U = 700 where 450 is the mean; 20 pairs are tied: z = 249.5 / sqrt(75 (61 - 120 / 3540)).
    expect(mannWhitney(range(0, 30), range(10, 30))).toBeCloseTo(0.00022454, 6);
    expect(mannWhitney([1, 1, 1], [1, 1, 1])).toBe(1);
    expect(mannWhitney([1, 1, 2], [2, 3, 3])).toBeGreaterThan(0.05);
  });

  it("is symmetric", () => {
    const [a, b] = [
      [1, 5, 7, 9],
      [2, 3, 4, 20, 21],
    ];
    expect(mannWhitney(a, b)).toBeCloseTo(mannWhitney(b, a), 12);
  });
});

describe("Cliff's delta", () => {
  it("runs from -1 to 1", () => {
    expect(cliffsDelta([1, 2], [3, 4])).toBe(1);
    expect(cliffsDelta([3, 4], [1, 2])).toBe(-1);
    expect(cliffsDelta([1, 2], [1, 2])).toBe(0);
    expect([0.1, -0.2, 0.4, -0.9].map(effectName)).toEqual([
      "negligible",
      "small",
      "medium",
      "large",
    ]);
  });
});

describe("a comparison", () => {
  it("calls a clear difference significant, with an interval around its ratio", () => {
    const result = compare(range(100, 10), range(200, 10));
    expect(result.ratio).toBeCloseTo(204.5 / 104.5, 12);
    expect(result.low!).toBeLessThan(result.ratio!);
    expect(result.high!).toBeGreaterThan(result.ratio!);
    expect(result.significant).toBe(true);
  });

  it("calls chance what chance explains, and too few values", () => {
    expect(compare([1, 2, 3, 4], [1.1, 2.1, 2.9, 4.1]).significant).toBe(false);
    expect(compare([1], [2])).toMatchObject({ ratio: 2, low: null, significant: false });
    expect(compare([1, 2], [30, 40]).significant).toBe(false);
  });

  it("gives the same interval for the same values, and none without a ratio", () => {
    expect(bootstrapRatio([1, 2, 3], [2, 3, 4])).toEqual(bootstrapRatio([1, 2, 3], [2, 3, 4]));
    expect(compare([0, 0, 0], [1, 2, 3]).ratio).toBe(null);
  });
});
