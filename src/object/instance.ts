/**
 * Instances: allocation for any type (`tp_alloc`), and the life and death of instances of classes
 * made by Python code (R12, R14).
 */
import { assert } from "../base/assert.js";
import { type Addr, heap } from "../memory/heap.js";
import { allocateBlock, malloc } from "../memory/pymalloc.js";
import { raiseMemoryError, restorePending, takePending } from "./errors.js";
import { countAllocation, freeObject, track, untrack } from "./gcheader.js";
import { clearField, decref } from "./header.js";
import { clearInstanceAttributes, freeInstanceAttributes, visitInstance } from "./instancedict.js";
import { DictKeys, GcFlag, GcHead, Head, InstanceObject, TypeFlag, TypeObject } from "./layout.js";
import { slotsOf, slotTables } from "./slots.js";
import { trashBegin, trashEnd } from "./trashcan.js";
import { Kind } from "./types.js";

const I32 = heap.I32;

/** Runs with an object whose weak reference list is not empty, before the object is torn down. */
let clearWeakRefs: (object: Addr) => void = () => {};

/** weakref.ts registers how the weak references of a dying object are cleared. */
export function registerWeakRefs(clear: (object: Addr) => void): void {
  clearWeakRefs = clear;
}

/** Clear the weak references to `object`, whose type keeps their list at `offset`. */
export function clearWeakReferences(object: Addr, offset: number): void {
  if (I32[object + offset] !== 0) clearWeakRefs(object);
}

/**
 * Allocate an instance of `type` with room for `items` items, all fields zero, count 1; tracked if
 * collectable. 0 with MemoryError pending when the heap is exhausted.
 */
export function newObjectOf(type: Addr, items = 0): Addr {
  const flags = I32[type + TypeObject.Flags];
  const size = I32[type + TypeObject.BasicSize] + items * I32[type + TypeObject.ItemSize];
  let before = 0;
  if ((flags & TypeFlag.ManagedDict) !== 0) {
    before = InstanceObject.PreHeader;
    takeRoom(I32[type + TypeObject.CachedKeys]);
  } else if ((flags & TypeFlag.HasGc) !== 0) before = GcHead.Bytes;
  const bytes = size + before;
  const block = bytes <= 512 ? allocateBlock((bytes - 1) >> 4) : malloc(bytes);
  if (block === 0) return raiseMemoryError();
  const object = block + (before >> 2);
  const end = block + (((bytes + 15) >> 4) << 2);
  if (bytes <= 512) for (let word = block; word < end; word++) I32[word] = 0;
  else I32.fill(0, block, end);
  I32[object] = 1;
  I32[object + Head.Type] = type;
  if ((flags & TypeFlag.Heap) !== 0) I32[type]++;
  if (before !== 0) {
    countAllocation();
    track(object);
  }
  return object;
}

/** Every instance takes one of the room for shared keys: blocks of values approach the need. */
function takeRoom(keys: Addr): void {
  if (keys !== 0 && I32[keys + DictKeys.Usable] > 1) I32[keys + DictKeys.Usable]--;
}

/** A plain instance of a class without builtin base: as {@link newObjectOf}, for the call path. */
export function newInstance(type: Addr): Addr {
  return newObjectOf(type);
}

/** Call `__del__` once in the life of `object` (R12), which is kept alive meanwhile. */
export function runFinalizer(object: Addr): void {
  const del = slotsOf(I32[object + Head.Type]).del;
  if (del === null) return;
  const collectable = (I32[I32[object + Head.Type] + TypeObject.Flags] & TypeFlag.HasGc) !== 0;
  if (collectable) {
    if ((I32[object + GcHead.Flags] & GcFlag.Finalized) !== 0) return;
    I32[object + GcHead.Flags] |= GcFlag.Finalized;
  }
  const saved = takePending();
  del(object);
  restorePending(saved);
}

/** Run the finalizer of an object whose count is 0; true when it was resurrected. */
export function finalizeDying(object: Addr): boolean {
  assert(I32[object] === 0, "a finalizer runs when the count is 0");
  I32[object] = 1;
  runFinalizer(object);
  return --I32[object] > 0;
}

