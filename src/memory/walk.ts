/**
 * Walks over a heap's arenas, pools and blocks, for accounts, checks and pictures. Everything here
 * reads from the words it is given, which may be the heap itself (with the GIL held) or a copy of
 * it: addresses are the same in both. Nothing here changes anything.
 */
import { Arena, firstPool, Geometry, Pool, poolCapacity, type Shape, shapeOf } from "./geometry.js";
import type { Addr } from "./heap.js";
import { AllocatorKind, Control } from "./layout.js";
import { RawBlock } from "./raw.js";
import { Memory } from "./state.js";

/** An arena in use. */
export interface ArenaView {
  /** Number of its record in the arena table. */
  index: number;
  address: Addr;
  /** Its first usable pool; the others follow at pool-size distances. */
  firstPool: Addr;
  /** Pools that it has, carved or not. */
  pools: number;
  /** Pools carved so far, from the first one on. */
  carvedPools: number;
  /** Pools that nothing is allocated in: the emptied ones and those never carved. */
  freePools: number;
  /** The emptied pools in the order in which they will be taken (A9). */
  freeList: Addr[];
}

/** States of a pool (A7). */
export type PoolState = "used" | "full" | "empty";

/** A pool that was carved. */
export interface PoolView {
  address: Addr;
  arena: number;
  state: PoolState;
  /** Size class that it serves, or served when it was last in use. */
  sizeClass: number;
  blockBytes: number;
  /** Blocks that it holds, and those allocated now. */
  capacity: number;
  allocated: number;
  /** Blocks touched so far, from the first one on; the others were never handed out. */
  touched: number;
}

/** States of a block. */
export const enum BlockState {
  Untouched = 0,
  Allocated = 1,
  Free = 2,
}

function recordOf(words: Int32Array, index: number): Addr {
  return words[Memory.ArenaTable] + index * Arena.Size;
}

/** The arenas in use, in the order of their records. */
export function arenas(words: Int32Array): ArenaView[] {
  const shape = shapeOf(words);
  const found: ArenaView[] = [];
  for (let index = 0; index < words[Memory.ArenaCapacity]; index++) {
    const record = recordOf(words, index);
    const address = words[record + Arena.Address];
    if (address === 0) continue;
    const first = firstPool(shape, address);
    found.push({
      index,
      address,
      firstPool: first,
      pools: shape.poolCount,
      carvedPools: (words[record + Arena.PoolAddress] - first) / shape.poolWords,
      freePools: words[record + Arena.FreePoolCount],
      freeList: freePools(words, record, shape.poolCount),
    });
  }
  return found;
}

function freePools(words: Int32Array, record: Addr, most: number): Addr[] {
  const found: Addr[] = [];
  for (let pool = words[record + Arena.FreePools]; pool !== 0; pool = words[pool + Pool.Next]) {
    found.push(pool);
    if (found.length > most) break;
  }
  return found;
}

/** Record numbers of the arenas with free pools, in the order in which they are used (A14). */
export function usableArenas(words: Int32Array): number[] {
  const found: number[] = [];
  let index = words[Memory.UsableArenas];
  while (index >= 0 && found.length <= words[Memory.ArenaCapacity]) {
    found.push(index);
    index = words[recordOf(words, index) + Arena.Next];
  }
  return found;
}

/** The pool at `address`, which was carved. */
export function poolAt(words: Int32Array, address: Addr, shape: Shape): PoolView {
  const sizeClass = words[address + Pool.SizeClass];
  const allocated = words[address + Pool.Count];
  const capacity = poolCapacity(shape, sizeClass);
  const blockWords = (sizeClass + 1) << 2;
  const touched = (words[address + Pool.NextOffset] - Pool.Header) / blockWords;
  const state = allocated === 0 ? "empty" : allocated === capacity ? "full" : "used";
  return {
    address,
    arena: words[address + Pool.ArenaIndex],
    state,
    sizeClass,
    blockBytes: (sizeClass + 1) << 4,
    capacity,
    allocated,
    touched: Math.min(touched, capacity),
  };
}

/** The carved pools of an arena, in address order. */
export function poolsOf(words: Int32Array, arena: ArenaView): PoolView[] {
  const shape = shapeOf(words);
  const found: PoolView[] = [];
  for (let i = 0; i < arena.carvedPools; i++) {
    found.push(poolAt(words, arena.firstPool + i * shape.poolWords, shape));
  }
  return found;
}

/** Pools of a size class with room, in the order in which they are used (A8). */
export function usedPools(words: Int32Array, sizeClass: number): Addr[] {
  const found: Addr[] = [];
  const most = arenaCount(words) * Geometry.PoolsPerArena;
  let pool = words[Memory.UsedPools + sizeClass];
  for (; pool !== 0 && found.length <= most; pool = words[pool + Pool.Next]) found.push(pool);
  return found;
}

/** Arenas in use now. */
export function arenaCount(words: Int32Array): number {
  return words[Memory.ArenasCurrent];
}

/** Addresses of a pool's free blocks that were in use before, in the order of their reuse (A11). */
export function freeBlocks(words: Int32Array, pool: PoolView): Addr[] {
  const found: Addr[] = [];
  let block = words[pool.address + Pool.FreeBlock];
  for (; block !== 0 && found.length <= pool.capacity; block = words[block]) found.push(block);
  return found;
}

/** Address of a pool's block number `i`. */
export function blockAt(pool: PoolView, i: number): Addr {
  return pool.address + Pool.Header + i * (pool.blockBytes >> 2);
}

/** The state of each block of a pool. */
export function blockStates(words: Int32Array, pool: PoolView): Uint8Array {
  const states = new Uint8Array(pool.capacity);
  states.fill(BlockState.Allocated, 0, pool.touched);
  const first = blockAt(pool, 0);
  for (const block of freeBlocks(words, pool)) {
    states[(block - first) / (pool.blockBytes >> 2)] = BlockState.Free;
  }
  return states;
}

/** Visit every allocated pool block. `contents` is where its owner's data begin. */
export function walkBlocks(
  words: Int32Array,
  visit: (contents: Addr, bytes: number, pool: PoolView) => void,
): void {
  const lead = contentsOffset(words);
  for (const arena of arenas(words)) {
    for (const pool of poolsOf(words, arena)) {
      if (pool.allocated === 0) continue;
      const states = blockStates(words, pool);
      for (let i = 0; i < pool.touched; i++) {
        if (states[i] === BlockState.Allocated) {
          visit(blockAt(pool, i) + lead, pool.blockBytes, pool);
        }
      }
    }
  }
}

/** Words from a block to its owner's data: the debug heap keeps its own before them. */
export function contentsOffset(words: Int32Array): number {
  return (words[Control.Allocator] & AllocatorKind.Debug) !== 0 ? 4 : 0;
}

/** Visit every block of the raw layer in address order: arenas, large blocks, thread stacks. */
export function walkRaw(
  words: Int32Array,
  visit: (addr: Addr, bytes: number, free: boolean) => void,
): void {
  let block = words[Memory.RawStart] + RawBlock.Header;
  for (;;) {
    const size = words[block + RawBlock.Size];
    const length = size & ~3;
    if (length === RawBlock.Header) return;
    visit(block, (length - RawBlock.Header) << 2, (size & RawBlock.FreeBit) !== 0);
    block += length;
  }
}
