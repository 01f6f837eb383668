/**
 * pymalloc: blocks of 16…512 bytes in pools in arenas, after Objects/obmalloc.c of CPython 3.9 and
 * 3.11 (contract chapter 4), which differ in the shape of arenas and pools alone (geometry.ts).
 * Every function runs with the GIL held (A25).
 *
 * A free block's first word links to the next free block of its pool.
 *
 * Pool states (A7): used = some but not all blocks allocated, linked under UsedPools[class];
 * full = in no list; empty = in its arena's free-pool list.
 *
 * Termination safety: V8 stops a worker only at function entry and loop back edges, so the
 * straight-line paths below cannot be cut in half. What spans several calls sets the thread's
 * mutation mark (see `mark`).
 */
import { assert } from "../base/assert.js";
import { Arena, firstPool, Geometry, Pool, shapeOf } from "./geometry.js";
import { type Addr, heap } from "./heap.js";
import { Mutation, Region } from "./layout.js";
import { endMutation, startMutation } from "./mark.js";
import { rawFree, rawMalloc, rawMallocAligned, rawRealloc, rawUsableSize } from "./raw.js";
import { Memory } from "./state.js";

const I32 = heap.I32;
const U8 = heap.U8;

/** This heap's shape: constants for V8, because a thread works on one heap for life. */
const SHAPE = shapeOf(I32);
const POOL_WORDS = SHAPE.poolWords;
const POOL_SHIFT = SHAPE.poolShift;
/** Clears the offset within a pool. */
const POOL_MASK = -SHAPE.poolWords;
const POOL_COUNT = SHAPE.poolCount;
/** First byte of the pool table. */
const POOL_TABLE = Region.Arenas << 2;

function arenaRecord(index: number): Addr {
  return I32[Memory.ArenaTable] + index * Arena.Size;
}

/** Size class of a request of 1…512 bytes (A2). */
export function sizeClass(bytes: number): number {
  return (bytes - 1) >> 4;
}

/** Make the arena table's records; runs once, by the creator, after the raw layer's set-up. */
export function initializePymalloc(): void {
  I32[Memory.ArenaCapacity] = 0;
  I32[Memory.ArenaTable] = 0;
  I32[Memory.UnusedArenas] = -1;
  I32[Memory.UsableArenas] = -1;
}

/** Double the arena table (A19). False when memory is exhausted. */
function growArenaTable(): boolean {
  const old = I32[Memory.ArenaCapacity];
  const capacity = old === 0 ? 16 : old * 2;
  const bytes = capacity * Arena.Size * 4;
  const table = old === 0 ? rawMalloc(bytes) : rawRealloc(I32[Memory.ArenaTable], bytes);
  if (table === 0) return false;
  I32[Memory.ArenaTable] = table;
  I32[Memory.ArenaCapacity] = capacity;
  for (let i = old; i < capacity; i++) {
    const record = table + i * Arena.Size;
    I32[record + Arena.Address] = 0;
    I32[record + Arena.Next] = i + 1 < capacity ? i + 1 : -1;
  }
  I32[Memory.UnusedArenas] = old;
  return true;
}

/** Say in the pool table whether pools lie in the arena whose first one is `first`. */
function markPools(first: Addr, present: number): void {
  const start = POOL_TABLE + (first >> POOL_SHIFT);
  U8.fill(present, start, start + POOL_COUNT);
}

/** A fresh arena's index, not yet in any list, or -1 when memory is exhausted. */
function newArena(): number {
  if (I32[Memory.UnusedArenas] < 0 && !growArenaTable()) return -1;
  const address = rawMallocAligned(SHAPE.arenaBytes, POOL_WORDS, SHAPE.phase);
  if (address === 0) return -1;
  const first = firstPool(SHAPE, address);
  const index = I32[Memory.UnusedArenas];
  const record = arenaRecord(index);
  I32[Memory.UnusedArenas] = I32[record + Arena.Next];
  I32[record + Arena.Address] = address;
  I32[record + Arena.PoolAddress] = first;
  I32[record + Arena.FreePoolCount] = POOL_COUNT;
  I32[record + Arena.FreePools] = 0;
  I32[record + Arena.Next] = -1;
  I32[record + Arena.Prev] = -1;
  markPools(first, 1);
  I32[Memory.ArenasAllocatedTotal]++;
  const current = ++I32[Memory.ArenasCurrent];
  if (current > I32[Memory.ArenasHighWater]) I32[Memory.ArenasHighWater] = current;
  return index;
}

