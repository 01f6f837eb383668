/**
 * Code units as text, so that library modules written in Python can be compiled when the project
 * is built. JSON with a tag for each kind of constant; numbers that JSON cannot hold are spelled.
 */

import type { Block, CodeUnit, Constant, ExceptionEntry } from "./unit.js";

/** Raised when the form of the text changes. */
const FORMAT = 1;

type Frozen = [tag: string, ...fields: unknown[]];

function freezeFloat(value: number): string | number {
  return Number.isFinite(value) && !Object.is(value, -0)
    ? value
    : Object.is(value, -0)
      ? "-0"
      : `${value}`;
}

function freezeConstant(constant: Constant): Frozen {
  switch (constant.kind) {
    case "int":
      return ["int", constant.value.toString()];
    case "float":
      return ["float", freezeFloat(constant.value)];
    case "complex":
      return ["complex", freezeFloat(constant.real), freezeFloat(constant.imag)];
    case "str":
      return ["str", constant.value];
    case "bytes":
      return ["bytes", Buffer.from(constant.value).toString("base64")];
    case "tuple":
    case "frozenset":
      return [constant.kind, constant.items.map(freezeConstant)];
    case "code":
      return ["code", freezeUnit(constant.unit)];
    default:
      return [constant.kind];
  }
}

function thawConstant([tag, first, second]: Frozen): Constant {
  switch (tag) {
    case "none":
    case "true":
    case "false":
    case "ellipsis":
      return { kind: tag };
    case "int":
      return { kind: "int", value: BigInt(first as string) };
    case "float":
      return { kind: "float", value: Number(first) };
    case "complex":
      return { kind: "complex", real: Number(first), imag: Number(second) };
    case "str":
      return { kind: "str", value: first as string };
    case "bytes":
      return { kind: "bytes", value: Uint8Array.from(Buffer.from(first as string, "base64")) };
    case "tuple":
    case "frozenset":
      return { kind: tag, items: (first as Frozen[]).map(thawConstant) };
    case "code":
      return { kind: "code", unit: thawUnit(first as FrozenUnit) };
    default:
      throw new RangeError(`unknown constant in frozen code: ${tag}`);
  }
}

/** A code unit with its arrays as lists; positions as runs of equal ones. */
type FrozenUnit = Omit<CodeUnit, "code" | "positions" | "consts"> & {
  code: number[];
  /** Five numbers a run: its length, then line, end line, column, end column. */
  positions: number[];
  consts: Frozen[];
};

function freezePositions(positions: Int32Array): number[] {
  const runs: number[] = [];
  for (let i = 0; i < positions.length; i += 4) {
    const run = runs.length - 5;
    const same = run >= 0 && [0, 1, 2, 3].every((k) => runs[run + 1 + k] === positions[i + k]);
    if (same) runs[run] += 1;
    else runs.push(1, ...positions.subarray(i, i + 4));
  }
  return runs;
}

function thawPositions(runs: number[], words: number): Int32Array {
  const positions = new Int32Array(words * 4);
  let at = 0;
  for (let run = 0; run < runs.length; run += 5) {
    for (let n = 0; n < runs[run]; n += 1, at += 4) {
      for (let k = 0; k < 4; k += 1) positions[at + k] = runs[run + 1 + k];
    }
  }
  return positions;
}

function freezeUnit(unit: CodeUnit): FrozenUnit {
  return {
    ...unit,
    code: Array.from(unit.code),
    positions: freezePositions(unit.positions),
    consts: unit.consts.map(freezeConstant),
  };
}

function thawUnit(frozen: FrozenUnit): CodeUnit {
  return {
    ...frozen,
    code: Uint32Array.from(frozen.code),
    positions: thawPositions(frozen.positions, frozen.code.length),
    consts: frozen.consts.map(thawConstant),
    exceptions: frozen.exceptions as ExceptionEntry[],
    blocks: frozen.blocks as Block[],
  };
}

/** The text of a unit. */
export function serializeUnit(unit: CodeUnit): string {
  return JSON.stringify({ format: FORMAT, unit: freezeUnit(unit) });
}

/** The unit of a text that `serializeUnit` wrote. */
export function deserializeUnit(text: string): CodeUnit {
  const { format, unit } = JSON.parse(text) as { format: number; unit: FrozenUnit };
  if (format !== FORMAT) throw new RangeError(`frozen code of format ${format}, not ${FORMAT}`);
  return thawUnit(unit);
}
