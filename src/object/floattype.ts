/** The type float: slots, constructor and methods. */
import { type Addr, heap } from "../memory/heap.js";
import { checkArity, keywordsAllowed } from "./arguments.js";
import { classBound, defineType, fast, getSet, noArgs, oneArg } from "./define.js";
import { newNotImplemented, pending, raise, typeName } from "./errors.js";
import {
  asDouble,
  freeFloat,
  getDouble,
  hashFloat,
  intAsDouble,
  isFloat,
  newFloat,
  newIntFromDouble,
  parseFloat as readFloat,
  reprFloat,
} from "./float.js";
import * as arith from "./floatarith.js";
import { decompose, roundToPlaces } from "./floatformat.js";
import { hexOfDouble, parseHexDouble } from "./floathex.js";
import { formatFloat } from "./formatspec.js";
import { freeObject } from "./gcheader.js";
import { decref } from "./header.js";
import { newObjectOf } from "./instance.js";
import { asSsize, getBig, intToNumber, isBig, isInt, newBool, newIntFromBig } from "./int.js";
import { bytesOf, shownBytes, toAsciiDigits } from "./intconvert.js";
import { FloatObject, Head, TypeFlag } from "./layout.js";
import { type Binary, Compare, slotsOf } from "./slots.js";
import { getString, isStr, newStr, reprStr } from "./str.js";
import { newTuple1, newTuple2 } from "./tuple.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const F64 = heap.F64;

/** What an operand is to float: its value in `operand`, or why it has none. */
const enum Operand {
  Ok = 0,
  Failed = 1,
  NotMine = 2,
}

let operand = 0;

function readOperand(object: Addr): Operand {
  if (isFloat(object)) {
    operand = getDouble(object);
    return Operand.Ok;
  }
  if (!isInt(object)) return Operand.NotMine;
  operand = intAsDouble(object);
  return Number.isNaN(operand) ? Operand.Failed : Operand.Ok;
}

function binary(operation: (x: number, y: number) => Addr): Binary {
  return (left, right) => {
    let state = readOperand(left);
    const x = operand;
    if (state === Operand.Ok) state = readOperand(right);
    if (state === Operand.Ok) return operation(x, operand);
    return state === Operand.Failed ? 0 : newNotImplemented();
  };
}

/** `x op y`, where a BigInt stands for an int that no double equals. */
function holds(x: number, y: number | bigint, op: number): boolean {
  switch (op) {
    case Compare.Lt:
      return x < y;
    case Compare.Le:
      return x <= y;
    case Compare.Gt:
      return x > y;
    case Compare.Ge:
      return x >= y;
    default: {
      const equal = typeof y === "bigint" ? Number.isFinite(x) && x <= y && x >= y : x === y;
      return (op === Compare.Eq) === equal;
    }
  }
}

const REFLECTED = [Compare.Gt, Compare.Ge, Compare.Eq, Compare.Ne, Compare.Lt, Compare.Le];

function compareFloats(left: Addr, right: Addr, op: number): Addr {
  if (!isFloat(left)) {
    return isFloat(right) ? compareFloats(right, left, REFLECTED[op]) : newNotImplemented();
  }
  const x = getDouble(left);
  if (isFloat(right)) return newBool(holds(x, getDouble(right), op));
  if (!isInt(right)) return newNotImplemented();
  return newBool(holds(x, isBig(right) ? getBig(right) : intToNumber(right), op));
}

function powerFloats(left: Addr, right: Addr, modulus: Addr): Addr {
  if (modulus !== S.None) {
    return raise(T.TypeError, "pow() 3rd argument not allowed unless all arguments are integers");
  }
  return power(left, right);
}

const power = binary(arith.floatPower);

function divmodFloats(x: number, y: number): Addr {
  if (y === 0) return raise(T.ZeroDivisionError, "float divmod()");
  const quotient = newFloat(arith.floatFloorQuotient(x, y));
  if (quotient === 0) return 0;
  const rest = newFloat(arith.floatRest(x, y));
  const pair = rest === 0 ? 0 : newTuple2(quotient, rest);
  decref(quotient);
  if (rest !== 0) decref(rest);
  return pair;
}

/** float(text): of a str or bytes-like object. */
function floatOfText(object: Addr): Addr {
  const bytes = isStr(object) ? null : bytesOf(object);
  const text = bytes === null ? getString(object) : String.fromCharCode(...bytes);
  const value = readFloat(bytes === null ? toAsciiDigits(text) : text);
  if (value !== undefined) return newFloat(value);
  let shown: string;
  if (bytes === null) {
    const str = reprStr(object);
    if (str === 0) return 0;
    shown = getString(str);
    decref(str);
  } else {
    shown = shownBytes(bytes);
  }
  return raise(T.ValueError, `could not convert string to float: ${shown}`);
}

function floatOf(object: Addr): Addr {
  if (I32[object + Head.Type] === T.Float) {
    I32[object]++;
    return object;
  }
  if (isStr(object)) return floatOfText(object);
  const slots = slotsOf(I32[object + Head.Type]);
  if (slots.float === null && slots.index === null) {
    if (bytesOf(object) !== null) return floatOfText(object);
    const wanted = "a string or a real number";
    return raise(T.TypeError, `float() argument must be ${wanted}, not '${typeName(object)}'`);
  }
  const d = asDouble(object);
  return Number.isNaN(d) && pending() ? 0 : newFloat(d);
}

/** An instance of `type`, float or a subclass, with the value of `value` (stolen). */
function convertTo(type: Addr, value: Addr): Addr {
  if (type === T.Float || value === 0) return value;
  const self = newObjectOf(type);
  if (self !== 0) F64[(self >> 1) + FloatObject.Index] = getDouble(value);
  decref(value);
  return self;
}

