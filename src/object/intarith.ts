/**
 * Arithmetic on ints. Operands must be ints (or instances of subclasses); results are exact ints.
 * Values below 2^53 are computed as doubles, products and bit patterns up to 64 bits as pairs of
 * words, sums of any size limb by limb; the rest goes through BigInt.
 */
import { type Addr, heap } from "../memory/heap.js";
import { pow } from "./elementary.js";
import { raise, raiseMemoryError } from "./errors.js";
import { newFloat } from "./float.js";
import {
  bitLength,
  getBig,
  intEquals,
  intSign,
  intToNumber,
  newInt,
  newIntFromBig,
  newIntFromPair,
  newIntFromWords,
} from "./int.js";
import { Head, IntObject } from "./layout.js";
import {
  addMagnitudes,
  Bitwise,
  combineMagnitudes,
  compareMagnitudes,
  exactLog2,
  lowBits,
  multiplyMagnitudes,
  quotientByLimb,
  restByLimb,
  shiftMagnitudeLeft,
  shiftMagnitudeRight,
  subtractMagnitudes,
} from "./limbs.js";
import { T } from "./types.js";

const I32 = heap.I32;
const F64 = heap.F64;

const TWO32 = 4294967296;
const TWO53 = 9007199254740992;
const TWO64 = 2 ** 64;

/** Powers of two by exponent. */
const POWERS = new Float64Array(1024);
for (let i = 0; i < 1024; i++) POWERS[i] = 2 ** i;

/** Value of an int below 2^53 in magnitude; NaN for a bigger one. */
export function smallValue(a: Addr): number {
  const v = I32[a + IntObject.Value];
  if (v !== IntObject.NotCompact) return v;
  if (I32[a + IntObject.Size] !== 0) return Number.NaN;
  return F64[(a + IntObject.Digits) >> 1];
}

/** -1, 0 or 1 as `a` is below, equal to or above `b`. */
export function intCompare(a: Addr, b: Addr): number {
  const x = smallValue(a);
  const y = smallValue(b);
  if (x === y) return 0;
  if (x < y) return -1;
  if (x > y) return 1;
  const sign = intSign(a);
  const other = intSign(b);
  if (sign !== other) return sign < other ? -1 : 1;
  if (intEquals(a, b)) return 0;
  return compareMagnitudes(a, b) * sign;
}

export function intAdd(a: Addr, b: Addr): Addr {
  const sum = smallValue(a) + smallValue(b);
  if (sum < TWO53 && sum > -TWO53) return newInt(sum);
  const sign = intSign(a);
  if (sign === 0) return intPositive(b);
  const other = intSign(b);
  if (other === 0 || sign === other) return addMagnitudes(a, b, sign < 0);
  return subtractMagnitudes(a, b, sign < 0);
}

export function intSubtract(a: Addr, b: Addr): Addr {
  const difference = smallValue(a) - smallValue(b);
  if (difference < TWO53 && difference > -TWO53) return newInt(difference);
  const sign = intSign(a);
  if (sign === 0) return intNegative(b);
  const other = intSign(b);
  if (other === 0 || sign === -other) return addMagnitudes(a, b, sign < 0);
  return subtractMagnitudes(a, b, sign < 0);
}

/** The product of two integral doubles below 2^53 in magnitude. */
export function multiplyNumbers(x: number, y: number): Addr {
  const product = x * y;
  if (product < TWO53 && product > -TWO53) return newInt(product);
  if (product < 2 ** 84 && product > -(2 ** 84)) {
    // The low word is exact modulo 2^32; the rounding error of the rest is below half a unit.
    const magnitude = Math.abs(product);
    const low = Math.imul(Math.abs(x) | 0, Math.abs(y) | 0) >>> 0;
    const high = Math.round((magnitude - low) / TWO32);
    return newIntFromPair(high, low, product < 0);
  }
  return newIntFromBig(BigInt(x) * BigInt(y));
}

export function intMultiply(a: Addr, b: Addr): Addr {
  const x = smallValue(a);
  const y = smallValue(b);
  const product = x * y;
  if (product < TWO53 && product > -TWO53) return newInt(product);
  // False for NaN, that is where one of the factors is big.
  if (product <= 0 || product >= 0) return multiplyNumbers(x, y);
  if (x === 0 || y === 0) return newInt(0);
  const result = multiplyMagnitudes(a, b, intSign(a) !== intSign(b));
  if (result !== -1) return result;
  return newIntFromBig(getBig(a) * getBig(b));
}

