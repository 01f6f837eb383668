/**
 * The shapes of arenas and pools: CPython 3.9's (and older), and 3.10's (and newer). A heap has one
 * shape for life; whoever makes the heap writes it into `Control.Pymalloc`.
 *
 * A table with a byte for each pool-sized piece of the heap tells whether a pool lies there, so
 * arenas need no more alignment than their pools. With 3.10's shape an arena begins a little behind
 * a multiple of the pool size and loses its first pool, as CPython's do, which are aligned to pages
 * only (A5); with 3.9's it begins at one.
 */
import { assert } from "../base/assert.js";
import { Control } from "./layout.js";

/** What does not depend on the shape. */
export const enum Geometry {
  /** Largest request that a pool serves (A1). */
  SmallRequest = 512,
  Classes = 32,
  PoolHeaderBytes = 48,
  /** Pools that an arena is cut into; the number that can be used may be one less. */
  PoolsPerArena = 64,
}

/** Words of a pool's header (A4). */
export const enum Pool {
  /** Blocks allocated. */
  Count = 0,
  /** Head of the free list, 0: none. */
  FreeBlock = 1,
  /** Links in its class's used list; Next alone in a free-pool list. */
  Next = 2,
  Prev = 3,
  /** Its arena's record. */
  ArenaIndex = 6,
  /** 0…31, -1 before the first use. */
  SizeClass = 7,
  /** Words to the next virgin block. */
  NextOffset = 8,
  /** Last offset a block may have. */
  MaxOffset = 9,
  Header = 12,
}

/** An arena record of the arena table. Next doubles as the link of the unused list. */
export const enum Arena {
  /** First word of the arena, 0 while the record is unused. */
  Address = 0,
  /** Next pool never carved. */
  PoolAddress = 1,
  FreePoolCount = 2,
  FreePools = 3,
  Next = 4,
  Prev = 5,
  Size = 8,
}

/** Values of `Control.Pymalloc`. */
export const enum PymallocKind {
  V39 = 0,
  V310 = 1,
}

/** Names of the allocators, as the command line takes them. */
export const mallocNames = ["pymalloc", "debug"] as const;
export type MallocName = (typeof mallocNames)[number];

/** A shape. */
export interface Shape {
  readonly name: PymallocName;
  readonly arenaBytes: number;
  readonly poolBytes: number;
  /** Words of a pool, a power of two, and its logarithm. */
  readonly poolWords: number;
  readonly poolShift: number;
  /** Pools of an arena that can be used: 64, or 63 where one is lost to alignment (A5). */
  readonly poolCount: number;
  /** An arena's first word is this many words behind a multiple of the pool size. */
  readonly phase: number;
}

/** Names of the shapes, as the command line takes them. */
export const pymallocNames = ["3.9", "3.10"] as const;
export type PymallocName = (typeof pymallocNames)[number];

/** The shapes, by PymallocKind. */
const shapes: readonly Shape[] = [
  {
    name: "3.9",
    arenaBytes: 256 << 10,
    poolBytes: 4 << 10,
    poolWords: 1024,
    poolShift: 10,
    poolCount: 64,
    phase: 0,
  },
  {
    name: "3.10",
    arenaBytes: 1 << 20,
    poolBytes: 16 << 10,
    poolWords: 4096,
    poolShift: 12,
    poolCount: 63,
    phase: 4,
  },
];

/** The shape of the heap whose words are `words`. */
export function shapeOf(words: Int32Array): Shape {
  const shape = shapes[words[Control.Pymalloc]];
  assert(shape !== undefined, `no pymalloc ${words[Control.Pymalloc]}`);
  assert(shape.poolBytes * Geometry.PoolsPerArena === shape.arenaBytes, "64 pools an arena");
  return shape;
}

/** First usable pool of the arena at `address`: the next multiple of the pool size (A5). */
export function firstPool(shape: Shape, address: number): number {
  return (address + shape.poolWords - 1) & -shape.poolWords;
}

/** Blocks of size class `cls` in a pool (A6). */
export function poolCapacity(shape: Shape, cls: number): number {
  return Math.floor((shape.poolBytes - Geometry.PoolHeaderBytes) / ((cls + 1) << 4));
}
