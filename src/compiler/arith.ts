/**
 * Arithmetic on constants with Python's meaning. Null stands for "not folded": an error, which is
 * left to run time, or a result above CPython 3.11's limits. // R25
 */

import type { BinaryOperator, ConstantValue, UnaryOperator } from "../syntax/tree.js";

const MAX_INT_BITS = 128;
const MAX_STR_SIZE = 4096;
const MAX_COLLECTION_SIZE = 256;
const MAX_TOTAL_ITEMS = 1024;

type Int = Extract<ConstantValue, { kind: "int" }>;

function bits(value: bigint): number {
  return (value < 0n ? -value : value) === 0n
    ? 0
    : (value < 0n ? -value : value).toString(2).length;
}

/** A bool or int as an integer. */
function asInt(value: ConstantValue): bigint | null {
  if (value.kind === "int") return value.value;
  if (value.kind === "true") return 1n;
  return value.kind === "false" ? 0n : null;
}

function int(value: bigint): Int {
  return { kind: "int", value };
}

function toFloat(value: ConstantValue): number | null {
  if (value.kind === "float") return value.value;
  const integer = asInt(value);
  if (integer === null) return null;
  const float = Number(integer);
  return Number.isFinite(float) ? float : null;
}

interface Complex {
  real: number;
  imag: number;
}

function toComplex(value: ConstantValue): Complex | null {
  if (value.kind === "complex") return value;
  const real = toFloat(value);
  return real === null ? null : { real, imag: 0 };
}

