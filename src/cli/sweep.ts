/** `takegil sweep`, `list`, `new` and `report`: experiments and their results. */
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { builtIn, findExperiment, newExperiment } from "../experiment/catalogue.js";
import { type Concluded, conclude } from "../experiment/conclude.js";
import { type Definition, DefinitionError } from "../experiment/definition.js";
import { commandOf } from "../experiment/launch.js";
import { mergeShards } from "../experiment/merge.js";
import { launchName, newPlan, type Plan, parseFactors, shardOf } from "../experiment/plan.js";
import { ResultError, reportPage } from "../experiment/report.js";
import { alignColumns, showProgress, takegil } from "../experiment/runtimes.js";
import { shortTable } from "../experiment/summary.js";
import { findUnfinished, type Swept, sweep } from "../experiment/sweep.js";
import { readManifest } from "../report/results.js";
import { fileProblem, UsageError } from "./failure.js";
import { write } from "./files.js";
import { say } from "./run.js";

export interface SweepCommand {
  plan?: boolean;
  quick?: boolean;
  rerun?: boolean;
  repeats?: number;
  shard?: { index: number; of: number };
  resume?: string;
  merge?: string[];
  seed: number;
  results: string;
  json?: boolean;
}

/** Exit statuses: a launch failed; interrupted by Ctrl-C, as a shell says it. */
const STATUS_FAILED = 1;
const STATUS_INTERRUPTED = 130;

/** Columns of the table where no terminal tells. */
const DEFAULT_WIDTH = 120;

/** Most reasons for distrust that are printed. */
const MOST_DOUBTS = 4;

/** What the user can mend becomes one line and exit status 2. */
export async function mendable<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DefinitionError || error instanceof ResultError) {
      throw new UsageError(error.message);
    }
    throw error;
  }
}

/** A path as it is typed from the current folder. */
export function shown(path: string): string {
  return relative(process.cwd(), path) || ".";
}

export function out(value: unknown): void {
  write("-", typeof value === "string" ? `${value}\n` : `${JSON.stringify(value, null, 1)}\n`);
}

/** Ctrl-C, SIGTERM and SIGHUP end what is under way, and what is done is kept. */
export function abortOnSignals(): AbortController {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Somebody who asks twice does not want the conclusion either.
      if (controller.signal.aborted) process.exit(STATUS_INTERRUPTED);
      controller.abort();
    });
  }
  return controller;
}

/** Run an experiment; the exit status. */
export async function runSweep(
  name: string,
  words: readonly string[],
  options: SweepCommand,
): Promise<number> {
  return mendable(async () => {
    const definition = findExperiment(name);
    const size = options.quick === true ? definition.quick : definition.full;
    const plan = newPlan(definition, size, {
      factors: parseFactors(words, definition),
      repeats: options.repeats ?? null,
      seed: options.seed,
    });
    const { shard } = options;
    const launches = shard === undefined ? plan.launches : shardOf(plan, shard.index, shard.of);
    if (options.plan === true) return showPlan(plan, launches, options);
    const shardName = shard === undefined ? null : `${shard.index}/${shard.of}`;
    const root = resolve(options.results);
    const unfinished = unfinishedFolder(options, plan, root, shardName);
    if (unfinished !== null) say(`going on with ${shown(unfinished)}\n`);
    const settings = {
      plan,
      launches,
      shard: shardName,
      root,
      argv: ["sweep", name, ...words],
      unfinished,
      runtimes: new Map(),
      progress: showProgress,
      signal: abortOnSignals().signal,
    };
    const { merge } = options;
    const swept = await writable(root, () =>
      merge === undefined ? sweep(settings) : mergeShards(settings, merge),
    );
    const concluded = await conclude(settings, swept);
    tellResult(swept, concluded, definition, options);
    tellNext(swept, concluded, commandAgain(name, words, options));
    if (swept.interrupted) return STATUS_INTERRUPTED;
    return swept.failures.length > 0 ? STATUS_FAILED : 0;
  });
}

/** The command that goes on with what was interrupted. */
function commandAgain(name: string, words: readonly string[], options: SweepCommand): string {
  const { quick, repeats, seed, shard, results } = options;
  return [
    ["takegil sweep", name, ...words],
    quick === true ? ["-q"] : [],
    repeats === undefined ? [] : ["--repeats", repeats],
    seed === 1 ? [] : ["--seed", seed],
    shard === undefined ? [] : ["--shard", `${shard.index}/${shard.of}`],
    results === "results" ? [] : ["--results", results],
  ]
    .flat()
    .join(" ");
}

async function writable<T>(root: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["EACCES", "EROFS", "ENOSPC", "ENOTDIR"].includes(code)) throw fileProblem(error, root);
    throw error;
  }
}

