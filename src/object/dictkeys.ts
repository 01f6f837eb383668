/**
 * Key tables of dicts (layout.ts DictKeys), after the compact dict of Objects/dictobject.c of
 * CPython 3.11: open-addressed indices over entries in insertion order.
 *
 * An index is stored plus one: 0 is an empty slot, -1 a dummy, so that a zeroed table is valid.
 * Entries: str keys only (Unicode, Split) `key │ hash, value │ –`; General `hash │ –, key, value`.
 */
import { type Addr, heap } from "../memory/heap.js";
import { free, malloc } from "../memory/pymalloc.js";
import { richCompareBool } from "./abstract.js";
import { raiseMemoryError } from "./errors.js";
import { dealloc } from "./header.js";
import { DictKeys, DictKind, DictObject, Head, IntObject, StrObject } from "./layout.js";
import { Compare } from "./slots.js";
import { ObjectState } from "./state.js";
import { hashStr, strEqual } from "./str.js";
import { T } from "./types.js";

const I32 = heap.I32;
const I8 = new Int8Array(heap.buffer);
const I16 = new Int16Array(heap.buffer);

export const enum Lookup {
  Absent = -1,
  /** An exception is pending. */
  Failed = -3,
}

const enum Limit {
  MinLog2 = 3,
  /** Key tables of 8 slots with str keys only that are kept for reuse (R27). */
  FreeTables = 80,
  SharedKeys = 30,
  SharedLog2 = 6,
}

export const enum Entry {
  UnicodeWords = 4,
  GeneralWords = 6,
}

/** Entries that a table of 2^log2 slots holds (R34). */
export function usableSlots(log2: number): number {
  return Math.floor((2 << log2) / 3);
}

/** Least table, as its binary logarithm, of at least `slots` slots (R39). */
export function log2For(slots: number): number {
  let log2: number = Limit.MinLog2;
  while (2 ** log2 < slots) log2++;
  return log2;
}

/** Least table in which `n` entries fit without growth. */
export function log2ForEntries(n: number): number {
  return log2For(Math.ceil((n * 3) / 2));
}

function indexWords(log2: number): number {
  return log2 < 8 ? 1 << (log2 - 2) : log2 < 16 ? 1 << (log2 - 1) : 1 << log2;
}

/** Bytes of a key table (R34). */
export function keysBytes(log2: number, kind: number, usable: number): number {
  return 32 + indexWords(log2) * 4 + usable * (kind === DictKind.General ? 24 : 16);
}

/** A fresh table with count 1, or 0 with MemoryError pending. */
export function newKeys(log2: number, kind: number): Addr {
  let keys: Addr;
  if (log2 === Limit.MinLog2 && kind === DictKind.Unicode && I32[ObjectState.KeysFree] !== 0) {
    keys = I32[ObjectState.KeysFree];
    I32[ObjectState.KeysFree] = I32[keys + DictKeys.Entries];
    I32[ObjectState.KeysFreeCount]--;
    I32[keys + DictKeys.Indices] = 0;
    I32[keys + DictKeys.Indices + 1] = 0;
  } else {
    if (log2 > 26) return raiseMemoryError();
    keys = malloc(keysBytes(log2, kind, usableSlots(log2)));
    if (keys === 0) return raiseMemoryError();
    const words = indexWords(log2);
    const first = keys + DictKeys.Indices;
    if (words <= 64) for (let word = first; word < first + words; word++) I32[word] = 0;
    else I32.fill(0, first, first + words);
  }
  I32[keys] = 1;
  I32[keys + DictKeys.Log2Size] = log2;
  I32[keys + DictKeys.Kind] = kind;
  I32[keys + DictKeys.Usable] = usableSlots(log2);
  I32[keys + DictKeys.Version] = 0;
  I32[keys + DictKeys.Count] = 0;
  I32[keys + DictKeys.Entries] = keys + DictKeys.Indices + indexWords(log2);
  return keys;
}

/** The key table that the instances of a class share (R43): 30 keys. */
export function newSharedKeys(): Addr {
  const keys = newKeys(Limit.SharedLog2, DictKind.Split);
  if (keys !== 0) I32[keys + DictKeys.Usable] = Limit.SharedKeys;
  return keys;
}

/** Free a table whose entries hold nothing any more. */
export function freeKeysMemory(keys: Addr): void {
  if (
    I32[keys + DictKeys.Log2Size] === Limit.MinLog2 &&
    I32[keys + DictKeys.Kind] === DictKind.Unicode &&
    I32[ObjectState.KeysFreeCount] < Limit.FreeTables
  ) {
    I32[keys + DictKeys.Entries] = I32[ObjectState.KeysFree];
    I32[ObjectState.KeysFree] = keys;
    I32[ObjectState.KeysFreeCount]++;
  } else {
    free(keys);
  }
}

