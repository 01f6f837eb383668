/**
 * What a thread does when it sees the eval breaker: signals (MainThread only), giving the lock
 * away, asynchronous exceptions, in that order (G16).
 */
import { bindCollectorSink } from "../gc/collector.js";
import type { Discipline } from "../gil/discipline.js";
import { Breaker, Gil } from "../gil/words.js";
import { bindDebugHeap } from "../memory/debugheap.js";
import { heap } from "../memory/heap.js";
import { Region, ThreadState } from "../memory/layout.js";
import { call0 } from "../object/call.js";
import { raiseException } from "../object/errors.js";
import { CodeObject, FunctionObject } from "../object/layout.js";
import { thread } from "../object/thread.js";
import { type EventSink, ReleaseReason, type TraceEvent } from "../trace/record.js";
import { lineOf } from "./code.js";
import { fatalError } from "./fatal.js";
import { Frame } from "./frame.js";

const I32 = heap.I32;

/** Thrown through the JavaScript stack of a thread that must end at once (G36). */
export class ThreadExit extends Error {
  override name = "ThreadExit";
}

let discipline: Discipline;
let slot = 0;
let sink: EventSink;
/** Runs the Python handlers of tripped signals; -1 with an exception pending when one raised. */
let runSignalHandlers: () => number = () => 0;

/** Attach the lock; the carrier calls it before it runs a thread in `threadSlot`. */
export function bindLock(lock: Discipline, threadSlot: number, eventSink: EventSink): void {
  discipline = lock;
  slot = threadSlot;
  sink = eventSink;
  bindCollectorSink(eventSink);
  bindDebugHeap({ hasLock: () => lock.holder() === threadSlot, fatal: fatalError });
}

/** Record an event of this thread. */
export function emit(event: TraceEvent, argument: number): void {
  sink.emit(event, argument);
}

/** Slot of the running thread. */
export function currentSlot(): number {
  return slot;
}

/** Note the line of the current frame, for the trace and for a report of this thread's death. */
function noteLine(): void {
  const state = thread.state;
  const frame = I32[state + ThreadState.Frame];
  if (frame === 0) return;
  const code = I32[I32[frame + Frame.Function] + FunctionObject.Code];
  const index = I32[frame + Frame.Pc] - 1 - I32[code + CodeObject.Bytecode];
  I32[state + ThreadState.Line] = lineOf(code, index);
}

/** Install the signal module's entry. */
export function setSignalRunner(run: () => number): void {
  runSignalHandlers = run;
}

/**
 * A check point that was put into the code (checkpoints.ts) and stands for `counted` instructions,
 * each a tick. -1 with an exception pending.
 */
export function passPoint(counted: number): number {
  I32[thread.state + ThreadState.Ticks] += counted;
  if (I32[Region.Gil + Gil.EvalBreaker] === 0 && discipline.tick(counted)) return 0;
  return handlePending();
}

/** {@link passPoint} where 2.7 leaves the check out: the next point makes up for it (T7). */
export function countPoint(counted: number): number {
  I32[thread.state + ThreadState.Ticks] += counted;
  discipline.tick(counted);
  return 0;
}

/** Called at a check point that saw the breaker. -1 with an exception pending. */
export function handleBreaker(): number {
  I32[thread.state + ThreadState.Ticks]++;
  if (I32[Region.Gil + Gil.EvalBreaker] === Breaker.Ticks && discipline.tick(1)) return 0;
  return handlePending();
}

function handlePending(): number {
  const bits = discipline.pending(slot);
  if (bits === 0) return 0;
  if ((bits & Breaker.Stop) !== 0) {
    dropLock(ReleaseReason.ThreadExit);
    leaveForGood();
  }
  if ((bits & Breaker.Signals) !== 0 && runSignalHandlers() < 0) return -1;
  if ((bits & Breaker.DropRequest) !== 0) {
    noteLine();
    if (!discipline.checkpoint(slot)) leaveForGood();
  }
  if ((bits & Breaker.AsyncException) !== 0) return raiseAsync();
  return 0;
}

/**
 * For native code that works for long and keeps the lock (I25): signal handlers run, and a thread
 * that must end does; requests for the lock wait. -1 with an exception pending.
 */
export function pollSignals(): number {
  I32[thread.state + ThreadState.Ticks]++;
  const raised = I32[Region.Gil + Gil.EvalBreaker] & (Breaker.Signals | Breaker.Stop);
  if (raised === 0) return 0;
  const bits = discipline.pending(slot);
  if ((bits & Breaker.Stop) !== 0) {
    dropLock(ReleaseReason.ThreadExit);
    leaveForGood();
  }
  return (bits & Breaker.Signals) !== 0 ? runSignalHandlers() : 0;
}

function raiseAsync(): number {
  const type = I32[thread.state + ThreadState.AsyncException];
  I32[thread.state + ThreadState.AsyncException] = 0;
  if (type === 0) return 0;
  const exception = call0(type);
  if (exception !== 0) raiseException(exception);
  return -1;
}

function leaveForGood(): never {
  throw new ThreadExit("the interpreter is finalizing");
}

/** Drop the lock around something that blocks (I1). Pairs with {@link takeLock}. */
export function dropLock(reason: ReleaseReason): void {
  noteLine();
  discipline.release(slot, reason);
}

/** Take the lock back. Does not return when the interpreter is finalizing (G36). */
export function takeLock(): void {
  if (!discipline.acquire(slot)) leaveForGood();
}

/** The attached lock. */
export function currentLock(): Discipline {
  return discipline;
}
