/**
 * set and frozenset: the table and its operations (the types are in settype.ts). Probing after
 * Objects/setobject.c of CPython 3.11, so that sets of ints iterate in CPython's order.
 *
 * An entry has four words: key, –, hash, –. Key 0 is empty, Dummy a removed one (hash -1).
 */
import { type Addr, heap } from "../memory/heap.js";
import { Mutation } from "../memory/layout.js";
import { endMutation, startMutation } from "../memory/mark.js";
import { free, malloc } from "../memory/pymalloc.js";
import { getIter, hashObject, iterNext, richCompareBool } from "./abstract.js";
import { dictHashAt, dictKeyAt, dictNext } from "./dict.js";
import { pending, raiseMemoryError, raiseStatus } from "./errors.js";
import { newGcObject, track } from "./gcheader.js";
import { dealloc, decref, incref } from "./header.js";
import { Head, IntObject, SetObject, TypeFlag, TypeObject } from "./layout.js";
import { Compare } from "./slots.js";
import { strEqual } from "./str.js";
import { T } from "./types.js";

const I32 = heap.I32;

export const enum SetEntry {
  Hash = 2,
  Words = 4,
  /** Key word of a removed entry. */
  Dummy = -1,
}

const enum Probe {
  Linear = 9,
  MinSlots = 8,
}

/** Is `object` a set or frozenset, or of a subclass? */
export function isAnySet(object: Addr): boolean {
  return (I32[I32[object + Head.Type] + TypeObject.Flags] & TypeFlag.SetSubclass) !== 0;
}

/** Make the zeroed fields of a new set those of an empty one. */
export function initializeSet(set: Addr): void {
  I32[set + SetObject.Mask] = Probe.MinSlots - 1;
  I32[set + SetObject.Table] = set + SetObject.SmallTable;
}

function newEmpty(type: Addr): Addr {
  const set = newGcObject(type, SetObject.Bytes);
  if (set === 0) return 0;
  initializeSet(set);
  track(set);
  return set;
}

/** A set of the items of `iterable`, or an empty one for 0. */
export function newSet(iterable: Addr): Addr {
  return fill(newEmpty(T.Set), iterable);
}

/** `frozenset(iterable)`, always a new object (R24). */
export function newFrozenSet(iterable: Addr): Addr {
  return fill(newEmpty(T.FrozenSet), iterable);
}

function fill(set: Addr, iterable: Addr): Addr {
  if (set === 0 || iterable === 0 || setUpdate(set, iterable) === 0) return set;
  decref(set);
  return 0;
}

/** Do `key` and `sought`, of equal hash, differ or agree, without Python? 1, 0; -2: ask. */
function equalFast(key: Addr, sought: Addr): number {
  const type = I32[key + Head.Type];
  if (type !== I32[sought + Head.Type]) return -2;
  if (type === T.Str) return strEqual(key, sought) ? 1 : 0;
  if (type === T.Int && I32[key + IntObject.Value] !== IntObject.NotCompact) {
    return I32[key + IntObject.Value] === I32[sought + IntObject.Value] ? 1 : 0;
  }
  return -2;
}

/** Entry of `key` of `hash`: 0 when absent, -1 with an exception pending. */
export function setFind(set: Addr, key: Addr, hash: number): Addr {
  restart: for (;;) {
    const table = I32[set + SetObject.Table];
    const mask = I32[set + SetObject.Mask];
    let perturb = hash;
    for (let i = hash & mask; ; i = (i * 5 + 1 + perturb) & mask) {
      let entry = table + i * SetEntry.Words;
      let probes = i + Probe.Linear <= mask ? Probe.Linear : 0;
      for (; probes >= 0; probes--, entry += SetEntry.Words) {
        const found = I32[entry];
        if (found === 0) return 0;
        if (found === key) return entry;
        if (I32[entry + SetEntry.Hash] === hash && found !== SetEntry.Dummy) {
          const fast = equalFast(found, key);
          if (fast === 1) return entry;
          if (fast === -2) {
            I32[found]++;
            const equal = richCompareBool(found, key, Compare.Eq);
            if (--I32[found] === 0) dealloc(found);
            if (equal < 0) return -1;
            if (I32[set + SetObject.Table] !== table || I32[entry] !== found) continue restart;
            if (equal > 0) return entry;
          }
        }
      }
      perturb >>>= 5;
    }
  }
}

