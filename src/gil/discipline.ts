import { Region, ThreadState } from "../memory/layout.js";
import type { OwedWakes } from "../sync/owed.js";
import type { EventSink, ReleaseReason } from "../trace/record.js";

/**
 * A rule by which threads share the interpreter: when the lock is taken, dropped and asked for.
 * The state lies in the shared heap; an instance is one thread's access to it and is used by that
 * thread only. `thread` is always the slot of the calling thread.
 */
export interface Discipline {
  /** Where this thread's events go. */
  readonly sink: EventSink;

  /**
   * Wake-ups of Python-level locks this thread owes while it holds the lock; paid by `release` and,
   * after some checks, by `pending`. Who adds to it calls {@link noteOwed}.
   */
  readonly owed: OwedWakes;

  /** Something was added to `owed`: have it paid soon, even if the lock is not dropped. */
  noteOwed(): void;

  /**
   * True if a thread gives the lock up around every take of a Python-level lock, one that is free
   * and a mere try included (T18).
   */
  readonly leavesForLocks: boolean;

  /** True if a thread of its own must run `Timer.runTimer` beside the others. */
  readonly needsTimer: boolean;

  /** Set up the lock, free, in zeroed memory. Called once, before any thread starts. */
  initialize(intervalUs: number): void;

  /** A new Python thread begins in this slot: forget what the last one there left behind. */
  attach(thread: number): void;

  /**
   * Take the lock, waiting as long as it takes. False when the thread must end at once without
   * touching the heap, because it was stopped or the interpreter is finalizing (G36).
   */
  acquire(thread: number): boolean;

  /** {@link acquire} for a thread that must never park, such as Node's main thread. */
  acquireAsync(thread: number): Promise<boolean>;

  /** Drop the lock. May wait until another thread has taken it, if one asked for it (G7, G8). */
  release(thread: number, reason: ReleaseReason): void;

  /** {@link release} for a thread that must never park; it waits when it takes the lock next. */
  releaseAsync(thread: number, reason: ReleaseReason): void;

  /**
   * Instructions that count were passed and the breaker asks for nothing else: true if the next
   * check is not due yet. Counts under the tick disciplines; true under all others.
   */
  tick(counted: number): boolean;

  /**
   * Called by the holder when it sees the eval breaker non-zero: what there is to do for this
   * thread (`Breaker` bits), computed anew from the sources. What concerns other threads only is
   * cleared, so nobody polls in vain for long. The caller acts in the order of G16: stop, signals,
   * {@link checkpoint}, async exception.
   */
  pending(thread: number): number;

  /** Drop and take the lock again if the rules ask for it; false as in {@link acquire}. */
  checkpoint(thread: number): boolean;

  /** Set the switch interval; the caller holds the lock or no thread runs yet. */
  setInterval(intervalUs: number): void;
  getInterval(): number;

  /** Set the check interval of the tick disciplines (T17), as {@link setInterval}. */
  setCheckInterval(instructions: number): void;
  getCheckInterval(): number;

  /** Slot of the thread that has the lock, or -1. */
  holder(): number;

  /**
   * Repair the lock after the thread's worker died: free it if the dead thread had it, withdraw
   * drop requests, wake everyone. Called by the interpreter loop before the slot is used again;
   * true if the dead thread had the lock.
   */
  recover(deadThread: number): boolean;

  /** Wake every sleeping thread to look around: after `Control.Finalizing` or a stop was set. */
  wakeAll(): void;
}

/** Index of a word of a thread's state. */
export function threadWord(thread: number, word: ThreadState): number {
  return Region.Threads + thread * ThreadState.Size + word;
}