/** Give a wholly free arena's memory back to the raw layer (A15). */
function releaseArena(index: number): void {
  const record = arenaRecord(index);
  const address = I32[record + Arena.Address];
  markPools(firstPool(SHAPE, address), 0);
  I32[record + Arena.Address] = 0;
  I32[record + Arena.Next] = I32[Memory.UnusedArenas];
  I32[Memory.UnusedArenas] = index;
  I32[Memory.ArenasCurrent]--;
  rawFree(address);
}

/**
 * Take a pool for `cls` from the fullest usable arena (A9, A14) and its first block; 0: exhausted.
 */
function allocateFromNewPool(cls: number): Addr {
  let index = I32[Memory.UsableArenas];
  if (index < 0) {
    index = newArena();
    if (index < 0) return 0;
    I32[Memory.UsableArenas] = index;
    I32[Memory.LastArenaByFree + POOL_COUNT] = index + 1;
  }
  const record = arenaRecord(index);
  const free = I32[record + Arena.FreePoolCount];
  // The head has the fewest free pools, so it keeps its place with one less (A14, A16).
  if (I32[Memory.LastArenaByFree + free] === index + 1) I32[Memory.LastArenaByFree + free] = 0;
  if (free > 1) I32[Memory.LastArenaByFree + free - 1] = index + 1;
  I32[record + Arena.FreePoolCount] = free - 1;
  let pool = I32[record + Arena.FreePools];
  if (pool !== 0) {
    I32[record + Arena.FreePools] = I32[pool + Pool.Next];
  } else {
    pool = I32[record + Arena.PoolAddress];
    I32[record + Arena.PoolAddress] = pool + POOL_WORDS;
    I32[pool + Pool.ArenaIndex] = index;
    I32[pool + Pool.SizeClass] = -1;
  }
  if (free === 1) {
    const next = I32[record + Arena.Next];
    I32[Memory.UsableArenas] = next;
    if (next >= 0) I32[arenaRecord(next) + Arena.Prev] = -1;
  }
  I32[pool + Pool.Next] = 0;
  I32[pool + Pool.Prev] = 0;
  I32[Memory.UsedPools + cls] = pool;
  I32[pool + Pool.Count] = 1;
  if (I32[pool + Pool.SizeClass] === cls) {
    // Last served the same class: its header and free list are good as they are.
    const block = I32[pool + Pool.FreeBlock];
    I32[pool + Pool.FreeBlock] = I32[block];
    return block;
  }
  const words = (cls + 1) << 2;
  const block = pool + Pool.Header;
  I32[pool + Pool.SizeClass] = cls;
  I32[pool + Pool.NextOffset] = Pool.Header + 2 * words;
  I32[pool + Pool.MaxOffset] = POOL_WORDS - words;
  I32[pool + Pool.FreeBlock] = block + words;
  I32[block + words] = 0;
  return block;
}

/**
 * Take the last block of a pool's free list, then carve a virgin block, or unlink the full pool
 * (A8). One function without calls for all of it: a thread can only die where it enters a function.
 */
function takeLast(pool: Addr, cls: number): Addr {
  const last = I32[pool + Pool.FreeBlock];
  I32[pool + Pool.Count]++;
  const offset = I32[pool + Pool.NextOffset];
  if (offset <= I32[pool + Pool.MaxOffset]) {
    const block = pool + offset;
    I32[pool + Pool.FreeBlock] = block;
    I32[pool + Pool.NextOffset] = offset + ((cls + 1) << 2);
    I32[block] = 0;
    return last;
  }
  I32[pool + Pool.FreeBlock] = 0;
  const next = I32[pool + Pool.Next];
  I32[Memory.UsedPools + cls] = next;
  if (next !== 0) I32[next + Pool.Prev] = 0;
  return last;
}

