/**
 * Code objects: a compiled unit turned into a heap object, once, by the thread that loads it. The
 * other threads share it. The bytecode is copied with hot pairs fused (opcodes.ts); inline caches
 * are words of the bytecode itself, changed with the GIL held.
 */

import { constantKey } from "../compiler/constants.js";
import { Op, opcodeTable } from "../compiler/opcodes.js";
import type { CodeUnit, Constant } from "../compiler/unit.js";
import { type Addr, heap } from "../memory/heap.js";
import { Control } from "../memory/layout.js";
import { free, malloc } from "../memory/pymalloc.js";
import { newBytes } from "../object/bytes.js";
import { newComplex } from "../object/complex.js";
import { defineType, getSet, member, noArgs } from "../object/define.js";
import { raiseMemoryError } from "../object/errors.js";
import { newFloat } from "../object/float.js";
import { clearField, decref, incref, initObject } from "../object/header.js";
import { newInt, newIntFromBig } from "../object/int.js";
import { internStr } from "../object/intern.js";
import { CodeObject, TupleObject } from "../object/layout.js";
import { newFrozenSet } from "../object/set.js";
import { getString, newStr } from "../object/str.js";
import { newTuple } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { withPoints } from "./checkpoints.js";
import { Fast } from "./opcodes.js";

const I32 = heap.I32;

/** Inline cache words behind each opcode. */
const caches = new Uint8Array(256);
for (const info of opcodeTable) caches[info.op] = info.caches;

/** Words of one exception table entry: start, end, target, depth, lasti. */
export const enum ExceptionWords {
  Start = 0,
  End = 1,
  Target = 2,
  Depth = 3,
  Lasti = 4,
  Size = 5,
}

/** CO_ bits of CodeObject.Flags. */
export const enum CodeFlag {
  Optimized = 1,
  NewLocals = 2,
  VarArgs = 4,
  VarKeywords = 8,
  Nested = 16,
  Generator = 32,
  Coroutine = 128,
  IterableCoroutine = 256,
  AsyncGenerator = 512,
  /** Takes positional parameters only, without * or **: the eval loop's short call path. */
  Plain = 1 << 30,
}

/** Identifier-like strings are interned when they are constants (R25). */
const identifierLike = /^[A-Za-z0-9_]*$/;

function newName(text: string): Addr {
  const name = newStr(text);
  return name === 0 ? 0 : internStr(name);
}

/**
 * Constants of the source whose code is being loaded, by what they are (borrowed: they live in what
 * has been loaded). Equal ones are one object, in tuples and across functions, as the compiler of
 * CPython 3.11 merges them for a whole source (merge_const_one in Python/compile.c).
 */
let merged: Map<string, Addr> | null = null;

/** The object that stands for `key`: made when there is none yet. */
function mergedAs(key: string, make: () => Addr): Addr {
  const known = merged?.get(key);
  if (known !== undefined) return incref(known);
  const made = make();
  if (made !== 0) merged?.set(key, made);
  return made;
}

function newConstant(constant: Constant): Addr {
  if (constant.kind === "code") return newCode(constant.unit);
  return mergedAs(constantKey(constant), () => newValue(constant));
}

function newValue(constant: Exclude<Constant, { kind: "code" }>): Addr {
  switch (constant.kind) {
    case "none":
      return incref(S.None);
    case "true":
      return incref(S.True);
    case "false":
      return incref(S.False);
    case "ellipsis":
      return incref(S.Ellipsis);
    case "int":
      return constant.value >= -0x7fffffffn && constant.value <= 0x7fffffffn
        ? newInt(Number(constant.value))
        : newIntFromBig(constant.value);
    case "float":
      return newFloat(constant.value);
    case "complex":
      return newComplex(constant.real, constant.imag);
    case "str":
      return identifierLike.test(constant.value) ? newName(constant.value) : newStr(constant.value);
    case "bytes":
      return newBytes(constant.value);
    case "tuple":
      return newConstantTuple(constant.items);
    case "frozenset": {
      const items = newConstantTuple(constant.items);
      if (items === 0) return 0;
      const set = newFrozenSet(items);
      decref(items);
      return set;
    }
  }
}

