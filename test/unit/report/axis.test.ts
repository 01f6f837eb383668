import { describe, expect, it } from "vitest";
import { newTicks, tickStep } from "../../../src/report/axis.js";
import { columnsPath, coordinate } from "../../../src/report/svg.js";

describe("time axis", () => {
  it("has round steps, at most as many as asked for", () => {
    expect(tickStep(100, 10)).toBe(10);
    expect(tickStep(101, 10)).toBe(20);
    expect(tickStep(2_010_000_000, 10)).toBe(500_000_000);
    expect(tickStep(3, 10)).toBe(1);
  });

  it("labels in the unit of its end", () => {
    const labels = (from: number, to: number): string[] =>
      newTicks(from, to, 0, 4).map((tick) => tick.label);
    expect(labels(0, 60e6)).toEqual(["0", "20 ms", "40 ms", "60 ms"]);
    expect(labels(0, 2.01e9)).toEqual(["0", "1 s", "2 s"]);
    expect(labels(1.2e9, 1.26e9)).toEqual(["1.20 s", "1.22 s", "1.24 s", "1.26 s"]);
  });

  it("counts from the window's start where absolute times would be long", () => {
    const ticks = newTicks(1.2e9 + 3, 1.2e9 + 303, 0, 4);
    expect(ticks.map((tick) => tick.label)).toEqual(["0", "+100 ns", "+200 ns", "+300 ns"]);
    expect(ticks[1].time).toBe(1.2e9 + 103);
  });

  it("puts ticks at times relative to the origin", () => {
    expect(newTicks(7, 7 + 40e6, 7, 4).map((tick) => tick.time)).toEqual([
      7,
      7 + 10e6,
      7 + 20e6,
      7 + 30e6,
      7 + 40e6,
    ]);
  });
});

describe("paths", () => {
  it("write short numbers", () => {
    expect([1, 1.5, 1.25, 1.239, -0.001, 1e5, 100].map(coordinate)).toEqual([
      "1",
      "1.5",
      "1.25",
      "1.24",
      "0",
      "100000",
      "100",
    ]);
  });

  it("join equal columns and leave out empty ones", () => {
    expect(columnsPath(10, 50, 2, Float64Array.of(0, 5, 5, 7, 0, 0, 3))).toBe(
      "M12 50V45H16V43H18V50ZM22 50V47H24V50Z",
    );
    expect(columnsPath(0, 10, 1, Float64Array.of(0, 0))).toBe("");
  });
});
