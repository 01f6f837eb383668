/**
 * float: constructor with its free list, accessors, hash and text. The type is in floattype.ts.
 */
import { type Addr, heap } from "../memory/heap.js";
import { allocateBlock, freeBlock } from "../memory/pymalloc.js";
import { raise, raiseMemoryError, typeName } from "./errors.js";
import { decref } from "./header.js";
import {
  foldHash,
  hashBig,
  hashInteger,
  intToNumber,
  isInt,
  newInt,
  newIntFromBig,
  numberIndex,
  wideHash,
} from "./int.js";
import { FloatObject, Head, TypeFlag, TypeObject } from "./layout.js";
import { slotsOf } from "./slots.js";
import { ObjectState } from "./state.js";
import { T } from "./types.js";

const I32 = heap.I32;
const F64 = heap.F64;

const TWO32 = 4294967296;

/** Floats kept for reuse, linked through the first word of their value (R27). */
const enum FreeList {
  Limit = 100,
  Link = 4,
}

/**
 * A fresh float whose value the caller stores at `F64[(a >> 1) + FloatObject.Index]`; 0 with
 * MemoryError. A double passed to a function costs an allocation, so hot code keeps it to itself.
 */
export function newFloatBlock(): Addr {
  let a = I32[ObjectState.FreeFloats];
  if (a !== 0) {
    I32[ObjectState.FreeFloats] = I32[a + FreeList.Link];
    I32[ObjectState.FreeFloatCount]--;
    I32[a] = 1;
    return a;
  }
  a = allocateBlock(FloatObject.Class);
  if (a === 0) return raiseMemoryError();
  I32[a] = 1;
  I32[a + Head.Type] = T.Float;
  return a;
}

/** The float `d`. */
export function newFloat(d: number): Addr {
  const a = newFloatBlock();
  if (a !== 0) F64[(a >> 1) + FloatObject.Index] = d;
  return a;
}

/** Free an exact float whose count is 0. */
export function freeFloat(a: Addr): void {
  const count = I32[ObjectState.FreeFloatCount];
  if (count >= FreeList.Limit) {
    freeBlock(a);
    return;
  }
  I32[a + FreeList.Link] = I32[ObjectState.FreeFloats];
  I32[ObjectState.FreeFloats] = a;
  I32[ObjectState.FreeFloatCount] = count + 1;
}

/** Give the kept floats back (R29): a full collection does. */
export function clearFloatFreeList(): void {
  let a = I32[ObjectState.FreeFloats];
  I32[ObjectState.FreeFloats] = 0;
  I32[ObjectState.FreeFloatCount] = 0;
  while (a !== 0) {
    const next = I32[a + FreeList.Link];
    freeBlock(a);
    a = next;
  }
}

/** The value of a float (or of an instance of a subclass). */
export function getDouble(a: Addr): number {
  return F64[(a >> 1) + FloatObject.Index];
}

/** Is `a` a float or an instance of a subclass? */
export function isFloat(a: Addr): boolean {
  const type = I32[a + Head.Type];
  return type === T.Float || (I32[type + TypeObject.Flags] & TypeFlag.FloatSubclass) !== 0;
}

/** The value of an int as a double; NaN with OverflowError when it is too large. */
export function intAsDouble(a: Addr): number {
  const d = intToNumber(a);
  if (d !== Infinity && d !== -Infinity) return d;
  raise(T.OverflowError, "int too large to convert to float");
  return Number.NaN;
}

/** The value of `object` through `__float__` or `__index__`; NaN: check {@link pending}. */
export function asDouble(object: Addr): number {
  const type = I32[object + Head.Type];
  if (type === T.Float) return F64[(object >> 1) + FloatObject.Index];
  if (type === T.Int) return intAsDouble(object);
  if (isFloat(object)) return getDouble(object);
  const slots = slotsOf(type);
  if (slots.float !== null) {
    const result = slots.float(object);
    if (result === 0) return Number.NaN;
    if (isFloat(result)) {
      const d = getDouble(result);
      decref(result);
      return d;
    }
    const given = typeName(result);
    decref(result);
    raise(T.TypeError, `${typeName(object)}.__float__ returned non-float (type ${given})`);
    return Number.NaN;
  }
  if (isInt(object)) return intAsDouble(object);
  if (slots.index !== null) {
    const index = numberIndex(object);
    if (index === 0) return Number.NaN;
    const d = intAsDouble(index);
    decref(index);
    return d;
  }
  raise(T.TypeError, `must be real number, not ${typeName(object)}`);
  return Number.NaN;
}