function newConstantTuple(items: readonly Constant[]): Addr {
  return newTupleOf(items, newConstant);
}

function newNameTuple(names: readonly string[]): Addr {
  return newTupleOf(names, newName);
}

function newTupleOf<Item>(items: readonly Item[], make: (item: Item) => Addr): Addr {
  const tuple = newTuple(items.length);
  if (tuple === 0) return 0;
  for (let i = 0; i < items.length; i++) {
    const item = make(items[i]);
    if (item === 0) {
      decref(tuple);
      return 0;
    }
    I32[tuple + TupleObject.Items + 2 * i] = item;
  }
  return tuple;
}

/** Names of a frame's slots in order: locals, cells that are not arguments, free variables. */
export function slotNames(unit: CodeUnit): string[] {
  const cells = unit.cellVars.filter((name) => !unit.varNames.includes(name));
  return [...unit.varNames, ...cells, ...unit.freeVars];
}

/** A new code object, or 0 with MemoryError pending. */
export function newCode(unit: CodeUnit): Addr {
  if (merged !== null) return load(unit);
  merged = new Map();
  const code = load(unit);
  merged = null;
  return code;
}

function load(unit: CodeUnit): Addr {
  const code = malloc(CodeObject.Bytes);
  if (code === 0) return raiseMemoryError();
  I32.fill(0, code, code + (CodeObject.Bytes >> 2));
  initObject(code, T.Code);
  const slots = slotNames(unit);
  const ok =
    setTuple(code + CodeObject.Consts, newConstantTuple(unit.consts)) &&
    setTuple(code + CodeObject.Names, newNameTuple(unit.names)) &&
    setTuple(code + CodeObject.LocalsPlusNames, newNameTuple(slots)) &&
    setTuple(code + CodeObject.FileName, newFileName(unit.filename)) &&
    setTuple(code + CodeObject.Name, newName(unit.name)) &&
    setTuple(code + CodeObject.QualName, newName(unit.qualname));
  if (!ok || !setBlocks(code, unit)) {
    decref(code);
    return 0;
  }
  I32[code + CodeObject.ArgCount] = unit.argCount;
  I32[code + CodeObject.PosOnlyArgCount] = unit.posOnlyArgCount;
  I32[code + CodeObject.KwOnlyArgCount] = unit.kwOnlyArgCount;
  I32[code + CodeObject.StackSize] = unit.stackSize;
  I32[code + CodeObject.FirstLine] = unit.firstLine;
  I32[code + CodeObject.Locals] = unit.varNames.length;
  I32[code + CodeObject.Free] = unit.freeVars.length;
  I32[code + CodeObject.LocalsPlus] = slots.length;
  I32[code + CodeObject.Cells] = unit.cellVars.length;
  const plain =
    unit.kwOnlyArgCount === 0 && (unit.flags & (CodeFlag.VarArgs | CodeFlag.VarKeywords)) === 0;
  I32[code + CodeObject.Flags] = unit.flags | (plain ? CodeFlag.Plain : 0);
  return code;
}

function newFileName(name: string): Addr {
  return mergedAs(`file ${name}`, () => newStr(name));
}

function setTuple(field: Addr, value: Addr): boolean {
  I32[field] = value;
  return value !== 0;
}

function newBlock(words: ArrayLike<number>): Addr {
  const block = malloc(Math.max(1, words.length) * 4);
  if (block === 0) return raiseMemoryError();
  I32.set(words, block);
  return block;
}

