import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDefinition } from "../../../src/experiment/definition.js";
import { factorNames } from "../../../src/experiment/derive.js";
import { drawFigure } from "../../../src/experiment/figures.js";
import { newPlan } from "../../../src/experiment/plan.js";
import { newSummary, shortTable, summaryText } from "../../../src/experiment/summary.js";
import { toPyperf } from "../../../src/report/pyperf.js";
import type { Sample } from "../../../src/report/results.js";
import { elementsOf, expectSelfContained } from "../report/svgcheck.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "takegil-summary-"));
  writeFileSync(join(folder, "x.py"), "");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TEXT = `
program: x.py
title: "Waits < & >"
factors: { threads: [1, 2, 8], gil: [py32, fifo], switch_interval: [1ms, 5ms] }
metrics:
  wait_seconds: { better: lower, meaning: how long }
  items_per_second: { better: higher, meaning: how many }
figures:
  - { kind: curve, name: a, x: threads, y: wait_seconds, by: gil, log: [x, y], ideal: "1" }
  - { kind: curve, name: b, x: switch_interval, y: wait_seconds, by: gil, ideal: x }
  - { kind: curve, name: c, x: gil, y: items_per_second, by: threads }
  - { kind: speedup, name: d, x: gil, y: items_per_second, by: threads }
  - { kind: cdf, name: e, y: wait_seconds, by: gil, at: { threads: 2 } }
  - kind: curve
    name: f
    x: threads
    y: wait_seconds
    by: [gil, switch_interval]
    among: { gil: [fifo], switch_interval: [1ms, 5ms] }
  - { kind: curve, name: empty, x: threads, y: wait_seconds, at: { threads: 99 } }
`;

function example() {
  const definition = parseDefinition(TEXT, join(folder, "experiment.yaml"));
  const plan = newPlan(definition, definition.full, { factors: {}, repeats: 4, seed: 1 });
  const samples = plan.launches.map(({ factors, number, repeat }): Sample => {
    const wait = Number(factors.threads) * (factors.gil === "fifo" ? 2 : 1) + repeat / 100;
    const measured = { wait_seconds: wait, items_per_second: 1000 / wait };
    return { launch: number, repeat, round: 1, ...factors, ...measured };
  });
  const factors = factorNames(samples, definition);
  return { definition, plan, samples, factors, summary: newSummary(samples, factors, plan) };
}

describe("a summary", () => {
  it("has the cells in the order of their values, compared with the first of them", () => {
    const { summary } = example();
    expect(summary.cells).toHaveLength(12);
    expect(summary.cells[0].cell).toBe("gil=py32,switch_interval=1ms,threads=1");
    expect(summary.cells.at(-1)!.cell).toBe("gil=fifo,switch_interval=5ms,threads=8");
    const gil = summary.comparisons.filter(
      ({ metric, reference, cell }) =>
        metric === "wait_seconds" &&
        reference.startsWith("gil=py32") &&
        cell.startsWith("gil=fifo"),
    );
    expect(gil).toHaveLength(6);
    for (const { result } of gil) {
      expect(result.ratio).toBeGreaterThan(1.9);
      expect(result.delta).toBe(1);
      expect(result.significant).toBe(true);
    }
  });

  it("is a table with as many columns as there is room for, and a text with all", () => {
    const { summary, definition } = example();
    const varying = ["threads", "gil"];
    const narrow = shortTable(summary, definition, varying, 60);
    expect(narrow.head).toEqual(["cell", "n", "wait_seconds"]);
    expect(narrow.hidden).toEqual(["items_per_second"]);
    expect(narrow.rows[0][0]).toBe("gil=py32, threads=1");
    expect(shortTable(summary, definition, varying, 300).hidden).toEqual([]);
    const text = summaryText(summary, definition, varying);
    for (const part of [
      "## wait_seconds",
      "## items_per_second",
      "| 95 % interval |",
      "large (p",
    ]) {
      expect(text).toContain(part);
    }
  });
});

describe("figures", () => {
  it("are self-contained, have a title and units, and are none without values", () => {
    const { definition, samples, factors } = example();
    const distributions = samples.map((sample) => ({
      cell: `gil=${sample.gil},switch_interval=${sample.switch_interval},threads=${sample.threads}`,
      launch: Number(sample.launch),
      round: 1,
      series: "wait_seconds",
      quantiles: [0, 0.5, 0.9, 0.99, 1].map((q) => [q, 0.001 * (1 + q)] as const),
    }));
    const data = { definition, samples, factors, distributions, footnote: "here & now" };
    for (const spec of definition.figures) {
      const svg = drawFigure(spec, data);
      if (spec.name === "empty") {
        expect(svg).toBe(null);
        continue;
      }
      elementsOf(svg!);
      expectSelfContained(svg!);
      expect(svg, spec.name).toContain("Waits &lt; &amp; &gt;");
      expect(svg).toContain("here &amp; now");
      expect(svg).toMatch(/>(\d+(\.\d+)?( (s|ms|µs))?)</);
    }
  });

  it("draw a line for each combination of factors, among the cells that are asked for", () => {
    const { definition, samples, factors } = example();
    const spec = definition.figures.find(({ name }) => name === "f")!;
    const data = { definition, samples, factors, distributions: [], footnote: "" };
    const svg = drawFigure(spec, data);
    expect(svg).toContain("fifo, 1ms");
    expect(svg).toContain("fifo, 5ms");
    expect(svg).not.toContain("py32");
  });
});

describe("files for pyperf", () => {
  it("keep to its format: version, names, units, runs with positive values", () => {
    const runs = [
      { values: [0.5, 0, Number.NaN, 0.25], metadata: {} },
      { values: [0], metadata: {} },
    ];
    const text = toPyperf([
      { name: "countdown threads=1", unit: "second", runs, metadata: { cpu_count: 2 } },
      { name: "nothing", unit: "byte", runs: [], metadata: {} },
    ]);
    const { version, benchmarks } = JSON.parse(text);
    expect(version).toBe("1.0");
    expect(benchmarks).toEqual([
      {
        metadata: { name: "countdown threads=1", unit: "second", cpu_count: 2 },
        runs: [{ metadata: {}, values: [0.5, 0.25] }],
      },
    ]);
  });
});
