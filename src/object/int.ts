/**
 * int: how values stand on the heap (layout.ts IntObject), constructors and accessors. The
 * representation of a value is unique: compact before wide before big. Arithmetic is in
 * intarith.ts, text in intconvert.ts, the type in inttype.ts.
 */
import { type Addr, heap } from "../memory/heap.js";
import { allocateBlock, free, freeBlock, malloc } from "../memory/pymalloc.js";
import { pending, raise, raiseMemoryError, typeName } from "./errors.js";
import { decref, incref } from "./header.js";
import { Head, IntObject, TypeFlag, TypeObject } from "./layout.js";
import { slotsOf } from "./slots.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const U32 = heap.U32;
const F64 = heap.F64;
const B64 = new BigUint64Array(heap.buffer);

const TWO32 = 4294967296;
const TWO53 = 9007199254740992;
const TWO63 = 2 ** 63;

/** Count that static objects start with (R21). */
const STATIC_COUNT = 999999999;

function writeStatic(a: Addr, type: Addr, value: number): void {
  I32[a] = STATIC_COUNT;
  I32[a + Head.Type] = type;
  I32[a + IntObject.Size] = 0;
  I32[a + IntObject.Value] = value;
}

/** Write the shared ints -5…256 (R23), True and False; runs once, at boot. */
export function initializeInts(): void {
  for (let v = IntObject.SmallMin; v <= IntObject.SmallMax; v++) {
    writeStatic(S.Zero + (v << 3), T.Int, v);
  }
  writeStatic(S.True, T.Bool, 1);
  writeStatic(S.False, T.Bool, 0);
}

/** Is `a` an int or an instance of a subclass? */
export function isInt(a: Addr): boolean {
  const type = I32[a + Head.Type];
  return type === T.Int || (I32[type + TypeObject.Flags] & TypeFlag.IntSubclass) !== 0;
}

/** A fresh block with room for `limbs` limbs beyond the head, typed int; 0 with MemoryError. */
function newLimbs(limbs: number, negative: boolean): Addr {
  const a = limbs === 2 ? allocateBlock(IntObject.Class) : malloc((IntObject.Digits + limbs) << 2);
  if (a === 0) return raiseMemoryError();
  I32[a] = 1;
  I32[a + Head.Type] = T.Int;
  I32[a + IntObject.Size] = negative ? -limbs : limbs;
  I32[a + IntObject.Value] = IntObject.NotCompact;
  return a;
}

/**
 * A fresh wide int whose value the caller stores at `F64[(a + IntObject.Digits) >> 1]`; 0 with
 * MemoryError. A double passed to a function costs an allocation, so doubles stay in the caller.
 */
function newWide(): Addr {
  const a = allocateBlock(IntObject.Class);
  if (a === 0) return raiseMemoryError();
  I32[a] = 1;
  I32[a + Head.Type] = T.Int;
  I32[a + IntObject.Size] = 0;
  I32[a + IntObject.Value] = IntObject.NotCompact;
  return a;
}

/** The int `v`, any 32-bit integer. -5…256 are shared (R23). */
export function newInt32(v: number): Addr {
  if (v <= IntObject.SmallMax && v >= IntObject.SmallMin) {
    const small = S.Zero + (v << 3);
    I32[small]++;
    return small;
  }
  if (v === IntObject.NotCompact) {
    const a = newWide();
    if (a !== 0) F64[(a + IntObject.Digits) >> 1] = v;
    return a;
  }
  const a = allocateBlock(IntObject.Class);
  if (a === 0) return raiseMemoryError();
  I32[a] = 1;
  I32[a + Head.Type] = T.Int;
  I32[a + IntObject.Value] = v;
  return a;
}

/** The int `value`: integral, at most 2^53 in magnitude. */
export function newInt(value: number): Addr {
  const v = value | 0;
  if (v === value) return newInt32(v);
  if (value >= TWO53 || value <= -TWO53)
    return newIntFromPair(Math.abs(value) / TWO32, 0, value < 0);
  const a = newWide();
  if (a !== 0) F64[(a + IntObject.Digits) >> 1] = value;
  return a;
}