function raiseDivision(message: string): 0 {
  return raise(T.ZeroDivisionError, message);
}

/** Floor of the quotient of integral doubles below 2^53; `y` is not 0. */
function floorQuotient(x: number, y: number): number {
  const rest = x % y;
  const quotient = (x - rest) / y;
  return rest !== 0 && rest < 0 !== y < 0 ? quotient - 1 : quotient;
}

function floorRest(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

/** Floor of the quotient of BigInts. */
export function bigFloorQuotient(x: bigint, y: bigint): bigint {
  const quotient = x / y;
  return x < 0n !== y < 0n && quotient * y !== x ? quotient - 1n : quotient;
}

/** The rest with the divisor's sign. */
function bigFloorRest(x: bigint, y: bigint): bigint {
  const rest = x % y;
  return rest !== 0n && rest < 0n !== y < 0n ? rest + y : rest;
}

export function intFloorDivide(a: Addr, b: Addr): Addr {
  const x = smallValue(a);
  const y = smallValue(b);
  if (y === 0) return raiseDivision("integer division or modulo by zero");
  if (x <= TWO53 && y <= TWO53) return newInt(floorQuotient(x, y));
  if (y > 0 && y < TWO32 && intSign(a) > 0) return quotientByLimb(a, y);
  return newIntFromBig(bigFloorQuotient(getBig(a), getBig(b)));
}

export function intRemainder(a: Addr, b: Addr): Addr {
  const x = smallValue(a);
  const y = smallValue(b);
  if (y === 0) return raiseDivision("integer modulo by zero");
  if (x <= TWO53 && y <= TWO53) return newInt(floorRest(x, y));
  if (intSign(a) > 0 && intSign(b) > 0) {
    if (y < TWO32) return newInt(restByLimb(a, y));
    const bits = exactLog2(b);
    if (bits >= 0) return lowBits(a, bits);
  }
  return newIntFromBig(bigFloorRest(getBig(a), getBig(b)));
}

/** The quotient as a float, correctly rounded. */
export function intTrueDivide(a: Addr, b: Addr): Addr {
  const x = smallValue(a);
  const y = smallValue(b);
  if (y === 0) return raiseDivision("division by zero");
  if (x <= TWO53 && y <= TWO53) return newFloat(x / y);
  const quotient = divideBigs(getBig(a), getBig(b));
  if (quotient === Infinity || quotient === -Infinity) {
    return raise(T.OverflowError, "integer division result too large for a float");
  }
  return newFloat(quotient);
}

function bigBits(b: bigint): number {
  const hex = b.toString(16);
  return hex.length * 4 - (Math.clz32(Number.parseInt(hex[0], 16)) - 28);
}

/** x / y rounded to the nearest double, ties to even; infinite where it is too large. */
export function divideBigs(x: bigint, y: bigint): number {
  const negative = x < 0n !== y < 0n;
  if (x === 0n) return negative ? -0 : 0;
  let p = x < 0n ? -x : x;
  let q = y < 0n ? -y : y;
  // Scale so that the quotient has at least 66 bits and a sticky bit below them; a quotient that
  // will be subnormal keeps fewer bits, so that it is rounded once only.
  let scale = bigBits(p) - bigBits(q) - 66;
  if (scale < -1140) scale = -1140;
  if (scale < 0) p <<= BigInt(-scale);
  else q <<= BigInt(scale);
  let quotient = p / q;
  if (quotient * q !== p) quotient = (quotient << 1n) | 1n;
  else quotient <<= 1n;
  scale -= 1;
  const bits = bigBits(quotient);
  if (bits + scale > 1024) return negative ? -Infinity : Infinity;
  // Round to 53 bits, or to the last bit a subnormal has, then scale exactly.
  const drop = Math.max(bits - 53, -1074 - scale);
  if (drop > 0) {
    const shift = BigInt(drop);
    const rest = quotient & ((1n << shift) - 1n);
    const half = 1n << (shift - 1n);
    quotient >>= shift;
    if (rest > half || (rest === half && (quotient & 1n) === 1n)) quotient += 1n;
    scale += drop;
  }
  const magnitude = Number(quotient) * 2 ** scale;
  return negative ? -magnitude : magnitude;
}

/** Floor of the quotient and the rest with the divisor's sign; 0, 0 with an exception pending. */
export function intDivideBoth(a: Addr, b: Addr): { quotient: Addr; rest: Addr } {
  const x = smallValue(a);
  const y = smallValue(b);
  if (y === 0) {
    raiseDivision("integer division or modulo by zero");
    return { quotient: 0, rest: 0 };
  }
  if (x <= TWO53 && y <= TWO53) {
    return { quotient: newInt(floorQuotient(x, y)), rest: newInt(floorRest(x, y)) };
  }
  const p = getBig(a);
  const q = getBig(b);
  const quotient = bigFloorQuotient(p, q);
  return { quotient: newIntFromBig(quotient), rest: newIntFromBig(p - quotient * q) };
}

/** Inverse of `a` modulo `n` > 1, or 0 where there is none. */
function inverseModulo(a: bigint, n: bigint): bigint {
  let [r, s] = [n, bigFloorRest(a, n)];
  let [u, v] = [0n, 1n];
  while (s !== 0n) {
    const quotient = r / s;
    [r, s] = [s, r - quotient * s];
    [u, v] = [v, u - quotient * v];
  }
  return r === 1n ? bigFloorRest(u, n) : 0n;
}

function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let power = base;
  const bits = exponent.toString(2);
  for (let i = bits.length - 1; i >= 0; i--) {
    if (bits[i] === "1") result = (result * power) % modulus;
    power = (power * power) % modulus;
  }
  return result;
}

