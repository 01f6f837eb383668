/**
 * The interpreter loop: Node's main thread. It owns heap and lock, compiles, finds carriers for
 * threads, drains the trace, delivers signals and repairs what a dead worker left. It never parks,
 * and it never loads the object layer.
 */
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { receiveMessageOnPort, type Worker } from "node:worker_threads";
import { Piscina } from "piscina";
import type { CodeUnit } from "../compiler/unit.js";
import { type DisciplineClass, isTickDiscipline } from "../gil/disciplines.js";
import type { GilLock } from "../gil/lock.js";
import { Breaker, Gil } from "../gil/words.js";
import { DEFAULT_HEAP_BYTES, MAX_HEAP_BYTES, MIN_HEAP_BYTES } from "../memory/binding.js";
import { mallocNames, pymallocNames } from "../memory/geometry.js";
import {
  AllocatorKind,
  Carriers,
  Control,
  MailboxState,
  Mutation,
  Region,
  ThreadLife,
  ThreadLimit,
  ThreadState,
} from "../memory/layout.js";
import { HeapRenewal } from "../memory/renewal.js";
import { newStatistics } from "../report/statistics.js";
import { AtomicsMemory } from "../sync/atomics.js";
import { interruptWait } from "../sync/parker.js";
import { VirtualScheduler } from "../sync/virtual.js";
import { readTrace, type Trace } from "../trace/file.js";
import { type EventSink, NullSink, TraceEvent } from "../trace/record.js";
import { newTraceRecorder, type TraceRecorder } from "../trace/recorder.js";
import { createRings, emptyContext, newRingSink, ownClock } from "../trace/ring.js";
import type { Affinity } from "./affinity.js";
import { Undertaker } from "./burial.js";
import { describeCarrier } from "./control.js";
import { type Figures, newCounters, readFigures } from "./counters.js";
import { type DeadlockedThread, DeadlockFinder, formatDeadlock } from "./deadlock.js";
import { disciplineTitle, loadDiscipline } from "./discipline.js";
import type { HeapObserver } from "./heapobserver.js";
import { type Log, newLog } from "./log.js";
import {
  checked,
  choice,
  deadlockActions,
  type InterpreterOptions,
  OptionError,
  type RunResult,
  STATUS_BROKEN,
  STATUS_DEADLOCK,
  STATUS_STOPPED,
} from "./options.js";
import { ProgramOutput } from "./output.js";
import { pin } from "./pinning.js";
import { placeOf } from "./place.js";
import { describeThread, slotOfThread } from "./postmortem.js";
import type { ProcessPool } from "./processes.js";
import { ProcessSignals } from "./processsignals.js";
import type {
  CarrierData,
  CarrierHello,
  CarrierMessage,
  CarrierTask,
  CompileRequest,
  MainResult,
  ProcessRequest,
  ProgramPlace,
} from "./protocol.js";
import { SourceCompiler } from "./sourceunits.js";
import { startTimer } from "./timer.js";
import "./tiering.cjs";
import { UnguardedWatch } from "./unguarded.js";
import { POINT_VERSIONS, pythonVersions } from "./versions.js";
import { newVirtual, type VirtualOptions } from "./virtualtime.js";
import { Watch } from "./watch.js";

const DEFAULT_GIL = "py32";
const DEFAULT_INTERVAL_US = 5000;
/** When virtual time begins (vm/machine.ts). */
const VIRTUAL_START = new Date(Date.UTC(2024, 0, 1));

/** Carriers kept ready once a program has started threads. */
const SPARE_CARRIERS = 2;
/** How often the trace rings are emptied, in ms. */
const DRAIN_MS = 10;
/** How often an undelivered signal is announced again, in ms. */
const SIGNAL_MS = 5;
/** How long a run that is over waits for threads on their way out, in ms. */
const STRAGGLERS_MS = 1000;
/** How long a stopped program may take before its workers are terminated, in ms. */
const STOP_GRACE_MS = 250;
/** Slot of MainThread. */
const MAIN_SLOT = 1;

export {
  type DeadlockAction,
  deadlockActions,
  type InterpreterOptions,
  type RunResult,
  STATUS_BROKEN,
  STATUS_DEADLOCK,
  STATUS_STOPPED,
} from "./options.js";

/**
 * One interpreter: a heap, a lock and a pool of carriers. It runs one program and is then closed.
 *
 * ```ts
 * const interpreter = await Interpreter.create({ switchIntervalUs: 1000 });
 * const { status } = await interpreter.runFile("program.py", []);
 * await interpreter.close();
 * ```
 */
