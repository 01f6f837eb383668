/**
 * collections.deque: a ring buffer of item references whose capacity is a power of two. Behaviour
 * after Modules/_collectionsmodule.c of CPython 3.11.
 */

import { type Addr, heap } from "../memory/heap.js";
import { free, malloc } from "../memory/pymalloc.js";
import { getIter, iterNext, richCompare, richCompareBool } from "../object/abstract.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { call1, call2 } from "../object/call.js";
import { defineType, fast, getSet, noArgs, oneArg } from "../object/define.js";
import {
  newNone,
  newNotImplemented,
  pending,
  raise,
  raiseMemoryError,
  raiseStatus,
  shortTypeName,
  typeName,
} from "../object/errors.js";
import { freeObject, newGcObject, track, untrack } from "../object/gcheader.js";
import { classGetItemMethod } from "../object/genericalias.js";
import { basicSizeOf, clearField, dealloc, decref, incref } from "../object/header.js";
import { clearWeakReferences, newObjectOf } from "../object/instance.js";
import { asIndex, asSsize, isInt, newInt } from "../object/int.js";
import { Head, TypeFlag, TypeObject } from "../object/layout.js";
import { listFromIterable } from "../object/list.js";
import { attributeState, newReduction } from "../object/reduction.js";
import { reprEnter, reprLeave, reprObject } from "../object/repr.js";
import { Compare } from "../object/slots.js";
import { getString, newStr } from "../object/str.js";
import { trashBeginBase, trashEnd } from "../object/trashcan.js";
import { newTuple } from "../object/tuple.js";
import { Kind, S, T } from "../object/types.js";

const I32 = heap.I32;

/** deque, 200 + header. */
export const enum Deque {
  Size = 4,
  /** Items, one word each; capacity (a power of two); place of the first item. */
  Buffer = 6,
  Capacity = 8,
  First = 9,
  /** Most items kept, -1 without bound. */
  MaxLength = 10,
  /** Counts changes of the structure: iterators compare it. */
  State = 12,
  WeakList = 14,
  Bytes = 216,
  MinCapacity = 16,
}

const enum Iterator {
  Deque = 4,
  Index = 6,
  State = 8,
  Bytes = 64,
}

function newDeque(maxLength: number): Addr {
  const self = newGcObject(T.Deque, Deque.Bytes);
  if (self === 0) return 0;
  I32[self + Deque.MaxLength] = maxLength;
  track(self);
  return self;
}

function isDeque(object: Addr): boolean {
  return I32[I32[object + Head.Type] + TypeObject.Layout] === Kind.Deque;
}

/** Address of the word of item `i`. */
function wordOf(self: Addr, i: number): Addr {
  const mask = I32[self + Deque.Capacity] - 1;
  return I32[self + Deque.Buffer] + ((I32[self + Deque.First] + i) & mask);
}

/** Make room for one more item. */
function grow(self: Addr): boolean {
  const capacity = I32[self + Deque.Capacity];
  const size = I32[self + Deque.Size];
  if (size < capacity) return true;
  const wanted = Math.max(Deque.MinCapacity, capacity * 2);
  const buffer = wanted > 1 << 27 ? 0 : malloc(wanted * 4);
  if (buffer === 0) {
    raiseMemoryError();
    return false;
  }
  for (let i = 0; i < size; i++) I32[buffer + i] = I32[wordOf(self, i)];
  if (I32[self + Deque.Buffer] !== 0) free(I32[self + Deque.Buffer]);
  I32[self + Deque.Buffer] = buffer;
  I32[self + Deque.Capacity] = wanted;
  I32[self + Deque.First] = 0;
  return true;
}

/** Append `value` (stolen, on failure too) on the right; drops from the left beyond the bound. */
function pushRight(self: Addr, value: Addr): number {
  if (!grow(self)) {
    decref(value);
    return -1;
  }
  I32[wordOf(self, I32[self + Deque.Size])] = value;
  I32[self + Deque.Size]++;
  I32[self + Deque.State]++;
  const bound = I32[self + Deque.MaxLength];
  if (bound >= 0 && I32[self + Deque.Size] > bound) decref(takeLeft(self));
  return 0;
}