/** Enter a key (stolen) known to be absent in a table without dummies. */
function insertClean(table: Addr, mask: number, key: Addr, hash: number): void {
  let perturb = hash;
  for (let i = hash & mask; ; i = (i * 5 + 1 + perturb) & mask) {
    let entry = table + i * SetEntry.Words;
    let probes = i + Probe.Linear <= mask ? Probe.Linear : 0;
    for (; probes >= 0; probes--, entry += SetEntry.Words) {
      if (I32[entry] === 0) {
        I32[entry] = key;
        I32[entry + SetEntry.Hash] = hash;
        return;
      }
    }
    perturb >>>= 5;
  }
}

/** Rebuild with the least power of two above `minUsed` slots (R41). */
function resizeSet(set: Addr, minUsed: number): number {
  let slots: number = Probe.MinSlots;
  while (slots <= minUsed) slots *= 2;
  const oldTable = I32[set + SetObject.Table];
  const oldMask = I32[set + SetObject.Mask];
  const small = set + SetObject.SmallTable;
  let from = oldTable;
  let table = small;
  let scratch = 0;
  if (slots === Probe.MinSlots) {
    if (oldTable === small) {
      if (I32[set + SetObject.Fill] === I32[set + SetObject.Used]) return 0;
      scratch = malloc(Probe.MinSlots * SetEntry.Words * 4);
      if (scratch === 0) {
        raiseMemoryError();
        return -1;
      }
      I32.copyWithin(scratch, small, small + Probe.MinSlots * SetEntry.Words);
      from = scratch;
    }
  } else {
    table = malloc(slots * SetEntry.Words * 4);
    if (table === 0) {
      raiseMemoryError();
      return -1;
    }
  }
  const tableEnd = table + slots * SetEntry.Words;
  // Measured: below some 128 words a loop is faster than fill.
  if (slots <= 32) for (let word = table; word < tableEnd; word++) I32[word] = 0;
  else I32.fill(0, table, tableEnd);
  I32[set + SetObject.Mask] = slots - 1;
  I32[set + SetObject.Table] = table;
  I32[set + SetObject.Fill] = I32[set + SetObject.Used];
  const end = from + (oldMask + 1) * SetEntry.Words;
  for (let entry = from; entry < end; entry += SetEntry.Words) {
    const key = I32[entry];
    if (key !== 0 && key !== SetEntry.Dummy) {
      insertClean(table, slots - 1, key, I32[entry + SetEntry.Hash]);
    }
  }
  if (scratch !== 0) free(scratch);
  if (oldTable !== small) free(oldTable);
  return 0;
}

/** Add `key` (borrowed) of known `hash`. */
export function setAddHash(set: Addr, key: Addr, hash: number): number {
  const found = setFind(set, key, hash);
  if (found !== 0) return found > 0 ? 0 : -1;
  // The probe sequence's first empty entry; dummies are not reused, as in CPython.
  I32[key]++;
  insertClean(I32[set + SetObject.Table], I32[set + SetObject.Mask], key, hash);
  const fillCount = ++I32[set + SetObject.Fill];
  const used = ++I32[set + SetObject.Used];
  if (fillCount * 5 < I32[set + SetObject.Mask] * 3) return 0;
  return resizeSet(set, used > 50000 ? used * 2 : used * 4);
}

/** Add `key` (borrowed). */
export function setAdd(set: Addr, key: Addr): number {
  const hash = hashObject(key);
  return hash === -1 ? -1 : setAddHash(set, key, hash);
}