function newFloatObject(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!keywordsAllowed("float", type, T.Float, kwnames)) return 0;
  if (!checkArity("float", nargs, 0, 1)) return 0;
  return convertTo(type, nargs === 0 ? newFloat(0) : floatOf(I32[args]));
}

function deallocFloat(self: Addr): void {
  if (I32[self + Head.Type] === T.Float) freeFloat(self);
  else freeObject(self);
}

function roundFloat(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("__round__", nargs, 0, 1)) return 0;
  const d = getDouble(self);
  if (nargs === 0 || I32[args] === S.None) {
    return newIntFromDouble(arith.roundHalfEven(d));
  }
  const places = asSsize(I32[args]);
  if (Number.isNaN(places)) return 0;
  if (!Number.isFinite(d) || d === 0 || places > 323) return newFloat(d);
  if (places < -308) return newFloat(0 * d);
  const rounded = roundToPlaces(d, places);
  if (Number.isFinite(rounded)) return newFloat(rounded);
  return raise(T.OverflowError, "rounded value too large to represent");
}

function integerRatio(self: Addr): Addr {
  const d = getDouble(self);
  if (Number.isNaN(d)) return raise(T.ValueError, "cannot convert NaN to integer ratio");
  if (!Number.isFinite(d)) {
    return raise(T.OverflowError, "cannot convert Infinity to integer ratio");
  }
  let { mantissa, exponent } = decompose(Math.abs(d));
  while (mantissa !== 0n && (mantissa & 1n) === 0n && exponent < 0) {
    mantissa >>= 1n;
    exponent++;
  }
  if (mantissa === 0n) exponent = 0;
  if (d < 0) mantissa = -mantissa;
  const numerator = newIntFromBig(exponent > 0 ? mantissa << BigInt(exponent) : mantissa);
  if (numerator === 0) return 0;
  const denominator = newIntFromBig(exponent < 0 ? 1n << BigInt(-exponent) : 1n);
  const pair = denominator === 0 ? 0 : newTuple2(numerator, denominator);
  decref(numerator);
  if (denominator !== 0) decref(denominator);
  return pair;
}

function fromHex(type: Addr, text: Addr): Addr {
  if (!isStr(text)) {
    return raise(T.TypeError, "bad argument type for built-in operation");
  }
  const d = parseHexDouble(getString(text));
  if (d === "overflow") {
    return raise(T.OverflowError, "hexadecimal value too large to represent as a float");
  }
  if (d === "invalid") {
    return raise(T.ValueError, "invalid hexadecimal floating-point string");
  }
  return convertTo(type, newFloat(d));
}

function formatMethod(self: Addr, spec: Addr): Addr {
  if (!isStr(spec)) {
    return raise(T.TypeError, `__format__() argument must be str, not ${typeName(spec)}`);
  }
  return formatFloat(self, getString(spec));
}

function exact(self: Addr): Addr {
  if (I32[self + Head.Type] !== T.Float) return newFloat(getDouble(self));
  I32[self]++;
  return self;
}

function newArguments(self: Addr): Addr {
  const value = exact(self);
  if (value === 0) return 0;
  const tuple = newTuple1(value);
  decref(value);
  return tuple;
}

/** repr of a float. */
function reprFloatObject(self: Addr): Addr {
  return newStr(reprFloat(getDouble(self)));
}

defineType({
  type: T.Float,
  name: "float",
  flags: TypeFlag.BaseType | TypeFlag.FloatSubclass,
  basicSize: FloatObject.Bytes,
  slots: {
    dealloc: deallocFloat,
    repr: reprFloatObject,
    hash: hashFloat,
    richCompare: compareFloats,
    new: newFloatObject,
    add: binary((x, y) => newFloat(x + y)),
    subtract: binary((x, y) => newFloat(x - y)),
    multiply: binary((x, y) => newFloat(x * y)),
    remainder: binary(arith.floatRemainder),
    divmod: binary(divmodFloats),
    power: powerFloats,
    negative: (self) => newFloat(-getDouble(self)),
    positive: exact,
    absolute: (self) => newFloat(Math.abs(getDouble(self))),
    bool: (self) => (getDouble(self) === 0 ? 0 : 1),
    int: (self) => newIntFromDouble(getDouble(self)),
    float: exact,
    floorDivide: binary(arith.floatFloorDivide),
    trueDivide: binary(arith.floatDivide),
  },
  methods: [
    noArgs("conjugate", exact, "Return self, the complex conjugate of any float."),
    noArgs("is_integer", (self) => newBool(Number.isInteger(getDouble(self)))),
    noArgs("as_integer_ratio", integerRatio, "Return integer ratio in lowest terms."),
    noArgs("hex", (self) => newStr(hexOfDouble(getDouble(self)))),
    classBound(oneArg("fromhex", fromHex, "Create a float from a hexadecimal string.")),
    noArgs("__trunc__", (self) => newIntFromDouble(getDouble(self))),
    noArgs("__floor__", (self) => newIntFromDouble(Math.floor(getDouble(self)))),
    noArgs("__ceil__", (self) => newIntFromDouble(Math.ceil(getDouble(self)))),
    fast("__round__", roundFloat, "Return the Integral closest to x, rounding half toward even."),
    noArgs("__getnewargs__", newArguments),
    oneArg("__format__", formatMethod, "Formats the float according to a format."),
  ],
  getSets: [
    getSet("real", exact, null, "the real part of a complex number"),
    getSet("imag", () => newFloat(0), null, "the imaginary part of a complex number"),
  ],
  doc: "Convert a string or number to a floating point number, if possible.",
});
