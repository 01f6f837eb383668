/**
 * The same program under a real CPython and under takegil, interleaved, and their dimensionless
 * figures beside what is tolerated. Where the noise is larger than what is to be decided nothing
 * is decided.
 */
import { spawnSync } from "node:child_process";
import { bootstrapRatio } from "../report/comparison.js";
import { cellName, formatValue, type Sample } from "../report/results.js";
import { median, type Summary, summarise } from "../report/sampling.js";
import { type Definition, DefinitionError, type ReferenceFigure } from "./definition.js";
import { type Launch, matches, newPlan, type Plan, RUNTIME_FACTOR } from "./plan.js";
import type { Factors, Level } from "./quantity.js";
import type { Runtime } from "./runtimes.js";
import { TRUSTED_FOREIGN } from "./sweep.js";

/** A CPython that is compared with. */
export interface Reference {
  readonly runtime: Runtime;
  /** `2.7.18`. */
  readonly version: string;
  /** Key of the description's reference figures: `2.7` or `3`. */
  readonly key: string;
}

/** What is decided of a figure. */
export type Verdict = "agrees" | "differs" | "undecided";

/** A figure under both. */
export interface Validated {
  readonly figure: ReferenceFigure;
  /** The figure's name: its metric and cell. */
  readonly name: string;
  readonly takegil: Summary | null;
  readonly cpython: Summary | null;
  /** What is held to the tolerance: takegil's interval, or that of the ratio to CPython. */
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: Verdict;
  /** Why nothing is decided. */
  readonly reason: string;
}

/** Repeats below which nothing is decided. */
const LEAST_REPEATS = 3;
/** Versions whose check points takegil has. */
const CHECK_POINTS = ["2.7", "3.9", "3.10", "3.11", "3.12", "3.13"];

/** Ask an interpreter who it is. @throws {DefinitionError} */
export function newReference(path: string): Reference {
  const probe = "import sys; print('%d.%d.%d' % sys.version_info[:3])";
  const { stdout, error, status } = spawnSync(path, ["-c", probe], { encoding: "utf8" });
  const version = /(\d+\.\d+\.\d+)\s*$/.exec(stdout ?? "")?.[1];
  if (error !== undefined || status !== 0 || version === undefined) {
    throw new DefinitionError(
      `${path} is no Python interpreter: ${error?.message ?? "it does not run"}`,
    );
  }
  const [major, minor] = version.split(".").map(Number);
  if (major === 3 && minor < 2)
    throw new DefinitionError(`${path} is ${version}: 2.7, or 3.2 and later`);
  const runtime = { name: `CPython ${version}`, command: path, args: [] };
  return { runtime, version, key: major === 2 ? "2.7" : "3" };
}

/** The plan of a validation: the interpreter is a factor; takegil has the lock of the other. */
export function newValidation(
  definition: Definition,
  reference: Reference,
  options: {
    readonly factors: Readonly<Record<string, readonly Level[]>>;
    readonly repeats: number | null;
    readonly seed: number;
  },
): Plan {
  const isOld = reference.key === "2.7";
  const size = isOld ? definition.validatePython2 : definition.validate;
  const series = reference.version.split(".").slice(0, 2).join(".");
  const factors = {
    ...options.factors,
    gil: [isOld ? "py2-semaphore" : "py32"],
    ...(CHECK_POINTS.includes(series) ? { python: [series] } : {}),
    [RUNTIME_FACTOR]: [reference.runtime.name, "takegil"],
  };
  const named = { ...definition, name: `validate-${definition.name}`, figures: [] };
  const plan = newPlan(named, size, { ...options, factors });
  const overlay = (launch: Launch): Launch =>
    launch.factors[RUNTIME_FACTOR] === "takegil"
      ? { ...launch, factors: { ...launch.factors, ...size.takegil } }
      : launch;
  return { ...plan, launches: plan.launches.map(overlay) };
}

/** The figures of a validation's samples, computed metrics among them. */
export function validate(
  samples: readonly Sample[],
  definition: Definition,
  reference: Reference,
): Validated[] {
  return definition.reference
    .filter(({ python }) => python === reference.key)
    .map((figure) => {
      const ours = calmValuesOf(samples, figure, "takegil");
      const theirs = calmValuesOf(samples, figure, reference.runtime.name);
      return judge(figure, ours, theirs);
    });
}

