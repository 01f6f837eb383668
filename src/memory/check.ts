/**
 * Checks of the allocators' structures: every pool is in the state that its lists say, used and
 * free blocks add up to what a pool holds, arenas stand in their order, and raw blocks follow one
 * another without gaps. Reads only; the GIL is held, or the words are a copy.
 */
import { Geometry, Pool, shapeOf } from "./geometry.js";
import type { Addr } from "./heap.js";
import { Region } from "./layout.js";
import { RawBlock } from "./raw.js";
import { Memory } from "./state.js";
import {
  type ArenaView,
  arenaCount,
  arenas,
  blockAt,
  freeBlocks,
  type PoolView,
  poolsOf,
  usableArenas,
  usedPools,
  walkRaw,
} from "./walk.js";

/** Receives one sentence for each thing that is wrong. */
export type Complain = (problem: string) => void;

/** Check pymalloc and the raw layer of the heap whose words are `words`. */
export function checkMemory(words: Int32Array, complain: Complain): void {
  const all = arenas(words);
  if (all.length !== arenaCount(words)) {
    complain(`${all.length} arenas are in use, ${arenaCount(words)} are counted`);
  }
  const pools: PoolView[] = [];
  for (const arena of all) {
    const own = poolsOf(words, arena);
    checkArena(words, arena, own, complain);
    for (const pool of own) checkPool(words, arena, pool, complain);
    pools.push(...own);
  }
  checkUsedPools(words, pools, complain);
  checkUsableArenas(words, all, complain);
  checkRaw(words, complain);
}

function checkArena(
  words: Int32Array,
  arena: ArenaView,
  pools: readonly PoolView[],
  complain: Complain,
): void {
  const shape = shapeOf(words);
  const name = `arena ${arena.index}`;
  if (arena.carvedPools < 0 || arena.carvedPools > arena.pools) {
    complain(`${name} has carved ${arena.carvedPools} of ${arena.pools} pools`);
  }
  const free = arena.pools - arena.carvedPools + arena.freeList.length;
  if (free !== arena.freePools) {
    complain(`${name} counts ${arena.freePools} free pools and has ${free}`);
  }
  const empty = new Set(pools.filter(({ state }) => state === "empty").map((p) => p.address));
  for (const pool of arena.freeList) {
    if (!empty.delete(pool)) complain(`${name} lists pool ${pool} as free, which is not empty`);
  }
  for (const pool of empty) complain(`${name} does not list the empty pool ${pool}`);
  const bytes = new Uint8Array(words.buffer, Region.Arenas << 2);
  for (let i = 0; i < arena.pools; i++) {
    const pool = arena.firstPool + i * shape.poolWords;
    if (bytes[pool >> shape.poolShift] !== 1) complain(`pool ${pool} is missing in the pool table`);
  }
}

function checkPool(words: Int32Array, arena: ArenaView, pool: PoolView, complain: Complain): void {
  const name = `pool ${pool.address} of class ${pool.sizeClass}`;
  if (pool.arena !== arena.index) complain(`${name} names arena ${pool.arena}`);
  if (pool.sizeClass < 0 || pool.sizeClass >= Geometry.Classes) {
    complain(`${name} has no such class`);
    return;
  }
  const free = freeBlocks(words, pool);
  if (pool.allocated < 0 || pool.allocated + free.length !== pool.touched) {
    const sum = `${pool.allocated} blocks allocated and ${free.length} free`;
    complain(`${name} has ${sum}, but ${pool.touched} touched`);
  }
  const seen = new Set<Addr>();
  const first = blockAt(pool, 0);
  const end = blockAt(pool, pool.touched);
  for (const block of free) {
    const whole = (block - first) % (pool.blockBytes >> 2) === 0;
    if (block < first || block >= end || !whole) complain(`${name} lists ${block} as free`);
    if (seen.has(block)) complain(`${name} lists block ${block} as free twice`);
    seen.add(block);
  }
}

function checkUsedPools(words: Int32Array, pools: readonly PoolView[], complain: Complain): void {
  const used = new Map<Addr, PoolView>();
  for (const pool of pools) if (pool.state === "used") used.set(pool.address, pool);
  for (let cls = 0; cls < Geometry.Classes; cls++) {
    let previous = 0;
    for (const address of usedPools(words, cls)) {
      const pool = used.get(address);
      used.delete(address);
      if (pool?.sizeClass !== cls) complain(`class ${cls} lists pool ${address} as used`);
      if (words[address + Pool.Prev] !== previous) {
        complain(`pool ${address} of class ${cls} has a wrong link back`);
      }
      previous = address;
    }
  }
  for (const pool of used.values()) {
    complain(`pool ${pool.address} of class ${pool.sizeClass} has room and is in no list`);
  }
}

function checkUsableArenas(words: Int32Array, all: readonly ArenaView[], complain: Complain): void {
  const unlisted = new Map(all.filter((a) => a.freePools > 0).map((a) => [a.index, a]));
  const last = new Array<number>(Geometry.PoolsPerArena + 1).fill(0);
  let before = 0;
  for (const index of usableArenas(words)) {
    const arena = unlisted.get(index);
    if (arena === undefined) {
      complain(`usable_arenas lists arena ${index}`);
      continue;
    }
    unlisted.delete(index);
    if (arena.freePools < before) complain(`arena ${index} stands behind one with more free pools`);
    before = arena.freePools;
    last[before] = index + 1;
  }
  for (const index of unlisted.keys()) complain(`arena ${index} has free pools and is in no list`);
  for (let free = 1; free < last.length; free++) {
    if (words[Memory.LastArenaByFree + free] !== last[free]) {
      complain(`the last arena with ${free} free pools is not the one noted`);
    }
  }
}

function checkRaw(words: Int32Array, complain: Complain): void {
  let blocks = 0;
  let used = 0;
  let previous = 0;
  let previousFree = false;
  walkRaw(words, (block, bytes, free) => {
    if (words[block + RawBlock.Previous] !== previous) {
      complain(`raw block ${block} has a wrong link back`);
    }
    if (free && previousFree) complain(`raw blocks ${previous} and ${block} are both free`);
    if (!free) {
      blocks++;
      used += (bytes >> 2) + RawBlock.Header;
    }
    previous = block;
    previousFree = free;
  });
  if (blocks !== words[Memory.RawBlocks] || used !== words[Memory.RawWords]) {
    const counted = `${words[Memory.RawBlocks]} of ${words[Memory.RawWords]} words are counted`;
    complain(`${blocks} raw blocks of ${used} words are in use, ${counted}`);
  }
}
