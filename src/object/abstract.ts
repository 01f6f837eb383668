/**
 * The object protocol on containers: length, item access, iteration, membership; comparison and
 * hash. After Objects/abstract.c and object.c of CPython 3.11.
 */
import { type Addr, heap } from "../memory/heap.js";
import { getAttrOptional } from "./attribute.js";
import { call0, call1, enterRecursion, leaveRecursion } from "./call.js";
import { dictGet } from "./dict.js";
import {
  clearPending,
  clearPendingIf,
  pending,
  pendingMatches,
  raise,
  raiseStatus,
  raiseValue,
  typeName,
} from "./errors.js";
import { decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { asIndex, hashInteger, intToNumber, isInt, newInt } from "./int.js";
import { newSequenceIterator } from "./iterators.js";
import {
  Head,
  IntObject,
  ListObject,
  StrObject,
  TupleObject,
  TypeFlag,
  TypeObject,
} from "./layout.js";
import { listFromIterable } from "./list.js";
import { isTrue } from "./number.js";
import { Compare, slotsOf } from "./slots.js";
import { getString, hashStr, strCompare, strEqual } from "./str.js";
import { isSubtype, lookupSpecial } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

const classGetItem = identifier("__class_getitem__");
const lengthHintName = identifier("__length_hint__");
const OPERATORS = ["<", "<=", "==", "!=", ">", ">="];
/** The operator with its operands exchanged. */
const REFLECTED = [Compare.Gt, Compare.Ge, Compare.Eq, Compare.Ne, Compare.Lt, Compare.Le];

/** `len(object)`; -1 with an exception pending. */
export function objectLength(object: Addr): number {
  const length = slotsOf(I32[object + Head.Type]).length;
  if (length !== null) return length(object);
  return raiseStatus(T.TypeError, `object of type '${typeName(object)}' has no len()`);
}

/** `__index__` of a subscript of a sequence; NaN with an exception pending. */
export function indexInSequence(key: Addr, overflow: Addr, sequence: string): number {
  if (I32[key + Head.Type] === T.Int) {
    const value = I32[key + IntObject.Value];
    if (value !== IntObject.NotCompact) return value;
  }
  if (!isInt(key) && slotsOf(I32[key + Head.Type]).index === null) {
    raise(T.TypeError, `${sequence} indices must be integers or slices, not ${typeName(key)}`);
    return Number.NaN;
  }
  return asIndex(key, overflow);
}

/** `object[key]`. */
export function getItem(object: Addr, key: Addr): Addr {
  const type = I32[object + Head.Type];
  if (type === T.List && I32[key + Head.Type] === T.Int) {
    let index = I32[key + IntObject.Value];
    const size = I32[object + ListObject.Size];
    if (index < 0) index += size;
    if (index >= 0 && index < size) return incref(I32[I32[object + ListObject.Items] + 2 * index]);
  } else if (type === T.Dict) {
    const value = dictGet(object, key);
    if (value !== 0) return incref(value);
    return pending() ? 0 : raiseValue(T.KeyError, key);
  }
  const slots = slotsOf(type);
  if (slots.subscript !== null) return slots.subscript(object, key);
  if (slots.item !== null) {
    if (!isInt(key) && slotsOf(I32[key + Head.Type]).index === null) {
      return raise(T.TypeError, `sequence index must be integer, not '${typeName(key)}'`);
    }
    const index = asIndex(key, T.IndexError);
    if (Number.isNaN(index)) return 0;
    return sequenceItem(object, index);
  }
  if ((I32[type + TypeObject.Flags] & TypeFlag.TypeSubclass) !== 0) return classItem(object, key);
  return raise(T.TypeError, `'${typeName(object)}' object is not subscriptable`);
}

/** `cls[key]`: `__class_getitem__`, or the generic alias of the builtin `type`. */
function classItem(cls: Addr, key: Addr): Addr {
  const method = getAttrOptional(cls, classGetItem);
  if (method === 0) {
    if (pending()) return 0;
    const name = getString(I32[cls + TypeObject.Name]);
    return raise(T.TypeError, `type '${name}' is not subscriptable`);
  }
  const result = call1(method, key);
  decref(method);
  return result;
}

/** `object[index]` of a sequence; a negative index counts from the end. */
export function sequenceItem(object: Addr, index: number): Addr {
  const slots = slotsOf(I32[object + Head.Type]);
  if (slots.item !== null) {
    if (index < 0 && slots.length !== null) {
      const size = slots.length(object);
      if (size < 0) return 0;
      index += size;
    }
    return slots.item(object, index);
  }
  if (slots.subscript !== null) {
    const key = newInt(index);
    if (key === 0) return 0;
    const value = slots.subscript(object, key);
    decref(key);
    return value;
  }
  return raise(T.TypeError, `'${typeName(object)}' object does not support indexing`);
}

/** `object[key] = value`. */
export function setItem(object: Addr, key: Addr, value: Addr): number {
  return storeItem(object, key, value, "assignment");
}

/** `del object[key]`. */
export function deleteItem(object: Addr, key: Addr): number {
  return storeItem(object, key, 0, "deletion");
}

function storeItem(object: Addr, key: Addr, value: Addr, what: string): number {
  const slots = slotsOf(I32[object + Head.Type]);
  if (slots.setSubscript !== null) return slots.setSubscript(object, key, value);
  if (slots.setItem !== null) {
    const index = asIndex(key, T.IndexError);
    if (Number.isNaN(index)) return -1;
    const size = index < 0 && slots.length !== null ? slots.length(object) : 0;
    return size < 0 ? -1 : slots.setItem(object, index < 0 ? index + size : index, value);
  }
  const name = typeName(object);
  const verb = what === "deletion" ? "doesn't" : "does not";
  return raiseStatus(T.TypeError, `'${name}' object ${verb} support item ${what}`);
}

/** `value in container`: 1, 0, or -1 with an exception pending. */
export function contains(container: Addr, value: Addr): number {
  const slot = slotsOf(I32[container + Head.Type]).contains;
  if (slot !== null) return slot(container, value);
  const iterator = getIterFor(container, "argument of type '%' is not iterable");
  if (iterator === 0) return -1;
  let found = 0;
  for (;;) {
    const item = iterNext(iterator);
    if (item === 0) {
      if (pending()) found = -1;
      break;
    }
    found = richCompareBool(item, value, Compare.Eq);
    decref(item);
    if (found !== 0) break;
  }
  decref(iterator);
  return found;
}

/** Can `iter(object)` be asked for? */
export function isIterable(object: Addr): boolean {
  const slots = slotsOf(I32[object + Head.Type]);
  return slots.iter !== null || slots.item !== null;
}

/** `iter(object)`. */
export function getIter(object: Addr): Addr {
  return getIterFor(object, "'%' object is not iterable");
}

/** As {@link getIter} with the TypeError's text, in which % stands for the type's name. */
export function getIterFor(object: Addr, message: string): Addr {
  const slots = slotsOf(I32[object + Head.Type]);
  const iter = slots.iter;
  if (iter === null) {
    if (slots.item !== null) return newSequenceIterator(object);
    return raise(T.TypeError, message.replace("%", typeName(object)));
  }
  const iterator = iter(object);
  if (iterator !== 0 && slotsOf(I32[iterator + Head.Type]).iterNext === null) {
    raise(T.TypeError, `iter() returned non-iterator of type '${typeName(iterator)}'`);
    decref(iterator);
    return 0;
  }
  return iterator;
}

/** The next item: 0 without an exception at the end. */
export function iterNext(iterator: Addr): Addr {
  const item = takeNext(iterator);
  if (item === 0 && pending()) clearPendingIf(T.StopIteration);
  return item;
}

/** As {@link iterNext}, but at the end StopIteration may be pending. */
export function takeNext(iterator: Addr): Addr {
  const next = slotsOf(I32[iterator + Head.Type]).iterNext;
  if (next !== null) return next(iterator);
  // Its class has lost `__next__` since iteration began.
  return raise(T.TypeError, `'${typeName(iterator)}' object is not iterable`);
}

/** Is `object` an iterator? */
export function isIterator(object: Addr): boolean {
  return slotsOf(I32[object + Head.Type]).iterNext !== null;
}

/**
 * A list or tuple with the items of `iterable`: itself (a new reference) when it is one, else a new
 * list. TypeError with `message` when it is not iterable.
 */
export function sequenceFast(iterable: Addr, message: string): Addr {
  const type = I32[iterable + Head.Type];
  if (type === T.List || type === T.Tuple) return incref(iterable);
  if (!isIterable(iterable)) return raise(T.TypeError, message);
  return listFromIterable(iterable);
}

/** Address of the first item of what {@link sequenceFast} returned; items are two words apart. */
export function fastItems(sequence: Addr): Addr {
  const flags = I32[I32[sequence + Head.Type] + TypeObject.Flags];
  if ((flags & TypeFlag.TupleSubclass) !== 0) return sequence + TupleObject.Items;
  return I32[sequence + ListObject.Items];
}

/** Number of items of what {@link sequenceFast} returned. */
export function fastSize(sequence: Addr): number {
  return I32[sequence + Head.Size];
}

/** Length of `object` or its `__length_hint__`, else `fallback`; -1 with an exception pending. */
export function lengthHint(object: Addr, fallback: number): number {
  const slots = slotsOf(I32[object + Head.Type]);
  if (slots.length !== null) {
    const length = slots.length(object);
    if (length >= 0) return length;
    if (!pendingMatches(T.TypeError)) return -1;
    clearPending();
  }
  const method = lookupSpecial(object, lengthHintName);
  if (method === 0) return pending() ? -1 : fallback;
  const hint = call0(method);
  decref(method);
  if (hint === 0) return clearPendingIf(T.TypeError) ? fallback : -1;
  if (hint === S.NotImplemented) {
    decref(hint);
    return fallback;
  }
  return hintValue(hint);
}

function hintValue(hint: Addr): number {
  if (!isInt(hint)) {
    const name = typeName(hint);
    decref(hint);
    return raiseStatus(T.TypeError, `__length_hint__ must be an integer, not ${name}`);
  }
  const value = intToNumber(hint);
  decref(hint);
  return value < 0 ? raiseStatus(T.ValueError, "__length_hint__() should return >= 0") : value;
}

/** 1 or 0 for an exact int/int, str/str or identity comparison that needs no objects, else -2. */
function compareFast(a: Addr, b: Addr, op: number): number {
  const type = I32[a + Head.Type];
  if (type !== I32[b + Head.Type]) return -2;
  let order: number;
  if (type === T.Int) {
    const x = I32[a + IntObject.Value];
    const y = I32[b + IntObject.Value];
    if (x === IntObject.NotCompact || y === IntObject.NotCompact) return -2;
    order = x < y ? -1 : x > y ? 1 : 0;
  } else if (type === T.Str) {
    if (op === Compare.Eq) return strEqual(a, b) ? 1 : 0;
    if (op === Compare.Ne) return strEqual(a, b) ? 0 : 1;
    order = strCompare(a, b);
  } else {
    return -2;
  }
  switch (op) {
    case Compare.Lt:
      return order < 0 ? 1 : 0;
    case Compare.Le:
      return order <= 0 ? 1 : 0;
    case Compare.Eq:
      return order === 0 ? 1 : 0;
    case Compare.Ne:
      return order !== 0 ? 1 : 0;
    case Compare.Gt:
      return order > 0 ? 1 : 0;
    default:
      return order >= 0 ? 1 : 0;
  }
}

/** `a op b` for a Compare operator. */
export function richCompare(a: Addr, b: Addr, op: number): Addr {
  const fast = compareFast(a, b, op);
  if (fast >= 0) return incref(fast === 1 ? S.True : S.False);
  if (!enterRecursion(" in comparison")) return 0;
  const result = compareSlots(a, b, op);
  leaveRecursion();
  return result;
}

function compareSlots(a: Addr, b: Addr, op: number): Addr {
  const left = I32[a + Head.Type];
  const right = I32[b + Head.Type];
  const reflected = slotsOf(right).richCompare;
  let triedReflected = false;
  if (left !== right && reflected !== null && isSubtype(right, left)) {
    triedReflected = true;
    const result = reflected(b, a, REFLECTED[op]);
    if (result !== S.NotImplemented) return result;
    decref(result);
  }
  const own = slotsOf(left).richCompare;
  if (own !== null) {
    const result = own(a, b, op);
    if (result !== S.NotImplemented) return result;
    decref(result);
  }
  if (!triedReflected && reflected !== null) {
    const result = reflected(b, a, REFLECTED[op]);
    if (result !== S.NotImplemented) return result;
    decref(result);
  }
  if (op === Compare.Eq) return incref(a === b ? S.True : S.False);
  if (op === Compare.Ne) return incref(a !== b ? S.True : S.False);
  return raise(
    T.TypeError,
    `'${OPERATORS[op]}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`,
  );
}

/** As {@link richCompare}, as a truth value; an object is equal to itself. */
export function richCompareBool(a: Addr, b: Addr, op: number): number {
  if (a === b) {
    if (op === Compare.Eq) return 1;
    if (op === Compare.Ne) return 0;
  }
  const fast = compareFast(a, b, op);
  if (fast >= 0) return fast;
  const result = richCompare(a, b, op);
  if (result === 0) return -1;
  if (result === S.True) {
    I32[S.True]--;
    return 1;
  }
  if (result === S.False) {
    I32[S.False]--;
    return 0;
  }
  const truth = isTrue(result);
  decref(result);
  return truth;
}

/** `hash(object)` folded to 32 bits; -1 with an exception pending. */
export function hashObject(object: Addr): number {
  const type = I32[object + Head.Type];
  if (type === T.Str) {
    return I32[object + StrObject.HashKnown] === 1 ? I32[object + StrObject.Hash] : hashStr(object);
  }
  if (type === T.Int && I32[object + IntObject.Value] !== IntObject.NotCompact) {
    return hashInteger(I32[object + IntObject.Value]);
  }
  const hash = slotsOf(type).hash;
  if (hash === null) return raiseStatus(T.TypeError, `unhashable type: '${typeName(object)}'`);
  return hash(object);
}
