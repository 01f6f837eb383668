/**
 * A fresh heap for a test file: binds this JavaScript thread to it, so it must run before any
 * module of the memory layer is evaluated. A file of tests works on one heap.
 */
import { bindHeap } from "../../../src/memory/binding.js";
import { Control } from "../../../src/memory/layout.js";

/** Bind a heap of `bytes` bytes with a pymalloc and an allocator, and load the memory layer. */
export async function freshHeap(bytes: number, pymalloc: number, allocator: number) {
  const buffer = new SharedArrayBuffer(bytes);
  const words = new Int32Array(buffer);
  words[Control.Pymalloc] = pymalloc;
  words[Control.Allocator] = allocator;
  bindHeap(buffer);
  const { initializeMemory } = await import("../../../src/memory/setup.js");
  initializeMemory();
  const pymallocModule = await import("../../../src/memory/pymalloc.js");
  const walk = await import("../../../src/memory/walk.js");
  return { words, ...pymallocModule, ...walk };
}
