/** The type dict: its slots and methods. */
import { type Addr, heap } from "../memory/heap.js";
import { getIter, iterNext, richCompareBool, setItem } from "./abstract.js";
import { checkArity, keywordCount } from "./arguments.js";
import { call0, call1 } from "./call.js";
import { reprDict } from "./containerrepr.js";
import { classBound, defineType, fast, keywords, noArgs } from "./define.js";
import {
  dictClear,
  dictContains,
  dictCopy,
  dictDelete,
  dictGet,
  dictGetHash,
  dictHashAt,
  dictKeyAt,
  dictNext,
  dictPop,
  dictPrevious,
  dictSet,
  dictSetDefault,
  dictSize,
  dictTake,
  dictUpdate,
  dictValueAt,
  freeValues,
  isDict,
  newDict,
} from "./dict.js";
import { clearKeysFreeList, decrefKeys, keysBytes, usableSlots } from "./dictkeys.js";
import { newDictIterator, newDictView } from "./dictviews.js";
import { newNone, newNotImplemented, pending, raise, raiseValue } from "./errors.js";
import { freeObject, untrack } from "./gcheader.js";
import { classGetItemMethod } from "./genericalias.js";
import { basicSizeOf, decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { newObjectOf } from "./instance.js";
import { visitValues } from "./instancedict.js";
import { newInt } from "./int.js";
import { DictKeys, DictKind, DictObject, Head, TupleObject, TypeFlag } from "./layout.js";
import { newTruth } from "./sequencecompare.js";
import { Compare } from "./slots.js";
import { ObjectState } from "./state.js";
import { trashBeginBase, trashEnd } from "./trashcan.js";
import { newTuple2 } from "./tuple.js";
import { lookupSpecial } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const missingName = identifier("__missing__");

const enum Limit {
  FreeHeaders = 80,
}

/** The dealloc slot; subclasses call it last. */
export function dictDealloc(self: Addr): void {
  untrack(self);
  if (!trashBeginBase(self)) return;
  const keys = I32[self + DictObject.Keys];
  const values = I32[self + DictObject.Values];
  if (values !== 0) freeValues(values);
  decrefKeys(keys);
  if (I32[self + Head.Type] === T.Dict && I32[ObjectState.DictFreeCount] < Limit.FreeHeaders) {
    I32[self + DictObject.Keys] = I32[ObjectState.DictFree];
    I32[ObjectState.DictFree] = self;
    I32[ObjectState.DictFreeCount]++;
  } else {
    freeObject(self);
  }
  trashEnd();
}

/** Empty the free lists of dicts and key tables (C20). */
export function clearDictFreeLists(): void {
  for (;;) {
    const dict = I32[ObjectState.DictFree];
    if (dict === 0) break;
    I32[ObjectState.DictFree] = I32[dict + DictObject.Keys];
    I32[ObjectState.DictFreeCount]--;
    freeObject(dict);
  }
  clearKeysFreeList();
}

export function dictTraverse(self: Addr, visit: (ref: Addr) => void): void {
  const values = I32[self + DictObject.Values];
  if (values !== 0) {
    visitValues(values, visit);
    return;
  }
  const general = I32[I32[self + DictObject.Keys] + DictKeys.Kind] === DictKind.General;
  for (let i = dictNext(self, 0); i >= 0; i = dictNext(self, i + 1)) {
    visit(dictValueAt(self, i));
    if (general) visit(dictKeyAt(self, i));
  }
}

/** `dict[key]`, with `__missing__` of subclasses. */
export function dictSubscript(self: Addr, key: Addr): Addr {
  const value = dictGet(self, key);
  if (value !== 0) return incref(value);
  if (pending()) return 0;
  if (I32[self + Head.Type] !== T.Dict) {
    const missing = lookupSpecial(self, missingName);
    if (missing !== 0) {
      const result = call1(missing, key);
      decref(missing);
      return result;
    }
    if (pending()) return 0;
  }
  return raiseValue(T.KeyError, key);
}

function dictSetSubscript(self: Addr, key: Addr, value: Addr): number {
  return value === 0 ? dictDelete(self, key) : dictSet(self, key, value);
}

function dictNew(type: Addr): Addr {
  if (type === T.Dict) return newDict();
  const dict = newObjectOf(type);
  if (dict !== 0) I32[dict + DictObject.Keys] = ObjectState.EmptyKeys;
  return dict;
}

/** `dict(…)` and `update(…)`: one mapping or iterable, and keywords. */
export function dictUpdateFrom(
  fname: string,
  self: Addr,
  args: Addr,
  nargs: number,
  kwnames: Addr,
): number {
  if (!checkArity(fname, nargs, 0, 1)) return -1;
  if (nargs > 0 && dictUpdate(self, I32[args]) < 0) return -1;
  const n = keywordCount(kwnames);
  for (let i = 0; i < n; i++) {
    const name = I32[kwnames + TupleObject.Items + 2 * i];
    if (dictSet(self, name, I32[args + nargs + i]) < 0) return -1;
  }
  return 0;
}

/** Are two dicts equal? 1, 0, or -1 with an exception pending. */
export function dictEqual(a: Addr, b: Addr): number {
  if (I32[a + DictObject.Used] !== I32[b + DictObject.Used]) return 0;
  for (let i = dictNext(a, 0); i >= 0; i = dictNext(a, i + 1)) {
    const key = incref(dictKeyAt(a, i));
    const value = incref(dictValueAt(a, i));
    const other = dictGetHash(b, key, dictHashAt(a, i));
    let equal = 0;
    if (other !== 0) {
      I32[other]++;
      equal = richCompareBool(value, other, Compare.Eq);
      decref(other);
    } else if (pending()) {
      equal = -1;
    }
    decref(key);
    decref(value);
    if (equal <= 0) return equal;
  }
  return 1;
}

function dictRichCompare(left: Addr, right: Addr, op: number): Addr {
  if (!isDict(left) || !isDict(right) || (op !== Compare.Eq && op !== Compare.Ne)) {
    return newNotImplemented();
  }
  const equal = dictEqual(left, right);
  return equal < 0 ? 0 : newTruth((equal === 1) === (op === Compare.Eq));
}

function dictOr(left: Addr, right: Addr): Addr {
  if (!isDict(left) || !isDict(right)) return newNotImplemented();
  const result = dictCopy(left);
  if (result !== 0 && dictUpdate(result, right) < 0) {
    decref(result);
    return 0;
  }
  return result;
}

function dictInplaceOr(self: Addr, other: Addr): Addr {
  return dictUpdate(self, other) < 0 ? 0 : incref(self);
}

function dictGetMethod(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("get", nargs, 1, 2)) return 0;
  const value = dictGet(self, I32[args]);
  if (value !== 0) return incref(value);
  if (pending()) return 0;
  return nargs > 1 ? incref(I32[args + 1]) : newNone();
}