export class Interpreter {
  readonly #heap: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #memory: AtomicsMemory;
  readonly #lock: GilLock;
  /** Ends the timer thread, where there is one. */
  readonly #stopTimer: () => Promise<void>;
  readonly #rings: SharedArrayBuffer | null;
  readonly #counters: SharedArrayBuffer | null;
  readonly #pool: Piscina<CarrierTask, MainResult | null>;
  readonly #log: Log;
  readonly #virtualState: SharedArrayBuffer | null;
  /** The interpreter loop's access to virtual time, or null. */
  #virtual: VirtualScheduler | null;
  /** Makes the heap new for another run in virtual time; null in real time. */
  readonly #renewal: HeapRenewal | null;
  #output: ProgramOutput;
  readonly #compiler: SourceCompiler;
  /** The program's processes, once it has used any. */
  #processes: Promise<ProcessPool> | null = null;
  readonly #sink: EventSink;
  readonly #ports = new Map<number, CarrierHello>();
  readonly #workers = new Map<number, Worker>();
  readonly #undertaker: Undertaker;
  readonly #watch: Watch | UnguardedWatch;
  readonly #deaths: RunResult["deaths"] = [];
  readonly #traceChunks: Uint8Array[] = [];
  readonly #observer: HeapObserver | null;
  /** The program and its arguments. */
  #command: readonly string[] = [];
  #recorder: TraceRecorder | null = null;
  #traceFile = -1;
  #signalTimer: NodeJS.Timeout | null = null;
  readonly #signals = new ProcessSignals((signum) => this.interrupt(signum));
  /** Carriers that have a task: they run a thread, are parked, or are being made. */
  #carrying = 0;
  #used = false;
  #closed = false;
  #broken = false;
  /** Status of a run that did not end by itself, or null. */
  #endedBy: typeof STATUS_STOPPED | typeof STATUS_DEADLOCK | null = null;
  #deadlock: readonly DeadlockedThread[] | null = null;
  #ended = false;
  /** The run's end, once one has begun. */
  #running: Promise<unknown> | null = null;

  /**
   * Make an interpreter. Its first carrier starts at once.
   * @throws {OptionError} for an option out of range
   */
  static async create(options: InterpreterOptions = {}): Promise<Interpreter> {
    const [log, discipline] = await Promise.all([
      newLog(options.logLevel ?? "silent"),
      loadDiscipline(options.gil ?? DEFAULT_GIL),
    ]);
    if (options.heap && options.gil === "none-unsafe") {
      throw new OptionError(
        "under none-unsafe the heap never stands still: it cannot be looked at",
      );
    }
    const observer = options.heap ? (await import("./heapobserver.js")).HeapObserver : null;
    const affinity = await pin(options);
    try {
      return new Interpreter(options, log, discipline, observer, affinity);
    } catch (error) {
      affinity?.restore();
      throw error;
    }
  }

