/**
 * Seeded defects of the disciplines other than `py32` (those are in `mutants.ts`): one thing wrong
 * each. The explorer must find every one.
 */
import { threadWord } from "../../src/gil/discipline.js";
import type { DisciplineClass, DisciplineName } from "../../src/gil/disciplines.js";
import { Fifo } from "../../src/gil/fifo.js";
import { Step } from "../../src/gil/lock.js";
import type { Role } from "../../src/gil/model.js";
import { Priority } from "../../src/gil/priority.js";
import { Py2Condvar } from "../../src/gil/py2-condvar.js";
import { Py2Semaphore } from "../../src/gil/py2-semaphore.js";
import { Py32Unforced } from "../../src/gil/py32-unforced.js";
import { queueWord } from "../../src/gil/queue.js";
import { Timer } from "../../src/gil/timer.js";
import { Breaker, Gil, GilThread, holderOf, isLocked, LockWord } from "../../src/gil/words.js";
import { Region, ThreadState } from "../../src/memory/layout.js";
import { WAKE_ALL, WaitResult } from "../../src/sync/memory.js";
import { scenario } from "./scenarios.js";

const LOCK = Region.Gil + Gil.Lock;
const BREAKER = Region.Gil + Gil.EvalBreaker;
const MUTEX = Region.Gil + Gil.Mutex;
const CONDITION = Region.Gil + Gil.Condition;
/** Of the queue's lock word. */
const ARRIVALS = 0xff_e000;
const HANDED = 0x100_0000;

// --- py32-unforced ---

/** Taking the lock leaves the request standing. */
class TakeKeepsRequest extends Py32Unforced {
  protected override replace(word: number, next: number): boolean {
    const takes = !isLocked(word) && isLocked(next);
    return super.replace(word, takes ? next | (word & LockWord.Request) : next);
  }
}

/** Waits for a switch that nobody announces. */
class ForcedWithoutAnnouncement extends Py32Unforced {
  override checkpoint(thread: number): boolean {
    if ((this.memory.load(LOCK) & LockWord.Request) === 0) return true;
    this.drop(thread, 1);
    this.awaitSwitch(thread);
    return this.acquire(thread);
  }
}

// --- disciplines with a queue ---

/** The last that came is first. */
class LastComeFirst extends Fifo {
  protected override precedes(a: number, b: number): boolean {
    return this.arrivedBefore(b, a);
  }
}

/** The lock is handed over, and the new holder is not woken. */
class SilentHandOver extends Fifo {
  protected override pass(thread: number): void {
    const notify = this.memory.notify;
    const silent = { ...this.memory, notify: () => 0 };
    Object.assign(this, { memory: silent });
    super.pass(thread);
    Object.assign(this, { memory: { ...silent, notify } });
  }
}

/** The new holder is woken before the lock is its own. */
class WakesBeforeHandOver extends Fifo {
  protected override pass(thread: number): void {
    const next = this.first();
    if (next >= 0) this.memory.notify(queueWord(next, GilThread.Turn), 1);
    const add = this.memory.add;
    const quiet = { ...this.memory, notify: () => 0, add: () => 0 };
    const loud = { ...quiet, notify: this.memory.notify, add };
    Object.assign(this, { memory: quiet });
    super.pass(thread);
    Object.assign(this, { memory: loud });
  }
}

/** Who arrives does not change the lock word if somebody else waits already. */
class ArrivesUnannounced extends Fifo {
  protected override replace(word: number, next: number): boolean {
    const arrives = isLocked(word) && holderOf(word) === holderOf(next);
    const waited = (word & LockWord.Waiters) !== 0 && (word & ARRIVALS) !== (next & ARRIVALS);
    return super.replace(word, arrives && waited ? word : next);
  }
}

