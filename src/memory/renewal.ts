/**
 * One heap for several runs, one after the other: what the first wrote is erased, so that the
 * JavaScript threads that are bound to it, and have compiled what they need, can serve the next.
 */
import { Control, Region } from "./layout.js";
import { RawBlock } from "./raw.js";
import { Memory } from "./state.js";

const forgetters: (() => void)[] = [];

/** `forget` drops what this thread keeps outside of the heap about what lies in it. */
export function onRenewal(forget: () => void): void {
  forgetters.push(forget);
}

/** The heap is another one than this thread knew: forget it. */
export function forgetHeap(): void {
  for (const forget of forgetters) forget();
}

/** Makes a heap new whose program has ended. For the thread that created it. */
export class HeapRenewal {
  /** Control and lock as they were before the first run. */
  readonly #start: Int32Array;

  /** @param words the heap, set up and not yet used */
  constructor(private readonly words: Int32Array) {
    this.#start = words.slice(Region.Control, Region.GilEnd);
  }

  /**
   * Erase everything but the carriers' places. No thread may run, nor any carrier look for one.
   * False, with nothing done, for a heap that was used to its end or never.
   */
  renew(): boolean {
    const { words } = this;
    const unused = this.#unused();
    if (unused === 0) return false;
    const renewals = words[Control.Renewals] + 1;
    words.fill(0, Region.Control, Region.Carriers);
    words.fill(0, Region.Static, unused);
    words.set(this.#start, Region.Control);
    words[Control.Renewals] = renewals;
    return true;
  }

  /** Where the last block of the raw layer begins, which is free; 0 when there is none. */
  #unused(): number {
    const { words } = this;
    const start = words[Memory.RawStart];
    if (start === 0) return 0;
    const all = (words[Control.HeapWords] - start) & ~3;
    const last = words[start + all + RawBlock.Previous];
    return (words[last + RawBlock.Size] & RawBlock.FreeBit) === 0 ? 0 : last;
  }
}