function setBlocks(code: Addr, unit: CodeUnit): boolean {
  const version = I32[Control.CheckPoints];
  const timed = I32[Control.VirtualTime] !== 0;
  const { code: words, positions, exceptions: table } = withPoints(unit, version, timed);
  const exceptions: number[] = [];
  for (const entry of table) {
    exceptions.push(entry.start, entry.end, entry.target, entry.depth, entry.lasti ? 1 : 0);
  }
  I32[code + CodeObject.Length] = words.length;
  I32[code + CodeObject.ExceptionCount] = table.length;
  return (
    setTuple(code + CodeObject.Bytecode, newBlock(quicken(words))) &&
    setTuple(code + CodeObject.Positions, newBlock(positions)) &&
    setTuple(code + CodeObject.ExceptionTable, newBlock(exceptions))
  );
}

/** Sense and target of a conditional jump behind a comparison, for COMPARE_JUMP's caches. */
function jumpOf(op: number): { when: number; backward: boolean } | null {
  switch (op) {
    case Op.POP_JUMP_FORWARD_IF_FALSE:
      return { when: 0, backward: false };
    case Op.POP_JUMP_FORWARD_IF_TRUE:
      return { when: 1, backward: false };
    case Op.POP_JUMP_BACKWARD_IF_FALSE:
      return { when: 0, backward: true };
    case Op.POP_JUMP_BACKWARD_IF_TRUE:
      return { when: 1, backward: true };
    default:
      return null;
  }
}

function fusedPair(first: number, second: number): number {
  if (first === Op.LOAD_FAST && second === Op.LOAD_FAST) return Fast.LOAD_FAST__LOAD_FAST;
  if (first === Op.LOAD_FAST && second === Op.LOAD_CONST) return Fast.LOAD_FAST__LOAD_CONST;
  if (first === Op.STORE_FAST && second === Op.LOAD_FAST) return Fast.STORE_FAST__LOAD_FAST;
  if (first === Op.STORE_FAST && second === Op.STORE_FAST) return Fast.STORE_FAST__STORE_FAST;
  if (first === Op.LOAD_CONST && second === Op.LOAD_FAST) return Fast.LOAD_CONST__LOAD_FAST;
  return 0;
}

/** BINARY_OP arguments with a case of their own, plain and in place alike. */
function binaryForm(arg: number): number {
  switch (arg % 13) {
    case 0:
      return Fast.BINARY_ADD;
    case 1:
      return Fast.BINARY_AND;
    case 5:
      return Fast.BINARY_MULTIPLY;
    case 6:
      return Fast.BINARY_REMAINDER;
    case 10:
      return Fast.BINARY_SUBTRACT;
    default:
      return 0;
  }
}

/** The eval loop's copy of `code`. */
export function quicken(code: Uint32Array): Int32Array {
  const out = Int32Array.from(code);
  for (let at = 0; at < code.length; at += 1 + caches[code[at] & 255]) {
    const op = code[at] & 255;
    const arg = code[at] >>> 8;
    if (op === Op.PRECALL) {
      out[at] = Fast.CALL | (arg << 8);
    } else if (op === Op.BINARY_OP) {
      const form = binaryForm(arg);
      if (form !== 0) out[at] = form | (arg << 8);
    } else if (op === Op.COMPARE_OP) {
      const next = at + 3;
      const jump = next < code.length ? jumpOf(code[next] & 255) : null;
      if (jump === null) continue;
      const distance = code[next] >>> 8;
      out[at] = Fast.COMPARE_JUMP | (arg << 8);
      out[at + 1] = jump.when;
      out[at + 2] = jump.backward ? 1 - distance : 1 + distance;
    } else if (at + 1 < code.length) {
      const pair = fusedPair(op, code[at + 1] & 255);
      if (pair !== 0) out[at] = pair | (arg << 8);
    }
  }
  return out;
}

/** Line of the instruction at word `index` of `code`, or its first line where none is known. */
export function lineOf(code: Addr, index: number): number {
  if (index < 0 || index >= I32[code + CodeObject.Length]) return I32[code + CodeObject.FirstLine];
  const line = I32[I32[code + CodeObject.Positions] + 4 * index];
  return line > 0 ? line : I32[code + CodeObject.FirstLine];
}

