import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { demonstrations, snapshotLines } from "../../../experiments/memory/demonstrations.js";
import { drawRace } from "../../../experiments/memory/racefigure.js";
import { ROOT } from "../../../src/experiment/runtimes.js";
import { type RaceRun, raceCounts, raceModes } from "../../../src/index.js";
import { newReport, newSample, newSnapshot } from "../report/synthetic-heap.js";

describe("the demonstrations of memory", () => {
  it("look at their programs at two lines at least, each with a caption", () => {
    for (const { program } of demonstrations) {
      const source = readFileSync(join(ROOT, "experiments/memory", program), "utf8");
      const marks = snapshotLines(source);
      expect(marks.length, program).toBeGreaterThanOrEqual(2);
      for (const { caption } of marks) expect(caption).toMatch(/^\w/);
    }
    expect(snapshotLines("a = 1\nb = 2  # snapshot: here\n")).toEqual([
      { line: 2, caption: "here" },
    ]);
  });

  it("say in one sentence what was measured, short enough for the figure", () => {
    const snapshots = [newSnapshot(12), newSnapshot(11), newSnapshot(3)];
    const report = newReport(snapshots, [newSample(1), newSample(2)]);
    for (const { name, sentence } of demonstrations) {
      const text = sentence(report);
      expect(text, name).toMatch(/^[A-Z\d].*\.$/);
      expect(text, name).not.toMatch(/NaN|undefined|Infinity/);
      expect(text.length, text).toBeLessThan(170);
    }
  });
});

describe("the race", () => {
  it("loses nothing under the lock or with atomic operations, and never counts too much", async () => {
    const runs = await raceCounts(30_000, 2, () => {});
    expect(runs.map(({ mode }) => mode)).toEqual([...raceModes, ...raceModes]);
    for (const { mode, changes, counted } of runs) {
      expect(changes).toBe(60_000);
      if (mode === "no lock") expect(counted).toBeLessThanOrEqual(changes);
      else expect(counted, mode).toBe(changes);
    }
  });

  it("is drawn with a bar a run, in proportion to what was counted", () => {
    const run = (mode: RaceRun["mode"], counted: number): RaceRun => {
      return { mode, changes: 1000, counted, seconds: 0.01, overlap: 0.9 };
    };
    const svg = drawRace([run("no lock", 750), run("atomic", 1000), run("GIL", 1000)], "So.");
    const widths = [...svg.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="18"/g)];
    const [counted, lost, whole] = widths.map((match) => Number(match[1]));
    expect(counted / (counted + lost)).toBeCloseTo(0.75, 2);
    expect(whole).toBeCloseTo(counted + lost, 1);
    expect(svg).toContain("250 lost (25.0%), 10.0 ms");
    expect(svg).toContain("both ran 90.0% of it");
  });
});
