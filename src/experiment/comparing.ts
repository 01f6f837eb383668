/** Results beside each other: `takegil compare`. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Comparison, compare } from "../report/comparison.js";
import {
  cellName,
  formatValue,
  readLines,
  readManifest,
  type Sample,
  toMarkdown,
} from "../report/results.js";
import { ResultError } from "./report.js";
import { ratioText, verdictText } from "./summary.js";

/** The samples of one result, ready to be compared. */
export interface Contestant {
  /** How it is called: the folder or file that was named. */
  readonly name: string;
  readonly samples: readonly Sample[];
  readonly factors: readonly string[];
  /** Whether a metric is better lower or higher. */
  readonly metrics: ReadonlyMap<string, "lower" | "higher" | "neither">;
  readonly doubts: readonly string[];
}

/** Two cells of two results, in one metric. */
export interface Compared {
  readonly against: string;
  readonly cell: string;
  readonly metric: string;
  readonly better: "lower" | "higher" | "neither";
  readonly n: readonly [number, number];
  readonly result: Comparison;
}

/** A threshold such as `p99:5%`. */
export interface Threshold {
  readonly text: string;
  /** Part of the names of the metrics it holds for. */
  readonly metric: string;
  /** Tolerated worsening, as a ratio: 0.05. */
  readonly part: number;
}

/** Read a result folder, or a file that pyperf reads. @throws {ResultError} */
export function readContestant(path: string): Contestant {
  try {
    return path.endsWith(".json") ? readPyperf(path) : readFolder(path);
  } catch (error) {
    if (error instanceof ResultError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no manifest.json in it" : message;
    throw new ResultError(`${path} is no result: ${why}`);
  }
}

function readFolder(path: string): Contestant {
  const manifest = readManifest(path);
  const configuration = (manifest.configuration ?? {}) as Record<string, unknown>;
  if (typeof configuration.factors !== "object" || !Array.isArray(configuration.metrics)) {
    throw new ResultError(`${path} was not made by takegil sweep: its factors are not known`);
  }
  const samples = readLines<Sample>(join(path, "samples.ndjson"));
  if (samples.length === 0) throw new ResultError(`${path} holds no samples`);
  return {
    name: path,
    samples,
    factors: Object.keys(configuration.factors as object),
    metrics: new Map(configuration.metrics.map(({ name, better }) => [name, better])),
    doubts: (manifest.doubts ?? []) as string[],
  };
}

interface PyperfContent {
  readonly benchmarks: readonly {
    readonly metadata?: { readonly name?: string };
    readonly runs: readonly { readonly values?: readonly number[] }[];
  }[];
}

function readPyperf(path: string): Contestant {
  const { benchmarks } = JSON.parse(readFileSync(path, "utf8")) as PyperfContent;
  if (!Array.isArray(benchmarks)) throw new ResultError(`${path} is no file of pyperf's`);
  const samples = benchmarks.flatMap(({ metadata, runs }): Sample[] => {
    const benchmark = metadata?.name ?? basename(path, ".json");
    return runs.flatMap(({ values = [] }) => values.map((value) => ({ benchmark, value })));
  });
  if (samples.length === 0) throw new ResultError(`${path} holds no values`);
  const metrics = new Map([["value", "lower" as const]]);
  return { name: path, samples, factors: ["benchmark"], metrics, doubts: [] };
}

function levelsOf({ samples }: Contestant, factor: string): string[] {
  return [...new Set(samples.map((sample) => String(sample[factor])))];
}

/** Factors with one value each, but another: what is compared, and so no part of a cell's name. */
export function differingFactors(reference: Contestant, other: Contestant): string[] {
  return reference.factors.filter((factor) => {
    const [ours, theirs] = [levelsOf(reference, factor), levelsOf(other, factor)];
    return ours.length === 1 && theirs.length === 1 && ours[0] !== theirs[0];
  });
}

function groupsOf(contestant: Contestant, factors: readonly string[]): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of contestant.samples) {
    const cell = cellName(
      Object.fromEntries(factors.map((name) => [name, sample[name] as string | number])),
    );
    const group = groups.get(cell);
    if (group === undefined) groups.set(cell, [sample]);
    else group.push(sample);
  }
  return groups;
}

function valuesOf(samples: readonly Sample[], metric: string): number[] {
  return samples.map((sample) => sample[metric]).filter((value) => typeof value === "number");
}

/** Compare every cell that both results have, in every metric, or in some. */
export function compareResults(
  reference: Contestant,
  other: Contestant,
  wanted: readonly string[],
): Compared[] {
  const differing = differingFactors(reference, other);
  const shared = reference.factors.filter(
    (factor) => !differing.includes(factor) && other.factors.includes(factor),
  );
  const varying = shared.filter(
    (factor) => new Set([...levelsOf(reference, factor), ...levelsOf(other, factor)]).size > 1,
  );
  const [ours, theirs] = [groupsOf(reference, varying), groupsOf(other, varying)];
  const compared: Compared[] = [];
  for (const [cell, samples] of ours) {
    const counterpart = theirs.get(cell);
    if (counterpart === undefined) continue;
    for (const [metric, better] of reference.metrics) {
      if (wanted.length > 0 && !wanted.some((name) => metric.includes(name))) continue;
      const [a, b] = [valuesOf(samples, metric), valuesOf(counterpart, metric)];
      if (a.length === 0 || b.length === 0) continue;
      const n = [a.length, b.length] as const;
      compared.push({ against: other.name, cell, metric, better, n, result: compare(a, b) });
    }
  }
  return compared;
}

/** By how much the new values are worse, as a part of the reference; negative: better. */
function worsening({ better, result }: Compared): number | null {
  if (result.ratio === null) return null;
  if (better === "higher") return 1 - result.ratio;
  return better === "lower" ? result.ratio - 1 : Math.abs(result.ratio - 1);
}

/** Comparisons that are worse than a threshold allows, and not by chance. */
export function failuresOf(compared: readonly Compared[], thresholds: readonly Threshold[]) {
  return thresholds.flatMap((threshold) =>
    compared
      .filter((one) => one.metric.includes(threshold.metric) && one.result.significant)
      .filter((one) => (worsening(one) ?? 0) > threshold.part)
      .map((one) => ({ threshold, compared: one })),
  );
}

/** What a comparison comes to: `better`, `worse`, `other` or `not significant`. */
export function judgement(compared: Compared): string {
  const { result, better } = compared;
  const text = verdictText(result);
  if (!result.significant || better === "neither") return text;
  return `${(worsening(compared) ?? 0) > 0 ? "worse" : "better"}: ${text}`;
}

/** Column titles and rows of the table. */
export function comparedTable(compared: readonly Compared[]): { head: string[]; rows: string[][] } {
  const head = ["cell", "metric", "n", "reference", "new", "ratio (95 %)", "delta", "difference"];
  const rows = compared.map((one) => [
    one.cell || "all",
    one.metric,
    one.n.join(", "),
    formatValue(one.result.referenceMedian),
    formatValue(one.result.median),
    ratioText(one.result),
    one.result.delta.toFixed(2),
    judgement(one),
  ]);
  return { head, rows };
}

/** The same as Markdown. */
export function comparedMarkdown(compared: readonly Compared[]): string {
  const { head, rows } = comparedTable(compared);
  return toMarkdown(head, rows);
}