function codeDealloc(code: Addr): void {
  for (const field of [
    CodeObject.Consts,
    CodeObject.Names,
    CodeObject.LocalsPlusNames,
    CodeObject.FileName,
    CodeObject.Name,
    CodeObject.QualName,
  ]) {
    clearField(code + field);
  }
  for (const field of [CodeObject.Bytecode, CodeObject.Positions, CodeObject.ExceptionTable]) {
    if (I32[code + field] !== 0) free(I32[code + field]);
  }
  free(code);
}

/** A tuple of the slot names from `start` to `stop`. */
function newSlotNameTuple(code: Addr, start: number, stop: number): Addr {
  const names = I32[code + CodeObject.LocalsPlusNames];
  const tuple = newTuple(stop - start);
  if (tuple === 0) return 0;
  for (let i = start; i < stop; i++) {
    I32[tuple + TupleObject.Items + 2 * (i - start)] = incref(
      I32[names + TupleObject.Items + 2 * i],
    );
  }
  return tuple;
}

/** Names of the slots that MAKE_CELL turns into cells: arguments among them. */
function newCellNames(code: Addr): Addr {
  const bytecode = I32[code + CodeObject.Bytecode];
  const names: Addr[] = [];
  for (let i = 0; i < I32[code + CodeObject.Length]; i++) {
    const word = I32[bytecode + i];
    if ((word & 255) === Op.COPY_FREE_VARS) continue;
    if ((word & 255) !== Op.MAKE_CELL) break;
    const slots = I32[code + CodeObject.LocalsPlusNames] + TupleObject.Items;
    names.push(I32[slots + 2 * (word >>> 8)]);
  }
  return newTupleOf(names, incref);
}

function count(name: string, offset: number) {
  return getSet(name, (code) => newInt(I32[code + offset]));
}

function codeRepr(code: Addr): Addr {
  const name = getString(I32[code + CodeObject.Name]);
  const file = getString(I32[code + CodeObject.FileName]);
  const at = `0x${(code * 4).toString(16)}`;
  const line = I32[code + CodeObject.FirstLine];
  return newStr(`<code object ${name} at ${at}, file "${file}", line ${line}>`);
}

/** CPython keeps the instructions in the code object; here they are a block beside it. */
function codeSizeOf(code: Addr): Addr {
  return newInt((CPYTHON_CODE_BYTES + 2 * I32[code + CodeObject.Length] + 7) & ~7);
}

const CPYTHON_CODE_BYTES = 184;

defineType({
  type: T.Code,
  name: "code",
  flags: 0,
  basicSize: CodeObject.Bytes,
  slots: { dealloc: codeDealloc, repr: codeRepr },
  methods: [noArgs("__sizeof__", codeSizeOf)],
  members: [
    member("co_consts", CodeObject.Consts),
    member("co_names", CodeObject.Names),
    member("co_filename", CodeObject.FileName),
    member("co_name", CodeObject.Name),
    member("co_qualname", CodeObject.QualName),
  ],
  getSets: [
    count("co_argcount", CodeObject.ArgCount),
    count("co_posonlyargcount", CodeObject.PosOnlyArgCount),
    count("co_kwonlyargcount", CodeObject.KwOnlyArgCount),
    count("co_stacksize", CodeObject.StackSize),
    count("co_firstlineno", CodeObject.FirstLine),
    count("co_nlocals", CodeObject.Locals),
    getSet("co_flags", (code) => newInt(I32[code + CodeObject.Flags] & ~CodeFlag.Plain)),
    getSet("co_varnames", (code) => newSlotNameTuple(code, 0, I32[code + CodeObject.Locals])),
    getSet("co_cellvars", newCellNames),
    getSet("co_freevars", (code) => {
      const total = I32[code + CodeObject.LocalsPlus];
      return newSlotNameTuple(code, total - I32[code + CodeObject.Free], total);
    }),
  ],
});