/** Drop one reference to a table; the last one drops its keys and values in order (R8). */
export function decrefKeys(keys: Addr): void {
  if (keys === ObjectState.EmptyKeys || --I32[keys] > 0) return;
  const general = I32[keys + DictKeys.Kind] === DictKind.General;
  const stride = general ? Entry.GeneralWords : Entry.UnicodeWords;
  let at = I32[keys + DictKeys.Entries] + (general ? 2 : 0);
  const end = at + I32[keys + DictKeys.Count] * stride;
  const split = I32[keys + DictKeys.Kind] === DictKind.Split;
  for (; at < end; at += stride) {
    const key = I32[at];
    const value = split ? 0 : I32[at + 2];
    if (key !== 0 && --I32[key] === 0) dealloc(key);
    if (value !== 0 && --I32[value] === 0) dealloc(value);
  }
  freeKeysMemory(keys);
}

/** Give the kept key tables back to the allocator (C20). */
export function clearKeysFreeList(): void {
  for (;;) {
    const keys = I32[ObjectState.KeysFree];
    if (keys === 0) return;
    I32[ObjectState.KeysFree] = I32[keys + DictKeys.Entries];
    I32[ObjectState.KeysFreeCount]--;
    free(keys);
  }
}

/** What the index slot `i` holds: entry number + 1, 0 or -1. */
export function indexAt(keys: Addr, log2: number, i: number): number {
  const first = keys + DictKeys.Indices;
  if (log2 < 8) return I8[(first << 2) + i];
  if (log2 < 16) return I16[(first << 1) + i];
  return I32[first + i];
}

export function setIndexAt(keys: Addr, log2: number, i: number, value: number): void {
  const first = keys + DictKeys.Indices;
  if (log2 < 8) I8[(first << 2) + i] = value;
  else if (log2 < 16) I16[(first << 1) + i] = value;
  else I32[first + i] = value;
}

/** Entry number of the str `name` of `hash` in a table of str keys, or Absent. Never raises. */
export function lookupUnicode(keys: Addr, name: Addr, hash: number): number {
  const log2 = I32[keys + DictKeys.Log2Size];
  const mask = (1 << log2) - 1;
  const entries = I32[keys + DictKeys.Entries];
  let perturb = hash;
  let i = hash & mask;
  if (log2 < 8) {
    const first = (keys + DictKeys.Indices) << 2;
    for (;;) {
      const stored = I8[first + i];
      if (stored > 0) {
        const entry = entries + ((stored - 1) << 2);
        const key = I32[entry];
        if (key === name || (I32[entry + 1] === hash && strEqual(key, name))) return stored - 1;
      } else if (stored === 0) {
        return Lookup.Absent;
      }
      perturb >>>= 5;
      i = (i * 5 + perturb + 1) & mask;
    }
  }
  for (;;) {
    const stored = indexAt(keys, log2, i);
    if (stored > 0) {
      const entry = entries + ((stored - 1) << 2);
      const key = I32[entry];
      if (key === name || (I32[entry + 1] === hash && strEqual(key, name))) return stored - 1;
    } else if (stored === 0) {
      return Lookup.Absent;
    }
    perturb >>>= 5;
    i = (i * 5 + perturb + 1) & mask;
  }
}

/** Entry number of the str `name` in the key table `keys`, or Absent; for inline caches. */
export function lookupUnicodeIndex(keys: Addr, name: Addr): number {
  if (I32[keys + DictKeys.Kind] === DictKind.General) return Lookup.Absent;
  const known = I32[name + StrObject.HashKnown] === 1;
  return lookupUnicode(keys, name, known ? I32[name + StrObject.Hash] : hashStr(name));
}

/** Entry number of a str in a General table: keys that are no exact str cannot be compared here. */
function lookupStrInGeneral(dict: Addr, keys: Addr, name: Addr, hash: number): number {
  const log2 = I32[keys + DictKeys.Log2Size];
  const mask = (1 << log2) - 1;
  const entries = I32[keys + DictKeys.Entries];
  let perturb = hash;
  let i = hash & mask;
  for (;;) {
    const stored = indexAt(keys, log2, i);
    if (stored > 0) {
      const entry = entries + (stored - 1) * Entry.GeneralWords;
      const key = I32[entry + 2];
      if (key === name) return stored - 1;
      if (I32[entry] === hash) {
        if (I32[key + Head.Type] !== T.Str) return lookupGeneral(dict, name, hash);
        if (strEqual(key, name)) return stored - 1;
      }
    } else if (stored === 0) {
      return Lookup.Absent;
    }
    perturb >>>= 5;
    i = (i * 5 + perturb + 1) & mask;
  }
}

