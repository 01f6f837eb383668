/**
 * dict: the operations (the type is in dicttype.ts, key tables in dictkeys.ts, attributes of
 * instances in instancedict.ts). After Objects/dictobject.c of CPython 3.11.
 *
 * A combined dict has keys and values in its own table. A split dict (Values not 0) shares the key
 * table of a class; Values is a ValuesBlock: value i at `First + 2 * i`, and in the high word of
 * value k the number of the k-th attribute in order of creation.
 */
import { type Addr, heap } from "../memory/heap.js";
import { free } from "../memory/pymalloc.js";
import { hashObject } from "./abstract.js";
import {
  appendEntry,
  decrefKeys,
  Entry,
  keysBytes,
  Lookup,
  log2For,
  log2ForEntries,
  lookup,
  lookupUnicode,
  newKeys,
  setIndexAt,
  slotOfEntry,
  usableSlots,
  versionOfKeys,
} from "./dictkeys.js";
import { pending, raiseValue } from "./errors.js";
import { mayBeTracked, newGcObject, track } from "./gcheader.js";
import { dealloc, decref, incref } from "./header.js";
import {
  DictKeys,
  DictKind,
  DictObject,
  GcHead,
  Head,
  StrObject,
  TypeFlag,
  TypeObject,
  ValuesBlock,
} from "./layout.js";
import { ObjectState } from "./state.js";
import { hashStr } from "./str.js";
import { T } from "./types.js";

export { lookupUnicodeIndex, newSharedKeys } from "./dictkeys.js";
export { dictMerge, dictUpdate } from "./dictmerge.js";
export {
  clearInstanceAttributes,
  freeInstanceAttributes,
  instanceDict,
  instanceGet,
  instanceSet,
  visitInstance,
} from "./instancedict.js";

const I32 = heap.I32;

/** An empty dict, untracked until it holds something that can be part of a cycle (C1). */
export function newDict(): Addr {
  let dict = I32[ObjectState.DictFree];
  if (dict !== 0) {
    I32[ObjectState.DictFree] = I32[dict + DictObject.Keys];
    I32[ObjectState.DictFreeCount]--;
    I32[dict] = 1;
  } else {
    dict = newGcObject(T.Dict, DictObject.Bytes);
    if (dict === 0) return 0;
  }
  I32[dict + DictObject.Used] = 0;
  I32[dict + DictObject.Keys] = ObjectState.EmptyKeys;
  I32[dict + DictObject.Values] = 0;
  return dict;
}

/** Is `object` a dict or an instance of a subclass? */
export function isDict(object: Addr): boolean {
  return (I32[I32[object + Head.Type] + TypeObject.Flags] & TypeFlag.DictSubclass) !== 0;
}

/** Hash of a key; -1 with an exception pending. */
function hashKey(key: Addr): number {
  if (I32[key + Head.Type] === T.Str) {
    return I32[key + StrObject.HashKnown] === 1 ? I32[key + StrObject.Hash] : hashStr(key);
  }
  return hashObject(key);
}

/** Value of entry number `index` that a look-up found: borrowed; 0 for an unset shared key. */
function entryValue(dict: Addr, index: number): Addr {
  const values = I32[dict + DictObject.Values];
  if (values !== 0) return I32[values + ValuesBlock.First + 2 * index];
  const keys = I32[dict + DictObject.Keys];
  if (I32[keys + DictKeys.Kind] === DictKind.General) {
    return I32[I32[keys + DictKeys.Entries] + index * Entry.GeneralWords + 4];
  }
  return I32[I32[keys + DictKeys.Entries] + (index << 2) + 2];
}

/** Value of `key`, borrowed: 0 when absent or, with an exception pending, on failure. */
export function dictGet(dict: Addr, key: Addr): Addr {
  const hash = hashKey(key);
  if (hash === -1) return 0;
  const index = lookup(dict, key, hash);
  return index < 0 ? 0 : entryValue(dict, index);
}

/** As {@link dictGet}, for a key whose hash is known. */
export function dictGetHash(dict: Addr, key: Addr, hash: number): Addr {
  const index = lookup(dict, key, hash);
  return index < 0 ? 0 : entryValue(dict, index);
}

/**
 * Value of the exact str `name`, borrowed, 0 when absent. Does not raise while all keys are str.
 */
export function dictGetStr(dict: Addr, name: Addr): Addr {
  return dictGetStrHash(
    dict,
    name,
    I32[name + StrObject.HashKnown] === 1 ? I32[name + StrObject.Hash] : hashStr(name),
  );
}

