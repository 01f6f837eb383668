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

  it("takes fairness's figures as they are", () => {
    const line = "sample jain_index=0.9 least_share=0.2 greatest_share=0.3 starved_seconds=0.08\n";
    expect(fairness.read(line)).toEqual({
      jain_index: 0.9,
      least_share: 0.2,
      greatest_share: 0.3,
      starved_seconds: 0.08,
    });
    expect(fairness.read("sample jain_index=0.9\n")).toBe(null);
    expect(fairness.read("")).toBe(null);
  });

  it("has a title for every metric", () => {
    for (const metric of measures.flatMap(({ metrics }) => metrics)) {
      expect(UNITS).toHaveProperty(metric);
    }
  });
});
