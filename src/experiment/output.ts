/**
 * What a program prints. `sample key=value …` is one measured run: factors it varied itself, and
 * metrics. `series NAME value …` gives single values of the sample above it, such as latencies.
 * `skip key=value …` says that there is no sample of these factors together. Other lines are for
 * people.
 */
import { percentile } from "../report/statistics.js";

/** A sample as the program printed it. */
export interface PrintedSample {
  readonly values: Readonly<Record<string, number | string | null>>;
  readonly series: Readonly<Record<string, Float64Array>>;
  /** Its threads, to find it in a trace. */
  readonly idents: readonly number[];
}

/** A line that begins like a sample or series and is none. */
export class OutputError extends Error {
  override name = "OutputError";
}

/** Percentiles that a series adds to its sample's metrics. */
const PERCENTILES = { p50: 0.5, p90: 0.9, p99: 0.99, max: 1 } as const;
/** Fractions at which a series is kept, for its distribution function. */
const FRACTIONS = [
  0,
  ...Array.from({ length: 99 }, (_, i) => (i + 1) / 100),
  0.995,
  0.999,
  0.9999,
  1,
];

/** Read all samples of a program's output. @throws {OutputError} */
export function readOutput(stdout: string): PrintedSample[] {
  const samples: Draft[] = [];
  for (const line of stdout.split("\n")) {
    const [kind, ...words] = line.trim().split(/\s+/);
    if (kind === "sample") samples.push(readSample(words, line));
    else if (kind === "series") {
      const [name, ...values] = words;
      const sample = samples.at(-1);
      if (sample === undefined || name === undefined) throw new OutputError(`no sample: ${line}`);
      const numbers = Float64Array.from(values, Number);
      if (numbers.some(Number.isNaN)) throw new OutputError(`not numbers: ${line.slice(0, 80)}`);
      sample.series[name] = numbers.sort();
      Object.assign(sample.values, percentilesOf(name, numbers));
    }
  }
  return samples;
}

/** The combinations of factors that the program says it does not measure. @throws {OutputError} */
export function readSkipped(stdout: string): PrintedSample[] {
  const lines = stdout.split("\n").map((line) => line.trim().split(/\s+/));
  return lines
    .filter(([kind]) => kind === "skip")
    .map(([, ...words]) => readSample(words, `skip ${words.join(" ")}`));
}

interface Draft {
  readonly values: Record<string, number | string | null>;
  readonly series: Record<string, Float64Array>;
  readonly idents: readonly number[];
}

function readSample(words: readonly string[], line: string): Draft {
  const values: Record<string, number | string | null> = {};
  let idents: number[] = [];
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 1) throw new OutputError(`not key=value: ${line.slice(0, 80)}`);
    const [key, text] = [word.slice(0, at), word.slice(at + 1)];
    const number = Number(text);
    if (key === "idents") idents = text.split(",").map(Number);
    else if (text === "" || text === "None") values[key] = null;
    else values[key] = Number.isFinite(number) ? number : text;
  }
  return { values, series: {}, idents };
}

/** `latency_seconds` gives `latency_p50_seconds` and so on: the unit stays last. */
function percentilesOf(name: string, sorted: Float64Array): Record<string, number | null> {
  const [, stem, unit] = /^(.*?)(_[a-z]+)?$/.exec(name)!;
  return Object.fromEntries(
    Object.entries(PERCENTILES).map(([word, fraction]) => [
      `${stem}_${word}${unit ?? ""}`,
      percentile(sorted, fraction),
    ]),
  );
}

/** A series as pairs of fraction and value, few enough to keep, and no finer than the series. */
export function quantilesOf(sorted: Float64Array): [number, number][] {
  if (sorted.length === 0) return [];
  const finest = 1 - 1 / sorted.length;
  return FRACTIONS.filter((fraction) => fraction <= finest || fraction === 1).map((fraction) => [
    fraction,
    percentile(sorted, fraction)!,
  ]);
}
