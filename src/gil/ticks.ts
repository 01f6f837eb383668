/**
 * What the two locks of Python 2.7 share: checks after a number of counted instructions instead of
 * an interval of time. Follows Python/ceval.c of 2.7.18 (contract T1–T7, T12, T16, T17).
 *
 * - The ticker is counted down at every instruction that counts (T5; which ones count is the
 *   virtual machine's part). Below zero the check body runs and reloads it with the check interval
 *   n, so checks are n+1 counted instructions apart (T6).
 * - The check body (T7): reload the ticker; run pending calls, here signal handlers, on MainThread;
 *   release the lock and take it again; raise an asynchronous exception.
 * - Nothing is handed over (T12): the releasing thread competes with whom it has woken.
 * - While a signal waits for MainThread every counted instruction of the others is a check (T16).
 * - Taking a Python-level lock releases this one, even if the other is free (T18).
 * - Before a second thread exists there is no lock: checks release nothing, and no event tells of
 *   a release (T1). The lock word does change, for the interpreter loop.
 *
 * The ticker belongs to the interpreter, not to a thread. While a thread has the lock it is counted
 * in a field; the shared word has it between two holds.
 */
import { Control, Region } from "../memory/layout.js";
import { SLICE_NS, WaitResult } from "../sync/memory.js";
import { ReleaseReason, TraceEvent } from "../trace/record.js";
import { GilLock, isLeftBy } from "./lock.js";
import { Breaker, Gil, holderOf, LockWord } from "./words.js";

const enum At {
  Lock = Region.Gil + Gil.Lock,
  EvalBreaker = Region.Gil + Gil.EvalBreaker,
  Ticker = Region.Gil + Gil.Ticker,
}

/** Identity the second thread of a run gets. */
const SECOND_THREAD = 2;

/** Value of Control.CheckPoints. */
const POINTS_OF_27 = 3;

/** A lock word that is not free. */
export const NOT_FREE = -1;

export abstract class TickLock extends GilLock {
  /**
   * With the check points of 2.7 the code itself says what counts; with others, all points of the
   * eval loop count, and the breaker sends it here.
   */
  protected override readonly resting: number =
    this.memory.load(Control.CheckPoints) === POINTS_OF_27 ? 0 : Breaker.Ticks;

  override readonly leavesForLocks = true;

  protected ticker = 0;
  /** T1: the lock was released without a word, since no other thread existed. */
  protected silent = false;

  /** What to record when the lock is found taken: Busy, then Retry, or Wait for nothing. */
  protected failure = TraceEvent.Busy;

  /** Take the lock if it is free: the word it was, or {@link NOT_FREE}. */
  protected abstract tryLock(thread: number): number;
  protected abstract unlock(thread: number): void;

  override initialize(intervalUs: number): void {
    super.initialize(intervalUs);
    this.memory.store(At.Ticker, 0); // starts at 0
  }

  /** T17: sets both. */
  override setCheckInterval(instructions: number): void {
    super.setCheckInterval(instructions);
    this.ticker = instructions;
    this.memory.store(At.Ticker, instructions);
  }

  override tick(counted: number): boolean {
    this.ticker -= counted;
    return this.ticker >= 0; // T5
  }

  override pending(thread: number): number {
    // T7(2); of several instructions counted at once, those behind the check count again.
    this.ticker = this.getCheckInterval() + Math.min(this.ticker + 1, 0);
    const quiet = this.memory.peek(At.EvalBreaker) === this.resting;
    const bits = quiet ? 0 : this.look(thread);
    if (this.memory.peek(Control.SignalsTripped) !== 0 && !this.isMain(thread)) this.ticker = 0;
    return bits | Breaker.DropRequest;
  }

  /** T7(5). */
  override checkpoint(thread: number): boolean {
    if (this.isAlone()) return true;
    this.release(thread, ReleaseReason.TickCheck);
    return this.acquire(thread);
  }

  /** A thread that releases a Python-level lock wakes its waiter at once. */
  override noteOwed(): void {
    this.owed.pay();
  }

  acquire(thread: number): boolean {
    if (this.silent) {
      this.silent = false;
      if (!this.mustExit(thread) && this.tryLock(thread) !== NOT_FREE) return true;
      this.leaving(ReleaseReason.Finalization);
    }
    if (!isLeftBy(this.memory.peek(At.Lock), thread) && this.mustExit(thread)) return false;
    this.sink.emit(TraceEvent.Request, 0);
    const found = this.tryLock(thread);
    if (isLeftBy(found, thread)) return this.reentered(thread);
    if (found !== NOT_FREE) return this.entered(thread);
    return this.acquireSlow(thread, this.memory.load(At.Lock));
  }

  protected begin(_thread: number, _word: number): void {
    this.failure = TraceEvent.Busy;
  }

  protected sleepNs(): number {
    return SLICE_NS;
  }

  /** Record that the lock was found taken, and the sleep that follows. */
  protected failed(word: number): void {
    if (this.failure !== TraceEvent.Wait) this.sink.emit(this.failure, holderOf(word));
    this.sink.emit(TraceEvent.Wait, SLICE_NS / 1e3);
  }

  protected woken(result: WaitResult): void {
    if (result === WaitResult.TimedOut) {
      this.sink.emit(TraceEvent.Timeout, 0);
      this.failure = TraceEvent.Wait;
      return;
    }
    this.sink.emit(TraceEvent.Wake, 0);
    this.failure = TraceEvent.Retry;
  }

  release(thread: number, reason: ReleaseReason): void {
    const ends = reason === ReleaseReason.ThreadExit || reason === ReleaseReason.Finalization;
    this.silent = !ends && this.isAlone();
    if (!this.silent) this.leaving(reason);
    this.memory.note(At.Ticker, this.ticker);
    this.unlock(thread);
  }

  /** Free the lock word, by compare-and-swap: the word after that. */
  protected clearLocked(thread: number): number {
    for (;;) {
      const word = this.ownWord(thread);
      const free = word & ~LockWord.Locked;
      if (this.replace(word, free)) return free;
    }
  }

  /**
   * The release that left the word `free` has woken nobody. Whoever came since has changed the
   * word, and nobody goes to sleep on a free lock.
   */
  protected forgetWaiters(free: number): void {
    this.replace(free, free & ~LockWord.Waiters);
  }

  protected override entered(thread: number): boolean {
    this.ticker = this.memory.peek(At.Ticker);
    return super.entered(thread);
  }

  /** T1: no second thread was started yet, nor does the interpreter loop want the lock. */
  private isAlone(): boolean {
    if (this.memory.peek(Control.NextIdent) > SECOND_THREAD) return false;
    return (this.memory.peek(At.Lock) & LockWord.Waiters) === 0;
  }
}
