import { readOutput } from "../../src/experiment/output.js";
import { median } from "../../src/report/sampling.js";

/** How much is measured: enough for figures, or enough to see that it works. */
export type Size = "quick" | "full";

/** A program of this experiment, its arguments, and what its output comes to. */
export interface Measure {
  /** Path below `experiments/`. */
  readonly program: string;
  readonly argv: Readonly<Record<Size, readonly string[]>>;
  readonly metrics: readonly string[];
  /** The metrics of one run's output; null when it is not what the program prints. */
  readonly read: (stdout: string) => Readonly<Record<string, number>> | null;
}

/** How the table calls a metric. */
export const UNITS: Readonly<Record<string, string>> = {
  countdown_2_ratio: "countdown 2",
  countdown_4_ratio: "countdown 4",
  late_p50_seconds: "late p50 s",
  late_p99_seconds: "p99 s",
  jain_index: "Jain",
  least_share: "least",
  greatest_share: "most",
  starved_seconds: "starved s",
};

function readCountdown(stdout: string): Record<string, number> | null {
  const runs = readOutput(stdout).map(({ values }) => values);
  const of = (threads: number): number[] =>
    runs.filter((run) => run.threads === threads).map((run) => Number(run.wall_seconds));
  const [one, two, four] = [of(1), of(2), of(4)];
  const complete = one.length > 0 && two.length === one.length && four.length === one.length;
  if (!complete) return null;
  return {
    countdown_2_ratio: median(two.map((seconds, i) => seconds / one[i])),
    countdown_4_ratio: median(four.map((seconds, i) => seconds / one[i])),
  };
}

function readSleeper(stdout: string): Record<string, number> | null {
  const [p50, p99] = stdout.trim().split(" ").map(Number);
  if (!Number.isFinite(p50) || !Number.isFinite(p99)) return null;
  return { late_p50_seconds: p50 / 1e6, late_p99_seconds: p99 / 1e6 };
}

function readFairness(stdout: string): Record<string, number> | null {
  const values = readOutput(stdout).at(0)?.values;
  const names = ["jain_index", "least_share", "greatest_share", "starved_seconds"];
  const figures = names.map((name) => [name, values?.[name]] as const);
  if (figures.some(([, value]) => typeof value !== "number")) return null;
  return Object.fromEntries(figures) as Record<string, number>;
}

/** What is run under every discipline, in this order. */
export const measures: readonly Measure[] = [
  {
    program: "countdown/countdown.py",
    argv: {
      quick: ["seconds=0.2", "rounds=3", "threads=1,2,4"],
      full: ["seconds=0.5", "rounds=5", "threads=1,2,4"],
    },
    metrics: ["countdown_2_ratio", "countdown_4_ratio"],
    read: readCountdown,
  },
  {
    program: "disciplines/sleeper.py",
    argv: { quick: ["100"], full: ["400"] },
    metrics: ["late_p50_seconds", "late_p99_seconds"],
    read: readSleeper,
  },
  {
    program: "fairness/fairness.py",
    argv: { quick: ["threads=4", "seconds=1"], full: ["threads=4", "seconds=5"] },
    metrics: ["jain_index", "least_share", "greatest_share", "starved_seconds"],
    read: readFairness,
  },
];