/** The int that the double `d` truncates to; infinities and NaN raise. */
export function newIntFromDouble(d: number): Addr {
  const whole = Math.trunc(d);
  if (whole < 9007199254740992 && whole > -9007199254740992) return newInt(whole);
  if (Number.isNaN(d)) return raise(T.ValueError, "cannot convert float NaN to integer");
  if (!Number.isFinite(d)) {
    return raise(T.OverflowError, "cannot convert float infinity to integer");
  }
  return newIntFromBig(BigInt(whole));
}

/** `repr(d)`: the shortest digits that read back as `d`, with CPython's layout. */
export function reprFloat(d: number): string {
  const magnitude = d < 0 ? -d : d;
  if (magnitude < 1e16 && magnitude >= 1e-4) {
    const text = String(d);
    return Math.floor(d) === d ? `${text}.0` : text;
  }
  if (d === 0) return Object.is(d, -0) ? "-0.0" : "0.0";
  if (Number.isNaN(d)) return "nan";
  if (magnitude === Infinity) return d > 0 ? "inf" : "-inf";
  const text = d.toExponential();
  const e = text.indexOf("e") + 1;
  return text.length - e > 2 ? text : `${text.slice(0, e + 1)}0${text.slice(e + 1)}`;
}

const scratch = new DataView(new ArrayBuffer(8));

/** Hash of a finite double that is no integer: CPython's, reduced modulo 2^61 - 1, as two words. */
function fractionHash(d: number): { high: number; low: number } {
  scratch.setFloat64(0, d);
  const top = scratch.getUint32(0);
  let exponent = (top >>> 20) & 0x7ff;
  let high = top & 0xfffff;
  let low = scratch.getUint32(4);
  if (exponent === 0) exponent = 1;
  else high |= 0x100000;
  // d = m * 2^(exponent - 1075); multiplying by 2^k modulo 2^61 - 1 rotates 61 bits by k.
  let rotation = (((exponent - 1075) % 61) + 61) % 61;
  while (rotation > 0) {
    // At most 16 bits a step, so that no product loses bits.
    const step = rotation < 16 ? rotation : 16;
    const wide = high * (1 << step) + (low >>> (32 - step));
    low = ((low << step) | Math.floor(wide / 0x20000000)) >>> 0;
    high = wide % 0x20000000;
    rotation -= step;
  }
  if (d < 0) {
    low = -low >>> 0;
    high = (~high + (low === 0 ? 1 : 0)) | 0;
  }
  return { high, low: low | 0 };
}

/** Hash of the float `d` that stands at `identity` (NaN hashes by identity); never -1. */
function hashDouble(d: number, identity: Addr): number {
  if (Math.floor(d) === d) {
    if (d < 9007199254740992 && d > -9007199254740992) return hashInteger(d);
    if (d === Infinity) return 314159;
    if (d === -Infinity) return -314159;
    return hashBig(BigInt(d));
  }
  if (Number.isNaN(d)) return hashInteger(identity >> 2);
  const { high, low } = fractionHash(d);
  return foldHash(high, low);
}

/** Hash of a float; never -1. Equal to that of an equal int. */
export function hashFloat(a: Addr): number {
  return hashDouble(F64[(a >> 1) + FloatObject.Index], a);
}

/** What Python's hash() says of the float `d` that stands at `identity`. */
export function wideHashDouble(d: number, identity: Addr): bigint {
  if (Number.isInteger(d)) return wideHash(BigInt(d));
  if (!Number.isFinite(d)) return BigInt(hashDouble(d, identity));
  const { high, low } = fractionHash(d);
  const value = BigInt(high) * BigInt(TWO32) + BigInt(low >>> 0);
  return value === -1n ? -2n : value;
}

const FLOAT_SYNTAX =
  /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const FLOAT_WORDS = /^([+-]?)(?:inf(?:inity)?|nan)$/i;

/**
 * The value of the float literal `text` (ASCII digits; surrounding white space allowed), as
 * `float(text)` reads it; undefined where it is none. NaN is a value.
 */
function readFloat(text: string): number | undefined {
  const trimmed = text.trim();
  if (FLOAT_SYNTAX.test(trimmed)) return Number(trimmed.replaceAll("_", ""));
  const words = FLOAT_WORDS.exec(trimmed);
  if (words === null) return undefined;
  const value = /nan/i.test(trimmed) ? Number.NaN : Infinity;
  return words[1] === "-" ? -value : value;
}

export { readFloat as parseFloat };
