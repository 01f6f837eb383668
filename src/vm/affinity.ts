/**
 * The cores that threads may run on. A thread begins with those of the thread that started it, as
 * the system has it for threads of C; here, where carriers are made by Node's main thread and run
 * one Python thread after the other, they are handed on from the first choice of the program on.
 */
import { type Addr, heap } from "../memory/heap.js";
import { Control, ThreadState } from "../memory/layout.js";
import { getHost } from "./host.js";
import { isVirtual, processorCount, systemThreadId } from "./machine.js";

const I32 = heap.I32;

/** Cores told apart; more than any kernel has. */
const MOST_CORES = 1 << 16;
const EINVAL = 22;
const ENOSYS = 38;

const set = new Uint8Array(MOST_CORES / 8);

/** Cores of a thread by the system's number, 0 the calling one; an errno if that fails. */
export function coresOf(thread: number): number[] | number {
  if (isVirtual()) return Array.from({ length: processorCount(() => 1) }, (_, core) => core);
  const { libc } = getHost();
  if (libc === null) return ENOSYS;
  if (libc.schedGetAffinity(thread, set) < 0) return libc.errno();
  const cores: number[] = [];
  for (let core = 0; core < MOST_CORES; core++) {
    if ((set[core >> 3] & (1 << (core & 7))) !== 0) cores.push(core);
  }
  return cores;
}

/** Choose the cores of a thread; the errno. In virtual time all are alike, and nothing changes. */
export function chooseCores(thread: number, cores: Iterable<number>): number {
  set.fill(0);
  for (const core of cores) {
    if (core < MOST_CORES) set[core >> 3] |= 1 << (core & 7);
  }
  if (isVirtual()) {
    const known = new Uint8Array(set.buffer, 0, Math.ceil(processorCount(() => 1) / 8));
    return known.some((bits) => bits !== 0) ? 0 : EINVAL;
  }
  const { libc } = getHost();
  if (libc === null) return ENOSYS;
  if (libc.schedSetAffinity(thread, set) < 0) return libc.errno();
  Atomics.store(I32, Control.CoresChosen, 1);
  return 0;
}

/** The running thread is about to start the one with this state. */
export function handOnCores(state: Addr): void {
  const chosen = Atomics.load(I32, Control.CoresChosen) !== 0;
  I32[state + ThreadState.Starter] = chosen ? systemThreadId() : 0;
}

/** The calling worker is about to run the thread with this state. */
export function inheritCores(state: Addr): void {
  const starter = I32[state + ThreadState.Starter];
  if (starter === 0) return;
  const { libc } = getHost();
  // A starter that has ended hands nothing on.
  if (libc === null || libc.schedGetAffinity(starter, set) < 0) return;
  libc.schedSetAffinity(0, set);
}
