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
import { assert } from "../base/assert.js";
import { Control, Region, ThreadLimit, ThreadState } from "../memory/layout.js";
import { type AsyncSyncMemory, SLICE_NS, WAKE_ALL, WaitResult } from "../sync/memory.js";
import { OwedWakes } from "../sync/owed.js";
import { interruptWait } from "../sync/parker.js";
import { type EventSink, RecordKind, ReleaseReason, TraceEvent } from "../trace/record.js";
import { type Discipline, threadWord } from "./discipline.js";
import { Breaker, Gil, LockWord } from "./words.js";

const enum At {
  Lock = Region.Gil + Gil.Lock,
  EvalBreaker = Region.Gil + Gil.EvalBreaker,
  Switched = Region.Gil + Gil.Switched,
  HoldNumber = Region.Gil + Gil.HoldNumber,
  IntervalLow = Region.Gil + Gil.IntervalLow,
  IntervalHigh = Region.Gil + Gil.IntervalHigh,
}

/** What a waiter does next. */
const enum Step {
  Taken = 0,
  /** End the thread. */
  Left = 1,
  Sleep = 2,
}

/** Longest interval that keeps microseconds exact. */
const MAX_INTERVAL_US = Number.MAX_SAFE_INTEGER;

export class Py32 implements Discipline {
  /** The waiter's state between two steps; one thread uses an instance, so it is never shared. */
  protected word = 0;
  /** LockWord.Waiters after a wake-up that others may have needed, until the word says so again. */
  protected passOn = 0;
  protected intervalUs = 0;
  protected deadline = 0;
  protected sleeping = false;
  protected requested = false;

  readonly owed: OwedWakes;

  /** @param slots how many thread slots are in use at most */
  constructor(
    protected readonly memory: AsyncSyncMemory,
    public sink: EventSink,
    protected readonly slots: number = ThreadLimit.Max,
  ) {
    this.owed = new OwedWakes(memory);
  }

  initialize(intervalUs: number): void {
    this.memory.store(At.Lock, LockWord.Nobody << LockWord.HolderShift);
    this.memory.store(At.EvalBreaker, 0);
    this.setInterval(intervalUs);
  }

  setInterval(intervalUs: number): void {
    if (!(Number.isInteger(intervalUs) && intervalUs >= 0 && intervalUs <= MAX_INTERVAL_US)) {
      throw new RangeError(`switch interval must be whole microseconds, not ${intervalUs}`);
    }
    // The two words may be read torn during the change: one odd interval, then the new one.
    this.memory.store(At.IntervalHigh, Math.floor(intervalUs / 0x8000_0000));
    this.memory.store(At.IntervalLow, intervalUs % 0x8000_0000);
  }

  getInterval(): number {
    return this.memory.load(At.IntervalHigh) * 0x8000_0000 + this.memory.load(At.IntervalLow);
  }

  holder(): number {
    const word = this.memory.load(At.Lock);
    return (word & LockWord.Locked) === 0 ? -1 : holderOf(word);
  }

  acquire(thread: number): boolean {
    if (this.mustExit(thread)) return false; // G2(1)
    this.sink.emit(TraceEvent.Request, 0);
    const word = this.memory.load(At.Lock);
    // G3: a free lock is taken at once.
    if ((word & LockWord.Locked) === 0 && this.take(thread, word)) return this.entered(thread);
    return this.acquireSlow(thread, word);
  }

  protected acquireSlow(thread: number, word: number): boolean {
    this.queue(word);
    for (;;) {
      const step = this.step(thread);
      if (step !== Step.Sleep) return step === Step.Taken && this.entered(thread);
      this.woken(this.memory.wait(At.Lock, this.word, this.sleepNs()));
    }
  }

  async acquireAsync(thread: number): Promise<boolean> {
    if (this.mustExit(thread)) return false;
    this.sink.emit(TraceEvent.Request, 0);
    for (;;) {
      const sequence = this.memory.load(At.Switched);
      if (!this.owesSwitch(thread)) break;
      await this.memory.waitAsync(At.Switched, sequence, SLICE_NS);
    }
    this.queue(this.memory.load(At.Lock));
    for (;;) {
      const step = this.step(thread);
      if (step !== Step.Sleep) return step === Step.Taken && this.entered(thread);
      this.woken(await this.memory.waitAsync(At.Lock, this.word, this.sleepNs()));
    }
  }

  release(thread: number, reason: ReleaseReason): void {
    if ((this.drop(thread, reason) & LockWord.Request) !== 0) this.awaitSwitch(thread);
  }