function allocateSlow(cls: number): Addr {
  startMutation(Mutation.Alloc);
  const block = allocateFromNewPool(cls);
  endMutation();
  return block;
}

/**
 * A block of size class `cls` (0…31: 16…512 bytes), 0 when the heap is exhausted. The contents are
 * undefined. Callers that know their size use this; others {@link malloc}.
 */
export function allocateBlock(cls: number): Addr {
  const pool = I32[Memory.UsedPools + cls];
  if (pool === 0) return allocateSlow(cls);
  const block = I32[pool + Pool.FreeBlock];
  const next = I32[block];
  if (next === 0) return takeLast(pool, cls);
  I32[pool + Pool.Count]++;
  I32[pool + Pool.FreeBlock] = next;
  return block;
}

/** Give back a block that a pool served. */
export function freeBlock(block: Addr): void {
  const pool = block & POOL_MASK;
  const head = I32[pool + Pool.FreeBlock];
  const count = I32[pool + Pool.Count] - 1;
  I32[block] = head;
  I32[pool + Pool.FreeBlock] = block;
  I32[pool + Pool.Count] = count;
  if (head === 0) {
    // Was full: becomes the first used pool of its class (A10).
    const cls = I32[pool + Pool.SizeClass];
    const first = I32[Memory.UsedPools + cls];
    I32[pool + Pool.Next] = first;
    I32[pool + Pool.Prev] = 0;
    if (first !== 0) I32[first + Pool.Prev] = pool;
    I32[Memory.UsedPools + cls] = pool;
  } else if (count === 0) {
    startMutation(Mutation.Free);
    releasePool(pool);
    endMutation();
  }
}

/** The pool's last block came back: unlink it and put it on its arena's free list (A10, A15). */
function releasePool(pool: Addr): void {
  const next = I32[pool + Pool.Next];
  const previous = I32[pool + Pool.Prev];
  if (next !== 0) I32[next + Pool.Prev] = previous;
  if (previous !== 0) I32[previous + Pool.Next] = next;
  else I32[Memory.UsedPools + I32[pool + Pool.SizeClass]] = next;

  const index = I32[pool + Pool.ArenaIndex];
  const record = arenaRecord(index);
  I32[pool + Pool.Next] = I32[record + Arena.FreePools];
  I32[record + Arena.FreePools] = pool;
  const had = I32[record + Arena.FreePoolCount];
  const free = had + 1;
  const last = I32[Memory.LastArenaByFree + had];
  I32[record + Arena.FreePoolCount] = free;
  if (had !== 0 && last === index + 1) {
    const before = I32[record + Arena.Prev];
    I32[Memory.LastArenaByFree + had] =
      before >= 0 && I32[arenaRecord(before) + Arena.FreePoolCount] === had ? before + 1 : 0;
  }
  // Case 1: wholly free, and not the last arena of the list: back to the raw layer.
  if (free === POOL_COUNT && I32[record + Arena.Next] >= 0) {
    unlinkArena(record);
    releaseArena(index);
    return;
  }
  if (I32[Memory.LastArenaByFree + free] === 0) I32[Memory.LastArenaByFree + free] = index + 1;
  if (had === 0) {
    // Case 2: it was not listed; it has the fewest free pools now.
    const head = I32[Memory.UsableArenas];
    I32[record + Arena.Next] = head;
    I32[record + Arena.Prev] = -1;
    if (head >= 0) I32[arenaRecord(head) + Arena.Prev] = index;
    I32[Memory.UsableArenas] = index;
    return;
  }
  // Case 3: keep the list sorted: move right, behind the last arena that had the old count.
  if (last === index + 1 || last === 0) return;
  const target = last - 1;
  unlinkArena(record);
  const behind = I32[arenaRecord(target) + Arena.Next];
  I32[record + Arena.Prev] = target;
  I32[record + Arena.Next] = behind;
  I32[arenaRecord(target) + Arena.Next] = index;
  if (behind >= 0) I32[arenaRecord(behind) + Arena.Prev] = index;
}

