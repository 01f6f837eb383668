/** What the interpreter loop and its carriers say to each other. */
import type { MessagePort } from "node:worker_threads";
import type { CodeUnit } from "../compiler/unit.js";
import type { TraceThread } from "../trace/file.js";
import type { CompileMode, CompileResult } from "../vm/host.js";
import type { StartedProcess } from "../vm/processes.js";

/** What every carrier of a run gets when its worker starts. */
export interface CarrierData {
  heap: SharedArrayBuffer;
  /** Trace rings, or null in an untraced run. */
  rings: SharedArrayBuffer | null;
  /** Name of the lock's discipline, or of the file that has it. */
  discipline: string;
  /** Descriptors whose output goes to the interpreter loop instead of the process's own. */
  capture: { stdout: boolean; stderr: boolean };
  program: ProgramPlace;
  /** Cores to keep the Python threads on, one each in turn, or null. */
  spread: readonly number[] | null;
  /** Counters of the lock (counters.ts), or null. */
  counters: SharedArrayBuffer | null;
  /** The way of requests (requestchannel.ts) when the program serves HTTP, or null. */
  requests: SharedArrayBuffer | null;
  /** State of virtual time (sync/virtual.ts), or null in real time. */
  virtual: SharedArrayBuffer | null;
  /** What the run's heap observer wants to be told of, or null (heapobserver.ts). */
  observed: { probes: SharedArrayBuffer | null; exit: boolean } | null;
}

/** Where a program runs: what `sys` and `os` show of it. */
export interface ProgramPlace {
  argv: string[];
  scriptDirectory: string;
  workingDirectory: string;
  executable: string;
  environ: Record<string, string>;
}

/** A task for the pool: run the thread in `slot` (0: none yet), then wait for others. */
export interface CarrierTask {
  slot: number;
  /** MainThread's program. */
  main: MainProgram | null;
}

export interface MainProgram {
  place: ProgramPlace;
  /** The program, or the name of a module to find and run (`-m`). */
  code: CodeUnit | string;
  /** `__file__`, or null for `-c` and standard input. */
  file: string | null;
  /** Begin with an interpreter that has imported what a process needs, where one was saved. */
  startsReady: boolean;
}

/** What MainThread's task gives back. */
export interface MainResult {
  status: number;
  /** Blocks that finalization left on the heap. */
  leakedBlocks: number;
  /** What verification found wrong with the heap. */
  heapProblems: string[];
  /** Threads that ended without giving back what they held. */
  abandoned: number;
}

/** A carrier's first message: its own line to the interpreter loop. */
export interface CarrierHello {
  carrier: number;
  worker: number;
  port: MessagePort;
  /** See control.ts. */
  control: MessagePort;
  /** One word: 1 when a reply has been posted. */
  replied: SharedArrayBuffer;
}

/** From a carrier, over its port. */
export type CarrierMessage =
  | { kind: "compile"; source: string; filename: string; mode: CompileMode; flags: number }
  | { kind: "output"; fd: number; bytes: Uint8Array; place: number }
  | { kind: "signal"; signum: number; name: NodeJS.Signals; disposition: number }
  | { kind: "exit"; status: number }
  | { kind: "defect"; text: string }
  | { kind: "probe"; probe: number }
  | { kind: "name"; thread: TraceThread; order: number }
  | ProcessRequest;

/** What a carrier wants of the processes (vm/processes.ts); the last two are answered. */
export type ProcessRequest =
  | { kind: "expect process"; count: number }
  | { kind: "start process" }
  | { kind: "process status"; number: number; waitMs: number };

export type CompileRequest = Extract<CarrierMessage, { kind: "compile" }>;

/** To a carrier, over its port: the answer to its request. */
export type CarrierReply = CompileResult | StartedProcess | number | null;
