/**
 * The debug heap (`--malloc debug`), after CPython's debug hooks: every block stands between guard
 * bytes, fresh memory is filled with 0xCD and freed memory with 0xDD, blocks are numbered, and each
 * call checks that its thread has the GIL. A block, in words:
 *
 *   -4 bytes asked for   -3 serial number   -2 'o' FD FD FD   -1 FD FD FD FD
 *    0 contents, a multiple of 16 bytes
 *    n FD × 8, then the serial number again
 *
 * Sizes are rounded up to 16 bytes, so a write past the end is found from there on.
 */
import { type Addr, heap } from "./heap.js";
import { type Allocator, isPoolAddress } from "./pools.js";
import { Memory } from "./state.js";
import { arenas, BlockState, blockAt, blockStates, poolsOf } from "./walk.js";

const I32 = heap.I32;
const U8 = heap.U8;

const enum Guard {
  /** Words before the contents and behind them. */
  Lead = 4,
  Tail = 4,
  Bytes = 32,
  Size = -4,
  Serial = -3,
  Id = -2,
  Last = -1,
}

/** Values of memory, as CPython's. */
const enum Fill {
  Clean = 0xcd,
  Dead = 0xdd,
  Forbidden = 0xfd,
}

/** 'o', the object allocator, before three guard bytes; a word of guard bytes; of dead bytes. */
const ID = 0xfdfdfd6f | 0;
const FORBIDDEN = 0xfdfdfdfd | 0;
const DEAD = 0xdddddddd | 0;

/** What the layers above know that the debug heap must: bound by each carrier. */
export interface DebugHeapContext {
  /** Has the running thread the GIL? */
  hasLock(): boolean;
  /** End the run with CPython's fatal error; `details` are lines to print before it. */
  fatal(details: readonly string[], message: string): never;
}

let context: DebugHeapContext | null = null;

/** Bind what this JavaScript thread's debug heap asks and reports to. */
export function bindDebugHeap(bound: DebugHeapContext): void {
  context = bound;
}

function fail(details: readonly string[], message: string): never {
  if (context === null) throw new Error([...details, message].join("\n"));
  return context.fatal(details, message);
}

function checkLock(caller: string): void {
  if (context === null || context.hasLock()) return;
  fail([], `${caller}: Python memory allocator called without holding the GIL`);
}

/** Not by bits: a request may be larger than any heap, and is then refused below. */
function rounded(bytes: number): number {
  return Math.max(16, Math.ceil(bytes / 16) * 16);
}

/** What is wrong with the guards of the block whose contents are at `p`, or null. */
function guardProblem(p: Addr): string | null {
  if (I32[p + Guard.Id] === DEAD) return "block freed before";
  if (I32[p + Guard.Id] !== ID || I32[p + Guard.Last] !== FORBIDDEN) return "bad leading pad byte";
  const tail = p + (rounded(I32[p + Guard.Size]) >> 2);
  if (tail < p || tail + Guard.Tail > heap.words) return "bad leading pad byte";
  if (I32[tail] !== FORBIDDEN || I32[tail + 1] !== FORBIDDEN) return "bad trailing pad byte";
  return null;
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}

/** Lines about guard bytes: as expected, or each that is not. */
function padLines(at: number, count: number, name: string): string[] {
  const bytes = Array.from({ length: count }, (_, i) => U8[at + i]);
  if (bytes.every((byte) => byte === Fill.Forbidden)) {
    return [`    The ${count} pad bytes at ${name} are FORBIDDENBYTE, as expected.`];
  }
  const lines = [`    The ${count} pad bytes at ${name} are not all FORBIDDENBYTE (0xfd):`];
  for (const [i, byte] of bytes.entries()) {
    const mark = byte === Fill.Forbidden ? "" : " *** OUCH";
    lines.push(`        at ${name}+${i}: ${hex(byte)}${mark}`);
  }
  return lines;
}

