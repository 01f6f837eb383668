/** `takegil heap`: a program under observation of its heap, or a saved observation drawn again. */
import { accessSync, readFileSync } from "node:fs";
import { drawHeap, figureParts } from "../report/heapfigure.js";
import {
  formatHeapReport,
  HeapFileError,
  type HeapReport,
  parseHeapReport,
} from "../report/heapreport.js";
import { formatBytes, formatCount } from "../report/table.js";
import { Interpreter, type RunResult } from "../runtime/interpreter.js";
import { OptionError } from "../runtime/options.js";
import { fileProblem, UsageError } from "./failure.js";
import { write } from "./files.js";
import { chooseProgram, forwardSignals, type ProgramWords, say, sayTrace } from "./run.js";
import type { Place } from "./values.js";

export interface HeapCommand extends ProgramWords {
  at?: Place[];
  /** µs. */
  every?: number;
  atExit?: boolean;
  pool?: { arena: number; pool: number };
  output: string[];
  json?: boolean;
  gil: string;
  heapSize: number;
  pymalloc: "3.9" | "3.10";
  malloc: "pymalloc" | "debug";
  trace?: string;
}

type Format = "json" | "svg";

/** Run a program and write what was seen of its heap; the program's exit status. */
export async function heap(words: readonly string[], options: HeapCommand): Promise<number> {
  const outputs = options.output.map((path) => ({ path, format: formatOf(path, options) }));
  const [first] = words;
  if (first?.endsWith(".json") && options.c === undefined && options.m === undefined) {
    return redraw(first, outputs);
  }
  const { at = [] } = options;
  if (options.m !== undefined && at.some(({ file }) => file === undefined)) {
    throw new UsageError("--at wants a file's name before the line where -m names the program");
  }
  for (const { file } of at) if (file !== undefined) requireFile(file);
  const result = await run(words, options);
  const report = result.heap!;
  for (const { file, line, pass } of missing(report, options)) {
    const where = file === undefined ? "" : ` of ${file}`;
    say(`takegil: line ${line}${where} was not reached${pass > 1 ? ` ${pass} times` : ""}\n`);
  }
  if (report.snapshots.length === 0 && report.series === null) {
    throw new UsageError("nothing was seen of the heap, so nothing is written");
  }
  const { pool } = options;
  if (pool !== undefined && report.snapshots.every(({ zoom }) => zoom === null)) {
    say(`takegil: there is no pool ${pool.arena}:${pool.pool}\n`);
  }
  say(describe(report));
  save(report, outputs);
  sayTrace(options.trace);
  return result.status;
}

/** A module's file that --at names must be there: a mistyped name would never be reached. */
function requireFile(path: string): void {
  try {
    accessSync(path);
  } catch (error) {
    throw fileProblem(error, path);
  }
}

function formatOf(path: string, options: HeapCommand): Format {
  if (path === "-") return options.json === true ? "json" : "svg";
  const format = /\.(json|svg)$/.exec(path)?.[1];
  if (format === undefined) {
    throw new UsageError(`the name of ${path} must end in .json or .svg: it says what is written`);
  }
  return format as Format;
}

function redraw(path: string, outputs: { path: string; format: Format }[]): number {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw fileProblem(error, path);
  }
  try {
    save(parseHeapReport(text), outputs);
  } catch (error) {
    if (error instanceof HeapFileError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
  return 0;
}

async function run(words: readonly string[], options: HeapCommand): Promise<RunResult> {
  const start = chooseProgram(words, options);
  const { at = [], every, pool } = options;
  try {
    const interpreter = await Interpreter.create({
      gil: options.gil,
      heapSize: options.heapSize,
      pymalloc: options.pymalloc,
      malloc: options.malloc,
      trace: options.trace,
      heap: {
        at,
        everyMs: every === undefined ? null : every / 1e3,
        atExit: options.atExit === true || (at.length === 0 && every === undefined),
        pool: pool ?? null,
      },
    });
    const stopListening = forwardSignals(interpreter);
    try {
      return await start(interpreter);
    } finally {
      stopListening();
      await interpreter.close();
    }
  } catch (error) {
    if (error instanceof OptionError) throw new UsageError(error.message);
    if (options.trace !== undefined && (error as NodeJS.ErrnoException).code !== undefined) {
      throw fileProblem(error, options.trace);
    }
    throw error;
  }
}

/** The places asked for at which no snapshot was taken. */
function missing(report: HeapReport, options: HeapCommand): Place[] {
  return (options.at ?? []).filter((_, i) => !report.snapshots.some(({ probe }) => probe === i));
}

/** A line a snapshot, and one about the samples. */
function describe({ snapshots, series, pymalloc }: HeapReport): string {
  const lines = snapshots.map(({ label, account, pools, layers }) => {
    const arenas = `${formatCount(account.arenasCurrent)} arenas of ${formatBytes(pymalloc.arenaBytes)}`;
    const used = `${formatCount(pools.full + pools.used)} pools in use`;
    return `${label}: ${arenas}, ${used}, ${formatBytes(layers.blocks + layers.large)} live`;
  });
  if (series !== null) lines.push(`${formatCount(series.samples.length)} samples`);
  return `${lines.join("\n")}\n`;
}

function save(report: HeapReport, outputs: { path: string; format: Format }[]): void {
  for (const { path, format } of outputs) {
    write(
      path,
      format === "json"
        ? formatHeapReport(report)
        : drawHeap(report, { caption: null, parts: figureParts }),
    );
    if (path === "-") continue;
    say(`written: ${path}\n`);
    if (format === "svg") say(`next: open ${path} in a browser\n`);
    else say(`next: takegil heap ${path} -o heap.svg\n`);
  }
}
