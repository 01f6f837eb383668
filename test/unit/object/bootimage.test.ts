import { expect, it } from "vitest";
import { PymallocKind } from "../../../src/memory/geometry.js";
import { heap } from "../../../src/memory/heap.js";
import { AllocatorKind, Control, Region } from "../../../src/memory/layout.js";
import { boot } from "../../../src/object/boot.js";
import { copyHeapImage, newHeapImage } from "../../../src/object/bootimage.js";
import "../../../src/stdlib/all.js";

const I32 = heap.I32;
/** Behind the last word that booting writes, but for the heap's end. */
const TOP = 2 << 20;

function written(): Int32Array {
  return I32.slice(Region.Memory, TOP);
}

boot();
const image = newHeapImage(false);
const booted = written();
const end = I32.slice(-8);

it("restores the words that boot wrote, all of them", () => {
  expect(I32.subarray(TOP - 1024, TOP).every((word) => word === 0)).toBe(true);
  I32.fill(0, 0, TOP);
  I32.fill(0, heap.words - 8);
  expect(copyHeapImage(image)).toBe(true);
  expect(Buffer.compare(Buffer.from(written().buffer), Buffer.from(booted.buffer))).toBe(0);
  expect(I32.slice(-8)).toEqual(end);
  expect(I32[Control.Booted]).toBe(1);
  expect(I32[Control.HeapWords]).toBe(heap.words);
});

it("is refused by a heap of another size, shape or allocator", () => {
  const other = image.slice();
  other[0] -= 1024;
  expect(copyHeapImage(other)).toBe(false);
  for (const [word, value] of [
    [Control.Pymalloc, PymallocKind.V310],
    [Control.Allocator, AllocatorKind.Debug],
  ]) {
    const before = I32[word];
    I32[word] = value;
    expect(copyHeapImage(image)).toBe(false);
    I32[word] = before;
  }
  expect(copyHeapImage(image)).toBe(true);
});
