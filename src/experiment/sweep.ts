/**
 * Running a plan: launch after launch, each kept on disk before the next begins, so that a sweep
 * can be interrupted anywhere and gone on with later.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { DEFAULT_HEAP_BYTES } from "../memory/binding.js";
import { cellName, ResultFolder, readManifest, type Sample } from "../report/results.js";
import { readTrace, type Trace } from "../trace/file.js";
import type { Definition } from "./definition.js";
import { commandOf, type Ended, type Running, start } from "./launch.js";
import { lockColumns } from "./lock.js";
import { OutputError, type PrintedSample, quantilesOf, readOutput, readSkipped } from "./output.js";
import { type Launch, launchName, matches, type Plan, product, RUNTIME_FACTOR } from "./plan.js";
import { durationSeconds } from "./quantity.js";
import { type Runtime, takegil } from "./runtimes.js";

/** A series of a sample, thinned out. */
export interface Distribution {
  readonly cell: string;
  readonly launch: number;
  readonly round: number;
  readonly series: string;
  readonly quantiles: readonly (readonly [number, number])[];
}

/** A line of plan.ndjson: a launch that came to its end, well or not. */
export interface PlanLine {
  readonly launch: number;
  readonly repeat: number;
  readonly cell: string;
  readonly argv: readonly string[];
  readonly started: string;
  readonly seconds: number;
  readonly foreign_cores: number | null;
  readonly failure: string | null;
}

/** How a sweep is run. */
export interface SweepOptions {
  readonly plan: Plan;
  /** The launches to do: all, or a shard's. */
  readonly launches: readonly Launch[];
  /** `2/5`, or null. */
  readonly shard: string | null;
  /** The folder of all results. */
  readonly root: string;
  readonly argv: readonly string[];
  /** An unfinished folder to go on with, or null. */
  readonly unfinished: string | null;
  /** Interpreters by the values of the factor `runtime`; without that factor takegil runs all. */
  readonly runtimes: ReadonlyMap<string, Runtime>;
  /** Run a launch again, a few times, when other processes were busy meanwhile. */
  readonly calm?: boolean;
  /** Told where the sweep is; an empty text at its end. */
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Processor cores that others may have used during a launch that is to be trusted. */
export const TRUSTED_FOREIGN = 0.5;
/** How often a launch is run for a calm moment, and the cores others may use in one. */
const MOST_ATTEMPTS = 4;
const CALM_CORES = 0.15;

/** What a sweep came to. */
export interface Swept {
  readonly folder: ResultFolder;
  /** Measured samples, without computed metrics. */
  readonly samples: readonly Sample[];
  readonly distributions: readonly Distribution[];
  readonly failures: readonly string[];
  readonly done: number;
  readonly interrupted: boolean;
}

/** The latest unfinished folder of this plan and shard, or null. */
export function findUnfinished(root: string, plan: Plan, shard: string | null): string | null {
  const parent = join(root, plan.definition.name);
  if (!existsSync(parent)) return null;
  const names = readdirSync(parent).filter((name) => /^\d{8}T\d{6}Z-/.test(name));
  for (const name of names.sort().reverse()) {
    const folder = join(parent, name);
    try {
      const { status, configuration } = readManifest(folder);
      const { fingerprint, shard: part } = configuration as Record<string, unknown>;
      if (fingerprint !== plan.fingerprint || part !== shard) continue;
      return status === "partial" ? folder : null;
    } catch {
      // Not one of ours, or its first write was cut short.
    }
  }
  return null;
}

/** What the manifest says of the sweep; `compare` and `report` read it again. */
export function configurationOf(plan: Plan, shard: string | null): Record<string, unknown> {
  const { definition, size, seed, fingerprint } = plan;
  return {
    title: definition.title,
    text: definition.text,
    factors: size.factors,
    inside: definition.inside,
    repeats: size.repeats,
    seed,
    shard,
    fingerprint,
    metrics: definition.metrics,
    judged: definition.judged,
    heap: { bytes: DEFAULT_HEAP_BYTES, pymalloc: "3.9" },
  };
}

/** Run what is not done yet. */
export async function sweep(options: SweepOptions): Promise<Swept> {
  const { plan, launches, signal } = options;
  const { definition } = plan;
  const folder = new ResultFolder(
    {
      root: options.root,
      experiment: definition.name,
      argv: options.argv,
      configuration: configurationOf(plan, options.shard),
      sources: [definition.program, definition.path].filter((path) => path !== ""),
    },
    options.unfinished ?? undefined,
  );
  const kept = keepDone(folder);
  const finished = new Set(kept.map(({ launch }) => launch));
  const pending = launches.filter(({ number }) => !finished.has(number));
  const clock = new Remaining(launches.length - pending.length, pending.length, options.progress);
  const failures: string[] = [];
  for (const launch of pending) {
    if (signal.aborted) break;
    clock.begin(launchName(launch));
    const failure = await runLaunch(options, folder, launch, (n) => clock.sample(n));
    if (signal.aborted) break;
    if (failure !== null) failures.push(`${launchName(launch)}: ${failure}`);
    clock.end();
  }
  options.progress("");
  const lines = folder.read<PlanLine>("plan.ndjson").filter(({ failure }) => failure === null);
  return {
    folder,
    samples: folder.read<Sample>("samples.ndjson").filter(({ launch }) => isDone(lines, launch)),
    distributions: folder.read<Distribution>("distributions.ndjson"),
    failures,
    done: lines.length,
    interrupted: signal.aborted,
  };
}

/** Drop what a sudden end left half-written, and the lines of launches that failed. */
function keepDone(folder: ResultFolder): PlanLine[] {
  const lines = folder.read<PlanLine>("plan.ndjson").filter(({ failure }) => failure === null);
  if (lines.length === 0 && !existsSync(join(folder.path, "samples.ndjson"))) return lines;
  for (const name of ["samples.ndjson", "distributions.ndjson"]) {
    const values = folder.read<Sample>(name).filter(({ launch }) => isDone(lines, launch));
    folder.replace(name, values);
  }
  folder.replace("plan.ndjson", lines);
  return lines;
}

function isDone(lines: readonly PlanLine[], launch: unknown): boolean {
  return lines.some((line) => line.launch === launch);
}

/** Progress with the time that is left, from the launches done by this process. */
class Remaining {
  readonly #started = performance.now();
  #name = "";
  #done = 0;
  /** How long the launches done so far took, s. */
  #elapsed = 0;

