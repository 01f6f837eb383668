/** One-time set-up of the allocators, by the thread that creates the heap's contents. */
import { assert } from "../base/assert.js";
import { shapeOf } from "./geometry.js";
import { heap } from "./heap.js";
import { Control, Region } from "./layout.js";
import { initializePymalloc } from "./pools.js";
import { initializeRaw } from "./raw.js";
import { Memory } from "./state.js";

/** Prepare raw layer and pymalloc in a zeroed heap. */
export function initializeMemory(): void {
  const I32 = heap.I32;
  assert(I32[Memory.RawStart] === 0, "the heap is set up already");
  I32[Control.HeapWords] = heap.words;
  // The pool table: a byte for each pool-sized piece of the heap.
  const table = (heap.words >> shapeOf(I32).poolShift) + 1;
  initializeRaw(Region.Arenas + (((table + 15) >> 4) << 2), heap.words);
  initializePymalloc();
}