function unfinishedFolder(
  options: SweepCommand,
  plan: Plan,
  root: string,
  shard: string | null,
): string | null {
  if (options.merge !== undefined) return null;
  if (options.resume === undefined) {
    return options.rerun === true ? null : findUnfinished(root, plan, shard);
  }
  const folder = resolve(options.resume);
  if (!existsSync(join(folder, "manifest.json"))) {
    throw new UsageError(`${options.resume} is no result folder: it has no manifest.json`);
  }
  const { configuration } = readManifest(folder) as { configuration?: { fingerprint?: string } };
  if (configuration?.fingerprint === plan.fingerprint) return folder;
  throw new UsageError(
    `${options.resume} is of another program or other factors: its samples do not compare`,
  );
}

function showPlan(plan: Plan, launches: Plan["launches"], options: SweepCommand): number {
  const { definition, cells } = plan;
  if (options.json === true) {
    out({ experiment: definition.name, ...plan.size, seed: plan.seed, cells, launches });
    return 0;
  }
  const lines = launches.map((launch) => {
    const program = shown(definition.program);
    const { args } = commandOf(takegil, { ...definition, program }, launch, null);
    return `${String(launch.number).padStart(4)}  ${launchName(launch)}\n      takegil ${args.slice(1).join(" ")}`;
  });
  out(lines.join("\n"));
  out(
    `${cells.length} cells, ${launches.length} launches of ${shown(definition.program)}, ` +
      `seed ${plan.seed}`,
  );
  return 0;
}

function tellResult(
  swept: Swept,
  { summary, varying, figures, report }: Concluded,
  definition: Definition,
  options: SweepCommand,
): void {
  const { folder, failures, interrupted } = swept;
  if (options.json === true) {
    const { doubts, path } = folder;
    const figurePaths = figures.map(shown);
    const files = { folder: shown(path), report: shown(report), figures: figurePaths };
    out({ experiment: definition.name, ...files, interrupted, failures, doubts, ...summary });
    return;
  }
  const width = process.stdout.columns ?? DEFAULT_WIDTH;
  const { head, rows, hidden } = shortTable(summary, definition, varying, width);
  out(`${definition.title}\n`);
  if (rows.length > 0) out(alignColumns(head, rows));
  if (hidden.length > 0) out(`also measured, see summary.md: ${hidden.join(", ")}`);
  for (const failure of failures) out(`failed: ${failure}`);
  for (const line of doubtLines(folder.doubts)) out(line);
}

/** Why a result is not to be trusted, the first reasons of many. */
export function doubtLines(doubts: readonly string[]): string[] {
  const lines = doubts.slice(0, MOST_DOUBTS).map((doubt) => `not to be trusted: ${doubt}`);
  const more = doubts.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more reasons, see summary.md`] : lines;
}

function tellNext({ folder, interrupted }: Swept, { report }: Concluded, again: string): void {
  say(`written: ${shown(folder.path)}\n`);
  if (interrupted) say(`interrupted; go on with: ${again}\n`);
  else
    say(
      `next: open ${shown(report)} in a browser, or: takegil compare OLDER ${shown(folder.path)}\n`,
    );
}

/** Print the experiments there are. */
export async function listExperiments(options: { json?: boolean }): Promise<void> {
  const experiments = await mendable(builtIn);
  if (options.json === true) {
    out(
      experiments.map(({ name, title, full, inside, metrics, program }) => ({
        name,
        title,
        program: shown(program),
        factors: full.factors,
        inside,
        repeats: full.repeats,
        metrics: metrics.map((metric) => metric.name),
      })),
    );
    return;
  }
  const width = Math.max(...experiments.map(({ name }) => name.length));
  for (const { name, title } of experiments) out(`${name.padEnd(width)}  ${title}`);
  say("next: takegil sweep NAME -q, or takegil new NAME for one of your own\n");
}

/** Make a new experiment in the current folder. */
export async function makeExperiment(name: string, options: { json?: boolean }): Promise<void> {
  const files = await mendable(() => newExperiment(".", name));
  if (options.json === true) out({ files: files.map(shown) });
  else for (const file of files) say(`written: ${shown(file)}\n`);
  say(`next: takegil sweep ${shown(resolve(files[0], ".."))} -q\n`);
}

/** Write results as one page. */
export async function writeReport(
  folders: readonly string[],
  options: { output: string; json?: boolean },
): Promise<void> {
  const page = await mendable(() => reportPage(folders));
  write(options.output, page);
  if (options.json === true) out({ report: options.output, results: folders });
  if (options.output !== "-") {
    say(`written: ${options.output}\nnext: open ${options.output} in a browser\n`);
  }
}