function unlinkArena(record: Addr): void {
  const next = I32[record + Arena.Next];
  const previous = I32[record + Arena.Prev];
  if (previous >= 0) I32[arenaRecord(previous) + Arena.Next] = next;
  else I32[Memory.UsableArenas] = next;
  if (next >= 0) I32[arenaRecord(next) + Arena.Prev] = previous;
}

/** Does a pool own this address? (A13; here a table look-up by pool.) */
export function isPoolAddress(addr: Addr): boolean {
  return U8[POOL_TABLE + (addr >> POOL_SHIFT)] !== 0;
}

/**
 * Allocate `bytes` bytes (0 counts as 1), 16-byte aligned: the address, or 0 when the heap is
 * exhausted; the caller then raises MemoryError. The contents are undefined.
 */
export function malloc(bytes: number): Addr {
  if (bytes <= Geometry.SmallRequest && bytes > 0) return allocateBlock((bytes - 1) >> 4);
  return mallocLarge(bytes);
}

function mallocLarge(bytes: number): Addr {
  startMutation(Mutation.Alloc);
  const block = rawMalloc(bytes);
  if (block !== 0) I32[Memory.LargeBlocks]++;
  endMutation();
  return block;
}

/** Free what {@link malloc} returned. */
export function free(addr: Addr): void {
  if (isPoolAddress(addr)) {
    freeBlock(addr);
    return;
  }
  startMutation(Mutation.Free);
  rawFree(addr);
  I32[Memory.LargeBlocks]--;
  endMutation();
}

/** Bytes that the block at `addr` can hold. */
export function usableSize(addr: Addr): number {
  if (!isPoolAddress(addr)) return rawUsableSize(addr);
  const cls = I32[(addr & POOL_MASK) + Pool.SizeClass];
  assert(cls >= 0 && cls < Geometry.Classes, `block ${addr} lies in no live pool`);
  return (cls + 1) << 4;
}

/**
 * Resize to `bytes` bytes (A12): a pool block stays unless it must grow or would waste a quarter;
 * a raw block stays raw. 0 when the heap is exhausted; the old block is then untouched.
 */
export function realloc(addr: Addr, bytes: number): Addr {
  if (addr === 0) return malloc(bytes);
  if (!isPoolAddress(addr)) {
    startMutation(Mutation.Resize);
    const moved = rawRealloc(addr, bytes);
    endMutation();
    return moved;
  }
  const have = usableSize(addr);
  if (bytes <= have && 4 * bytes > 3 * have) return addr;
  const moved = malloc(bytes);
  if (moved === 0) return 0;
  I32.copyWithin(moved, addr, addr + (Math.min(have, (bytes + 15) & ~15) >> 2));
  freeBlock(addr);
  return moved;
}

/** Blocks handed out and not given back: pool blocks and large ones (A20). */
export function allocatedBlocks(): number {
  let total = I32[Memory.LargeBlocks];
  const capacity = I32[Memory.ArenaCapacity];
  for (let index = 0; index < capacity; index++) {
    const record = arenaRecord(index);
    const address = I32[record + Arena.Address];
    if (address === 0) continue;
    const end = I32[record + Arena.PoolAddress];
    for (let pool = firstPool(SHAPE, address); pool < end; pool += POOL_WORDS) total += I32[pool];
  }
  return total;
}

/** Functions that serve objects' memory. Addresses are those of the 16-byte aligned contents. */
export interface Allocator {
  allocateBlock(cls: number): Addr;
  freeBlock(addr: Addr): void;
  malloc(bytes: number): Addr;
  free(addr: Addr): void;
  realloc(addr: Addr, bytes: number): Addr;
  usableSize(addr: Addr): number;
}

/** pymalloc itself. */
export const poolAllocator: Allocator = {
  allocateBlock,
  freeBlock,
  malloc,
  free,
  realloc,
  usableSize,
};
