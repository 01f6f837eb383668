/**
 * The raw layer: large blocks, arenas and thread stacks, carved from everything behind the static
 * regions. A two-level segregated-fit allocator (M. Masmano et al., "TLSF: a new dynamic memory
 * allocator for real-time systems", ECRTS 2004): constant-time allocation, coalescing at once.
 *
 * Block, in words (payload is 16-byte aligned, as C's malloc would give):
 *
 *   -4 Size      words of the whole block, header included; bit 0: free   GIL
 *   -3 Previous  address of the block before it in memory, 0 for the first   GIL
 *   -2 NextFree  -1 PrevFree   links of its free list, while free   GIL
 *    0 payload
 *
 * Sizes are multiples of 4 words, so the two low bits of Size are free for flags.
 */
import { assert } from "../base/assert.js";
import { type Addr, heap } from "./heap.js";
import { Memory } from "./state.js";

const I32 = heap.I32;

/** Words of a block, from its payload. */
export const enum RawBlock {
  Header = 4,
  Size = -4,
  Previous = -3,
  NextFree = -2,
  PrevFree = -1,
  FreeBit = 1,
  /** Smaller blocks are never split off: the second-level index needs 2^Level.Bits words. */
  MinWords = 16,
}

const enum Level {
  /** Second-level lists a power of two. */
  Bits = 4,
  Lists = 16,
}

function firstLevel(words: number): number {
  return 31 - Math.clz32(words);
}

function secondLevel(words: number, first: number): number {
  return (words >> (first - Level.Bits)) & (Level.Lists - 1);
}

function insertFree(block: Addr, words: number): void {
  const first = firstLevel(words);
  const second = secondLevel(words, first);
  const headWord = Memory.RawHeads + first * Level.Lists + second;
  const head = I32[headWord];
  I32[block + RawBlock.Size] = words | RawBlock.FreeBit;
  I32[block + RawBlock.NextFree] = head;
  I32[block + RawBlock.PrevFree] = 0;
  if (head !== 0) I32[head + RawBlock.PrevFree] = block;
  I32[headWord] = block;
  I32[Memory.RawFirstLevel] |= 1 << first;
  I32[Memory.RawSecondLevel + first] |= 1 << second;
}

function removeFree(block: Addr): void {
  const words = I32[block + RawBlock.Size] & ~3;
  const next = I32[block + RawBlock.NextFree];
  const previous = I32[block + RawBlock.PrevFree];
  if (next !== 0) I32[next + RawBlock.PrevFree] = previous;
  if (previous !== 0) {
    I32[previous + RawBlock.NextFree] = next;
    return;
  }
  const first = firstLevel(words);
  const second = secondLevel(words, first);
  I32[Memory.RawHeads + first * Level.Lists + second] = next;
  if (next !== 0) return;
  I32[Memory.RawSecondLevel + first] &= ~(1 << second);
  if (I32[Memory.RawSecondLevel + first] === 0) I32[Memory.RawFirstLevel] &= ~(1 << first);
}

/** A free block of at least `words` words, unlinked, or 0. */
function takeFree(words: number): Addr {
  // Round up to the next list's lower bound: every block there is large enough.
  const rounded = words + (1 << (firstLevel(words) - Level.Bits)) - 1;
  const first = firstLevel(rounded);
  const second = secondLevel(rounded, first);
  let map = I32[Memory.RawSecondLevel + first] & (-1 << second);
  let level = first;
  if (map === 0) {
    const higher = first >= 30 ? 0 : I32[Memory.RawFirstLevel] & (-1 << (first + 1));
    if (higher === 0) return 0;
    level = 31 - Math.clz32(higher & -higher);
    map = I32[Memory.RawSecondLevel + level];
  }
  const list = 31 - Math.clz32(map & -map);
  const block = I32[Memory.RawHeads + level * Level.Lists + list];
  removeFree(block);
  return block;
}

/** Cut `block` (of `have` words) down to `want` words; the rest becomes a free block. */
function trim(block: Addr, have: number, want: number): void {
  if (have - want < RawBlock.MinWords) {
    I32[block + RawBlock.Size] = have;
    return;
  }
  const rest = block + want;
  I32[block + RawBlock.Size] = want;
  I32[rest + RawBlock.Previous] = block;
  I32[rest + have - want + RawBlock.Previous] = rest;
  insertFree(rest, have - want);
}

/** Make the words `[start, end)` of the heap the raw layer's. Runs once, by the creator. */
export function initializeRaw(start: Addr, end: Addr): void {
  const first = start + RawBlock.Header;
  // A used sentinel header at the end stops coalescing.
  const words = ((end - start) & ~3) - RawBlock.Header;
  const sentinel = first + words;
  I32[Memory.RawStart] = start;
  I32[first + RawBlock.Previous] = 0;
  I32[sentinel + RawBlock.Size] = RawBlock.Header;
  I32[sentinel + RawBlock.Previous] = first;
  insertFree(first, words);
}

