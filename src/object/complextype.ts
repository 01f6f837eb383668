/** The type complex: slots, constructor and methods. */
import { type Addr, heap } from "../memory/heap.js";
import { freeBlock } from "../memory/pymalloc.js";
import { bindArguments } from "./arguments.js";
import { call0 } from "./call.js";
import {
  complexDivide,
  complexMultiply,
  complexPower,
  getImag,
  getReal,
  hashComplex,
  isComplex,
  newComplex,
} from "./complex.js";
import { defineType, getSet, noArgs, oneArg } from "./define.js";
import { hypot } from "./elementary.js";
import { newNotImplemented, pending, raise, typeName } from "./errors.js";
import {
  asDouble,
  getDouble,
  intAsDouble,
  isFloat,
  newFloat,
  parseFloat as readFloat,
} from "./float.js";
import { formatDouble } from "./floatformat.js";
import { formatComplex } from "./formatspec.js";
import { freeObject } from "./gcheader.js";
import { decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { newObjectOf } from "./instance.js";
import { getBig, intToNumber, isBig, isInt, newBool } from "./int.js";
import { toAsciiDigits } from "./intconvert.js";
import { ComplexObject, Head, TypeFlag } from "./layout.js";
import { type Binary, Compare, slotsOf } from "./slots.js";
import { getString, isStr, newStr, reprStr } from "./str.js";
import { newTuple2 } from "./tuple.js";
import { lookupSpecial } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const F64 = heap.F64;

/** What {@link readOperand} found: parts of the number, or why there are none. */
const enum Operand {
  Ok = 0,
  Failed = 1,
  NotMine = 2,
}

let real = 0;
let imag = 0;

function readOperand(object: Addr): Operand {
  imag = 0;
  if (isComplex(object)) {
    real = getReal(object);
    imag = getImag(object);
  } else if (isFloat(object)) {
    real = getDouble(object);
  } else {
    if (!isInt(object)) return Operand.NotMine;
    real = intAsDouble(object);
    if (Number.isNaN(real)) return Operand.Failed;
  }
  return Operand.Ok;
}

function binary(operation: (a: number, b: number, c: number, d: number) => Addr): Binary {
  return (left, right) => {
    let state = readOperand(left);
    const a = real;
    const b = imag;
    if (state === Operand.Ok) state = readOperand(right);
    if (state === Operand.Ok) return operation(a, b, real, imag);
    return state === Operand.Failed ? 0 : newNotImplemented();
  };
}

const power = binary(complexPower);

function powerComplex(left: Addr, right: Addr, modulus: Addr): Addr {
  const result = power(left, right);
  if (result === 0 || modulus === S.None) return result;
  decref(result);
  return raise(T.ValueError, "complex modulo");
}

function equals(left: Addr, right: Addr): boolean | null {
  const a = getReal(left);
  const b = getImag(left);
  if (isComplex(right)) return a === getReal(right) && b === getImag(right);
  if (isFloat(right)) return b === 0 && a === getDouble(right);
  if (!isInt(right)) return null;
  if (b !== 0) return false;
  if (!isBig(right)) return a === intToNumber(right);
  return Number.isInteger(a) && BigInt(a) === getBig(right);
}

function compareComplex(left: Addr, right: Addr, op: number): Addr {
  if (op !== Compare.Eq && op !== Compare.Ne) return newNotImplemented();
  const equal = isComplex(left) ? equals(left, right) : equals(right, left);
  return equal === null ? newNotImplemented() : newBool(equal === (op === Compare.Eq));
}

function part(d: number): string {
  return formatDouble(d, { code: "r", precision: 0, alternate: false, addDotZero: false });
}

function reprComplex(self: Addr): Addr {
  const a = getReal(self);
  const b = part(getImag(self));
  if (a === 0 && !Object.is(a, -0)) return newStr(`${b}j`);
  return newStr(`(${part(a)}${b[0] === "-" ? "" : "+"}${b}j)`);
}

function absolute(self: Addr): Addr {
  const a = getReal(self);
  const b = getImag(self);
  const length = hypot(a, b);
  if (length === Infinity && Number.isFinite(a) && Number.isFinite(b)) {
    return raise(T.OverflowError, "absolute value too large");
  }
  return newFloat(length);
}

const NUMBER =
  "(?:(?:[0-9](?:[0-9_]*[0-9])?\\.?(?:[0-9](?:[0-9_]*[0-9])?)?|\\.[0-9](?:[0-9_]*[0-9])?)" +
  "(?:e[+-]?[0-9](?:[0-9_]*[0-9])?)?|inf(?:inity)?|nan)";
const IMAGINARY_ONLY = new RegExp(`^([+-]?${NUMBER}?)j$`, "i");
const BOTH = new RegExp(`^([+-]?${NUMBER})(?:([+-]${NUMBER}?)j)?$`, "i");

function readPart(text: string): number {
  if (text === "" || text === "+") return 1;
  if (text === "-") return -1;
  return readFloat(text) ?? Number.NaN;
}

/** The number that `text` stands for, in `real` and `imag`; false where it is none. */
function parseComplex(source: string): boolean {
  let text = toAsciiDigits(source).trim();
  if (text[0] === "(" && text.endsWith(")")) text = text.slice(1, -1).trim();
  const single = IMAGINARY_ONLY.exec(text);
  if (single !== null) {
    real = 0;
    imag = readPart(single[1]);
    return true;
  }
  const both = BOTH.exec(text);
  if (both === null) return false;
  real = readPart(both[1]);
  imag = both[2] === undefined ? 0 : readPart(both[2]);
  return true;
}

const idComplex = identifier("__complex__");

/**
 * Read any number through `__complex__`, `__float__` or `__index__` into `real` and `imag`.
 * Operand.NotMine where it has none of them.
 */
function readNumber(object: Addr): Operand {
  const known = readOperand(object);
  if (known !== Operand.NotMine) return known;
  const method = lookupSpecial(object, idComplex);
  if (method !== 0) {
    const result = call0(method);
    decref(method);
    if (result === 0) return Operand.Failed;
    if (isComplex(result)) {
      readOperand(result);
      decref(result);
      return Operand.Ok;
    }
    raise(T.TypeError, `__complex__ returned non-complex (type ${typeName(result)})`);
    decref(result);
    return Operand.Failed;
  }
  if (pending()) return Operand.Failed;
  const slots = slotsOf(I32[object + Head.Type]);
  if (slots.float === null && slots.index === null) return Operand.NotMine;
  real = asDouble(object);
  imag = 0;
  return Number.isNaN(real) && pending() ? Operand.Failed : Operand.Ok;
}

/** The complex number `a` + `b`·j as a `type`, complex or a subclass. */
function newOf(type: Addr, a: number, b: number): Addr {
  if (type === T.Complex) return newComplex(a, b);
  const self = newObjectOf(type);
  if (self === 0) return 0;
  F64[(self >> 1) + ComplexObject.RealIndex] = a;
  F64[(self >> 1) + ComplexObject.ImagIndex] = b;
  return self;
}

function complexOfText(type: Addr, text: Addr, second: Addr): Addr {
  if (second !== 0) {
    return raise(T.TypeError, "complex() can't take second arg if first is a string");
  }
  const source = getString(text);
  if (/(?<!\p{Nd})_|_(?!\p{Nd})/u.test(source)) {
    const shown = reprStr(text);
    if (shown === 0) return 0;
    const message = `could not convert string to complex: ${getString(shown)}`;
    decref(shown);
    return raise(T.ValueError, message);
  }
  if (!parseComplex(source)) {
    return raise(T.ValueError, "complex() arg is a malformed string");
  }
  return newOf(type, real, imag);
}

const newArguments = new Int32Array(2);

function newComplexObject(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["real", "imag"];
  if (!bindArguments("complex", args, nargs, kwnames, names, 0, newArguments)) return 0;
  const [first, second] = newArguments;
  if (type === T.Complex && second === 0 && first !== 0 && I32[first + Head.Type] === T.Complex) {
    return incref(first);
  }
  if (first !== 0 && isStr(first)) return complexOfText(type, first, second);
  if (second !== 0 && isStr(second)) {
    return raise(T.TypeError, "complex() second arg can't be a string");
  }
  let [a, b] = [0, 0];
  if (first !== 0) {
    const state = readNumber(first);
    if (state === Operand.Failed) return 0;
    if (state === Operand.NotMine) {
      const given = typeName(first);
      return raise(
        T.TypeError,
        `complex() first argument must be a string or a number, not '${given}'`,
      );
    }
    [a, b] = [real, imag];
  }
  if (second === 0) return newOf(type, a, b);
  const state = readNumber(second);
  if (state === Operand.Failed) return 0;
  if (state === Operand.NotMine) {
    const given = typeName(second);
    return raise(T.TypeError, `complex() second argument must be a number, not '${given}'`);
  }
  // real + imag·j, where either may itself be complex.
  const complexSecond = isComplex(second);
  return newOf(
    type,
    complexSecond ? a - imag : a,
    first !== 0 && isComplex(first) ? b + real : real,
  );
}

function exact(self: Addr): Addr {
  if (I32[self + Head.Type] !== T.Complex) return newComplex(getReal(self), getImag(self));
  I32[self]++;
  return self;
}

function parts(self: Addr): Addr {
  const a = newFloat(getReal(self));
  if (a === 0) return 0;
  const b = newFloat(getImag(self));
  const tuple = b === 0 ? 0 : newTuple2(a, b);
  decref(a);
  if (b !== 0) decref(b);
  return tuple;
}

function formatMethod(self: Addr, spec: Addr): Addr {
  if (!isStr(spec)) {
    return raise(T.TypeError, `__format__() argument must be str, not ${typeName(spec)}`);
  }
  return formatComplex(self, getString(spec));
}

defineType({
  type: T.Complex,
  name: "complex",
  flags: TypeFlag.BaseType,
  basicSize: ComplexObject.Bytes,
  slots: {
    dealloc: (self) => (I32[self + Head.Type] === T.Complex ? freeBlock(self) : freeObject(self)),
    repr: reprComplex,
    hash: hashComplex,
    richCompare: compareComplex,
    new: newComplexObject,
    add: binary((a, b, c, d) => newComplex(a + c, b + d)),
    subtract: binary((a, b, c, d) => newComplex(a - c, b - d)),
    multiply: binary(complexMultiply),
    trueDivide: binary(complexDivide),
    power: powerComplex,
    negative: (self) => newComplex(-getReal(self), -getImag(self)),
    positive: exact,
    absolute,
    bool: (self) => (getReal(self) === 0 && getImag(self) === 0 ? 0 : 1),
  },
  methods: [
    noArgs("conjugate", (self) => newComplex(getReal(self), -getImag(self))),
    noArgs("__complex__", exact, "Convert this value to exact type complex."),
    noArgs("__getnewargs__", parts),
    oneArg("__format__", formatMethod, "Convert to a string according to a format."),
  ],
  getSets: [
    getSet("real", (self) => newFloat(getReal(self)), null, "the real part of a complex number"),
    getSet("imag", (self) => newFloat(getImag(self)), null, "the imaginary part"),
  ],
  doc: "Create a complex number from a real part and an optional imaginary part.",
});
