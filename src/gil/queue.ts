/**
 * What the disciplines with a queue share: the lock is never free while somebody waits, it is
 * handed over by the thread that gives it up, to the first of the queue. Which thread is first, and
 * who may ask for a drop when, is the discipline's.
 *
 * A thread joins in three steps: it writes its ticket, sets its bit in `Queue`, and announces
 * itself by adding 1 to the arrivals in the lock word. From then on nobody can give the lock up
 * without having looked at the queue after that: the compare-and-swap would fail. States of the
 * word:
 *
 *   Locked Request Waiters  meaning                           changed by      seen by a waiter
 *   ------ ------- -------  --------------------------------  --------------  ------------------
 *     0       0       0     free, nobody is in the queue      a taker         takes it
 *     1       –       0     H has it, nobody is in the queue  H; a waiter     joins
 *     1       0       1     H has it, look at the queue       H; a waiter     sleeps on its Turn;
 *                           before giving it up                               may set Request
 *     1       1       1     H is asked to drop it             H; a leaver     sleeps on its Turn
 *     1       –       –     and H is the reader itself        H               the lock is its own
 *
 *   31            25    24   23      13 12        3   2      1       0
 *   ┌───────────────┬──────┬──────────┬───────────┬────┬───────┬───────┐
 *   │ switch number │handed│ arrivals │  holder   │lock│request│waiters│
 *   └───────────────┴──────┴──────────┴───────────┴────┴───────┴───────┘
 *
 * While Handed is set the lock was handed to H, which has not woken up to it: it is in the queue
 * still, and a discipline may let a better one take the lock instead. H clears the bit.
 *
 * During a hold each thread arrives at most once and leaves at most once, so the 11 bits of the
 * arrivals cannot come round between a look at the queue and the compare-and-swap behind it. The 7
 * bits of the switch number only tell a waiter whether to ask for a drop: one that sees none where
 * there were 128 changes asks too early.
 *
 * A thread that dies in the queue may still be handed the lock; `recover` takes its bit out of the
 * queue and gives up what it was handed, as the thread itself would have.
 */
import { Region, ThreadState } from "../memory/layout.js";
import { WAKE_ALL } from "../sync/memory.js";
import { type ReleaseReason, TraceEvent } from "../trace/record.js";
import { threadWord } from "./discipline.js";
import { IntervalLock } from "./interval.js";
import { isLeftBy, Step } from "./lock.js";
import { Gil, GilThread, holderOf, isLocked, LockWord } from "./words.js";

const enum At {
  Lock = Region.Gil + Gil.Lock,
  Tickets = Region.Gil + Gil.Tickets,
  Queue = Region.Gil + Gil.Queue,
}

/** Parts of the lock word that differ from {@link LockWord}. */
export const enum QueueWord {
  ArrivalOne = 0x2000,
  ArrivalBits = 0xff_e000,
  Handed = 0x100_0000,
  SwitchShift = 25,
  SwitchOne = 0x200_0000,
}

/** A word of a thread's own part of the lock. */
export function queueWord(thread: number, word: GilThread): number {
  return threadWord(thread, ThreadState.Gil + word);
}

export abstract class QueuedLock extends IntervalLock {
  /** The lock word was told that the thread is in the queue. */
  #announced = false;

  /** True if thread `a` of the queue comes before thread `b`. */
  protected abstract precedes(a: number, b: number): boolean;

  /** `thread` is about to sleep while the lock is as `word` says: it may ask at once. */
  protected hurry(_thread: number, _word: number): void {}

  /** True if `thread` may take what was handed to thread `sleeper`, which has not woken up. */
  protected outruns(_thread: number, _sleeper: number): boolean {
    return false;
  }

  acquire(thread: number): boolean {
    const word = this.memory.peek(At.Lock);
    if (isLeftBy(word, thread)) {
      this.sink.emit(TraceEvent.Request, 0);
      if (this.replace(word, word | LockWord.Locked)) return this.reentered(thread);
      return this.acquireSlow(thread, this.memory.load(At.Lock));
    }
    if (this.mustExit(thread)) return false;
    this.sink.emit(TraceEvent.Request, 0);
    if (!isLocked(word) && this.replace(word, ownedWord(word, thread))) {
      return this.entered(thread);
    }
    return this.acquireSlow(thread, word);
  }

  protected begin(thread: number, word: number): void {
    if (isLocked(word)) this.sink.emit(TraceEvent.Busy, holderOf(word));
    this.sleeping = false;
    this.requested = false;
    this.#announced = false;
    this.sleepIndex = queueWord(thread, GilThread.Turn);
    this.join(thread);
  }

