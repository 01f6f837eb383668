/**
 * Blocking without the GIL (I1): drop it, wait in slices on a word of the heap, take it again, and
 * run signal handlers when a wait was interrupted (G34). Times are milliseconds of the lock's
 * clock.
 */

import { GilThread } from "../gil/words.js";
import { heap } from "../memory/heap.js";
import { ThreadState } from "../memory/layout.js";
import { registerUnlocked } from "../object/bytesmethods.js";
import { thread } from "../object/thread.js";
import { waitEvent } from "../sync/event.js";
import { AcquireResult, LockOperations } from "../sync/lock.js";
import type { SyncMemory } from "../sync/memory.js";
import { type Parker, ParkResult } from "../sync/parker.js";
import { RLockOperations } from "../sync/rlock.js";
import { ReleaseReason } from "../trace/record.js";
import { currentLock, dropLock, handleBreaker, takeLock } from "./breaker.js";
import { isVirtual, passIo } from "./machine.js";

const I32 = heap.I32;

let memory: SyncMemory;
let parker: Parker;
let locks: LockOperations;
/** The same for waits that no signal ends. */
let steadfast: LockOperations;
/** Reentrant locks of the running thread. */
export let rlocks: RLockOperations;

/**
 * Attach the running thread's ways of sleeping; the carrier calls it before it runs a thread.
 *
 * @param deaf is not interrupted by signals, only by the thread's or the program's end
 */
export function bindParker(sync: SyncMemory, threadParker: Parker, deaf: Parker): void {
  memory = sync;
  parker = threadParker;
  locks = new LockOperations(sync, threadParker);
  steadfast = new LockOperations(sync, deaf);
  rlocks = new RLockOperations(sync, {
    take: acquireWithin,
    takeBack: awaitLockDeaf,
    release: releaseLock,
  });
}

/** A deadline `ms` milliseconds from now; Infinity stays. */
export function deadlineAfter(ms: number): number {
  return ms === Number.POSITIVE_INFINITY ? ms : memory.now() + ms * 1e6;
}

/** Sleep `ms` milliseconds: always one release, also for 0 (I2). -1: a signal handler raised. */
export function sleep(ms: number): number {
  const deadline = deadlineAfter(ms);
  for (;;) {
    dropLock(ReleaseReason.Sleep);
    const result = parker.sleepUntil(thread.state + ThreadState.Gil + GilThread.Sleep, deadline);
    takeLock();
    if (handleBreaker() < 0) return -1;
    if (result !== ParkResult.Interrupted) return 0;
  }
}

/**
 * Acquire the lock at word `index` until `deadline`: 1 acquired, 0 timed out, -1 a signal handler
 * raised. The first try keeps the GIL (I3).
 */
export function acquireLock(index: number, deadline: number): number {
  return locks.tryAcquire(index) ? 1 : awaitLock(index, deadline);
}

/**
 * Take the lock at word `index` within `ms` (Infinity: for ever, 0: a try): 1, 0 when it could not
 * be had, -1 when a signal handler raised. The first try keeps the GIL (I3), but not in 2.7 (T18).
 */
export function acquireWithin(index: number, ms: number): number {
  if (!currentLock().leavesForLocks) {
    if (locks.tryAcquire(index)) return 1;
    if (ms === 0) return 0;
  }
  if (ms !== 0) return awaitLock(index, deadlineAfter(ms));
  dropLock(ReleaseReason.LockWait);
  const taken = locks.tryAcquire(index);
  takeLockHaving(taken ? index : 0);
  return Number(taken);
}

/**
 * Take the GIL again after the lock at word `index`, or none (0). Who dies while it waits has no
 * owner's mark on the lock yet: runtime/burial.ts frees what is noted here.
 */
function takeLockHaving(index: number): void {
  I32[thread.state + ThreadState.Taken] = index;
  takeLock();
  I32[thread.state + ThreadState.Taken] = 0;
}

/** Take the lock at word `index`; signals that come are handled afterwards (H8). */
function awaitLockDeaf(index: number): void {
  if (!currentLock().leavesForLocks && locks.tryAcquire(index)) return;
  for (;;) {
    awaits(index);
    dropLock(ReleaseReason.LockWait);
    const result = steadfast.acquire(index, Number.POSITIVE_INFINITY);
    // A thread that is to end does so here.
    takeLockHaving(result === AcquireResult.Acquired ? index : 0);
    memory.store(thread.state + ThreadState.Awaits, 0);
    if (result === AcquireResult.Acquired) return;
  }
}

