/** Lists that shrink while no memory can be had. */
import { describe, expect, it } from "vitest";
import { heap } from "../../../src/memory/heap.js";
import { AllocatorKind, Control } from "../../../src/memory/layout.js";
import { Memory } from "../../../src/memory/state.js";

const I32 = heap.I32;
// Before the first import that allocates.
I32[Control.Allocator] = AllocatorKind.Failing;
const { newInt } = await import("../../../src/object/int.js");
const list = await import("../../../src/object/list.js");
const { show, showPending, startObjects } = await import("./values.js");
startObjects();

/** A list of 0 … n - 1 that has grown by appending. */
function grown(n: number): number {
  const made = list.newList(0);
  for (let i = 0; i < n; i++) list.listAppendSteal(made, newInt(i));
  return made;
}

describe("a list whose block cannot be moved", () => {
  // Nine items have room for sixteen; seven of them get room for twelve, three of eight for eight.
  it.each([
    [9, 7],
    [5, 3],
    [100, 1],
  ])("of %i items shrinks to %i in the old block", (from, to) => {
    const items = grown(from);
    I32[Memory.FailAfter] = 1;
    expect(list.listResize(items, to)).toBe(0);
    expect(showPending()).toBe("none");
    expect(I32[Memory.FailAfter]).toBe(0);
    expect(list.listSize(items)).toBe(to);
    expect(show(items)).toBe(`[${Array.from({ length: to }, (_, i) => i).join(", ")}]`);
  });

  it("does not grow", () => {
    for (const items of [grown(0), grown(4)]) {
      const size = list.listSize(items);
      I32[Memory.FailAfter] = 1;
      expect(list.listAppend(items, items)).toBe(-1);
      expect(showPending()).toBe("MemoryError: ");
      expect(list.listSize(items)).toBe(size);
    }
    const empty = list.newList(0);
    const three = grown(3);
    I32[Memory.FailAfter] = 1;
    expect(list.listExtend(empty, three)).toBe(-1);
    expect(showPending()).toBe("MemoryError: ");
  });
});
