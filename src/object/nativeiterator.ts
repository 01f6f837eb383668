/** What iterators written natively share: allocation, and slots over their counted fields. */
import { type Addr, heap } from "../memory/heap.js";
import { getSet } from "./define.js";
import { newDict } from "./dict.js";
import { freeObject, newGcObject, untrack } from "./gcheader.js";
import { clearField, incref } from "./header.js";
import { newObjectOf } from "./instance.js";
import { trashBeginBase, trashEnd } from "./trashcan.js";

const I32 = heap.I32;

/** Allocate an iterator of `type`, which may be a subclass of the static type `base`. */
export function newIteratorOf(type: Addr, base: Addr, bytes: number): Addr {
  return type === base ? newGcObject(type, bytes) : newObjectOf(type);
}

/** Dealloc, traverse and iter of an object whose counted references are in `fields`. */
export function iteratorSlots(fields: readonly number[]) {
  return { ...fieldSlots(fields), iter: incref };
}

/** Dealloc, traverse and clear of an object whose counted references are in `fields`. */
export function fieldSlots(fields: readonly number[]) {
  const clear = (self: Addr) => {
    for (const field of fields) clearField(self + field);
  };
  return {
    dealloc: (self: Addr) => {
      untrack(self);
      if (!trashBeginBase(self)) return;
      clear(self);
      freeObject(self);
      trashEnd();
    },
    traverse: (self: Addr, visit: (ref: Addr) => void) => {
      for (const field of fields) if (I32[self + field] !== 0) visit(I32[self + field]);
    },
    clear,
  };
}

/** The attribute `__dict__` of a type whose dict is at `offset`, made on demand. */
export function dictAttribute(offset: number) {
  return getSet("__dict__", (self) => {
    if (I32[self + offset] === 0) I32[self + offset] = newDict();
    return I32[self + offset] === 0 ? 0 : incref(I32[self + offset]);
  });
}