/** pow(a, b, modulus) for three ints. */
export function intPowerModulo(a: Addr, b: Addr, modulus: Addr): Addr {
  let n = getBig(modulus);
  if (n === 0n) return raise(T.ValueError, "pow() 3rd argument cannot be 0");
  const negative = n < 0n;
  if (negative) n = -n;
  if (n === 1n) return newInt(0);
  let exponent = getBig(b);
  let base = bigFloorRest(getBig(a), n);
  if (exponent < 0n) {
    base = inverseModulo(base, n);
    if (base === 0n) return raise(T.ValueError, "base is not invertible for the given modulus");
    exponent = -exponent;
  }
  const result = powerModulo(base, exponent, n);
  return newIntFromBig(negative && result !== 0n ? result - n : result);
}

/** a ** b; a negative exponent gives a float. */
export function intPower(a: Addr, b: Addr): Addr {
  const x = smallValue(a);
  const y = smallValue(b);
  if (intSign(b) < 0) {
    if (intSign(a) === 0) {
      return raiseDivision("0.0 cannot be raised to a negative power");
    }
    const base = intToNumber(a);
    const exponent = intToNumber(b);
    if (!Number.isFinite(base) || !Number.isFinite(exponent)) {
      return raise(T.OverflowError, "int too large to convert to float");
    }
    return newFloat(pow(base, exponent));
  }
  if (x === 2 && y < 1 << 30) return shiftLeft(1, y);
  if (x >= -TWO53 && y < 64) {
    let result = 1;
    let power = x;
    let exponent = y;
    while (exponent > 0) {
      if ((exponent & 1) !== 0) result *= power;
      exponent >>>= 1;
      if (exponent > 0) power *= power;
    }
    // Inexact squares only ever overestimate the range: a result below 2^53 was exact throughout.
    if (result < TWO53 && result > -TWO53) return newInt(result);
  }
  if (x === 1 || x === 0) return newInt(intSign(b) === 0 ? 1 : x);
  if (x === -1) return newInt((getBig(b) & 1n) === 1n ? -1 : 1);
  if (!(y < TWO32) || y * bitLength(a) > 2 ** 33) return raiseMemoryError();
  return newIntFromBig(getBig(a) ** BigInt(y));
}

/** x × 2^count for an integral double `x` below 2^53. */
export function shiftLeft(x: number, count: number): Addr {
  if (count < 1000) {
    const result = x * POWERS[count];
    if (result < TWO53 && result > -TWO53) return newInt(result);
    if (result < TWO64 && result >= 0) {
      const low = x | 0;
      if (count >= 32) return newIntFromWords(0, low << (count - 32), 0);
      const high = Math.floor(x / TWO32) | 0;
      const carried = count === 0 ? 0 : low >>> (32 - count);
      return newIntFromWords(low << count, (high << count) | carried, 0);
    }
  }
  return newIntFromBig(BigInt(x) << BigInt(count));
}

export function intLshift(a: Addr, b: Addr): Addr {
  const count = smallValue(b);
  if (intSign(b) < 0) return raise(T.ValueError, "negative shift count");
  const x = smallValue(a);
  if (x === 0) return newInt(0);
  if (!(count < 2 ** 33)) {
    return raise(T.OverflowError, "too many digits in integer");
  }
  if (count + bitLength(a) > 2 ** 30) return raiseMemoryError();
  if (x <= TWO53) return shiftLeft(x, count);
  return shiftMagnitudeLeft(a, count, intSign(a) < 0);
}

