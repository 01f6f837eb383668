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

/** The samples that a figure is about. */
function shownOf({ at, among }: FigureSpec, samples: readonly Sample[]): Sample[] {
  const allowed = Object.entries(among).map(
    ([name, levels]) => [name, levels.map(String)] as const,
  );
  return samples.filter(
    (sample) =>
      matches(sample, at) &&
      allowed.every(([name, levels]) => levels.includes(String(sample[name]))),
  );
}

function textOf(spec: FigureSpec, { definition, samples, factors, footnote }: FigureData) {
  const shown = shownOf(spec, samples);
  const varied = [spec.x, ...spec.by];
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
function levelsOf(samples: readonly Sample[], column: string): (string | number)[] {
  const levels = [...new Set(samples.map((sample) => sample[column] as string | number))];
  const numeric = levels.every((level) => quantity(level) !== null);
  return numeric ? levels.sort((a, b) => quantity(a)! - quantity(b)!) : levels;
}

/** A line or bar of a figure: the samples that it stands for, and what it is called. */
interface Line {
  readonly name: string;
  readonly samples: readonly Sample[];
}

/** The samples by the values of the factors `by`, in the order of those. */
function linesOf(samples: readonly Sample[], by: readonly string[]): Line[] {
  let lines: Line[] = [{ name: "", samples }];
  for (const column of by) {
    const levels = levelsOf(samples, column);
    lines = lines.flatMap((line) =>
      levels.map((level): Line => {
        const text = typeof level === "number" ? `${column.replaceAll("_", " ")} ${level}` : level;
        const name = line.name === "" ? text : `${line.name}, ${text}`;
        return { name, samples: line.samples.filter((sample) => sample[column] === level) };
      }),
    );
  }
  return lines.filter((line) => line.samples.length > 0);
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
  const shown = shownOf(spec, data.samples).filter((sample) => typeof sample[yName] === "number");
  if (shown.length === 0) return null;
  const xs = levelsOf(shown, xName);
  const numeric = xs.every((level) => quantity(level) !== null);
  const xOf = (level: string | number): number => (numeric ? quantity(level)! : xs.indexOf(level));
  const series = linesOf(shown, spec.by).map(({ name, samples }): CurveSeries => {
    const points = xs.flatMap((x) => {
      const values = numbersOf(
        samples.filter((sample) => sample[xName] === x),
        yName,
      );
      return values.length === 0 ? [] : [pointOf(xOf(x), values)];
    });
    return { name, points };
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
  const shown = shownOf(spec, data.samples).filter((sample) => typeof sample[yName] === "number");
  if (shown.length === 0) return null;
  const groups = levelsOf(shown, xName);
  const lines = linesOf(shown, spec.by);
  const bars = groups.map((group) =>
    lines.map(({ samples }) => {
      const members = samples.filter((sample) => sample[xName] === group);
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
    names: lines.map(({ name }) => name),
    bars,
  });
}

function drawDistribution(spec: FigureSpec, data: FigureData): string | null {
  const series: CdfSeries[] = [];
  const shown = shownOf(spec, data.samples);
  for (const { name, samples } of linesOf(shown, spec.by)) {
    const names = new Set(samples.map((sample) => cellName(factorsOf(sample, data.factors))));
    const own = data.distributions.filter((d) => d.series === spec.y && names.has(d.cell));
    if (own.length === 0) continue;
    series.push({ name, quantiles: pooled(own) });
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
