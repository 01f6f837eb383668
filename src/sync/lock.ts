/**
 * The binary lock under Python's `threading.Lock`: no owner, any thread may release, waiters are
 * served in no promised order and a thread that releases and takes again at once usually wins
 * (H3, H5). A lock held by a thread that dies stays locked (H7).
 *
 * One word. After Drepper's third mutex ("Futexes are tricky", 2011):
 *
 *   value      meaning                          changed by              a waiter that sees it
 *   ---------  -------------------------------  ----------------------  ------------------------
 *   Free       nobody has it                    anyone, to a held one   takes it as Contended
 *   Held       taken; no thread sleeps on it    holder, or a waiter     marks it Contended
 *   Contended  taken; threads may sleep on it   holder                  sleeps while it is so
 *
 * A waiter that was woken takes the lock as Contended, because others may still sleep. A waiter
 * that leaves without the lock leaves the word Contended or has just seen it so after its last
 * wake-up: otherwise the wake-up it consumed would be lost to the others.
 */
import type { SyncMemory } from "./memory.js";
import type { OwedWakes } from "./owed.js";
import { type Parker, ParkResult } from "./parker.js";

/** Values of a lock's word. */
export const enum LockState {
  Free = 0,
  Held = 1,
  Contended = 2,
}

/** Result of a blocking acquire. */
export const enum AcquireResult {
  Acquired = 0,
  TimedOut = 1,
  /** The thread should look around (signals, stop) and may then try again. */
  Interrupted = 2,
}

/** Lock operations of one thread. A lock is any word that holds {@link LockState.Free} at first. */
export class LockOperations {
  constructor(
    protected readonly memory: SyncMemory,
    protected readonly parker: Parker,
  ) {}

  /** Take the lock if it is free, without waiting. */
  tryAcquire(index: number): boolean {
    return this.memory.cas(index, LockState.Free, LockState.Held) === LockState.Free;
  }

  /** Take the lock, waiting until `deadline` (Infinity for ever) on the memory's clock. */
  acquire(index: number, deadline: number): AcquireResult {
    if (this.tryAcquire(index)) return AcquireResult.Acquired;
    for (;;) {
      if (this.takeOrMark(index)) return AcquireResult.Acquired;
      const result = this.parker.park(index, LockState.Contended, deadline);
      if (result === ParkResult.TimedOut) return AcquireResult.TimedOut;
      if (result === ParkResult.Interrupted) return AcquireResult.Interrupted;
    }
  }

  /** Release the lock and wake one waiter; false if it was not held. */
  release(index: number): boolean {
    const before = this.memory.exchange(index, LockState.Free);
    if (before === LockState.Contended) this.memory.notify(index, 1);
    return before !== LockState.Free;
  }

  /** {@link release} by a thread that holds the interpreter's lock: its waiter is woken later. */
  releaseOwing(index: number, owed: OwedWakes): boolean {
    const before = this.memory.exchange(index, LockState.Free);
    if (before === LockState.Contended) owed.add(index);
    return before !== LockState.Free;
  }

  isLocked(index: number): boolean {
    return this.memory.load(index) !== LockState.Free;
  }

  /** Either take the lock (true), or see that it is marked Contended. */
  protected takeOrMark(index: number): boolean {
    // One exchange does both: the word is Contended afterwards in either case.
    return this.memory.exchange(index, LockState.Contended) === LockState.Free;
  }
}
