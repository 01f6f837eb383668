/** `takegil run`: a program under a lock. */
import { readFileSync, writeSync } from "node:fs";
import { formatJson, formatTable } from "../report/table.js";
import { type DeadlockAction, Interpreter, type RunResult } from "../runtime/interpreter.js";
import { OptionError } from "../runtime/options.js";
import type { PythonVersion } from "../runtime/versions.js";
import { parseSchedule, type VirtualOptions } from "../runtime/virtualtime.js";
import { fileProblem, UsageError } from "./failure.js";

export interface RunOptions extends ProgramWords {
  gil: string;
  python?: PythonVersion;
  switchInterval: number;
  checkInterval?: number;
  heapSize: number;
  pymalloc: "3.9" | "3.10";
  malloc: "pymalloc" | "debug";
  maxThreads: number;
  cores?: number | number[];
  spread?: boolean;
  onDeadlock: DeadlockAction;
  deterministic?: boolean;
  seed: number;
  schedule?: string;
  quantum?: number;
  wakeLatency?: number;
  ioLatency?: number;
  trace?: string;
  stats?: boolean;
  json?: boolean;
  logLevel: string;
}

/** How a program can be named besides as a file. */
export interface ProgramWords {
  c?: string;
  m?: string;
}

/** A second Ctrl-C within this many ms ends the process at once. */
const IMPATIENCE_MS = 1000;

/** Write to standard error; nobody may be reading. */
export function say(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Nobody reads standard error.
  }
}

/** Run a program; its exit status. */
export async function runProgram(words: readonly string[], options: RunOptions): Promise<number> {
  const start = chooseProgram(words, options);
  const interpreter = await create(options);
  const stopListening = forwardSignals(interpreter);
  try {
    const result = await start(interpreter);
    report(result, options);
    return exitStatus(result);
  } finally {
    stopListening();
    await interpreter.close();
  }
}

type Start = (interpreter: Interpreter) => Promise<RunResult>;

/** What `prog.py`, `-c`, `-m` or `-` asks for, read before anything is started. */
export function chooseProgram(words: readonly string[], options: ProgramWords): Start {
  if (options.c !== undefined) {
    const code = options.c;
    return (interpreter) => interpreter.runSource(code, { argv: ["-c", ...words] });
  }
  if (options.m !== undefined) {
    const name = options.m;
    return (interpreter) => interpreter.runModule(name, words);
  }
  const [path, ...argv] = words;
  if (path === undefined) {
    throw new UsageError(
      "name a program to run: a file, -c CODE, -m MODULE, or - for standard input",
    );
  }
  if (path === "-") {
    const source = readFileSync(0, "utf8");
    return (interpreter) => interpreter.runSource(source, { filename: "<stdin>", argv: words });
  }
  try {
    readFileSync(path);
  } catch (error) {
    throw fileProblem(error, path);
  }
  return (interpreter) => interpreter.runFile(path, argv);
}

/** What --deterministic and the options beside it say; undefined: real time. */
function virtualOptions(options: RunOptions): VirtualOptions | undefined {
  const { schedule, quantum, wakeLatency, ioLatency, seed, cores } = options;
  if (options.deterministic !== true) {
    const beside = { schedule, quantum, wakeLatency, ioLatency };
    if (seed !== 0 || Object.values(beside).some((value) => value !== undefined)) {
      throw new UsageError("options of virtual time, such as --seed, need --deterministic");
    }
    return undefined;
  }
  if (options.spread === true) throw new UsageError("--spread binds threads to real cores");
  if (typeof cores === "object") throw new UsageError("virtual cores are a number, not a list");
  try {
    return {
      seed,
      cores,
      schedule: schedule === undefined ? "machine" : parseSchedule(schedule),
      quantumUs: quantum,
      wakeLatencyUs: wakeLatency,
      ioLatencyUs: ioLatency,
    };
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

async function create(options: RunOptions): Promise<Interpreter> {
  try {
    return await Interpreter.create({
      gil: options.gil,
      python: options.python,
      virtual: virtualOptions(options),
      switchIntervalUs: options.switchInterval,
      checkInterval: options.checkInterval,
      heapSize: options.heapSize,
      pymalloc: options.pymalloc,
      malloc: options.malloc,
      verify: process.env.TAKEGIL_VERIFY !== undefined,
      maxThreads: options.maxThreads,
      cores: options.deterministic === true ? undefined : options.cores,
      spread: options.spread,
      onDeadlock: options.onDeadlock,
      trace: options.trace,
      statistics: options.stats === true,
      logLevel: options.logLevel,
    });
  } catch (error) {
    if (error instanceof OptionError) throw new UsageError(error.message);
    if (options.trace !== undefined && (error as NodeJS.ErrnoException).code !== undefined) {
      throw fileProblem(error, options.trace);
    }
    throw error;
  }
}

/** Hand Ctrl-C to the program; gives how to stop that. */
export function forwardSignals(interpreter: Interpreter): () => void {
  let last = Number.NEGATIVE_INFINITY;
  const interrupt = (): void => {
    const now = performance.now();
    // The program ignores Ctrl-C: the second in a row means it.
    if (now - last < IMPATIENCE_MS) interpreter.stop();
    last = now;
    interpreter.interrupt(2);
  };
  process.on("SIGINT", interrupt);
  return () => process.off("SIGINT", interrupt);
}

function report(result: RunResult, options: RunOptions): void {
  if (options.stats && result.statistics !== null) {
    const text = options.json
      ? `${formatJson(result.statistics)}\n`
      : formatTable(result.statistics, process.stderr.columns ?? 100);
    say(text.endsWith("\n") ? text : `${text}\n`);
  }
  sayTrace(options.trace);
}

/** Say where a trace was written, and what can be done with it. */
export function sayTrace(path: string | undefined): void {
  if (path !== undefined) say(`trace: ${path}\nnext: takegil graph ${path} -o lanes.svg\n`);
}

/** The program's status, or that of a leak when TAKEGIL_LEAK_CHECK asks for the check. */
function exitStatus(result: RunResult): number {
  const { leakedBlocks, heapProblems, abandonedThreads, deaths } = result;
  if (heapProblems.length > 0) {
    for (const problem of heapProblems) say(`takegil: the heap ${problem}\n`);
    return 70;
  }
  const counts = abandonedThreads === 0 && deaths.length === 0;
  if (process.env.TAKEGIL_LEAK_CHECK === undefined || leakedBlocks === 0 || !counts) {
    return result.status;
  }
  say(`takegil: ${leakedBlocks} blocks are left on the heap after the program's end\n`);
  return 70;
}
