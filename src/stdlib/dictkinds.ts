/** collections.defaultdict and collections.OrderedDict: dicts with a little more. */

import { type Addr, heap } from "../memory/heap.js";
import { getIter, hashObject, iterNext, richCompareBool, setItem } from "../object/abstract.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { call0, call1, call2, callMethod0, isCallable } from "../object/call.js";
import { reprDict } from "../object/containerrepr.js";
import {
  defineModule,
  defineType,
  fast,
  keywords,
  member,
  noArgs,
  oneArg,
} from "../object/define.js";
import {
  dictClear,
  dictContains,
  dictEntryKey,
  dictGet,
  dictGetHash,
  dictKeyAt,
  dictNext,
  dictPrevious,
  dictSet,
  dictSetHash,
  dictTake,
  dictUpdate,
  isDict,
  newDict,
} from "../object/dict.js";
import { lookup } from "../object/dictkeys.js";
import {
  dictBytes,
  dictDealloc,
  dictEqual,
  dictTraverse,
  dictUpdateFrom,
} from "../object/dicttype.js";
import { newDictView } from "../object/dictviews.js";
import {
  newNone,
  newNotImplemented,
  pending,
  raise,
  raiseStatus,
  raiseValue,
  shortTypeName,
} from "../object/errors.js";
import { untrack } from "../object/gcheader.js";
import { clearField, decref, incref, setField } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { newObjectOf } from "../object/instance.js";
import { newInt } from "../object/int.js";
import { DictKeys, DictObject, Head, ListObject, TypeFlag, TypeObject } from "../object/layout.js";
import { listFromIterable } from "../object/list.js";
import { dictAttribute } from "../object/nativeiterator.js";
import { binaryOp, isTrue } from "../object/number.js";
import { attributeState, newReduction } from "../object/reduction.js";
import { reprEnter, reprLeave, reprObject } from "../object/repr.js";
import { newTruth } from "../object/sequencecompare.js";
import { Compare } from "../object/slots.js";
import { ObjectState } from "../object/state.js";
import { getString, newStr } from "../object/str.js";
import { newTuple2 } from "../object/tuple.js";
import { Kind, S, T } from "../object/types.js";
import "./deque.js";
import { addTypes } from "./moduletypes.js";

const I32 = heap.I32;
const idItems = identifier("items");

const enum DefaultDict {
  Factory = 12,
  Bytes = 56,
}

/**
 * Hint: entries before it are gone while the key table is HintKeys. The size is CPython's, which
 * keeps the order in a list of its own.
 */
const enum OrderedDict {
  HintKeys = 12,
  Hint = 13,
  /** Attributes (counted), 0 until asked for. */
  Dict = 14,
  Bytes = 112,
}

/** A dict of `type`, whose layout starts with a dict's; empty. */
function newOf(type: Addr): Addr {
  const dict = newObjectOf(type);
  if (dict !== 0) I32[dict + DictObject.Keys] = ObjectState.EmptyKeys;
  return dict;
}

function layoutOf(object: Addr): number {
  return I32[I32[object + Head.Type] + TypeObject.Layout];
}

function defaultInit(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  let factory = 0;
  if (nargs > 0) {
    factory = I32[args];
    if (factory !== S.None && !isCallable(factory)) {
      return raiseStatus(T.TypeError, "first argument must be callable or None");
    }
  }
  setField(self + DefaultDict.Factory, factory === 0 || factory === S.None ? 0 : incref(factory));
  const skipped = nargs > 0 ? 1 : 0;
  return dictUpdateFrom("defaultdict", self, args + skipped, nargs - skipped, kwnames);
}

function defaultMissing(self: Addr, key: Addr): Addr {
  const factory = I32[self + DefaultDict.Factory];
  if (factory === 0) return raiseValue(T.KeyError, key);
  const value = call0(factory);
  if (value === 0) return 0;
  if (setItem(self, key, value) < 0) {
    decref(value);
    return 0;
  }
  return value;
}

