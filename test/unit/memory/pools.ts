/** What holds for pymalloc in either shape: rules A4 to A18 and probe P8. */
import { describe, expect, it } from "vitest";
import { firstPool, Geometry, poolCapacity, shapeOf } from "../../../src/memory/geometry.js";
import { Memory } from "../../../src/memory/state.js";
import type { freshHeap } from "./fresh.js";

type FreshHeap = Awaited<ReturnType<typeof freshHeap>>;

/** Blocks of a pool by size class, from the contract's table A6. */
const CAPACITIES = {
  "3.9": [
    253, 126, 84, 63, 50, 42, 36, 31, 28, 25, 23, 21, 19, 18, 16, 15, 14, 14, 13, 12, 12, 11, 11,
    10, 10, 9, 9, 9, 8, 8, 8, 7,
  ],
  "3.10": [
    1021, 510, 340, 255, 204, 170, 145, 127, 113, 102, 92, 85, 78, 72, 68, 63, 60, 56, 53, 51, 48,
    46, 44, 42, 40, 39, 37, 36, 35, 34, 32, 31,
  ],
};

/** Describe the tests for the bound heap. */
export function describePools(heap: FreshHeap): void {
  const { words, malloc, free, realloc } = heap;
  const shape = shapeOf(words);
  const poolOf = (block: number): number => block & -shape.poolWords;
  const many = (count: number, bytes: number): number[] =>
    Array.from({ length: count }, () => malloc(bytes));

  describe(`pymalloc of ${shape.name}`, () => {
    it("has the contract's number of blocks a pool, the first at +48, ascending", () => {
      for (let cls = 0; cls < Geometry.Classes; cls++) {
        const bytes = (cls + 1) << 4;
        const capacity = CAPACITIES[shape.name][cls];
        expect(poolCapacity(shape, cls)).toBe(capacity);
        const blocks = many(capacity, bytes);
        const offsets = blocks.map((block) => (block - poolOf(blocks[0])) << 2);
        expect(offsets).toEqual(blocks.map((_, i) => 48 + i * bytes));
        const next = malloc(bytes);
        expect(poolOf(next)).not.toBe(poolOf(blocks[0]));
        for (const block of [...blocks, next]) free(block);
      }
    });

    it("uses the last freed block first (A11), and the pool last un-filled first (A10)", () => {
      const capacity = poolCapacity(shape, 3);
      const blocks = many(capacity * 3, 64);
      const [x, y, z] = blocks;
      for (const block of [x, y, z]) free(block);
      expect([malloc(64), malloc(64), malloc(64)]).toEqual([z, y, x]);
      const b = blocks[capacity];
      const c = blocks[2 * capacity];
      free(x);
      free(c);
      free(b);
      expect(heap.usedPools(words, 3).slice(0, 3)).toEqual([poolOf(b), poolOf(c), poolOf(x)]);
      expect([malloc(64), malloc(64), malloc(64)]).toEqual([b, c, x]);
      for (const block of blocks) free(block);
    });

    it("takes pools from the fullest arena, the last freed pool first (A14, A17)", () => {
      const capacity = poolCapacity(shape, 31);
      const blocks = many(capacity * shape.poolCount * 4, 512);
      const byArena = new Map<number, Set<number>>();
      for (const block of blocks) {
        const pool = poolOf(block);
        const arena = words[pool + 6];
        byArena.set(arena, (byArena.get(arena) ?? new Set()).add(pool));
      }
      const whole = [...byArena.values()].filter((pools) => pools.size === shape.poolCount);
      expect(whole.length).toBeGreaterThanOrEqual(2);
      const [a, b] = whole.map((pools) => [...pools]);
      // Nothing else may be taken first: fill what other arenas have free.
      const others: number[] = [];
      while (words[Memory.UsableArenas] >= 0) others.push(malloc(512));
      const freed = [...a.slice(0, 6), ...b.slice(0, 2)];
      for (const pool of freed) {
        for (const block of blocks) if (poolOf(block) === pool) free(block);
      }
      const again: number[] = [];
      for (let i = 0; i < freed.length; i++) again.push(poolOf(many(capacity, 512)[0]));
      expect(again).toEqual([b[1], b[0], ...a.slice(0, 6).reverse()]);
      // Every block of the freed pools is in use again, at its old address.
      for (const block of [...blocks, ...others]) free(block);
    });

    it("keeps one wholly free arena and gives the others back (A15, A18)", () => {
      const before = heap.arenaCount(words);
      const raw = words[Memory.RawWords];
      const blocks = many(poolCapacity(shape, 0) * shape.poolCount * 5, 16);
      expect(heap.arenaCount(words)).toBeGreaterThanOrEqual(before + 4);
      for (let i = 0; i < blocks.length; i += 2) free(blocks[i]);
      expect(heap.arenaCount(words)).toBeGreaterThanOrEqual(before + 4);
      for (let i = 1; i < blocks.length; i += 2) free(blocks[i]);
      expect(heap.arenaCount(words)).toBe(before);
      expect(words[Memory.RawWords]).toBe(raw);
      expect(heap.usableArenas(words)).toHaveLength(1);
      expect(heap.arenas(words)[0].freePools).toBe(shape.poolCount);
      const total = words[Memory.ArenasAllocatedTotal];
      expect(words[Memory.ArenasHighWater]).toBeLessThanOrEqual(total);
    });

    it("lays arenas side by side: what lies between two is less than a pool", () => {
      const blocks = many(poolCapacity(shape, 31) * shape.poolCount * 6, 512);
      const starts = heap.arenas(words).map(({ address }) => firstPool(shape, address));
      starts.sort((x, y) => x - y);
      for (let i = 1; i < starts.length; i++) {
        const gap = ((starts[i] - starts[i - 1]) << 2) - shape.arenaBytes;
        expect(gap).toBeLessThanOrEqual(shape.poolBytes);
      }
      for (const block of blocks) free(block);
    });

    it("resizes in place where CPython does (A12)", () => {
      const block = malloc(64);
      expect(realloc(block, 49)).toBe(block);
      expect(realloc(block, 64)).toBe(block);
      words[block] = 42;
      const moved = realloc(block, 48);
      expect(moved).not.toBe(block);
      expect(words[moved]).toBe(42);
      const large = realloc(moved, 2000);
      expect(words[large]).toBe(42);
      // What the raw layer has stays with it.
      expect(realloc(large, 16)).toBe(large);
      free(large);
      const nothing = malloc(0);
      expect(heap.allocatedBlocks()).toBe(1);
      free(nothing);
      expect(heap.allocatedBlocks()).toBe(0);
    });

    it("shows each block's state", () => {
      const blocks = many(10, 96);
      free(blocks[3]);
      free(blocks[7]);
      const pool = heap.poolAt(words, poolOf(blocks[0]), shape);
      expect(pool).toMatchObject({ state: "used", sizeClass: 5, allocated: 8 });
      expect(heap.freeBlocks(words, pool).slice(0, 2)).toEqual([blocks[7], blocks[3]]);
      const states = [...heap.blockStates(words, pool)].slice(0, 12);
      expect(states).toEqual([1, 1, 1, 2, 1, 1, 1, 2, 1, 1, 2, 0]);
      const seen: number[] = [];
      heap.walkBlocks(words, (contents) => seen.push(contents));
      expect(seen).toEqual(blocks.filter((_, i) => i !== 3 && i !== 7));
      for (const block of seen) free(block);
    });
  });
}