  protected step(thread: number): Step {
    for (;;) {
      // Before the look at the lock: a hand-over after it makes the sleep end at once.
      this.sleepValue = this.memory.load(this.sleepIndex);
      let word = this.memory.load(At.Lock);
      if (!isLocked(word)) {
        if (!this.replace(word, ownedWord(word, thread))) continue;
        return this.served(thread);
      }
      if (holderOf(word) === thread) {
        if (!this.replace(word, word & ~QueueWord.Handed)) continue;
        return this.served(thread);
      }
      if ((word & QueueWord.Handed) !== 0 && this.outruns(thread, holderOf(word))) {
        if (!this.replace(word, ownedWord(word, thread))) continue;
        return this.served(thread);
      }
      if (this.mustExit(thread)) {
        this.endSleep();
        this.leave(thread);
        return Step.Left;
      }
      if (!this.#announced) {
        if (!this.replace(word, arrivedWord(word))) continue;
        this.#announced = true;
        word = arrivedWord(word);
      }
      this.hurry(thread, word);
      this.beginSleep(word);
      return Step.Sleep;
    }
  }

  release(thread: number, reason: ReleaseReason): void {
    this.leaving(reason);
    this.pass(thread);
    if (!this.owed.isEmpty) this.owed.pay();
  }

  recover(deadThread: number): boolean {
    this.sink.emit(TraceEvent.Withdraw, 0);
    this.quit(deadThread);
    const owned = this.announceLeave(deadThread, LockWord.Request);
    if (owned) this.pass(deadThread);
    this.bury(deadThread);
    return owned;
  }

  override wakeAll(): void {
    for (let thread = 0; thread < this.slots; thread++) {
      // The count makes who is about to sleep look around too.
      this.memory.add(queueWord(thread, GilThread.Turn), 1);
      this.memory.notify(queueWord(thread, GilThread.Turn), WAKE_ALL);
    }
    super.wakeAll();
  }

  protected switchOf(word: number): number {
    return word >>> QueueWord.SwitchShift;
  }

  protected ticketOf(thread: number): number {
    return this.memory.load(queueWord(thread, GilThread.Ticket));
  }

  /** True if thread `a` drew its ticket before thread `b`; numbers may have come round. */
  protected arrivedBefore(a: number, b: number): boolean {
    return ((this.ticketOf(a) - this.ticketOf(b)) | 0) < 0;
  }

  protected join(thread: number): void {
    const ticket = this.memory.add(At.Tickets, 1);
    this.memory.store(queueWord(thread, GilThread.Ticket), ticket);
    this.memory.or(At.Queue + (thread >>> 5), 1 << (thread & 31));
  }

  protected quit(thread: number): void {
    this.memory.and(At.Queue + (thread >>> 5), ~(1 << (thread & 31)));
  }

  /** The lock is this thread's: nobody looks at the queue before it gives the lock up. */
  protected served(thread: number): Step {
    this.endSleep();
    this.quit(thread);
    return Step.Taken;
  }

  /** Stop waiting; what was handed over meanwhile is passed on. */
  protected leave(thread: number): void {
    if (this.requested) this.sink.emit(TraceEvent.Withdraw, 0);
    this.quit(thread);
    if (this.announceLeave(thread, this.requested ? LockWord.Request : 0)) this.pass(thread);
  }

  /**
   * `thread` is no longer in the queue: who has looked at the queue before shall look again. Clears
   * `bits` of the word. True if the lock was handed to the thread.
   */
  protected announceLeave(thread: number, bits: number): boolean {
    for (;;) {
      const word = this.memory.load(At.Lock);
      if (!isLocked(word)) return false;
      if (holderOf(word) === thread) return true;
      if (this.replace(word, arrivedWord(word) & ~bits)) return false;
    }
  }

  /** Hand the lock of `thread` to the first of the queue, or free it. */
  protected pass(thread: number): void {
    for (;;) {
      const word = this.ownWord(thread);
      const next = (word & LockWord.Waiters) === 0 ? -1 : this.first();
      if (next < 0) {
        const bits = LockWord.Locked | LockWord.Request | LockWord.Waiters | QueueWord.Handed;
        if (this.replace(word, word & ~bits)) return;
        continue;
      }
      if (!this.replace(word, ownedWord(word, next) | QueueWord.Handed)) continue;
      const turnWord = queueWord(next, GilThread.Turn);
      this.memory.add(turnWord, 1);
      this.memory.notify(turnWord, 1);
      return;
    }
  }

  /** Slot of the first thread of the queue, or -1. */
  protected first(): number {
    let first = -1;
    for (let base = 0; base < this.slots; base += 32) {
      let bits = this.memory.load(At.Queue + (base >>> 5));
      while (bits !== 0) {
        const thread = base + 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        if (first < 0 || this.precedes(thread, first)) first = thread;
      }
    }
    return first;
  }
}

/** The word when `thread` has the lock: no request, a new switch number if H changes. */
function ownedWord(word: number, thread: number): number {
  const taken = (word | LockWord.Locked) & ~(LockWord.Request | QueueWord.Handed);
  if (holderOf(word) === thread) return taken;
  const switched = (taken & ~LockWord.HolderBits) | (thread << LockWord.HolderShift);
  return (switched + QueueWord.SwitchOne) | 0;
}

/** The word after a thread joined or left the queue. */
function arrivedWord(word: number): number {
  const arrivals = (word + QueueWord.ArrivalOne) & QueueWord.ArrivalBits;
  return (word & ~QueueWord.ArrivalBits) | arrivals | LockWord.Waiters;
}
