import { type AsyncSyncMemory, WaitResult } from "./memory.js";

/** Looks at a word between two at the clock. */
const LOOKS = 50;

/** {@link SyncMemory} on real threads: `Atomics` over an Int32Array on a SharedArrayBuffer. */
export class AtomicsMemory implements AsyncSyncMemory {
  readonly #words: Int32Array;

  constructor(words: Int32Array) {
    if (!(words.buffer instanceof SharedArrayBuffer)) {
      throw new TypeError("lock words must lie in a SharedArrayBuffer");
    }
    this.#words = words;
  }

  load(index: number): number {
    return Atomics.load(this.#words, index);
  }

  store(index: number, value: number): void {
    Atomics.store(this.#words, index, value);
  }

  peek(index: number): number {
    return this.#words[index];
  }

  note(index: number, value: number): void {
    this.#words[index] = value;
  }

  cas(index: number, expected: number, replacement: number): number {
    return Atomics.compareExchange(this.#words, index, expected, replacement);
  }

  exchange(index: number, value: number): number {
    return Atomics.exchange(this.#words, index, value);
  }

  add(index: number, delta: number): number {
    return Atomics.add(this.#words, index, delta);
  }

  or(index: number, mask: number): number {
    return Atomics.or(this.#words, index, mask);
  }

  and(index: number, mask: number): number {
    return Atomics.and(this.#words, index, mask);
  }

  wait(index: number, value: number, timeoutNs: number): WaitResult {
    return toResult(Atomics.wait(this.#words, index, value, timeoutNs / 1e6));
  }

  watch(index: number, value: number, limitNs: number): WaitResult {
    const words = this.#words;
    const end = performance.now() + limitNs / 1e6;
    do {
      for (let look = 0; look < LOOKS; look++) {
        if (Atomics.load(words, index) !== value) return WaitResult.NotEqual;
      }
    } while (performance.now() < end);
    return WaitResult.TimedOut;
  }

  waitAsync(index: number, value: number, timeoutNs: number): Promise<WaitResult> | WaitResult {
    const outcome = Atomics.waitAsync(this.#words, index, value, timeoutNs / 1e6);
    return outcome.async ? outcome.value.then(toResult) : toResult(outcome.value);
  }

  notify(index: number, count: number): number {
    return Atomics.notify(this.#words, index, count);
  }

  /** Nanoseconds since the process began: one origin for all its workers. */
  now(): number {
    return performance.now() * 1e6;
  }
}

function toResult(text: "ok" | "not-equal" | "timed-out"): WaitResult {
  if (text === "ok") return WaitResult.Ok;
  return text === "timed-out" ? WaitResult.TimedOut : WaitResult.NotEqual;
}