/** Values of launches that nobody disturbed, where these are enough; else of all. */
function calmValuesOf(
  samples: readonly Sample[],
  figure: ReferenceFigure,
  runtime: string,
): number[] {
  const calm = samples.filter(({ foreign_cores }) => Number(foreign_cores) <= TRUSTED_FOREIGN);
  const values = valuesOf(calm, figure, runtime);
  return values.length >= LEAST_REPEATS ? values : valuesOf(samples, figure, runtime);
}

/** A figure's value in each repeat: runs within a repeat are no independent measurements. */
function valuesOf(samples: readonly Sample[], figure: ReferenceFigure, runtime: string): number[] {
  const of = (cell: Factors, repeat: unknown): number | null => {
    const values = samples
      .filter((sample) => sample.repeat === repeat && sample[RUNTIME_FACTOR] === runtime)
      .filter((sample) => matches(sample, cell))
      .map((sample) => sample[figure.metric])
      .filter((value) => typeof value === "number");
    return values.length === 0 ? null : median(values);
  };
  const repeats = [...new Set(samples.map(({ repeat }) => repeat))];
  return repeats.flatMap((repeat) => {
    const value = of(figure.at, repeat);
    if (value === null) return [];
    if (figure.over === null) return [value];
    const below = of({ ...figure.at, ...figure.over }, repeat);
    return below === null || below === 0 ? [] : [value / below];
  });
}

function nameOf({ metric, at, over }: ReferenceFigure): string {
  const cell = cellName(at);
  const name = cell === "" ? metric : `${metric} at ${cell}`;
  return over === null ? name : `${name} / at ${cellName(over)}`;
}

/** Hold a figure to its tolerance. */
export function judge(
  figure: ReferenceFigure,
  ours: readonly number[],
  theirs: readonly number[],
): Validated {
  const takegil = ours.length === 0 ? null : summarise(ours);
  const cpython = theirs.length === 0 ? null : summarise(theirs);
  const common = { figure, name: nameOf(figure), takegil, cpython };
  if (takegil === null || cpython === null) {
    const who = takegil === null ? "takegil" : "CPython";
    return { ...common, low: null, high: null, verdict: "undecided", reason: `${who} gave none` };
  }
  const ratio = figure.relative ? bootstrapRatio(theirs, ours) : null;
  const low = figure.relative ? (ratio?.low ?? null) : takegil.low;
  const high = figure.relative ? (ratio?.high ?? null) : takegil.high;
  const decided = { ...common, low, high };
  if (low === null || high === null || Math.min(ours.length, theirs.length) < LEAST_REPEATS) {
    return { ...decided, verdict: "undecided", reason: `fewer than ${LEAST_REPEATS} repeats` };
  }
  // What CPython does not keep to here and now cannot be asked of anybody.
  const holds = cpython.median >= figure.low && cpython.median <= figure.high;
  if (!figure.relative && !holds) {
    return { ...decided, verdict: "undecided", reason: "CPython itself is outside here" };
  }
  if (low >= figure.low && high <= figure.high)
    return { ...decided, verdict: "agrees", reason: "" };
  if (high < figure.low || low > figure.high) return { ...decided, verdict: "differs", reason: "" };
  return { ...decided, verdict: "undecided", reason: "the interval crosses the tolerance" };
}

/** Column titles of {@link validatedRows}. */
export const VALIDATED_HEAD = [
  "figure",
  "reference",
  "CPython here",
  "takegil",
  "tolerated",
  "verdict",
];

function withInterval(summary: Summary | null): string {
  if (summary === null) return "–";
  const { median: middle, low, high, n } = summary;
  if (low === null || high === null) return formatValue(middle);
  return `${formatValue(middle)} (${formatValue(low)}–${formatValue(high)}; ${n})`;
}

/** Rows of a table, a figure each. */
export function validatedRows(validated: readonly Validated[]): string[][] {
  return validated.map(({ figure, name, takegil, cpython, low, high, verdict, reason }) => {
    const ratio = figure.relative && low !== null && high !== null ? [low, high] : null;
    const ours = withInterval(takegil);
    const span = `${formatValue(figure.low)}–${figure.high === Infinity ? "" : formatValue(figure.high)}`;
    return [
      name,
      figure.relative ? "" : figure.real,
      withInterval(cpython),
      ratio === null ? ours : `${ours}, ratio ${ratio.map((value) => value.toFixed(2)).join("–")}`,
      figure.relative ? `ratio ${span}` : span,
      reason === "" ? verdict : `${verdict}: ${reason}`,
    ];
  });
}