  constructor(
    private readonly before: number,
    private readonly pending: number,
    private readonly tell: (text: string) => void,
  ) {}

  begin(name: string): void {
    this.#name = name;
    this.sample(0);
  }

  sample(number: number): void {
    const place = `launch ${this.before + this.#done + 1} of ${this.before + this.pending}`;
    const sample = number === 0 ? "" : `, sample ${number}`;
    this.tell(`${place}: ${this.#name}${sample}${this.#left()}`);
  }

  end(): void {
    this.#done++;
    this.#elapsed = (performance.now() - this.#started) / 1000;
  }

  #left(): string {
    if (this.#done === 0) return "";
    const each = this.#elapsed / this.#done;
    const spent = (performance.now() - this.#started) / 1000 - this.#elapsed;
    const seconds = Math.max(1, Math.round(each * (this.pending - this.#done) - spent));
    const minutes = Math.floor(seconds / 60);
    return `, ${minutes > 0 ? `${minutes} min ` : ""}${seconds % 60} s left`;
  }
}

/** The interpreter of a launch. */
export function runtimeOf(runtimes: ReadonlyMap<string, Runtime>, launch: Launch): Runtime {
  return runtimes.get(String(launch.factors[RUNTIME_FACTOR])) ?? takegil;
}

/** Run a process to its end, or until the sweep is interrupted. */
export async function runToEnd(running: Running, signal: AbortSignal): Promise<Ended> {
  const stop = (): void => running.kill();
  signal.addEventListener("abort", stop);
  const ended = await running.ended;
  signal.removeEventListener("abort", stop);
  return ended;
}

async function runLaunch(
  options: SweepOptions,
  folder: ResultFolder,
  launch: Launch,
  onSample: (number: number) => void,
): Promise<string | null> {
  const { definition } = options.plan;
  const runtime = runtimeOf(options.runtimes, launch);
  const traced = options.plan.size.traced && runtime === takegil;
  const trace = traced ? join(folder.path, traceName(launch)) : null;
  if (trace !== null) mkdirSync(dirname(trace), { recursive: true });
  const command = commandOf(runtime, definition, launch, trace);
  const began = new Date().toISOString();
  let told = 0;
  let ended: Ended;
  let attempts = options.calm === true ? MOST_ATTEMPTS : 1;
  do {
    const running = start(command, definition.limitSeconds, (line) => {
      if (line.startsWith("sample ")) onSample(++told);
    });
    ended = await runToEnd(running, options.signal);
  } while (--attempts > 0 && !options.signal.aborted && (ended.foreignCores ?? 0) > CALM_CORES);
  if (options.signal.aborted) return null; // It was ended halfway, and counts for nothing.
  const read = readSamples(definition, launch, ended, trace);
  if (trace !== null && (launch.repeat > 1 || read.failure !== null))
    rmSync(trace, { force: true });
  const line: PlanLine = {
    launch: launch.number,
    repeat: launch.repeat,
    cell: cellName(launch.factors),
    argv: [command.file, ...command.args].map((word) => relativeWord(word, folder.path)),
    started: began,
    seconds: ended.seconds,
    foreign_cores: ended.foreignCores,
    failure: read.failure,
  };
  // The plan's line comes last: what a sudden end leaves without one is measured again.
  if (read.failure === null) {
    folder.append("samples.ndjson", read.samples);
    if (read.distributions.length > 0) folder.append("distributions.ndjson", read.distributions);
  }
  folder.append("plan.ndjson", [line]);
  return read.failure;
}

/** Paths of this machine make no difference to what was run. */
function relativeWord(word: string, folder: string): string {
  if (word === process.execPath) return "node";
  if (!word.startsWith("/")) return word;
  const near = relative(join(folder, "../../.."), word);
  return near.startsWith("..") ? basename(word) : near;
}

/** The file that a launch is recorded in. */
export function traceName(launch: Launch): string {
  return `traces/${cellName(launch.factors).replaceAll("/", "_")}.${launch.repeat}.trace`;
}

interface ReadSamples {
  readonly samples: readonly Sample[];
  readonly distributions: readonly Distribution[];
  readonly failure: string | null;
}

function readSamples(
  definition: Definition,
  launch: Launch,
  ended: Ended,
  trace: string | null,
): ReadSamples {
  const nothing = { samples: [], distributions: [] };
  if (ended.failure !== null) return { ...nothing, failure: ended.failure };
  try {
    const printed = definition.plain === null ? readOutput(ended.stdout) : [processSample(ended)];
    const rows = printed.map((sample) => cellOf(sample, launch));
    const absent = definition.plain === null ? readSkipped(ended.stdout) : [];
    const skipped = absent.map((cell) => cellOf(cell, launch));
    for (const cell of product(launch.inside)) {
      if ([...rows, ...skipped].some((row) => matches(row, cell))) continue;
      return { ...nothing, failure: `it printed no sample of ${cellName(cell) || "a run"}` };
    }
    const recorded = trace === null ? null : readTrace(readFileSync(trace));
    const { samples, distributions } = rowsOf(printed, rows, launch, ended, recorded);
    checkMetrics(definition, samples);
    return { samples, distributions, failure: null };
  } catch (error) {
    if (error instanceof OutputError || error instanceof RangeError) {
      return { ...nothing, failure: error.message };
    }
    throw error;
  }
}

/** The samples of a launch as rows, with the distributions of their series. */
function rowsOf(
  printed: readonly PrintedSample[],
  cells: readonly Record<string, string | number>[],
  launch: Launch,
  ended: Ended,
  recorded: Trace | null,
): { samples: Sample[]; distributions: Distribution[] } {
  const rounds = new Map<string, number>();
  const samples: Sample[] = [];
  const distributions: Distribution[] = [];
  printed.forEach(({ values, series, idents }, i) => {
    const cell = cells[i];
    const name = cellName(cell);
    const round = (rounds.get(name) ?? 0) + 1;
    rounds.set(name, round);
    samples.push({
      launch: launch.number,
      repeat: launch.repeat,
      round,
      ...cell,
      ...secondsOf(cell),
      ...values,
      ...(recorded === null ? {} : lockColumns(recorded, idents)),
      ...(recorded === null ? {} : { idents: idents.join(" ") }),
      foreign_cores: ended.foreignCores,
    });
    for (const [key, sorted] of Object.entries(series)) {
      const quantiles = quantilesOf(sorted);
      distributions.push({ cell: name, launch: launch.number, round, series: key, quantiles });
    }
  });
  return { samples, distributions };
}

/** What a process that prints no samples is measured by. */
function processSample({ seconds, cpuSeconds }: Ended): PrintedSample {
  return { values: { wall_seconds: seconds, cpu_seconds: cpuSeconds }, series: {}, idents: [] };
}

/** The factors of a sample: the launch's, and those that the program varies and printed. */
function cellOf({ values }: PrintedSample, launch: Launch): Record<string, string | number> {
  const cell: Record<string, string | number> = { ...launch.factors };
  for (const [name, levels] of Object.entries(launch.inside)) {
    const value = values[name] ?? (levels.length === 1 ? levels[0] : null);
    if (value === null) throw new OutputError(`it printed a sample without ${name}`);
    // What it prints of a duration is seconds; the cell has the word of the description.
    cell[name] =
      levels.find((level) => level === value || durationSeconds(level) === value) ?? value;
  }
  return cell;
}

/** Durations among the factors, as numbers in columns of their own. */
function secondsOf(cell: Readonly<Record<string, string | number>>): Record<string, number> {
  const columns: Record<string, number> = {};
  for (const [name, level] of Object.entries(cell)) {
    const seconds = durationSeconds(level);
    if (seconds !== null) columns[`${name}_seconds`] = seconds;
  }
  return columns;
}

function checkMetrics(definition: Definition, samples: readonly Sample[]): void {
  const judged = definition.metrics.find(({ name }) => name === definition.judged)!;
  const needed = judged.ratio ?? judged.name;
  if (!samples.some((sample) => typeof sample[needed] === "number")) {
    throw new OutputError(`it printed no ${needed}`);
  }
}