function defaultCopy(self: Addr): Addr {
  const factory = I32[self + DefaultDict.Factory] || S.None;
  return call2(I32[self + Head.Type], factory, self);
}

function defaultRepr(self: Addr): Addr {
  const text = reprDict(self);
  if (text === 0) return 0;
  const items = getString(text);
  decref(text);
  const shown = factoryRepr(I32[self + DefaultDict.Factory]);
  return shown === null ? 0 : newStr(`${shortTypeName(self)}(${shown}, ${items})`);
}

/** Null with an exception pending. */
function factoryRepr(factory: Addr): string | null {
  if (factory === 0) return "None";
  const entered = reprEnter(factory);
  if (entered !== 0) return entered < 0 ? null : "...";
  const text = reprObject(factory);
  reprLeave(factory);
  if (text === 0) return null;
  const shown = getString(text);
  decref(text);
  return shown;
}

function defaultOr(left: Addr, right: Addr): Addr {
  if (!isDict(left) || !isDict(right)) return newNotImplemented();
  const own = layoutOf(left) === Kind.DefaultDict ? left : right;
  const result = call2(I32[own + Head.Type], I32[own + DefaultDict.Factory] || S.None, left);
  if (result !== 0 && dictUpdate(result, right) < 0) {
    decref(result);
    return 0;
  }
  return result;
}

defineType({
  type: T.DefaultDict,
  name: "collections.defaultdict",
  base: T.Dict,
  flags: TypeFlag.BaseType | TypeFlag.HasGc | TypeFlag.DictSubclass | TypeFlag.Mapping,
  basicSize: DefaultDict.Bytes,
  slots: {
    dealloc: (self) => {
      untrack(self);
      clearField(self + DefaultDict.Factory);
      dictDealloc(self);
    },
    traverse: (self, visit) => {
      if (I32[self + DefaultDict.Factory] !== 0) visit(I32[self + DefaultDict.Factory]);
      dictTraverse(self, visit);
    },
    clear: (self) => {
      clearField(self + DefaultDict.Factory);
      dictClear(self);
    },
    repr: defaultRepr,
    new: newOf,
    init: defaultInit,
    or: defaultOr,
  },
  methods: [
    oneArg("__missing__", defaultMissing),
    noArgs("copy", defaultCopy),
    noArgs("__copy__", defaultCopy),
    noArgs("__reduce__", defaultReduce),
  ],
  members: [member("default_factory", DefaultDict.Factory, { readonly: false })],
  doc: "defaultdict(default_factory=None, /, [...]) --> dict with default factory",
});

function defaultReduce(self: Addr): Addr {
  const factory = I32[self + DefaultDict.Factory];
  const items = callMethod0(self, idItems);
  const iterator = items === 0 ? 0 : getIter(items);
  if (items !== 0) decref(items);
  const args = factory === 0 ? [] : [incref(factory)];
  return newReduction(incref(I32[self + Head.Type]), args, newNone(), newNone(), iterator);
}

/** Position of the first item, without looking at entries known to be gone. */
export function firstPosition(self: Addr): number {
  const keys = I32[self + DictObject.Keys];
  const known = I32[self + OrderedDict.HintKeys] === keys ? I32[self + OrderedDict.Hint] : 0;
  const usable = known < I32[keys + DictKeys.Count] ? known : 0;
  let first = dictNext(self, usable);
  if (first < 0 && usable > 0) first = dictNext(self, 0);
  I32[self + OrderedDict.HintKeys] = keys;
  I32[self + OrderedDict.Hint] = Math.max(0, first);
  return first;
}

const bound = new Int32Array(2);

function orderedPopItem(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("popitem", args, nargs, kwnames, ["last"], 0, bound)) return 0;
  const last = bound[0] === 0 ? 1 : isTrue(bound[0]);
  if (last < 0) return 0;
  if (I32[self + DictObject.Used] === 0) return raise(T.KeyError, "dictionary is empty");
  const at = last === 1 ? dictPrevious(self, Number.MAX_SAFE_INTEGER) : firstPosition(self);
  const key = incref(dictKeyAt(self, at));
  const value = dictTake(self, key);
  const item = value === 0 ? 0 : newTuple2(key, value);
  decref(key);
  if (value !== 0) decref(value);
  return item;
}