function pushLeft(self: Addr, value: Addr): number {
  if (!grow(self)) {
    decref(value);
    return -1;
  }
  I32[self + Deque.First] = (I32[self + Deque.First] - 1) & (I32[self + Deque.Capacity] - 1);
  I32[wordOf(self, 0)] = value;
  I32[self + Deque.Size]++;
  I32[self + Deque.State]++;
  const bound = I32[self + Deque.MaxLength];
  if (bound >= 0 && I32[self + Deque.Size] > bound) decref(takeRight(self));
  return 0;
}

function takeLeft(self: Addr): Addr {
  const value = I32[wordOf(self, 0)];
  I32[self + Deque.First] = (I32[self + Deque.First] + 1) & (I32[self + Deque.Capacity] - 1);
  I32[self + Deque.Size]--;
  I32[self + Deque.State]++;
  return value;
}

function takeRight(self: Addr): Addr {
  const value = I32[wordOf(self, I32[self + Deque.Size] - 1)];
  I32[self + Deque.Size]--;
  I32[self + Deque.State]++;
  return value;
}

function clear(self: Addr): void {
  const buffer = I32[self + Deque.Buffer];
  if (buffer === 0) return;
  const size = I32[self + Deque.Size];
  const first = I32[self + Deque.First];
  const mask = I32[self + Deque.Capacity] - 1;
  I32[self + Deque.Buffer] = 0;
  I32[self + Deque.Capacity] = 0;
  I32[self + Deque.Size] = 0;
  I32[self + Deque.First] = 0;
  I32[self + Deque.State]++;
  // R8: left to right.
  for (let i = 0; i < size; i++) {
    const item = I32[buffer + ((first + i) & mask)];
    if (--I32[item] === 0) dealloc(item);
  }
  free(buffer);
}

function extendWith(self: Addr, iterable: Addr, push: (self: Addr, v: Addr) => number): number {
  if (iterable === self) {
    const list = listFromIterable(iterable);
    if (list === 0) return -1;
    const status = extendWith(self, list, push);
    decref(list);
    return status;
  }
  const iterator = getIter(iterable);
  if (iterator === 0) return -1;
  for (;;) {
    const item = iterNext(iterator);
    if (item === 0 || push(self, item) < 0) break;
  }
  decref(iterator);
  return pending() ? -1 : 0;
}

function dequeNew(type: Addr): Addr {
  if (type === T.Deque) return newDeque(-1);
  const self = newObjectOf(type);
  if (self !== 0) I32[self + Deque.MaxLength] = -1;
  return self;
}

const bound = new Int32Array(2);

function dequeInit(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  const names = ["iterable", "maxlen"];
  if (!bindArguments("deque", args, nargs, kwnames, names, 0, bound)) return -1;
  const [iterable, maximum] = bound;
  let maxLength = -1;
  if (maximum !== 0 && maximum !== S.None) {
    if (!isInt(maximum)) return raiseStatus(T.TypeError, "an integer is required");
    maxLength = asSsize(maximum);
    if (Number.isNaN(maxLength)) return -1;
    if (maxLength < 0) return raiseStatus(T.ValueError, "maxlen must be non-negative");
  }
  clear(self);
  I32[self + Deque.MaxLength] = Math.min(maxLength, 2147483647);
  return iterable === 0 ? 0 : extendWith(self, iterable, pushRight);
}

/** What the subclass itself makes of the items, and of the bound if there is one. */
function copyOfSubclass(self: Addr, type: Addr): Addr {
  const bound = I32[self + Deque.MaxLength];
  if (bound < 0) return call1(type, self);
  const limit = newInt(bound);
  if (limit === 0) return 0;
  const result = call2(type, self, limit);
  decref(limit);
  return result;
}

/** A deque with the same items and bound. */
function copy(self: Addr): Addr {
  const type = I32[self + Head.Type];
  if (type !== T.Deque) return copyOfSubclass(self, type);
  const result = newDeque(I32[self + Deque.MaxLength]);
  if (result === 0) return 0;
  for (let i = 0; i < I32[self + Deque.Size]; i++) {
    if (pushRight(result, incref(I32[wordOf(self, i)])) < 0) {
      decref(result);
      return 0;
    }
  }
  return result;
}

function dequeRepr(self: Addr): Addr {
  const entered = reprEnter(self);
  if (entered !== 0) return entered > 0 ? newStr("[...]") : 0;
  const list = listFromIterable(self);
  const text = list === 0 ? 0 : reprObject(list);
  reprLeave(self);
  if (list !== 0) decref(list);
  if (text === 0) return 0;
  const items = getString(text);
  decref(text);
  const maxLength = I32[self + Deque.MaxLength];
  const tail = maxLength < 0 ? "" : `, maxlen=${maxLength}`;
  return newStr(`${shortTypeName(self)}(${items}${tail})`);
}

