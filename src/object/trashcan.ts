/**
 * The trashcan (R10): deallocations nest at most 50 deep a thread. A deeper object is put off and
 * destroyed when nesting is back at zero, so that a chain of any length dies in bounded stack.
 *
 * A container's dealloc untracks itself, then calls {@link trashBegin}; on false it returns at
 * once and is called again later. Otherwise it ends with {@link trashEnd}.
 */
import { type Addr, heap } from "../memory/heap.js";
import { untrack } from "./gcheader.js";
import { dealloc } from "./header.js";
import { GcHead, Head, TypeFlag, TypeObject } from "./layout.js";
import { thread } from "./thread.js";

const I32 = heap.I32;

const enum Trashcan {
  Limit = 50,
}

/** May `object` (count 0, untracked, with a collector header) be destroyed now? */
export function trashBegin(object: Addr): boolean {
  if (thread.deallocDepth >= Trashcan.Limit) {
    I32[object + GcHead.Prev] = thread.deallocLater;
    thread.deallocLater = object;
    return false;
  }
  thread.deallocDepth++;
  return true;
}

/**
 * As {@link trashBegin}, for the dealloc of a static type that serves subclasses too: their own
 * dealloc has passed the trashcan, and half of it has run, so they are never put off here.
 */
export function trashBeginBase(object: Addr): boolean {
  if ((I32[I32[object + Head.Type] + TypeObject.Flags] & TypeFlag.Heap) === 0) {
    return trashBegin(object);
  }
  thread.deallocDepth++;
  return true;
}

/** Close what {@link trashBegin} opened; destroys what was put off when nesting is back at zero. */
export function trashEnd(): void {
  if (--thread.deallocDepth <= 0 && thread.deallocLater !== 0) emptyTrashcan();
}

/**
 * A dealloc in the trashcan's care: `destroy` drops what the object holds and frees it. For types
 * with a collector header whose objects can form a chain.
 */
export function inTrashcan(destroy: (self: Addr) => void): (self: Addr) => void {
  return (self) => {
    untrack(self);
    if (!trashBeginBase(self)) return;
    destroy(self);
    trashEnd();
  };
}

function emptyTrashcan(): void {
  // Nesting 1 keeps a dealloc called from here from emptying the trashcan itself.
  thread.deallocDepth = 1;
  while (thread.deallocLater !== 0) {
    const object = thread.deallocLater;
    thread.deallocLater = I32[object + GcHead.Prev];
    I32[object + GcHead.Prev] = 0;
    dealloc(object);
  }
  thread.deallocDepth = 0;
}
