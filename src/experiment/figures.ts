/** The figures that a description asks for, drawn from samples, distributions and traces. */
import { type CdfSeries, drawCdf } from "../report/cdfchart.js";
import { type AxisSpec, labelOf, unitOf } from "../report/chart.js";
import { type CurvePoint, type CurveSeries, drawCurves } from "../report/curvechart.js";
import { cellName, type Sample } from "../report/results.js";
import { median, summarise } from "../report/sampling.js";
import { drawSpeedup } from "../report/speedupchart.js";
import type { Definition, FigureSpec } from "./definition.js";
import { matches } from "./plan.js";
import { type Factors, quantity } from "./quantity.js";
import type { Distribution } from "./sweep.js";

/** What figures are drawn from. */
export interface FigureData {
  readonly definition: Definition;
  readonly samples: readonly Sample[];
  readonly factors: readonly string[];
  readonly distributions: readonly Distribution[];
  /** Where and when: the last line of every figure. */
  readonly footnote: string;
}

/** Draw a figure; null when there are no values for it. */
export function drawFigure(spec: FigureSpec, data: FigureData): string | null {
  if (spec.kind === "curve") return drawCurve(spec, data);
  if (spec.kind === "speedup") return drawBars(spec, data);
  return spec.kind === "cdf" ? drawDistribution(spec, data) : null;
}

function textOf(spec: FigureSpec, { definition, samples, factors, footnote }: FigureData) {
  const shown = samples.filter((sample) => matches(sample, spec.at));
  const varied = [spec.x, spec.by];
  const fixed = factors.filter((name) => !varied.includes(name));
  const facts = fixed.map((name) => {
    const values = [...new Set(shown.map((sample) => String(sample[name])))];
    return `${name.replaceAll("_", " ")} ${values.join(", ")}`;
  });
  const title = spec.title || definition.title;
  const bars = spec.kind === "cdf" ? "medians of the samples' quantiles" : "bars: 95 % interval";
  return { title, facts: [...facts, `${shown.length} samples`, bars], footnote };
}

/** Values of a column in the order in which they first appear, or numerically. */
function levelsOf(samples: readonly Sample[], column: string | null): (string | number)[] {
  if (column === null) return [""];
  const levels = [...new Set(samples.map((sample) => sample[column] as string | number))];
  const numeric = levels.every((level) => quantity(level) !== null);
  return numeric ? levels.sort((a, b) => quantity(a)! - quantity(b)!) : levels;
}

function nameOf(by: string | null, level: string | number): string {
  if (by === null) return "";
  return typeof level === "number" ? `${by.replaceAll("_", " ")} ${level}` : level;
}

function pointOf(x: number, values: readonly number[]): CurvePoint {
  const { median: y, low, high, n } = summarise(values);
  return { x, y, low, high, n };
}

function numbersOf(samples: readonly Sample[], column: string): number[] {
  return samples.map((sample) => sample[column]).filter((value) => typeof value === "number");
}

/** An axis is labelled with what the metric means, where the description says it. */
function axisOf(column: string, log: boolean, { definition }: FigureData): AxisSpec {
  const unit = unitOf(column);
  const meaning = definition.metrics.find(({ name }) => name === column)?.meaning ?? "";
  const rate = unit === "per second" ? ", per second" : "";
  return { label: meaning === "" ? labelOf(column) : `${meaning}${rate}`, unit, log };
}

function drawCurve(spec: FigureSpec, data: FigureData): string | null {
  const [xName, yName] = [spec.x!, spec.y!];
  const shown = data.samples.filter(
    (sample) => matches(sample, spec.at) && typeof sample[yName] === "number",
  );
  if (shown.length === 0) return null;
  const xs = levelsOf(shown, xName);
  const numeric = xs.every((level) => quantity(level) !== null);
  const xOf = (level: string | number): number => (numeric ? quantity(level)! : xs.indexOf(level));
  const series = levelsOf(shown, spec.by).map((level): CurveSeries => {
    const mine = shown.filter((sample) => spec.by === null || sample[spec.by] === level);
    const points = xs.flatMap((x) => {
      const values = numbersOf(
        mine.filter((sample) => sample[xName] === x),
        yName,
      );
      return values.length === 0 ? [] : [pointOf(xOf(x), values)];
    });
    return { name: nameOf(spec.by, level), points };
  });
  return drawCurves({
    ...textOf(spec, data),
    x: axisOf(xName, spec.log.includes("x"), data),
    y: axisOf(yName, spec.log.includes("y"), data),
    names: numeric ? null : new Map(xs.map((level, i) => [i, String(level)])),
    series,
    ideal: spec.ideal === "1" ? 1 : spec.ideal,
  });
}

function drawBars(spec: FigureSpec, data: FigureData): string | null {
  const [xName, yName] = [spec.x!, spec.y!];
  const shown = data.samples.filter(
    (sample) => matches(sample, spec.at) && typeof sample[yName] === "number",
  );
  if (shown.length === 0) return null;
  const groups = levelsOf(shown, xName);
  const names = levelsOf(shown, spec.by);
  const bars = groups.map((group) =>
    names.map((level) => {
      const members = shown.filter(
        (sample) => sample[xName] === group && (spec.by === null || sample[spec.by] === level),
      );
      if (members.length === 0) return null;
      const { median: value, low, high } = summarise(numbersOf(members, yName));
      return { value, low, high };
    }),
  );
  return drawSpeedup({
    ...textOf(spec, data),
    groups: groups.map(String),
    groupLabel: xName.replaceAll("_", " "),
    y: axisOf(yName, false, data),
    names: names.map((level) => nameOf(spec.by, level)),
    bars,
  });
}

function drawDistribution(spec: FigureSpec, data: FigureData): string | null {
  const series: CdfSeries[] = [];
  for (const level of levelsOf(data.samples, spec.by)) {
    const cells = data.samples.filter(
      (sample) => matches(sample, spec.at) && (spec.by === null || sample[spec.by] === level),
    );
    const names = new Set(cells.map((sample) => cellName(factorsOf(sample, data.factors))));
    const own = data.distributions.filter((d) => d.series === spec.y && names.has(d.cell));
    if (own.length === 0) continue;
    series.push({ name: nameOf(spec.by, level), quantiles: pooled(own) });
  }
  if (series.length === 0) return null;
  const label = labelOf(spec.y!);
  return drawCdf({ ...textOf(spec, data), label, unit: unitOf(spec.y!), series });
}

/** The factors of a sample. */
export function factorsOf(sample: Sample, names: readonly string[]): Factors {
  return Object.fromEntries(
    names
      .filter((name) => sample[name] !== undefined)
      .map((name) => [name, sample[name] as string | number]),
  );
}

/**
 * The median, at each fraction that all of them have, of the quantiles of several samples: with the
 * others, which the larger samples alone have, the curve could fall.
 */
export function pooled(distributions: readonly Distribution[]): [number, number][] {
  const byFraction = new Map<number, number[]>();
  for (const [fraction, value] of distributions.flatMap(({ quantiles }) => quantiles)) {
    const values = byFraction.get(fraction);
    if (values === undefined) byFraction.set(fraction, [value]);
    else values.push(value);
  }
  return [...byFraction]
    .filter(([, values]) => values.length === distributions.length)
    .sort(([a], [b]) => a - b)
    .map(([fraction, values]) => [fraction, median(values)]);
}
