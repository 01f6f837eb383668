/** `takegil bench`: a program timed under several locks, intervals or interpreters. */
import { accessSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { benchDefinition, parseList } from "../experiment/bench.js";
import { type Concluded, conclude } from "../experiment/conclude.js";
import { commandOf, start } from "../experiment/launch.js";
import { newPlan, type Plan, RUNTIME_FACTOR } from "../experiment/plan.js";
import type { Level } from "../experiment/quantity.js";
import { alignColumns, type Runtime, showProgress } from "../experiment/runtimes.js";
import { ratioText, shortTable, verdictText } from "../experiment/summary.js";
import { runToEnd, runtimeOf, type SweepOptions, type Swept, sweep } from "../experiment/sweep.js";
import { newReference } from "../experiment/validation.js";
import { toCsv, toMarkdown } from "../report/results.js";
import { fileProblem, UsageError } from "./failure.js";
import { write } from "./files.js";
import { say } from "./run.js";
import { abortOnSignals, doubtLines, mendable, out, shown } from "./sweep.js";

export interface BenchCommand {
  list: string[];
  warmup: number;
  runs: number;
  reference: string[];
  order: "interleaved" | "sequential";
  seed: number;
  exportJson?: string;
  exportCsv?: string;
  exportMarkdown?: string;
  pyperf?: string;
  results: string;
  json?: boolean;
}

const STATUS_FAILED = 1;
const STATUS_INTERRUPTED = 130;

/** Time a program; the exit status. */
export async function bench(words: readonly string[], options: BenchCommand): Promise<number> {
  const [program, ...args] = words;
  if (program === undefined) throw new UsageError("name a program to time");
  return mendable(async () => {
    try {
      accessSync(program);
    } catch (error) {
      throw fileProblem(error, program);
    }
    const factors = Object.fromEntries(options.list.map(parseList));
    const definition = benchDefinition(program, args, factors, options.runs);
    const { plan, runtimes } = planOf(definition, options);
    const settings: SweepOptions = {
      plan,
      launches: plan.launches,
      shard: null,
      root: resolve(options.results),
      argv: ["bench", ...words],
      unfinished: null,
      runtimes,
      progress: showProgress,
      signal: abortOnSignals().signal,
    };
    const problem = await warmUp(settings, options.warmup);
    if (problem !== null) {
      say(`takegil: ${problem}\n`);
      return STATUS_FAILED;
    }
    const swept = await sweep(settings);
    const concluded = await conclude(settings, swept);
    tell(settings, swept, concluded, options);
    if (swept.interrupted) return STATUS_INTERRUPTED;
    return swept.failures.length > 0 ? STATUS_FAILED : 0;
  });
}

function planOf(
  definition: ReturnType<typeof benchDefinition>,
  options: BenchCommand,
): { plan: Plan; runtimes: Map<string, Runtime> } {
  const references = options.reference.map(newReference).map(({ runtime }) => runtime);
  const runtimes = new Map(references.map((runtime) => [runtime.name, runtime]));
  const names = ["takegil", ...runtimes.keys()];
  const factors: Record<string, readonly Level[]> =
    references.length > 0 ? { [RUNTIME_FACTOR]: names } : {};
  const settings = { factors, repeats: null, seed: options.seed };
  const plan = newPlan(definition, definition.full, settings);
  // CPython has one lock: of takegil's disciplines it runs beside the first only.
  const [first] = plan.size.factors.gil;
  const launches = plan.launches
    .filter(({ factors: f }) => f.gil === first || (f[RUNTIME_FACTOR] ?? "takegil") === "takegil")
    .map((launch, i) => ({ ...launch, number: i + 1 }));
  if (options.order === "sequential") {
    const place = new Map(plan.cells.map((cell, i) => [JSON.stringify(cell), i]));
    launches.sort((a, b) => placeOf(place, a.factors) - placeOf(place, b.factors));
  }
  return { plan: { ...plan, launches }, runtimes };
}

function placeOf(places: ReadonlyMap<string, number>, factors: object): number {
  return places.get(JSON.stringify(factors)) ?? 0;
}

/** Run each cell so often without measuring; why one failed, or null. */
async function warmUp(settings: SweepOptions, times: number): Promise<string | null> {
  const { plan, signal } = settings;
  const once = plan.launches.filter(({ repeat }) => repeat === 1);
  for (let i = 0; i < times && !signal.aborted; i++) {
    for (const launch of once) {
      settings.progress(`warming up, ${i + 1} of ${times}`);
      const runtime = runtimeOf(settings.runtimes, launch);
      const command = commandOf(runtime, plan.definition, launch, null);
      const running = start(command, plan.definition.limitSeconds, () => {});
      const { failure } = await runToEnd(running, signal);
      if (failure !== null && !signal.aborted) {
        settings.progress("");
        return `${plan.definition.title}: ${failure}`;
      }
    }
  }
  return null;
}

function tell(
  settings: SweepOptions,
  { folder, failures, interrupted }: Swept,
  { samples, summary, varying }: Concluded,
  options: BenchCommand,
): void {
  const { definition } = settings.plan;
  const { head, rows } = shortTable(summary, definition, varying, Number.POSITIVE_INFINITY);
  if (options.json === true) {
    const { doubts } = folder;
    out({ program: definition.title, folder: shown(folder.path), failures, doubts, ...summary });
  } else {
    out(`${definition.title}\n`);
    if (rows.length > 0) out(alignColumns(head, rows));
    for (const { metric, cell, reference, result } of summary.comparisons) {
      if (metric !== definition.judged) continue;
      out(`${cell} / ${reference}: ${ratioText(result)}, ${verdictText(result)}`);
    }
    for (const failure of failures) out(`failed: ${failure}`);
    for (const line of doubtLines(folder.doubts)) out(line);
  }
  const pyperf = (): string =>
    mergedPyperf(
      folder.path,
      summary.cells.map(({ cell }) => cell),
    );
  for (const [path, text] of [
    [options.exportJson, () => `${JSON.stringify(summary, null, 1)}\n`],
    [options.exportCsv, () => toCsv(samples)],
    [options.exportMarkdown, () => toMarkdown(head, rows)],
    [options.pyperf, pyperf],
  ] as const) {
    if (path === undefined) continue;
    write(path, text());
    if (path !== "-") say(`written: ${path}\n`);
  }
  say(`written: ${shown(folder.path)}\n`);
  if (interrupted) say("interrupted: what is done is kept\n");
  else say(`next: takegil compare OLDER ${shown(folder.path)}\n`);
}

/** All cells' pyperf files as one. */
function mergedPyperf(folder: string, cells: readonly string[]): string {
  const benchmarks = cells.flatMap((cell) => {
    const path = join(folder, `pyperf/${cell.replaceAll("/", "_")}.json`);
    return JSON.parse(readFileSync(path, "utf8")).benchmarks;
  });
  return `${JSON.stringify({ benchmarks, version: "1.0" })}\n`;
}