/** Is `key` in the set? 1, 0, or -1 with an exception pending. */
export function setContains(set: Addr, key: Addr): number {
  const hash = hashObject(key);
  if (hash === -1) return -1;
  const entry = setFind(set, key, hash);
  return entry > 0 ? 1 : entry;
}

/** Take the key at `entry` out: an owned reference. */
export function setRemoveEntry(set: Addr, entry: Addr): Addr {
  const key = I32[entry];
  I32[entry] = SetEntry.Dummy;
  I32[entry + SetEntry.Hash] = -1;
  I32[set + SetObject.Used]--;
  return key;
}

/** Remove `key` of known `hash`: 1 removed, 0 absent, -1 with an exception pending. */
export function setDiscardHash(set: Addr, key: Addr, hash: number): number {
  const entry = setFind(set, key, hash);
  if (entry <= 0) return entry;
  decref(setRemoveEntry(set, entry));
  return 1;
}

/** Remove `key`: 1 removed, 0 absent, -1 with an exception pending. */
export function setDiscard(set: Addr, key: Addr): number {
  const hash = hashObject(key);
  return hash === -1 ? -1 : setDiscardHash(set, key, hash);
}

/** Number of items. */
export function setSize(set: Addr): number {
  return I32[set + SetObject.Used];
}

/** Slot number of the first item at or after slot `pos`, or -1. */
export function setNext(set: Addr, pos: number): number {
  const table = I32[set + SetObject.Table];
  const mask = I32[set + SetObject.Mask];
  for (let i = pos; i <= mask; i++) {
    const key = I32[table + i * SetEntry.Words];
    if (key !== 0 && key !== SetEntry.Dummy) return i;
  }
  return -1;
}

/** Key at a slot given by {@link setNext}: borrowed. */
export function setKeyAt(set: Addr, pos: number): Addr {
  return I32[I32[set + SetObject.Table] + pos * SetEntry.Words];
}

/** Hash at a slot given by {@link setNext}. */
export function setHashAt(set: Addr, pos: number): number {
  return I32[I32[set + SetObject.Table] + pos * SetEntry.Words + SetEntry.Hash];
}

/** Add all items of the set `other`. */
export function setMerge(set: Addr, other: Addr): number {
  if (set === other || I32[other + SetObject.Used] === 0) return 0;
  const used = I32[other + SetObject.Used];
  if ((I32[set + SetObject.Fill] + used) * 5 >= I32[set + SetObject.Mask] * 3) {
    if (resizeSet(set, (I32[set + SetObject.Used] + used) * 2) < 0) return -1;
  }
  if (I32[set + SetObject.Fill] === 0) {
    copyIntoEmpty(set, other);
    return 0;
  }
  for (let i = setNext(other, 0); i >= 0; i = setNext(other, i + 1)) {
    const key = incref(setKeyAt(other, i));
    const status = setAddHash(set, key, setHashAt(other, i));
    decref(key);
    if (status < 0) return -1;
  }
  return 0;
}

function copyIntoEmpty(set: Addr, other: Addr): void {
  const mask = I32[set + SetObject.Mask];
  const table = I32[set + SetObject.Table];
  const theirs = I32[other + SetObject.Table];
  const used = I32[other + SetObject.Used];
  const same = mask === I32[other + SetObject.Mask] && I32[other + SetObject.Fill] === used;
  const end = theirs + (I32[other + SetObject.Mask] + 1) * SetEntry.Words;
  for (let entry = theirs, to = table; entry < end; entry += SetEntry.Words) {
    const key = I32[entry];
    if (key !== 0 && key !== SetEntry.Dummy) {
      I32[key]++;
      if (same) {
        I32[to] = key;
        I32[to + SetEntry.Hash] = I32[entry + SetEntry.Hash];
      } else {
        insertClean(table, mask, key, I32[entry + SetEntry.Hash]);
      }
    }
    if (same) to += SetEntry.Words;
  }
  I32[set + SetObject.Fill] = used;
  I32[set + SetObject.Used] = used;
}