  private constructor(
    private readonly options: InterpreterOptions,
    log: Log,
    discipline: DisciplineClass,
    observer: typeof HeapObserver | null,
    private readonly affinity: Affinity | null,
  ) {
    this.#log = log;
    this.#compiler = new SourceCompiler(options.compiled ?? null);
    this.#output = new ProgramOutput(options);
    const gil = options.gil ?? DEFAULT_GIL;
    const python = options.python ?? (isTickDiscipline(gil) ? "2.7" : "3.11");
    choice(python, pythonVersions, "Python version");
    const pymalloc = choice(options.pymalloc ?? "3.9", pymallocNames, "pymalloc");
    const malloc = choice(options.malloc ?? "pymalloc", mallocNames, "allocator");
    const interval = options.switchIntervalUs ?? DEFAULT_INTERVAL_US;
    if (!(interval >= 1 && interval <= Number.MAX_SAFE_INTEGER)) {
      throw new OptionError(`the switch interval must be at least 1 µs, not ${interval}`);
    }
    this.#virtualState =
      options.virtual === undefined ? null : newVirtual(options.virtual, interval);
    this.#virtual =
      this.#virtualState === null ? null : new VirtualScheduler(this.#virtualState, 0);
    const bytes = checked(
      options.heapSize ?? DEFAULT_HEAP_BYTES,
      MIN_HEAP_BYTES,
      MAX_HEAP_BYTES,
      "the heap size in bytes",
    );
    const maxThreads = checked(
      options.maxThreads ?? ThreadLimit.Default,
      1,
      ThreadLimit.Most,
      "the thread limit",
    );
    this.#heap = new SharedArrayBuffer((bytes >> 12) << 12);
    this.#words = new Int32Array(this.#heap);
    this.#words[Control.MaxThreads] = maxThreads;
    this.#words[Control.MainThread] = MAIN_SLOT;
    this.#words[Control.Pymalloc] = pymalloc;
    const unguarded = gil === "none-unsafe";
    const verified = options.verify === true || malloc === AllocatorKind.Debug || unguarded;
    this.#words[Control.Allocator] = malloc | (verified ? AllocatorKind.Verified : 0);
    this.#words[Control.VirtualTime] = this.#virtual === null ? 0 : 1;
    this.#words[Control.CheckPoints] = POINT_VERSIONS[python];
    this.#counters = options.counters === true ? newCounters() : null;
    const traced = options.trace !== undefined || options.statistics === true;
    this.#rings = traced ? createRings(ThreadLimit.Slots) : null;
    this.#sink = this.#newSink();
    this.#memory = new AtomicsMemory(this.#words);
    this.#lock = new discipline(this.#memory, this.#sink);
    this.#lock.initialize(Math.trunc(interval));
    const onDeadlock = choice(options.onDeadlock ?? "report", deadlockActions, "deadlock action");
    this.#undertaker = new Undertaker(this.#words, this.#lock);
    this.#watch = unguarded
      ? new UnguardedWatch(this.#words, (text) => this.#breakOff(text))
      : new Watch(this.#words, this.#lock, {
          deadlock: onDeadlock === 0 ? (threads) => this.#reportDeadlock(threads) : null,
          silence: (text) => this.#output.write(2, text),
          handlesSignals: () => this.#signals.isAnyHandled,
        });
    if (options.checkInterval !== undefined) {
      const most = 0x7fff_ffff;
      const least = -most;
      this.#lock.setCheckInterval(
        checked(options.checkInterval, least, most, "the check interval"),
      );
    }
    const timer = { heap: this.#heap, rings: this.#rings, discipline: gil };
    if (this.#lock.needsTimer && this.#virtual !== null) {
      throw new OptionError(`${gil} has a timer thread, which needs real time`);
    }
    this.#stopTimer = this.#lock.needsTimer ? startTimer(timer) : async () => {};
    if (options.trace !== undefined) this.#traceFile = openSync(options.trace, "w");
    this.#observer =
      observer === null ? null : new observer(this.#words, this.#lock, options.heap!);
    this.#renewal = this.#virtual === null ? null : new HeapRenewal(this.#words);
    this.#pool = this.#newPool();
  }

  #newSink(): EventSink {
    if (this.#rings === null) return new NullSink();
    return newRingSink(this.#rings, 0, 0, emptyContext(), this.#clock());
  }

  /** The trace's clock in virtual time, or null. */
  #clock(): (() => number) | null {
    const virtual = this.#virtual;
    return virtual === null ? null : () => virtual.latest();
  }

  #newPool(): Piscina<CarrierTask, MainResult | null> {
    const data: CarrierData = {
      heap: this.#heap,
      rings: this.#rings,
      discipline: this.options.gil ?? DEFAULT_GIL,
      capture: {
        stdout: this.options.stdout !== undefined,
        stderr: this.options.stderr !== undefined,
      },
      program: placeOf([], ""),
      counters: this.#counters,
      requests: this.options.requests ?? null,
      virtual: this.#virtualState,
      spread: this.options.spread === true ? this.affinity!.cores : null,
      observed:
        this.#observer === null
          ? null
          : {
              probes: this.#observer.probes,
              exit: this.options.heap!.atExit || this.options.heap!.everyMs !== null,
            },
    };
    const pool = new Piscina<CarrierTask, MainResult | null>({
      filename: fileURLToPath(new URL("../../workers/carrier.cjs", import.meta.url)),
      workerData: data,
      minThreads: 1,
      maxThreads: Carriers.Max,
      concurrentTasksPerWorker: 1,
      atomics: "disabled",
      idleTimeout: 60_000,
      // A descriptor is the process's, as in Python: it outlives the thread that opened it.
      trackUnmanagedFds: false,
      // Guest recursion through native code (sorting with keys, special methods) nests here.
      resourceLimits: { stackSizeMb: 32, maxOldGenerationSizeMb: 4096 },
    });
    pool.on("message", (message: unknown) => this.#meet(message as CarrierHello));
    pool.on("error", (error: Error) => this.#log.error({ error: error.message }, "pool"));
    return pool;
  }

  /** A carrier introduced itself. */
  #meet(hello: CarrierHello): void {
    this.#ports.set(hello.worker, hello);
    hello.port.on("message", (message: CarrierMessage) => this.#serve(hello, message));
    hello.port.unref();
    hello.control.unref();
    const worker = this.#pool.threads.find(({ threadId }) => threadId === hello.worker);
    if (worker === undefined) return;
    this.#workers.set(hello.carrier, worker);
    worker.once("exit", () => this.#buried(hello));
    this.#log.debug({ carrier: hello.carrier }, "carrier ready");
  }

  async #compileFor(hello: CarrierHello, request: CompileRequest): Promise<void> {
    hello.port.postMessage(await this.#compiler.compile(request, this.#observer));
    this.#answer(hello);
  }

  /** Wake a carrier that waits for its answer. */
  #answer(hello: CarrierHello): void {
    const replied = new Int32Array(hello.replied);
    Atomics.store(replied, 0, 1);
    Atomics.notify(replied, 0);
  }

  #serve(hello: CarrierHello, message: CarrierMessage): void {
    switch (message.kind) {
      case "compile": {
        void this.#compileFor(hello, message);
        return;
      }
      case "output": {
        this.#output.take(message);
        return;
      }
      case "signal":
        this.#signals.watch(message.signum, message.name, message.disposition);
        return;
      case "exit":
        process.exit(message.status);
        break;
      case "defect":
        this.#log.error({ error: message.text }, "defect in a carrier");
        return;
      case "probe":
        this.#observer?.reached(message.probe);
        this.#answer(hello);
        return;
      case "name":
        this.#recorder?.thread(message.thread, message.order);
        return;
      default:
        void this.#serveProcess(hello, message);
    }
  }

  async #serveProcess(hello: CarrierHello, request: ProcessRequest): Promise<void> {
    this.#processes ??= import("./processes.js").then((own) =>
      own.newProcessPool(this.options, this.#compiler),
    );
    const answer = await (await this.#processes).serve(request);
    if (answer === undefined) return;
    hello.port.postMessage(answer);
    this.#answer(hello);
  }

  /**
   * Run the file at `path` as `__main__`, with `argv` behind it in `sys.argv`.
   * @throws {Error} when the file cannot be read
   */
  async runFile(path: string, argv: readonly string[] = []): Promise<RunResult> {
    const source = readFileSync(path);
    const directory = dirname(resolve(path));
    return this.#run(source, path, placeOf([path, ...argv], directory), path);
  }

  /** Run `source` as `__main__`; `filename` is for messages, `argv` the whole of `sys.argv`. */
  async runSource(
    source: string,
    { filename = "<string>", argv = ["-c"] }: { filename?: string; argv?: readonly string[] } = {},
  ): Promise<RunResult> {
    return this.#run(Buffer.from(source), filename, placeOf(argv, ""), null);
  }

  /** Run the module `name`, found as `import` finds it, as `__main__`. */
  async runModule(name: string, argv: readonly string[] = []): Promise<RunResult> {
    this.#begin();
    return this.#start(name, placeOf(["-m", ...argv], process.cwd()), null);
  }

  async #run(
    source: Uint8Array,
    filename: string,
    place: ProgramPlace,
    file: string | null,
  ): Promise<RunResult> {
    this.#begin();
    const { compileProgram, formatWarnings } = await this.#compiler.load();
    const wanted = this.#observer?.probesInProgram(filename) ?? [];
    const compiled = compileProgram(source, filename, wanted);
    if ("text" in compiled) {
      this.#output.write(2, compiled.text);
      return this.#result(1, 0, null);
    }
    this.#compiler.addProgram(source, filename, compiled);
    const absent = compiled.places.indexOf(null);
    if (absent >= 0) {
      const { line } = wanted[absent];
      throw new OptionError(`${filename} has no statement in line ${line} or behind it`);
    }
    this.#observer?.placed(wanted, compiled.places);
    const warned = formatWarnings(compiled.warnings, filename, file === null ? null : source);
    if (warned !== "") this.#output.write(2, warned);
    return this.#start(compiled.unit, place, file);
  }

