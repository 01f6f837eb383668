/**
 * Seeded defects: `py32` with one thing wrong each. The explorer must find every one, or it could
 * not be trusted when it finds nothing.
 */
import { threadWord } from "../../src/gil/discipline.js";
import type { DisciplineMaker } from "../../src/gil/model.js";
import { Py32 } from "../../src/gil/py32.js";
import { Breaker, Gil, holderOf, isLocked, LockWord } from "../../src/gil/words.js";
import { Region, ThreadState } from "../../src/memory/layout.js";
import { SLICE_NS, WAKE_ALL, WaitResult } from "../../src/sync/memory.js";
import { ReleaseReason, TraceEvent } from "../../src/trace/record.js";

const LOCK = Region.Gil + Gil.Lock;
const BREAKER = Region.Gil + Gil.EvalBreaker;
const SWITCHED = Region.Gil + Gil.Switched;

const isTake = (word: number, next: number) => !isLocked(word) && isLocked(next);
const isDrop = (word: number, next: number) => isLocked(word) && !isLocked(next);

/** The notify comes before the store that it announces. */
class NotifyBeforeStore extends Py32 {
  override release(thread: number): void {
    const word = this.memory.load(LOCK);
    if ((word & LockWord.Waiters) !== 0) this.memory.notify(LOCK, 1);
    const before = this.memory.and(LOCK, ~(LockWord.Locked | LockWord.Waiters));
    if ((before & LockWord.Request) !== 0) this.awaitSwitch(thread);
  }
}

/** The lock is dropped by a load and a store: what others set in between is lost. */
class LoadStoreDrop extends Py32 {
  protected override replace(word: number, next: number): boolean {
    if (!isDrop(word, next)) return super.replace(word, next);
    this.memory.store(LOCK, next);
    return true;
  }
}

/** The lock is taken by a load and a store. */
class LoadStoreTake extends Py32 {
  protected override replace(word: number, next: number): boolean {
    if (!isTake(word, next)) return super.replace(word, next);
    this.memory.store(LOCK, next);
    return true;
  }
}

/** The owner is written after the lock was taken, not with it. */
class OwnerAfterTake extends Py32 {
  protected override replace(word: number, next: number): boolean {
    if (!isTake(word, next)) return super.replace(word, next);
    if (!super.replace(word, word | LockWord.Locked)) return false;
    this.memory.store(LOCK, next);
    return true;
  }
}

/** A woken waiter takes it for granted that the lock is free. */
class NoLookAfterWake extends Py32 {
  protected override step(thread: number): number {
    const word = this.memory.load(LOCK);
    if (this.passOn === 0) return super.step(thread);
    this.take(thread, word);
    return 0;
  }
}

/** A woken waiter takes the lock as if no one else slept. */
class WokenForgetsOthers extends Py32 {
  protected override take(thread: number, word: number): boolean {
    this.passOn = 0;
    return super.take(thread, word);
  }
}

/** A waiter goes to sleep without making sure that it will be woken. */
class SleepsUnmarked extends Py32 {
  protected override mark(_word: number): boolean {
    return true;
  }
  protected override beginSleep(word: number): void {
    super.beginSleep(word & ~LockWord.Waiters);
  }
  protected override step(thread: number): number {
    const step = super.step(thread);
    this.sleepValue &= ~LockWord.Waiters;
    return step;
  }
}

/** A waiter whose sleep timed out clears the bit that others need. */
class TimeoutClearsWaiters extends Py32 {
  protected override woken(result: WaitResult): void {
    if (result === WaitResult.TimedOut) this.memory.and(LOCK, ~LockWord.Waiters);
    super.woken(result);
  }
}

/** No forced switching. */
class NoForcedSwitch extends Py32 {
  protected override awaitSwitch(): void {}
}

/** A dropper looks at the lock first and at the sequence number afterwards. */
class SequenceAfterLook extends Py32 {
  protected override awaitSwitch(thread: number): void {
    while (this.owesSwitch(thread)) {
      this.memory.wait(SWITCHED, this.memory.load(SWITCHED), SLICE_NS);
    }
  }
}

/** A taker does not wake the dropper that waits for it. */
class TakerSaysNothing extends Py32 {
  protected override announceSwitch(): void {}
}

/** A taker wakes droppers before there is anything to see. */
class AnnouncesTooEarly extends Py32 {
  protected override announceSwitch(): void {
    this.memory.notify(SWITCHED, WAKE_ALL);
    this.memory.add(SWITCHED, 1);
  }
}

/** The switch number also counts the same thread taking the lock again. */
class CountsEveryTake extends Py32 {
  protected override replace(word: number, next: number): boolean {
    const same = isTake(word, next) && holderOf(word) === holderOf(next);
    return super.replace(word, same ? (next + LockWord.SwitchOne) | 0 : next);
  }
}

/** The switch number is not counted. */
class CountsNoSwitch extends Py32 {
  protected override replace(word: number, next: number): boolean {
    const low = LockWord.SwitchOne - 1;
    return super.replace(word, (word & ~low) | (next & low));
  }
}

/** A waiter asks for a drop although the lock changed hands while it slept. */
class AsksAfterSwitch extends Py32 {
  protected override isQuiet(word: number): boolean {
    return isLocked(word);
  }
}

/** A waiter asks for a drop after any wake-up. */
class AsksAfterWake extends Py32 {
  protected override woken(result: WaitResult): void {
    super.woken(result);
    if (result === WaitResult.Ok) this.requestDrop();
  }
}

