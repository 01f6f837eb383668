/** Merging mappings and sequences of pairs into a dict, after dict_merge of CPython 3.11. */
import { type Addr, heap } from "../memory/heap.js";
import { getItem, getIter, iterNext } from "./abstract.js";
import { getAttrOptional } from "./attribute.js";
import { callMethod0 } from "./call.js";
import {
  cloneKeys,
  dictContains,
  dictGetHash,
  dictHashAt,
  dictKeyAt,
  dictNext,
  dictSet,
  dictSetHash,
  dictValueAt,
  isDict,
  resizeDict,
} from "./dict.js";
import { log2ForEntries, usableSlots } from "./dictkeys.js";
import { pending, pendingMatches, raiseStatus, raiseValue } from "./errors.js";
import { decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { DictKeys, DictKind, DictObject, Head, ListObject, TupleObject } from "./layout.js";
import { listFromIterable } from "./list.js";
import { slotsOf } from "./slots.js";
import { ObjectState } from "./state.js";
import { T } from "./types.js";

const I32 = heap.I32;
const keysName = identifier("keys");

/** What to do with a key that is present already. */
export const enum Override {
  Keep = 0,
  Replace = 1,
  /** KeyError(key). */
  Refuse = 2,
}

/** `dict.update(other)`: a mapping (it has `keys`) or an iterable of pairs. */
export function dictUpdate(dict: Addr, other: Addr): number {
  if (isDict(other)) return dictMerge(dict, other, Override.Replace);
  const keys = getAttrOptional(other, keysName);
  if (keys !== 0) {
    decref(keys);
    return dictMerge(dict, other, Override.Replace);
  }
  return pending() ? -1 : dictMergePairs(dict, other);
}

/** Merge the mapping `other`. */
export function dictMerge(dict: Addr, other: Addr, override: number): number {
  if (isDict(other) && slotsOf(I32[other + Head.Type]).iter === slotsOf(T.Dict).iter) {
    return mergeDict(dict, other, override);
  }
  return mergeMapping(dict, other, override);
}

function mergeDict(dict: Addr, other: Addr, override: number): number {
  const used = I32[other + DictObject.Used];
  if (dict === other || used === 0) return 0;
  if (I32[dict + DictObject.Used] === 0) override = Override.Replace;
  const theirs = I32[other + DictObject.Keys];
  const ours = I32[dict + DictObject.Keys];
  if (
    ours === ObjectState.EmptyKeys &&
    I32[other + DictObject.Values] === 0 &&
    used === I32[theirs + DictKeys.Count] &&
    (I32[theirs + DictKeys.Log2Size] === 3 ||
      usableSlots(I32[theirs + DictKeys.Log2Size] - 1) < used)
  ) {
    return cloneKeys(other, dict) ? 0 : -1;
  }
  const room = ours === ObjectState.EmptyKeys ? 0 : usableSlots(I32[ours + DictKeys.Log2Size]);
  if (room < used) {
    const strOnly = I32[theirs + DictKeys.Kind] !== DictKind.General;
    const log2 = log2ForEntries(I32[dict + DictObject.Used] + used);
    if (resizeDict(dict, log2, strOnly) < 0) return -1;
  }
  for (let i = dictNext(other, 0); i >= 0; i = dictNext(other, i + 1)) {
    const key = incref(dictKeyAt(other, i));
    const value = incref(dictValueAt(other, i));
    const status = mergeItem(dict, key, dictHashAt(other, i), value, override);
    decref(key);
    decref(value);
    if (status < 0) return -1;
    if (I32[other + DictObject.Used] !== used) {
      return raiseStatus(T.RuntimeError, "dict mutated during update");
    }
  }
  return 0;
}

function mergeItem(dict: Addr, key: Addr, hash: number, value: Addr, override: number): number {
  if (override !== Override.Replace) {
    if (dictGetHash(dict, key, hash) !== 0) {
      if (override === Override.Keep) return 0;
      raiseValue(T.KeyError, key);
      return -1;
    }
    if (pending()) return -1;
  }
  return dictSetHash(dict, key, hash, value);
}

function mergeMapping(dict: Addr, other: Addr, override: number): number {
  const keys = callMethod0(other, keysName);
  if (keys === 0) return -1;
  const iterator = getIter(keys);
  decref(keys);
  if (iterator === 0) return -1;
  for (;;) {
    const key = iterNext(iterator);
    if (key === 0) break;
    if (override !== Override.Replace) {
      const found = dictContains(dict, key);
      if (found !== 0) {
        if (found > 0 && override === Override.Refuse) raiseValue(T.KeyError, key);
        decref(key);
        if (found > 0 && override === Override.Keep) continue;
        break;
      }
    }
    const value = getItem(other, key);
    const status = value === 0 ? -1 : dictSet(dict, key, value);
    decref(key);
    if (value !== 0) decref(value);
    if (status < 0) break;
  }
  decref(iterator);
  return pending() ? -1 : 0;
}

/** Set every pair that the iterable `pairs` yields. */
export function dictMergePairs(dict: Addr, pairs: Addr): number {
  const iterator = getIter(pairs);
  if (iterator === 0) return -1;
  for (let i = 0; ; i++) {
    const item = iterNext(iterator);
    if (item === 0) break;
    const status = setPair(dict, item, i);
    decref(item);
    if (status < 0) break;
  }
  decref(iterator);
  return pending() ? -1 : 0;
}

function setPair(dict: Addr, item: Addr, i: number): number {
  if (I32[item + Head.Type] === T.Tuple && I32[item + TupleObject.Size] === 2) {
    return dictSet(dict, I32[item + TupleObject.Items], I32[item + TupleObject.Items + 2]);
  }
  const list = listFromIterable(item);
  if (list === 0) {
    if (!pendingMatches(T.TypeError) || slotsOf(I32[item + Head.Type]).iter !== null) return -1;
    return raiseStatus(
      T.TypeError,
      `cannot convert dictionary update sequence element #${i} to a sequence`,
    );
  }
  const n = I32[list + ListObject.Size];
  let status: number;
  if (n === 2) {
    const items = I32[list + ListObject.Items];
    status = dictSet(dict, I32[items], I32[items + 2]);
  } else {
    status = raiseStatus(
      T.ValueError,
      `dictionary update sequence element #${i} has length ${n}; 2 is required`,
    );
  }
  decref(list);
  return status;
}
