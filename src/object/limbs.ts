/**
 * Arithmetic on the magnitudes of ints, limb by limb, without BigInt: what numbers of a few dozen
 * limbs need. Operands lie on the heap; a result is gathered in working memory and copied out.
 */
import { type Addr, heap } from "../memory/heap.js";
import { newIntFromLimbs } from "./int.js";
import { IntObject } from "./layout.js";
import { ObjectState } from "./state.js";

const I32 = heap.I32;
const U32 = heap.U32;
const F64 = heap.F64;

const TWO32 = 4294967296;
/** 2^-32: multiplying by it is exact. */
const DOWN32 = 1 / TWO32;

/** Most limb products that are done here; beyond, BigInt is faster. */
const MOST_PRODUCTS = 1500;

/** Working memory; no reference to it is kept. `words` are the same limbs as signed integers. */
let work = new Uint32Array(64);
let words = new Int32Array(work.buffer);

function reserve(limbs: number): Uint32Array {
  if (work.length < limbs) {
    work = new Uint32Array(limbs * 2);
    words = new Int32Array(work.buffer);
  }
  return work;
}

/** Number of limbs of a magnitude, at least 1. */
function limbCount(a: Addr): number {
  if (I32[a + IntObject.Value] !== IntObject.NotCompact) return 1;
  const size = I32[a + IntObject.Size];
  return size === 0 ? 2 : size < 0 ? -size : size;
}

/** Where the limbs of a magnitude lie: in the int, or written at `scratch` where it is small. */
function limbsOf(a: Addr, scratch: Addr): Addr {
  const v = I32[a + IntObject.Value];
  if (v !== IntObject.NotCompact) {
    I32[scratch] = v < 0 ? -v : v;
    return scratch;
  }
  if (I32[a + IntObject.Size] !== 0) return a + IntObject.Digits;
  const magnitude = Math.abs(F64[(a + IntObject.Digits) >> 1]);
  I32[scratch] = magnitude | 0;
  I32[scratch + 1] = (magnitude * DOWN32) | 0;
  return scratch;
}

/** -1, 0 or 1 as the magnitude of `a` is below, equal to or above that of `b`. */
export function compareMagnitudes(a: Addr, b: Addr): number {
  const n = limbCount(a);
  const m = limbCount(b);
  if (n !== m) return n < m ? -1 : 1;
  const x = limbsOf(a, ObjectState.IntScratch);
  const y = limbsOf(b, ObjectState.IntScratch + 2);
  for (let i = n - 1; i >= 0; i--) {
    if (I32[x + i] !== I32[y + i]) return U32[x + i] < U32[y + i] ? -1 : 1;
  }
  return 0;
}

/** |a| + |b|, or its negative. */
export function addMagnitudes(a: Addr, b: Addr, negative: boolean): Addr {
  const n = limbCount(a);
  const m = limbCount(b);
  if (n < m) return addMagnitudes(b, a, negative);
  const x = limbsOf(a, ObjectState.IntScratch);
  const y = limbsOf(b, ObjectState.IntScratch + 2);
  const limbs = reserve(n + 1);
  const sum = words;
  // Carries from the sign bits: 32-bit integer arithmetic throughout.
  let carry = 0;
  for (let i = 0; i < m; i++) {
    const p = I32[x + i];
    const q = I32[y + i];
    const t = (p + q + carry) | 0;
    sum[i] = t;
    carry = ((p & q) | ((p | q) & ~t)) >>> 31;
  }
  for (let i = m; i < n; i++) {
    const p = I32[x + i];
    const t = (p + carry) | 0;
    sum[i] = t;
    carry = (p & ~t) >>> 31;
  }
  sum[n] = carry;
  return newIntFromLimbs(limbs, n + 1, negative);
}

/** |a| - |b|, or its negative. */
export function subtractMagnitudes(a: Addr, b: Addr, negative: boolean): Addr {
  if (compareMagnitudes(a, b) < 0) return subtractMagnitudes(b, a, !negative);
  const n = limbCount(a);
  const m = limbCount(b);
  const x = limbsOf(a, ObjectState.IntScratch);
  const y = limbsOf(b, ObjectState.IntScratch + 2);
  const limbs = reserve(n);
  const difference = words;
  let borrow = 0;
  for (let i = 0; i < m; i++) {
    const p = I32[x + i];
    const q = I32[y + i];
    const t = (p - q - borrow) | 0;
    difference[i] = t;
    borrow = ((~p & q) | ((~p | q) & t)) >>> 31;
  }
  for (let i = m; i < n; i++) {
    const p = I32[x + i];
    const t = (p - borrow) | 0;
    difference[i] = t;
    borrow = (~p & t) >>> 31;
  }
  return newIntFromLimbs(limbs, n, negative);
}

