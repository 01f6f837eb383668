/** Tables of a sweep: each cell's figures; cells that differ in one factor beside each other. */
import { type Comparison, compare, effectName } from "../report/comparison.js";
import {
  type CellComparison,
  type CellSummary,
  cellName,
  formatValue,
  type Sample,
  summariseCells,
  toMarkdown,
} from "../report/results.js";
import type { Summary } from "../report/sampling.js";
import type { Definition } from "./definition.js";
import { factorsOf } from "./figures.js";
import type { Plan } from "./plan.js";

/** What a summary states. */
export interface SweepSummary {
  readonly cells: readonly CellSummary[];
  readonly comparisons: readonly CellComparison[];
}

/** Summarise samples with computed metrics, cells in the order of the plan. */
export function newSummary(
  executed: readonly Sample[],
  factors: readonly string[],
  { definition, cells: planned }: Plan,
): SweepSummary {
  const metrics = definition.metrics.map(({ name }) => name);
  const order = new Map(planned.map((cell, i) => [cellName(cell), i]));
  const placeOf = (sample: Sample): number => order.get(cellName(factorsOf(sample, factors))) ?? -1;
  const samples = [...executed].sort((a, b) => placeOf(a) - placeOf(b));
  const cells = summariseCells(samples, factors, metrics);
  const comparisons = metrics.flatMap((metric) => comparisonsOf(samples, factors, metric));
  return { cells, comparisons };
}

/** Each factor's first value against the others, all other factors alike. */
function comparisonsOf(
  samples: readonly Sample[],
  factors: readonly string[],
  metric: string,
): CellComparison[] {
  const groups = new Map<string, { sample: Sample; values: number[] }>();
  for (const sample of samples) {
    const value = sample[metric];
    if (typeof value !== "number") continue;
    const name = cellName(factorsOf(sample, factors));
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { sample, values: [value] });
    else group.values.push(value);
  }
  const found: CellComparison[] = [];
  for (const factor of factors) {
    const first = samples.at(0)?.[factor];
    for (const [cell, { sample, values }] of groups) {
      if (sample[factor] === first || sample[factor] === undefined) continue;
      const changed = { ...sample, [factor]: first } as Sample;
      const reference = cellName(factorsOf(changed, factors));
      const base = groups.get(reference);
      if (base === undefined) continue;
      found.push({ metric, reference, cell, result: compare(base.values, values) });
    }
  }
  return found;
}

/** Factors that take more than one value: what tells cells apart. */
export function varyingFactors(samples: readonly Sample[], factors: readonly string[]): string[] {
  const varying = factors.filter((name) => new Set(samples.map((sample) => sample[name])).size > 1);
  return varying.length > 0 ? varying : factors.slice(0, 1);
}

/** A cell's name without the factors that never vary. */
function shortName(cell: string, varying: readonly string[]): string {
  const parts = cell.split(",").filter((part) => varying.includes(part.split("=", 1)[0]));
  return parts.join(", ") || cell;
}

/** A ratio with its interval, as people read it. */
export function ratioText({ ratio, low, high }: Comparison): string {
  if (ratio === null) return "–";
  const interval = low === null || high === null ? "" : ` (${low.toFixed(3)}–${high.toFixed(3)})`;
  return `${ratio.toFixed(3)}${interval}`;
}

/** What a comparison says in one word. */
export function verdictText({ significant, delta, p }: Comparison): string {
  if (!significant) return "not significant";
  return `${effectName(delta)} (p ${p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`})`;
}

function spread({ low, high }: Summary): string {
  return low === null || high === null ? "" : `${formatValue(low)}–${formatValue(high)}`;
}

/** A table of medians with their intervals, a cell a line. */
export interface ShortTable {
  readonly head: readonly string[];
  readonly rows: string[][];
  /** Metrics for which there was no room. */
  readonly hidden: readonly string[];
}

/** The table that a terminal of so many columns has room for. */
export function shortTable(
  { cells }: SweepSummary,
  definition: Definition,
  varying: readonly string[],
  width: number,
): ShortTable {
  const names = cells.map(({ cell }) => shortName(cell, varying));
  const counts = cells.map(({ metrics }) => {
    return String(Math.max(0, ...Object.values(metrics).map(({ n }) => n)));
  });
  const columns: string[][] = [
    ["cell", ...names],
    ["n", ...counts],
  ];
  const widthOf = (column: readonly string[]): number =>
    Math.max(...column.map((text) => [...text].length)) + 2;
  let used = columns.reduce((sum, column) => sum + widthOf(column), 0);
  const hidden: string[] = [];
  for (const { name } of definition.metrics) {
    if (!cells.some(({ metrics }) => metrics[name])) continue;
    const texts = cells.map(({ metrics }) => {
      const figure = metrics[name];
      if (figure === undefined) return "–";
      const interval = spread(figure);
      return `${formatValue(figure.median)}${interval === "" ? "" : ` (${interval})`}`;
    });
    const column = [name, ...texts];
    used += widthOf(column);
    if (used > width && columns.length > 2) hidden.push(name);
    else columns.push(column);
  }
  const rows = cells.map((_, i) => columns.map((column) => column[i + 1]));
  return { head: columns.map(([title]) => title), rows, hidden };
}

/** The text of summary.md. */
export function summaryText(
  summary: SweepSummary,
  definition: Definition,
  varying: readonly string[],
): string {
  const parts = [`**${definition.title}**`, definition.text.trim()].filter((part) => part !== "");
  for (const { name, meaning } of definition.metrics) {
    const rows = summary.cells.flatMap(({ cell, metrics }) => {
      const figure = metrics[name];
      if (figure === undefined) return [];
      const { n, median, mean, sd, min, max } = figure;
      const row = [shortName(cell, varying), String(n), formatValue(median), spread(figure)];
      return [[...row, formatValue(mean), formatValue(sd), formatValue(min), formatValue(max)]];
    });
    if (rows.length === 0) continue;
    const head = ["cell", "n", "median", "95 % interval", "mean", "sd", "min", "max"];
    parts.push(`## ${name}`, meaning, toMarkdown(head, rows));
    const compared = summary.comparisons.filter(({ metric }) => metric === name);
    if (compared.length === 0) continue;
    const lines = compared.map(({ reference, cell, result }) => [
      shortName(cell, varying),
      shortName(reference, varying),
      ratioText(result),
      result.delta.toFixed(2),
      verdictText(result),
    ]);
    const columns = ["cell", "against", "ratio (95 % interval)", "Cliff's delta", "difference"];
    parts.push(toMarkdown(columns, lines));
  }
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
