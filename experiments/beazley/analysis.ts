import { formatValue, type Sample } from "../../src/report/results.js";
import { type Summary, summarise } from "../../src/report/sampling.js";
import { type Era, type Place, publishedFor, titleOf } from "./runs.js";

/** From the measured runs of Beazley's experiments to their table. */

/** What runs the program. */
export interface Contender {
  readonly name: string;
  readonly era: Era;
  /** CPython itself: what takegil's disciplines of the same era are compared with. */
  readonly isReference: boolean;
}

/** One measured run. */
export interface BeazleyRun {
  readonly contender: Contender;
  readonly place: Place;
  /** Of the process, then of the program inside it: runs of one round were taken side by side. */
  readonly round: string;
  readonly threads: number;
  readonly count: number;
  readonly seconds: number;
}

/** A line of the program: what it says of a run. */
export interface Printed {
  readonly round: number;
  readonly threads: number;
  readonly count: number;
  readonly seconds: number;
  readonly idents: readonly number[];
}

/** Read a line of count.py; null for something else. */
export function readLine(line: string): Printed | null {
  const [round, threads, count, seconds, ...idents] = line.trim().split(" ").map(Number);
  const complete = idents.length === threads && idents.every((ident) => ident > 0);
  return complete && seconds > 0 ? { round, threads, count, seconds, idents } : null;
}

function isSame(a: Place, b: Place): boolean {
  return a.cpus === b.cpus && a.spread === b.spread;
}

/** A run's slow-down: its time / that of one thread in the same round; null without such a run. */
export function slowDown(runs: readonly BeazleyRun[], run: BeazleyRun): number | null {
  const base = runs.find(
    (other) =>
      other.contender === run.contender &&
      isSame(other.place, run.place) &&
      other.round === run.round &&
      other.threads === 1,
  );
  return base === undefined || run.threads === 1 ? null : run.seconds / base.seconds;
}

/** Slow-downs of all runs of a variant, summarised; null when there are none. */
function slowDowns(
  runs: readonly BeazleyRun[],
  contender: Contender,
  threads: number,
  place: Place,
): Summary | null {
  const values = runs
    .filter((run) => run.contender === contender && run.threads === threads)
    .filter((run) => isSame(run.place, place))
    .map((run) => slowDown(runs, run))
    .filter((value) => value !== null);
  return values.length === 0 ? null : summarise(values);
}

/** A run as a row of samples.csv. */
export function toSample(runs: readonly BeazleyRun[], run: BeazleyRun): Sample {
  return {
    runtime: run.contender.name,
    cpus: run.place.cpus,
    spread: run.place.spread ? 1 : 0,
    threads: run.threads,
    round: run.round,
    count: run.count,
    wall_seconds: run.seconds,
    slow_down: slowDown(runs, run),
  };
}

/** Column titles of {@link tableRows}. */
export const TABLE_HEAD = [
  "runtime",
  "CPUs",
  "threads",
  "runs",
  "s / 100 M in one thread",
  "slow-down",
  "95 % interval",
  "published",
  "/ CPython",
];

/** The table: for each variant CPython's slow-down, then those of takegil's disciplines. */
export function tableRows(
  runs: readonly BeazleyRun[],
  contenders: readonly Contender[],
  threads: readonly number[],
  places: readonly Place[],
): string[][] {
  const rows: string[][] = [];
  for (const place of places) {
    for (const count of threads) {
      for (const contender of contenders) {
        const figures = slowDowns(runs, contender, count, place);
        if (figures === null) continue;
        const { median, n, low, high } = figures;
        const figure = publishedFor(contender.era, count, place.cpus);
        rows.push([
          contender.name,
          titleOf(place),
          String(count),
          String(n),
          formatValue(hundredMillion(runs, contender, place)),
          median.toFixed(2),
          low === null || high === null ? "" : `${low.toFixed(2)}–${high.toFixed(2)}`,
          figure === null ? "" : (figure.seconds / figure.sequentialSeconds).toFixed(2),
          ratioToReference(runs, contenders, contender, count, place, median),
        ]);
      }
    }
  }
  return rows;
}

/** How long one thread of a runtime takes to count a hundred million, s. */
function hundredMillion(
  runs: readonly BeazleyRun[],
  contender: Contender,
  place: Place,
): number | null {
  const alone = runs.filter(
    (run) => run.contender === contender && isSame(run.place, place) && run.threads === 1,
  );
  if (alone.length === 0) return null;
  return summarise(alone.map(({ seconds, count }) => (seconds / count) * 1e8)).median;
}

function ratioToReference(
  runs: readonly BeazleyRun[],
  contenders: readonly Contender[],
  contender: Contender,
  threads: number,
  place: Place,
  median: number,
): string {
  if (contender.isReference) return "1";
  const reference = contenders.find(({ isReference, era }) => isReference && era === contender.era);
  const figures = reference && slowDowns(runs, reference, threads, place);
  return figures ? (median / figures.median).toFixed(2) : "";
}
