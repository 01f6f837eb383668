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
 *   Lock       Locked: the flag; Waiters: threads may be   who has the mutex, or recover, always by
 *              waiting for the condition; holder           compare-and-swap
 *   Mutex      who has it, +1 when others may sleep on it  takers, its owner, recover
 *   Condition  counts signals; waiters sleep on it         releasers, leavers
 *
 * A thread that dies leaves the flag set or the mutex taken (`recover` frees both), or a signal not
 * sent (`recover` wakes everyone).
 */
import { Region } from "../memory/layout.js";
import { SLICE_NS, WAKE_ALL, WaitResult } from "../sync/memory.js";
import { TraceEvent } from "../trace/record.js";
import { TickLock } from "./ticks.js";
import { Gil, holderOf, isLocked, LockWord, takenWord } from "./words.js";

const enum At {
  Lock = Region.Gil + Gil.Lock,
  Mutex = Region.Gil + Gil.Mutex,
  Condition = Region.Gil + Gil.Condition,
}

const SLICE_US = SLICE_NS / 1e3;

export class Py2Condvar extends TickLock {
  protected lock(thread: number): boolean {
    /** LockWord.Waiters after a signal: others may still wait for one. */
    let passOn = 0;
    let failure = TraceEvent.Busy;
    this.lockMutex(thread);
    for (;;) {
      // Before the look at the lock: a recovery does not take the mutex.
      const signals = this.memory.load(At.Condition);
      const word = this.memory.load(At.Lock);
      if (!isLocked(word)) {
        if (!this.replace(word, takenWord(word, thread) | passOn)) continue;
        this.unlockMutex();
        return true;
      }
      if (this.mustExit(thread)) {
        this.unlockMutex();
        if (passOn !== 0) this.signal();
        return false;
      }
      const marked = word | LockWord.Waiters;
      if (word !== marked && !this.replace(word, marked)) continue;
      passOn = 0;
      if (failure !== TraceEvent.Wait) this.sink.emit(failure, holderOf(word));
      this.unlockMutex();
      this.sink.emit(TraceEvent.Wait, SLICE_US);
      const result = this.memory.wait(At.Condition, signals, SLICE_NS);
      failure = TraceEvent.Retry;
      if (result === WaitResult.TimedOut) {
        this.sink.emit(TraceEvent.Timeout, 0);
        failure = TraceEvent.Wait;
      } else {
        this.sink.emit(TraceEvent.Wake, 0);
        if (result === WaitResult.Ok) passOn = LockWord.Waiters;
      }
      this.lockMutex(thread);
    }
  }

  protected unlock(thread: number): void {
    this.lockMutex(thread);
    let word = this.ownWord(thread);
    while (!this.replace(word, word & ~(LockWord.Locked | LockWord.Waiters))) {
      word = this.ownWord(thread);
    }
    this.unlockMutex();
    if ((word & LockWord.Waiters) !== 0) this.signal();
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

  protected signal(): void {
    this.memory.add(At.Condition, 1);
    this.memory.notify(At.Condition, 1);
  }

  protected lockMutex(thread: number): void {
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

  protected unlockMutex(): void {
    if ((this.memory.exchange(At.Mutex, 0) & 1) !== 0) this.memory.notify(At.Mutex, 1);
  }
}