/** A thread joins the queue only after it told the lock word. */
class JoinsLate extends Fifo {
  #late = 0;
  protected override join(thread: number): void {
    this.#late = thread;
  }
  protected override beginSleep(word: number): void {
    if (this.#late !== 0) super.join(this.#late);
    this.#late = 0;
    super.beginSleep(word);
  }
}

/** A thread that leaves does not look whether the lock was handed to it. */
class LeaverKeepsTheLock extends Fifo {
  protected override leave(thread: number): void {
    this.quit(thread);
  }
}

/** The served thread stays in the queue. */
class ServedTwice extends Fifo {
  protected override quit(): void {}
}

/** The turn is read after the look at the lock: a hand-over in between is missed. */
class TurnReadLate extends Fifo {
  protected override beginSleep(word: number): void {
    this.sleepValue = this.memory.load(this.sleepIndex);
    super.beginSleep(word);
  }
}

/** Recovery frees the lock of the dead instead of handing it over. */
class RecoveryForgetsTheQueue extends Fifo {
  protected override pass(thread: number): void {
    const word = this.memory.load(LOCK);
    if (this.recovering) this.replace(word, word & ~(LockWord.Locked | LockWord.Waiters));
    else super.pass(thread);
  }
  protected recovering = false;
  override recover(dead: number): boolean {
    this.recovering = true;
    return super.recover(dead);
  }
}

/** Recovery leaves the dead thread in the queue: the lock goes to it for ever. */
class RecoveryLeavesTheDeadQueued extends Fifo {
  override recover(dead: number): boolean {
    const owned = isLocked(this.memory.load(LOCK)) && this.holder() === dead;
    if (owned) this.pass(dead);
    this.bury(dead);
    return owned;
  }
}

/** A dead thread that was handed the lock keeps it. */
class RecoveryOfQueuedOnly extends Fifo {
  override recover(dead: number): boolean {
    this.quit(dead);
    this.bury(dead);
    return false;
  }
}

/** The lowest priority is first. */
class LowestFirst extends Priority {
  protected override rank(thread: number): number {
    return -super.rank(thread);
  }
}

/** The order of arrival counts, whatever the priority. */
class IgnoresPriority extends Priority {
  protected override precedes(a: number, b: number): boolean {
    return this.arrivedBefore(a, b);
  }
}

/** A thread does not say that it has woken up to what it was handed. */
class LooksAsleep extends Priority {
  protected override replace(word: number, next: number): boolean {
    return super.replace(word, (word & ~HANDED) === next ? word : next);
  }
}

/** What was handed to a sleeping thread is anybody's. */
class OutrunsAnybody extends Priority {
  protected override outruns(): boolean {
    return true;
  }
}

/** A marked thread loses its mark when its first sleep is over. */
export class Impatient extends Priority {
  protected override readonly patience = 1;
}

/** The timer asks by a load and a store: what happens to the lock in between is undone. */
class LoadStoreAsk extends Timer {
  override ask(): void {
    const word = this.memory.load(LOCK);
    if (isLocked(word)) this.memory.store(LOCK, word | LockWord.Request);
    this.memory.or(BREAKER, Breaker.DropRequest);
  }
}

// --- Python 2.7 ---

/** A post forgets to wake anyone. */
class SilentPost extends Py2Semaphore {
  protected override unlock(thread: number): void {
    const word = this.ownWord(thread);
    if (!this.replace(word, word & ~(LockWord.Locked | LockWord.Waiters))) this.unlock(thread);
  }
}

/** A post wakes before the value is there. */
class PostWakesFirst extends Py2Semaphore {
  protected override unlock(thread: number): void {
    const word = this.ownWord(thread);
    if ((word & LockWord.Waiters) !== 0) this.memory.notify(LOCK, 1);
    this.memory.and(LOCK, ~(LockWord.Locked | LockWord.Waiters));
  }
}

/** A post that woke one thread forgets the others. */
class PostForgetsOthers extends Py2Semaphore {
  protected override unlock(thread: number): void {
    const free = this.clearLocked(thread);
    if ((free & LockWord.Waiters) === 0) return;
    this.forgetWaiters(free);
    this.memory.notify(LOCK, 1);
  }
}

/** Who was woken takes it for granted that the value is 1. */
class NoLookAfterWake extends Py2Semaphore {
  private wasWoken = false;

  protected override woken(result: WaitResult): void {
    super.woken(result);
    this.wasWoken = result === WaitResult.Ok;
  }