  releaseAsync(thread: number, reason: ReleaseReason): void {
    this.drop(thread, reason);
  }

  pending(thread: number): number {
    const memory = this.memory;
    // Clear first: a bit set after this store stays, one set before it has its source in place.
    memory.store(At.EvalBreaker, 0);
    let bits = 0;
    if ((memory.load(At.Lock) & LockWord.Request) !== 0) bits |= Breaker.DropRequest;
    // G14, G32: signals are MainThread's; another thread forgets the bit, MainThread finds the
    // source when it takes the lock.
    if (memory.load(Control.SignalsTripped) !== 0 && this.isMain(thread)) bits |= Breaker.Signals;
    if (memory.load(threadWord(thread, ThreadState.AsyncException)) !== 0) {
      bits |= Breaker.AsyncException;
    }
    if (this.mustExit(thread)) bits |= Breaker.Stop;
    if (this.owed.isStillOwed()) bits |= Breaker.OwedWakes;
    if (bits !== 0) memory.or(At.EvalBreaker, bits);
    return bits;
  }

  noteOwed(): void {
    if (!this.owed.isEmpty) this.memory.or(At.EvalBreaker, Breaker.OwedWakes);
  }

  checkpoint(thread: number): boolean {
    if ((this.memory.load(At.Lock) & LockWord.Request) === 0) return true;
    this.release(thread, ReleaseReason.Forced);
    return this.acquire(thread);
  }

  recover(deadThread: number): boolean {
    let owned: boolean;
    this.sink.emit(TraceEvent.Withdraw, 0);
    for (;;) {
      const word = this.memory.load(At.Lock);
      owned = (word & LockWord.Locked) !== 0 && holderOf(word) === deadThread;
      const next = owned ? takenWord(word, LockWord.Nobody) & ~LockWord.Locked : word;
      if (this.replace(word, next & ~LockWord.Request)) break;
    }
    this.announceSwitch();
    this.wakeAll();
    this.memory.store(threadWord(deadThread, ThreadState.WaitWord), 0);
    return owned;
  }

  wakeAll(): void {
    this.memory.notify(At.Lock, WAKE_ALL);
    this.memory.notify(At.Switched, WAKE_ALL);
    for (let thread = 0; thread < this.slots; thread++) {
      interruptWait(this.memory, threadWord(thread, ThreadState.WaitWord));
    }
  }

  /** G36: stopped, or finalizing and neither MainThread, which finalizes, nor the loop. */
  protected mustExit(thread: number): boolean {
    if (this.memory.load(threadWord(thread, ThreadState.Stop)) !== 0) return true;
    return this.memory.load(Control.Finalizing) !== 0 && thread !== 0 && !this.isMain(thread);
  }

  protected isMain(thread: number): boolean {
    return this.memory.load(threadWord(thread, ThreadState.IsMain)) !== 0;
  }

  /** Begin to wait: the lock was `word` when the thread came. */
  protected queue(word: number): void {
    this.passOn = 0;
    this.sleeping = false;
    this.requested = false;
    if ((word & LockWord.Locked) !== 0) this.sink.emit(TraceEvent.Busy, holderOf(word));
  }

