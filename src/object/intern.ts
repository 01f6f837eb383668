/**
 * Interned strings (R25): one str for each name, so that names compare by address. The table does
 * not count its entries; a str that dies leaves it. Open addressing with linear probing; removal
 * moves later entries up, so there are no tombstones.
 */
import { type Addr, heap } from "../memory/heap.js";
import { Mutation } from "../memory/layout.js";
import { endMutation, startMutation } from "../memory/mark.js";
import { free, malloc } from "../memory/pymalloc.js";
import { decref, incref } from "./header.js";
import { Head, StrObject } from "./layout.js";
import { hashStr, newStr, strEqual } from "./str.js";
import { StaticArea, T } from "./types.js";

const I32 = heap.I32;

/** The text part of StaticArea.State (state.ts). */
const enum InternTable {
  /** Block of Capacity words, each a str or 0. */
  Table = StaticArea.State + 256,
  /** A power of two, 0 before the first str was interned. */
  Capacity,
  Used,
}

/** Words of the first table; boot interns the identifiers. */
const FIRST_CAPACITY = 4096;

/** Index of the entry equal to `str`, or of the empty place where it belongs. */
function findPlace(str: Addr): number {
  const table = I32[InternTable.Table];
  const mask = I32[InternTable.Capacity] - 1;
  for (let index = hashStr(str) & mask; ; index = (index + 1) & mask) {
    const entry = I32[table + index];
    if (entry === 0 || strEqual(entry, str)) return index;
  }
}

function growTable(): boolean {
  const oldTable = I32[InternTable.Table];
  const oldCapacity = I32[InternTable.Capacity];
  const capacity = oldCapacity === 0 ? FIRST_CAPACITY : oldCapacity * 2;
  const table = malloc(capacity * 4);
  if (table === 0) return false;
  I32.fill(0, table, table + capacity);
  startMutation(Mutation.Resize);
  I32[InternTable.Table] = table;
  I32[InternTable.Capacity] = capacity;
  for (let i = 0; i < oldCapacity; i++) {
    const entry = I32[oldTable + i];
    if (entry !== 0) I32[table + findPlace(entry)] = entry;
  }
  endMutation();
  if (oldTable !== 0) free(oldTable);
  return true;
}

/**
 * The interned str equal to `str`; the reference to `str` is exchanged for one to the result.
 * Instances of subclasses are returned as they are. Never fails: a str that does not fit in memory
 * stays as it is, only not interned.
 */
export function internStr(str: Addr): Addr {
  const state = I32[str + StrObject.State];
  if ((state & StrObject.Interned) !== 0 || I32[str + Head.Type] !== T.Str) return str;
  if (I32[InternTable.Used] * 2 >= I32[InternTable.Capacity] && !growTable()) return str;
  const place = I32[InternTable.Table] + findPlace(str);
  const entry = I32[place];
  if (entry !== 0) {
    incref(entry);
    decref(str);
    return entry;
  }
  I32[place] = str;
  I32[InternTable.Used]++;
  I32[str + StrObject.State] = state | StrObject.Interned;
  return str;
}

/** The interned str of a JavaScript string. */
export function newInterned(text: string): Addr {
  const str = newStr(text);
  return str === 0 ? 0 : internStr(str);
}

/** Remove a dying str from the table. */
export function forgetInterned(str: Addr): void {
  const table = I32[InternTable.Table];
  const mask = I32[InternTable.Capacity] - 1;
  let hole = hashStr(str) & mask;
  startMutation(Mutation.Resize);
  while (I32[table + hole] !== str) hole = (hole + 1) & mask;
  I32[InternTable.Used]--;
  for (let index = hole; ; ) {
    index = (index + 1) & mask;
    const entry = I32[table + index];
    if (entry === 0) break;
    // An entry may fill the hole if its own place does not lie cyclically in (hole, index].
    const home = hashStr(entry) & mask;
    if (((index - home) & mask) >= ((index - hole) & mask)) {
      I32[table + hole] = entry;
      hole = index;
    }
  }
  I32[table + hole] = 0;
  endMutation();
}