/** Taking the lock leaves the request standing. */
class TakeKeepsRequest extends Py32 {
  protected override replace(word: number, next: number): boolean {
    return super.replace(word, isTake(word, next) ? next | (word & LockWord.Request) : next);
  }
}

/** A request that the holder cannot see. */
class RequestUnseen extends Py32 {
  protected override requestDrop(): void {
    const word = this.memory.load(LOCK);
    if (this.isQuiet(word)) this.replace(word, word | LockWord.Request);
  }
}

/** The holder clears the eval breaker after it has looked at what set it. */
class BreakerClearedLate extends Py32 {
  protected override look(): number {
    const asked = (this.memory.load(LOCK) & LockWord.Request) !== 0;
    this.memory.store(BREAKER, asked ? Breaker.DropRequest : 0);
    return asked ? Breaker.DropRequest : 0;
  }
  protected override requestDrop(): void {
    const word = this.memory.load(LOCK);
    if (!this.isQuiet(word) || (word & LockWord.Request) !== 0) return;
    if (this.replace(word, word | LockWord.Request)) this.memory.or(BREAKER, Breaker.DropRequest);
  }
}

/** gh-96387: a waiter leaves and its request stays. */
class LeaverKeepsRequest extends Py32 {
  protected override leave(): void {
    this.requested = false;
    super.leave();
  }
}

/** A waiter withdraws its request and tells nobody. */
class LeaverSaysNothing extends Py32 {
  protected override leave(): void {
    if (this.requested) this.memory.and(LOCK, ~LockWord.Request);
    this.requested = false;
    super.leave();
  }
}

/** A waiter leaves with a wake-up that was meant for another. */
class LeaverKeepsWakeUp extends Py32 {
  protected override leave(): void {}
}

/** Recovery frees the lock and wakes nobody. */
class SilentRecovery extends Py32 {
  override wakeAll(): void {}
}

/** Recovery leaves the dead thread's request (gh-96387 by death). */
class RecoveryKeepsRequest extends Py32 {
  #recovering = false;
  override recover(dead: number): boolean {
    this.#recovering = true;
    return super.recover(dead);
  }
  protected override replace(word: number, next: number): boolean {
    return super.replace(word, this.#recovering ? next | (word & LockWord.Request) : next);
  }
}

/** Recovery does not tell droppers that the request is gone. */
class RecoveryForgetsDroppers extends Py32 {
  override recover(dead: number): boolean {
    for (;;) {
      const word = this.memory.load(LOCK);
      const owned = isLocked(word) && holderOf(word) === dead;
      const nobody = LockWord.Nobody << LockWord.HolderShift;
      const freed = ((word & ~0xfff) + LockWord.SwitchOne) | nobody;
      if (!this.replace(word, owned ? freed : word & ~LockWord.Request)) continue;
      this.memory.notify(LOCK, WAKE_ALL);
      this.memory.store(threadWord(dead, ThreadState.WaitWord), 0);
      return owned;
    }
  }
}

/** Recovery frees the lock whoever has it. */
class RecoveryFreesAnyone extends Py32 {
  override recover(_dead: number): boolean {
    const word = this.memory.load(LOCK);
    return super.recover(holderOf(word));
  }
}

/** Recovery leaves the dead thread's lock locked. */
class RecoveryFreesNobody extends Py32 {
  override recover(_dead: number): boolean {
    return super.recover(LockWord.Nobody - 1);
  }
}

/** The waiter sleeps for the whole interval at once, however long. */
class SleepsUnbounded extends Py32 {
  protected override sleepNs(): number {
    return 10 * SLICE_NS;
  }
}

/** A drop forgets to wake anyone. */
class SilentDrop extends Py32 {
  protected override drop(thread: number, _reason: ReleaseReason): number {
    this.sink.emit(TraceEvent.Release, thread);
    return this.memory.and(LOCK, ~(LockWord.Locked | LockWord.Waiters));
  }
}

/** A drop forgets whom it owes a wake-up. */
class OwedNeverPaid extends Py32 {
  protected override drop(thread: number, reason: ReleaseReason): number {
    this.owed.isStillOwed = () => false;
    this.owed.pay = () => {};
    return super.drop(thread, reason);
  }
}

const SLOTS = 5;

type Variant = new (...args: ConstructorParameters<typeof Py32>) => Py32;

function makerOf(variant: Variant): DisciplineMaker {
  return (memory, sink) => new variant(memory, sink, SLOTS);
}

/** `py32` as it ships, in a world of few slots. */
export const shipped: DisciplineMaker = makerOf(Py32);

/** Every mutant by its name. */
export const mutants: readonly (readonly [string, DisciplineMaker])[] = [
  NotifyBeforeStore,
  LoadStoreDrop,
  LoadStoreTake,
  OwnerAfterTake,
  NoLookAfterWake,
  WokenForgetsOthers,
  SleepsUnmarked,
  TimeoutClearsWaiters,
  NoForcedSwitch,
  SequenceAfterLook,
  TakerSaysNothing,
  AnnouncesTooEarly,
  CountsEveryTake,
  CountsNoSwitch,
  AsksAfterSwitch,
  AsksAfterWake,
  TakeKeepsRequest,
  RequestUnseen,
  BreakerClearedLate,
  LeaverKeepsRequest,
  LeaverSaysNothing,
  LeaverKeepsWakeUp,
  SilentRecovery,
  RecoveryKeepsRequest,
  RecoveryForgetsDroppers,
  RecoveryFreesAnyone,
  RecoveryFreesNobody,
  SleepsUnbounded,
  SilentDrop,
  OwedNeverPaid,
].map((variant) => [variant.name, makerOf(variant)] as const);