/** ±(high × 2^32 + low): `high` integral below 2^53, `low` an unsigned 32-bit integer. */
export function newIntFromPair(high: number, low: number, negative: boolean): Addr {
  if (high < 2097152) {
    const value = high * TWO32 + low;
    return newInt(negative ? -value : value);
  }
  if (high < TWO32) {
    const a = newLimbs(2, negative);
    if (a === 0) return 0;
    U32[a + IntObject.Digits] = low;
    U32[a + IntObject.Digits + 1] = high;
    return a;
  }
  const a = newLimbs(3, negative);
  if (a === 0) return 0;
  U32[a + IntObject.Digits] = low;
  U32[a + IntObject.Digits + 1] = high % TWO32;
  U32[a + IntObject.Digits + 2] = high / TWO32;
  U32[a + IntObject.Digits + 3] = 0;
  return a;
}

/** The int with the 96-bit two's complement words `low`, `high`, `sign` (0 or -1). */
export function newIntFromWords(low: number, high: number, sign: number): Addr {
  if (high === sign && low >> 31 === sign) return newInt32(low);
  if (sign !== 0) {
    const borrow = low === 0 ? 1 : 0;
    return newIntFromPair((~high >>> 0) + borrow, -low >>> 0, true);
  }
  if (high >>> 21 === 0) {
    const a = newWide();
    if (a !== 0) F64[(a + IntObject.Digits) >> 1] = high * TWO32 + (low >>> 0);
    return a;
  }
  const a = newLimbs(2, false);
  if (a === 0) return 0;
  I32[a + IntObject.Digits] = low;
  I32[a + IntObject.Digits + 1] = high;
  return a;
}

/**
 * The int with the magnitude of `count` limbs, least first, that `limbs` holds from `start`.
 * Leading zero limbs are allowed.
 */
export function newIntFromLimbs(limbs: Uint32Array, count: number, negative: boolean): Addr {
  let n = count;
  while (n > 0 && limbs[n - 1] === 0) n--;
  if (n < 3) return newIntFromPair(n > 1 ? limbs[1] : 0, n > 0 ? limbs[0] : 0, negative);
  const a = newLimbs(n, negative);
  if (a === 0) return 0;
  if (n > 32) U32.set(limbs.subarray(0, n), a + IntObject.Digits);
  else for (let i = 0; i < n; i++) U32[a + IntObject.Digits + i] = limbs[i];
  if ((n & 1) !== 0) U32[a + IntObject.Digits + n] = 0;
  return a;
}

/** The int `b`. */
export function newIntFromBig(b: bigint): Addr {
  if (b < 9007199254740992n && b > -9007199254740992n) return newInt(Number(b));
  const negative = b < 0n;
  let magnitude = negative ? -b : b;
  if (magnitude <= 0xffffffffffffffffn) {
    const a = newLimbs(2, negative);
    if (a === 0) return 0;
    B64[(a + IntObject.Digits) >> 1] = magnitude;
    return a;
  }
  let n = 0;
  while (magnitude > 0n && n < Transfer.ByShifts) {
    scratch64[n >> 1] = magnitude;
    magnitude >>= 64n;
    n += 2;
  }
  if (magnitude === 0n) return newIntFromLimbs(scratchLimbs, n, negative);
  return newIntFromHex((negative ? -b : b).toString(16), negative);
}

/** Limbs up to which 64 bits at a time are quicker than hexadecimal digits. */
const enum Transfer {
  ByShifts = 48,
}

/** Limbs on their way between the heap and a BigInt, and the same memory as bytes. */
const scratch64 = new BigUint64Array(Transfer.ByShifts >> 1);
const scratchLimbs = new Uint32Array(scratch64.buffer);
let hexBytes = Buffer.alloc(4096);

