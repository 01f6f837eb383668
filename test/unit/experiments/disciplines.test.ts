import { describe, expect, it } from "vitest";
import { measures, UNITS } from "../../../experiments/disciplines/measures.js";

const [countdown, sleeper, fairness] = measures;

describe("the disciplines experiment", () => {
  it("pairs countdown's runs by round", () => {
    const lines = ["1 1 12 1.0 7", "1 2 12 1.5 8 9", "1 4 12 2.0 1 2 3 4"];
    const more = ["2 1 12 2.0 7", "2 2 12 2.0 8 9", "2 4 12 2.0 1 2 3 4"];
    expect(countdown.read([...lines, ...more].join("\n"))).toEqual({
      countdown_2_ratio: 1.25,
      countdown_4_ratio: 1.5,
    });
    expect(countdown.read("1 1 12 1.0 7\n")).toBe(null);
    expect(countdown.read([...lines, "Traceback"].join("\n"))).toBe(null);
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