/** The account of a block that CPython gives before the fatal error. */
function describeBlock(p: Addr): string[] {
  const lines = [`Debug memory block at address p=0x${(p * 4).toString(16)}: API 'o'`];
  if (I32[p + Guard.Id] === DEAD) return [...lines, "    The block was freed before."];
  const size = I32[p + Guard.Size];
  lines.push(`    ${size} bytes originally requested`);
  lines.push(...padLines((p << 2) - 7, 7, "p-7"));
  const tail = p + (rounded(size) >> 2);
  if (size < 0 || tail + Guard.Tail > heap.words) return lines;
  lines.push(...padLines(tail << 2, 8, `tail=0x${(tail * 4).toString(16)}`));
  lines.push(`    The block was made by call #${I32[p + Guard.Serial]} to debug malloc/realloc.`);
  const shown = Array.from(U8.subarray(p << 2, (p << 2) + Math.min(size, 16)));
  lines.push(`    Data at p: ${shown.map((byte) => hex(byte).slice(2)).join(" ")}`);
  return lines;
}

function checkBlock(p: Addr, caller: string): void {
  checkLock(caller);
  if (p < Guard.Lead || p >= heap.words || (p & 3) !== 0) {
    fail([], `${caller}: 0x${(p * 4).toString(16)} is no block of the heap`);
  }
  const problem = guardProblem(p);
  if (problem !== null) fail(describeBlock(p), `${caller}: ${problem}`);
}

/** The debug heap over `base`. */
export function debugging(base: Allocator): Allocator {
  const malloc = (bytes: number): Addr => {
    checkLock("_PyMem_DebugMalloc");
    const size = rounded(bytes);
    const block = base.malloc(size + Guard.Bytes);
    if (block === 0) return 0;
    const p = block + Guard.Lead;
    const serial = ++I32[Memory.DebugSerial];
    const tail = p + (size >> 2);
    I32[p + Guard.Size] = bytes;
    I32[p + Guard.Serial] = serial;
    I32[p + Guard.Id] = ID;
    I32[p + Guard.Last] = FORBIDDEN;
    U8.fill(Fill.Clean, p << 2, tail << 2);
    I32[tail] = FORBIDDEN;
    I32[tail + 1] = FORBIDDEN;
    I32[tail + 2] = serial;
    I32[tail + 3] = 0;
    return p;
  };
  const free = (p: Addr): void => {
    checkBlock(p, "_PyMem_DebugFree");
    const block = p - Guard.Lead;
    const end = p + (rounded(I32[p + Guard.Size]) >> 2) + Guard.Tail;
    U8.fill(Fill.Dead, block << 2, end << 2);
    base.free(block);
  };
  const realloc = (p: Addr, bytes: number): Addr => {
    if (p === 0) return malloc(bytes);
    checkBlock(p, "_PyMem_DebugRealloc");
    // It always moves: whoever kept the old address reads dead bytes.
    const moved = malloc(bytes);
    if (moved === 0) return 0;
    const have = rounded(Math.min(I32[p + Guard.Size], bytes));
    I32.copyWithin(moved, p, p + (have >> 2));
    free(p);
    return moved;
  };
  return {
    allocateBlock: (cls) => malloc((cls + 1) << 4),
    freeBlock: free,
    malloc,
    free,
    realloc,
    usableSize(p) {
      checkBlock(p, "_PyMem_DebugRealloc");
      return rounded(I32[p + Guard.Size]);
    },
  };
}

/** Check the guards of every block in a pool, and that free blocks were not written to. */
export function checkGuards(complain: (problem: string) => void): void {
  for (const arena of arenas(I32)) {
    for (const pool of poolsOf(I32, arena)) {
      const states = blockStates(I32, pool);
      for (let i = 0; i < pool.touched; i++) {
        const block = blockAt(pool, i);
        if (states[i] === BlockState.Allocated) {
          const problem = guardProblem(block + Guard.Lead);
          if (problem !== null) complain(`block ${block}: ${problem}`);
        } else if (I32[block + Guard.Lead + Guard.Id] !== DEAD && isPoolAddress(block)) {
          // A block that is carved but was never handed out holds what the heap began with.
          if (I32[block + Guard.Lead + Guard.Id] !== 0)
            complain(`block ${block}: written when free`);
        }
      }
    }
  }
}
