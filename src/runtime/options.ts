/** What an interpreter is asked for, and what it answers when a program has ended. */
import type { DisciplineName } from "../gil/disciplines.js";
import type { MallocName, PymallocName } from "../memory/geometry.js";
import type { HeapReport } from "../report/heapreport.js";
import type { Statistics } from "../report/statistics.js";
import type { Trace } from "../trace/file.js";
import type { Cores } from "./affinity.js";
import type { DeadlockedThread } from "./deadlock.js";
import type { HeapOptions } from "./heapobserver.js";
import type { SourceUnits } from "./sourceunits.js";
import type { PythonVersion } from "./versions.js";
import type { VirtualOptions } from "./virtualtime.js";

/** Exit status of a run that takegil itself could not finish. */
export const STATUS_BROKEN = 70;

/** Exit status of a run that was stopped from outside: a shell's for Ctrl-C. */
export const STATUS_STOPPED = 130;

/** Exit status of a run that ended because its threads waited for each other for ever. */
export const STATUS_DEADLOCK = 79;

/** What may be done about a deadlock of the program's locks. */
export const deadlockActions = ["report", "wait"] as const;
export type DeadlockAction = (typeof deadlockActions)[number];

/** Options of {@link Interpreter.create}. */
export interface InterpreterOptions {
  /**
   * The lock's discipline; `py32`, the lock of CPython 3.2 and later, unless said otherwise. The
   * name of a JavaScript file, such as `./mine.js`, for one of one's own.
   */
  gil?: DisciplineName | (string & {});
  /**
   * The version of CPython whose check points decide where threads may switch; `3.11` unless said
   * otherwise, and `2.7` under the locks of 2.7. The language and the library stay those of 3.11.
   */
  python?: PythonVersion;
  /** Virtual time: the same seed gives the same run. Real time unless given. */
  virtual?: VirtualOptions;
  /** The switch interval in µs, at least 1; 5000 unless said otherwise (G1). */
  switchIntervalUs?: number;
  /** Counted instructions between two checks under the locks of 2.7; 100 unless said otherwise. */
  checkInterval?: number;
  /** Bytes of the Python heap, 8 MiB to 2 GiB; 1 GiB unless said otherwise. */
  heapSize?: number;
  /**
   * Shape of arenas and pools: that of CPython `3.9` (256 KiB, 4 KiB; the default) or of `3.10` and
   * later (1 MiB, 16 KiB).
   */
  pymalloc?: PymallocName;
  /**
   * `debug` puts guard bytes, fill patterns and numbers around every block and checks them at each
   * call; a finding ends the process with CPython's fatal error and status 134. It implies
   * `verify`. `pymalloc` unless said otherwise.
   */
  malloc?: MallocName;
  /** Verify the whole heap when the program has ended, and again after finalization. */
  verify?: boolean;
  /** Look at the heap while the program runs; what was seen is part of the result. */
  heap?: HeapOptions;
  /** Count what the lock does, for {@link Interpreter.figures}. */
  counters?: boolean;
  /** The way of requests (requestchannel.ts) to a program that serves HTTP. */
  requests?: SharedArrayBuffer;
  /** Path of a trace file to write. */
  trace?: string;
  /** Collect statistics of the lock; they are part of the result. Implied by `trace`. */
  statistics?: boolean;
  /**
   * Bind all threads of the process, while the interpreter lives, to so many of the cores it may
   * use, or to those of a list. All cores unless said otherwise.
   */
  cores?: Cores;
  /**
   * Keep each Python thread on one of these cores, in turn: the kernel otherwise likes to put a
   * woken thread on the core of who woke it, where the two take turns instead of fighting.
   */
  spread?: boolean;
  /** Python threads that may be alive at once, MainThread included: 1 to 574, 255 by default. */
  maxThreads?: number;
  /** Carriers kept ready once a program has started threads; 2 unless said otherwise. */
  spareCarriers?: number;
  /**
   * What to do when threads wait for each other for ever: `report` says so on standard error and
   * ends the run with {@link STATUS_DEADLOCK} (the default); `wait` leaves them, as CPython does.
   */
  onDeadlock?: DeadlockAction;
  /** Receives what the program prints, instead of the process's standard output. */
  stdout?: (text: string) => void;
  /** Receives what the program writes to standard error. */
  stderr?: (text: string) => void;
  /** For a process of `multiprocessing`: what its parent has compiled, once that is handed over. */
  compiled?: Promise<SourceUnits>;
  /** Level of the runtime's own log on standard error: pino's names; silent by default. */
  logLevel?: string;
}

/** How a program ended. */
export interface RunResult {
  /** The program's exit status, 0 to 255; {@link STATUS_BROKEN} for a defect of takegil. */
  status: number;
  /** Seconds from the start of MainThread to its end. */
  wallSeconds: number;
  /** Figures of the lock and its threads; null unless the run was traced. */
  statistics: Statistics | null;
  /** The trace, for further reports; null unless the run was traced. */
  trace: Trace | null;
  /** Where the trace file is, or null. */
  tracePath: string | null;
  /** What was seen of the heap; null unless that was asked for. */
  heap: HeapReport | null;
  /** Blocks that the program left on the heap after finalization; 0 in a clean run. */
  leakedBlocks: number;
  /** What verification found wrong with the heap, a sentence each; empty unless asked for. */
  heapProblems: readonly string[];
  /** Daemon threads that were cut off at exit with what they held (G36). */
  abandonedThreads: number;
  /** Virtual time in which instructions were run and there was more than one thread, in µs. */
  contestedUs: number;
  /** Threads whose workers died, by identity, with the source line they were last seen in. */
  deaths: { ident: number; line: number; heldLock: boolean }[];
  /** The threads that waited for ever and so ended the run, or null. */
  deadlock: readonly DeadlockedThread[] | null;
}

/** A wrong option; the message is one line for the user. */
export class OptionError extends Error {
  override name = "OptionError";
}

/** The place of `value` in `known`, the values of an option that the user calls `what`. */
export function choice(value: string, known: readonly string[], what: string): number {
  const index = known.indexOf(value);
  if (index >= 0) return index;
  throw new OptionError(`unknown ${what} ${JSON.stringify(value)}; known: ${known.join(", ")}`);
}

/** `value`, when it is a whole number from `least` to `most`. */
export function checked(value: number, least: number, most: number, what: string): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new OptionError(`${what} must be a whole number from ${least} to ${most}, not ${value}`);
}
