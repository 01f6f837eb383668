/**
 * Attributes of plain instances (R43): values in a block of the instance, keyed by the table that
 * its class shares, until somebody asks for `__dict__` or a key does not fit.
 */
import { type Addr, heap } from "../memory/heap.js";
import { malloc } from "../memory/pymalloc.js";
import { dictGetStr, dictSetStr, dictTake, forgetOrder, freeValues, newDict } from "./dict.js";
import { appendEntry, lookupUnicode, newSharedKeys } from "./dictkeys.js";
import { raiseMemoryError } from "./errors.js";
import { mayBeTracked, track } from "./gcheader.js";
import { clearField, dealloc, decref, incref } from "./header.js";
import {
  DictKeys,
  DictObject,
  Head,
  InstanceObject,
  StrObject,
  TypeObject,
  ValuesBlock,
} from "./layout.js";
import { hashStr } from "./str.js";

const I32 = heap.I32;

/** The key table that instances of `type` share, made at the first attribute; 0: MemoryError. */
function sharedKeys(type: Addr): Addr {
  let keys = I32[type + TypeObject.CachedKeys];
  if (keys === 0) {
    keys = newSharedKeys();
    if (keys !== 0) I32[type + TypeObject.CachedKeys] = keys;
  }
  return keys;
}

/** The value block of an instance that sets its first attribute; 0 with MemoryError pending. */
function newValues(object: Addr, keys: Addr): Addr {
  const capacity = I32[keys + DictKeys.Count] + I32[keys + DictKeys.Usable];
  const values = malloc(((capacity + 9) & ~7) + 8 * capacity);
  if (values === 0) return raiseMemoryError();
  I32[values + ValuesBlock.Capacity] = capacity;
  I32[values + ValuesBlock.Count] = 0;
  const end = values + ValuesBlock.First + 2 * capacity;
  for (let at = values + ValuesBlock.First; at < end; at += 2) I32[at] = 0;
  I32[object + InstanceObject.Values] = values;
  return values;
}

function hashOf(name: Addr): number {
  return I32[name + StrObject.HashKnown] === 1 ? I32[name + StrObject.Hash] : hashStr(name);
}

/** The instance's own attribute `name` (an exact str): borrowed, 0 when absent. */
export function instanceGet(object: Addr, name: Addr): Addr {
  const values = I32[object + InstanceObject.Values];
  if (values !== 0) {
    const keys = I32[I32[object + Head.Type] + TypeObject.CachedKeys];
    const index = lookupUnicode(keys, name, hashOf(name));
    return index < 0 ? 0 : I32[values + ValuesBlock.First + 2 * index];
  }
  const dict = I32[object + InstanceObject.Dict];
  return dict === 0 ? 0 : dictGetStr(dict, name);
}

/**
 * Set (or, with `value` 0, delete) the attribute `name`, an exact str. -1 with an exception
 * pending;
 * deleting what is absent: -1 without one, the caller words the error.
 */
export function instanceSet(object: Addr, name: Addr, value: Addr): number {
  const dict = I32[object + InstanceObject.Dict];
  if (dict !== 0) {
    if (value !== 0) return dictSetStr(dict, name, value);
    const taken = dictTake(dict, name);
    if (taken === 0) return -1;
    decref(taken);
    return 0;
  }
  const keys = sharedKeys(I32[object + Head.Type]);
  if (keys === 0) return -1;
  const hash = hashOf(name);
  let index = lookupUnicode(keys, name, hash);
  if (value === 0) return index < 0 ? -1 : deleteValue(object, index);
  let values = I32[object + InstanceObject.Values];
  if (values === 0) {
    values = newValues(object, keys);
    if (values === 0) return -1;
  }
  if (index < 0) {
    if (I32[keys + DictKeys.Usable] <= 0) {
      const made = instanceDict(object);
      if (made === 0) return -1;
      const status = dictSetStr(made, name, value);
      decref(made);
      return status;
    }
    index = appendEntry(keys, incref(name), hash, 0);
  }
  instanceSetAt(object, values, index, value);
  return 0;
}

