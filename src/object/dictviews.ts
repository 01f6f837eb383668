/**
 * keys(), values(), items() of dicts, and iterators over them. An iterator notices a change of
 * size, and (for insertions while deleting) a change of the table's length.
 */

import { type Addr, heap } from "../memory/heap.js";
import { contains, getIter, iterNext, objectLength, richCompareBool } from "./abstract.js";
import { callMethod1 } from "./call.js";
import { reprSequence } from "./containerrepr.js";
import { defineType, getSet, type MethodDef, noArgs, oneArg } from "./define.js";
import {
  dictContains,
  dictGet,
  dictKeyAt,
  dictNext,
  dictPrevious,
  dictSize,
  dictValueAt,
} from "./dict.js";
import { newNotImplemented, pending, raise, typeName } from "./errors.js";
import { freeObject, newGcObject, track, untrack } from "./gcheader.js";
import { clearField, decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { newInt } from "./int.js";
import { DictObject, Head, TupleObject, TypeFlag } from "./layout.js";
import { listAppendSteal, listFromIterable, newList } from "./list.js";
import { newMappingProxy } from "./namespace.js";
import { newBuiltinReduction } from "./reduction.js";
import { newTruth } from "./sequencecompare.js";
import { isAnySet, newSet, setContains } from "./set.js";
import { Compare } from "./slots.js";
import { getString, newStr } from "./str.js";
import { newTuple2 } from "./tuple.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const differenceUpdate = identifier("difference_update");
const intersectionName = identifier("intersection");
const symmetricDifferenceUpdate = identifier("symmetric_difference_update");
const updateName = identifier("update");

const enum View {
  Dict = 4,
  Bytes = 24,
}

/** Dict 0: exhausted. Result: the items iterator's pair, reused while nobody else holds it. */
const idIter = identifier("iter");

const enum Iterator {
  Dict = 4,
  Used = 6,
  /** Position in the dict, and items not yet seen. */
  Position = 8,
  Left = 9,
  Result = 10,
  Bytes = 56,
}

/** A view of `type` (T.DictKeys, T.DictValues, T.DictItems). */
export function newDictView(type: Addr, dict: Addr): Addr {
  const view = newGcObject(type, View.Bytes);
  if (view === 0) return 0;
  I32[view + View.Dict] = incref(dict);
  track(view);
  return view;
}

/** An iterator of `type` (T.DictKeyIterator, … T.DictReverseItemIterator) over `dict`. */
export function newDictIterator(type: Addr, dict: Addr): Addr {
  const iterator = newGcObject(type, Iterator.Bytes);
  if (iterator === 0) return 0;
  I32[iterator + Iterator.Dict] = incref(dict);
  I32[iterator + Iterator.Used] = I32[dict + DictObject.Used];
  I32[iterator + Iterator.Left] = I32[dict + DictObject.Used];
  if (type >= T.DictReverseKeyIterator) {
    const last = dictPrevious(dict, Number.MAX_SAFE_INTEGER);
    I32[iterator + Iterator.Position] = last;
  }
  if (type === T.DictItemIterator || type === T.DictReverseItemIterator) {
    const pair = newTuple2(S.None, S.None);
    if (pair === 0) {
      decref(iterator);
      return 0;
    }
    I32[iterator + Iterator.Result] = pair;
  }
  track(iterator);
  return iterator;
}

/**
 * Position of the next item in the iterator's dict, or -1 at the end or with an exception pending.
 */
function advance(self: Addr, backward: boolean): number {
  const dict = I32[self + Iterator.Dict];
  if (dict === 0) return -1;
  if (I32[self + Iterator.Used] !== I32[dict + DictObject.Used]) {
    raise(T.RuntimeError, "dictionary changed size during iteration");
    I32[self + Iterator.Used] = -1;
    return -1;
  }
  const from = I32[self + Iterator.Position];
  const at = backward ? (from < 0 ? -1 : dictPrevious(dict, from)) : dictNext(dict, from);
  if (at < 0) {
    I32[self + Iterator.Dict] = 0;
    decref(dict);
    return -1;
  }
  if (I32[self + Iterator.Left] === 0) {
    raise(T.RuntimeError, "dictionary keys changed during iteration");
    I32[self + Iterator.Dict] = 0;
    decref(dict);
    return -1;
  }
  I32[self + Iterator.Left]--;
  I32[self + Iterator.Position] = backward ? at - 1 : at + 1;
  return at;
}

function nextKey(self: Addr, backward: boolean): Addr {
  const at = advance(self, backward);
  return at < 0 ? 0 : incref(dictKeyAt(I32[self + Iterator.Dict], at));
}

function nextValue(self: Addr, backward: boolean): Addr {
  const at = advance(self, backward);
  return at < 0 ? 0 : incref(dictValueAt(I32[self + Iterator.Dict], at));
}

function nextItem(self: Addr, backward: boolean): Addr {
  const at = advance(self, backward);
  if (at < 0) return 0;
  const dict = I32[self + Iterator.Dict];
  const key = dictKeyAt(dict, at);
  const value = dictValueAt(dict, at);
  const pair = I32[self + Iterator.Result];
  if (I32[pair] !== 1) return newTuple2(key, value);
  // Nobody else holds the last pair: fill it again.
  const oldKey = I32[pair + TupleObject.Items];
  const oldValue = I32[pair + TupleObject.Items + 2];
  I32[pair + TupleObject.Items] = incref(key);
  I32[pair + TupleObject.Items + 2] = incref(value);
  I32[pair]++;
  decref(oldKey);
  decref(oldValue);
  track(pair);
  return pair;
}

function iteratorDealloc(self: Addr): void {
  untrack(self);
  clearField(self + Iterator.Dict);
  clearField(self + Iterator.Result);
  freeObject(self);
}

function iteratorTraverse(self: Addr, visit: (ref: Addr) => void): void {
  if (I32[self + Iterator.Dict] !== 0) visit(I32[self + Iterator.Dict]);
  if (I32[self + Iterator.Result] !== 0) visit(I32[self + Iterator.Result]);
}

function iteratorHint(self: Addr): Addr {
  const dict = I32[self + Iterator.Dict];
  const valid = dict !== 0 && I32[self + Iterator.Used] === I32[dict + DictObject.Used];
  return newInt(valid ? I32[self + Iterator.Left] : 0);
}

/** A list of what the iterator has not given yet; it stays where it is. */
function itemsLeft(self: Addr, next: (self: Addr) => Addr): Addr {
  const list = newList(0);
  const dict = I32[self + Iterator.Dict];
  if (list === 0 || dict === 0) return list;
  const [position, left] = [I32[self + Iterator.Position], I32[self + Iterator.Left]];
  incref(dict);
  for (let item = next(self); item !== 0; item = next(self)) {
    if (listAppendSteal(list, item) < 0) break;
  }
  if (I32[self + Iterator.Dict] === 0) I32[self + Iterator.Dict] = dict;
  else decref(dict);
  I32[self + Iterator.Position] = position;
  I32[self + Iterator.Left] = left;
  if (!pending()) return list;
  decref(list);
  return 0;
}

function defineIterator(type: Addr, name: string, next: (self: Addr) => Addr): void {
  defineType({
    type,
    name,
    flags: TypeFlag.HasGc,
    basicSize: Iterator.Bytes,
    slots: {
      dealloc: iteratorDealloc,
      traverse: iteratorTraverse,
      iter: incref,
      iterNext: next,
    },
    methods: [
      noArgs("__length_hint__", iteratorHint),
      noArgs("__reduce__", (self) => newBuiltinReduction(idIter, [itemsLeft(self, next)])),
    ],
  });
}

defineIterator(T.DictKeyIterator, "dict_keyiterator", (self) => nextKey(self, false));
defineIterator(T.DictValueIterator, "dict_valueiterator", (self) => nextValue(self, false));
defineIterator(T.DictItemIterator, "dict_itemiterator", (self) => nextItem(self, false));
defineIterator(T.DictReverseKeyIterator, "dict_reversekeyiterator", (self) => nextKey(self, true));
defineIterator(T.DictReverseValueIterator, "dict_reversevalueiterator", (self) =>
  nextValue(self, true),
);
defineIterator(T.DictReverseItemIterator, "dict_reverseitemiterator", (self) =>
  nextItem(self, true),
);

function viewDealloc(self: Addr): void {
  untrack(self);
  clearField(self + View.Dict);
  freeObject(self);
}

function viewLength(self: Addr): number {
  return dictSize(I32[self + View.Dict]);
}

function viewRepr(self: Addr): Addr {
  const list = listFromIterable(self);
  if (list === 0) return 0;
  const text = reprSequence(list, "[", "]");
  decref(list);
  if (text === 0) return 0;
  const result = newStr(`${typeName(self)}(${getString(text)})`);
  decref(text);
  return result;
}

function itemsContain(self: Addr, item: Addr): number {
  if (I32[item + Head.Type] !== T.Tuple || I32[item + TupleObject.Size] !== 2) return 0;
  const found = dictGet(I32[self + View.Dict], I32[item + TupleObject.Items]);
  if (found === 0) return pending() ? -1 : 0;
  I32[found]++;
  const equal = richCompareBool(found, I32[item + TupleObject.Items + 2], Compare.Eq);
  decref(found);
  return equal;
}

function isSetView(object: Addr): boolean {
  const type = I32[object + Head.Type];
  return type === T.DictKeys || type === T.DictItems;
}

/** Are all items of `a` in `b`? */
function allIn(a: Addr, b: Addr): number {
  const iterator = getIter(a);
  if (iterator === 0) return -1;
  let found = 1;
  while (found === 1) {
    const item = iterNext(iterator);
    if (item === 0) {
      if (pending()) found = -1;
      break;
    }
    found = contains(b, item);
    decref(item);
  }
  decref(iterator);
  return found;
}

function viewRichCompare(left: Addr, right: Addr, op: number): Addr {
  if (!isAnySet(right) && !isSetView(right)) return newNotImplemented();
  const n = viewLength(left);
  const m = objectLength(right);
  if (m < 0) return 0;
  let result: number;
  switch (op) {
    case Compare.Eq:
    case Compare.Ne:
      result = n === m ? allIn(left, right) : 0;
      if (result >= 0 && op === Compare.Ne) result = 1 - result;
      break;
    case Compare.Lt:
      result = n < m ? allIn(left, right) : 0;
      break;
    case Compare.Le:
      result = n <= m ? allIn(left, right) : 0;
      break;
    case Compare.Gt:
      result = n > m ? allIn(right, left) : 0;
      break;
    default:
      result = n >= m ? allIn(right, left) : 0;
  }
  return result < 0 ? 0 : newTruth(result === 1);
}

/** A set of the items of `left`, changed by calling its method `name` with `right`. */
function combine(left: Addr, right: Addr, name: Addr): Addr {
  const set = newSet(left);
  if (set === 0) return 0;
  const done = callMethod1(set, name, right);
  if (done === 0) {
    decref(set);
    return 0;
  }
  if (name === intersectionName) {
    decref(set);
    return done;
  }
  decref(done);
  return set;
}

function viewDisjoint(self: Addr, other: Addr): Addr {
  const set = newSet(other);
  if (set === 0) return 0;
  const iterator = getIter(self);
  let common = iterator === 0 ? -1 : 0;
  while (common === 0) {
    const item = iterNext(iterator);
    if (item === 0) break;
    common = setContains(set, item);
    decref(item);
  }
  if (iterator !== 0) decref(iterator);
  decref(set);
  return common < 0 || pending() ? 0 : newTruth(common === 0);
}

const viewMapping = getSet("mapping", (self) => newMappingProxy(I32[self + View.Dict]));

function defineView(
  type: Addr,
  name: string,
  iterator: Addr,
  reversed: Addr,
  contained: ((self: Addr, value: Addr) => number) | null,
): void {
  const methods: MethodDef[] = [
    noArgs("__reversed__", (self) => newDictIterator(reversed, I32[self + View.Dict])),
  ];
  if (contained !== null) methods.push(oneArg("isdisjoint", viewDisjoint));
  defineType({
    type,
    name,
    flags: TypeFlag.HasGc,
    basicSize: View.Bytes,
    slots: {
      dealloc: viewDealloc,
      traverse: (self, visit) => {
        if (I32[self + View.Dict] !== 0) visit(I32[self + View.Dict]);
      },
      repr: viewRepr,
      iter: (self) => newDictIterator(iterator, I32[self + View.Dict]),
      length: viewLength,
      ...(contained === null
        ? {}
        : {
            contains: contained,
            richCompare: viewRichCompare,
            subtract: (a: Addr, b: Addr) => combine(a, b, differenceUpdate),
            and: (a: Addr, b: Addr) => combine(a, b, intersectionName),
            or: (a: Addr, b: Addr) => combine(a, b, updateName),
            xor: (a: Addr, b: Addr) => combine(a, b, symmetricDifferenceUpdate),
          }),
    },
    methods,
    getSets: [viewMapping],
  });
}

defineView(T.DictKeys, "dict_keys", T.DictKeyIterator, T.DictReverseKeyIterator, (self, key) =>
  dictContains(I32[self + View.Dict], key),
);
defineView(T.DictItems, "dict_items", T.DictItemIterator, T.DictReverseItemIterator, itemsContain);
defineView(T.DictValues, "dict_values", T.DictValueIterator, T.DictReverseValueIterator, null);
