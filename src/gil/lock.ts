/**
 * What every discipline shares: the lock word with its holder, the numbering of holds, the eval
 * breaker and its sources, the switch interval, and who has to end at once.
 */
import { assert } from "../base/assert.js";
import { Control, Region, ThreadLimit, ThreadState } from "../memory/layout.js";
import { type AsyncSyncMemory, WAKE_ALL, type WaitResult } from "../sync/memory.js";
import { OwedWakes } from "../sync/owed.js";
import { interruptWait } from "../sync/parker.js";
import {
  type EventSink,
  NullSink,
  RecordKind,
  ReleaseReason,
  TraceEvent,
} from "../trace/record.js";
import { type Discipline, threadWord } from "./discipline.js";
import { Breaker, Gil, holderOf, isLocked, LockWord } from "./words.js";

const enum At {
  Lock = Region.Gil + Gil.Lock,
  EvalBreaker = Region.Gil + Gil.EvalBreaker,
  Switched = Region.Gil + Gil.Switched,
  HoldNumber = Region.Gil + Gil.HoldNumber,
  CheckInterval = Region.Gil + Gil.CheckInterval,
  IntervalLow = Region.Gil + Gil.IntervalLow,
  IntervalHigh = Region.Gil + Gil.IntervalHigh,
}

/** Longest interval that keeps microseconds exact. */
const MAX_INTERVAL_US = Number.MAX_SAFE_INTEGER;

/** Counted instructions between two checks in Python 2.7, less one (T6). */
const CHECK_INTERVAL = 100;

/** Bits of a lock word that tell whose the lock is. */
const enum Own {
  Mask = LockWord.Locked | LockWord.HolderBits,
}

/** Bits of a lock word that tell a lock which its last holder can take again. */
const enum Again {
  Mask = Own.Mask | LockWord.Request,
}

/** True if the lock is free and not asked for, and `thread` had it last. */
export function isLeftBy(word: number, thread: number): boolean {
  return (word & Again.Mask) === thread << LockWord.HolderShift;
}

/** What a waiter does next. */
export const enum Step {
  Taken = 0,
  /** End the thread. */
  Left = 1,
  Sleep = 2,
}

export abstract class GilLock implements Discipline {
  readonly owed: OwedWakes;

  readonly needsTimer: boolean = false;

  readonly leavesForLocks: boolean = false;

  /** What the eval breaker says when there is nothing to do. */
  protected readonly resting: number = 0;

  /** @param slots how many thread slots are in use at most */
  constructor(
    protected readonly memory: AsyncSyncMemory,
    readonly sink: EventSink,
    protected readonly slots: number = ThreadLimit.Slots,
  ) {
    this.owed = new OwedWakes(memory);
    this.traced = !(sink instanceof NullSink);
  }

  /** Asked on the shortest way alone: three calls that do nothing cost a tenth of it. */
  protected readonly traced: boolean;

  /** The sleep that a step has prepared: on which word, while it holds which value. */
  protected sleepIndex: number = At.Lock;
  protected sleepValue = 0;

  abstract acquire(thread: number): boolean;
  abstract release(thread: number, reason: ReleaseReason): void;
  abstract recover(deadThread: number): boolean;

  initialize(intervalUs: number): void {
    this.memory.store(At.Lock, LockWord.Nobody << LockWord.HolderShift);
    this.memory.store(At.EvalBreaker, this.resting);
    this.memory.store(At.CheckInterval, CHECK_INTERVAL);
    this.setInterval(intervalUs);
  }

  attach(_thread: number): void {}

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

  setCheckInterval(instructions: number): void {
    this.memory.store(At.CheckInterval, instructions);
  }

  getCheckInterval(): number {
    return this.memory.load(At.CheckInterval);
  }

  holder(): number {
    const word = this.memory.load(At.Lock);
    return isLocked(word) ? holderOf(word) : -1;
  }

  tick(_counted: number): boolean {
    return true;
  }

  pending(thread: number): number {
    return this.look(thread);
  }

  noteOwed(): void {
    if (!this.owed.isEmpty) this.memory.or(At.EvalBreaker, Breaker.OwedWakes);
  }

  checkpoint(thread: number): boolean {
    if ((this.memory.load(At.Lock) & LockWord.Request) === 0) return true;
    this.release(thread, ReleaseReason.Forced);
    return this.acquire(thread);
  }

