/** Starting Python threads: a free thread state and an identity for each (H1). */
import { type Addr, heap } from "../memory/heap.js";
import { Control, ThreadLife, ThreadLimit, ThreadState } from "../memory/layout.js";
import { raise } from "../object/errors.js";
import { clearField, xincref } from "../object/header.js";
import { thread } from "../object/thread.js";
import { T } from "../object/types.js";
import { handOnCores } from "./affinity.js";
import { getHost } from "./host.js";
import { noteSpawn } from "./machine.js";
import { stateOf } from "./threadstate.js";

const I32 = heap.I32;

/** Slot 0 is the interpreter loop's, slot 1 MainThread's. */
const FIRST_SLOT = 2;

/** Identity of the running thread (`threading.get_ident`). */
export function currentIdent(): number {
  return I32[thread.state + ThreadState.Ident];
}

/** Reserve a thread state: its slot, or -1 when all are taken. */
function claimSlot(): number {
  for (let slot = FIRST_SLOT; slot < ThreadLimit.Timer; slot++) {
    const life = stateOf(slot) + ThreadState.Life;
    const found = Atomics.compareExchange(I32, life, ThreadLife.Free, ThreadLife.Reserved);
    if (found === ThreadLife.Free) return slot;
  }
  return -1;
}

/** Slot of the thread `ident` that runs or is starting, or -1. */
export function slotOf(ident: number): number {
  for (let slot = 1; slot < ThreadLimit.Slots; slot++) {
    if (I32[stateOf(slot) + ThreadState.Ident] !== ident) continue;
    const life = Atomics.load(I32, stateOf(slot) + ThreadState.Life);
    if (life === ThreadLife.Starting || life === ThreadLife.Running) return slot;
  }
  return -1;
}

/** Threads started and not yet ended, MainThread aside. */
export function countThreads(): number {
  let count = 0;
  for (let slot = FIRST_SLOT; slot < ThreadLimit.Slots; slot++) {
    const life = Atomics.load(I32, stateOf(slot) + ThreadState.Life);
    if (life === ThreadLife.Starting || life === ThreadLife.Running) count++;
  }
  return count;
}

/**
 * Start a thread that calls `callable(*args, **kwargs)` (borrowed; `kwargs` may be 0). Its
 * identity, or 0 with RuntimeError pending.
 */
export function startThread(callable: Addr, args: Addr, kwargs: Addr): number {
  const slot = claimSlot();
  if (slot < 0) return raise(T.RuntimeError, "can't start new thread");
  const state = stateOf(slot);
  // A thread that died left its references here.
  for (const word of COUNTED) clearField(state + word);
  for (const word of PLAIN) Atomics.store(I32, state + word, 0);
  const ident = Atomics.add(I32, Control.NextIdent, 1);
  I32[state + ThreadState.Ident] = ident;
  I32[state + ThreadState.Parent] = currentIdent();
  handOnCores(state);
  I32[state + ThreadState.StartCallable] = xincref(callable);
  I32[state + ThreadState.StartArgs] = xincref(args);
  I32[state + ThreadState.StartKwargs] = xincref(kwargs);
  if (getHost().startThread(slot)) {
    noteSpawn(slot);
    return ident;
  }
  for (const word of COUNTED) clearField(state + word);
  Atomics.store(I32, state + ThreadState.Life, ThreadLife.Free);
  return raise(T.RuntimeError, "can't start new thread");
}

const COUNTED = [
  ThreadState.AsyncException,
  ThreadState.StartCallable,
  ThreadState.StartArgs,
  ThreadState.StartKwargs,
  ThreadState.Sentinel,
  ThreadState.Name,
];

const PLAIN = [
  ThreadState.WaitWord,
  ThreadState.Mutation,
  ThreadState.Frame,
  ThreadState.Stop,
  ThreadState.IsMain,
  ThreadState.Ticks,
  ThreadState.Line,
  ThreadState.Carrier,
  ThreadState.Done,
  ThreadState.Awaits,
  ThreadState.ImportWait,
  ThreadState.Taken,
];
