/** Arguments that the methods of str, bytes and bytearray share: ranges, counts, their messages. */
import { type Addr, heap } from "../memory/heap.js";
import { raise, raiseStatus, typeName } from "./errors.js";
import { asIndex, asSsize } from "./int.js";
import { Head, IntObject } from "./layout.js";
import { slotsOf } from "./slots.js";
import { isStr } from "./str.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

/** The range {@link readRange} read: start may lie beyond stop. */
export let rangeStart = 0;
export let rangeStop = 0;

/**
 * Sizes from here on stand for any up to PY_SSIZE_T_MAX, because asSsize clamps. What CPython calls
 * too large to express, rather than too large for the memory, is told from it.
 */
export const HUGE_SIZE = 2 ** 53;

/** Largest size worth trying: no heap holds more. */
export const MAX_HEAP_SIZE = 0x7fffffff;

/** A slice index: None gives `otherwise`, NaN means an exception is pending. */
function readSliceIndex(object: Addr, otherwise: number): number {
  if (object === S.None) return otherwise;
  if (I32[object + Head.Type] === T.Int && I32[object + IntObject.Value] !== IntObject.NotCompact) {
    return I32[object + IntObject.Value];
  }
  if (I32[object + Head.Type] !== T.Int && slotsOf(I32[object + Head.Type]).index === null) {
    const message = "slice indices must be integers or None or have an __index__ method";
    raise(T.TypeError, message);
    return Number.NaN;
  }
  return asIndex(object);
}

/**
 * Read optional start and stop from arguments `from` and `from + 1` of a text of `length` items
 * into {@link rangeStart} and {@link rangeStop}, adjusted as slices are. False: exception pending.
 */
export function readRange(args: Addr, nargs: number, from: number, length: number): boolean {
  let start = 0;
  let stop = length;
  if (nargs > from) {
    start = readSliceIndex(I32[args + from], 0);
    if (Number.isNaN(start)) return false;
    if (start < 0) start = Math.max(0, start + length);
  }
  if (nargs > from + 1) {
    stop = readSliceIndex(I32[args + from + 1], length);
    if (Number.isNaN(stop)) return false;
    if (stop < 0) stop = Math.max(0, stop + length);
    else if (stop > length) stop = length;
  }
  rangeStart = start;
  rangeStop = stop;
  return true;
}

function plural(count: number): string {
  return count === 1 ? "1 argument" : `${count} arguments`;
}

/** Arity of methods whose message is `find() takes at least 1 argument (0 given)`. */
export function checkTakes(name: string, nargs: number, min: number, max: number): boolean {
  if (nargs >= min && nargs <= max) return true;
  const bound = nargs < min ? `at least ${plural(min)}` : `at most ${plural(max)}`;
  raise(T.TypeError, `${name}() takes ${bound} (${nargs} given)`);
  return false;
}

/** Status 0 when `object` is a str, else -1 and `must be str, not int`. */
export function requireStr(object: Addr): number {
  if (I32[object + Head.Type] === T.Str || isStr(object)) return 0;
  return raiseStatus(T.TypeError, `must be str, not ${typeName(object)}`);
}

/** As {@link requireStr}, with a message that names function and argument. */
export function requireStrArgument(object: Addr, what: string): number {
  if (I32[object + Head.Type] === T.Str || isStr(object)) return 0;
  return raiseStatus(T.TypeError, `${what} must be str, not ${typeName(object)}`);
}

/** A count or width argument; `otherwise` when absent, NaN with an exception pending. */
export function readSsize(args: Addr, nargs: number, at: number, otherwise: number): number {
  return nargs > at ? asSsize(I32[args + at]) : otherwise;
}

/** An argument that is a C int; NaN with an exception pending. */
export function readInt(object: Addr): number {
  const value = asSsize(object);
  if (value <= 0x7fffffff && value >= -0x80000000) return value;
  if (!Number.isNaN(value)) {
    raise(T.OverflowError, "Python int too large to convert to C int");
  }
  return Number.NaN;
}
