/**
 * The lock of Python 2.7 on Linux: a POSIX semaphore of value 0 or 1, with `sem_wait` to take and
 * `sem_post` to release it (Python/thread_pthread.h with USE_SEMAPHORES; contract T2, T12). Checks:
 * `ticks.ts`.
 *
 * A release adds 1 and wakes one sleeper. Whoever comes first takes it: usually the thread that has
 * just released, since the value is 1 again long before the woken thread runs. That one finds 0 and
 * sleeps again: the battle that Beazley drew in 2009.
 *
 * State table of the lock word (`words.ts`); the holder field is not the semaphore's, a death needs
 * it. Request is never set, the switch number only counts.
 *
 *   Locked Waiters  meaning                         changed by        seen by a waiter
 *   ------ -------  ------------------------------  ----------------  -----------------------
 *     0       –     value 1                         a taker           takes it
 *     1       0     value 0, nobody sleeps          H; a waiter       sets Waiters
 *     1       1     value 0, others may sleep       H                 sleeps on the word
 *
 * A release wakes one sleeper as long as Waiters is set, also while those woken before are still on
 * their way, as glibc's sem_post does: with four threads three of them are, which is why four fight
 * harder than two. A release that found nobody to wake clears Waiters; who was on its way sets it
 * again before it sleeps.
 */
import { Region } from "../memory/layout.js";
import { Step } from "./lock.js";
import { NOT_FREE, TickLock } from "./ticks.js";
import { Gil, holderOf, isLocked, LockWord, takenWord } from "./words.js";

const enum At {
  Lock = Region.Gil + Gil.Lock,
}

export class Py2Semaphore extends TickLock {
  protected tryLock(thread: number): number {
    const word = this.memory.peek(At.Lock);
    return !isLocked(word) && this.replace(word, takenWord(word, thread)) ? word : NOT_FREE;
  }

  protected step(thread: number): Step {
    for (;;) {
      const word = this.memory.load(At.Lock);
      if (!isLocked(word)) {
        if (!this.replace(word, takenWord(word, thread))) continue;
        return Step.Taken;
      }
      if (this.mustExit(thread)) {
        this.leave();
        return Step.Left;
      }
      const marked = word | LockWord.Waiters;
      if (word !== marked && !this.replace(word, marked)) continue;
      this.failed(word);
      this.sleepValue = marked;
      return Step.Sleep;
    }
  }

  /** Stop waiting without the lock; a wake-up that was consumed is passed on. */
  protected leave(): void {
    for (;;) {
      const word = this.memory.load(At.Lock);
      if (!isLocked(word)) {
        this.memory.notify(At.Lock, 1);
        return;
      }
      if (this.replace(word, word | LockWord.Waiters)) return;
    }
  }

  protected unlock(thread: number): void {
    const free = this.clearLocked(thread);
    if ((free & LockWord.Waiters) !== 0 && this.memory.notify(At.Lock, 1) === 0) {
      this.forgetWaiters(free);
    }
  }

  recover(deadThread: number): boolean {
    let owned: boolean;
    for (;;) {
      const word = this.memory.load(At.Lock);
      owned = isLocked(word) && holderOf(word) === deadThread;
      if (!owned) break;
      if (this.replace(word, takenWord(word, LockWord.Nobody) & ~LockWord.Locked)) break;
    }
    this.bury(deadThread);
    return owned;
  }
}
