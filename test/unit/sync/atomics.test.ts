import { describe, expect, it } from "vitest";
import { AtomicsMemory } from "../../../src/sync/atomics.js";
import { WAKE_ALL, WaitResult } from "../../../src/sync/memory.js";

function create() {
  const words = new Int32Array(new SharedArrayBuffer(64));
  return { words, memory: new AtomicsMemory(words) };
}

describe("AtomicsMemory", () => {
  it("refuses memory that no other thread can see", () => {
    expect(() => new AtomicsMemory(new Int32Array(4))).toThrow(TypeError);
  });

  it("answers every change with the value before", () => {
    const { words, memory } = create();
    memory.store(1, 5);
    expect(memory.load(1)).toBe(5);
    expect(memory.cas(1, 4, 9)).toBe(5);
    expect(memory.cas(1, 5, 6)).toBe(5);
    expect(memory.exchange(1, 12)).toBe(6);
    expect(memory.add(1, 0x7fff_ffff)).toBe(12);
    expect(memory.load(1)).toBe((12 + 0x7fff_ffff) | 0);
    memory.store(1, 0b1100);
    expect(memory.or(1, 0b0110)).toBe(0b1100);
    expect(memory.and(1, 0b1010)).toBe(0b1110);
    expect(words[1]).toBe(0b1010);
  });

  it("says how a wait ended", () => {
    const { memory } = create();
    expect(memory.wait(0, 1, 1e9)).toBe(WaitResult.NotEqual);
    const before = memory.now();
    expect(memory.wait(0, 0, 2e6)).toBe(WaitResult.TimedOut);
    expect(memory.now() - before).toBeGreaterThanOrEqual(2e6);
    expect(memory.notify(0, WAKE_ALL)).toBe(0);
  });

  it("watches a word without sleeping", () => {
    const { memory } = create();
    expect(memory.watch(0, 1, 1e9)).toBe(WaitResult.NotEqual);
    const before = memory.now();
    expect(memory.watch(0, 0, 1e6)).toBe(WaitResult.TimedOut);
    expect(memory.now() - before).toBeGreaterThanOrEqual(1e6);
  });

  it("says so of an asynchronous wait too", async () => {
    const { memory } = create();
    expect(await memory.waitAsync(0, 1, 1e9)).toBe(WaitResult.NotEqual);
    expect(await memory.waitAsync(0, 0, 1e6)).toBe(WaitResult.TimedOut);
    const woken = memory.waitAsync(0, 0, 5e9);
    expect(memory.notify(0, 1)).toBe(1);
    expect(await woken).toBe(WaitResult.Ok);
  });
});