function isBool(value: ConstantValue): boolean {
  return value.kind === "true" || value.kind === "false";
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** A unary operator on a constant; `not` is handled by its caller. */
export function foldUnary(op: UnaryOperator, value: ConstantValue): ConstantValue | null {
  if (value.kind === "float" && op !== "Invert") {
    return { kind: "float", value: op === "USub" ? -value.value : value.value };
  }
  if (value.kind === "complex" && op !== "Invert") {
    return op === "USub" ? { kind: "complex", real: -value.real, imag: -value.imag } : value;
  }
  const integer = asInt(value);
  if (integer === null) return null;
  if (op === "USub") return int(-integer);
  return int(op === "Invert" ? ~integer : integer);
}

/** A binary operator on two constants. */
export function foldBinary(
  op: BinaryOperator,
  left: ConstantValue,
  right: ConstantValue,
): ConstantValue | null {
  const a = asInt(left);
  const b = asInt(right);
  if (a !== null && b !== null) return foldInt(op, a, b, isBool(left) && isBool(right));
  if (left.kind === "complex" || right.kind === "complex") {
    const x = toComplex(left);
    const y = toComplex(right);
    return x === null || y === null ? null : foldComplex(op, x, y);
  }
  const x = toFloat(left);
  const y = toFloat(right);
  if (x !== null && y !== null) return foldFloat(op, x, y);
  if (op === "Mult") return foldRepeat(left, right);
  return op === "Add" ? foldConcat(left, right) : null;
}

function foldInt(op: BinaryOperator, a: bigint, b: bigint, bools: boolean): ConstantValue | null {
  const logical = (value: bigint): ConstantValue =>
    bools ? { kind: value === 0n ? "false" : "true" } : int(value);
  switch (op) {
    case "Add":
      return int(a + b);
    case "Sub":
      return int(a - b);
    case "Mult":
      return bits(a) + bits(b) > MAX_INT_BITS && a !== 0n && b !== 0n ? null : int(a * b);
    case "Div": {
      if (b === 0n) return null;
      const exact = Number(a) / Number(b);
      const safe = bits(a) <= 53 && bits(b) <= 53;
      return safe && Number.isFinite(exact) ? { kind: "float", value: exact } : null;
    }
    case "FloorDiv":
      return b === 0n ? null : int(floorDiv(a, b));
    case "Mod":
      return b === 0n ? null : int(a - floorDiv(a, b) * b);
    case "Pow":
      return foldIntPower(a, b);
    case "LShift":
      if (b < 0n || b > BigInt(MAX_INT_BITS)) return null;
      return a !== 0n && bits(a) + Number(b) > MAX_INT_BITS ? null : int(a << b);
    case "RShift":
      return b < 0n ? null : int(b > 100000n ? (a < 0n ? -1n : 0n) : a >> b);
    case "BitOr":
      return logical(a | b);
    case "BitXor":
      return logical(a ^ b);
    case "BitAnd":
      return logical(a & b);
    case "MatMult":
      return null;
  }
}

function foldIntPower(a: bigint, b: bigint): ConstantValue | null {
  if (b < 0n) {
    if (a === 0n || bits(a) > 53 || bits(b) > 53) return null;
    return { kind: "float", value: Number(a) ** Number(b) };
  }
  // The limit counts bits of the base times the exponent.
  if (a !== 0n && b > 0n && bits(a) * Number(b) > MAX_INT_BITS) return null;
  return int(a ** b);
}

function foldFloat(op: BinaryOperator, x: number, y: number): ConstantValue | null {
  const float = (value: number): ConstantValue => ({ kind: "float", value });
  switch (op) {
    case "Add":
      return float(x + y);
    case "Sub":
      return float(x - y);
    case "Mult":
      return float(x * y);
    case "Div":
      return y === 0 ? null : float(x / y);
    case "Mod":
      return y === 0 ? null : float(floatMod(x, y));
    case "FloorDiv":
      return y === 0 ? null : float(floatFloorDiv(x, y));
    case "Pow":
      return foldFloatPower(x, y);
    default:
      return null;
  }
}

function floatMod(x: number, y: number): number {
  const rest = x % y;
  if (rest === 0) return y < 0 ? -0 : 0;
  return rest < 0 !== y < 0 ? rest + y : rest;
}

function floatFloorDiv(x: number, y: number): number {
  const quotient = (x - floatMod(x, y)) / y;
  if (quotient === 0) return x / y < 0 || Object.is(x / y, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function foldFloatPower(x: number, y: number): ConstantValue | null {
  if (x === 1 || y === 0) return { kind: "float", value: 1 };
  if ((x === 0 && y < 0) || (x < 0 && !Number.isInteger(y))) return null;
  const value = x ** y;
  if (!Number.isFinite(value) && Number.isFinite(x) && Number.isFinite(y)) return null;
  return { kind: "float", value };
}

function foldComplex(op: BinaryOperator, x: Complex, y: Complex): ConstantValue | null {
  const complex = (real: number, imag: number): ConstantValue => ({ kind: "complex", real, imag });
  switch (op) {
    case "Add":
      return complex(x.real + y.real, x.imag + y.imag);
    case "Sub":
      return complex(x.real - y.real, x.imag - y.imag);
    case "Mult":
      return complex(x.real * y.real - x.imag * y.imag, x.real * y.imag + x.imag * y.real);
    case "Div":
      return y.real === 0 && y.imag === 0 ? null : divideComplex(x, y);
    default:
      return null;
  }
}

/** Division scaled by the larger part of the divisor, as CPython's _Py_c_quot. */
function divideComplex(x: Complex, y: Complex): ConstantValue {
  if (Math.abs(y.real) >= Math.abs(y.imag)) {
    const ratio = y.imag / y.real;
    const scale = y.real + y.imag * ratio;
    const real = (x.real + x.imag * ratio) / scale;
    return { kind: "complex", real, imag: (x.imag - x.real * ratio) / scale };
  }
  const ratio = y.real / y.imag;
  const scale = y.real * ratio + y.imag;
  const real = (x.real * ratio + x.imag) / scale;
  return { kind: "complex", real, imag: (x.imag * ratio - x.real) / scale };
}

function countItems(value: ConstantValue, limit: number): number {
  if (value.kind !== "tuple") return limit;
  let left = limit - value.items.length;
  for (const item of value.items) {
    if (left < 0) return left;
    left = countItems(item, left);
  }
  return left;
}

function foldRepeat(left: ConstantValue, right: ConstantValue): ConstantValue | null {
  const swapped = asInt(left) !== null;
  const sequence = swapped ? right : left;
  const times = asInt(swapped ? left : right);
  if (times === null) return null;
  const count = times < 0n ? 0 : Number(times);
  const fits = (size: number, limit: number) => times <= BigInt(limit) && size * count <= limit;
  switch (sequence.kind) {
    case "str": {
      const size = Array.from(sequence.value).length;
      if (size > 0 && (times < 0n || !fits(size, MAX_STR_SIZE))) return null;
      return { kind: "str", value: sequence.value.repeat(size > 0 ? count : 0) };
    }
    case "bytes": {
      const size = sequence.value.length;
      if (size > 0 && (times < 0n || !fits(size, MAX_STR_SIZE))) return null;
      const value = new Uint8Array(size * (size > 0 ? count : 0));
      for (let i = 0; i < value.length; i += 1) value[i] = sequence.value[i % size];
      return { kind: "bytes", value };
    }
    case "tuple": {
      const size = sequence.items.length;
      if (size > 0) {
        if (times < 0n || !fits(size, MAX_COLLECTION_SIZE)) return null;
        if (count > 0 && countItems(sequence, Math.floor(MAX_TOTAL_ITEMS / count)) < 0) return null;
      }
      const items: ConstantValue[] = [];
      for (let i = 0; i < count && size > 0; i += 1) items.push(...sequence.items);
      return { kind: "tuple", items };
    }
    default:
      return null;
  }
}

function foldConcat(left: ConstantValue, right: ConstantValue): ConstantValue | null {
  if (left.kind === "str" && right.kind === "str") {
    return { kind: "str", value: left.value + right.value };
  }
  if (left.kind === "bytes" && right.kind === "bytes") {
    const value = new Uint8Array(left.value.length + right.value.length);
    value.set(left.value);
    value.set(right.value, left.value.length);
    return { kind: "bytes", value };
  }
  if (left.kind === "tuple" && right.kind === "tuple") {
    return { kind: "tuple", items: [...left.items, ...right.items] };
  }
  return null;
}

/** `value[index]` of a constant sequence. */
export function foldSubscript(value: ConstantValue, index: ConstantValue): ConstantValue | null {
  const wanted = asInt(index);
  if (wanted === null) return null;
  const pick = (length: number) => {
    const at = wanted < 0n ? wanted + BigInt(length) : wanted;
    return at < 0n || at >= BigInt(length) ? -1 : Number(at);
  };
  switch (value.kind) {
    case "tuple": {
      const at = pick(value.items.length);
      return at < 0 ? null : value.items[at];
    }
    case "str": {
      const chars = Array.from(value.value);
      const at = pick(chars.length);
      return at < 0 ? null : { kind: "str", value: chars[at] };
    }
    case "bytes": {
      const at = pick(value.value.length);
      return at < 0 ? null : int(BigInt(value.value[at]));
    }
    default:
      return null;
  }
}
