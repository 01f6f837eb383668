/**
 * Parking a thread on a word so that it can be found again: while a thread sleeps, its *wait word*
 * names the word it sleeps on. Whoever wants its attention (a signal, a stop) first sets what
 * `interrupted` reads and then calls {@link interruptWait}; a recovery after a death wakes whatever
 * else slept on the dead thread's word.
 *
 * A wake-up by `interruptWait` never writes to the word slept on, since by then that word may
 * belong to another object. It can therefore fall between the test of `interrupted` and the sleep;
 * the caller repeats it (every few ms) until the thread has reacted, and the slice bounds the rest.
 */
import { SLICE_NS, type SyncMemory, WAKE_ALL, WaitResult } from "./memory.js";

/** How a parked wait ended. */
export const enum ParkResult {
  /** The word may have changed: look at it again. */
  Woken = 0,
  /** The deadline has passed. */
  TimedOut = 1,
  /** `interrupted` said so. */
  Interrupted = 2,
}

/** One thread's way of sleeping. Times are {@link SyncMemory.now}'s; Infinity = no deadline. */
export class Parker {
  /**
   * @param memory where the words lie
   * @param waitWord this thread's wait word
   * @param lateWakes a word shared by all: sleepers that found their wish granted when a slice
   *     ended, with no notify. Reads 0 as long as no thread died and no wake-up was lost.
   * @param interrupted true when the thread should stop waiting and look around
   */
  constructor(
    readonly memory: SyncMemory,
    readonly waitWord: number,
    readonly lateWakes: number,
    readonly interrupted: () => boolean,
  ) {}

  /** Sleep while `index` holds `value`: one slice at most, then the caller looks again. */
  park(index: number, value: number, deadline: number): ParkResult {
    const memory = this.memory;
    memory.store(this.waitWord, index);
    const result = this.sleep(index, value, deadline);
    memory.store(this.waitWord, 0);
    return result;
  }

  /**
   * Sleep until `deadline`, on a word of the thread's own that nobody changes. Returns early with
   * {@link ParkResult.Interrupted}; never with Woken.
   */
  sleepUntil(ownWord: number, deadline: number): ParkResult {
    const value = this.memory.load(ownWord);
    for (;;) {
      const result = this.park(ownWord, value, deadline);
      if (result !== ParkResult.Woken) return result;
    }
  }

  /** The sleep proper; the wait word is already set, which an interrupter reads after its flag. */
  protected sleep(index: number, value: number, deadline: number): ParkResult {
    const memory = this.memory;
    if (this.interrupted()) return ParkResult.Interrupted;
    const remaining = deadline - memory.now();
    if (remaining <= 0) return ParkResult.TimedOut;
    const result = memory.wait(index, value, Math.min(remaining, SLICE_NS));
    if (result === WaitResult.TimedOut && remaining > SLICE_NS && memory.load(index) !== value) {
      memory.add(this.lateWakes, 1);
    }
    return ParkResult.Woken;
  }
}

/** Wake whatever sleeps on the word that the thread with this wait word sleeps on, if it does. */
export function interruptWait(memory: SyncMemory, waitWord: number): boolean {
  const index = memory.load(waitWord);
  if (index === 0) return false;
  memory.notify(index, WAKE_ALL);
  return true;
}
