/**
 * Slot tables: what an object of a type can do, as JavaScript functions (CPython's tp_ and nb_
 * slots). Every carrier has its own tables, filled in the same order; a type object names its
 * table by number (TypeObject.Slots), so a type made on one thread works on all.
 *
 * Conventions. A function that returns an Addr returns a new reference, or 0 with an exception
 * pending; one that returns a status returns 0, or -1 with an exception pending; truth values are
 * 1, 0, -1. `hash` returns a 32-bit integer, -1 for an error (a hash of -1 becomes -2).
 * `iterNext` returns 0 at the end, with StopIteration pending or nothing. Binary number slots get
 * both
 * operands in source order and answer NotImplemented (a new reference) when it is not theirs.
 */
import { type Addr, heap } from "../memory/heap.js";
import { onRenewal } from "../memory/renewal.js";
import { TypeObject } from "./layout.js";
import { Kind } from "./types.js";

const I32 = heap.I32;

export type Unary = (self: Addr) => Addr;
export type Binary = (left: Addr, right: Addr) => Addr;
/**
 * Positional arguments at `args` (one word each), keyword values behind them, named by `kwnames`.
 */
export type CallSlot = (self: Addr, args: Addr, nargs: number, kwnames: Addr) => Addr;

/** Operators of richCompare, with CPython's numbers. */
export const enum Compare {
  Lt = 0,
  Le = 1,
  Eq = 2,
  Ne = 3,
  Gt = 4,
  Ge = 5,
}

export class TypeSlots {
  /** Destroy: drop what the object holds and free its block. Count is 0 (or 1 inside `del`). */
  dealloc: (self: Addr) => void = missingDealloc;
  /** Call `visit` for every counted reference the object holds. */
  traverse: ((self: Addr, visit: (ref: Addr) => void) => void) | null = null;
  /** Drop references that can be part of a cycle; the object stays alive. */
  clear: ((self: Addr) => void) | null = null;
  /** Run `__del__` (only types that have one). */
  del: ((self: Addr) => void) | null = null;

  repr: Unary | null = null;
  str: Unary | null = null;
  hash: ((self: Addr) => number) | null = null;
  call: CallSlot | null = null;
  getAttr: Binary | null = null;
  /** `value` 0 deletes. */
  setAttr: ((self: Addr, name: Addr, value: Addr) => number) | null = null;
  richCompare: ((left: Addr, right: Addr, op: number) => Addr) | null = null;
  iter: Unary | null = null;
  iterNext: Unary | null = null;
  /** `object` and `owner` may be 0. */
  descrGet: ((self: Addr, object: Addr, owner: Addr) => Addr) | null = null;
  descrSet: ((self: Addr, object: Addr, value: Addr) => number) | null = null;
  init: ((self: Addr, args: Addr, nargs: number, kwnames: Addr) => number) | null = null;
  new: CallSlot | null = null;

  add: Binary | null = null;
  subtract: Binary | null = null;
  multiply: Binary | null = null;
  remainder: Binary | null = null;
  divmod: Binary | null = null;
  /** `modulus` is None when absent. */
  power: ((left: Addr, right: Addr, modulus: Addr) => Addr) | null = null;
  negative: Unary | null = null;
  positive: Unary | null = null;
  absolute: Unary | null = null;
  bool: ((self: Addr) => number) | null = null;
  invert: Unary | null = null;
  lshift: Binary | null = null;
  rshift: Binary | null = null;
  and: Binary | null = null;
  xor: Binary | null = null;
  or: Binary | null = null;
  int: Unary | null = null;
  float: Unary | null = null;
  index: Unary | null = null;
  floorDivide: Binary | null = null;
  trueDivide: Binary | null = null;
  matrixMultiply: Binary | null = null;
  inplaceAdd: Binary | null = null;
  inplaceSubtract: Binary | null = null;
  inplaceMultiply: Binary | null = null;
  inplaceRemainder: Binary | null = null;
  inplacePower: Binary | null = null;
  inplaceLshift: Binary | null = null;
  inplaceRshift: Binary | null = null;
  inplaceAnd: Binary | null = null;
  inplaceXor: Binary | null = null;
  inplaceOr: Binary | null = null;
  inplaceFloorDivide: Binary | null = null;
  inplaceTrueDivide: Binary | null = null;
  inplaceMatrixMultiply: Binary | null = null;

  /** Number of items, -1 for an error: sequences and mappings alike. */
  length: ((self: Addr) => number) | null = null;
  concat: Binary | null = null;
  repeat: ((self: Addr, count: number) => Addr) | null = null;
  inplaceConcat: Binary | null = null;
  inplaceRepeat: ((self: Addr, count: number) => Addr) | null = null;
  /** Item by non-negative index (negative ones were adjusted); sequences. */
  item: ((self: Addr, index: number) => Addr) | null = null;
  /** `value` 0 deletes. */
  setItem: ((self: Addr, index: number, value: Addr) => number) | null = null;
  contains: ((self: Addr, value: Addr) => number) | null = null;
  subscript: Binary | null = null;
  /** `value` 0 deletes. */
  setSubscript: ((self: Addr, key: Addr, value: Addr) => number) | null = null;
}

function missingDealloc(self: Addr): never {
  throw new Error(`object ${self} has a type without dealloc`);
}

/**
 * Tables by number: static types at their Kind, heap types from Kind.FirstHeap on. Read through
 * {@link slotsOf}, which builds a heap type's table on a thread that has not seen it.
 */
export const slotTables: TypeSlots[] = [];
for (let kind = 0; kind < Kind.FirstHeap; kind++) slotTables.push(new TypeSlots());
onRenewal(() => {
  slotTables.length = Kind.FirstHeap;
});

let buildTable: (number: number) => TypeSlots = missingTable;

function missingTable(number: number): never {
  throw new Error(`slot table ${number} is unknown`);
}

/** heapslots.ts registers how a heap type's table is made from its record in the heap. */
export function registerTableBuilder(build: (number: number) => TypeSlots): void {
  buildTable = build;
}

/** The slots of `type`. */
export function slotsOf(type: Addr): TypeSlots {
  const number = I32[type + TypeObject.Slots];
  return number < slotTables.length ? slotTables[number] : buildTable(number);
}
