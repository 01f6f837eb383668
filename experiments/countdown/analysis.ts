import { partOf } from "../../src/report/part.js";
import {
  type CellSummary,
  formatValue,
  type Sample,
  summariseCells,
} from "../../src/report/results.js";
import { type Summary, summarise } from "../../src/report/sampling.js";
import {
  newStatistics,
  type Statistics,
  type ThreadStatistics,
} from "../../src/report/statistics.js";
import type { Timeline } from "../../src/report/timeline.js";
import type { Trace } from "../../src/trace/file.js";

/** From the measured runs of the countdown experiment to its table. */

/** One measured run: the program's own seconds, and its part of the trace. */
export interface CountdownRun {
  readonly round: number;
  /** 1 means sequential. */
  readonly threads: number;
  readonly seconds: number;
  /** Its counting threads. A thread of the run before may still be ending beside them. */
  readonly idents: readonly number[];
  /** When its first thread began and its last ended, in seconds since the program's first event. */
  readonly window: { readonly fromSeconds: number; readonly toSeconds: number };
  readonly trace: Trace;
  readonly statistics: Statistics;
}

/** A line of the program: what it says of a run. */
export interface Printed {
  readonly round: number;
  readonly threads: number;
  readonly count: number;
  readonly seconds: number;
  readonly idents: readonly number[];
}

/** Read a line of countdown.py, or of count.py (Beazley's runs); null for something else. */
export function readLine(line: string): Printed | null {
  const [round, threads, count, seconds, ...idents] = line.trim().split(" ").map(Number);
  const complete = idents.length === threads && idents.every((ident) => ident > 0);
  return complete && seconds > 0 ? { round, threads, count, seconds, idents } : null;
}

/** The run that a line speaks of, with its part of the whole trace. */
export function toRun(printed: Printed, trace: Trace, timeline: Timeline): CountdownRun {
  const { round, threads, seconds, idents } = printed;
  const counters = timeline.threads.filter(({ ident }) => idents.includes(ident));
  const fromSeconds = (Math.min(...counters.map(({ start }) => start)) - timeline.start) / 1e9;
  const toSeconds = (Math.max(...counters.map(({ end }) => end)) - timeline.start) / 1e9;
  const part = partOf(trace, fromSeconds, toSeconds);
  const window = { fromSeconds, toSeconds };
  const statistics = newStatistics(part);
  return { round, threads, seconds, idents, window, trace: part, statistics };
}

/** What a run is called in tables and file names. */
export function variantName(threads: number): string {
  return threads === 1 ? "sequential" : `${threads} threads`;
}

function countersOf({ statistics, idents }: CountdownRun): ThreadStatistics[] {
  return statistics.threads.filter(({ ident }) => idents.includes(ident));
}

/** Times the GIL went to another thread than its last holder. */
export function switchesOf({ statistics }: CountdownRun): number {
  return statistics.locks.at(0)?.switches ?? 0;
}

/** Each counting thread's part of the time that the counting threads had the GIL. */
export function sharesOf(run: CountdownRun): number[] {
  const counting = countersOf(run);
  const whole = counting.reduce((sum, thread) => sum + thread.hasSeconds, 0);
  return whole > 0 ? counting.map((thread) => thread.hasSeconds / whole) : [];
}

/** A run as a row of samples.csv. */
export function toSample(run: CountdownRun, intervalSeconds: number): Sample {
  const { statistics } = run;
  const lock = statistics.locks.at(0) ?? null;
  const shares = sharesOf(run);
  const contended = run.threads > 1;
  return {
    round: run.round,
    threads: run.threads,
    wall_seconds: run.seconds,
    gil_held_ratio: lock?.heldRatio ?? null,
    holder_switches: switchesOf(run),
    switches_expected: contended ? run.seconds / intervalSeconds : null,
    least_share: contended && shares.length > 0 ? Math.min(...shares) : null,
    greatest_share: contended && shares.length > 0 ? Math.max(...shares) : null,
    records_dropped: statistics.droppedRecords,
  };
}

/** The wall time of each round's threaded run as a ratio to the sequential run of that round. */
export function ratiosToSequential(runs: readonly CountdownRun[], threads: number): number[] {
  const ratios: number[] = [];
  for (const run of runs) {
    if (run.threads !== threads) continue;
    const base = runs.find(({ round, threads: n }) => round === run.round && n === 1);
    if (base !== undefined) ratios.push(run.seconds / base.seconds);
  }
  return ratios;
}

/** The run of a variant whose wall time is nearest to the variant's median. */
export function typicalRun(runs: readonly CountdownRun[], threads: number): CountdownRun {
  const ours = runs.filter((run) => run.threads === threads);
  const { median } = summarise(ours.map((run) => run.seconds));
  return ours.reduce((best, run) =>
    Math.abs(run.seconds - median) < Math.abs(best.seconds - median) ? run : best,
  );
}

/** The metrics that a summary states of each variant. */
export const METRICS = [
  "wall_seconds",
  "gil_held_ratio",
  "holder_switches",
  "switches_expected",
  "least_share",
  "greatest_share",
];

/** Column titles of {@link tableRows}. */
export const TABLE_HEAD = [
  "variant",
  "runs",
  "median s",
  "mean ± sd",
  "min–max",
  "/ sequential",
  "95 % interval",
  "switches",
  "elapsed / interval",
  "shares",
];

function spreadOf({ mean, sd }: Summary): string {
  return sd === null ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${sd.toFixed(3)}`;
}

function shareRange(runs: readonly CountdownRun[]): string {
  const all = runs.flatMap((run) => sharesOf(run));
  return all.length === 0 ? "" : `${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)}`;
}

/** The table's rows, one a variant, in the order of `variants`. */
export function tableRows(
  runs: readonly CountdownRun[],
  variants: readonly number[],
  intervalSeconds: number,
): string[][] {
  return variants.map((threads) => {
    const ours = runs.filter((run) => run.threads === threads);
    const wall = summarise(ours.map((run) => run.seconds));
    const row = [
      variantName(threads),
      String(wall.n),
      wall.median.toFixed(3),
      spreadOf(wall),
      `${wall.min.toFixed(3)}–${wall.max.toFixed(3)}`,
    ];
    if (threads === 1) return [...row, "1", "", "", "", ""];
    const ratio = summarise(ratiosToSequential(runs, threads));
    const interval =
      ratio.low === null || ratio.high === null
        ? ""
        : `${ratio.low.toFixed(3)}–${ratio.high.toFixed(3)}`;
    const switches = summarise(ours.map((run) => switchesOf(run)));
    return [
      ...row,
      ratio.median.toFixed(3),
      interval,
      formatValue(switches.median),
      (wall.median / intervalSeconds).toFixed(0),
      shareRange(ours),
    ];
  });
}

/** The summary of every variant, with the paired ratio among its metrics. */
export function cellsOf(runs: readonly CountdownRun[], intervalSeconds: number): CellSummary[] {
  const samples = runs.map((run) => ({
    ...toSample(run, intervalSeconds),
    ratio_to_sequential: pairedRatio(runs, run),
  }));
  return summariseCells(samples, ["threads"], [...METRICS, "ratio_to_sequential"]);
}

function pairedRatio(runs: readonly CountdownRun[], run: CountdownRun): number | null {
  if (run.threads === 1) return null;
  const base = runs.find(({ round, threads }) => round === run.round && threads === 1);
  return base === undefined ? null : run.seconds / base.seconds;
}