/** Entry number of any key in a table of any kind: Absent, or Failed with an exception pending. */
function lookupGeneral(dict: Addr, sought: Addr, hash: number): number {
  restart: for (;;) {
    const keys = I32[dict + DictObject.Keys];
    const general = I32[keys + DictKeys.Kind] === DictKind.General;
    const stride = general ? Entry.GeneralWords : Entry.UnicodeWords;
    const log2 = I32[keys + DictKeys.Log2Size];
    const mask = (1 << log2) - 1;
    const entries = I32[keys + DictKeys.Entries];
    let perturb = hash;
    for (let i = hash & mask; ; i = (i * 5 + perturb + 1) & mask) {
      const stored = indexAt(keys, log2, i);
      if (stored === 0) return Lookup.Absent;
      if (stored > 0) {
        const entry = entries + (stored - 1) * stride;
        const key = I32[entry + (general ? 2 : 0)];
        if (key === sought) return stored - 1;
        if (I32[general ? entry : entry + 1] === hash) {
          I32[key]++;
          const equal = richCompareBool(key, sought, Compare.Eq);
          if (--I32[key] === 0) dealloc(key);
          if (equal < 0) return Lookup.Failed;
          // The comparison ran Python, which may have changed the dict.
          if (I32[dict + DictObject.Keys] !== keys || I32[entry + (general ? 2 : 0)] !== key) {
            continue restart;
          }
          if (equal > 0) return stored - 1;
        }
      }
      perturb >>>= 5;
    }
  }
}

/** Entry number of a compact int in a General table; other ints of equal hash take the long way. */
function lookupCompactInt(dict: Addr, keys: Addr, sought: Addr, hash: number): number {
  const value = I32[sought + IntObject.Value];
  const log2 = I32[keys + DictKeys.Log2Size];
  const mask = (1 << log2) - 1;
  const entries = I32[keys + DictKeys.Entries];
  let perturb = hash;
  for (let i = hash & mask; ; i = (i * 5 + perturb + 1) & mask) {
    const stored = indexAt(keys, log2, i);
    if (stored === 0) return Lookup.Absent;
    if (stored > 0) {
      const entry = entries + (stored - 1) * Entry.GeneralWords;
      const key = I32[entry + 2];
      if (key === sought) return stored - 1;
      if (I32[entry] === hash) {
        if (I32[key + Head.Type] !== T.Int) return lookupGeneral(dict, sought, hash);
        if (I32[key + IntObject.Value] === value) return stored - 1;
      }
    }
    perturb >>>= 5;
  }
}

/** Entry number of `key` of `hash` in `dict`: Absent, or Failed with an exception pending. */
export function lookup(dict: Addr, key: Addr, hash: number): number {
  const keys = I32[dict + DictObject.Keys];
  const type = I32[key + Head.Type];
  if (I32[keys + DictKeys.Kind] === DictKind.General) {
    if (type === T.Str) return lookupStrInGeneral(dict, keys, key, hash);
    if (type === T.Int && I32[key + IntObject.Value] !== IntObject.NotCompact) {
      return lookupCompactInt(dict, keys, key, hash);
    }
    return lookupGeneral(dict, key, hash);
  }
  if (type === T.Str) return lookupUnicode(keys, key, hash);
  return lookupGeneral(dict, key, hash);
}

/** Slot number that leads to entry `index`, whose key has `hash`. */
export function slotOfEntry(keys: Addr, hash: number, index: number): number {
  const log2 = I32[keys + DictKeys.Log2Size];
  const mask = (1 << log2) - 1;
  let perturb = hash;
  for (let i = hash & mask; ; i = (i * 5 + perturb + 1) & mask) {
    if (indexAt(keys, log2, i) === index + 1) return i;
    perturb >>>= 5;
  }
}

/** Enter entry number `index` of `hash` in the first free slot. */
export function insertIndex(keys: Addr, hash: number, index: number): void {
  const log2 = I32[keys + DictKeys.Log2Size];
  const mask = (1 << log2) - 1;
  let perturb = hash;
  let i = hash & mask;
  while (indexAt(keys, log2, i) > 0) {
    perturb >>>= 5;
    i = (i * 5 + perturb + 1) & mask;
  }
  setIndexAt(keys, log2, i, index + 1);
}

/** Append an entry for `key` (stolen) and `value` (stolen) to a table with room; its number. */
export function appendEntry(keys: Addr, key: Addr, hash: number, value: Addr): number {
  const index = I32[keys + DictKeys.Count];
  insertIndex(keys, hash, index);
  if (I32[keys + DictKeys.Kind] === DictKind.General) {
    const entry = I32[keys + DictKeys.Entries] + index * Entry.GeneralWords;
    I32[entry] = hash;
    I32[entry + 2] = key;
    I32[entry + 4] = value;
  } else {
    const entry = I32[keys + DictKeys.Entries] + (index << 2);
    I32[entry] = key;
    I32[entry + 1] = hash;
    I32[entry + 2] = value;
  }
  I32[keys + DictKeys.Count] = index + 1;
  I32[keys + DictKeys.Usable]--;
  I32[keys + DictKeys.Version] = 0;
  return index;
}

/** Number of a new version of `keys` for inline caches, or of the one it has. */
export function versionOfKeys(keys: Addr): number {
  let version = I32[keys + DictKeys.Version];
  if (version === 0 && keys !== ObjectState.EmptyKeys) {
    version = ++I32[ObjectState.KeysVersion];
    I32[keys + DictKeys.Version] = version;
  }
  return version;
}
