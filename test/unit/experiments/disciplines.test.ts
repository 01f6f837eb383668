import { describe, expect, it } from "vitest";
import { measures, UNITS } from "../../../experiments/disciplines/measures.js";

const [countdown, sleeper, fairness] = measures;

describe("the disciplines experiment", () => {
  it("pairs countdown's runs by round", () => {
    const lines = (...seconds: number[]): string =>
      [1, 2, 4].map((n, i) => `sample threads=${n} wall_seconds=${seconds[i]} idents=7\n`).join("");
    expect(countdown.read(lines(1, 1.5, 2) + lines(2, 2, 2))).toEqual({
      countdown_2_ratio: 1.25,
      countdown_4_ratio: 1.5,
    });
    expect(countdown.read("sample threads=1 wall_seconds=1\n")).toBe(null);
    expect(countdown.read("Traceback")).toBe(null);
  });

  it("takes the sleeper's microseconds as seconds", () => {
    expect(sleeper.read("5000.0 9000.0\n")).toEqual({
      late_p50_seconds: 0.005,
      late_p99_seconds: 0.009,
    });
    expect(sleeper.read("")).toBe(null);
  });

  it("finds the shares and the one that waited longest", () => {
    const figures = fairness.read("10 5.0\n10 80.0\n10 7.0\n10 9.0\n")!;
    expect(figures).toMatchObject({ jain_index: 1, least_share: 0.25, greatest_share: 0.25 });
    expect(figures.starved_seconds).toBeCloseTo(0.08, 12);
    const uneven = fairness.read("40 5.0\n0 2000.0\n0 5\n0 5\n")!;
    expect(uneven.jain_index).toBeCloseTo(0.25, 12);
    expect(uneven).toMatchObject({ least_share: 0, greatest_share: 1 });
    expect(fairness.read("10 5.0\n")).toBe(null);
  });

  it("has a title for every metric", () => {
    for (const metric of measures.flatMap(({ metrics }) => metrics)) {
      expect(UNITS).toHaveProperty(metric);
    }
  });
});