function dequeItem(self: Addr, index: number): Addr {
  if (index < 0 || index >= I32[self + Deque.Size]) {
    return raise(T.IndexError, "deque index out of range");
  }
  return incref(I32[wordOf(self, index)]);
}

function dequeStore(self: Addr, index: number, value: Addr): number {
  if (index < 0 || index >= I32[self + Deque.Size]) {
    return raiseStatus(T.IndexError, "deque index out of range");
  }
  if (value === 0) {
    decref(removeAt(self, index));
    return 0;
  }
  const at = wordOf(self, index);
  const old = I32[at];
  I32[at] = incref(value);
  decref(old);
  return 0;
}

/** Take item `index` out, closing the gap from the nearer end. */
function removeAt(self: Addr, index: number): Addr {
  const size = I32[self + Deque.Size];
  const value = I32[wordOf(self, index)];
  if (index < size >> 1) {
    for (let i = index; i > 0; i--) I32[wordOf(self, i)] = I32[wordOf(self, i - 1)];
    takeLeft(self);
  } else {
    for (let i = index; i < size - 1; i++) I32[wordOf(self, i)] = I32[wordOf(self, i + 1)];
    takeRight(self);
  }
  return value;
}

function insert(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("insert", nargs, 2, 2)) return 0;
  let index = asIndex(I32[args]);
  if (Number.isNaN(index)) return 0;
  const size = I32[self + Deque.Size];
  if (I32[self + Deque.MaxLength] === size) {
    return raise(T.IndexError, "deque already at its maximum size");
  }
  if (index < 0) index = Math.max(0, index + size);
  if (pushRight(self, incref(I32[args + 1])) < 0) return 0;
  const value = I32[wordOf(self, size)];
  for (let i = size; i > index; i--) I32[wordOf(self, i)] = I32[wordOf(self, i - 1)];
  if (index < size) I32[wordOf(self, index)] = value;
  return newNone();
}

/** Does item `i` equal `value`? -1 with an exception pending, also when the deque changed. */
function itemEquals(self: Addr, i: number, value: Addr): number {
  const state = I32[self + Deque.State];
  const item = incref(I32[wordOf(self, i)]);
  const equal = richCompareBool(item, value, Compare.Eq);
  decref(item);
  if (equal >= 0 && state !== I32[self + Deque.State]) {
    return raiseStatus(T.RuntimeError, "deque mutated during iteration");
  }
  return equal;
}

function contains(self: Addr, value: Addr): number {
  for (let i = 0; i < I32[self + Deque.Size]; i++) {
    const equal = itemEquals(self, i, value);
    if (equal !== 0) return equal;
  }
  return 0;
}

function count(self: Addr, value: Addr): Addr {
  let total = 0;
  for (let i = 0; i < I32[self + Deque.Size]; i++) {
    const equal = itemEquals(self, i, value);
    if (equal < 0) return 0;
    total += equal;
  }
  return newInt(total);
}

function indexOf(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("index", nargs, 1, 3)) return 0;
  const size = I32[self + Deque.Size];
  let start = nargs > 1 ? asIndex(I32[args + 1]) : 0;
  if (Number.isNaN(start)) return 0;
  let stop = nargs > 2 ? asIndex(I32[args + 2]) : size;
  if (Number.isNaN(stop)) return 0;
  if (start < 0) start = Math.max(0, start + size);
  if (stop < 0) stop = Math.max(0, stop + size);
  for (let i = start; i < Math.min(stop, size); i++) {
    const equal = itemEquals(self, i, I32[args]);
    if (equal < 0) return 0;
    if (equal > 0) return newInt(i);
  }
  return raiseAbsent(I32[args]);
}

function raiseAbsent(value: Addr): Addr {
  const text = reprObject(value);
  if (text === 0) return 0;
  const shown = getString(text);
  decref(text);
  return raise(T.ValueError, `${shown} is not in deque`);
}