/** As {@link dictGetStr}, with the hash of `name`. */
export function dictGetStrHash(dict: Addr, name: Addr, hash: number): Addr {
  const keys = I32[dict + DictObject.Keys];
  if (I32[keys + DictKeys.Kind] !== DictKind.Unicode) {
    const index = lookup(dict, name, hash);
    return index < 0 ? 0 : entryValue(dict, index);
  }
  const index = lookupUnicode(keys, name, hash);
  return index < 0 ? 0 : I32[I32[keys + DictKeys.Entries] + (index << 2) + 2];
}

/** Set `dict[key] = value` (both borrowed). */
export function dictSet(dict: Addr, key: Addr, value: Addr): number {
  const hash = hashKey(key);
  if (hash === -1) return -1;
  return dictSetHash(dict, key, hash, value);
}

/** Set the exact str `name`. */
export function dictSetStr(dict: Addr, name: Addr, value: Addr): number {
  return dictSetHash(
    dict,
    name,
    I32[name + StrObject.HashKnown] === 1 ? I32[name + StrObject.Hash] : hashStr(name),
    value,
  );
}

/** As {@link dictSet}, with the key's hash. */
export function dictSetHash(dict: Addr, key: Addr, hash: number, value: Addr): number {
  const index = lookup(dict, key, hash);
  if (index >= 0) {
    if (I32[dict + DictObject.Values] === 0) {
      const keys = I32[dict + DictObject.Keys];
      const at =
        I32[keys + DictKeys.Kind] === DictKind.General
          ? I32[keys + DictKeys.Entries] + index * Entry.GeneralWords + 4
          : I32[keys + DictKeys.Entries] + (index << 2) + 2;
      const old = I32[at];
      I32[value]++;
      I32[at] = value;
      if (I32[dict + GcHead.Next] === 0 && mayBeTracked(value)) track(dict);
      if (--I32[old] === 0) dealloc(old);
      return 0;
    }
    setSplitValue(dict, index, value);
    return 0;
  }
  if (index === Lookup.Failed) return -1;
  return insertNew(dict, key, hash, value);
}

/** Insert a key that is absent. */
function insertNew(dict: Addr, key: Addr, hash: number, value: Addr): number {
  let keys = I32[dict + DictObject.Keys];
  const isStr = I32[key + Head.Type] === T.Str;
  if (I32[dict + DictObject.Values] !== 0) {
    if (isStr && I32[keys + DictKeys.Usable] > 0) {
      const index = appendEntry(keys, incref(key), hash, 0);
      setSplitValue(dict, index, value);
      return 0;
    }
    if (growDict(dict, isStr) < 0) return -1;
    keys = I32[dict + DictObject.Keys];
  } else if (keys === ObjectState.EmptyKeys) {
    keys = newKeys(3, isStr ? DictKind.Unicode : DictKind.General);
    if (keys === 0) return -1;
    I32[dict + DictObject.Keys] = keys;
  } else if (
    I32[keys + DictKeys.Usable] <= 0 ||
    (!isStr && I32[keys + DictKeys.Kind] === DictKind.Unicode)
  ) {
    if (growDict(dict, isStr) < 0) return -1;
    keys = I32[dict + DictObject.Keys];
  }
  I32[key]++;
  I32[value]++;
  appendEntry(keys, key, hash, value);
  I32[dict + DictObject.Used]++;
  if (I32[dict + GcHead.Next] === 0 && (mayBeTracked(value) || mayBeTracked(key))) track(dict);
  return 0;
}

/** Set the shared attribute number `index` of a split dict. */
function setSplitValue(dict: Addr, index: number, value: Addr): void {
  const values = I32[dict + DictObject.Values];
  const at = values + ValuesBlock.First + 2 * index;
  const old = I32[at];
  I32[value]++;
  I32[at] = value;
  if (I32[dict + GcHead.Next] === 0 && mayBeTracked(value)) track(dict);
  if (old !== 0) {
    if (--I32[old] === 0) dealloc(old);
    return;
  }
  I32[values + ValuesBlock.First + 2 * I32[values + ValuesBlock.Count] + 1] = index;
  I32[values + ValuesBlock.Count]++;
  I32[dict + DictObject.Used]++;
}

