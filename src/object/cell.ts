/** Cells: variables shared between a function and those inside it. */

import { type Addr, heap } from "../memory/heap.js";
import { richCompare as compareObjects } from "./abstract.js";
import { checkArity } from "./arguments.js";
import { defineType, getSet } from "./define.js";
import { newNotImplemented, raise } from "./errors.js";
import { freeObject, newGcObject, track } from "./gcheader.js";
import { clearField, incref, setField } from "./header.js";
import { CellObject, Head, TypeFlag } from "./layout.js";
import { Compare } from "./slots.js";
import { newStr } from "./str.js";
import { inTrashcan } from "./trashcan.js";
import { typeName } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

/** A cell holding `value` (borrowed; 0: empty). */
export function newCell(value: Addr): Addr {
  const cell = newGcObject(T.Cell, CellObject.Bytes);
  if (cell === 0) return 0;
  if (value !== 0) {
    I32[value]++;
    I32[cell + CellObject.Contents] = value;
  }
  track(cell);
  return cell;
}

/** Put `value` (stolen; 0 empties) into the cell. */
export function setCellContents(cell: Addr, value: Addr): void {
  setField(cell + CellObject.Contents, value);
}

const dealloc = inTrashcan((self) => {
  clearField(self + CellObject.Contents);
  freeObject(self);
});

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  const contents = I32[self + CellObject.Contents];
  if (contents !== 0) visit(contents);
}

function clear(self: Addr): void {
  clearField(self + CellObject.Contents);
}

/** Empty cells come before all others. */
function richCompare(left: Addr, right: Addr, op: number): Addr {
  if (I32[right + Head.Type] !== T.Cell) return newNotImplemented();
  const a = I32[left + CellObject.Contents];
  const b = I32[right + CellObject.Contents];
  if (a !== 0 && b !== 0) return compareObjects(a, b, op);
  const order = (a === 0 ? 0 : 1) - (b === 0 ? 0 : 1);
  let holds = order === 0;
  if (op === Compare.Lt) holds = order < 0;
  else if (op === Compare.Le) holds = order <= 0;
  else if (op === Compare.Ne) holds = order !== 0;
  else if (op === Compare.Gt) holds = order > 0;
  else if (op === Compare.Ge) holds = order >= 0;
  return incref(holds ? S.True : S.False);
}

/** `0x7f…`: the address as CPython's `%p` shows it. */
function pointer(object: Addr): string {
  return `0x${(object * 4).toString(16)}`;
}

function repr(self: Addr): Addr {
  const contents = I32[self + CellObject.Contents];
  if (contents === 0) return newStr(`<cell at ${pointer(self)}: empty>`);
  const name = typeName(I32[contents + Head.Type]);
  return newStr(`<cell at ${pointer(self)}: ${name} object at ${pointer(contents)}>`);
}

function newCellObject(_type: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("cell", nargs, 0, 1)) return 0;
  return newCell(nargs === 0 ? 0 : I32[args]);
}

function getContents(self: Addr): Addr {
  const contents = I32[self + CellObject.Contents];
  return contents === 0 ? raise(T.ValueError, "Cell is empty") : incref(contents);
}

function setContents(self: Addr, value: Addr): number {
  setCellContents(self, value === 0 ? 0 : incref(value));
  return 0;
}

defineType({
  type: T.Cell,
  name: "cell",
  flags: TypeFlag.HasGc,
  basicSize: CellObject.Bytes,
  slots: { dealloc, traverse, clear, richCompare, repr, new: newCellObject },
  getSets: [getSet("cell_contents", getContents, setContents)],
  doc: "Create a new cell object.",
});