  #begin(): void {
    if (this.#used || this.#closed) {
      throw new Error("an interpreter runs one program: create another");
    }
    this.#used = true;
  }

  #start(code: CodeUnit | string, place: ProgramPlace, file: string | null): Promise<RunResult> {
    const run = this.#runCode(code, place, file);
    this.#running = run;
    return run;
  }

  async #runCode(
    code: CodeUnit | string,
    place: ProgramPlace,
    file: string | null,
  ): Promise<RunResult> {
    this.#command = place.argv;
    this.#startTrace(place);
    this.#prepareMainThread();
    this.#observer?.begin();
    const drain = this.#recorder === null ? null : setInterval(() => this.#drainTrace(), DRAIN_MS);
    const stopServing = this.#serveRequests();
    if (this.#virtual === null) this.#watch.start();
    else void this.#watchForDeadlock(this.#virtual);
    const start = performance.now();
    let ended: MainResult;
    let failure: string | null = null;
    try {
      this.#virtual?.start(MAIN_SLOT);
      const main = { place, code, file, startsReady: this.options.compiled !== undefined };
      const task = this.#pool.run({ slot: MAIN_SLOT, main });
      ended = (await task) ?? {
        status: STATUS_BROKEN,
        leakedBlocks: 0,
        heapProblems: [],
        abandoned: 0,
      };
    } catch (error) {
      failure = messageOf(error);
      this.#log.fatal({ error: failure }, "MainThread's worker died");
      ended = { status: STATUS_BROKEN, leakedBlocks: 0, heapProblems: [], abandoned: 0 };
      this.#stopAll();
    }
    const elapsed = performance.now() - start;
    await this.#observer?.end();
    this.#ended = true;
    await this.#settle();
    await (await this.#processes)?.finish(this.#recorder, (text) => this.#output.write(2, text));
    const wall = (this.#virtual?.latest() ?? elapsed * 1e6) / 1e9;
    const ours = this.#closed || this.#broken || this.#endedBy !== null;
    if (failure !== null && this.#deaths.length === 0 && !ours) {
      this.#output.write(2, `takegil: MainThread's worker could not start: ${failure}\n`);
    }
    this.#watch.stop();
    // Its records would come after the end: after a broken run there is a holder to ask.
    await this.#stopTimer();
    stopServing();
    if (drain !== null) clearInterval(drain);
    if (this.#signalTimer !== null) clearInterval(this.#signalTimer);
    this.#signals.unwatch();
    const status = this.#endedBy ?? ended.status;
    return this.#result(this.#broken ? STATUS_BROKEN : status, wall, ended);
  }

  #prepareMainThread(): void {
    const state = stateOf(MAIN_SLOT);
    const words = this.#words;
    words[state + ThreadState.IsMain] = 1;
    words[state + ThreadState.Ident] = 1;
    words[Control.NextIdent] = 2;
    words[state + ThreadState.Life] = ThreadLife.Starting;
    words[state + ThreadState.Carrier] = -1;
  }

  /** Find carriers for threads whose starters found none parked. Returns how to stop. */
  #serveRequests(): () => void {
    let running = true;
    const look = async (): Promise<void> => {
      while (running) {
        const seen = Atomics.load(this.#words, Control.CarrierRequests);
        this.#startWaitingThreads();
        this.#undertaker.freeLocks();
        const wait = Atomics.waitAsync(this.#words, Control.CarrierRequests, seen, 100);
        if (wait.async) await wait.value;
      }
    };
    void look();
    return () => {
      running = false;
      Atomics.notify(this.#words, Control.CarrierRequests);
    };
  }

  #startWaitingThreads(): void {
    for (let slot = 1; slot < ThreadLimit.Slots; slot++) {
      const state = stateOf(slot);
      if (Atomics.load(this.#words, state + ThreadState.Life) !== ThreadLife.Starting) continue;
      if (Atomics.compareExchange(this.#words, state + ThreadState.Carrier, 0, -1) !== 0) continue;
      this.#carry(slot);
    }
    if (Atomics.load(this.#words, Control.ThreadsExpected) === 0) return;
    const booting = this.#pool.threads.length - this.#ports.size;
    let spare = this.#parkedCarriers() + booting;
    const wanted = this.options.spareCarriers ?? SPARE_CARRIERS;
    for (; spare < wanted && this.#pool.threads.length < Carriers.Max - 1; spare++) {
      this.#carry(0);
    }
  }

  #parkedCarriers(): number {
    let parked = 0;
    for (let i = 0; i < Carriers.Max; i++) {
      const state = Atomics.load(this.#words, Carriers.Mailboxes + i);
      if (state === MailboxState.Idle || state === MailboxState.Warm) parked++;
    }
    return parked;
  }

  #carry(slot: number): void {
    this.#carrying++;
    const task = this.#pool.run({ slot, main: null }).catch((error: unknown) => {
      if (this.#closed) return;
      this.#log.warn({ slot, error: messageOf(error) }, "carrier lost");
      if (slot !== 0) this.#handOverAgain(slot);
    });
    void task.finally(() => this.#carrying--);
  }

  /** The carrier that should have run the thread in `slot` died first: let another have it. */
  #handOverAgain(slot: number): void {
    const state = stateOf(slot);
    if (Atomics.load(this.#words, state + ThreadState.Life) !== ThreadLife.Starting) return;
    Atomics.store(this.#words, state + ThreadState.Carrier, 0);
    Atomics.add(this.#words, Control.CarrierRequests, 1);
    Atomics.notify(this.#words, Control.CarrierRequests);
  }

  // --- trace ---

  /** What lock, heap and collector have done so far; the option `counters` must be set. */
  figures(): Figures {
    if (this.#counters === null) throw new Error("nothing is counted in this run");
    return readFigures(this.#counters, this.#words);
  }

  /** Name and place of the Python thread `ident`, or null when it does not run (any more). */
  describeThread(ident: number): string | null {
    return describeThread(this.#words, ident);
  }

  /** Does the Python thread `ident` run? */
  runsThread(ident: number): boolean {
    return slotOfThread(this.#words, ident) !== 0;
  }

  /** Record an event of the interpreter loop. */
  note(event: TraceEvent, argument: number): void {
    this.#sink.emit(event, argument);
  }

  #startTrace(place: ProgramPlace): void {
    if (this.#rings === null) return;
    const cpu = cpus();
    const { virtual } = this.options;
    const header = {
      program: place.argv[0] ?? "",
      argv: place.argv.slice(1),
      discipline: disciplineTitle(this.options.gil ?? DEFAULT_GIL),
      switchIntervalUs: this.#lock.getInterval(),
      node: process.version,
      cpuModel: virtual === undefined ? (cpu[0]?.model ?? "") : `virtual, seed ${virtual.seed}`,
      cpuCount: this.#virtual?.cores ?? cpu.length,
      startTime: (virtual === undefined ? new Date() : VIRTUAL_START).toISOString(),
      ...(virtual === undefined ? ownClock(this.#rings) : {}),
    };
    const append = (bytes: Uint8Array): void => {
      const copy = bytes.slice();
      this.#traceChunks.push(copy);
      if (this.#traceFile >= 0) writeSync(this.#traceFile, copy);
    };
    this.#recorder = newTraceRecorder(this.#rings, header, append, this.#clock());
    this.#sink.emit(TraceEvent.ThreadStart, 0);
    this.#recorder.thread({ ident: 0, slot: 0, name: "interpreter loop" });
    this.#recorder.thread({ ident: 1, slot: MAIN_SLOT, name: "MainThread" });
  }

  #drainTrace(): void {
    this.#recorder?.poll();
    this.#recorder?.flush();
  }

  #result(status: number, wallSeconds: number, ended: MainResult | null): RunResult {
    let trace: Trace | null = null;
    if (this.#recorder !== null) {
      this.#sink.emit(TraceEvent.ThreadEnd, 0);
      this.#recorder.finish(status);
      this.#recorder = null;
      trace = readTrace(Buffer.concat(this.#traceChunks));
    }
    if (this.#traceFile >= 0) closeSync(this.#traceFile);
    this.#traceFile = -1;
    return {
      status,
      wallSeconds,
      statistics: trace === null ? null : newStatistics(trace),
      trace,
      tracePath: this.options.trace ?? null,
      heap: this.#observer?.report(this.#command[0] ?? "", this.#command.slice(1)) ?? null,
      leakedBlocks: ended?.leakedBlocks ?? 0,
      heapProblems: ended?.heapProblems ?? [],
      abandonedThreads: ended?.abandoned ?? 0,
      contestedUs: Math.ceil((this.#virtual?.contested() ?? 0) / 1e3),
      deaths: this.#deaths,
      deadlock: this.#deadlock,
    };
  }

  // --- signals and ends ---

  /** Deliver SIGINT (`signal` 2) or another signal to the program: MainThread handles it (G31). */
  interrupt(signal = 2): void {
    const words = this.#words;
    Atomics.or(words, Control.SignalsTripped, 1 << signal);
    const announce = (): void => {
      if (Atomics.load(words, Control.SignalsTripped) === 0) {
        if (this.#signalTimer !== null) clearInterval(this.#signalTimer);
        this.#signalTimer = null;
        return;
      }
      Atomics.or(words, Region.Gil + Gil.EvalBreaker, Breaker.Signals);
      interruptWait(this.#memory, stateOf(MAIN_SLOT) + ThreadState.WaitWord);
      this.#virtual?.alarm();
    };
    announce();
    this.#signalTimer ??= setInterval(announce, SIGNAL_MS);
  }

  /** Virtual time can tell when nothing will ever happen again. */
  async #watchForDeadlock(virtual: VirtualScheduler): Promise<void> {
    const over = (): boolean => this.#ended || this.#virtual !== virtual;
    if (!(await virtual.awaitDeadlock(over))) return;
    const finder = new DeadlockFinder(this.#words);
    // Nobody runs: the second look sees what the first one saw.
    finder.look(false);
    this.#reportDeadlock(finder.look(false) ?? []);
  }

  /**
   * Stop every thread at its next check, whatever the program wants; the run then ends. A thread
   * that comes to none in time is ended with its worker.
   */
  stop(): void {
    this.#endBy(STATUS_STOPPED);
  }

  #endBy(status: typeof STATUS_STOPPED | typeof STATUS_DEADLOCK): void {
    if (this.#endedBy !== null) return;
    this.#endedBy = status;
    this.#stopAll();
    setTimeout(() => this.#terminateThreads(), STOP_GRACE_MS).unref();
  }

  /** End the workers whose threads have not ended by themselves. */
  #terminateThreads(): void {
    for (const [carrier, worker] of this.#workers) {
      if (Atomics.load(this.#words, Carriers.Slots + carrier) !== 0) void worker.terminate();
    }
  }

  /** The heap is broken: nobody shall touch it any more. */
  #breakOff(text: string): void {
    this.#output.write(2, text);
    this.#broken = true;
    for (const worker of this.#workers.values()) void worker.terminate();
  }

  #reportDeadlock(threads: readonly DeadlockedThread[]): void {
    if (this.#endedBy !== null || this.#broken) return;
    this.#deadlock = threads;
    this.#output.write(2, formatDeadlock(threads));
    Atomics.store(this.#words, Control.FlushAtStop, 1);
    this.#endBy(STATUS_DEADLOCK);
  }

  #stopAll(): void {
    for (let slot = 1; slot < ThreadLimit.Slots; slot++) {
      Atomics.store(this.#words, stateOf(slot) + ThreadState.Stop, 1);
    }
    Atomics.or(this.#words, Region.Gil + Gil.EvalBreaker, Breaker.Stop);
    this.#lock.wakeAll();
    this.#virtual?.alarm();
  }

  /** Kill the worker of the Python thread `ident`, as a crash would: for tests of the repair. */
  async killThread(ident: number): Promise<boolean> {
    for (let i = 0; i < Carriers.Max; i++) {
      const slot = Atomics.load(this.#words, Carriers.Slots + i);
      if (slot === 0 || this.#words[stateOf(slot) + ThreadState.Ident] !== ident) continue;
      const worker = this.#workers.get(i);
      if (worker === undefined) return false;
      await worker.terminate();
      return true;
    }
    return false;
  }

  /** A carrier's worker has exited. Whatever thread it ran is dead: repair and go on. */
  #buried(hello: CarrierHello): void {
    this.#drainPort(hello);
    this.#ports.delete(hello.worker);
    hello.control.close();
    this.#workers.delete(hello.carrier);
    const words = this.#words;
    const slot = Atomics.load(words, Carriers.Slots + hello.carrier);
    Atomics.store(words, Carriers.Slots + hello.carrier, 0);
    const box = Atomics.exchange(words, Carriers.Mailboxes + hello.carrier, MailboxState.Unused);
    if (this.#closed) return;
    if (box >= MailboxState.Assigned) this.#handOverAgain(box - MailboxState.Assigned);
    if (slot === 0) return;
    this.#handOverAgain(slot);
    const state = stateOf(slot);
    if (Atomics.load(words, state + ThreadState.Life) !== ThreadLife.Running) return;
    const carrier = Atomics.load(words, state + ThreadState.Carrier);
    if (carrier > 0 && carrier !== hello.carrier + 1) return;
    const death = this.#undertaker.examine(slot);
    const { ident, name, line, heldLock, mutation } = death;
    this.#sink.emit(TraceEvent.ThreadDeath, ident);
    // Ended by the interpreter loop itself?
    const stopped = this.#broken || words[state + ThreadState.Stop] !== 0;
    if (!stopped) {
      this.#deaths.push({ ident, line, heldLock });
      this.#log.error({ ...death }, "thread died");
      const where = line > 0 ? ` in line ${line}` : "";
      const held = heldLock ? " while it had the GIL" : "";
      this.#output.write(2, `takegil: the worker of ${name} died${where}${held}\n`);
    }
    if (mutation !== Mutation.None) {
      // The lock stays with the dead: nobody shall touch the heap again.
      if (!stopped) {
        this.#breakOff("takegil: the heap was being changed and cannot be trusted: the run ends\n");
        return;
      }
      for (const worker of this.#workers.values()) void worker.terminate();
      return;
    }
    this.#undertaker.bury(slot);
    this.#virtual?.bury(slot);
  }

  /** Wait for stragglers, then take what carriers have said before the run's end. */
  async #settle(): Promise<void> {
    const end = performance.now() + STRAGGLERS_MS;
    while (!this.#broken && this.#threadsLeft() && performance.now() < end) {
      this.#lock.wakeAll();
      await new Promise((done) => setTimeout(done, 2));
    }
    for (const hello of this.#ports.values()) this.#drainPort(hello);
    await new Promise((done) => setImmediate(done));
    for (const hello of this.#ports.values()) this.#drainPort(hello);
  }

  #threadsLeft(): boolean {
    for (let slot = 1; slot < ThreadLimit.Slots; slot++) {
      const life = Atomics.load(this.#words, stateOf(slot) + ThreadState.Life);
      if (life === ThreadLife.Running) return true;
    }
    return false;
  }

  #drainPort(hello: CarrierHello): void {
    for (;;) {
      const received = receiveMessageOnPort(hello.port);
      if (received === undefined) return;
      this.#serve(hello, received.message as CarrierMessage);
    }
  }

  /** What every carrier has done, for the log; they are on their way out of their tasks. */
  async #logCarriers(): Promise<void> {
    const asked = [...this.#ports.values()].map(async ({ carrier, control }) => {
      const worker = this.#workers.get(carrier);
      if (worker === undefined) return;
      const report = await describeCarrier(control, worker, STOP_GRACE_MS);
      this.#log.debug(report ?? { carrier }, report === null ? "carrier silent" : "carrier");
    });
    await Promise.all(asked);
  }

  /**
   * Make an interpreter whose program has ended ready for another in virtual time, on an empty heap
   * with the same carriers. False when that cannot be: close this one and make another.
   */
  async renew(options: VirtualOptions): Promise<boolean> {
    const watched = this.#rings ?? this.#counters ?? this.#observer ?? this.#processes;
    const over = this.#ended && !this.#closed && this.#endedBy === null && !this.#broken;
    const whole = this.#deaths.length === 0 && this.#words[Control.Abandoned] === 0;
    if (this.#renewal === null || !over || !whole || watched !== null) return false;
    const end = performance.now() + STRAGGLERS_MS;
    while (this.#parkedCarriers() < this.#carrying) {
      if (performance.now() > end) return false;
      await new Promise((done) => setTimeout(done, 1));
    }
    if (!this.#renewal.renew()) return false;
    const state = this.#virtualState!;
    const fresh = newVirtual(options, this.options.switchIntervalUs ?? DEFAULT_INTERVAL_US);
    new Int32Array(state).set(new Int32Array(fresh));
    this.#virtual = new VirtualScheduler(state, 0);
    this.#output = new ProgramOutput(this.options);
    this.#ended = false;
    this.#used = false;
    this.#running = null;
    return true;
  }

  /**
   * End the carriers and give the memory back; a program that still runs is stopped. The
   * interpreter cannot be used any more.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#running !== null) {
      this.stop();
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise((done) => {
        timer = setTimeout(done, STOP_GRACE_MS);
      });
      await Promise.race([this.#running.catch(() => {}), patience]);
      clearTimeout(timer);
    }
    Atomics.store(this.#words, Control.Closing, 1);
    for (let i = 0; i < Carriers.Max; i++) Atomics.notify(this.#words, Carriers.Mailboxes + i);
    if (this.#log.isLevelEnabled("debug")) await this.#logCarriers();
    await this.#stopTimer();
    await this.#pool.destroy();
    await this.#running?.catch(() => {});
    if (this.#traceFile >= 0) closeSync(this.#traceFile);
    this.#traceFile = -1;
    for (const { port, control } of this.#ports.values()) {
      port.close();
      control.close();
    }
    this.affinity?.restore();
  }
}

function stateOf(slot: number): number {
  return Region.Threads + slot * ThreadState.Size;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
