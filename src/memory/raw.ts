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

const enum Block {
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
  I32[block + Block.Size] = words | Block.FreeBit;
  I32[block + Block.NextFree] = head;
  I32[block + Block.PrevFree] = 0;
  if (head !== 0) I32[head + Block.PrevFree] = block;
  I32[headWord] = block;
  I32[Memory.RawFirstLevel] |= 1 << first;
  I32[Memory.RawSecondLevel + first] |= 1 << second;
}

function removeFree(block: Addr): void {
  const words = I32[block + Block.Size] & ~3;
  const next = I32[block + Block.NextFree];
  const previous = I32[block + Block.PrevFree];
  if (next !== 0) I32[next + Block.PrevFree] = previous;
  if (previous !== 0) {
    I32[previous + Block.NextFree] = next;
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
  if (have - want < Block.MinWords) {
    I32[block + Block.Size] = have;
    return;
  }
  const rest = block + want;
  I32[block + Block.Size] = want;
  I32[rest + Block.Previous] = block;
  I32[rest + have - want + Block.Previous] = rest;
  insertFree(rest, have - want);
}

/** Make the words `[start, end)` of the heap the raw layer's. Runs once, by the creator. */
export function initializeRaw(start: Addr, end: Addr): void {
  const first = start + Block.Header;
  // A used sentinel header at the end stops coalescing.
  const words = ((end - start) & ~3) - Block.Header;
  const sentinel = first + words;
  I32[Memory.RawStart] = start;
  I32[first + Block.Previous] = 0;
  I32[sentinel + Block.Size] = Block.Header;
  I32[sentinel + Block.Previous] = first;
  insertFree(first, words);
}

/**
 * Allocate `bytes` bytes from the raw layer: the address of a 16-byte aligned block, 0 when the
 * heap is exhausted. The contents are undefined.
 */
export function rawMalloc(bytes: number): Addr {
  if (!(bytes <= heap.buffer.byteLength)) return 0;
  const words = Math.max(Block.MinWords, (((bytes + 15) >>> 4) << 2) + Block.Header);
  const block = takeFree(words);
  if (block === 0) return 0;
  trim(block, I32[block + Block.Size] & ~3, words);
  I32[Memory.RawBlocks]++;
  I32[Memory.RawWords] += I32[block + Block.Size];
  return block;
}

/** As {@link rawMalloc}, at an address that is a multiple of `alignment` words (a power of two). */
export function rawMallocAligned(bytes: number, alignment: number): Addr {
  const want = (((bytes + 15) >>> 4) << 2) + Block.Header;
  const block = takeFree(want + alignment + Block.MinWords);
  if (block === 0) return 0;
  const have = I32[block + Block.Size] & ~3;
  let aligned = (block + alignment - 1) & -alignment;
  if (aligned !== block && aligned - block < Block.MinWords) aligned += alignment;
  if (aligned === block) {
    trim(block, have, want);
  } else {
    const lead = aligned - block;
    I32[aligned + Block.Previous] = block;
    I32[aligned + have - lead + Block.Previous] = aligned;
    trim(aligned, have - lead, want);
    insertFree(block, lead);
  }
  I32[Memory.RawBlocks]++;
  I32[Memory.RawWords] += I32[aligned + Block.Size];
  return aligned;
}

/** Give a block back and join it with free neighbours. */
export function rawFree(addr: Addr): void {
  let block = addr;
  let words = I32[block + Block.Size];
  assert((words & Block.FreeBit) === 0 && words >= Block.MinWords, `raw free of ${addr}`);
  I32[Memory.RawBlocks]--;
  I32[Memory.RawWords] -= words;
  const next = block + words;
  if ((I32[next + Block.Size] & Block.FreeBit) !== 0) {
    removeFree(next);
    words += I32[next + Block.Size] & ~3;
  }
  const previous = I32[block + Block.Previous];
  if (previous !== 0 && (I32[previous + Block.Size] & Block.FreeBit) !== 0) {
    removeFree(previous);
    words += I32[previous + Block.Size] & ~3;
    block = previous;
  }
  I32[block + words + Block.Previous] = block;
  insertFree(block, words);
}

/** Bytes usable in the block at `addr`. */
export function rawUsableSize(addr: Addr): number {
  return ((I32[addr + Block.Size] & ~3) - Block.Header) << 2;
}

/** Resize in place where the block or its free successor allows it; else move. 0 when exhausted. */
export function rawRealloc(addr: Addr, bytes: number): Addr {
  if (!(bytes <= heap.buffer.byteLength)) return 0;
  const have = I32[addr + Block.Size] & ~3;
  const want = Math.max(Block.MinWords, (((bytes + 15) >>> 4) << 2) + Block.Header);
  if (want <= have) {
    if (have - want >= Block.MinWords) {
      I32[Memory.RawWords] -= have - want;
      shrink(addr, have, want);
    }
    return addr;
  }
  const next = addr + have;
  const nextSize = I32[next + Block.Size];
  if ((nextSize & Block.FreeBit) !== 0 && have + (nextSize & ~3) >= want) {
    removeFree(next);
    const joined = have + (nextSize & ~3);
    I32[addr + joined + Block.Previous] = addr;
    trim(addr, joined, want);
    I32[Memory.RawWords] += I32[addr + Block.Size] - have;
    return addr;
  }
  const moved = rawMalloc(bytes);
  if (moved === 0) return 0;
  I32.copyWithin(moved, addr, addr + have - Block.Header);
  rawFree(addr);
  return moved;
}

function shrink(addr: Addr, have: number, want: number): void {
  const rest = addr + want;
  let restWords = have - want;
  I32[addr + Block.Size] = want;
  const next = addr + have;
  if ((I32[next + Block.Size] & Block.FreeBit) !== 0) {
    removeFree(next);
    restWords += I32[next + Block.Size] & ~3;
  }
  I32[rest + Block.Previous] = addr;
  I32[rest + restWords + Block.Previous] = rest;
  insertFree(rest, restWords);
}

/** Visit every raw block in address order; for the heap's own verification. */
export function walkRaw(visit: (addr: Addr, bytes: number, free: boolean) => void): void {
  let block = I32[Memory.RawStart] + Block.Header;
  for (;;) {
    const size = I32[block + Block.Size];
    const words = size & ~3;
    if (words === Block.Header) return;
    visit(block, (words - Block.Header) << 2, (size & Block.FreeBit) !== 0);
    block += words;
  }
}
