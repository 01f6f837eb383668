/**
 * What an experiment is: a Python program and the few lines of `experiment.yaml` beside it. See
 * docs/experiments.md, which explains every key.
 */
import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import type { Factors, Level } from "./quantity.js";
import { Reader } from "./reader.js";

/** A description that cannot be used; the message is one line for the user. */
export class DefinitionError extends Error {
  override name = "DefinitionError";
}

/** What a program measures, or what is computed from that. */
export interface Metric {
  /** The column in samples.csv; its end tells the unit: `_seconds`, `_bytes`, `_ratio`. */
  readonly name: string;
  /** What it means, in a few words. */
  readonly meaning: string;
  readonly better: "lower" | "higher" | "neither";
  /** For a computed one: the metric divided, null for a measured one. */
  readonly ratio: string | null;
  /** What it is divided by: the same metric of another cell, or a column of the same sample. */
  readonly to: Factors | string | null;
  /** Whether it is the divisor that is divided: speed-ups. */
  readonly inverse: boolean;
}

/** Kinds of figures. */
export const figureKinds = ["lanes", "gilvis", "curve", "cdf", "speedup"] as const;

/** A figure to draw of the results. */
export interface FigureSpec {
  readonly kind: (typeof figureKinds)[number];
  /** Its file's name, without `.svg`. */
  readonly name: string;
  readonly title: string;
  /** The factor along the x axis, of curve and speedup. */
  readonly x: string | null;
  /** The metric along the y axis; of cdf the series. */
  readonly y: string | null;
  /** The factors that a line is drawn for each combination of; none: one line. */
  readonly by: readonly string[];
  /** Axes that are logarithmic. */
  readonly log: readonly string[];
  /** The line `y = x` or `y = 1`, drawn beside. */
  readonly ideal: "x" | "1" | null;
  /** Only these cells; and of lanes the one to record. */
  readonly at: Factors;
  /** Only cells with one of the values, for each of these factors. */
  readonly among: Readonly<Record<string, readonly Level[]>>;
}

/** A dimensionless figure with what real CPython measured and what is tolerated. */
export interface ReferenceFigure {
  readonly metric: string;
  readonly at: Factors;
  /** The same metric of this cell divides it, where given. */
  readonly over: Factors | null;
  /** CPython's version: `2.7`, or `3` for all with the new lock. */
  readonly python: string;
  /** What was measured on the reference machine, as text: `1.62 (1.59-1.75)`. */
  readonly real: string;
  /** What is tolerated. */
  readonly low: number;
  readonly high: number;
  /** True: what is tolerated is takegil's figure / CPython's of the same run. */
  readonly relative: boolean;
  /** Which experiment of the reference it is from: `E1`. */
  readonly source: string;
}

/** Sizes that may differ between a full, a quick and a validating run. */
export interface Size {
  readonly factors: Readonly<Record<string, readonly Level[]>>;
  readonly repeats: number;
  /** Record every launch, and add what the lock did to each sample. */
  readonly traced: boolean;
  /** Of a validation: factors that takegil alone gets, in place of those above. */
  readonly takegil: Factors;
}

/** An experiment. */
export interface Definition {
  readonly name: string;
  readonly folder: string;
  /** Path of the program. */
  readonly program: string;
  /** The program's own arguments, where it is any program, whose process is measured. */
  readonly plain: readonly string[] | null;
  /** Path of the description; empty without one. */
  readonly path: string;
  readonly title: string;
  readonly text: string;
  /** The factors that the program itself varies, in one process. */
  readonly inside: readonly string[];
  readonly full: Size;
  readonly quick: Size;
  readonly validate: Size;
  /** The same for 2.7, whose lock has other settings. */
  readonly validatePython2: Size;
  readonly metrics: readonly Metric[];
  /** The metric that stands for a run: spread is judged by it, pyperf files hold it. */
  readonly judged: string;
  /** Longest time of a launch, s. */
  readonly limitSeconds: number;
  readonly figures: readonly FigureSpec[];
  readonly reference: readonly ReferenceFigure[];
}

/** Factors that the runtime is told, besides the program. */
export const runtimeFactors = [
  "gil",
  "switch_interval",
  "check_interval",
  "cores",
  "spread",
  "python",
];

/** Longest time of a launch unless the description says otherwise, s. */
const DEFAULT_LIMIT = 120;
const DEFAULT_REPEATS = 5;

/** Read the description in a folder, or a description's file. @throws {DefinitionError} */
export function readDefinition(path: string): Definition {
  const file = path.endsWith(".yaml") ? resolve(path) : resolve(path, "experiment.yaml");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new DefinitionError(`cannot read ${file}: ${code ?? String(error)}`);
  }
  return parseDefinition(text, file);
}

