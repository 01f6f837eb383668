import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { geometricMean, median, summarise } from "../../../src/report/sampling.js";

describe("median and geometric mean", () => {
  it("follow their definitions", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(geometricMean([1, 4])).toBeCloseTo(2, 12);
    expect(geometricMean([0.5, 2, 8, 0.125])).toBeCloseTo(1, 12);
  });

  it("refuse what has none", () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => geometricMean([])).toThrow(RangeError);
    expect(() => geometricMean([1, 0])).toThrow(/not 0/);
    expect(() => geometricMean([1, Number.NaN])).toThrow(/not NaN/);
  });
});

describe("summarise", () => {
  it("gives sample standard deviation, extremes and an interval around the median", () => {
    const summary = summarise([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(summary).toMatchObject({ n: 8, median: 4.5, mean: 5, min: 2, max: 9 });
    expect(summary.sd).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(summary.low).toBeGreaterThanOrEqual(2);
    expect(summary.low).toBeLessThan(4.5);
    expect(summary.high).toBeGreaterThan(4.5);
  });

  it("says unknown, not 0, of the spread of one value", () => {
    expect(summarise([3])).toEqual({
      n: 1,
      median: 3,
      mean: 3,
      sd: null,
      low: null,
      high: null,
      min: 3,
      max: 3,
    });
  });

  it("gives the same interval for the same values, and one inside their range", () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(values, (sample) => {
        const first = summarise(sample);
        expect(summarise(sample)).toEqual(first);
        expect(first.low).toBeGreaterThanOrEqual(first.min);
        expect(first.high).toBeLessThanOrEqual(first.max);
        expect(first.low).toBeLessThanOrEqual(first.high!);
      }),
      { numRuns: 30 },
    );
  });
});
