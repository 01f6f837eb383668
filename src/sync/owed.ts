import type { SyncMemory } from "./memory.js";

const enum Owed {
  /** Words remembered; one more and all are woken at once. */
  Capacity = 8,
  /** Checks of the eval breaker that a wake-up may be put off. */
  Patience = 16,
}

/**
 * Wake-ups a thread owes. A thread woken from a Python-level lock needs the interpreter's lock
 * next, so waking it while one holds that lock only sends it to sleep again. Measured: a hand-off
 * through two locks costs 18 µs a round trip in that order, 8 µs when the wake-up follows the drop.
 * The holder therefore remembers whom to wake and does so when it drops the lock, or after a few
 * checks if it does not drop it: the woken thread must get to ask for it.
 *
 * Belongs to one thread. What a dying thread owed is made good by its recovery, which wakes all.
 */
export class OwedWakes {
  readonly #words = new Int32Array(Owed.Capacity);
  #count = 0;
  #patience = 0;

  constructor(readonly memory: SyncMemory) {}

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Owe one sleeper of a word its wake-up. */
  add(index: number): void {
    if (this.#count === Owed.Capacity) this.pay();
    if (this.#count === 0) this.#patience = Owed.Patience;
    this.#words[this.#count++] = index;
  }

  /** Wake everyone owed. */
  pay(): void {
    const count = this.#count;
    this.#count = 0;
    for (let i = 0; i < count; i++) this.memory.notify(this.#words[i], 1);
  }

  /** A check went by: true while something is still owed. */
  isStillOwed(): boolean {
    if (this.#count === 0) return false;
    if (--this.#patience > 0) return true;
    this.pay();
    return false;
  }
}