/** {@link acquireLock} without the first try: the GIL is dropped even if the lock is free. */
function awaitLock(index: number, deadline: number): number {
  for (;;) {
    if (deadline === Number.POSITIVE_INFINITY) awaits(index);
    dropLock(ReleaseReason.LockWait);
    const result = locks.acquire(index, deadline);
    takeLockHaving(result === AcquireResult.Acquired ? index : 0);
    memory.store(thread.state + ThreadState.Awaits, 0);
    if (result === AcquireResult.Acquired) return 1;
    if (handleBreaker() < 0) return -1;
    if (result === AcquireResult.TimedOut) return 0;
  }
}

/** Let the interpreter loop know what this thread waits for: see runtime/deadlock.ts. */
function awaits(index: number): void {
  const { state } = thread;
  memory.store(state + ThreadState.Waits, I32[state + ThreadState.Waits] + 1);
  memory.store(state + ThreadState.Awaits, index);
}

/**
 * Release the lock at `index`; the GIL stays held (I4). False: not held. The waiter is woken when
 * the GIL is dropped, or a few checks later: before that it could only wait for the GIL.
 */
export function releaseLock(index: number): boolean {
  const lock = currentLock();
  const held = locks.releaseOwing(index, lock.owed);
  lock.noteOwed();
  return held;
}

export function isLocked(index: number): boolean {
  return locks.isLocked(index);
}

/** Wait for the one-shot event at `index`: 1 set, 0 timed out, -1 a signal handler raised. */
export function waitForEvent(index: number, deadline: number): number {
  for (;;) {
    dropLock(ReleaseReason.LockWait);
    const result = waitEvent(parker, index, deadline);
    takeLock();
    if (result === ParkResult.Woken) return 1;
    if (handleBreaker() < 0) return -1;
    if (result === ParkResult.TimedOut) return 0;
  }
}

/** Longest part of a blocking system call after which the thread looks around, in ms. */
export const CALL_SLICE_MS = 50;

/** Milliseconds until a deadline; Infinity without one. */
export function msUntil(deadline: number): number {
  return (deadline - memory.now()) / 1e6;
}

/** Does somebody want this thread's attention? Asked between the slices of a blocking call. */
export function isInterrupted(): boolean {
  return parker.interrupted();
}

/**
 * Milliseconds that a blocking call may wait in the system when it wants to wait `ms`: none in
 * virtual time, where the other threads could not run meanwhile.
 */
export function systemWait(ms: number): number {
  return isVirtual() ? 0 : Math.ceil(ms);
}

/** Virtual pauses between looks at something that is not ready, in ms. */
const REST_FIRST_MS = 0.02;
const REST_LONGEST_MS = 10;

let restMs = 0;

/** A word that nobody changes, to let real time pass. */
const idle = new Int32Array(new SharedArrayBuffer(4));

/**
 * Called when a wait of a blocking call gave nothing: in virtual time, let the others run for a
 * while, longer each time until {@link endRest}.
 */
export function rest(): void {
  if (!isVirtual()) return;
  restMs = Math.min(Math.max(restMs * 2, REST_FIRST_MS), REST_LONGEST_MS);
  // Perhaps it comes from outside, another process, which lives in real time.
  if (restMs === REST_LONGEST_MS) Atomics.wait(idle, 0, 0, 1);
  parker.sleepUntil(thread.state + ThreadState.Gil + GilThread.Sleep, deadlineAfter(restMs));
}

/** What was waited for is there: the next wait looks often again. */
export function endRest(): void {
  restMs = 0;
}

/**
 * A system call that may block for ever, in slices, without the GIL. `attempt` waits for so many
 * milliseconds at most and gives undefined when it is to be called again; so does this function
 * when a signal handler raised.
 */
export function withoutLockUntil<Result>(
  attempt: (sliceMs: number) => Result | undefined,
): Result | undefined {
  for (;;) {
    dropLock(ReleaseReason.BlockingIo);
    let result: Result | undefined;
    for (;;) {
      result = attempt(systemWait(CALL_SLICE_MS));
      if (result !== undefined || parker.interrupted()) break;
      rest();
    }
    endRest();
    passIo();
    takeLock();
    if (result !== undefined) return result;
    if (handleBreaker() < 0) return undefined;
  }
}

/** Words around a blocking system call. */
export function withoutLock<Result>(operation: () => Result): Result {
  dropLock(ReleaseReason.BlockingIo);
  const result = operation();
  passIo();
  takeLock();
  return result;
}

/** A long computation that touches no counted reference. */
export function computeWithoutLock(work: () => void): void {
  dropLock(ReleaseReason.Computation);
  work();
  takeLock();
}

registerUnlocked(computeWithoutLock);
