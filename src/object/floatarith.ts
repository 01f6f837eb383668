/** Arithmetic on doubles as float does it (after Objects/floatobject.c of CPython 3.11). */
import type { Addr } from "../memory/heap.js";
import { complexPower } from "./complex.js";
import { pow } from "./elementary.js";
import { raise, raiseException } from "./errors.js";
import { newException } from "./exceptions.js";
import { newFloat } from "./float.js";
import { xdecref } from "./header.js";
import { newInt } from "./int.js";
import { newStr } from "./str.js";
import { newTuple2 } from "./tuple.js";
import { T } from "./types.js";

/** `magnitude` with the sign of `sign`, zeros and NaN included. */
export function copySign(magnitude: number, sign: number): number {
  const negative = sign < 0 || Object.is(sign, -0);
  const m = Math.abs(magnitude);
  return negative ? -m : m;
}

/** The nearest integer, ties to even; infinities and NaN stay. */
export function roundHalfEven(d: number): number {
  const floor = Math.floor(d);
  const rest = d - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return Number.isFinite(d) ? floor + (floor % 2 === 0 ? 0 : 1) : d;
}

/** x % y with the sign of y; `y` is not 0. */
export function floatRest(x: number, y: number): number {
  const rest = x % y;
  if (rest === 0) return copySign(0, y);
  return rest < 0 !== y < 0 ? rest + y : rest;
}

/** x // y; `y` is not 0. */
export function floatFloorQuotient(x: number, y: number): number {
  const rest = x % y;
  let quotient = (x - rest) / y;
  if (rest !== 0 && rest < 0 !== y < 0) quotient -= 1;
  if (quotient === 0) return copySign(0, x / y);
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

export function floatDivide(x: number, y: number): Addr {
  if (y === 0) return raise(T.ZeroDivisionError, "float division by zero");
  return newFloat(x / y);
}

export function floatFloorDivide(x: number, y: number): Addr {
  if (y === 0) return raise(T.ZeroDivisionError, "float floor division by zero");
  return newFloat(floatFloorQuotient(x, y));
}

export function floatRemainder(x: number, y: number): Addr {
  if (y === 0) return raise(T.ZeroDivisionError, "float modulo");
  return newFloat(floatRest(x, y));
}

/** The error of C's pow(): OverflowError with errno and its text. */
function raiseRangeError(): 0 {
  const number = newInt(34);
  const text = newStr("Numerical result out of range");
  const args = number === 0 || text === 0 ? 0 : newTuple2(number, text);
  xdecref(number);
  xdecref(text);
  const exc = args === 0 ? 0 : newException(T.OverflowError, args);
  return exc === 0 ? 0 : raiseException(exc);
}

/** x ** y; a negative base with a fractional exponent gives a complex number. */
export function floatPower(x: number, y: number): Addr {
  if (x === 0 && y < 0 && y !== -Infinity) {
    return raise(T.ZeroDivisionError, "0.0 cannot be raised to a negative power");
  }
  if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && y !== Math.floor(y)) {
    return complexPower(x, 0, y, 0);
  }
  const result = pow(x, y);
  if (!Number.isFinite(result) && Number.isFinite(x) && Number.isFinite(y)) {
    return raiseRangeError();
  }
  return newFloat(result);
}
