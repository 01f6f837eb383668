/**
 * complex: constructor, accessors and arithmetic (after Objects/complexobject.c of CPython 3.11).
 * The type is in complextype.ts.
 */
import { type Addr, heap } from "../memory/heap.js";
import { allocateBlock } from "../memory/pymalloc.js";
import { atan2, cos, exp, hypot, log, pow, sin } from "./elementary.js";
import { raise, raiseMemoryError } from "./errors.js";
import { wideHashDouble } from "./float.js";
import { foldHash } from "./int.js";
import { ComplexObject, Head, TypeObject } from "./layout.js";
import { Kind, T } from "./types.js";

const I32 = heap.I32;
const F64 = heap.F64;

/** The complex number `real` + `imag`·j. */
export function newComplex(real: number, imag: number): Addr {
  const a = allocateBlock((ComplexObject.Bytes - 1) >> 4);
  if (a === 0) return raiseMemoryError();
  I32[a] = 1;
  I32[a + Head.Type] = T.Complex;
  F64[(a >> 1) + ComplexObject.RealIndex] = real;
  F64[(a >> 1) + ComplexObject.ImagIndex] = imag;
  return a;
}

/** Real part of a complex number. */
export function getReal(a: Addr): number {
  return F64[(a >> 1) + ComplexObject.RealIndex];
}

/** Imaginary part of a complex number. */
export function getImag(a: Addr): number {
  return F64[(a >> 1) + ComplexObject.ImagIndex];
}

/** Is `a` a complex number or an instance of a subclass? */
export function isComplex(a: Addr): boolean {
  const type = I32[a + Head.Type];
  return type === T.Complex || I32[type + TypeObject.Layout] === Kind.Complex;
}

/** What Python's hash() says of a complex number. */
export function wideHashComplex(a: Addr): bigint {
  const imag = wideHashDouble(getImag(a), a) * 1000003n;
  const sum = BigInt.asIntN(64, wideHashDouble(getReal(a), a) + imag);
  return sum === -1n ? -2n : sum;
}

/** Hash of a complex number: that of its real part where it has no other; never -1. */
export function hashComplex(a: Addr): number {
  const hash = wideHashComplex(a);
  return foldHash(Number(BigInt.asIntN(32, hash >> 32n)), Number(BigInt.asIntN(32, hash)));
}

/** (a + bj) × (c + dj). */
export function complexMultiply(a: number, b: number, c: number, d: number): Addr {
  return newComplex(a * c - b * d, a * d + b * c);
}

/** (a + bj) / (c + dj), scaled by the larger part of the divisor. */
export function complexDivide(a: number, b: number, c: number, d: number): Addr {
  const real = Math.abs(c);
  const imag = Math.abs(d);
  if (real >= imag) {
    if (real === 0) return raise(T.ZeroDivisionError, "complex division by zero");
    const ratio = d / c;
    const divisor = c + d * ratio;
    return newComplex((a + b * ratio) / divisor, (b - a * ratio) / divisor);
  }
  if (imag >= real) {
    const ratio = c / d;
    const divisor = c * ratio + d;
    return newComplex((a * ratio + b) / divisor, (b * ratio - a) / divisor);
  }
  return newComplex(Number.NaN, Number.NaN);
}

function integerPower(a: number, b: number, n: number): { real: number; imag: number } {
  let [real, imag] = [1, 0];
  let [x, y] = [a, b];
  for (let mask = 1; mask > 0 && n >= mask; mask *= 2) {
    if ((n & mask) !== 0) [real, imag] = [real * x - imag * y, real * y + imag * x];
    [x, y] = [x * x - y * y, x * y + y * x];
  }
  return { real, imag };
}

function raiseZeroPower(): 0 {
  return raise(T.ZeroDivisionError, "0.0 to a negative or complex power");
}

/** (a + bj) ** (c + dj). */
export function complexPower(a: number, b: number, c: number, d: number): Addr {
  let real: number;
  let imag: number;
  if (c === 0 && d === 0) {
    return newComplex(1, 0);
  }
  if (d === 0 && c === Math.floor(c) && Math.abs(c) <= 100) {
    ({ real, imag } = integerPower(a, b, Math.abs(c)));
    if (c < 0) {
      return real === 0 && imag === 0 ? raiseZeroPower() : complexDivide(1, 0, real, imag);
    }
  } else if (a === 0 && b === 0) {
    if (d !== 0 || c < 0) return raiseZeroPower();
    real = 0;
    imag = 0;
  } else {
    const magnitude = hypot(a, b);
    const angle = atan2(b, a);
    let length = pow(magnitude, c);
    let phase = angle * c;
    if (d !== 0) {
      length /= exp(angle * d);
      phase += d * log(magnitude);
    }
    real = length * cos(phase);
    imag = length * sin(phase);
  }
  const infinite = !Number.isFinite(real) || !Number.isFinite(imag);
  if (infinite && [a, b, c, d].every(Number.isFinite)) {
    return raise(T.OverflowError, "complex exponentiation");
  }
  return newComplex(real, imag);
}