function remove(self: Addr, value: Addr): Addr {
  const size = I32[self + Deque.Size];
  for (let i = 0; i < size; i++) {
    const state = I32[self + Deque.State];
    const item = incref(I32[wordOf(self, i)]);
    const equal = richCompareBool(item, value, Compare.Eq);
    decref(item);
    if (equal < 0) return 0;
    if (state !== I32[self + Deque.State]) {
      return raise(T.IndexError, "deque mutated during remove().");
    }
    if (equal > 0) {
      decref(removeAt(self, i));
      return newNone();
    }
  }
  return raiseAbsent(value);
}

function rotate(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("rotate", nargs, 0, 1)) return 0;
  const steps = nargs === 0 ? 1 : asIndex(I32[args]);
  if (Number.isNaN(steps)) return 0;
  const size = I32[self + Deque.Size];
  if (size < 2) return newNone();
  let turns = steps % size;
  if (turns < 0) turns += size;
  if (turns <= size >> 1) for (; turns > 0; turns--) pushLeftRaw(self, takeRight(self));
  else for (turns = size - turns; turns > 0; turns--) pushRightRaw(self, takeLeft(self));
  return newNone();
}

/** Put back what was just taken: there is room. */
function pushLeftRaw(self: Addr, value: Addr): void {
  I32[self + Deque.First] = (I32[self + Deque.First] - 1) & (I32[self + Deque.Capacity] - 1);
  I32[self + Deque.Size]++;
  I32[wordOf(self, 0)] = value;
}

function pushRightRaw(self: Addr, value: Addr): void {
  I32[wordOf(self, I32[self + Deque.Size])] = value;
  I32[self + Deque.Size]++;
}

function reverse(self: Addr): Addr {
  const size = I32[self + Deque.Size];
  for (let i = 0, j = size - 1; i < j; i++, j--) {
    const a = wordOf(self, i);
    const b = wordOf(self, j);
    const value = I32[a];
    I32[a] = I32[b];
    I32[b] = value;
  }
  return newNone();
}

function concat(left: Addr, right: Addr): Addr {
  if (!isDeque(right)) {
    return raise(T.TypeError, `can only concatenate deque (not "${typeName(right)}") to deque`);
  }
  const result = copy(left);
  if (result !== 0 && extendWith(result, right, pushRight) < 0) {
    decref(result);
    return 0;
  }
  return result;
}

function inplaceRepeat(self: Addr, times: number): Addr {
  const size = I32[self + Deque.Size];
  if (times <= 0) {
    clear(self);
    return incref(self);
  }
  if (size * times > 1 << 27) return raiseMemoryError();
  const items = listFromIterable(self);
  if (items === 0) return 0;
  for (let k = 1; k < times; k++) {
    if (extendWith(self, items, pushRight) < 0) {
      decref(items);
      return 0;
    }
  }
  decref(items);
  return incref(self);
}

function repeat(self: Addr, times: number): Addr {
  const result = copy(self);
  if (result === 0) return 0;
  const same = inplaceRepeat(result, times);
  decref(result);
  return same;
}

function dequeRichCompare(left: Addr, right: Addr, op: number): Addr {
  if (!isDeque(left) || !isDeque(right)) return newNotImplemented();
  const a = listFromIterable(left);
  const b = a === 0 ? 0 : listFromIterable(right);
  const result = b === 0 ? 0 : richCompare(a, b, op);
  if (a !== 0) decref(a);
  if (b !== 0) decref(b);
  return result;
}

function newIterator(type: Addr, deque: Addr): Addr {
  const iterator = newGcObject(type, Iterator.Bytes);
  if (iterator === 0) return 0;
  I32[iterator + Iterator.Deque] = incref(deque);
  I32[iterator + Iterator.State] = I32[deque + Deque.State];
  track(iterator);
  return iterator;
}

function iterate(self: Addr, backward: boolean): Addr {
  const deque = I32[self + Iterator.Deque];
  if (I32[self + Iterator.State] !== I32[deque + Deque.State]) {
    return raise(T.RuntimeError, "deque mutated during iteration");
  }
  const index = I32[self + Iterator.Index];
  const size = I32[deque + Deque.Size];
  if (index >= size) return 0;
  I32[self + Iterator.Index] = index + 1;
  return incref(I32[wordOf(deque, backward ? size - 1 - index : index)]);
}