function reverseBytes(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

/** As many words as `limbs`, in which bytes stand for hexadecimal digits. */
function hexWords(limbs: number): Int32Array {
  if (hexBytes.length < 4 * limbs) hexBytes = Buffer.alloc(8 * limbs);
  return new Int32Array(hexBytes.buffer, hexBytes.byteOffset, limbs);
}

/** The int of so many hexadecimal digits. */
function newIntFromHex(digits: string, negative: boolean): Addr {
  const limbs = (digits.length + 7) >> 3;
  const words = hexWords(limbs);
  hexBytes.write(digits.padStart(8 * limbs, "0"), 0, "hex");
  const a = newLimbs(limbs, negative);
  if (a === 0) return 0;
  for (let i = 0; i < limbs; i++) {
    I32[a + IntObject.Digits + i] = reverseBytes(words[limbs - 1 - i]);
  }
  if ((limbs & 1) !== 0) U32[a + IntObject.Digits + limbs] = 0;
  return a;
}

/** The value of an int as a BigInt. */
export function getBig(a: Addr): bigint {
  const v = I32[a + IntObject.Value];
  if (v !== IntObject.NotCompact) return BigInt(v);
  const size = I32[a + IntObject.Size];
  const digits = a + IntObject.Digits;
  if (size === 0) return BigInt(F64[digits >> 1]);
  const limbs = size < 0 ? -size : size;
  let magnitude: bigint;
  if (limbs === 2) {
    magnitude = B64[digits >> 1];
  } else if (limbs <= Transfer.ByShifts) {
    magnitude = 0n;
    for (let i = (limbs - 1) & ~1; i >= 0; i -= 2) {
      magnitude = (magnitude << 64n) | B64[(digits + i) >> 1];
    }
  } else {
    const words = hexWords(limbs);
    for (let i = 0; i < limbs; i++) words[i] = reverseBytes(I32[digits + limbs - 1 - i]);
    magnitude = BigInt(`0x${hexBytes.toString("hex", 0, 4 * limbs)}`);
  }
  return size < 0 ? -magnitude : magnitude;
}

/** The value of an int as a double: exact up to 2^53, else rounded to nearest even or infinite. */
export function intToNumber(a: Addr): number {
  const v = I32[a + IntObject.Value];
  if (v !== IntObject.NotCompact) return v;
  const size = I32[a + IntObject.Size];
  const digits = a + IntObject.Digits;
  if (size === 0) return F64[digits >> 1];
  if (size === 2) return U32[digits + 1] * TWO32 + U32[digits];
  if (size === -2) return -(U32[digits + 1] * TWO32 + U32[digits]);
  return Number(getBig(a));
}

/** Is the int's magnitude 2^53 or more? */
export function isBig(a: Addr): boolean {
  return I32[a + IntObject.Value] === IntObject.NotCompact && I32[a + IntObject.Size] !== 0;
}

/** -1, 0 or 1. */
export function intSign(a: Addr): number {
  const v = I32[a + IntObject.Value];
  if (v !== IntObject.NotCompact) return v > 0 ? 1 : v >> 31;
  const size = I32[a + IntObject.Size];
  if (size !== 0) return size > 0 ? 1 : -1;
  return F64[(a + IntObject.Digits) >> 1] > 0 ? 1 : -1;
}

/** Equality of two ints; the representation of a value is unique. */
export function intEquals(a: Addr, b: Addr): boolean {
  const v = I32[a + IntObject.Value];
  if (v !== I32[b + IntObject.Value]) return false;
  if (v !== IntObject.NotCompact) return true;
  const size = I32[a + IntObject.Size];
  if (size !== I32[b + IntObject.Size]) return false;
  const x = a + IntObject.Digits;
  const y = b + IntObject.Digits;
  if (size === 0) return F64[x >> 1] === F64[y >> 1];
  const limbs = size < 0 ? -size : size;
  for (let i = 0; i < limbs; i++) if (I32[x + i] !== I32[y + i]) return false;
  return true;
}

/** Number of bits of the magnitude; 0 for 0. */
export function bitLength(a: Addr): number {
  const size = I32[a + IntObject.Size];
  if (I32[a + IntObject.Value] === IntObject.NotCompact && size !== 0) {
    const limbs = size < 0 ? -size : size;
    return limbs * 32 - Math.clz32(I32[a + IntObject.Digits + limbs - 1]);
  }
  const magnitude = Math.abs(intToNumber(a));
  const high = Math.floor(magnitude / TWO32);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(magnitude);
}

/** A shared reference to True or False. */
export function newBool(b: boolean | number): Addr {
  const a = b ? S.True : S.False;
  I32[a]++;
  return a;
}

/** Free the block of an exact int whose count is 0. */
export function freeInt(a: Addr): void {
  if (I32[a + IntObject.Value] !== IntObject.NotCompact) {
    freeBlock(a);
    return;
  }
  const size = I32[a + IntObject.Size];
  if (size <= 2 && size >= -2) freeBlock(a);
  else free(a);
}

/**
 * Fold a signed 61-bit hash, as the two's complement words `high` and `low`, into 32 bits. Hashes
 * that fit are themselves; of others the 8 low bits stay: small tables keep CPython's order.
 */
export function foldHash(high: number, low: number): number {
  if (high !== low >> 31) {
    const folded = (low ^ (Math.imul(high ^ (high >>> 15), 0x9e3779b1) << 8)) | 0;
    return folded === -1 ? -2 : folded;
  }
  return low === -1 ? -2 : low;
}

/** Hash of the integral double `value`, below 2^61 - 1 in magnitude. */
export function hashInteger(value: number): number {
  const low = value | 0;
  if (low === value) return low === -1 ? -2 : low;
  return foldHash(Math.floor(value / TWO32) | 0, low);
}

/** Hash of an int: never -1. Equal to that of an equal float. */
export function hashInt(a: Addr): number {
  const v = I32[a + IntObject.Value];
  if (v !== IntObject.NotCompact) return v === -1 ? -2 : v;
  if (I32[a + IntObject.Size] === 0) return hashInteger(F64[(a + IntObject.Digits) >> 1]);
  return hashBig(getBig(a));
}

/** What Python's hash() says of the integer `b`: the residue modulo 2^61 - 1 with its sign. */
export function wideHash(b: bigint): bigint {
  const residue = b % 0x1fffffffffffffffn;
  return residue === -1n ? -2n : residue;
}

/** Hash of the integer `b`: never -1. */
export function hashBig(b: bigint): number {
  const residue = wideHash(b);
  return foldHash(Number(BigInt.asIntN(32, residue >> 32n)), Number(BigInt.asIntN(32, residue)));
}

/**
 * The int that `object` stands for through `__index__` (PyNumber_Index): a new reference, exact or
 * of a subclass, or 0 with a TypeError.
 */
export function numberIndex(object: Addr): Addr {
  if (isInt(object)) return incref(object);
  const index = slotsOf(I32[object + Head.Type]).index;
  if (index === null) {
    return raise(T.TypeError, `'${typeName(object)}' object cannot be interpreted as an integer`);
  }
  const result = index(object);
  if (result === 0 || isInt(result)) return result;
  raise(T.TypeError, `__index__ returned non-int (type ${typeName(result)})`);
  decref(result);
  return 0;
}

/** The value of an int clamped to ±2^53, or NaN where it does not fit 64 signed bits. */
function clampSsize(a: Addr): number {
  const v = I32[a + IntObject.Value];
  if (v !== IntObject.NotCompact) return v;
  const value = intToNumber(a);
  if (value <= TWO53 && value >= -TWO53) return value;
  if (value > TWO63 || value < -TWO63 || (value === TWO63 && I32[a + IntObject.Size] > 0)) {
    const exact = getBig(a);
    if (exact >= 0x8000000000000000n || exact < -0x8000000000000000n) return Number.NaN;
  }
  return value < 0 ? -TWO53 : TWO53;
}

/**
 * The value of `object` through `__index__`, clamped to ±2^53 (PyNumber_AsSsize_t). A value beyond
 * 64 signed bits raises `overflow`, or is clamped too where that is 0. NaN: exception pending.
 */
export function asIndex(object: Addr, overflow: Addr = 0): number {
  if (I32[object + Head.Type] === T.Int) {
    const v = I32[object + IntObject.Value];
    if (v !== IntObject.NotCompact) return v;
  }
  const index = numberIndex(object);
  if (index === 0) return Number.NaN;
  let value = clampSsize(index);
  if (Number.isNaN(value)) {
    if (overflow === 0) value = intSign(index) * TWO53;
    else raise(overflow, `cannot fit '${typeName(object)}' into an index-sized integer`);
  }
  decref(index);
  return value;
}

/** The value of `object` as C's ssize_t, clamped to ±2^53; NaN with an exception pending. */
export function asSsize(object: Addr): number {
  const index = numberIndex(object);
  if (index === 0) return Number.NaN;
  const value = clampSsize(index);
  decref(index);
  if (Number.isNaN(value)) {
    raise(T.OverflowError, "Python int too large to convert to C ssize_t");
  }
  return value;
}

/** The value of `object` as C's int; NaN with an exception pending. */
export function asInt32(object: Addr): number {
  const index = numberIndex(object);
  if (index === 0) return Number.NaN;
  const value = intToNumber(index);
  decref(index);
  if (value > 2147483647 || value < -2147483648) {
    const fitsLong = value < TWO63 && value >= -TWO63;
    raise(
      T.OverflowError,
      fitsLong
        ? `signed integer is ${value > 0 ? "greater than maximum" : "less than minimum"}`
        : "Python int too large to convert to C int",
    );
    return Number.NaN;
  }
  return value;
}

/** Does NaN returned by one of the `as…` functions mean an error? */
export function failed(value: number): boolean {
  return Number.isNaN(value) && pending();
}
