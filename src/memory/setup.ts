/** One-time set-up of the allocators, by the thread that creates the heap's contents. */
import { assert } from "../base/assert.js";
import { heap } from "./heap.js";
import { Control, Region } from "./layout.js";
import { Geometry, initializePymalloc } from "./pymalloc.js";
import { initializeRaw } from "./raw.js";
import { Memory } from "./state.js";

/** Prepare raw layer and pymalloc in a zeroed heap. */
export function initializeMemory(): void {
  const I32 = heap.I32;
  assert(I32[Memory.RawStart] === 0, "the heap is set up already");
  I32[Control.HeapWords] = heap.words;
  I32[Memory.ChunkTable] = Region.Arenas;
  const chunks = (heap.words >> Geometry.ArenaShift) + 1;
  initializeRaw((Region.Arenas + chunks + 3) & ~3, heap.words);
  initializePymalloc();
}
