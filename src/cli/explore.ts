/** `takegil explore`: a program under many schedules of virtual time. */
import { availableParallelism } from "node:os";
import { type Exploration, explore, type Outcome } from "../runtime/exploration.js";
import { OptionError } from "../runtime/options.js";
import type { PythonVersion } from "../runtime/versions.js";
import { formatSchedule } from "../runtime/virtualtime.js";
import { UsageError } from "./failure.js";
import { chooseProgram } from "./run.js";

export interface ExploreOptions {
  schedules: number;
  pct?: number;
  seed: number;
  cores?: number;
  gil: string;
  python?: PythonVersion;
  switchInterval: number;
  heapSize: number;
  limit: number;
  json?: boolean;
  c?: string;
  m?: string;
}

/** Outcomes told one by one, and lines of output shown of each. */
const SHOWN_OUTCOMES = 10;
const SHOWN_LINES = 6;

/** Explore a program: 0 when every schedule ended alike, 1 when they differ. */
export async function exploreProgram(
  words: readonly string[],
  options: ExploreOptions,
): Promise<number> {
  const start = chooseProgram(words, options);
  const { schedules, seed, cores, pct, gil, python, switchInterval, heapSize, limit } = options;
  const found = await explore(start, {
    schedules,
    seed,
    cores,
    pct,
    limitMs: limit / 1e3,
    jobs: Math.min(4, availableParallelism()),
    interpreter: { gil, python, switchIntervalUs: switchInterval, heapSize },
  }).catch((error: unknown) => {
    throw error instanceof OptionError ? new UsageError(error.message) : error;
  });
  const replay = (outcome: Outcome): string => replayOf(outcome, words, options);
  process.stdout.write(options.json ? jsonOf(found, replay) : textOf(found, replay));
  return found.outcomes.length > 1 ? 1 : 0;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The command that runs the outcome's first schedule again. */
function replayOf({ virtual }: Outcome, words: readonly string[], options: ExploreOptions): string {
  const parts = ["takegil", "run", "--deterministic", "--seed", String(virtual.seed)];
  parts.push("--cores", String(virtual.cores ?? 2));
  const schedule = formatSchedule(virtual.schedule ?? "machine");
  if (schedule !== "machine") parts.push("--schedule", schedule);
  if (options.python !== undefined) parts.push("--python", options.python);
  if (options.gil !== "py32") parts.push("--gil", options.gil);
  if (options.switchInterval !== 5000) {
    parts.push("--switch-interval", `${options.switchInterval}us`);
  }
  if (options.c !== undefined) parts.push("-c", options.c);
  if (options.m !== undefined) parts.push("-m", options.m);
  return [...parts, ...words].map(shellWord).join(" ");
}

function jsonOf(found: Exploration, replay: (outcome: Outcome) => string): string {
  const outcomes = found.outcomes.map((outcome) => ({
    count: outcome.count,
    seed: outcome.virtual.seed,
    schedule: formatSchedule(outcome.virtual.schedule ?? "machine"),
    status: outcome.status,
    endless: outcome.endless,
    stdout: outcome.stdout,
    stderr: outcome.stderr,
    replay: replay(outcome),
  }));
  return `${JSON.stringify({ ...found, outcomes }, null, 2)}\n`;
}

function textOf(found: Exploration, replay: (outcome: Outcome) => string): string {
  const { schedules, outcomes, seconds } = found;
  const ends = outcomes.length === 1 ? "one outcome" : `${outcomes.length} outcomes`;
  const speed = (schedules / seconds).toFixed(1);
  const lines = [`${schedules} schedules, ${ends} (${speed} schedules a second)`];
  for (const outcome of outcomes.slice(0, SHOWN_OUTCOMES)) {
    const end = outcome.endless ? "did not end in time" : `exit status ${outcome.status}`;
    lines.push("", `${outcome.count} of ${schedules}: ${end}`);
    lines.push(...excerpt(outcome.stdout, "out"), ...excerpt(outcome.stderr, "err"));
    lines.push(`  replay: ${replay(outcome)}`);
  }
  const rest = outcomes.slice(SHOWN_OUTCOMES);
  if (rest.length > 0) {
    const total = rest.reduce((sum, { count }) => sum + count, 0);
    lines.push("", `${rest.length} other outcomes of ${total} schedules: see --json`);
  }
  return `${lines.join("\n")}\n`;
}

/** The last lines of an output. */
function excerpt(text: string, mark: string): string[] {
  const lines = text.split("\n").filter((line) => line !== "");
  const left = lines.length - SHOWN_LINES;
  const head = left > 0 ? [`  ${mark}| (${left} more lines)`] : [];
  return [...head, ...lines.slice(-SHOWN_LINES).map((line) => `  ${mark}| ${line}`)];
}