function defineIterator(type: Addr, name: string, backward: boolean): void {
  defineType({
    type,
    name,
    flags: TypeFlag.HasGc,
    basicSize: Iterator.Bytes,
    slots: {
      dealloc: (self) => {
        untrack(self);
        clearField(self + Iterator.Deque);
        freeObject(self);
      },
      traverse: (self, visit) => {
        if (I32[self + Iterator.Deque] !== 0) visit(I32[self + Iterator.Deque]);
      },
      iter: incref,
      iterNext: (self) => iterate(self, backward),
    },
    methods: [
      noArgs("__length_hint__", (self) =>
        newInt(I32[I32[self + Iterator.Deque] + Deque.Size] - I32[self + Iterator.Index]),
      ),
      noArgs("__reduce__", (self) => {
        const args = [incref(I32[self + Iterator.Deque]), newInt(I32[self + Iterator.Index])];
        return newReduction(incref(I32[self + Head.Type]), args);
      }),
    ],
  });
}

defineIterator(T.DequeIterator, "collections._deque_iterator", false);
defineIterator(T.DequeReverseIterator, "collections._deque_reverse_iterator", true);

defineType({
  type: T.Deque,
  name: "collections.deque",
  flags: TypeFlag.BaseType | TypeFlag.HasGc | TypeFlag.Sequence,
  basicSize: Deque.Bytes,
  weakListOffset: Deque.WeakList,
  slots: {
    dealloc: (self) => {
      untrack(self);
      if (!trashBeginBase(self)) return;
      if (I32[self + Deque.WeakList] !== 0) clearWeakReferences(self, Deque.WeakList);
      clear(self);
      freeObject(self);
      trashEnd();
    },
    traverse: (self, visit) => {
      for (let i = 0; i < I32[self + Deque.Size]; i++) visit(I32[wordOf(self, i)]);
    },
    clear,
    repr: dequeRepr,
    richCompare: dequeRichCompare,
    iter: (self) => newIterator(T.DequeIterator, self),
    new: dequeNew,
    init: dequeInit,
    length: (self) => I32[self + Deque.Size],
    concat,
    repeat,
    inplaceConcat: (self, other) => (extendWith(self, other, pushRight) < 0 ? 0 : incref(self)),
    inplaceRepeat,
    item: dequeItem,
    setItem: dequeStore,
    contains,
  },
  methods: [
    oneArg("append", (self, v) => (pushRight(self, incref(v)) < 0 ? 0 : newNone())),
    oneArg("appendleft", (self, v) => (pushLeft(self, incref(v)) < 0 ? 0 : newNone())),
    noArgs("clear", (self) => {
      clear(self);
      return newNone();
    }),
    noArgs("copy", copy),
    noArgs("__copy__", copy),
    noArgs("__reduce__", (self) => {
      const bounded = I32[self + Deque.MaxLength] >= 0;
      const args = bounded ? [newTuple(0), newInt(I32[self + Deque.MaxLength])] : [];
      const type = incref(I32[self + Head.Type]);
      return newReduction(type, args, attributeState(self), getIter(self));
    }),
    oneArg("count", count),
    oneArg("extend", (self, v) => (extendWith(self, v, pushRight) < 0 ? 0 : newNone())),
    oneArg("extendleft", (self, v) => (extendWith(self, v, pushLeft) < 0 ? 0 : newNone())),
    fast("index", indexOf),
    fast("insert", insert),
    noArgs("pop", (self) =>
      I32[self + Deque.Size] === 0
        ? raise(T.IndexError, "pop from an empty deque")
        : takeRight(self),
    ),
    noArgs("popleft", (self) =>
      I32[self + Deque.Size] === 0
        ? raise(T.IndexError, "pop from an empty deque")
        : takeLeft(self),
    ),
    oneArg("remove", remove),
    noArgs("reverse", reverse),
    fast("rotate", rotate),
    noArgs("__reversed__", (self) => newIterator(T.DequeReverseIterator, self)),
    noArgs("__sizeof__", (self) =>
      newInt(basicSizeOf(self) + 528 * Math.max(1, Math.ceil(I32[self + Deque.Size] / 64))),
    ),
    classGetItemMethod,
  ],
  getSets: [
    getSet("maxlen", (self) =>
      I32[self + Deque.MaxLength] < 0 ? newNone() : newInt(I32[self + Deque.MaxLength]),
    ),
  ],
  doc:
    "deque([iterable[, maxlen]]) --> deque object\n\n" +
    "A list-like sequence optimized for data accesses near its endpoints.",
});