  protected override step(thread: number): Step {
    if (!this.wasWoken) return super.step(thread);
    const word = this.memory.load(LOCK);
    const holder = thread << LockWord.HolderShift;
    this.replace(word, (word & ~LockWord.HolderBits) | holder | LockWord.Locked);
    return Step.Taken;
  }
}

/** Recovery forgets to free the semaphore. */
class RecoveryFreesNothing extends Py2Semaphore {
  override recover(dead: number): boolean {
    this.bury(dead);
    return false;
  }
}

/** The condition is looked at after the flag. */
class SignalsReadLate extends Py2Condvar {
  protected override failed(word: number): void {
    super.failed(word);
    this.unlockMutex(holderOf(word) === 1 ? 2 : 1);
    this.sleepValue = this.memory.load(CONDITION);
    this.lockMutex(holderOf(word) === 1 ? 2 : 1);
  }
}

/** The signal comes before the flag is cleared. */
class SignalsFirst extends Py2Condvar {
  protected override unlock(thread: number): void {
    this.signal();
    const signal = this.signal;
    this.signal = () => 0;
    super.unlock(thread);
    this.signal = signal;
  }
}

/** The mutex is given up and nobody is woken. */
class SilentMutex extends Py2Condvar {
  protected override unlockMutex(): void {
    this.memory.store(MUTEX, 0);
  }
}

/** The mutex of a dead thread stays taken. */
class RecoveryForgetsMutex extends Py2Condvar {
  override recover(dead: number): boolean {
    const word = this.memory.load(LOCK);
    const owned = isLocked(word) && holderOf(word) === dead;
    if (owned) this.replace(word, word & ~LockWord.Locked);
    this.wakeAll();
    this.memory.store(threadWord(dead, ThreadState.WaitWord), 0);
    return owned;
  }
}

/** Recovery wakes who sleeps, and not who is about to. */
class RecoveryWithoutSignal extends Py2Condvar {
  override wakeAll(): void {
    this.memory.notify(MUTEX, WAKE_ALL);
    this.memory.notify(CONDITION, WAKE_ALL);
  }
}

type Named = Exclude<DisciplineName, "py32" | "none-unsafe">;

const io = (rounds: number, priority?: number): Role =>
  priority === undefined ? { kind: "io", rounds } : { kind: "io", rounds, priority };
const checks: Role = { kind: "checks", rounds: 1 };

/** Small worlds, each the least in which some of the defects show. */
const worlds = {
  pair: scenario([io(1), io(1)], 0, 0, 4),
  asked: scenario([checks, io(1)], 1, 0, 3),
  death: scenario([io(1), io(1)], 1, 1, 4),
  three: scenario([io(1), io(1), io(1)], 0, 0, 2),
  ranked: scenario([io(1), io(1, -1), io(1, 1)], 0, 0, 2),
  left: scenario([io(1), io(1), { kind: "stopper", victim: 2 }], 0, 0, 3),
  timed: scenario([checks, io(1), { kind: "timer", rounds: 1 }], 0, 0, 3),
} as const;

const byDiscipline: Record<Named, readonly (readonly [keyof typeof worlds, DisciplineClass])[]> = {
  "py32-unforced": [
    ["asked", TakeKeepsRequest],
    ["asked", ForcedWithoutAnnouncement],
  ],
  fifo: [
    ["three", LastComeFirst],
    ["pair", SilentHandOver],
    ["pair", WakesBeforeHandOver],
    ["asked", ArrivesUnannounced],
    ["pair", JoinsLate],
    ["left", LeaverKeepsTheLock],
    ["pair", ServedTwice],
    ["pair", TurnReadLate],
    ["death", RecoveryForgetsTheQueue],
    ["death", RecoveryLeavesTheDeadQueued],
    ["death", RecoveryOfQueuedOnly],
  ],
  priority: [
    ["ranked", LowestFirst],
    ["ranked", IgnoresPriority],
    ["ranked", LooksAsleep],
    ["ranked", OutrunsAnybody],
  ],
  timer: [["timed", LoadStoreAsk]],
  "py2-semaphore": [
    ["pair", SilentPost],
    ["pair", PostWakesFirst],
    ["three", PostForgetsOthers],
    ["asked", NoLookAfterWake],
    ["death", RecoveryFreesNothing],
  ],
  "py2-condvar": [
    ["pair", SignalsReadLate],
    ["pair", SignalsFirst],
    ["pair", SilentMutex],
    ["death", RecoveryForgetsMutex],
    ["death", RecoveryWithoutSignal],
  ],
};

/** Every mutant: the discipline it spoils, its name, itself and the world in which it shows. */
export const disciplineMutants = Object.entries(byDiscipline).flatMap(([discipline, mutants]) =>
  mutants.map(
    ([world, mutant]) => [discipline as Named, mutant.name, mutant, worlds[world]] as const,
  ),
);
