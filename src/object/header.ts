/**
 * Reference counts (R1–R2): plain arithmetic, made safe by the GIL. A new object has count 1 and
 * belongs to its creator. Functions named `new…` or `take…` return a reference that the caller
 * owns; `get…` and `peek…` return a borrowed one.
 */
import { type Addr, heap } from "../memory/heap.js";
import { freeFloat } from "./float.js";
import { freeInt } from "./int.js";
import { Head, TypeObject } from "./layout.js";
import { slotsOf } from "./slots.js";
import { T } from "./types.js";

const I32 = heap.I32;

/** Add a reference to `object` and return it. */
export function incref(object: Addr): Addr {
  I32[object]++;
  return object;
}

/** Drop a reference; at 0 the object is destroyed at once, on this thread (R1). */
export function decref(object: Addr): void {
  if (--I32[object] === 0) dealloc(object);
}

/** As {@link incref}; 0 is allowed. */
/** Bytes of an instance of the object's type without its variable part and its headers. */
export function basicSizeOf(object: Addr): number {
  return I32[I32[object + Head.Type] + TypeObject.BasicSize];
}

export function xincref(object: Addr): Addr {
  if (object !== 0) I32[object]++;
  return object;
}

/** As {@link decref}; 0 is allowed. */
export function xdecref(object: Addr): void {
  if (object !== 0 && --I32[object] === 0) dealloc(object);
}

/**
 * Destroy an object whose count is 0. May run arbitrary Python (`__del__`, weak reference
 * callbacks) and so must not be called while a structure is half changed (R18). The pending
 * exception is preserved.
 */
export function dealloc(object: Addr): void {
  const type = I32[object + Head.Type];
  if (type === T.Int) freeInt(object);
  else if (type === T.Float) freeFloat(object);
  else slotsOf(type).dealloc(object);
}

/**
 * Store `value` (a reference that is given away) in the word at `field`, then drop the old (R18).
 */
export function setField(field: Addr, value: Addr): void {
  const old = I32[field];
  I32[field] = value;
  if (old !== 0 && --I32[old] === 0) dealloc(old);
}

/** Empty the word at `field` and drop what it held. */
export function clearField(field: Addr): void {
  const old = I32[field];
  if (old === 0) return;
  I32[field] = 0;
  if (--I32[old] === 0) dealloc(old);
}

/** The type object of `object`. */
export function typeOf(object: Addr): Addr {
  return I32[object + Head.Type];
}

/** Write count 1 and the type into a fresh block. Heap types are counted by their instances. */
export function initObject(object: Addr, type: Addr): Addr {
  I32[object] = 1;
  I32[object + 1] = 0;
  I32[object + Head.Type] = type;
  I32[object + 3] = 0;
  return object;
}

/** Does `type` have any of the TypeFlag bits in `flags`? */
export function typeHasFlag(type: Addr, flags: number): boolean {
  return (I32[type + TypeObject.Flags] & flags) !== 0;
}

/** Is `object` an instance of a static type whose subclasses carry `flag` (TypeFlag.…Subclass)? */
export function isKindOf(object: Addr, flag: number): boolean {
  return (I32[I32[object + Head.Type] + TypeObject.Flags] & flag) !== 0;
}
