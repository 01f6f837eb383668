/**
 * `_faults`: deaths on purpose, as CPython's faulthandler has them, to test what is done about
 * them. `die(way, moment)` ends the calling thread's worker, or the process; `died()` tells when.
 */
import { verifyHeap } from "../gc/verify.js";
import { type Addr, heap } from "../memory/heap.js";
import { Mutation } from "../memory/layout.js";
import { startMutation } from "../memory/mark.js";
import { checkArity } from "../object/arguments.js";
import { defineModule, fast, noArgs } from "../object/define.js";
import { raise } from "../object/errors.js";
import { newFloat } from "../object/float.js";
import { getString, isStr, newStr } from "../object/str.js";
import { T } from "../object/types.js";
import { ReleaseReason, TraceEvent } from "../trace/record.js";
import { withoutLock } from "../vm/blocking.js";
import { dropLock, emit } from "../vm/breaker.js";
import { getHost } from "../vm/host.js";
import { monotonicNs } from "../vm/machine.js";
import { VmState } from "../vm/state.js";
import { currentIdent } from "../vm/threadstart.js";

const I32 = heap.I32;

/** Events that overflow a trace ring of the default capacity. */
const BURST = 100_000;

function deeper(depth: number): number {
  return deeper(depth + 1) + depth;
}

function kill(signal: NodeJS.Signals): never {
  process.kill(process.pid, signal);
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
}

/** Say on standard output that this thread is ready to be killed: `kill IDENT`. */
function announce(): void {
  getHost().writeOut(1, new TextEncoder().encode(`kill ${currentIdent()}\n`));
}

/** The clock, for {@link died}: the time from here on is what the others lose by the death. */
function noteDeath(): void {
  const now = monotonicNs();
  Atomics.store(I32, VmState.DeathSeconds, Number(now / 1_000_000_000n));
  Atomics.store(I32, VmState.DeathNanoseconds, Number(now % 1_000_000_000n));
}

/** When the last thread that `die` ended has died, on the clock of `time.monotonic()`. */
function died(): Addr {
  return newFloat(I32[VmState.DeathSeconds] + I32[VmState.DeathNanoseconds] / 1e9);
}

/** Using up the stack takes a tenth of a second: the death comes after it. */
function overflow(): never {
  try {
    deeper(0);
  } catch (error) {
    noteDeath();
    throw error;
  }
  throw new Error("the stack has no end");
}

/** How a worker may end; those that end by being killed say so and wait for that. */
const ways: Readonly<Record<string, () => void>> = {
  throw: () => {
    throw new Error("died on purpose");
  },
  null: () => {
    throw null;
  },
  overflow,
  exit: () => process.exit(0),
  "exit-3": () => process.exit(3),
  busy: () => {
    announce();
    for (;;);
  },
  parked: () => {
    announce();
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  },
  memory: () => {
    for (const all: unknown[] = []; ; ) all.push(new Array(1000).fill(all));
  },
  SIGSEGV: () => kill("SIGSEGV"),
  SIGABRT: () => kill("SIGABRT"),
  SIGKILL: () => kill("SIGKILL"),
};

/** What the thread is in the middle of when it dies. */
const moments: Readonly<Record<string, (die: () => void) => void>> = {
  running: (die) => die(),
  alloc: (die) => {
    startMutation(Mutation.Alloc);
    die();
  },
  decref: (die) => {
    startMutation(Mutation.Free);
    die();
  },
  collect: (die) => {
    startMutation(Mutation.Collect);
    die();
  },
  waiting: (die) => {
    dropLock(ReleaseReason.LockWait);
    emit(TraceEvent.Request, 0);
    die();
  },
  io: (die) => withoutLock(die),
  trace: (die) => {
    for (let i = 0; i < BURST; i++) emit(TraceEvent.Signal, 0);
    die();
  },
};

function die(_: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("die", nargs, 2, 2)) return 0;
  const [way, moment] = [I32[args], I32[args + 1]].map((text) =>
    isStr(text) ? getString(text) : "",
  );
  if (ways[way] === undefined || moments[moment] === undefined) {
    return raise(T.ValueError, `ways: ${Object.keys(ways)}; moments: ${Object.keys(moments)}`);
  }
  noteDeath();
  moments[moment](ways[way]);
  return 0;
}

defineModule({
  name: "_faults",
  doc: "Deaths on purpose, for tests.",
  functions: [
    fast("die", die),
    noArgs("died", died),
    noArgs("verify", () => newStr(verifyHeap().join("\n"))),
  ],
});
