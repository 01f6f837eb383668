/** The types set and frozenset: their slots and methods. */

import { type Addr, heap } from "../memory/heap.js";
import { getIter, hashObject, iterNext } from "./abstract.js";
import { checkArity, keywordsAllowed } from "./arguments.js";
import { defineType, fast, type MethodDef, noArgs, oneArg } from "./define.js";
import { dictHashAt, dictKeyAt, dictNext } from "./dict.js";
import {
  clearPending,
  newNone,
  newNotImplemented,
  pending,
  pendingMatches,
  raise,
  raiseValue,
  typeName,
} from "./errors.js";
import { freeObject, newGcObject, track, untrack } from "./gcheader.js";
import { classGetItemMethod } from "./genericalias.js";
import { basicSizeOf, clearField, decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { clearWeakReferences, newObjectOf } from "./instance.js";
import { newInt } from "./int.js";
import { Head, SetObject, TypeFlag, TypeObject } from "./layout.js";
import { listAppend, listFromIterable, newList } from "./list.js";
import { attributeState, newBuiltinReduction, newReduction } from "./reduction.js";
import { reprEnter, reprLeave, reprObject } from "./repr.js";
import { newTruth } from "./sequencecompare.js";
import {
  initializeSet,
  isAnySet,
  newFrozenSet,
  newSet,
  setAdd,
  setAddHash,
  setClear,
  setContains,
  setCopyAs,
  setDiscard,
  setDiscardHash,
  setFind,
  setFreeTable,
  setHashAt,
  setKeyAt,
  setNext,
  setRemoveEntry,
  setSize,
  setSwap,
  setUpdate,
} from "./set.js";
import { Compare } from "./slots.js";
import { getString, newStr } from "./str.js";
import { inTrashcan, trashBeginBase, trashEnd } from "./trashcan.js";
import { Kind, T } from "./types.js";

const I32 = heap.I32;

const idIter = identifier("iter");

const enum Iterator {
  Set = 4,
  Used = 6,
  Position = 8,
  Left = 10,
  Bytes = 48,
}

function setDealloc(self: Addr): void {
  untrack(self);
  if (!trashBeginBase(self)) return;
  if (I32[self + SetObject.WeakList] !== 0) clearWeakReferences(self, SetObject.WeakList);
  setFreeTable(self);
  freeObject(self);
  trashEnd();
}

function setTraverse(self: Addr, visit: (ref: Addr) => void): void {
  for (let i = setNext(self, 0); i >= 0; i = setNext(self, i + 1)) visit(setKeyAt(self, i));
}

function setRepr(self: Addr): Addr {
  const name = typeName(self);
  if (I32[self + SetObject.Used] === 0) return newStr(`${name}()`);
  const entered = reprEnter(self);
  if (entered !== 0) return entered > 0 ? newStr(`${name}(...)`) : 0;
  const list = listFromIterable(self);
  const text = list === 0 ? 0 : reprObject(list);
  reprLeave(self);
  if (list !== 0) decref(list);
  if (text === 0) return 0;
  const items = getString(text).slice(1, -1);
  decref(text);
  return newStr(I32[self + Head.Type] === T.Set ? `{${items}}` : `${name}({${items}})`);
}

/** Order-independent mixing of the items' hashes, on 32 bits. */
function frozenHash(self: Addr): number {
  if (I32[self + SetObject.HashKnown] === 1) return I32[self + SetObject.Hash];
  let hash = 0;
  for (let i = setNext(self, 0); i >= 0; i = setNext(self, i + 1)) {
    const h = setHashAt(self, i);
    hash ^= Math.imul(h ^ 89869747 ^ (h << 16), 3644798167);
  }
  hash ^= Math.imul(I32[self + SetObject.Used] + 1, 1927868237);
  hash ^= (hash >>> 11) ^ (hash >>> 25);
  hash = (Math.imul(hash, 69069) + 907133923) | 0;
  if (hash === -1) hash = 590923713;
  I32[self + SetObject.Hash] = hash;
  I32[self + SetObject.HashKnown] = 1;
  return hash;
}

/** A new set of the kind of `self`: set or frozenset, never a subclass. */
function kindOf(self: Addr): Addr {
  const layout = I32[I32[self + Head.Type] + TypeObject.Layout];
  return I32[self + Head.Type] === T.FrozenSet || layout === Kind.FrozenSet ? T.FrozenSet : T.Set;
}

function newOf(type: Addr, iterable: Addr): Addr {
  return type === T.FrozenSet ? newFrozenSet(iterable) : newSet(iterable);
}

function setNew(type: Addr): Addr {
  if (type === T.Set) return newSet(0);
  const set = newObjectOf(type);
  if (set !== 0) initializeSet(set);
  return set;
}

function frozenNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!keywordsAllowed("frozenset", type, T.FrozenSet, kwnames)) return 0;
  if (!checkArity("frozenset", nargs, 0, 1)) return 0;
  if (type === T.FrozenSet) {
    if (nargs === 1 && I32[I32[args] + Head.Type] === T.FrozenSet) return incref(I32[args]);
    return newFrozenSet(nargs === 0 ? 0 : I32[args]);
  }
  const set = newObjectOf(type);
  if (set === 0) return 0;
  initializeSet(set);
  if (nargs > 0 && setUpdate(set, I32[args]) < 0) {
    decref(set);
    return 0;
  }
  return set;
}