/** Make room for a new key: 3 × used slots at least (R39). */
function growDict(dict: Addr, strOnly: boolean): number {
  return resizeDict(dict, log2For(I32[dict + DictObject.Used] * 3), strOnly);
}

/** Move the items to a combined table of 2^log2 slots; it is General unless all keys are str. */
export function resizeDict(dict: Addr, log2: number, strOnly: boolean): number {
  const old = I32[dict + DictObject.Keys];
  const values = I32[dict + DictObject.Values];
  const wasGeneral = I32[old + DictKeys.Kind] === DictKind.General && old !== ObjectState.EmptyKeys;
  const kind = strOnly && !wasGeneral ? DictKind.Unicode : DictKind.General;
  const keys = newKeys(log2, kind);
  if (keys === 0) return -1;
  if (values !== 0) {
    const n = I32[values + ValuesBlock.Count];
    const entries = I32[old + DictKeys.Entries];
    for (let k = 0; k < n; k++) {
      const index = I32[values + ValuesBlock.First + 2 * k + 1];
      const entry = entries + (index << 2);
      const value = I32[values + ValuesBlock.First + 2 * index];
      appendEntry(keys, incref(I32[entry]), I32[entry + 1], value);
    }
    I32[dict + DictObject.Values] = 0;
    I32[dict + DictObject.Keys] = keys;
    free(values);
    decrefKeys(old);
    return 0;
  }
  const count = I32[old + DictKeys.Count];
  const stride = wasGeneral ? Entry.GeneralWords : Entry.UnicodeWords;
  let entry = I32[old + DictKeys.Entries];
  for (let i = 0; i < count; i++, entry += stride) {
    const value = I32[wasGeneral ? entry + 4 : entry + 2];
    if (value === 0) continue;
    if (wasGeneral) appendEntry(keys, I32[entry + 2], I32[entry], value);
    else appendEntry(keys, I32[entry], I32[entry + 1], value);
  }
  I32[dict + DictObject.Keys] = keys;
  releaseMovedKeys(old);
  return 0;
}

/** Free a combined table whose entries were moved elsewhere. */
function releaseMovedKeys(keys: Addr): void {
  if (keys === ObjectState.EmptyKeys) return;
  I32[keys + DictKeys.Count] = 0;
  decrefKeys(keys);
}

/** Take the entry `index` (found by a look-up) out; the value as an owned reference. */
function removeEntry(dict: Addr, index: number): Addr {
  const keys = I32[dict + DictObject.Keys];
  const values = I32[dict + DictObject.Values];
  I32[dict + DictObject.Used]--;
  if (values !== 0) {
    const at = values + ValuesBlock.First + 2 * index;
    const value = I32[at];
    I32[at] = 0;
    forgetOrder(values, index);
    return value;
  }
  const general = I32[keys + DictKeys.Kind] === DictKind.General;
  const entry =
    I32[keys + DictKeys.Entries] + index * (general ? Entry.GeneralWords : Entry.UnicodeWords);
  const keyAt = general ? entry + 2 : entry;
  const hash = general ? I32[entry] : I32[entry + 1];
  const key = I32[keyAt];
  const value = I32[keyAt + 2];
  setIndexAt(keys, I32[keys + DictKeys.Log2Size], slotOfEntry(keys, hash, index), -1);
  I32[keyAt] = 0;
  I32[keyAt + 2] = 0;
  I32[keys + DictKeys.Version] = 0;
  if (--I32[key] === 0) dealloc(key);
  return value;
}

/** Take attribute number `index` out of the order of creation. */
export function forgetOrder(values: Addr, index: number): void {
  const first = values + ValuesBlock.First + 1;
  const last = --I32[values + ValuesBlock.Count];
  let k = 0;
  while (I32[first + 2 * k] !== index) k++;
  for (; k < last; k++) I32[first + 2 * k] = I32[first + 2 * k + 2];
}

/** Take `key` out and return its value (owned): 0 when absent, or with an exception pending. */
export function dictTake(dict: Addr, key: Addr): Addr {
  const hash = hashKey(key);
  if (hash === -1) return 0;
  const index = lookup(dict, key, hash);
  if (index < 0 || entryValue(dict, index) === 0) return 0;
  return removeEntry(dict, index);
}

/** `del dict[key]`; KeyError when absent. */
export function dictDelete(dict: Addr, key: Addr): number {
  const value = dictTake(dict, key);
  if (value === 0) {
    if (!pending()) raiseValue(T.KeyError, key);
    return -1;
  }
  decref(value);
  return 0;
}