function dictSetDefaultMethod(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("setdefault", nargs, 1, 2)) return 0;
  const value = dictSetDefault(self, I32[args], nargs > 1 ? I32[args + 1] : S.None);
  return value === 0 ? 0 : incref(value);
}

function dictPopMethod(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("pop", nargs, 1, 2)) return 0;
  return dictPop(self, I32[args], nargs > 1 ? I32[args + 1] : 0);
}

function dictPopItem(self: Addr): Addr {
  if (I32[self + DictObject.Used] === 0) {
    return raise(T.KeyError, "popitem(): dictionary is empty");
  }
  const last = dictPrevious(self, Number.MAX_SAFE_INTEGER);
  const key = incref(dictKeyAt(self, last));
  const value = dictTake(self, key);
  if (value === 0) {
    decref(key);
    return 0;
  }
  const keys = I32[self + DictObject.Keys];
  // The room of the last entries is used again.
  if (I32[self + DictObject.Values] === 0) I32[keys + DictKeys.Count] = last;
  const item = newTuple2(key, value);
  decref(key);
  decref(value);
  return item;
}

function dictFromKeys(cls: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("fromkeys", nargs, 1, 2)) return 0;
  const value = nargs > 1 ? I32[args + 1] : S.None;
  const dict = call0(cls);
  if (dict === 0) return 0;
  const iterator = getIter(I32[args]);
  if (iterator === 0) {
    decref(dict);
    return 0;
  }
  const exact = I32[dict + Head.Type] === T.Dict;
  for (;;) {
    const key = iterNext(iterator);
    if (key === 0) break;
    const status = exact ? dictSet(dict, key, value) : setItem(dict, key, value);
    decref(key);
    if (status < 0) break;
  }
  decref(iterator);
  if (!pending()) return dict;
  decref(dict);
  return 0;
}