  /** Take the lock, or leave, or get ready to sleep while the lock is as `this.word` says. */
  protected step(thread: number): Step {
    for (;;) {
      const word = this.memory.load(At.Lock);
      if ((word & LockWord.Locked) === 0) {
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
      return Step.Sleep;
    }
  }

  /** Make sure that the holder will wake a sleeper. */
  protected mark(word: number): boolean {
    return (word & LockWord.Waiters) !== 0 || this.replace(word, word | LockWord.Waiters);
  }

  /** A new interval begins at every sleep (G4), except when only a slice of one is over. */
  protected beginSleep(word: number): void {
    const goesOn = this.sleeping && switchOf(word) === switchOf(this.word);
    this.word = word;
    if (goesOn) return;
    this.endSleep();
    this.sleeping = true;
    this.intervalUs = Math.max(this.getInterval(), 1); // G1
    this.deadline =
      this.intervalUs * 1e3 > SLICE_NS ? this.memory.now() + this.intervalUs * 1e3 : 0;
    this.sink.emit(TraceEvent.Wait, Math.min(this.intervalUs, 0x7fffffff));
  }

  /** Record the end of a sleep that only a slice of its interval had ended. */
  protected endSleep(): void {
    if (this.sleeping) this.sink.emit(TraceEvent.Wake, 0);
    this.sleeping = false;
  }

  protected sleepNs(): number {
    if (this.deadline === 0) return this.intervalUs * 1e3;
    return Math.min(Math.max(this.deadline - this.memory.now(), 0), SLICE_NS);
  }

  /** The sleep is over: ask for a drop if its whole interval was quiet. */
  protected woken(result: WaitResult): void {
    if (result !== WaitResult.TimedOut) {
      this.sleeping = false;
      if (result === WaitResult.Ok) this.passOn = LockWord.Waiters;
      this.sink.emit(TraceEvent.Wake, 0);
      return;
    }
    const quiet = this.isQuiet(this.memory.load(At.Lock));
    const early = this.deadline !== 0 && this.memory.now() < this.deadline;
    if (quiet && early) return; // a slice of a long interval
    this.sleeping = false;
    this.sink.emit(early ? TraceEvent.Wake : TraceEvent.Timeout, quiet ? 1 : 0);
    if (quiet) this.requestDrop();
  }

  /** True if the lock is held and did not change hands since the sleep began. */
  protected isQuiet(word: number): boolean {
    return (word & LockWord.Locked) !== 0 && switchOf(word) === switchOf(this.word);
  }

  protected requestDrop(): void {
    for (;;) {
      const hold = this.memory.load(At.HoldNumber);
      const word = this.memory.load(At.Lock);
      if (!this.isQuiet(word)) return;
      if ((word & LockWord.Request) === 0) {
        if (!this.replace(word, word | LockWord.Request)) continue;
        this.requested = true;
        this.sink.emit(TraceEvent.DropRequest, hold);
      }
      // Also when the bit was there: whoever set it may have died before it came this far.
      this.memory.or(At.EvalBreaker, Breaker.DropRequest);
      return;
    }
  }

  /** One compare-and-swap: the lock is this thread's, no drop is asked for. */
  protected take(thread: number, word: number): boolean {
    if (!this.replace(word, takenWord(word, thread) | this.passOn)) return false;
    if ((word & LockWord.Request) !== 0) this.announceSwitch();
    return true;
  }

  /** The lock has just been taken: record it and find out what this holder has to do (G2(6,7)). */
  protected entered(thread: number): boolean {
    this.passOn = 0;
    const hold = (this.memory.load(At.HoldNumber) + 1) | 0;
    this.memory.store(At.HoldNumber, hold);
    this.sink.emit(TraceEvent.Acquire, hold);
    if ((this.pending(thread) & Breaker.Stop) === 0) return true;
    this.release(thread, ReleaseReason.Finalization); // G2(5)
    return false;
  }

  /** Stop waiting without the lock. */
  protected leave(): void {
    if (this.requested) this.sink.emit(TraceEvent.Withdraw, 0);
    for (;;) {
      const word = this.memory.load(At.Lock);
      let next = word;
      // gh-96387: a dropper would wait for ever for the thread that asked and left.
      if (this.requested) next &= ~LockWord.Request;
      if ((word & LockWord.Locked) !== 0) next |= LockWord.Waiters;
      if (!this.replace(word, next)) continue;
      if (this.requested) this.announceSwitch();
      if ((word & LockWord.Locked) === 0) this.memory.notify(At.Lock, 1);
      return;
    }
  }

  /** Give the lock up; the word as it was while held. */
  protected drop(thread: number, reason: ReleaseReason): number {
    const hold = this.memory.load(At.HoldNumber);
    this.sink.emit(TraceEvent.Release | (reason << RecordKind.ReasonShift), hold);
    for (;;) {
      const word = this.memory.load(At.Lock);
      const owned = (word & LockWord.Locked) !== 0 && holderOf(word) === thread;
      assert(owned, "the GIL was dropped by a thread that does not have it");
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

  protected replace(word: number, next: number): boolean {
    return this.memory.cas(At.Lock, word, next) === word;
  }
}

function holderOf(word: number): number {
  return (word >>> LockWord.HolderShift) & LockWord.HolderMask;
}

function switchOf(word: number): number {
  return word >>> LockWord.SwitchShift;
}

/** The word after `thread` took a free lock: no request (G6), a new switch number if H changes. */
function takenWord(word: number, thread: number): number {
  const taken = (word | LockWord.Locked) & ~LockWord.Request;
  if (holderOf(word) === thread) return taken;
  const switched = (taken & ~LockWord.HolderBits) | (thread << LockWord.HolderShift);
  return (switched + LockWord.SwitchOne) | 0;
}