/** As {@link dictDelete}, for an exact str. */
export function dictDeleteStr(dict: Addr, name: Addr): number {
  return dictDelete(dict, name);
}

/** Is `key` in `dict`? 1, 0, or -1 with an exception pending. */
export function dictContains(dict: Addr, key: Addr): number {
  const hash = hashKey(key);
  if (hash === -1) return -1;
  const index = lookup(dict, key, hash);
  if (index >= 0) return entryValue(dict, index) === 0 ? 0 : 1;
  return index === Lookup.Failed ? -1 : 0;
}

/** Number of items. */
export function dictSize(dict: Addr): number {
  return I32[dict + DictObject.Used];
}

/**
 * Position of the first item at or after position `pos`, or -1:
 * `for (let i = dictNext(d, 0); i >= 0; i = dictNext(d, i + 1)) … dictKeyAt(d, i) …`
 */
export function dictNext(dict: Addr, pos: number): number {
  const values = I32[dict + DictObject.Values];
  if (values !== 0) return pos < I32[values + ValuesBlock.Count] ? pos : -1;
  const keys = I32[dict + DictObject.Keys];
  const count = I32[keys + DictKeys.Count];
  const entries = I32[keys + DictKeys.Entries];
  if (I32[keys + DictKeys.Kind] === DictKind.General) {
    for (let i = pos; i < count; i++) {
      if (I32[entries + i * Entry.GeneralWords + 4] !== 0) return i;
    }
    return -1;
  }
  for (let i = pos; i < count; i++) if (I32[entries + (i << 2) + 2] !== 0) return i;
  return -1;
}

/** Position of the last item at or before position `pos`, or -1. */
export function dictPrevious(dict: Addr, pos: number): number {
  const values = I32[dict + DictObject.Values];
  if (values !== 0) return Math.min(pos, I32[values + ValuesBlock.Count] - 1);
  let i = Math.min(pos, I32[I32[dict + DictObject.Keys] + DictKeys.Count] - 1);
  while (i >= 0 && dictValueAt(dict, i) === 0) i--;
  return i;
}

/** Key at a position given by {@link dictNext}: borrowed. */
export function dictKeyAt(dict: Addr, pos: number): Addr {
  const keys = I32[dict + DictObject.Keys];
  const entries = I32[keys + DictKeys.Entries];
  if (I32[keys + DictKeys.Kind] === DictKind.General) {
    return I32[entries + pos * Entry.GeneralWords + 2];
  }
  const values = I32[dict + DictObject.Values];
  const index = values === 0 ? pos : I32[values + ValuesBlock.First + 2 * pos + 1];
  return I32[entries + (index << 2)];
}

/** Hash of the key at a position given by {@link dictNext}. */
export function dictHashAt(dict: Addr, pos: number): number {
  const keys = I32[dict + DictObject.Keys];
  const entries = I32[keys + DictKeys.Entries];
  if (I32[keys + DictKeys.Kind] === DictKind.General)
    return I32[entries + pos * Entry.GeneralWords];
  const values = I32[dict + DictObject.Values];
  const index = values === 0 ? pos : I32[values + ValuesBlock.First + 2 * pos + 1];
  return I32[entries + (index << 2) + 1];
}

/** Value at a position given by {@link dictNext}: borrowed. */
export function dictValueAt(dict: Addr, pos: number): Addr {
  const values = I32[dict + DictObject.Values];
  if (values === 0) return entryValue(dict, pos);
  return I32[values + ValuesBlock.First + 2 * I32[values + ValuesBlock.First + 2 * pos + 1]];
}

/** `dict.pop(key)`: owned; when absent `fallback` (borrowed) or, for 0, KeyError. */
export function dictPop(dict: Addr, key: Addr, fallback: Addr): Addr {
  const value = dictTake(dict, key);
  if (value !== 0) return value;
  if (pending()) return 0;
  if (fallback !== 0) return incref(fallback);
  return raiseValue(T.KeyError, key);
}

/**
 * The value of `key`, which is set to `value` when absent: borrowed, 0 with an exception pending.
 */
export function dictSetDefault(dict: Addr, key: Addr, value: Addr): Addr {
  const hash = hashKey(key);
  if (hash === -1) return 0;
  const index = lookup(dict, key, hash);
  if (index === Lookup.Failed) return 0;
  if (index < 0) return insertNew(dict, key, hash, value) < 0 ? 0 : value;
  const found = entryValue(dict, index);
  if (found !== 0) return found;
  // A shared attribute that this instance has not set.
  return dictSetHash(dict, key, hash, value) < 0 ? 0 : value;
}

