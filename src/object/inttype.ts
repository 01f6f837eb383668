/** The types int and bool: slots, constructors and methods. */

import { type Addr, heap } from "../memory/heap.js";
import { bindArguments, checkArity, noKeywords } from "./arguments.js";
import { newBytes } from "./bytes.js";
import { call1 } from "./call.js";
import { classBound, defineType, fast, getSet, keywords, noArgs, oneArg } from "./define.js";
import { newNotImplemented, raise, typeName } from "./errors.js";
import { intAsDouble, newFloat } from "./float.js";
import { floatPower } from "./floatarith.js";
import { formatInt } from "./formatspec.js";
import { freeObject } from "./gcheader.js";
import { decref, incref } from "./header.js";
import { newObjectOf } from "./instance.js";
import {
  asSsize,
  bitLength,
  freeInt,
  getBig,
  hashInt,
  intEquals,
  intSign,
  intToNumber,
  isBig,
  isInt,
  newBool,
  newInt,
  newIntFromBig,
  numberIndex,
} from "./int.js";
import {
  bigFloorQuotient,
  intAbsolute,
  intAdd,
  intAnd,
  intCompare,
  intDivideBoth,
  intFloorDivide,
  intInvert,
  intLshift,
  intMultiply,
  intNegative,
  intOr,
  intPositive,
  intPower,
  intPowerModulo,
  intRemainder,
  intRshift,
  intSubtract,
  intTrueDivide,
  intXor,
  smallValue,
} from "./intarith.js";
import { newIntFromBytes, parseIntBytes, parseIntStr, reprInt, toBytes } from "./intconvert.js";
import { Head, IntObject, TypeFlag } from "./layout.js";
import { isTrue, numberInt } from "./number.js";
import { type Binary, Compare, type TypeSlots } from "./slots.js";
import { getString, isStr, newStr } from "./str.js";
import { newTuple1, newTuple2 } from "./tuple.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

/** A number slot from an operation on two ints: NotImplemented for other operands. */
function binary(operation: Binary): Binary {
  return (left, right) =>
    isInt(left) && isInt(right) ? operation(left, right) : newNotImplemented();
}

function compareInts(left: Addr, right: Addr, op: number): Addr {
  if (!isInt(left) || !isInt(right)) return newNotImplemented();
  if (op === Compare.Eq) return newBool(intEquals(left, right));
  if (op === Compare.Ne) return newBool(!intEquals(left, right));
  const order = intCompare(left, right);
  if (op === Compare.Lt) return newBool(order < 0);
  if (op === Compare.Le) return newBool(order <= 0);
  return newBool(op === Compare.Gt ? order > 0 : order >= 0);
}

function divmodInts(left: Addr, right: Addr): Addr {
  const { quotient, rest } = intDivideBoth(left, right);
  const pair = quotient === 0 || rest === 0 ? 0 : newTuple2(quotient, rest);
  if (quotient !== 0) decref(quotient);
  if (rest !== 0) decref(rest);
  return pair;
}

function powerInts(left: Addr, right: Addr, modulus: Addr): Addr {
  if (!isInt(left) || !isInt(right)) return newNotImplemented();
  if (modulus === S.None) {
    if (intSign(right) >= 0) return intPower(left, right);
    const x = intAsDouble(left);
    const y = intAsDouble(right);
    return Number.isNaN(x) || Number.isNaN(y) ? 0 : floatPower(x, y);
  }
  if (!isInt(modulus)) return newNotImplemented();
  return intPowerModulo(left, right, modulus);
}

function intFloat(self: Addr): Addr {
  const d = intAsDouble(self);
  return Number.isNaN(d) ? 0 : newFloat(d);
}

function deallocInt(self: Addr): void {
  if (I32[self + Head.Type] === T.Int) freeInt(self);
  else freeObject(self);
}

/** An instance of `type`, a subclass of int, with the value of `value` (stolen). */
function newSubclassInt(type: Addr, value: Addr): Addr {
  if (value === 0) return 0;
  const words = isBig(value) ? Math.abs(I32[value + IntObject.Size]) : 2;
  // Limbs are read two at a time.
  const self = newObjectOf(type, (words + 1) & ~1);
  if (self !== 0) {
    I32[self + IntObject.Size] = isBig(value) ? I32[value + IntObject.Size] : 0;
    I32[self + IntObject.Value] = I32[value + IntObject.Value];
    for (let i = 0; i < words; i++) {
      I32[self + IntObject.Digits + i] = I32[value + IntObject.Digits + i];
    }
  }
  decref(value);
  return self;
}

