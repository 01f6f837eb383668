/**
 * The processes that a program has started with `multiprocessing`: each a Node process with a heap
 * and a lock of its own (childprocess.ts). The interpreter loop starts them, some before they are
 * asked for, hears of their ends, and lets none outlive it: a process whose channel to its parent
 * closes ends itself, whatever closed it.
 */
import { type ChildProcess, fork } from "node:child_process";
import { closeSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, constants, tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { TraceRecorder } from "../trace/recorder.js";
import type { StartedProcess } from "../vm/processes.js";
import type { InterpreterOptions } from "./options.js";
import type { CarrierReply, ProcessRequest } from "./protocol.js";
import { loadSharingCalls } from "./sharingcalls.js";
import type { SourceCompiler } from "./sourceunits.js";

/** Once a program has started so many processes, one more is kept ready. */
const REPEATED_STARTS = 3;
/** How long a process stays ready without being asked for, in ms. */
const READY_MS = 20_000;
/** How long the output of an ended process may take to arrive, in ms. */
const OUTPUT_MS = 1000;

const ENOSYS = 38;
const ENOMEM = 12;

/** Options that a process has from its parent. */
const INHERITED = [
  "gil",
  "python",
  "switchIntervalUs",
  "checkInterval",
  "heapSize",
  "pymalloc",
  "malloc",
  "verify",
  "maxThreads",
  "onDeadlock",
  "logLevel",
] as const satisfies readonly (keyof InterpreterOptions)[];

/** What a process is started with, as JSON. */
export type ChildOptions = Pick<
  InterpreterOptions,
  (typeof INHERITED)[number] | "trace" | "spareCarriers"
>;

/** The trace files of processes, while they run. */
class TraceParts {
  /** Of processes that have been given work, and of all. */
  readonly used: string[] = [];
  readonly #all: string[] = [];

  constructor(private readonly traced: string | undefined) {}

  /** The file for a process about to be started. */
  newPart(number: number): string {
    const { traced } = this;
    const base = traced === undefined ? `${tmpdir()}/takegil-${process.pid}` : resolve(traced);
    const part = `${base}.process-${number}`;
    this.#all.push(part);
    return part;
  }

  /** Hand the traces to the recorder and remove the files; processes it has no room for. */
  addTo(recorder: TraceRecorder | null): number {
    for (const part of this.#all) {
      // Behind it the files of its own processes, if it was killed.
      const files = findFiles(part);
      if (this.used.includes(part)) {
        for (const file of files) recorder?.addProcess(readFileSync(file));
      }
      for (const file of files) rmSync(file, { force: true });
    }
    return recorder?.processesLeftOut ?? 0;
  }
}

/** The file `path` and those whose names go on from its. */
function findFiles(path: string): string[] {
  const name = basename(path);
  const names = readdirSync(dirname(path)).filter(
    (other) => other === name || other.startsWith(`${name}.`),
  );
  return names.sort().map((other) => join(dirname(path), other));
}

class Child {
  /** Exit status or minus the signal, once the process has ended. */
  readonly ended: Promise<number>;
  isOver = false;

  constructor(
    readonly number: number,
    readonly process: ChildProcess,
    /** Our end of its control channel. */
    readonly control: number,
    /** Its trace file, if it writes one. */
    readonly part: string | undefined,
    captured: Promise<void>,
  ) {
    this.ended = new Promise((resolve) => {
      process.once("exit", (code, signal) => {
        const status = code ?? -constants.signals[signal!];
        void captured.then(() => {
          this.isOver = true;
          resolve(status);
        });
      });
    });
    // A process that could not be started has no pid: whoever asked was told so.
    process.on("error", () => {});
    process.unref();
    process.channel?.unref();
  }
}

export class ProcessPool {
  /** Processes that nobody has asked for yet, oldest first. */
  readonly #ready: Child[] = [];
  /** Started processes whose end nobody has asked for yet, by number. */
  readonly #running = new Map<number, Child>();
  #started = 0;
  #numbers = 0;
  #closed = false;
  #timer: NodeJS.Timeout | null = null;

  readonly #childOptions: ChildOptions;
  readonly #parts: TraceParts | null;

  /**
   * @param options those of the interpreter whose program starts the processes
   * @param compiler knows what it has compiled
   */
  constructor(
    private readonly options: InterpreterOptions,
    private readonly compiler: SourceCompiler,
  ) {
    const inherited = INHERITED.map((name) => [name, options[name]]);
    // A process has threads less often than a program: it makes their carriers when it has any.
    this.#childOptions = { ...Object.fromEntries(inherited), spareCarriers: 0 };
    // The program may go elsewhere before it starts processes.
    if (options.gil?.endsWith(".js")) this.#childOptions.gil = resolve(options.gil);
    const isTraced = options.trace !== undefined || options.statistics === true;
    this.#parts = isTraced ? new TraceParts(options.trace) : null;
  }

  /**
   * End all processes and add their traces to that of the run; `say` takes what the user must know
   * of that.
   */
  async finish(recorder: TraceRecorder | null, say: (text: string) => void): Promise<void> {
    await this.#close();
    const lost = this.#parts?.addTo(recorder) ?? 0;
    if (lost > 0) say(`takegil: the trace has no room for ${lost} of the processes\n`);
  }

  /** Do what a carrier wants; its answer, if it waits for one. */
  serve(request: ProcessRequest): Promise<CarrierReply | undefined> | CarrierReply | undefined {
    switch (request.kind) {
      case "expect process":
        this.expect(request.count);
        return undefined;
      case "start process":
        return this.start();
      case "process status":
        return this.status(request.number, request.waitMs);
    }
  }

  /** The program is likely to start `count` processes. */
  expect(count: number): void {
    const wanted = Math.min(count, Math.max(2, availableParallelism()));
    while (this.#ready.length < wanted) {
      const child = this.#fork();
      if (typeof child === "number") return;
      this.#ready.push(child);
    }
    this.#timer?.refresh();
    this.#timer ??= setTimeout(() => this.#dismiss(), READY_MS).unref();
  }

  /** End the processes that nobody asked for. */
  #dismiss(): void {
    for (const child of this.#ready.splice(0)) {
      child.process.kill("SIGKILL");
      closeSync(child.control);
    }
  }

  /** Start a process or take one that is ready; errno of the failure. */
  start(): StartedProcess | number {
    let child = this.#ready.shift();
    while (child?.isOver) {
      closeSync(child.control);
      child = this.#ready.shift();
    }
    const taken = child ?? this.#fork();
    if (typeof taken === "number") return taken;
    this.#started++;
    if (taken.part !== undefined) this.#parts!.used.push(taken.part);
    this.#running.set(taken.number, taken);
    // From now on Ctrl-C is its business.
    void this.compiler.all().then((units) => taken.process.send(units, () => {}));
    void taken.ended.then(() => {
      if (this.#started >= REPEATED_STARTS && !this.#closed) this.expect(1);
    });
    return { number: taken.number, pid: taken.process.pid!, control: taken.control };
  }

  /** How process `number` ended, or null when that takes longer than `waitMs`. */
  async status(number: number, waitMs: number): Promise<number | null> {
    const child = this.#running.get(number);
    if (child === undefined || (waitMs === 0 && !child.isOver)) return null;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), waitMs);
    });
    const status = await Promise.race([child.ended, patience]);
    clearTimeout(timer);
    if (status !== null) this.#running.delete(number);
    return status;
  }

  /** A process, or the errno of the failure. */
  #fork(): Child | number {
    const calls = loadSharingCalls();
    if (calls === null) return ENOSYS;
    const fds = new Int32Array(2);
    if (calls.socketpair(fds) < 0) return calls.errno();
    const [control, theirs] = fds;
    const number = ++this.#numbers;
    const { stdout, stderr } = this.options;
    const entry = fileURLToPath(new URL("../../workers/process.cjs", import.meta.url));
    const trace = this.#parts?.newPart(number);
    const child = fork(entry, [JSON.stringify({ ...this.#childOptions, trace })], {
      stdio: [
        "ignore",
        stdout === undefined ? "inherit" : "pipe",
        stderr === undefined ? "inherit" : "pipe",
        theirs,
        "ipc",
      ],
      execArgv: [],
      // Units have byte arrays in them, and numbers of any length.
      serialization: "advanced",
    });
    closeSync(theirs);
    if (child.pid === undefined) {
      closeSync(control);
      child.on("error", () => {});
      return ENOMEM;
    }
    return new Child(number, child, control, trace, this.#capture(child));
  }

  /** Hand on what `child` prints; settled when that is all. */
  async #capture(child: ChildProcess): Promise<void> {
    const take = (stream: Readable | null, taker: ((text: string) => void) | undefined): void => {
      stream?.setEncoding("utf8").on("data", (text: string) => taker!(text));
    };
    take(child.stdout, this.options.stdout);
    take(child.stderr, this.options.stderr);
    if (child.stdout === null && child.stderr === null) return;
    await new Promise<void>((resolve) => {
      child.once("close", resolve);
      child.once("exit", () => setTimeout(resolve, OUTPUT_MS).unref());
    });
  }

  /** End all processes, and wait until they have ended. */
  async #close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const ready = this.#ready.map(({ ended }) => ended);
    this.#dismiss();
    const running = [...this.#running.values()].filter(({ isOver }) => !isOver);
    for (const { process } of running) process.kill("SIGKILL");
    await Promise.all([...ready, ...running.map(({ ended }) => ended)]);
  }
}

/** The pool of a program's processes. */
export function newProcessPool(options: InterpreterOptions, compiler: SourceCompiler): ProcessPool {
  return new ProcessPool(options, compiler);
}
