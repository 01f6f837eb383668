/** An allocator that fails on purpose: for tests of what happens when memory runs out. */
import { heap } from "./heap.js";
import type { Allocator } from "./pools.js";
import { Memory } from "./state.js";

const I32 = heap.I32;

/** Does this allocation fail? `Memory.FailAfter` = n fails the n-th from now, once. */
function fails(): boolean {
  return I32[Memory.FailAfter] !== 0 && --I32[Memory.FailAfter] === 0;
}

/** `base`, except that the allocation `Memory.FailAfter` counts down to returns 0. */
export function failing(base: Allocator): Allocator {
  return {
    ...base,
    allocateBlock: (cls) => (fails() ? 0 : base.allocateBlock(cls)),
    malloc: (bytes) => (fails() ? 0 : base.malloc(bytes)),
    realloc: (addr, bytes) => (fails() ? 0 : base.realloc(addr, bytes)),
  };
}