function moveToEnd(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("move_to_end", args, nargs, kwnames, ["key", "last"], 1, bound)) return 0;
  const key = bound[0];
  const last = bound[1] === 0 ? 1 : isTrue(bound[1]);
  if (last < 0) return 0;
  const place = dictContains(self, key);
  if (place <= 0) return place < 0 ? 0 : raiseValue(T.KeyError, key);
  if (last === 1) return moveLast(self, key) ? newNone() : 0;
  return moveFirst(self, key) ? newNone() : 0;
}

/** Take the item of `key` out and enter it again, under the key object it had. */
export function moveLast(self: Addr, key: Addr): boolean {
  const end = dictPrevious(self, Number.MAX_SAFE_INTEGER);
  if (dictKeyAt(self, end) === key) return true;
  const own = storedKey(self, key);
  const value = own === 0 ? 0 : dictTake(self, own);
  const moved = value !== 0 && dictSet(self, own, value) === 0;
  if (own !== 0) decref(own);
  if (value !== 0) decref(value);
  return moved;
}

/** The key object that the dict holds for `key`: a new reference. */
function storedKey(self: Addr, key: Addr): Addr {
  const hash = hashObject(key);
  const index = hash === -1 ? -1 : lookup(self, key, hash);
  return index < 0 ? 0 : incref(dictEntryKey(self, index));
}

/** Rebuild the dict with the item of `key` in front. */
function moveFirst(self: Addr, key: Addr): boolean {
  const own = storedKey(self, key);
  if (own === 0) return false;
  const rest = listFromIterable(self);
  let good = rest !== 0;
  const front = good ? dictTake(self, own) : 0;
  good = front !== 0;
  if (good) {
    const items = I32[rest + ListObject.Items];
    const n = I32[rest + ListObject.Size];
    const held = newDict();
    good = held !== 0 && dictUpdate(held, self) === 0;
    if (good) {
      dictClear(self);
      good = dictSet(self, own, front) === 0;
    }
    for (let i = 0; i < n && good; i++) {
      const value = dictGet(held, I32[items + 2 * i]);
      if (value !== 0) good = dictSet(self, I32[items + 2 * i], value) === 0;
    }
    if (held !== 0) decref(held);
    decref(front);
  }
  if (rest !== 0) decref(rest);
  decref(own);
  return good && !pending();
}

function orderedEqual(left: Addr, right: Addr): number {
  const equal = dictEqual(left, right);
  if (equal <= 0 || layoutOf(left) !== layoutOf(right)) return equal;
  let i = dictNext(left, 0);
  let j = dictNext(right, 0);
  while (i >= 0 && j >= 0) {
    const key = incref(dictKeyAt(left, i));
    const other = incref(dictKeyAt(right, j));
    const same = richCompareBool(key, other, Compare.Eq);
    decref(key);
    decref(other);
    if (same <= 0) return same;
    i = dictNext(left, i + 1);
    j = dictNext(right, j + 1);
  }
  return 1;
}

function orderedRepr(self: Addr): Addr {
  const name = shortTypeName(self);
  if (I32[self + DictObject.Used] === 0) return newStr(`${name}()`);
  const entered = reprEnter(self);
  if (entered !== 0) return entered > 0 ? newStr("...") : 0;
  const view = newDictView(T.DictItems, self);
  const list = view === 0 ? 0 : listFromIterable(view);
  const text = list === 0 ? 0 : reprObject(list);
  reprLeave(self);
  if (view !== 0) decref(view);
  if (list !== 0) decref(list);
  if (text === 0) return 0;
  const items = getString(text);
  decref(text);
  return newStr(`${name}(${items})`);
}

/** `dict.copy` keeps the class here. */
function orderedCopy(self: Addr): Addr {
  return call1(I32[self + Head.Type], self);
}