/** Add all items of `iterable`. */
export function setUpdate(set: Addr, iterable: Addr): number {
  if (isAnySet(iterable)) return setMerge(set, iterable);
  if (I32[iterable + Head.Type] === T.Dict) {
    for (let i = dictNext(iterable, 0); i >= 0; i = dictNext(iterable, i + 1)) {
      const key = incref(dictKeyAt(iterable, i));
      const status = setAddHash(set, key, dictHashAt(iterable, i));
      decref(key);
      if (status < 0) return -1;
    }
    return 0;
  }
  const iterator = getIter(iterable);
  if (iterator === 0) return -1;
  for (;;) {
    const item = iterNext(iterator);
    if (item === 0) break;
    const status = setAdd(set, item);
    decref(item);
    if (status < 0) break;
  }
  decref(iterator);
  return pending() ? -1 : 0;
}

/** Remove all items; the set is empty before the first is dropped (R18). */
export function setClear(set: Addr): number {
  const small = set + SetObject.SmallTable;
  const oldTable = I32[set + SetObject.Table];
  const slots = I32[set + SetObject.Mask] + 1;
  if (I32[set + SetObject.Fill] === 0 && oldTable === small) return 0;
  let from = oldTable;
  if (oldTable === small) {
    from = malloc(Probe.MinSlots * SetEntry.Words * 4);
    if (from === 0) return raiseStatus(T.MemoryError, "");
    I32.copyWithin(from, small, small + Probe.MinSlots * SetEntry.Words);
  }
  I32.fill(0, small, small + Probe.MinSlots * SetEntry.Words);
  I32[set + SetObject.Fill] = 0;
  I32[set + SetObject.Used] = 0;
  initializeSet(set);
  for (let i = 0; i < slots; i++) {
    const key = I32[from + i * SetEntry.Words];
    if (key !== 0 && key !== SetEntry.Dummy && --I32[key] === 0) dealloc(key);
  }
  free(from);
  return 0;
}

/** A new set of `type` (T.Set or T.FrozenSet) with the items of the set `other`. */
export function setCopyAs(type: Addr, other: Addr): Addr {
  const set = newEmpty(type);
  if (set !== 0 && setMerge(set, other) < 0) {
    decref(set);
    return 0;
  }
  return set;
}

/** Exchange the tables of two sets. */
export function setSwap(a: Addr, b: Addr): void {
  const tableA = I32[a + SetObject.Table];
  const tableB = I32[b + SetObject.Table];
  startMutation(Mutation.Resize);
  for (const field of [SetObject.Fill, SetObject.Used, SetObject.Mask]) {
    const value = I32[a + field];
    I32[a + field] = I32[b + field];
    I32[b + field] = value;
  }
  for (let i = 0; i < Probe.MinSlots * SetEntry.Words; i++) {
    const value = I32[a + SetObject.SmallTable + i];
    I32[a + SetObject.SmallTable + i] = I32[b + SetObject.SmallTable + i];
    I32[b + SetObject.SmallTable + i] = value;
  }
  I32[a + SetObject.Table] =
    tableB === b + SetObject.SmallTable ? a + SetObject.SmallTable : tableB;
  I32[b + SetObject.Table] =
    tableA === a + SetObject.SmallTable ? b + SetObject.SmallTable : tableA;
  endMutation();
}

/** Drop the keys and the table of a dying set. */
export function setFreeTable(set: Addr): void {
  const table = I32[set + SetObject.Table];
  const end = table + (I32[set + SetObject.Mask] + 1) * SetEntry.Words;
  for (let entry = table; entry < end; entry += SetEntry.Words) {
    const key = I32[entry];
    if (key !== 0 && key !== SetEntry.Dummy && --I32[key] === 0) dealloc(key);
  }
  if (table !== set + SetObject.SmallTable) free(table);
}
