/**
 * The object allocator that everything above this layer uses: pymalloc, or what `Control.Allocator`
 * says stands before it. A JavaScript thread works on one heap for life, so the choice is made once
 * and costs nothing afterwards.
 */

import { debugging } from "./debugheap.js";
import { failing } from "./failing.js";
import { heap } from "./heap.js";
import { AllocatorKind, Control } from "./layout.js";
import { type Allocator, poolAllocator } from "./pools.js";

const kind = heap.I32[Control.Allocator];
const guarded: Allocator =
  (kind & AllocatorKind.Debug) !== 0 ? debugging(poolAllocator) : poolAllocator;
const allocator: Allocator = (kind & AllocatorKind.Failing) !== 0 ? failing(guarded) : guarded;

/**
 * A block of size class `cls` (0…31: 16…512 bytes), 0 when the heap is exhausted. The contents are
 * undefined. Callers that know their size use this; others {@link malloc}.
 */
export const allocateBlock = allocator.allocateBlock;

/** Give back what {@link allocateBlock} returned. */
export const freeBlock = allocator.freeBlock;

/**
 * Allocate `bytes` bytes (0 counts as 1), 16-byte aligned: the address, or 0 when the heap is
 * exhausted; the caller then raises MemoryError. The contents are undefined.
 */
export const malloc = allocator.malloc;

/** Give back what {@link malloc} or {@link allocateBlock} returned. */
export const free = allocator.free;

/**
 * Resize to `bytes` bytes, in place where CPython does (A12). 0 when the heap is exhausted; the old
 * block is then untouched.
 */
export const realloc = allocator.realloc;

/** Bytes that the block at an address can hold. */
export const usableSize = allocator.usableSize;

export { allocatedBlocks } from "./pools.js";