/** |a| × |b|, or its negative; -1 where BigInt is the better way. */
export function multiplyMagnitudes(a: Addr, b: Addr, negative: boolean): Addr {
  const n = limbCount(a);
  const m = limbCount(b);
  if (m !== 1 && n * m > MOST_PRODUCTS) return -1;
  const x = limbsOf(a, ObjectState.IntScratch);
  const y = limbsOf(b, ObjectState.IntScratch + 2);
  const product = reserve(n + m);
  product.fill(0, 0, n + m);
  for (let j = 0; j < m; j++) {
    const factor = U32[y + j];
    let carry = 0;
    for (let i = 0; i < n; i++) {
      const limb = U32[x + i];
      const low = Math.imul(limb, factor) >>> 0;
      // The rounding error of the product is far below half of 2^32.
      const high = ((limb * factor - low) * DOWN32 + 0.5) >>> 0;
      const t = product[i + j] + low + carry;
      product[i + j] = t;
      carry = high + ((t * DOWN32) >>> 0);
    }
    product[j + n] = carry;
  }
  return newIntFromLimbs(product, n + m, negative);
}

/** Rest that {@link divideByLimb} left. */
let remainder = 0;

/** Divide |a| by `divisor` < 2^32 into working memory; gives the number of limbs. */
function divideByLimb(a: Addr, divisor: number): number {
  const n = limbCount(a);
  const x = limbsOf(a, ObjectState.IntScratch);
  const quotient = reserve(n);
  let rest = 0;
  for (let i = n - 1; i >= 0; i--) {
    const limb = U32[x + i];
    const upper = rest * 65536 + (limb >>> 16);
    const first = Math.floor(upper / divisor);
    const lower = (upper - first * divisor) * 65536 + (limb & 0xffff);
    const second = Math.floor(lower / divisor);
    rest = lower - second * divisor;
    quotient[i] = first * 65536 + second;
  }
  remainder = rest;
  return n;
}

/** floor(a / divisor) of a non-negative int by 0 < divisor < 2^32. */
export function quotientByLimb(a: Addr, divisor: number): Addr {
  return newIntFromLimbs(work, divideByLimb(a, divisor), false);
}

/** a mod divisor of a non-negative int by 0 < divisor < 2^32. */
export function restByLimb(a: Addr, divisor: number): number {
  divideByLimb(a, divisor);
  return remainder;
}

/** a mod 2^bits of a non-negative int. */
export function lowBits(a: Addr, bits: number): Addr {
  const n = Math.min(limbCount(a), (bits + 31) >> 5);
  const x = limbsOf(a, ObjectState.IntScratch);
  const kept = reserve(n);
  for (let i = 0; i < n; i++) kept[i] = U32[x + i];
  if (n === (bits + 31) >> 5 && (bits & 31) !== 0) kept[n - 1] &= (1 << (bits & 31)) - 1;
  return newIntFromLimbs(kept, n, false);
}

/** The exponent where |a| is a power of two, else -1. */
export function exactLog2(a: Addr): number {
  const n = limbCount(a);
  const x = limbsOf(a, ObjectState.IntScratch);
  let top = n - 1;
  while (top > 0 && I32[x + top] === 0) top--;
  const limb = I32[x + top];
  if (limb === 0 || (limb & (limb - 1)) !== 0) return -1;
  for (let i = 0; i < top; i++) if (I32[x + i] !== 0) return -1;
  return top * 32 + 31 - Math.clz32(limb);
}

/** Operators of {@link combineMagnitudes}. */
export const enum Bitwise {
  And,
  Or,
  Xor,
}

/** `a op b` of two non-negative ints. */
export function combineMagnitudes(op: Bitwise, a: Addr, b: Addr): Addr {
  const n = limbCount(a);
  const m = limbCount(b);
  if (n < m) return combineMagnitudes(op, b, a);
  const x = limbsOf(a, ObjectState.IntScratch);
  const y = limbsOf(b, ObjectState.IntScratch + 2);
  const count = op === Bitwise.And ? m : n;
  const result = reserve(count);
  for (let i = 0; i < count; i++) {
    const p = I32[x + i];
    const q = i < m ? I32[y + i] : 0;
    result[i] = op === Bitwise.And ? p & q : op === Bitwise.Or ? p | q : p ^ q;
  }
  return newIntFromLimbs(result, count, false);
}

/** |a| × 2^count, or its negative. */
export function shiftMagnitudeLeft(a: Addr, count: number, negative: boolean): Addr {
  const n = limbCount(a);
  const x = limbsOf(a, ObjectState.IntScratch);
  const whole = Math.floor(count / 32);
  const bits = count % 32;
  const result = reserve(n + whole + 1);
  result.fill(0, 0, whole);
  let carry = 0;
  for (let i = 0; i < n; i++) {
    const limb = I32[x + i];
    result[i + whole] = (limb << bits) | carry;
    carry = bits === 0 ? 0 : limb >>> (32 - bits);
  }
  result[n + whole] = carry;
  return newIntFromLimbs(result, n + whole + 1, negative);
}

/** floor(a / 2^count) of a non-negative int; `count` is below its bit length. */
export function shiftMagnitudeRight(a: Addr, count: number): Addr {
  const x = limbsOf(a, ObjectState.IntScratch);
  const whole = Math.floor(count / 32);
  const bits = count % 32;
  const n = limbCount(a) - whole;
  const result = reserve(n);
  for (let i = 0; i < n; i++) {
    const low = U32[x + i + whole] >>> bits;
    const next = i + 1 < n && bits !== 0 ? I32[x + i + whole + 1] << (32 - bits) : 0;
    result[i] = low | next;
  }
  return newIntFromLimbs(result, n, false);
}
