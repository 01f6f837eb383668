/**
 * Objects with a collector header (C31), and the lists of the generations. A header stands in the
 * four words before its object; Next is 0 while the object is not tracked. List links hold object
 * addresses, and a list's head is addressed as if it were an object.
 *
 * Who frees: a type's dealloc ends with {@link freeObject}, which knows from the type's flags what
 * stands before the object, so that it serves the type and its subclasses alike.
 */
import { type Addr, heap } from "../memory/heap.js";
import { allocateBlock, free, malloc } from "../memory/pymalloc.js";
import { raiseMemoryError } from "./errors.js";
import { GcFlag, GcHead, Head, InstanceObject, TypeFlag, TypeObject } from "./layout.js";
import { ObjectState } from "./state.js";
import { thread } from "./thread.js";
import { StaticArea, T } from "./types.js";

const I32 = heap.I32;

let collectYoung: (() => void) | null = null;

/** The collector registers its entry for automatic collections (gc/collector.ts). */
export function registerCollector(collect: () => void): void {
  collectYoung = collect;
}

/** Empty generations, thresholds (700, 10, 10) (C2). Runs once, at boot. */
export function initializeGenerations(): void {
  for (let head = ObjectState.Generation0; head <= ObjectState.Resurrected; head += 4) {
    emptyList(head);
  }
  I32[ObjectState.GcThreshold0] = 700;
  I32[ObjectState.GcThreshold1] = 10;
  I32[ObjectState.GcThreshold2] = 10;
  I32[ObjectState.GcEnabled] = 1;
}

/** Make the list at `head` empty. */
export function emptyList(head: Addr): void {
  I32[head + GcHead.Next] = head;
  I32[head + GcHead.Prev] = head;
}

/**
 * A new object of `bytes` bytes with a collector header: count 1, type set, the rest zero, not
 * tracked; may run a collection first (C7). 0 with MemoryError pending when the heap is exhausted.
 */
export function newGcObject(type: Addr, bytes: number): Addr {
  const size = bytes + GcHead.Bytes;
  const block = size <= 512 ? allocateBlock((size - 1) >> 4) : malloc(size);
  if (block === 0) return raiseMemoryError();
  const object = block + GcHead.Words;
  const end = object + (((bytes + 15) >> 4) << 2);
  if (bytes <= 256) for (let word = block; word < end; word++) I32[word] = 0;
  else I32.fill(0, block, end);
  I32[object] = 1;
  I32[object + Head.Type] = type;
  if ((I32[type + TypeObject.Flags] & TypeFlag.Heap) !== 0) I32[type]++;
  countAllocation();
  return object;
}

/** Count an allocation of a collectable object; collect when one is due (C3). */
export function countAllocation(): void {
  if (++I32[ObjectState.GcCount0] > I32[ObjectState.GcThreshold0]) collectIfDue();
}

function collectIfDue(): void {
  if (
    I32[ObjectState.GcEnabled] !== 0 &&
    I32[ObjectState.GcThreshold0] !== 0 &&
    I32[ObjectState.GcCollecting] === 0 &&
    thread.pending === 0 &&
    collectYoung !== null
  ) {
    collectYoung();
  }
}

/** Let the collector see `object` from now on; its fields are valid. Tracked already: nothing. */
export function track(object: Addr): void {
  if (I32[object + GcHead.Next] !== 0) return;
  const last = I32[ObjectState.Generation0 + GcHead.Prev];
  I32[object + GcHead.Prev] = last;
  I32[object + GcHead.Next] = ObjectState.Generation0;
  I32[last + GcHead.Next] = object;
  I32[ObjectState.Generation0 + GcHead.Prev] = object;
}

/** Take `object` out of the collector's sight, before its contents are dropped (R11). */
export function untrack(object: Addr): void {
  const next = I32[object + GcHead.Next];
  if (next === 0) return;
  const previous = I32[object + GcHead.Prev];
  I32[previous + GcHead.Next] = next;
  I32[next + GcHead.Prev] = previous;
  I32[object + GcHead.Next] = 0;
  I32[object + GcHead.Flags] &= GcFlag.Finalized;
}

/** Is `object`, which has a collector header, tracked? */
export function isTracked(object: Addr): boolean {
  return I32[object + GcHead.Next] !== 0;
}

/** Can `object` be part of a cycle: has it a header, and is it no tuple found atomic (C1)? */
export function mayBeTracked(object: Addr): boolean {
  const type = I32[object + Head.Type];
  if ((I32[type + TypeObject.Flags] & TypeFlag.HasGc) === 0) return false;
  // A static type has no header, unlike other classes.
  if (object < StaticArea.TypesEnd) return false;
  return type !== T.Tuple || I32[object + GcHead.Next] !== 0;
}

/** Free the memory of an untracked object with a collector header and whatever stands before it. */
function freeGcObject(object: Addr): void {
  if (I32[ObjectState.GcCount0] > 0) I32[ObjectState.GcCount0]--;
  const flags = I32[I32[object + Head.Type] + TypeObject.Flags];
  if ((flags & TypeFlag.ManagedDict) !== 0) free(object - (InstanceObject.PreHeader >> 2));
  else free(object - GcHead.Words);
}

/**
 * Free the memory of a dead object of any type. The type keeps its count: the dealloc of heap
 * types' instances drops it afterwards.
 */
export function freeObject(object: Addr): void {
  if ((I32[I32[object + Head.Type] + TypeObject.Flags] & TypeFlag.HasGc) !== 0) {
    untrack(object);
    freeGcObject(object);
  } else free(object);
}