/** int(text, base) with an explicit base. */
function intOfText(object: Addr, baseObject: Addr): Addr {
  const index = numberIndex(baseObject);
  if (index === 0) return 0;
  const base = intToNumber(index);
  decref(index);
  if (base !== 0 && (base < 2 || base > 36)) {
    return raise(T.ValueError, "int() base must be >= 2 and <= 36, or 0");
  }
  if (isStr(object)) return parseIntStr(object, base);
  const result = parseIntBytes(object, base);
  if (result >= 0) return result;
  return raise(T.TypeError, "int() can't convert non-string with explicit base");
}

const intArguments = new Int32Array(2);

function newIntObject(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  let value: Addr;
  if (kwnames === 0 && nargs === 1) {
    value = numberInt(I32[args]);
  } else {
    const names = ["", "base"];
    if (!bindArguments("int", args, nargs, kwnames, names, 0, intArguments, 1)) return 0;
    const [object, base] = intArguments;
    if (object === 0) {
      if (base !== 0) return raise(T.TypeError, "int() missing string argument");
      value = newInt(0);
    } else {
      value = base === 0 ? numberInt(object) : intOfText(object, base);
    }
  }
  return type === T.Int ? value : newSubclassInt(type, value);
}

function roundInt(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("__round__", nargs, 0, 1)) return 0;
  if (nargs === 0 || I32[args] === S.None) return intPositive(self);
  const index = numberIndex(I32[args]);
  if (index === 0) return 0;
  const places = smallValue(index);
  const negative = intSign(index) < 0;
  decref(index);
  if (!negative) return intPositive(self);
  // Beyond the number's own digits everything rounds to zero.
  if (!(-places <= bitLength(self) * 0.302 + 2)) return newInt(0);
  const unit = 10n ** BigInt(-places);
  const value = getBig(self);
  let quotient = bigFloorQuotient(value, unit);
  const twice = (value - quotient * unit) * 2n;
  if (twice > unit || (twice === unit && (quotient & 1n) === 1n)) quotient += 1n;
  return newIntFromBig(quotient * unit);
}

function formatMethod(self: Addr, spec: Addr): Addr {
  if (!isStr(spec)) {
    return raise(T.TypeError, `__format__() argument must be str, not ${typeName(spec)}`);
  }
  const text = getString(spec);
  if (text !== "") return formatInt(self, text);
  return I32[self + Head.Type] === T.Bool ? reprBool(self) : reprInt(self);
}

function bitCount(self: Addr): Addr {
  let value = getBig(self);
  if (value < 0n) value = -value;
  let count = 0;
  for (const digit of value.toString(16)) {
    let bits = Number.parseInt(digit, 16);
    for (; bits !== 0; bits &= bits - 1) count++;
  }
  return newInt(count);
}

/** Byte order of to_bytes and from_bytes: true for little; null with ValueError. */
function isLittle(order: Addr, fname: string): boolean | null {
  if (order === 0) return false;
  if (!isStr(order)) {
    const given = typeName(order);
    raise(T.TypeError, `${fname}() argument 'byteorder' must be str, not ${given}`);
    return null;
  }
  const text = getString(order);
  if (text === "little" || text === "big") return text === "little";
  raise(T.ValueError, "byteorder must be either 'little' or 'big'");
  return null;
}

const bytesArguments = new Int32Array(3);

function toBytesMethod(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["length", "byteorder", "signed"];
  const out = bytesArguments;
  if (!bindArguments("to_bytes", args, nargs, kwnames, names, 0, out, 0, 2)) return 0;
  const length = out[0] === 0 ? 1 : asSsize(out[0]);
  if (Number.isNaN(length)) return 0;
  const little = isLittle(out[1], "to_bytes");
  if (little === null) return 0;
  const signed = out[2] === 0 ? 0 : isTrue(out[2]);
  if (signed < 0) return 0;
  if (length < 0) return raise(T.ValueError, "length argument must be non-negative");
  const bytes = toBytes(self, length, little, signed === 1);
  return bytes === null ? 0 : newBytes(bytes);
}

function fromBytesMethod(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["bytes", "byteorder", "signed"];
  const out = bytesArguments;
  if (!bindArguments("from_bytes", args, nargs, kwnames, names, 1, out, 0, 2)) return 0;
  const little = isLittle(out[1], "from_bytes");
  if (little === null) return 0;
  const source = out[0];
  const signed = out[2] === 0 ? 0 : isTrue(out[2]);
  if (signed < 0) return 0;
  const value = newIntFromBytes(source, little, signed === 1);
  if (type === T.Int || value === 0) return value;
  const result = call1(type, value);
  decref(value);
  return result;
}