  wakeAll(): void {
    // For a thread that takes again what it had last: it looks at nothing but the breaker.
    this.memory.or(At.EvalBreaker, Breaker.Stop);
    this.memory.notify(At.Lock, WAKE_ALL);
    this.memory.notify(At.Switched, WAKE_ALL);
    for (let thread = 0; thread < this.slots; thread++) {
      interruptWait(this.memory, threadWord(thread, ThreadState.WaitWord));
    }
  }

  async acquireAsync(thread: number): Promise<boolean> {
    if (this.mustExit(thread)) return false;
    this.sink.emit(TraceEvent.Request, 0);
    this.begin(thread, this.memory.load(At.Lock));
    for (;;) {
      const step = this.step(thread);
      if (step !== Step.Sleep) return step === Step.Taken && this.entered(thread);
      this.woken(await this.memory.waitAsync(this.sleepIndex, this.sleepValue, this.sleepNs()));
    }
  }

  releaseAsync(thread: number, reason: ReleaseReason): void {
    this.release(thread, reason);
  }

  /** Wait for the lock, which was `word` when the thread came. */
  protected acquireSlow(thread: number, word: number): boolean {
    this.begin(thread, word);
    for (;;) {
      const step = this.step(thread);
      if (step !== Step.Sleep) return step === Step.Taken && this.entered(thread);
      this.woken(this.memory.wait(this.sleepIndex, this.sleepValue, this.sleepNs()));
    }
  }

  /** Begin to wait. */
  protected abstract begin(thread: number, word: number): void;

  /** Take the lock, or leave, or get ready for a sleep. */
  protected abstract step(thread: number): Step;

  /** Longest time to sleep. */
  protected abstract sleepNs(): number;

  /** The sleep is over. */
  protected abstract woken(result: WaitResult): void;

  /** What there is to do for `thread`, computed from the sources; the breaker then says so. */
  protected look(thread: number): number {
    const memory = this.memory;
    // Clear first: a bit set after this store stays, one set before it has its source in place.
    memory.store(At.EvalBreaker, this.resting);
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

  /** G36: stopped, or finalizing and neither MainThread, which finalizes, nor the loop. */
  protected mustExit(thread: number): boolean {
    if (this.memory.load(threadWord(thread, ThreadState.Stop)) !== 0) return true;
    return this.memory.load(Control.Finalizing) !== 0 && thread !== 0 && !this.isMain(thread);
  }

  protected isMain(thread: number): boolean {
    return this.memory.load(threadWord(thread, ThreadState.IsMain)) !== 0;
  }

  /**
   * The lock has just been taken by the thread that had it last. Nobody else had it meanwhile, so
   * nobody has cleared the breaker: it says whether there is anything to look at, a stop included.
   */
  protected reentered(thread: number): boolean {
    this.count();
    return this.memory.peek(At.EvalBreaker) === this.resting || this.admit(thread);
  }

  /** The lock has just been taken: record it and find out what this holder has to do (G2(6,7)). */
  protected entered(thread: number): boolean {
    this.count();
    return this.admit(thread);
  }

  /** A hold begins. */
  protected count(): void {
    const hold = (this.memory.peek(At.HoldNumber) + 1) | 0;
    this.memory.note(At.HoldNumber, hold);
    if (this.traced) this.sink.emit(TraceEvent.Acquire, hold);
  }

  /** What this holder has to do; false after giving the lock up, when it must end. */
  protected admit(thread: number): boolean {
    if ((this.look(thread) & Breaker.Stop) === 0) return true;
    this.release(thread, ReleaseReason.Finalization); // G2(5)
    return false;
  }

  /** Record that the lock is about to be given up. */
  protected leaving(reason: ReleaseReason): void {
    if (!this.traced) return;
    const hold = this.memory.peek(At.HoldNumber);
    this.sink.emit(TraceEvent.Release | (reason << RecordKind.ReasonShift), hold);
  }

  /** The lock word, which must say that `thread` has the lock. */
  protected ownWord(thread: number): number {
    const word = this.memory.peek(At.Lock);
    const owned = LockWord.Locked | (thread << LockWord.HolderShift);
    assert((word & Own.Mask) === owned, "the GIL was dropped by a thread that does not have it");
    return word;
  }

  protected replace(word: number, next: number): boolean {
    return this.memory.cas(At.Lock, word, next) === word;
  }

  /** After a death: nobody sleeps on what the dead thread should have announced. */
  protected bury(deadThread: number): void {
    this.wakeAll();
    this.memory.store(threadWord(deadThread, ThreadState.WaitWord), 0);
  }
}