function setInit(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (!keywordsAllowed("set", I32[self + Head.Type], T.Set, kwnames)) return -1;
  if (!checkArity("set", nargs, 0, 1)) return -1;
  if (setClear(self) < 0) return -1;
  return nargs === 0 ? 0 : setUpdate(self, I32[args]);
}

/** `key in set`: an unhashable set is looked up by its value, as a frozenset. */
function containsMethod(self: Addr, key: Addr): number {
  const found = setContains(self, key);
  if (found >= 0 || !asFrozenKey(key)) return found;
  const frozen = newFrozenSet(key);
  if (frozen === 0) return -1;
  const result = setContains(self, frozen);
  decref(frozen);
  return result;
}

/** Is `key` a set whose hash failed just now? The TypeError is then gone. */
function asFrozenKey(key: Addr): boolean {
  if (!isAnySet(key) || !pendingMatches(T.TypeError)) return false;
  clearPending();
  return true;
}

function discardKey(self: Addr, key: Addr): number {
  const status = setDiscard(self, key);
  if (status >= 0 || !asFrozenKey(key)) return status;
  const frozen = newFrozenSet(key);
  if (frozen === 0) return -1;
  const result = setDiscard(self, frozen);
  decref(frozen);
  return result;
}

function removeMethod(self: Addr, key: Addr): Addr {
  const status = discardKey(self, key);
  if (status > 0) return newNone();
  return status < 0 ? 0 : raiseValue(T.KeyError, key);
}

function popMethod(self: Addr): Addr {
  if (I32[self + SetObject.Used] === 0) return raise(T.KeyError, "pop from an empty set");
  const mask = I32[self + SetObject.Mask];
  let at = setNext(self, I32[self + SetObject.Finger] & mask);
  if (at < 0) at = setNext(self, 0);
  const key = setRemoveEntry(self, I32[self + SetObject.Table] + at * 4);
  I32[self + SetObject.Finger] = at + 1;
  return key;
}

/** `self & other` as a new set of `type`. */
function intersect(self: Addr, other: Addr, type: Addr): Addr {
  const result = newOf(type, 0);
  if (result === 0) return 0;
  if (isAnySet(other)) {
    let small = other;
    let large = self;
    if (I32[other + SetObject.Used] > I32[self + SetObject.Used]) {
      small = self;
      large = other;
    }
    for (let i = setNext(small, 0); i >= 0; i = setNext(small, i + 1)) {
      const hash = setHashAt(small, i);
      const key = incref(setKeyAt(small, i));
      const found = setFind(large, key, hash);
      const status = found > 0 ? setAddHash(result, key, hash) : found;
      decref(key);
      if (status < 0) return dropFailed(result);
    }
    return result;
  }
  const good = forEach(other, (item) => {
    const hash = hashObject(item);
    if (hash === -1) return -1;
    const found = setFind(self, item, hash);
    return found > 0 ? setAddHash(result, item, hash) : found;
  });
  return good ? result : dropFailed(result);
}

function dropFailed(set: Addr): 0 {
  decref(set);
  return 0;
}

/** Run `visit` on the items (borrowed) of `iterable` until it returns -1; false on failure. */
function forEach(iterable: Addr, visit: (item: Addr) => number): boolean {
  const iterator = getIter(iterable);
  if (iterator === 0) return false;
  for (;;) {
    const item = iterNext(iterator);
    if (item === 0) break;
    const status = visit(item);
    decref(item);
    if (status < 0) break;
  }
  decref(iterator);
  return !pending();
}

