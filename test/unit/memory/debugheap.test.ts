/** The debug heap finds what a defect of the runtime would do to memory. */
import { beforeAll, describe, expect, it } from "vitest";
import { AllocatorKind } from "../../../src/memory/layout.js";
import { freshHeap } from "./fresh.js";

const { words, malloc, free, realloc } = await freshHeap(16 << 20, 0, AllocatorKind.Debug);
const { bindDebugHeap, checkGuards } = await import("../../../src/memory/debugheap.js");

let held = true;
let details: readonly string[] = [];

beforeAll(() => {
  bindDebugHeap({
    hasLock: () => held,
    fatal(lines, message) {
      details = lines;
      throw new Error(message);
    },
  });
});

function problems(): string[] {
  const found: string[] = [];
  checkGuards((problem) => found.push(problem));
  return found;
}

describe("the debug heap", () => {
  it("fills fresh memory with CD and freed memory with DD", () => {
    const block = malloc(40);
    expect(words[block] >>> 0).toBe(0xcdcdcdcd);
    expect(words[block + 11] >>> 0).toBe(0xcdcdcdcd);
    expect(words[block - 1] >>> 0).toBe(0xfdfdfdfd);
    free(block);
    expect(words[block + 1] >>> 0).toBe(0xdddddddd);
  });

  it("finds writes before and behind a block, and says which call made it", () => {
    const block = malloc(32);
    const serial = words[block - 3];
    words[block + 8] = 0x12345678;
    expect(problems()).toHaveLength(1);
    expect(() => free(block)).toThrow("_PyMem_DebugFree: bad trailing pad byte");
    expect(details.join("\n")).toMatch(/at tail=0x[0-9a-f]+\+0: 0x78 \*{3} OUCH/);
    expect(details.join("\n")).toContain(`The block was made by call #${serial}`);
    words[block + 8] = 0xfdfdfdfd;
    words[block - 1] = 0;
    expect(() => free(block)).toThrow("bad leading pad byte");
    words[block - 1] = 0xfdfdfdfd;
    free(block);
    expect(problems()).toEqual([]);
  });

  it("finds a block freed twice and an address that is no block", () => {
    const block = malloc(700);
    free(block);
    expect(() => free(block)).toThrow("block freed before");
    const small = malloc(16);
    free(small);
    expect(() => free(small)).toThrow("block freed before");
    const other = malloc(64);
    expect(() => free(other + 4)).toThrow("bad leading pad byte");
    expect(() => free(other + 1)).toThrow("is no block of the heap");
    free(other);
  });

  it("moves a block that is resized, with its contents", () => {
    const block = malloc(16);
    words[block] = 7;
    const moved = realloc(block, 600);
    expect(moved).not.toBe(block);
    expect(words[moved]).toBe(7);
    expect(words[block + 1] >>> 0).toBe(0xdddddddd);
    free(moved);
  });

  it("refuses what is larger than any heap, and leaves the block as it was", () => {
    const block = malloc(48);
    words[block] = 7;
    for (const bytes of [2 ** 31 - 8, 2 ** 31, 2 ** 32 + 16, 2 ** 53]) {
      expect(malloc(bytes)).toBe(0);
      expect(realloc(block, bytes)).toBe(0);
    }
    expect(words[block]).toBe(7);
    free(block);
    expect(problems()).toEqual([]);
  });

  it("wants the GIL held at every call", () => {
    const block = malloc(16);
    held = false;
    expect(() => malloc(16)).toThrow("called without holding the GIL");
    expect(() => free(block)).toThrow("called without holding the GIL");
    held = true;
    free(block);
  });
});
