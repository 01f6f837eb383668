/**
 * The number protocol: operators on any objects (after Objects/abstract.c of CPython 3.11). Ints
 * and floats are computed here directly; everything else goes through the slots.
 */
import { type Addr, heap } from "../memory/heap.js";
import { call0, call1 } from "./call.js";
import { methodTable } from "./define.js";
import { newNotImplemented, pending, raise, typeName } from "./errors.js";
import {
  asDouble,
  getDouble,
  isFloat,
  newFloat,
  newFloatBlock,
  newIntFromDouble,
} from "./float.js";
import { floatDivide, floatFloorDivide, floatPower, floatRemainder } from "./floatarith.js";
import { decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { asIndex, isBig, isInt, newBool, newInt, newInt32, numberIndex } from "./int.js";
import {
  intAdd,
  intAnd,
  intFloorDivide,
  intInvert,
  intLshift,
  intMultiply,
  intNegative,
  intOr,
  intPositive,
  intPower,
  intRemainder,
  intRshift,
  intSubtract,
  intTrueDivide,
  intXor,
  multiplyNumbers,
  shiftLeft,
} from "./intarith.js";
import { parseIntBytes, parseIntStr } from "./intconvert.js";
import { BuiltinObject, FloatObject, Head, IntObject } from "./layout.js";
import { type Binary, slotsOf, type TypeSlots } from "./slots.js";
import { isStr } from "./str.js";
import { isSubtype, lookupSpecial } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const F64 = heap.F64;

const TWO53 = 9007199254740992;

/** Operators of {@link binaryOp}, with the numbers of CPython 3.11's BINARY_OP. */
export const enum BinaryOp {
  Add = 0,
  And = 1,
  FloorDivide = 2,
  LeftShift = 3,
  MatrixMultiply = 4,
  Multiply = 5,
  Remainder = 6,
  Or = 7,
  Power = 8,
  RightShift = 9,
  Subtract = 10,
  TrueDivide = 11,
  Xor = 12,
  /** Added to an operator for its in-place form. */
  InPlace = 13,
}

const SYMBOLS = ["+", "&", "//", "<<", "@", "*", "%", "|", "** or pow()", ">>", "-", "/", "^"];

/**
 * `a op b` for any objects: a new reference, or 0 with an exception pending.
 * @param op a {@link BinaryOp}, plus `InPlace` for `a op= b`
 */
export function binaryOp(op: number, a: Addr, b: Addr): Addr {
  const left = I32[a + Head.Type];
  const right = I32[b + Head.Type];
  if (left === T.Int) {
    if (right === T.Int) {
      const x = I32[a + IntObject.Value];
      const y = I32[b + IntObject.Value];
      if (x !== IntObject.NotCompact && y !== IntObject.NotCompact)
        return compactOp(op, x, y, a, b);
      return intOp(op, a, b);
    }
    if (right === T.Float && !isBig(a)) return floatOp(op, a, b);
  } else if (left === T.Float) {
    if (right === T.Float || (right === T.Int && !isBig(b))) return floatOp(op, a, b);
  }
  return op < BinaryOp.InPlace ? slowBinary(op, a, b) : slowInPlace(op - BinaryOp.InPlace, a, b);
}

/** The value of a float, or of an int that is not big. */
function numberOf(a: Addr): number {
  if (I32[a + Head.Type] === T.Float) return F64[(a >> 1) + FloatObject.Index];
  const v = I32[a + IntObject.Value];
  return v !== IntObject.NotCompact ? v : F64[(a + IntObject.Digits) >> 1];
}

function floatOp(op: number, a: Addr, b: Addr): Addr {
  const x = numberOf(a);
  const y = numberOf(b);
  switch (op) {
    case BinaryOp.Add:
    case BinaryOp.Add + BinaryOp.InPlace: {
      const result = newFloatBlock();
      if (result !== 0) F64[(result >> 1) + FloatObject.Index] = x + y;
      return result;
    }
    case BinaryOp.Subtract:
    case BinaryOp.Subtract + BinaryOp.InPlace: {
      const result = newFloatBlock();
      if (result !== 0) F64[(result >> 1) + FloatObject.Index] = x - y;
      return result;
    }
    case BinaryOp.Multiply:
    case BinaryOp.Multiply + BinaryOp.InPlace: {
      const result = newFloatBlock();
      if (result !== 0) F64[(result >> 1) + FloatObject.Index] = x * y;
      return result;
    }
    case BinaryOp.TrueDivide:
    case BinaryOp.TrueDivide + BinaryOp.InPlace: {
      if (y === 0) return floatDivide(x, y);
      const result = newFloatBlock();
      if (result !== 0) F64[(result >> 1) + FloatObject.Index] = x / y;
      return result;
    }
    case BinaryOp.FloorDivide:
    case BinaryOp.FloorDivide + BinaryOp.InPlace:
      return floatFloorDivide(x, y);
    case BinaryOp.Remainder:
    case BinaryOp.Remainder + BinaryOp.InPlace:
      return floatRemainder(x, y);
    case BinaryOp.Power:
    case BinaryOp.Power + BinaryOp.InPlace:
      return floatPower(x, y);
    default:
      return raiseUnsupported(op, a, b);
  }
}

/** An operation on the values `x`, `y` of the compact ints `a`, `b`. */
function compactOp(op: number, x: number, y: number, a: Addr, b: Addr): Addr {
  switch (op) {
    case BinaryOp.Add:
    case BinaryOp.Add + BinaryOp.InPlace:
      return newInt(x + y);
    case BinaryOp.Subtract:
    case BinaryOp.Subtract + BinaryOp.InPlace:
      return newInt(x - y);
    case BinaryOp.Multiply:
    case BinaryOp.Multiply + BinaryOp.InPlace: {
      const product = x * y;
      if (product === (product | 0)) return newInt32(product | 0);
      if (product < TWO53 && product > -TWO53) return newInt(product);
      return multiplyNumbers(x, y);
    }
    case BinaryOp.And:
    case BinaryOp.And + BinaryOp.InPlace:
      return newInt32(x & y);
    case BinaryOp.Or:
    case BinaryOp.Or + BinaryOp.InPlace:
      return newInt32(x | y);
    case BinaryOp.Xor:
    case BinaryOp.Xor + BinaryOp.InPlace:
      return newInt32(x ^ y);
    case BinaryOp.Remainder:
    case BinaryOp.Remainder + BinaryOp.InPlace: {
      if (y === 0) return intRemainder(a, b);
      const rest = (x % y) | 0;
      return newInt32(rest !== 0 && (rest ^ y) < 0 ? rest + y : rest);
    }
    case BinaryOp.FloorDivide:
    case BinaryOp.FloorDivide + BinaryOp.InPlace: {
      if (y === 0) return intFloorDivide(a, b);
      const quotient = (x / y) | 0;
      const exact = Math.imul(quotient, y) === x;
      return newInt32(!exact && (x ^ y) < 0 ? quotient - 1 : quotient);
    }
    case BinaryOp.LeftShift:
    case BinaryOp.LeftShift + BinaryOp.InPlace:
      return y >= 0 && y < 1000 ? shiftLeft(x, y) : intLshift(a, b);
    case BinaryOp.RightShift:
    case BinaryOp.RightShift + BinaryOp.InPlace:
      return y < 0 ? intRshift(a, b) : newInt32(y > 31 ? x >> 31 : x >> y);
    case BinaryOp.TrueDivide:
    case BinaryOp.TrueDivide + BinaryOp.InPlace: {
      if (y === 0) return intTrueDivide(a, b);
      const result = newFloatBlock();
      if (result !== 0) F64[(result >> 1) + FloatObject.Index] = x / y;
      return result;
    }
    case BinaryOp.Power:
    case BinaryOp.Power + BinaryOp.InPlace:
      return intPower(a, b);
    default:
      return raiseUnsupported(op, a, b);
  }
}

function intOp(op: number, a: Addr, b: Addr): Addr {
  switch (op) {
    case BinaryOp.Add:
    case BinaryOp.Add + BinaryOp.InPlace:
      return intAdd(a, b);
    case BinaryOp.Subtract:
    case BinaryOp.Subtract + BinaryOp.InPlace:
      return intSubtract(a, b);
    case BinaryOp.Multiply:
    case BinaryOp.Multiply + BinaryOp.InPlace:
      return intMultiply(a, b);
    case BinaryOp.And:
    case BinaryOp.And + BinaryOp.InPlace:
      return intAnd(a, b);
    case BinaryOp.Or:
    case BinaryOp.Or + BinaryOp.InPlace:
      return intOr(a, b);
    case BinaryOp.Xor:
    case BinaryOp.Xor + BinaryOp.InPlace:
      return intXor(a, b);
    case BinaryOp.Remainder:
    case BinaryOp.Remainder + BinaryOp.InPlace:
      return intRemainder(a, b);
    case BinaryOp.FloorDivide:
    case BinaryOp.FloorDivide + BinaryOp.InPlace:
      return intFloorDivide(a, b);
    case BinaryOp.LeftShift:
    case BinaryOp.LeftShift + BinaryOp.InPlace:
      return intLshift(a, b);
    case BinaryOp.RightShift:
    case BinaryOp.RightShift + BinaryOp.InPlace:
      return intRshift(a, b);
    case BinaryOp.TrueDivide:
    case BinaryOp.TrueDivide + BinaryOp.InPlace:
      return intTrueDivide(a, b);
    case BinaryOp.Power:
    case BinaryOp.Power + BinaryOp.InPlace:
      return intPower(a, b);
    default:
      return raiseUnsupported(op, a, b);
  }
}

function binarySlot(slots: TypeSlots, op: number): Binary | null {
  switch (op) {
    case BinaryOp.Add:
      return slots.add;
    case BinaryOp.And:
      return slots.and;
    case BinaryOp.FloorDivide:
      return slots.floorDivide;
    case BinaryOp.LeftShift:
      return slots.lshift;
    case BinaryOp.MatrixMultiply:
      return slots.matrixMultiply;
    case BinaryOp.Multiply:
      return slots.multiply;
    case BinaryOp.Remainder:
      return slots.remainder;
    case BinaryOp.Or:
      return slots.or;
    case BinaryOp.RightShift:
      return slots.rshift;
    case BinaryOp.Subtract:
      return slots.subtract;
    case BinaryOp.TrueDivide:
      return slots.trueDivide;
    default:
      return slots.xor;
  }
}

function inPlaceSlot(slots: TypeSlots, op: number): Binary | null {
  switch (op) {
    case BinaryOp.Add:
      return slots.inplaceAdd;
    case BinaryOp.And:
      return slots.inplaceAnd;
    case BinaryOp.FloorDivide:
      return slots.inplaceFloorDivide;
    case BinaryOp.LeftShift:
      return slots.inplaceLshift;
    case BinaryOp.MatrixMultiply:
      return slots.inplaceMatrixMultiply;
    case BinaryOp.Multiply:
      return slots.inplaceMultiply;
    case BinaryOp.Remainder:
      return slots.inplaceRemainder;
    case BinaryOp.Or:
      return slots.inplaceOr;
    case BinaryOp.Power:
      return slots.inplacePower;
    case BinaryOp.RightShift:
      return slots.inplaceRshift;
    case BinaryOp.Subtract:
      return slots.inplaceSubtract;
    case BinaryOp.TrueDivide:
      return slots.inplaceTrueDivide;
    default:
      return slots.inplaceXor;
  }
}

/** Drop a NotImplemented; true when `result` was one. */
function refused(result: Addr): boolean {
  if (result !== S.NotImplemented) return false;
  decref(result);
  return true;
}

/**
 * Ask the operands' slots: the right one first where its type is a subclass of the left one's.
 * NotImplemented (a new reference) when neither takes it.
 */
function dispatch(op: number, a: Addr, b: Addr): Addr {
  const left = I32[a + Head.Type];
  const right = I32[b + Head.Type];
  if (op === BinaryOp.Power) return dispatchPower(a, b, S.None);
  const slot = binarySlot(slotsOf(left), op);
  let other = right === left ? null : binarySlot(slotsOf(right), op);
  if (other === slot) other = null;
  if (slot !== null) {
    if (other !== null && isSubtype(right, left)) {
      const result = other(a, b);
      if (!refused(result)) return result;
      other = null;
    }
    const result = slot(a, b);
    if (!refused(result)) return result;
  }
  return other === null ? newNotImplemented() : other(a, b);
}

function dispatchPower(a: Addr, b: Addr, modulus: Addr): Addr {
  const left = I32[a + Head.Type];
  const right = I32[b + Head.Type];
  const slot = slotsOf(left).power;
  let other = right === left ? null : slotsOf(right).power;
  if (other === slot) other = null;
  if (slot !== null) {
    if (other !== null && isSubtype(right, left)) {
      const result = other(a, b, modulus);
      if (!refused(result)) return result;
      other = null;
    }
    const result = slot(a, b, modulus);
    if (!refused(result)) return result;
  }
  if (other !== null) {
    const result = other(a, b, modulus);
    if (!refused(result)) return result;
  }
  if (modulus !== S.None) {
    const third = slotsOf(I32[modulus + Head.Type]).power;
    if (third !== null && third !== slot && third !== other) return third(a, b, modulus);
  }
  return newNotImplemented();
}

function raiseUnsupported(op: number, a: Addr, b: Addr): 0 {
  const inPlace = op >= BinaryOp.InPlace;
  const plain = inPlace ? op - BinaryOp.InPlace : op;
  const symbol = !inPlace
    ? SYMBOLS[plain]
    : plain === BinaryOp.Power
      ? "**="
      : `${SYMBOLS[plain]}=`;
  const types = `'${typeName(a)}' and '${typeName(b)}'`;
  const hint = plain === BinaryOp.RightShift && !inPlace && isPrint(a) ? PRINT_HINT : "";
  return raise(T.TypeError, `unsupported operand type(s) for ${symbol}: ${types}${hint}`);
}

const PRINT_HINT = '. Did you mean "print(<message>, file=<output_stream>)"?';

function isPrint(a: Addr): boolean {
  if (I32[a + Head.Type] !== T.BuiltinFunction) return false;
  return methodTable[I32[a + BuiltinObject.Definition]].name === "print";
}

/** A sequence times `count`, which must be an integer. */
function repeat(slot: (self: Addr, count: number) => Addr, sequence: Addr, count: Addr): Addr {
  if (!isInt(count) && slotsOf(I32[count + Head.Type]).index === null) {
    const type = typeName(count);
    return raise(T.TypeError, `can't multiply sequence by non-int of type '${type}'`);
  }
  const n = asIndex(count, T.OverflowError);
  return Number.isNaN(n) ? 0 : slot(sequence, n);
}

function slowBinary(op: number, a: Addr, b: Addr): Addr {
  const result = dispatch(op, a, b);
  if (!refused(result)) return result;
  if (op === BinaryOp.Add) {
    const concat = slotsOf(I32[a + Head.Type]).concat;
    if (concat !== null) return concat(a, b);
  } else if (op === BinaryOp.Multiply) {
    const left = slotsOf(I32[a + Head.Type]).repeat;
    if (left !== null) return repeat(left, a, b);
    const right = slotsOf(I32[b + Head.Type]).repeat;
    if (right !== null) return repeat(right, b, a);
  }
  return raiseUnsupported(op, a, b);
}

function slowInPlace(op: number, a: Addr, b: Addr): Addr {
  const slots = slotsOf(I32[a + Head.Type]);
  const inPlace = inPlaceSlot(slots, op);
  if (inPlace !== null) {
    const result = inPlace(a, b);
    if (!refused(result)) return result;
  }
  const result = dispatch(op, a, b);
  if (!refused(result)) return result;
  if (op === BinaryOp.Add) {
    const concat = slots.inplaceConcat ?? slots.concat;
    if (concat !== null) return concat(a, b);
  } else if (op === BinaryOp.Multiply) {
    const left = slots.inplaceRepeat ?? slots.repeat;
    if (left !== null) return repeat(left, a, b);
    const right = slotsOf(I32[b + Head.Type]).repeat;
    if (right !== null) return repeat(right, b, a);
  }
  return raiseUnsupported(op + BinaryOp.InPlace, a, b);
}

/** pow(a, b, modulus); `modulus` is None when absent. */
export function power3(a: Addr, b: Addr, modulus: Addr): Addr {
  const result = dispatchPower(a, b, modulus);
  if (!refused(result)) return result;
  if (modulus === S.None) return raiseUnsupported(BinaryOp.Power, a, b);
  const types = `'${typeName(a)}', '${typeName(b)}', '${typeName(modulus)}'`;
  return raise(T.TypeError, `unsupported operand type(s) for ** or pow(): ${types}`);
}

/** divmod(a, b): a tuple. */
export function divmod(a: Addr, b: Addr): Addr {
  const left = I32[a + Head.Type];
  const right = I32[b + Head.Type];
  const slot = slotsOf(left).divmod;
  let other = right === left ? null : slotsOf(right).divmod;
  if (other === slot) other = null;
  if (slot !== null) {
    if (other !== null && isSubtype(right, left)) {
      const result = other(a, b);
      if (!refused(result)) return result;
      other = null;
    }
    const result = slot(a, b);
    if (!refused(result)) return result;
  }
  if (other !== null) {
    const result = other(a, b);
    if (!refused(result)) return result;
  }
  const types = `'${typeName(a)}' and '${typeName(b)}'`;
  return raise(T.TypeError, `unsupported operand type(s) for divmod(): ${types}`);
}

function raiseUnary(symbol: string, a: Addr): 0 {
  return raise(T.TypeError, `bad operand type for ${symbol}: '${typeName(a)}'`);
}

/** `-a`. */
export function unaryNegative(a: Addr): Addr {
  const type = I32[a + Head.Type];
  if (type === T.Int) return intNegative(a);
  if (type === T.Float) return newFloat(-getDouble(a));
  const slot = slotsOf(type).negative;
  return slot === null ? raiseUnary("unary -", a) : slot(a);
}

/** `+a`. */
export function unaryPositive(a: Addr): Addr {
  const slot = slotsOf(I32[a + Head.Type]).positive;
  return slot === null ? raiseUnary("unary +", a) : slot(a);
}

/** `~a`. */
export function unaryInvert(a: Addr): Addr {
  const type = I32[a + Head.Type];
  if (type === T.Int) return intInvert(a);
  const slot = slotsOf(type).invert;
  return slot === null ? raiseUnary("unary ~", a) : slot(a);
}

/** `not a`: True or False. */
export function unaryNot(a: Addr): Addr {
  const truth = isTrue(a);
  return truth < 0 ? 0 : newBool(truth === 0);
}

/** abs(a). */
export function absolute(a: Addr): Addr {
  const slot = slotsOf(I32[a + Head.Type]).absolute;
  return slot === null ? raiseUnary("abs()", a) : slot(a);
}

/** Truth of any object: 1, 0, or -1 with an exception pending. */
export function isTrue(a: Addr): number {
  if (a === S.True) return 1;
  if (a === S.False || a === S.None) return 0;
  const type = I32[a + Head.Type];
  if (type === T.Int) return I32[a + IntObject.Value] === 0 ? 0 : 1;
  const slots = slotsOf(type);
  if (slots.bool !== null) return slots.bool(a);
  if (slots.length === null) return 1;
  const length = slots.length(a);
  return length > 0 ? 1 : length;
}

/** float(a) for a number (PyNumber_Float without strings): an exact float. */
export function numberFloat(a: Addr): Addr {
  if (I32[a + Head.Type] === T.Float) return incref(a);
  if (isFloat(a)) return newFloat(getDouble(a));
  const d = asDouble(a);
  return Number.isNaN(d) && pending() ? 0 : newFloat(d);
}

const idRound = identifier("__round__");

/** round(a) or round(a, digits); `digits` is 0 when absent. */
export function roundNumber(a: Addr, digits: Addr): Addr {
  const method = lookupSpecial(a, idRound);
  if (method === 0) {
    if (pending()) return 0;
    return raise(T.TypeError, `type ${typeName(a)} doesn't define __round__ method`);
  }
  const result = digits === 0 || digits === S.None ? call0(method) : call1(method, digits);
  decref(method);
  return result;
}

/** int(a) for any object, strings included (PyNumber_Long): an exact int. */
export function numberInt(a: Addr): Addr {
  const type = I32[a + Head.Type];
  if (type === T.Int) return incref(a);
  if (type === T.Float) return newIntFromDouble(getDouble(a));
  const slots = slotsOf(type);
  if (slots.int !== null) {
    const result = slots.int(a);
    if (result === 0 || isInt(result)) return exactInt(result);
    raise(T.TypeError, `__int__ returned non-int (type ${typeName(result)})`);
    decref(result);
    return 0;
  }
  if (slots.index !== null) return exactIndex(a);
  if (isStr(a)) return parseIntStr(a, 10);
  const parsed = parseIntBytes(a, 10);
  if (parsed >= 0) return parsed;
  const wanted = "a string, a bytes-like object or a real number";
  return raise(T.TypeError, `int() argument must be ${wanted}, not '${typeName(a)}'`);
}

/** {@link numberIndex} as `operator.index` gives it since 3.10: an exact int. */
export function exactIndex(a: Addr): Addr {
  return exactInt(numberIndex(a));
}

/** An exact int of the value of `a` (stolen; 0 passes). */
function exactInt(a: Addr): Addr {
  if (a === 0 || I32[a + Head.Type] === T.Int) return a;
  const exact = intPositive(a);
  decref(a);
  return exact;
}

export { numberIndex };
