/**
 * The lock of CPython 3.2 and later: a waiter sleeps for the switch interval; if nobody else got
 * the lock meanwhile it asks the holder to drop it, and a holder that was asked does not go on
 * before another thread has taken over. Follows `take_gil` and `drop_gil` of 3.11 (contract
 * G1–G10, G14, G32, G36), with the repair of gh-96387.
 *
 * State table of the lock word (`words.ts`); H = holder field, s = switch number:
 *
 *   Locked Request Waiters  meaning                          changed by       seen by a waiter
 *   ------ ------- -------  -------------------------------  ---------------  ----------------
 *     0       0       –     free; H had it last              a taker          takes it
 *     0       1       –     dropped on request; H, if alive, a taker other    takes it, wakes H
 *                           waits in `Switched`              than H
 *     1       0       0     H has it, nobody sleeps          H; a waiter      sets Waiters
 *     1       0       1     H has it, others may sleep       H; a waiter      sleeps; after a
 *                                                                             quiet interval
 *                                                                             sets Request
 *     1       1       –     H is asked to drop it            H; the requester sleeps on
 *                                                            when it leaves
 *
 * Taking clears Request (G6) and, if H changes, increments s (G5): s is what a waiter compares to
 * know that no switch happened during its sleep (G4). Dropping clears Waiters and wakes one
 * sleeper (G10); a thread that was asleep takes the lock with Waiters set, since others may still
 * sleep. A waiter that leaves without the lock passes on what it may have consumed.
 *
 * Any thread may die between two steps. Its dead state is: the lock taken (`recover` frees it), a
 * Request nobody stands behind (`recover` withdraws it; any waiter sets it again after another
 * interval), or a wake-up that got lost (`recover` wakes all; no sleep exceeds a slice).
 */
import { Region } from "../memory/layout.js";
import { SLICE_NS, WAKE_ALL } from "../sync/memory.js";
import { type ReleaseReason, TraceEvent } from "../trace/record.js";
import { IntervalLock } from "./interval.js";
import { isLeftBy, Step } from "./lock.js";
import { Gil, holderOf, isLocked, LockWord, takenWord } from "./words.js";

const enum At {
  Lock = Region.Gil + Gil.Lock,
  EvalBreaker = Region.Gil + Gil.EvalBreaker,
  Switched = Region.Gil + Gil.Switched,
}

/** Of {@link CHANCES} requests so many find their waiter awake when the lock is dropped. */
const STAYS_AWAKE = 8;
const CHANCES = 16;
/** How long such a waiter stays awake: so much, and no more than a part of the interval. */
const AWAKE_NS = 60e3;
const AWAKE_SHARE = 20;

/** Makes both outcomes come early, so that the explorer's short executions have them. */
const SALT = 0x93;

/** A number below {@link CHANCES} that looks random, from the switch number of a lock word. */
function chance(word: number): number {
  let bits = (word >>> LockWord.SwitchShift) ^ SALT;
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return (bits >>> 15) & (CHANCES - 1);
}

export class Py32 extends IntervalLock {
  /** LockWord.Waiters after a wake-up that others may have needed, until the word says so again. */
  protected passOn = 0;

  acquire(thread: number): boolean {
    const word = this.memory.peek(At.Lock);
    return isLeftBy(word, thread) ? this.retake(thread, word) : this.takeAfter(thread, word);
  }

  /** Somebody else has the lock, or had it last: the lock word was `word`. */
  private takeAfter(thread: number, word: number): boolean {
    if (this.mustExit(thread)) return false; // G2(1)
    this.sink.emit(TraceEvent.Request, 0);
    // G3: a free lock is taken at once.
    if (!isLocked(word) && this.take(thread, word)) return this.entered(thread);
    return this.acquireSlow(thread, word);
  }

  private retake(thread: number, word: number): boolean {
    if (this.traced) this.sink.emit(TraceEvent.Request, 0);
    if (!this.replace(word, word | LockWord.Locked)) {
      return this.acquireSlow(thread, this.memory.load(At.Lock));
    }
    return this.reentered(thread);
  }

  override async acquireAsync(thread: number): Promise<boolean> {
    for (;;) {
      const sequence = this.memory.load(At.Switched);
      if (!this.owesSwitch(thread)) return super.acquireAsync(thread);
      await this.memory.waitAsync(At.Switched, sequence, SLICE_NS);
    }
  }

  release(thread: number, reason: ReleaseReason): void {
    if ((this.drop(thread, reason) & LockWord.Request) !== 0) this.awaitSwitch(thread);
  }

  override releaseAsync(thread: number, reason: ReleaseReason): void {
    this.drop(thread, reason);
  }

