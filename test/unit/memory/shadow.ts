/** Random allocations against a shadow map: no two blocks overlap, and no contents are lost. */
import { expect, it } from "vitest";
import { SeededRandom } from "../../../src/base/random.js";
import { checkMemory } from "../../../src/memory/check.js";
import { Memory } from "../../../src/memory/state.js";
import type { freshHeap } from "./fresh.js";

type FreshHeap = Awaited<ReturnType<typeof freshHeap>>;

const nightly = process.env.TAKEGIL_NIGHTLY !== undefined;
const OPERATIONS = nightly ? 100_000_000 : 1_000_000;
/** Blocks alive at once, at most. */
const MOST = 40_000;
/** Operations between checks of the whole heap. */
const CHECK_EVERY = OPERATIONS / 20;

/** Sizes as programs have them: mostly small, some beyond the pools, a few large. */
function randomSize(random: () => number): number {
  const kind = random();
  if (kind < 0.85) return 1 + Math.floor(random() * 512);
  if (kind < 0.99) return 1 + Math.floor(random() * 4096);
  return 1 + Math.floor(random() * 100_000);
}

/** The test for the bound heap. */
export function testShadow(heap: FreshHeap): void {
  const { words, malloc, free, realloc } = heap;
  const problems = (): string[] => {
    const found: string[] = [];
    checkMemory(words, (problem) => found.push(problem));
    return found;
  };

  it(`${OPERATIONS} random operations lose and overlap nothing`, { timeout: 3_600_000 }, () => {
    const random = new SeededRandom(20260);
    const next = (): number => random.next() / 2 ** 32;
    const blocks = new Int32Array(MOST);
    const sizes = new Int32Array(MOST);
    /** Owner of each 16 bytes of the heap, plus 1. */
    const shadow = new Int32Array(words.length >> 2);
    let count = 0;
    let failures = 0;

    const claim = (i: number, address: number, bytes: number): void => {
      const end = address + ((bytes + 15) >> 4) * 4;
      if ((address & 3) !== 0 || shadow.subarray(address >> 2, end >> 2).some((x) => x !== 0)) {
        failures++;
      }
      shadow.fill(i + 1, address >> 2, end >> 2);
      blocks[i] = address;
      sizes[i] = bytes;
      words[address] = address ^ bytes;
      words[address + ((bytes + 15) >> 4) * 4 - 1] = bytes;
    };
    const check = (i: number): void => {
      const [address, bytes] = [blocks[i], sizes[i]];
      const last = address + ((bytes + 15) >> 4) * 4 - 1;
      // In a block of 16 bytes both marks have their own word.
      if (words[address] !== (address ^ bytes) || words[last] !== bytes) failures++;
    };
    const disclaim = (i: number): void => {
      const end = blocks[i] + ((sizes[i] + 15) >> 4) * 4;
      shadow.fill(0, blocks[i] >> 2, end >> 2);
    };

    for (let n = 0; n < OPERATIONS; n++) {
      if (n % CHECK_EVERY === 0) expect(problems()).toEqual([]);
      // Grow and shrink in waves, so that arenas come and go.
      const rising = Math.floor((n / OPERATIONS) * 8) % 2 === 0;
      const what = next();
      if (count < MOST && (count === 0 || what < (rising ? 0.55 : 0.25))) {
        const bytes = randomSize(next);
        const address = malloc(bytes);
        if (address !== 0) claim(count++, address, bytes);
        continue;
      }
      const i = Math.floor(next() * count);
      check(i);
      disclaim(i);
      if (what < 0.7) {
        const bytes = randomSize(next);
        const [old, had] = [blocks[i], sizes[i]];
        const address = realloc(old, bytes);
        if (address === 0) {
          claim(i, old, had);
          continue;
        }
        if (words[address] !== (old ^ had)) failures++;
        claim(i, address, bytes);
      } else {
        free(blocks[i]);
        count--;
        blocks[i] = blocks[count];
        sizes[i] = sizes[count];
        if (i < count) {
          const end = blocks[i] + ((sizes[i] + 15) >> 4) * 4;
          shadow.fill(i + 1, blocks[i] >> 2, end >> 2);
        }
      }
    }
    expect(failures).toBe(0);
    expect(heap.allocatedBlocks()).toBe(count);
    for (let i = 0; i < count; i++) free(blocks[i]);
    expect(problems()).toEqual([]);
    expect(heap.allocatedBlocks()).toBe(0);
    expect(words[Memory.ArenasCurrent]).toBe(1);
    expect(words[Memory.ArenasHighWater]).toBeGreaterThan(8);
  });
}