/** CPython's: a word for each slot of the table and a node of four for each item. */
function orderedSizeOf(self: Addr): Addr {
  const length = I32[self + DictObject.Used];
  const log2 = I32[I32[self + DictObject.Keys] + DictKeys.Log2Size];
  return newInt(dictBytes(self) + (length === 0 ? 0 : 8 * 2 ** log2 + 32 * length));
}

function orderedOr(left: Addr, right: Addr): Addr {
  if (!isDict(left) || !isDict(right)) return newNotImplemented();
  const own = layoutOf(left) === Kind.OrderedDict ? left : right;
  const result = call1(I32[own + Head.Type], left);
  if (result !== 0 && dictUpdate(result, right) < 0) {
    decref(result);
    return 0;
  }
  return result;
}

defineType({
  type: T.OrderedDict,
  name: "collections.OrderedDict",
  base: T.Dict,
  flags: TypeFlag.BaseType | TypeFlag.HasGc | TypeFlag.DictSubclass | TypeFlag.Mapping,
  basicSize: OrderedDict.Bytes,
  dictOffset: OrderedDict.Dict,
  slots: {
    dealloc: (self) => {
      untrack(self);
      clearField(self + OrderedDict.Dict);
      dictDealloc(self);
    },
    traverse: (self, visit) => {
      if (I32[self + OrderedDict.Dict] !== 0) visit(I32[self + OrderedDict.Dict]);
      dictTraverse(self, visit);
    },
    clear: (self) => {
      clearField(self + OrderedDict.Dict);
      dictClear(self);
    },
    repr: orderedRepr,
    new: newOf,
    or: orderedOr,
    richCompare: (left, right, op) => {
      if (!isDict(left) || !isDict(right) || (op !== Compare.Eq && op !== Compare.Ne)) {
        return newNotImplemented();
      }
      const equal = orderedEqual(left, right);
      return equal < 0 ? 0 : newTruth((equal === 1) === (op === Compare.Eq));
    },
  },
  methods: [
    keywords("popitem", orderedPopItem),
    keywords("move_to_end", moveToEnd),
    noArgs("copy", orderedCopy),
    noArgs("__copy__", orderedCopy),
    noArgs("__reduce__", (self) => {
      const type = incref(I32[self + Head.Type]);
      const items = callMethod0(self, idItems);
      const iterator = items === 0 ? 0 : getIter(items);
      if (items !== 0) decref(items);
      return newReduction(type, [], attributeState(self), newNone(), iterator);
    }),
    noArgs("__sizeof__", orderedSizeOf),
  ],
  getSets: [dictAttribute(OrderedDict.Dict)],
  doc: "Dictionary that remembers insertion order",
});

/** Count the items of an iterable in a dict: `mapping[item] += 1`, from 0. */
function countElements(_module: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("_count_elements", nargs, 2, 2)) return 0;
  const mapping = I32[args];
  if (!isDict(mapping)) return raise(T.TypeError, "a dict is required");
  const iterator = getIter(I32[args + 1]);
  if (iterator === 0) return 0;
  for (;;) {
    const item = iterNext(iterator);
    if (item === 0) break;
    const status = countOne(mapping, item);
    decref(item);
    if (status < 0) break;
  }
  decref(iterator);
  return pending() ? 0 : newNone();
}

function countOne(mapping: Addr, item: Addr): number {
  const hash = hashObject(item);
  if (hash === -1) return -1;
  const old = dictGetHash(mapping, item, hash);
  if (old === 0) return pending() ? -1 : dictSetHash(mapping, item, hash, S.One);
  const sum = binaryOp(0, old, S.One);
  if (sum === 0) return -1;
  const status = dictSetHash(mapping, item, hash, sum);
  decref(sum);
  return status;
}

defineModule({
  name: "_collections",
  doc: "High performance data structures.",
  functions: [fast("_count_elements", countElements)],
  setup: (_module, dict) => addTypes(dict, "collections."),
});
