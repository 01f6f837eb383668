/** The constants of a code unit: merged when type and value are the same, as CPython does. */

import type { ConstantValue } from "../syntax/tree.js";
import type { CodeUnit, Constant } from "./unit.js";

const FLOAT = new Float64Array(1);
const BITS = new BigUint64Array(FLOAT.buffer);

let nans = 0;

function floatKey(value: number): string {
  // A NaN is equal to nothing, itself included.
  if (Number.isNaN(value)) return `nan${nans++}`;
  FLOAT[0] = value;
  return BITS[0].toString(36);
}

/** Equal for code objects that CPython takes for equal: same name, place, code and tables. */
function codeKey(unit: CodeUnit): string {
  const { name, flags, firstLine, argCount, posOnlyArgCount, kwOnlyArgCount } = unit;
  const head = [name, flags, firstLine, argCount, posOnlyArgCount, kwOnlyArgCount];
  const names = [unit.names, unit.varNames, unit.cellVars, unit.freeVars, unit.exceptions];
  const consts = unit.consts.map(constantKey).join(";");
  return `o${JSON.stringify([head, names])}${unit.code.join()}/${unit.positions.join()}/${consts}`;
}

/** Equal for constants that may be merged: -0.0 differs from 0.0, and 1 from 1.0 and True. */
export function constantKey(constant: Constant): string {
  switch (constant.kind) {
    case "int":
      return `i${constant.value}`;
    case "float":
      return `f${floatKey(constant.value)}`;
    case "complex":
      return `c${floatKey(constant.real)},${floatKey(constant.imag)}`;
    case "str":
      return `s${constant.value.length}:${constant.value}`;
    case "bytes":
      return `b${constant.value.length}:${constant.value.join(",")}`;
    case "tuple":
      return `(${constant.items.map(constantKey).join(";")})`;
    case "frozenset":
      return `{${constant.items.map(constantKey).sort().join(";")}}`;
    case "code":
      return codeKey(constant.unit);
    default:
      return constant.kind;
  }
}

/** An ordered pool of constants. */
export class ConstantPool {
  readonly items: Constant[] = [];
  private readonly index = new Map<string, number>();

  /** Index of the constant, added when new. */
  add(constant: Constant): number {
    if (constant.kind === "code") return this.addCode(constant);
    const key = constantKey(constant);
    let index = this.index.get(key);
    if (index === undefined) {
      index = this.items.push(constant) - 1;
      this.index.set(key, index);
    }
    return index;
  }

  /** Code is compared only where name and first line agree: a finally body is compiled twice. */
  private addCode(constant: Extract<Constant, { kind: "code" }>): number {
    const { name, firstLine } = constant.unit;
    const same = this.items.findIndex(
      (item) =>
        item.kind === "code" &&
        item.unit.name === name &&
        item.unit.firstLine === firstLine &&
        constantKey(item) === constantKey(constant),
    );
    return same >= 0 ? same : this.items.push(constant) - 1;
  }
}

/** A text that is equal for constants that Python's `==` takes for equal. */
function equalityKey(constant: ConstantValue): string {
  switch (constant.kind) {
    case "true":
      return "n1";
    case "false":
      return "n0";
    case "int":
      return `n${constant.value}`;
    case "float":
      return Number.isInteger(constant.value)
        ? `n${BigInt(constant.value)}`
        : constantKey(constant);
    case "complex":
      return constant.imag === 0
        ? equalityKey({ kind: "float", value: constant.real })
        : constantKey(constant);
    case "tuple":
      return `(${constant.items.map(equalityKey).join(";")})`;
    default:
      return constantKey(constant);
  }
}

/** The items of a set of these: of equal ones the first. */
export function distinct(items: ConstantValue[]): ConstantValue[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = equalityKey(item);
    return !seen.has(key) && seen.add(key);
  });
}

/** Python's truth of a constant. */
export function isTrue(constant: Constant): boolean {
  switch (constant.kind) {
    case "none":
    case "false":
      return false;
    case "int":
      return constant.value !== 0n;
    case "float":
      return constant.value !== 0;
    case "complex":
      return constant.real !== 0 || constant.imag !== 0;
    case "str":
    case "bytes":
      return constant.value.length > 0;
    case "tuple":
    case "frozenset":
      return constant.items.length > 0;
    default:
      return true;
  }
}
