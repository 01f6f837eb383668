/**
 * A seeded pseudo-random source for schedules, stress tests and experiments (xorshift32,
 * G. Marsaglia, "Xorshift RNGs", 2003). Not for guest programs: Python's `random` has its own.
 */
export class SeededRandom {
  #state: number;

  /** @param seed any integer; equal seeds give equal sequences. */
  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) | 0 || 1;
  }

  /** The next 32 bits, as an unsigned integer. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  /** An integer in `[0, bound)`; `bound` must be a positive integer. */
  below(bound: number): number {
    if (!(bound > 0)) throw new RangeError(`bound must be positive, not ${bound}`);
    return Math.floor((this.next() / 0x1_0000_0000) * bound);
  }
}