/** Death of an instance of a heap type, whatever its layout (R14). */
export function instanceDealloc(object: Addr): void {
  const type = I32[object + Head.Type];
  const flags = I32[type + TypeObject.Flags];
  if ((flags & TypeFlag.HasGc) === 0) {
    instanceDeallocPlain(object, type);
    return;
  }
  untrack(object);
  if (!trashBegin(object)) return;
  if (slotsOf(type).del !== null) {
    track(object);
    if (finalizeDying(object)) {
      trashEnd();
      return;
    }
    untrack(object);
  }
  dropParts(object, type);
  if ((flags & TypeFlag.ManagedDict) !== 0) freeInstanceAttributes(object);
  freeAsLayout(object, I32[type + TypeObject.Layout]);
  decref(type);
  trashEnd();
}

/** As {@link instanceDealloc}, without a collector header (`__slots__ = ()` over a simple type). */
function instanceDeallocPlain(object: Addr, type: Addr): void {
  if (slotsOf(type).del !== null && finalizeDying(object)) return;
  dropParts(object, type);
  freeAsLayout(object, I32[type + TypeObject.Layout]);
  decref(type);
}

function dropParts(object: Addr, type: Addr): void {
  const weakList = I32[type + TypeObject.WeakListOffset];
  if (weakList !== 0 && I32[object + weakList] !== 0) clearWeakRefs(object);
  if (I32[type + TypeObject.SlotsEnd] !== 0) clearSlots(object, type);
}

/** Let the builtin part of the object go, and its memory. */
function freeAsLayout(object: Addr, layout: number): void {
  if (layout === Kind.Object) freeObject(object);
  else slotTables[layout].dealloc(object);
}

/** Visit the `__slots__` values of `object`, base classes' first. */
function visitSlots(object: Addr, type: Addr, visit: (ref: Addr) => void): void {
  for (let t = type; t !== 0 && I32[t + TypeObject.SlotsEnd] !== 0; t = I32[t + TypeObject.Base]) {
    const end = object + I32[t + TypeObject.SlotsEnd];
    for (let word = object + I32[t + TypeObject.SlotsStart]; word < end; word += 2) {
      if (I32[word] !== 0) visit(I32[word]);
    }
  }
}

function clearSlots(object: Addr, type: Addr): void {
  for (let t = type; t !== 0 && I32[t + TypeObject.SlotsEnd] !== 0; t = I32[t + TypeObject.Base]) {
    const end = object + I32[t + TypeObject.SlotsEnd];
    for (let word = object + I32[t + TypeObject.SlotsStart]; word < end; word += 2)
      clearField(word);
  }
}

/** What an instance of a heap type refers to: slots, attributes, its type, the builtin part. */
export function instanceTraverse(object: Addr, visit: (ref: Addr) => void): void {
  const type = I32[object + Head.Type];
  if (I32[type + TypeObject.SlotsEnd] !== 0) visitSlots(object, type, visit);
  if ((I32[type + TypeObject.Flags] & TypeFlag.ManagedDict) !== 0) visitInstance(object, visit);
  visit(type);
  slotTables[I32[type + TypeObject.Layout]].traverse?.(object, visit);
}

/** Drop what an instance of a heap type may hold of a cycle. */
export function instanceClear(object: Addr): void {
  const type = I32[object + Head.Type];
  if (I32[type + TypeObject.SlotsEnd] !== 0) clearSlots(object, type);
  if ((I32[type + TypeObject.Flags] & TypeFlag.ManagedDict) !== 0) clearInstanceAttributes(object);
  slotTables[I32[type + TypeObject.Layout]].clear?.(object);
}

/** Bytes that stand before an instance of `type` and count in `sys.getsizeof` (R30). */
export function headerBytes(type: Addr): number {
  const flags = I32[type + TypeObject.Flags];
  // CPython keeps the dict of objects with a variable part behind them, where it is not counted.
  const before = (flags & TypeFlag.ManagedDict) !== 0 && I32[type + TypeObject.ItemSize] === 0;
  if (before) return InstanceObject.PreHeader;
  return (flags & TypeFlag.HasGc) !== 0 ? GcHead.Bytes : 0;
}

/** The hash of an object that is equal to itself alone. */
export function hashAddress(object: Addr): number {
  return object >> 2;
}