  recover(deadThread: number): boolean {
    let owned: boolean;
    this.sink.emit(TraceEvent.Withdraw, 0);
    for (;;) {
      const word = this.memory.load(At.Lock);
      owned = isLocked(word) && holderOf(word) === deadThread;
      const next = owned ? takenWord(word, LockWord.Nobody) & ~LockWord.Locked : word;
      if (this.replace(word, next & ~LockWord.Request)) break;
    }
    this.announceSwitch();
    this.bury(deadThread);
    return owned;
  }

  protected begin(_thread: number, word: number): void {
    this.passOn = 0;
    this.sleeping = false;
    this.requested = false;
    if (isLocked(word)) this.sink.emit(TraceEvent.Busy, holderOf(word));
  }

  protected step(thread: number): Step {
    for (;;) {
      const word = this.memory.load(At.Lock);
      if (!isLocked(word)) {
        if (!this.take(thread, word)) continue;
        this.endSleep();
        return Step.Taken;
      }
      if (this.mustExit(thread)) {
        this.endSleep();
        this.leave();
        return Step.Left;
      }
      if (!this.mark(word)) continue;
      if (this.passOn !== 0) this.sink.emit(TraceEvent.Retry, holderOf(word));
      this.passOn = 0;
      this.beginSleep(word | LockWord.Waiters);
      this.sleepValue = word | LockWord.Waiters;
      return Step.Sleep;
    }
  }

  /**
   * Whoever asks is awake, and if it is so still when the lock is dropped, may take it before the
   * sleeper that is woken (G10). In CPython a race decides, between the asker's falling asleep and
   * the holder's signal: with a core for each, two to three of five askers win it; on one core none
   * does. Code that is used every 5 ms, and then is cold, takes 10 to 30 µs for what CPython's does
   * in one, so here the asker stays awake for a moment, where chance has it.
   */
  protected override asked(word: number): void {
    if (chance(word) >= STAYS_AWAKE) return;
    const limitNs = Math.min(this.intervalUs * (1e3 / AWAKE_SHARE), AWAKE_NS);
    this.memory.watch(At.Lock, word, limitNs);
  }

  /** Make sure that the holder will wake a sleeper. */
  protected mark(word: number): boolean {
    return (word & LockWord.Waiters) !== 0 || this.replace(word, word | LockWord.Waiters);
  }

  protected switchOf(word: number): number {
    return word >>> LockWord.SwitchShift;
  }

  protected override notified(): void {
    this.passOn = LockWord.Waiters;
  }

  /** One compare-and-swap: the lock is this thread's, no drop is asked for. */
  protected take(thread: number, word: number): boolean {
    if (!this.replace(word, takenWord(word, thread) | this.passOn)) return false;
    if ((word & LockWord.Request) !== 0) this.announceSwitch();
    return true;
  }

  protected override entered(thread: number): boolean {
    this.passOn = 0;
    return super.entered(thread);
  }

  /** Stop waiting without the lock. */
  protected leave(): void {
    if (this.requested) this.sink.emit(TraceEvent.Withdraw, 0);
    for (;;) {
      const word = this.memory.load(At.Lock);
      let next = word;
      // gh-96387: a dropper would wait for ever for the thread that asked and left.
      if (this.requested) next &= ~LockWord.Request;
      if (isLocked(word)) next |= LockWord.Waiters;
      if (!this.replace(word, next)) continue;
      if (this.requested) this.announceSwitch();
      if (!isLocked(word)) this.memory.notify(At.Lock, 1);
      return;
    }
  }

  /** Give the lock up; the word as it was while held. */
  protected drop(thread: number, reason: ReleaseReason): number {
    this.leaving(reason);
    for (;;) {
      const word = this.ownWord(thread);
      if (!this.replace(word, word & ~(LockWord.Locked | LockWord.Waiters))) continue;
      if ((word & LockWord.Waiters) !== 0) this.memory.notify(At.Lock, 1);
      if (!this.owed.isEmpty) this.owed.pay();
      return word;
    }
  }

  /** Forced switching (G7(4)): wait until another thread took the lock or nobody asks any more. */
  protected awaitSwitch(thread: number): void {
    this.sink.emit(TraceEvent.SwitchWait, 0);
    for (;;) {
      // Before the look at the lock: an announcement after it makes the sleep end at once.
      const sequence = this.memory.load(At.Switched);
      if (!this.owesSwitch(thread) || this.mustExit(thread)) break;
      this.memory.wait(At.Switched, sequence, SLICE_NS);
    }
    this.sink.emit(TraceEvent.SwitchWake, 0);
  }

  protected owesSwitch(thread: number): boolean {
    const word = this.memory.load(At.Lock);
    const dropped = (word & (LockWord.Locked | LockWord.Request)) === LockWord.Request;
    return dropped && holderOf(word) === thread;
  }

  /** Wake the droppers that wait for a switch. */
  protected announceSwitch(): void {
    this.memory.add(At.Switched, 1);
    this.memory.notify(At.Switched, WAKE_ALL);
  }
}