/**
 * Allocate `bytes` bytes from the raw layer: the address of a 16-byte aligned block, 0 when the
 * heap is exhausted. The contents are undefined.
 */
export function rawMalloc(bytes: number): Addr {
  if (!(bytes <= heap.buffer.byteLength)) return 0;
  const words = Math.max(RawBlock.MinWords, (((bytes + 15) >>> 4) << 2) + RawBlock.Header);
  const block = takeFree(words);
  if (block === 0) return 0;
  trim(block, I32[block + RawBlock.Size] & ~3, words);
  I32[Memory.RawBlocks]++;
  I32[Memory.RawWords] += I32[block + RawBlock.Size];
  return block;
}

/**
 * As {@link rawMalloc}, `phase` words behind a multiple of `alignment` words (a power of two). The
 * header counts among the `bytes` where the phase leaves room for it, so that such blocks may
 * follow one another without gaps.
 */
export function rawMallocAligned(bytes: number, alignment: number, phase: number): Addr {
  const header = phase >= RawBlock.Header ? 0 : RawBlock.Header;
  const want = (((bytes + 15) >>> 4) << 2) + header;
  const block = takeFree(want + alignment + RawBlock.MinWords);
  if (block === 0) return 0;
  const have = I32[block + RawBlock.Size] & ~3;
  let aligned = ((block - phase + alignment - 1) & -alignment) + phase;
  if (aligned !== block && aligned - block < RawBlock.MinWords) aligned += alignment;
  if (aligned === block) {
    trim(block, have, want);
  } else {
    const lead = aligned - block;
    I32[aligned + RawBlock.Previous] = block;
    I32[aligned + have - lead + RawBlock.Previous] = aligned;
    trim(aligned, have - lead, want);
    insertFree(block, lead);
  }
  I32[Memory.RawBlocks]++;
  I32[Memory.RawWords] += I32[aligned + RawBlock.Size];
  return aligned;
}

/** Give a block back and join it with free neighbours. */
export function rawFree(addr: Addr): void {
  let block = addr;
  let words = I32[block + RawBlock.Size];
  assert((words & RawBlock.FreeBit) === 0 && words >= RawBlock.MinWords, `raw free of ${addr}`);
  I32[Memory.RawBlocks]--;
  I32[Memory.RawWords] -= words;
  const next = block + words;
  if ((I32[next + RawBlock.Size] & RawBlock.FreeBit) !== 0) {
    removeFree(next);
    words += I32[next + RawBlock.Size] & ~3;
  }
  const previous = I32[block + RawBlock.Previous];
  if (previous !== 0 && (I32[previous + RawBlock.Size] & RawBlock.FreeBit) !== 0) {
    removeFree(previous);
    words += I32[previous + RawBlock.Size] & ~3;
    block = previous;
  }
  I32[block + words + RawBlock.Previous] = block;
  insertFree(block, words);
}

/** Bytes usable in the block at `addr`. */
export function rawUsableSize(addr: Addr): number {
  return ((I32[addr + RawBlock.Size] & ~3) - RawBlock.Header) << 2;
}

/** Resize in place where the block or its free successor allows it; else move. 0 when exhausted. */
export function rawRealloc(addr: Addr, bytes: number): Addr {
  if (!(bytes <= heap.buffer.byteLength)) return 0;
  const have = I32[addr + RawBlock.Size] & ~3;
  const want = Math.max(RawBlock.MinWords, (((bytes + 15) >>> 4) << 2) + RawBlock.Header);
  if (want <= have) {
    if (have - want >= RawBlock.MinWords) {
      I32[Memory.RawWords] -= have - want;
      shrink(addr, have, want);
    }
    return addr;
  }
  const next = addr + have;
  const nextSize = I32[next + RawBlock.Size];
  if ((nextSize & RawBlock.FreeBit) !== 0 && have + (nextSize & ~3) >= want) {
    removeFree(next);
    const joined = have + (nextSize & ~3);
    I32[addr + joined + RawBlock.Previous] = addr;
    trim(addr, joined, want);
    I32[Memory.RawWords] += I32[addr + RawBlock.Size] - have;
    return addr;
  }
  const moved = rawMalloc(bytes);
  if (moved === 0) return 0;
  I32.copyWithin(moved, addr, addr + have - RawBlock.Header);
  rawFree(addr);
  return moved;
}

function shrink(addr: Addr, have: number, want: number): void {
  const rest = addr + want;
  let restWords = have - want;
  I32[addr + RawBlock.Size] = want;
  const next = addr + have;
  if ((I32[next + RawBlock.Size] & RawBlock.FreeBit) !== 0) {
    removeFree(next);
    restWords += I32[next + RawBlock.Size] & ~3;
  }
  I32[rest + RawBlock.Previous] = addr;
  I32[rest + restWords + RawBlock.Previous] = rest;
  insertFree(rest, restWords);
}