/** Remove the items of `other` from `self`. */
function differenceUpdate(self: Addr, other: Addr): number {
  if (self === other) return setClear(self);
  if (I32[other + Head.Type] === T.Dict) return discardKeys(self, other);
  if (!isAnySet(other)) return forEach(other, (item) => setDiscard(self, item)) ? 0 : -1;
  for (let i = setNext(other, 0); i >= 0; i = setNext(other, i + 1)) {
    const key = incref(setKeyAt(other, i));
    const status = setDiscardHash(self, key, setHashAt(other, i));
    decref(key);
    if (status < 0) return -1;
  }
  return 0;
}

/** Remove the keys of `dict`, whose hashes are known. */
function discardKeys(self: Addr, dict: Addr): number {
  for (let i = dictNext(dict, 0); i >= 0; i = dictNext(dict, i + 1)) {
    const key = incref(dictKeyAt(dict, i));
    const status = setDiscardHash(self, key, dictHashAt(dict, i));
    decref(key);
    if (status < 0) return -1;
  }
  return 0;
}

/** `self - other` as a new set of `type`. */
function subtract(self: Addr, other: Addr, type: Addr): Addr {
  if (!isAnySet(other) || I32[other + SetObject.Used] * 4 < I32[self + SetObject.Used]) {
    const copy = setCopyAs(type, self);
    return copy !== 0 && differenceUpdate(copy, other) < 0 ? dropFailed(copy) : copy;
  }
  const result = newOf(type, 0);
  if (result === 0) return 0;
  for (let i = setNext(self, 0); i >= 0; i = setNext(self, i + 1)) {
    const hash = setHashAt(self, i);
    const key = incref(setKeyAt(self, i));
    const found = setFind(other, key, hash);
    const status = found === 0 ? setAddHash(result, key, hash) : Math.min(found, 0);
    decref(key);
    if (status < 0) return dropFailed(result);
  }
  return result;
}

function symmetricUpdate(self: Addr, other: Addr): number {
  if (self === other) return setClear(self);
  const source = isAnySet(other) ? incref(other) : newSet(other);
  if (source === 0) return -1;
  let status = 0;
  for (let i = setNext(source, 0); i >= 0 && status >= 0; i = setNext(source, i + 1)) {
    const hash = setHashAt(source, i);
    const key = incref(setKeyAt(source, i));
    status = setDiscardHash(self, key, hash);
    if (status === 0) status = setAddHash(self, key, hash);
    decref(key);
  }
  decref(source);
  return status < 0 ? -1 : 0;
}

function isSubset(self: Addr, other: Addr): number {
  if (I32[self + SetObject.Used] > I32[other + SetObject.Used]) return 0;
  for (let i = setNext(self, 0); i >= 0; i = setNext(self, i + 1)) {
    const key = incref(setKeyAt(self, i));
    const found = setFind(other, key, setHashAt(self, i));
    decref(key);
    if (found <= 0) return found;
  }
  return 1;
}

function setRichCompare(left: Addr, right: Addr, op: number): Addr {
  if (!isAnySet(right)) return newNotImplemented();
  const n = I32[left + SetObject.Used];
  const m = I32[right + SetObject.Used];
  let result: number;
  switch (op) {
    case Compare.Eq:
    case Compare.Ne:
      result = n === m ? isSubset(left, right) : 0;
      if (result >= 0 && op === Compare.Ne) result = 1 - result;
      break;
    case Compare.Le:
      result = isSubset(left, right);
      break;
    case Compare.Ge:
      result = isSubset(right, left);
      break;
    case Compare.Lt:
      result = n < m ? isSubset(left, right) : 0;
      break;
    default:
      result = n > m ? isSubset(right, left) : 0;
  }
  return result < 0 ? 0 : newTruth(result === 1);
}

/** A binary operator on two sets of either kind. */
function operator(run: (left: Addr, right: Addr, type: Addr) => Addr) {
  return (left: Addr, right: Addr): Addr =>
    isAnySet(left) && isAnySet(right) ? run(left, right, kindOf(left)) : newNotImplemented();
}

/** An in-place operator of set. */
function inplace(run: (self: Addr, other: Addr) => number) {
  return (self: Addr, other: Addr): Addr => {
    if (!isAnySet(other)) return newNotImplemented();
    return run(self, other) < 0 ? 0 : incref(self);
  };
}

function intersectUpdate(self: Addr, other: Addr): number {
  const common = intersect(self, other, T.Set);
  if (common === 0) return -1;
  setSwap(self, common);
  decref(common);
  return 0;
}

