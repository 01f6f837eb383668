/**
 * The lock of Python 2.7 where there are no POSIX semaphores, as on macOS: a flag under a mutex
 * with a condition (Python/thread_pthread.h without USE_SEMAPHORES; contract T2, T12). Checks:
 * `ticks.ts`.
 *
 *   acquire: lock the mutex; while the flag is set wait for the condition; set it; unlock
 *   release: lock the mutex; clear the flag; unlock; signal the condition
 *
 * A waiter that is signalled must first take the mutex again and then usually finds the flag set:
 * it fails later and at a higher price than under `py2-semaphore`, and so do the others, which may
 * find the mutex taken meanwhile. This is the body behind the published slowdowns of 2009.
 *
 *   word       meaning                                     changed by
 *   ---------  ------------------------------------------  ---------------------------------------
 *   Lock       Locked: the flag; Waiters: threads may be   who has the mutex, a releaser, recover,
 *              waiting for the condition; holder           always by compare-and-swap
 *   Mutex      who has it, +1 when others may sleep on it  takers, its owner, recover
 *   Condition  counts signals; waiters sleep on it         releasers, leavers
 *
 * As in py2-semaphore a release signals as long as Waiters is set, and clears it when nobody slept.
 *
 * A thread that dies leaves the flag set or the mutex taken (`recover` frees both), or a signal not
 * sent (`recover` wakes everyone).
 */
import { Region } from "../memory/layout.js";
import { SLICE_NS, WAKE_ALL, WaitResult } from "../sync/memory.js";
import { Step } from "./lock.js";
import { NOT_FREE, TickLock } from "./ticks.js";
import { Gil, holderOf, isLocked, LockWord, takenWord } from "./words.js";

const enum At {
  Lock = Region.Gil + Gil.Lock,
  Mutex = Region.Gil + Gil.Mutex,
  Condition = Region.Gil + Gil.Condition,
}

/** Slot of the interpreter loop. */
const LOOP = 0;

export class Py2Condvar extends TickLock {
  protected override sleepIndex: number = At.Condition;
  /** Woken by a signal, which others need when this thread does not take the lock. */
  private signalled = false;

  protected override begin(thread: number, word: number): void {
    this.signalled = false;
    super.begin(thread, word);
  }

  protected override woken(result: WaitResult): void {
    super.woken(result);
    this.signalled = result === WaitResult.Ok;
  }

  protected tryLock(thread: number): number {
    this.lockMutex(thread);
    const word = this.memory.load(At.Lock);
    const taken = !isLocked(word) && this.replace(word, takenWord(word, thread));
    this.unlockMutex(thread);
    return taken ? word : NOT_FREE;
  }

  protected step(thread: number): Step {
    this.lockMutex(thread);
    const step = this.stepInside(thread);
    this.unlockMutex(thread);
    if (step === Step.Left && this.signalled) this.signal();
    return step;
  }

  private stepInside(thread: number): Step {
    for (;;) {
      // Before the look at the lock: a recovery does not take the mutex.
      this.sleepValue = this.memory.load(At.Condition);
      const word = this.memory.load(At.Lock);
      if (!isLocked(word)) {
        if (!this.replace(word, takenWord(word, thread))) continue;
        return Step.Taken;
      }
      if (this.mustExit(thread)) return Step.Left;
      const marked = word | LockWord.Waiters;
      if (word !== marked && !this.replace(word, marked)) continue;
      this.failed(word);
      return Step.Sleep;
    }
  }

  protected unlock(thread: number): void {
    this.lockMutex(thread);
    const free = this.clearLocked(thread);
    this.unlockMutex(thread);
    if ((free & LockWord.Waiters) !== 0 && this.signal() === 0) this.forgetWaiters(free);
  }

  recover(deadThread: number): boolean {
    let owned: boolean;
    for (;;) {
      const word = this.memory.load(At.Lock);
      owned = isLocked(word) && holderOf(word) === deadThread;
      if (!owned) break;
      if (this.replace(word, takenWord(word, LockWord.Nobody) & ~LockWord.Locked)) break;
    }
    for (;;) {
      const mutex = this.memory.load(At.Mutex);
      if (mutex >>> 1 !== deadThread + 1) break;
      if (this.memory.cas(At.Mutex, mutex, 0) === mutex) break;
    }
    this.bury(deadThread);
    return owned;
  }

  override wakeAll(): void {
    this.memory.notify(At.Mutex, WAKE_ALL);
    this.memory.add(At.Condition, 1);
    this.memory.notify(At.Condition, WAKE_ALL);
    super.wakeAll();
  }

  /** How many threads were woken. */
  protected signal(): number {
    this.memory.add(At.Condition, 1);
    return this.memory.notify(At.Condition, 1);
  }

  /**
   * The interpreter loop must not park and goes without, which is safe since all changes under the
   * mutex are compare-and-swaps.
   */
  protected lockMutex(thread: number): void {
    if (thread === LOOP) return;
    const own = (thread + 1) * 2;
    let contended = 0;
    for (;;) {
      const found = this.memory.cas(At.Mutex, 0, own | contended);
      if (found === 0) return;
      const marked = found | 1;
      if (found !== marked && this.memory.cas(At.Mutex, found, marked) !== found) continue;
      this.memory.wait(At.Mutex, marked, SLICE_NS);
      contended = 1;
    }
  }

  protected unlockMutex(thread: number): void {
    if (thread === LOOP) return;
    if ((this.memory.exchange(At.Mutex, 0) & 1) !== 0) this.memory.notify(At.Mutex, 1);
  }
}