/** Read a description's text; `path` says where it is, and so where its program is. */
export function parseDefinition(text: string, path: string): Definition {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split("\n");
    throw new DefinitionError(`${path}: ${line}`);
  }
  const folder = dirname(path);
  const top = new Reader(content, (message) => new DefinitionError(`${path}: ${message}`));
  const name = top.text("name", basename(folder));
  const full = sizeOf(top, { factors: {}, repeats: DEFAULT_REPEATS, traced: false, takegil: {} });
  const inside = top.words("inside");
  for (const factor of inside) {
    if (full.factors[factor] === undefined) top.fail(`inside: there is no factor ${factor}`);
    if (runtimeFactors.includes(factor)) top.fail(`inside: a program cannot vary ${factor}`);
  }
  const metrics = top.entries("metrics").map(([metric, value]) => metricOf(metric, value));
  if (metrics.length === 0) top.fail("metrics: name at least one");
  const judged = top.text("judged", metrics[0].name);
  if (!metrics.some((metric) => metric.name === judged)) top.fail(`judged: no metric ${judged}`);
  const definition: Definition = {
    name,
    folder,
    path,
    plain: null,
    program: join(folder, top.text("program", `${basename(folder)}.py`)),
    title: top.text("title", name),
    text: top.text("text", ""),
    inside,
    full,
    quick: childSize(top, "quick", full),
    ...validateSizes(top, full),
    metrics,
    judged,
    limitSeconds: top.number("limit_seconds", DEFAULT_LIMIT),
    figures: top.items("figures").map(figureOf),
    reference: top.items("reference").flatMap(referencesOf),
  };
  top.finish();
  return definition;
}

/** Factors and repeats of one size; what is not said is as in the full size. */
function sizeOf(reader: Reader, base: Size): Size {
  const factors = { ...base.factors };
  for (const [factor, value] of reader.entries("factors")) {
    if (!/^[a-z][a-z0-9_]*$/.test(factor)) value.fail("a factor's name is a Python name");
    if (value.isNull) delete factors[factor];
    else factors[factor] = value.levels();
  }
  const repeats = reader.number("repeats", base.repeats);
  const traced = reader.has("traced") ? reader.flag("traced") : base.traced;
  const takegil = reader.has("takegil") ? reader.factors("takegil") : base.takegil;
  return { factors, repeats, traced, takegil };
}

function validateSizes(top: Reader, full: Size): Pick<Definition, "validate" | "validatePython2"> {
  const validate = childSize(top, "validate", full);
  return { validate, validatePython2: childSize(top, "validate_py2", validate) };
}

function childSize(top: Reader, key: string, full: Size): Size {
  const reader = top.child(key);
  const size = sizeOf(reader, full);
  reader.finish();
  return size;
}

function metricOf(name: string, reader: Reader): Metric {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) reader.fail("a metric's name is a Python name");
  if (reader.isText) {
    return {
      name,
      meaning: reader.wholeText(),
      better: "neither",
      ratio: null,
      to: null,
      inverse: false,
    };
  }
  const metric: Metric = {
    name,
    meaning: reader.text("meaning", ""),
    better: reader.choice("better", ["lower", "higher", "neither"] as const, "neither"),
    ratio: reader.text("ratio", "") || null,
    to: reader.factorsOrText("to"),
    inverse: reader.flag("inverse"),
  };
  if ((metric.ratio === null) !== (metric.to === null)) reader.fail("ratio and to go together");
  reader.finish();
  return metric;
}

function figureOf(reader: Reader): FigureSpec {
  const kind = reader.choice("kind", figureKinds, null);
  const spec: FigureSpec = {
    kind,
    name: reader.text("name", kind),
    title: reader.text("title", ""),
    x: reader.text("x", "") || null,
    y: reader.text("y", "") || null,
    by: reader.words("by"),
    log: reader.words("log"),
    ideal: reader.choice("ideal", ["x", "1", ""] as const, "") || null,
    at: reader.factors("at"),
    among: Object.fromEntries(
      reader.entries("among").map(([factor, value]) => [factor, value.levels()]),
    ),
  };
  const needs = {
    lanes: [],
    gilvis: [],
    curve: ["x", "y"],
    cdf: ["y"],
    speedup: ["x", "y"],
  } as const;
  for (const key of needs[kind]) if (spec[key] === null) reader.fail(`${kind} needs ${key}`);
  if (!/^[\w.-]+$/.test(spec.name)) reader.fail("name: it is a file's name");
  reader.finish();
  return spec;
}

/** One figure may be tolerated differently of each version. */
function referencesOf(reader: Reader): ReferenceFigure[] {
  const shared = {
    metric: reader.text("metric", ""),
    at: reader.factors("at"),
    over: reader.has("over") ? reader.factors("over") : null,
    source: reader.text("source", ""),
    relative: reader.flag("relative"),
  };
  if (shared.metric === "") reader.fail("metric: name one");
  const versions = reader.entries("python").map(([python, value]): ReferenceFigure => {
    const [low, high] = value.range("range");
    const figure = { ...shared, python, real: value.text("real", ""), low, high };
    value.finish();
    return figure;
  });
  if (versions.length === 0) reader.fail("python: name a version and its figures");
  reader.finish();
  return versions;
}