/** A new dict with the same items. */
export function dictCopy(dict: Addr): Addr {
  const used = I32[dict + DictObject.Used];
  const copy = newDict();
  if (copy === 0 || used === 0) return copy;
  const keys = I32[dict + DictObject.Keys];
  if (I32[dict + DictObject.Values] === 0 && used >= (I32[keys + DictKeys.Count] * 2) / 3) {
    if (!cloneKeys(dict, copy)) {
      decref(copy);
      return 0;
    }
    return copy;
  }
  const kind = I32[keys + DictKeys.Kind] === DictKind.General ? DictKind.General : DictKind.Unicode;
  const fresh = newKeys(log2ForEntries(used), kind);
  if (fresh === 0) {
    decref(copy);
    return 0;
  }
  I32[copy + DictObject.Keys] = fresh;
  for (let i = dictNext(dict, 0); i >= 0; i = dictNext(dict, i + 1)) {
    const key = incref(dictKeyAt(dict, i));
    appendEntry(fresh, key, dictHashAt(dict, i), incref(dictValueAt(dict, i)));
  }
  I32[copy + DictObject.Used] = used;
  if (I32[dict + GcHead.Next] !== 0) track(copy);
  return copy;
}

/** Give the empty dict `copy` a copy of the combined table of `dict`. */
export function cloneKeys(dict: Addr, copy: Addr): boolean {
  const keys = I32[dict + DictObject.Keys];
  const kind = I32[keys + DictKeys.Kind];
  const log2 = I32[keys + DictKeys.Log2Size];
  const fresh = newKeys(log2, kind);
  if (fresh === 0) return false;
  const words = keysBytes(log2, kind, usableSlots(log2)) >> 2;
  I32.copyWithin(fresh + DictKeys.Indices, keys + DictKeys.Indices, keys + words);
  const count = I32[keys + DictKeys.Count];
  I32[fresh + DictKeys.Count] = count;
  I32[fresh + DictKeys.Usable] = I32[keys + DictKeys.Usable];
  const general = kind === DictKind.General;
  const stride = general ? Entry.GeneralWords : Entry.UnicodeWords;
  let at = I32[fresh + DictKeys.Entries] + (general ? 2 : 0);
  for (let i = 0; i < count; i++, at += stride) {
    const value = I32[at + 2];
    if (value === 0) continue;
    I32[value]++;
    I32[I32[at]]++;
  }
  I32[copy + DictObject.Keys] = fresh;
  I32[copy + DictObject.Used] = I32[dict + DictObject.Used];
  if (I32[dict + GcHead.Next] !== 0) track(copy);
  return true;
}

/** Remove all items; the dict is empty before the first is dropped (R18). */
export function dictClear(dict: Addr): void {
  const keys = I32[dict + DictObject.Keys];
  const values = I32[dict + DictObject.Values];
  I32[dict + DictObject.Keys] = ObjectState.EmptyKeys;
  I32[dict + DictObject.Values] = 0;
  I32[dict + DictObject.Used] = 0;
  if (values !== 0) freeValues(values);
  decrefKeys(keys);
}

/**
 * Drop the values of a block in the order of the shared keys, then free it: the order in which the
 * class saw the names first, which is that of creation where all instances set them alike (R8).
 */
export function freeValues(values: Addr): void {
  let left = I32[values + ValuesBlock.Count];
  for (let at = values + ValuesBlock.First; left > 0; at += ValuesBlock.Stride) {
    const value = I32[at];
    if (value === 0) continue;
    left--;
    if (--I32[value] === 0) dealloc(value);
  }
  free(values);
}

/** Version of the keys of `dict` for inline caches: changes whenever keys are added or removed. */
export function keysVersion(dict: Addr): number {
  return versionOfKeys(I32[dict + DictObject.Keys]);
}

/** Key of entry number `index` that a look-up found: borrowed. */
export function dictEntryKey(dict: Addr, index: number): Addr {
  const keys = I32[dict + DictObject.Keys];
  const entries = I32[keys + DictKeys.Entries];
  return I32[keys + DictKeys.Kind] === DictKind.General
    ? I32[entries + index * Entry.GeneralWords + 2]
    : I32[entries + (index << 2)];
}