function union(left: Addr, right: Addr, type: Addr): Addr {
  const result = setCopyAs(type, left);
  return result !== 0 && setUpdate(result, right) < 0 ? dropFailed(result) : result;
}

function symmetric(left: Addr, right: Addr, type: Addr): Addr {
  const result = setCopyAs(type, left);
  return result !== 0 && symmetricUpdate(result, right) < 0 ? dropFailed(result) : result;
}

/** A method that folds `run` over its arguments, starting with a copy of self. */
function folded(name: string, run: (left: Addr, right: Addr, type: Addr) => Addr): MethodDef {
  return fast(name, (self, args, nargs) => {
    const type = kindOf(self);
    let result = nargs === 0 ? setCopyAs(type, self) : run(self, I32[args], type);
    for (let i = 1; i < nargs && result !== 0; i++) {
      const next = run(result, I32[args + i], type);
      decref(result);
      result = next;
    }
    return result;
  });
}

/** A method that applies `run` to each of its arguments in place. */
function updating(name: string, run: (self: Addr, other: Addr) => number): MethodDef {
  return fast(name, (self, args, nargs) => {
    for (let i = 0; i < nargs; i++) if (run(self, I32[args + i]) < 0) return 0;
    return newNone();
  });
}

/** A test method against any iterable. */
function tested(name: string, test: (self: Addr, other: Addr) => number): MethodDef {
  return oneArg(name, (self, other) => {
    const set = isAnySet(other) ? incref(other) : newSet(other);
    if (set === 0) return 0;
    const result = test(self, set);
    decref(set);
    return result < 0 ? 0 : newTruth(result === 1);
  });
}

function isDisjoint(self: Addr, other: Addr): number {
  if (!isAnySet(other)) return containsNoneOf(self, other);
  if (I32[other + SetObject.Used] > I32[self + SetObject.Used]) return isDisjoint(other, self);
  for (let i = setNext(other, 0); i >= 0; i = setNext(other, i + 1)) {
    const key = incref(setKeyAt(other, i));
    const found = setFind(self, key, setHashAt(other, i));
    decref(key);
    if (found !== 0) return found < 0 ? -1 : 0;
  }
  return 1;
}

function containsNoneOf(self: Addr, iterable: Addr): number {
  const iterator = getIter(iterable);
  if (iterator === 0) return -1;
  let found = 0;
  while (found === 0) {
    const item = iterNext(iterator);
    if (item === 0) break;
    found = setContains(self, item);
    decref(item);
  }
  decref(iterator);
  if (pending()) return -1;
  return found === 0 ? 1 : 0;
}

/** Bytes without the collector header (R35). */
function setSizeOf(self: Addr): Addr {
  const slots = I32[self + SetObject.Mask] + 1;
  return newInt(basicSizeOf(self) + (slots > 8 ? slots * 16 : 0));
}

const shared: MethodDef[] = [
  folded("union", union),
  folded("intersection", intersect),
  folded("difference", subtract),
  oneArg("symmetric_difference", (self, other) => symmetric(self, other, kindOf(self))),
  oneArg("isdisjoint", (self, other) => {
    const disjoint = isDisjoint(self, other);
    return disjoint < 0 ? 0 : newTruth(disjoint === 1);
  }),
  tested("issubset", isSubset),
  tested("issuperset", (self, other) => isSubset(other, self)),
  noArgs("__sizeof__", setSizeOf),
  oneArg("__contains__", (self, key) => {
    const found = containsMethod(self, key);
    return found < 0 ? 0 : newTruth(found === 1);
  }),
  classGetItemMethod,
];

/** `(type, ([items],), attributes)` */
function reduceSet(self: Addr): Addr {
  const items = listFromIterable(self);
  const args = items === 0 ? [0] : [items];
  return newReduction(incref(I32[self + Head.Type]), args, attributeState(self));
}

const sharedSlots = {
  dealloc: setDealloc,
  traverse: setTraverse,
  repr: setRepr,
  richCompare: setRichCompare,
  iter: newSetIterator,
  length: setSize,
  contains: containsMethod,
  subtract: operator(subtract),
  and: operator(intersect),
  or: operator(union),
  xor: operator(symmetric),
};