export function intRshift(a: Addr, b: Addr): Addr {
  const count = smallValue(b);
  if (intSign(b) < 0) return raise(T.ValueError, "negative shift count");
  const sign = intSign(a);
  if (!(count < bitLength(a))) return newInt(sign < 0 ? -1 : 0);
  const x = smallValue(a);
  if (x <= TWO53) return newInt(Math.floor(x / POWERS[count]));
  if (I32[a + IntObject.Size] === 2) {
    const low = I32[a + IntObject.Digits];
    const high = I32[a + IntObject.Digits + 1];
    if (count >= 32) return newIntFromWords((high >>> (count - 32)) | 0, 0, 0);
    if (count === 0) return newIntFromWords(low, high, 0);
    return newIntFromWords((low >>> count) | (high << (32 - count)), high >>> count, 0);
  }
  if (sign > 0) return shiftMagnitudeRight(a, count);
  return newIntFromBig(getBig(a) >> BigInt(count));
}

/** Combine the two's complements of two ints: as words where both have at most two limbs. */
function bitwise(op: Bitwise, a: Addr, b: Addr): Addr {
  let low = I32[a + IntObject.Value];
  let high = low >> 31;
  let sign = high;
  if (low === IntObject.NotCompact) {
    const size = I32[a + IntObject.Size];
    const digits = a + IntObject.Digits;
    if (size === 0) {
      const value = F64[digits >> 1];
      low = value | 0;
      high = Math.floor(value / TWO32) | 0;
      sign = high >> 31;
    } else if (size === 2) {
      low = I32[digits];
      high = I32[digits + 1];
      sign = 0;
    } else {
      return bitwiseBig(op, a, b);
    }
  }
  let low2 = I32[b + IntObject.Value];
  let high2 = low2 >> 31;
  let sign2 = high2;
  if (low2 === IntObject.NotCompact) {
    const size = I32[b + IntObject.Size];
    const digits = b + IntObject.Digits;
    if (size === 0) {
      const value = F64[digits >> 1];
      low2 = value | 0;
      high2 = Math.floor(value / TWO32) | 0;
      sign2 = high2 >> 31;
    } else if (size === 2) {
      low2 = I32[digits];
      high2 = I32[digits + 1];
      sign2 = 0;
    } else {
      return bitwiseBig(op, a, b);
    }
  }
  if (op === Bitwise.And) return newIntFromWords(low & low2, high & high2, sign & sign2);
  if (op === Bitwise.Or) return newIntFromWords(low | low2, high | high2, sign | sign2);
  return newIntFromWords(low ^ low2, high ^ high2, sign ^ sign2);
}

function bitwiseBig(op: Bitwise, a: Addr, b: Addr): Addr {
  if (intSign(a) >= 0 && intSign(b) >= 0) return combineMagnitudes(op, a, b);
  const x = getBig(a);
  const y = getBig(b);
  if (op === Bitwise.And) return newIntFromBig(x & y);
  return newIntFromBig(op === Bitwise.Or ? x | y : x ^ y);
}

export function intAnd(a: Addr, b: Addr): Addr {
  return bitwise(Bitwise.And, a, b);
}

export function intOr(a: Addr, b: Addr): Addr {
  return bitwise(Bitwise.Or, a, b);
}

export function intXor(a: Addr, b: Addr): Addr {
  return bitwise(Bitwise.Xor, a, b);
}

/** The exact int of the same value: a shared reference where `a` is one. */
export function intPositive(a: Addr): Addr {
  if (I32[a + Head.Type] === T.Int) {
    I32[a]++;
    return a;
  }
  const x = smallValue(a);
  return x <= TWO53 ? newInt(x) : newIntFromBig(getBig(a));
}

export function intNegative(a: Addr): Addr {
  const x = smallValue(a);
  return x <= TWO53 ? newInt(-x) : newIntFromBig(-getBig(a));
}

export function intInvert(a: Addr): Addr {
  const x = smallValue(a);
  return x < TWO53 - 1 ? newInt(-x - 1) : newIntFromBig(~getBig(a));
}

export function intAbsolute(a: Addr): Addr {
  return intSign(a) < 0 ? intNegative(a) : intPositive(a);
}
