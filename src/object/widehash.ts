/**
 * Hashes as `hash()` shows them: CPython's 64 bits. Tables keep 32 of them ({@link foldHash}), and
 * the two must agree: a class whose `__hash__` returns `hash((a, b))` is found by that tuple.
 *
 * Those of numbers and of tuples of them are CPython's own; strings, whose hashes differ from run
 * to run there, and what has no value of its own show what the tables keep.
 */
import { type Addr, heap } from "../memory/heap.js";
import { hashObject } from "./abstract.js";
import { hashComplex, wideHashComplex } from "./complex.js";
import { raiseStatus } from "./errors.js";
import { getDouble, hashFloat, wideHashDouble } from "./float.js";
import { decref } from "./header.js";
import { identifier } from "./identifiers.js";
import { foldHash, getBig, hashInt, isInt, newInt, newIntFromBig, wideHash } from "./int.js";
import { Head, IntObject, TupleObject } from "./layout.js";
import { hashNotImplemented } from "./slotdefs.js";
import { slotsOf } from "./slots.js";
import { callSpecial0 } from "./special.js";
import { typeLookup } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const idHash = identifier("__hash__");

/** The hash last computed, as two words. */
let high = 0;
let low = 0;

function setSmall(value: number): void {
  low = value | 0;
  high = low >> 31;
}

function setBig(value: bigint): void {
  low = Number(BigInt.asIntN(32, value));
  high = Number(BigInt.asIntN(32, value >> 32n));
}

/** Compute the hash of `object`; false with an exception pending. */
function computeWide(object: Addr): boolean {
  const slot = slotsOf(I32[object + Head.Type]).hash;
  if (slot === hashInt) setInt(object);
  else if (slot === hashTuple) return computeTuple(object);
  else if (slot === hashOverride) return computeOverride(object);
  else if (slot === hashFloat) setBig(wideHashDouble(getDouble(object), object));
  else if (slot === hashComplex) setBig(wideHashComplex(object));
  else {
    const hash = hashObject(object);
    if (hash === -1) return false;
    setSmall(hash);
  }
  return true;
}

function setInt(object: Addr): void {
  const value = I32[object + IntObject.Value];
  if (value !== IntObject.NotCompact) setSmall(value === -1 ? -2 : value);
  else setBig(wideHash(getBig(object)));
}

// --- tuples ---

/** Words of the constants of xxHash (Y. Collet), as Objects/tupleobject.c uses it since 3.8. */
const enum Prime {
  OneHigh = 0x9e3779b1 | 0,
  OneLow = 0x85ebca87 | 0,
  TwoHigh = 0xc2b2ae3d | 0,
  TwoLow = 0x27d4eb4f | 0,
  FiveHigh = 0x27d4eb2f | 0,
  FiveLow = 0x165667c5 | 0,
  Length = 3527539,
  /** Instead of -1. */
  Fallback = 1546275796,
}

/** High word of the product of two unsigned words. */
function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const low16 = Math.imul(a0, b0) >>> 0;
  const mid = Math.imul(a1, b0) >>> 0;
  const other = Math.imul(a0, b1) >>> 0;
  const carry = (low16 >>> 16) + (mid & 0xffff) + (other & 0xffff);
  return (Math.imul(a1, b1) + (mid >>> 16) + (other >>> 16) + (carry >>> 16)) | 0;
}

function computeTuple(tuple: Addr): boolean {
  const size = I32[tuple + TupleObject.Size];
  let accHigh: number = Prime.FiveHigh;
  let accLow: number = Prime.FiveLow;
  for (let i = 0; i < size; i++) {
    if (!computeWide(I32[tuple + TupleObject.Items + 2 * i])) return false;
    // acc += lane * 2; acc = rotate(acc, 31); acc *= 1
    const laneLow = Math.imul(low, Prime.TwoLow) >>> 0;
    const laneHigh =
      multiplyHigh(low, Prime.TwoLow) +
      Math.imul(high, Prime.TwoLow) +
      Math.imul(low, Prime.TwoHigh);
    const sum = (accLow >>> 0) + laneLow;
    const sumHigh = (accHigh + laneHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
    const sumLow = sum | 0;
    const turnedHigh = (sumHigh << 31) | (sumLow >>> 1);
    const turnedLow = (sumLow << 31) | (sumHigh >>> 1);
    accHigh =
      (multiplyHigh(turnedLow, Prime.OneLow) +
        Math.imul(turnedHigh, Prime.OneLow) +
        Math.imul(turnedLow, Prime.OneHigh)) |
      0;
    accLow = Math.imul(turnedLow, Prime.OneLow);
  }
  const end = (accLow >>> 0) + ((size ^ (Prime.FiveLow ^ Prime.Length)) >>> 0);
  low = end | 0;
  high = (accHigh + Prime.FiveHigh + (end > 0xffffffff ? 1 : 0)) | 0;
  if ((low & high) === -1) setSmall(Prime.Fallback);
  return true;
}

/** Slot `hash` of tuples: never -1 but with an exception pending. */
export function hashTuple(self: Addr): number {
  return computeTuple(self) ? foldHash(high, low) : -1;
}

// --- classes with a method __hash__ ---

/** What `__hash__` returns counts as it is where it has 64 bits (slot_tp_hash). */
function computeOverride(self: Addr): boolean {
  const found = typeLookup(I32[self + Head.Type], idHash);
  if (found === 0 || found === S.None) {
    hashNotImplemented(self);
    return false;
  }
  const result = callSpecial0(self, idHash);
  if (result === 0) return false;
  if (!isInt(result)) {
    decref(result);
    raiseStatus(T.TypeError, "__hash__ method should return an integer");
    return false;
  }
  const value = I32[result + IntObject.Value];
  if (value !== IntObject.NotCompact) setSmall(value);
  else {
    const big = getBig(result);
    setBig(BigInt.asIntN(64, big) === big ? big : wideHash(big));
  }
  if ((low & high) === -1) setSmall(-2);
  decref(result);
  return true;
}

/** Slot `hash` of a class with a method of its own. */
export function hashOverride(self: Addr): number {
  return computeOverride(self) ? foldHash(high, low) : -1;
}

/** What `hash(object)` says: a new int, or 0 with an exception pending. */
export function visibleHash(object: Addr): Addr {
  if (!computeWide(object)) return 0;
  if (high === low >> 31) return newInt(low);
  return newIntFromBig((BigInt(high) << 32n) | BigInt(low >>> 0));
}