/** Bytes of a dict without its collector header (R34). */
function dictSizeOf(self: Addr): Addr {
  return newInt(dictBytes(self));
}

/** Bytes of a dict, or of an instance of a subclass, with its table. */
export function dictBytes(self: Addr): number {
  const own = basicSizeOf(self);
  const keys = I32[self + DictObject.Keys];
  if (keys === ObjectState.EmptyKeys) return own;
  if (I32[self + DictObject.Values] !== 0) {
    // As many values as the class's instances have room for by now (R43).
    return own + 8 * (I32[keys + DictKeys.Count] + I32[keys + DictKeys.Usable]);
  }
  const log2 = I32[keys + DictKeys.Log2Size];
  return own + keysBytes(log2, I32[keys + DictKeys.Kind], usableSlots(log2));
}

defineType({
  type: T.Dict,
  name: "dict",
  flags: TypeFlag.BaseType | TypeFlag.HasGc | TypeFlag.DictSubclass | TypeFlag.Mapping,
  basicSize: DictObject.Bytes,
  slots: {
    dealloc: dictDealloc,
    traverse: dictTraverse,
    clear: dictClear,
    repr: reprDict,
    richCompare: dictRichCompare,
    iter: (self) => newDictIterator(T.DictKeyIterator, self),
    new: dictNew,
    init: (self, args, nargs, kwnames) => dictUpdateFrom("dict", self, args, nargs, kwnames),
    or: dictOr,
    inplaceOr: dictInplaceOr,
    length: dictSize,
    contains: dictContains,
    subscript: dictSubscript,
    setSubscript: dictSetSubscript,
  },
  methods: [
    noArgs("__reversed__", (self) => newDictIterator(T.DictReverseKeyIterator, self)),
    noArgs("__sizeof__", dictSizeOf),
    fast("get", dictGetMethod),
    fast("setdefault", dictSetDefaultMethod),
    fast("pop", dictPopMethod),
    noArgs("popitem", dictPopItem),
    noArgs("keys", (self) => newDictView(T.DictKeys, self)),
    noArgs("items", (self) => newDictView(T.DictItems, self)),
    noArgs("values", (self) => newDictView(T.DictValues, self)),
    keywords("update", (self, args, nargs, kwnames) =>
      dictUpdateFrom("update", self, args, nargs, kwnames) < 0 ? 0 : newNone(),
    ),
    classBound(fast("fromkeys", dictFromKeys)),
    noArgs("clear", (self) => {
      dictClear(self);
      return newNone();
    }),
    noArgs("copy", dictCopy),
    classGetItemMethod,
  ],
  doc:
    "dict() -> new empty dictionary\n" +
    "dict(mapping) -> new dictionary initialized from a mapping object's\n" +
    "    (key, value) pairs\n" +
    "dict(iterable) -> new dictionary initialized as if via:\n    d = {}\n" +
    "    for k, v in iterable:\n        d[k] = v\n" +
    "dict(**kwargs) -> new dictionary initialized with the name=value pairs\n" +
    "    in the keyword argument list.  For example:  dict(one=1, two=2)",
});