defineType({
  type: T.Set,
  name: "set",
  flags: TypeFlag.BaseType | TypeFlag.HasGc | TypeFlag.SetSubclass,
  basicSize: SetObject.Bytes,
  weakListOffset: SetObject.WeakList,
  slots: {
    ...sharedSlots,
    clear: setClear,
    new: setNew,
    init: setInit,
    inplaceSubtract: inplace(differenceUpdate),
    inplaceAnd: inplace(intersectUpdate),
    inplaceOr: inplace(setUpdate),
    inplaceXor: inplace(symmetricUpdate),
  },
  methods: [
    ...shared,
    noArgs("__reduce__", reduceSet),
    noArgs("copy", (self) => setCopyAs(kindOf(self), self)),
    oneArg("add", (self, key) => (setAdd(self, key) < 0 ? 0 : newNone())),
    oneArg("discard", (self, key) => (discardKey(self, key) < 0 ? 0 : newNone())),
    oneArg("remove", removeMethod),
    noArgs("pop", popMethod),
    noArgs("clear", (self) => (setClear(self) < 0 ? 0 : newNone())),
    updating("update", setUpdate),
    updating("intersection_update", intersectUpdate),
    updating("difference_update", differenceUpdate),
    oneArg("symmetric_difference_update", (self, other) =>
      symmetricUpdate(self, other) < 0 ? 0 : newNone(),
    ),
  ],
  doc:
    "set() -> new empty set object\nset(iterable) -> new set object\n\n" +
    "Build an unordered collection of unique elements.",
});

defineType({
  type: T.FrozenSet,
  name: "frozenset",
  flags: TypeFlag.BaseType | TypeFlag.HasGc | TypeFlag.SetSubclass,
  basicSize: SetObject.Bytes,
  weakListOffset: SetObject.WeakList,
  slots: { ...sharedSlots, hash: frozenHash, new: frozenNew },
  methods: [
    ...shared,
    noArgs("__reduce__", reduceSet),
    noArgs("copy", (self) =>
      I32[self + Head.Type] === T.FrozenSet ? incref(self) : setCopyAs(T.FrozenSet, self),
    ),
  ],
  doc:
    "frozenset() -> empty frozenset object\nfrozenset(iterable) -> frozenset object\n" +
    "\nBuild an immutable unordered collection of unique elements.",
});

function newSetIterator(set: Addr): Addr {
  const iterator = newGcObject(T.SetIterator, Iterator.Bytes);
  if (iterator === 0) return 0;
  I32[iterator + Iterator.Set] = incref(set);
  I32[iterator + Iterator.Used] = I32[set + SetObject.Used];
  I32[iterator + Iterator.Left] = I32[set + SetObject.Used];
  track(iterator);
  return iterator;
}

function setIteratorNext(self: Addr): Addr {
  const set = I32[self + Iterator.Set];
  if (set === 0) return 0;
  if (I32[self + Iterator.Used] !== I32[set + SetObject.Used]) {
    I32[self + Iterator.Used] = -1;
    return raise(T.RuntimeError, "Set changed size during iteration");
  }
  const at = setNext(set, I32[self + Iterator.Position]);
  if (at < 0) {
    I32[self + Iterator.Set] = 0;
    decref(set);
    return 0;
  }
  I32[self + Iterator.Position] = at + 1;
  I32[self + Iterator.Left]--;
  return incref(setKeyAt(set, at));
}

/** A list of what the iterator has not given yet; it stays where it is. */
function itemsLeft(self: Addr): Addr {
  const list = newList(0);
  const set = I32[self + Iterator.Set];
  if (list === 0 || set === 0) return list;
  let at = setNext(set, I32[self + Iterator.Position]);
  for (; at >= 0; at = setNext(set, at + 1)) listAppend(list, setKeyAt(set, at));
  return list;
}

defineType({
  type: T.SetIterator,
  name: "set_iterator",
  flags: TypeFlag.HasGc,
  basicSize: Iterator.Bytes,
  slots: {
    dealloc: inTrashcan((self) => {
      clearField(self + Iterator.Set);
      freeObject(self);
    }),
    traverse: (self, visit) => {
      if (I32[self + Iterator.Set] !== 0) visit(I32[self + Iterator.Set]);
    },
    iter: incref,
    iterNext: setIteratorNext,
  },
  methods: [
    noArgs("__length_hint__", (self) => {
      const set = I32[self + Iterator.Set];
      const valid = set !== 0 && I32[self + Iterator.Used] === I32[set + SetObject.Used];
      return newInt(valid ? I32[self + Iterator.Left] : 0);
    }),
    noArgs("__reduce__", (self) => newBuiltinReduction(idIter, [itemsLeft(self)])),
  ],
});