/** Set attribute number `index` in the value block of `object`. */
export function instanceSetAt(object: Addr, values: Addr, index: number, value: Addr): void {
  const at = I32[object + InstanceObject.Values] + ValuesBlock.First + 2 * index;
  const old = I32[at];
  I32[value]++;
  I32[at] = value;
  if (old === 0) {
    const count = I32[values + ValuesBlock.Count];
    I32[values + ValuesBlock.First + 2 * count + 1] = index;
    I32[values + ValuesBlock.Count] = count + 1;
  } else if (--I32[old] === 0) {
    dealloc(old);
  }
}

function deleteValue(object: Addr, index: number): number {
  const values = I32[object + InstanceObject.Values];
  if (values === 0) return -1;
  const at = values + ValuesBlock.First + 2 * index;
  const old = I32[at];
  if (old === 0) return -1;
  I32[at] = 0;
  forgetOrder(values, index);
  decref(old);
  return 0;
}

/** `__dict__` of an instance, made on demand: a new reference. */
export function instanceDict(object: Addr): Addr {
  const have = I32[object + InstanceObject.Dict];
  if (have !== 0) return incref(have);
  const dict = newDict();
  if (dict === 0) return 0;
  const keys = sharedKeys(I32[object + Head.Type]);
  const values = keys === 0 ? 0 : I32[object + InstanceObject.Values] || newValues(object, keys);
  if (values === 0) {
    decref(dict);
    return 0;
  }
  I32[keys]++;
  I32[dict + DictObject.Keys] = keys;
  I32[dict + DictObject.Values] = values;
  const count = I32[values + ValuesBlock.Count];
  I32[dict + DictObject.Used] = count;
  I32[object + InstanceObject.Values] = 0;
  I32[object + InstanceObject.Dict] = dict;
  for (let k = 0; k < count; k++) {
    const index = I32[values + ValuesBlock.First + 2 * k + 1];
    if (mayBeTracked(I32[values + ValuesBlock.First + 2 * index])) {
      track(dict);
      break;
    }
  }
  return incref(dict);
}

/** Replace `__dict__` by `dict` (borrowed); 0 removes it. */
export function setInstanceDict(object: Addr, dict: Addr): void {
  if (dict !== 0) I32[dict]++;
  const old = I32[object + InstanceObject.Dict];
  const values = I32[object + InstanceObject.Values];
  I32[object + InstanceObject.Dict] = dict;
  I32[object + InstanceObject.Values] = 0;
  if (values !== 0) freeValues(values);
  if (old !== 0) decref(old);
}

/** Drop the attributes of a dying instance (R8). */
export function freeInstanceAttributes(object: Addr): void {
  const values = I32[object + InstanceObject.Values];
  if (values !== 0) {
    I32[object + InstanceObject.Values] = 0;
    freeValues(values);
  }
  clearField(object + InstanceObject.Dict);
}

/** Drop the attributes of an instance in a cycle; it stays usable (tp_clear). */
export function clearInstanceAttributes(object: Addr): void {
  const values = I32[object + InstanceObject.Values];
  if (values !== 0) {
    const capacity = I32[values + ValuesBlock.Capacity];
    for (let index = 0; index < capacity; index++) {
      // What was dropped may have made the instance's dict, which has the block then.
      if (I32[object + InstanceObject.Values] !== values) break;
      const at = values + ValuesBlock.First + ValuesBlock.Stride * index;
      const value = I32[at];
      if (value === 0) continue;
      I32[at] = 0;
      forgetOrder(values, index);
      decref(value);
    }
  }
  clearField(object + InstanceObject.Dict);
}

/** Visit the values of a block, in the order of the shared keys. */
export function visitValues(values: Addr, visit: (ref: Addr) => void): void {
  let left = I32[values + ValuesBlock.Count];
  for (let at = values + ValuesBlock.First; left > 0; at += ValuesBlock.Stride) {
    if (I32[at] === 0) continue;
    left--;
    visit(I32[at]);
  }
}

/** Visit the attributes of an instance. */
export function visitInstance(object: Addr, visit: (ref: Addr) => void): void {
  const values = I32[object + InstanceObject.Values];
  if (values !== 0) {
    visitValues(values, visit);
  }
  const dict = I32[object + InstanceObject.Dict];
  if (dict !== 0) visit(dict);
}