function integerRatio(self: Addr): Addr {
  const numerator = intPositive(self);
  if (numerator === 0) return 0;
  const pair = newTuple2(numerator, S.One);
  decref(numerator);
  return pair;
}

function newArguments(self: Addr): Addr {
  const value = intPositive(self);
  if (value === 0) return 0;
  const tuple = newTuple1(value);
  decref(value);
  return tuple;
}

function sizeOf(self: Addr): Addr {
  return newInt(24 + 4 * Math.max(1, Math.ceil(bitLength(self) / 30)));
}

const intSlots: Partial<TypeSlots> = {
  dealloc: deallocInt,
  repr: reprInt,
  hash: hashInt,
  richCompare: compareInts,
  new: newIntObject,
  add: binary(intAdd),
  subtract: binary(intSubtract),
  multiply: binary(intMultiply),
  remainder: binary(intRemainder),
  divmod: binary(divmodInts),
  power: powerInts,
  negative: intNegative,
  positive: intPositive,
  absolute: intAbsolute,
  bool: (self) => (intSign(self) === 0 ? 0 : 1),
  invert: intInvert,
  lshift: binary(intLshift),
  rshift: binary(intRshift),
  and: binary(intAnd),
  xor: binary(intXor),
  or: binary(intOr),
  int: intPositive,
  float: intFloat,
  index: intPositive,
  floorDivide: binary(intFloorDivide),
  trueDivide: binary(intTrueDivide),
};

defineType({
  type: T.Int,
  name: "int",
  flags: TypeFlag.BaseType | TypeFlag.IntSubclass,
  basicSize: 24,
  itemSize: 4,
  slots: intSlots,
  methods: [
    noArgs("conjugate", intPositive, "Returns self, the complex conjugate of any int."),
    noArgs(
      "bit_length",
      (self) => newInt(bitLength(self)),
      "Number of bits necessary to represent self in binary.",
    ),
    noArgs("bit_count", bitCount, "Number of ones in the binary form of the absolute value."),
    noArgs("as_integer_ratio", integerRatio, "Return integer ratio: (self, 1)."),
    keywords("to_bytes", toBytesMethod, "Return an array of bytes representing an integer."),
    classBound(
      keywords(
        "from_bytes",
        fromBytesMethod,
        "Return the integer that an array of bytes stands for.",
      ),
    ),
    noArgs("__trunc__", intPositive, "Truncating an Integral returns itself."),
    noArgs("__floor__", intPositive, "Flooring an Integral returns itself."),
    noArgs("__ceil__", intPositive, "Ceiling of an Integral returns itself."),
    fast("__round__", roundInt, "Rounding an Integral returns itself."),
    noArgs("__getnewargs__", newArguments),
    oneArg("__format__", formatMethod, "Convert to a string according to a format."),
    noArgs("__sizeof__", sizeOf, "Returns size in memory, in bytes."),
  ],
  getSets: [
    getSet("real", intPositive, null, "the real part of a complex number"),
    getSet("imag", () => newInt(0), null, "the imaginary part of a complex number"),
    getSet("numerator", intPositive, null, "the numerator in lowest terms"),
    getSet("denominator", () => newInt(1), null, "the denominator in lowest terms"),
  ],
  doc: "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or text to an int.",
});

function reprBool(self: Addr): Addr {
  return newStr(self === S.True ? "True" : "False");
}

/** `and`, `or`, `xor` of two bools stay bools. */
function booleanOr(operation: (x: number, y: number) => number, slot: Binary): Binary {
  return (left, right) => {
    if (I32[left + Head.Type] === T.Bool && I32[right + Head.Type] === T.Bool) {
      return newBool(operation(I32[left + IntObject.Value], I32[right + IntObject.Value]));
    }
    return slot(left, right);
  };
}

function newBoolObject(_type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!noKeywords("bool", kwnames) || !checkArity("bool", nargs, 0, 1)) return 0;
  if (nargs === 0) return newBool(false);
  const truth = isTrue(I32[args]);
  return truth < 0 ? 0 : incref(truth === 0 ? S.False : S.True);
}

defineType({
  type: T.Bool,
  name: "bool",
  base: T.Int,
  flags: TypeFlag.IntSubclass,
  basicSize: 24,
  itemSize: 4,
  slots: {
    ...intSlots,
    repr: reprBool,
    new: newBoolObject,
    and: booleanOr((x, y) => x & y, binary(intAnd)),
    xor: booleanOr((x, y) => x ^ y, binary(intXor)),
    or: booleanOr((x, y) => x | y, binary(intOr)),
  },
  doc: "bool(x) -> bool\n\nReturns True when the argument x is true, False otherwise.",
});
