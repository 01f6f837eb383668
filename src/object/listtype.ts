/** The type list: its slots and methods. */
import { type Addr, heap } from "../memory/heap.js";
import { Mutation } from "../memory/layout.js";
import { endMutation, startMutation } from "../memory/mark.js";
import { free } from "../memory/pymalloc.js";
import { fastItems, fastSize, indexInSequence, richCompareBool, sequenceFast } from "./abstract.js";
import { bindArguments, checkArity, keywordsAllowed } from "./arguments.js";
import { call1 } from "./call.js";
import { reprSequence } from "./containerrepr.js";
import { defineType, fast, keywords, noArgs, oneArg } from "./define.js";
import { newNone, pending, raise, raiseMemoryError, raiseStatus, typeName } from "./errors.js";
import { freeObject, untrack } from "./gcheader.js";
import { classGetItemMethod } from "./genericalias.js";
import { basicSizeOf, dealloc, decref, incref } from "./header.js";
import { newObjectOf } from "./instance.js";
import { asIndex, asSsize, newInt } from "./int.js";
import { newListIterator, newListReverseIterator } from "./iterators.js";
import { Head, ListObject, TypeFlag, TypeObject } from "./layout.js";
import {
  listAppend,
  listClear,
  listExtend,
  listFromItems,
  listInsert,
  listResize,
  listSize,
  listSlice,
  moveItems,
  newList,
} from "./list.js";
import { sortPermutation } from "./listsort.js";
import { isTrue } from "./number.js";
import { reprObject } from "./repr.js";
import { richCompareSequence } from "./sequencecompare.js";
import { sliceBounds, sliceLength, sliceStart, sliceStep, sliceStop } from "./slice.js";
import { Compare } from "./slots.js";
import { ObjectState } from "./state.js";
import { getString } from "./str.js";
import { trashBeginBase, trashEnd } from "./trashcan.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

const enum Limit {
  FreeHeaders = 80,
  MaxItems = 1 << 28,
}

function listDealloc(self: Addr): void {
  untrack(self);
  if (!trashBeginBase(self)) return;
  listClear(self);
  if (I32[self + Head.Type] === T.List && I32[ObjectState.ListFreeCount] < Limit.FreeHeaders) {
    I32[self + ListObject.Items] = I32[ObjectState.ListFree];
    I32[ObjectState.ListFree] = self;
    I32[ObjectState.ListFreeCount]++;
  } else {
    freeObject(self);
  }
  trashEnd();
}

/** Empty the free list of list headers (C20). */
export function clearListFreeList(): void {
  for (;;) {
    const list = I32[ObjectState.ListFree];
    if (list === 0) return;
    I32[ObjectState.ListFree] = I32[list + ListObject.Items];
    I32[ObjectState.ListFreeCount]--;
    freeObject(list);
  }
}

function listTraverse(self: Addr, visit: (ref: Addr) => void): void {
  const items = I32[self + ListObject.Items];
  // Last to first, as CPython: the order shows in gc.get_referents.
  for (let i = I32[self + ListObject.Size] - 1; i >= 0; i--) {
    if (I32[items + 2 * i] !== 0) visit(I32[items + 2 * i]);
  }
}

function listNew(type: Addr): Addr {
  return type === T.List ? newList(0) : newObjectOf(type);
}

function listInit(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (!keywordsAllowed("list", I32[self + Head.Type], T.List, kwnames)) return -1;
  if (!checkArity("list", nargs, 0, 1)) return -1;
  listClear(self);
  return nargs === 0 ? 0 : listExtend(self, I32[args]);
}

function listItem(self: Addr, index: number): Addr {
  if (index < 0 || index >= I32[self + ListObject.Size]) {
    return raise(T.IndexError, "list index out of range");
  }
  return incref(I32[I32[self + ListObject.Items] + 2 * index]);
}

function listSubscript(self: Addr, key: Addr): Addr {
  if (I32[key + Head.Type] === T.Slice) {
    if (!sliceBounds(key, I32[self + ListObject.Size])) return 0;
    const n = sliceLength;
    const start = sliceStart;
    const step = sliceStep;
    if (step === 1) return listFromItems(I32[self + ListObject.Items] + 2 * start, n);
    const result = newList(n);
    if (result === 0) return 0;
    const from = I32[self + ListObject.Items];
    const to = I32[result + ListObject.Items];
    for (let i = 0; i < n; i++) I32[to + 2 * i] = incref(I32[from + 2 * (start + i * step)]);
    return result;
  }
  const index = indexInSequence(key, T.IndexError, "list");
  if (Number.isNaN(index)) return 0;
  return listItem(self, index < 0 ? index + I32[self + ListObject.Size] : index);
}

/** Item assignment by non-negative index; `value` 0 deletes. */
function listStore(self: Addr, index: number, value: Addr): number {
  const n = I32[self + ListObject.Size];
  if (index < 0 || index >= n) {
    return raiseStatus(T.IndexError, "list assignment index out of range");
  }
  const at = I32[self + ListObject.Items] + 2 * index;
  const old = I32[at];
  if (value !== 0) {
    I32[at] = incref(value);
    if (--I32[old] === 0) dealloc(old);
    return 0;
  }
  moveItems(at, at + 2, n - index - 1);
  const status = listResize(self, n - 1);
  decref(old);
  return status;
}

function listSetSubscript(self: Addr, key: Addr, value: Addr): number {
  if (I32[key + Head.Type] === T.Slice) return storeSlice(self, key, value);
  const index = indexInSequence(key, T.IndexError, "list");
  if (Number.isNaN(index)) return -1;
  return listStore(self, index < 0 ? index + I32[self + ListObject.Size] : index, value);
}

function storeSlice(self: Addr, slice: Addr, value: Addr): number {
  if (!sliceBounds(slice, I32[self + ListObject.Size])) return -1;
  const start = sliceStart;
  const step = sliceStep;
  if (step === 1) return replaceRange(self, start, Math.max(start, sliceStop), value);
  if (value === 0) return deleteExtended(self, start, step, sliceLength);
  const source =
    value === self
      ? listSlice(self, 0, I32[self + ListObject.Size])
      : sequenceFast(value, "must assign iterable to extended slice");
  if (source === 0) return -1;
  // Making the source may have run Python: adjust again.
  if (!sliceBounds(slice, I32[self + ListObject.Size])) {
    decref(source);
    return -1;
  }
  const n = sliceLength;
  if (fastSize(source) !== n) {
    const size = fastSize(source);
    decref(source);
    return raiseStatus(
      T.ValueError,
      `attempt to assign sequence of size ${size} to extended slice of size ${n}`,
    );
  }
  const from = fastItems(source);
  const dropped = newList(n);
  if (dropped !== 0) {
    const items = I32[self + ListObject.Items];
    const old = I32[dropped + ListObject.Items];
    for (let i = 0; i < n; i++) {
      const at = items + 2 * (start + i * step);
      I32[old + 2 * i] = I32[at];
      I32[at] = incref(I32[from + 2 * i]);
    }
    decref(dropped);
  }
  decref(source);
  return dropped === 0 ? -1 : 0;
}

function deleteExtended(self: Addr, start: number, step: number, n: number): number {
  if (n === 0) return 0;
  const dropped = newList(n);
  if (dropped === 0) return -1;
  const first = step < 0 ? start + (n - 1) * step : start;
  const stride = Math.abs(step);
  const items = I32[self + ListObject.Items];
  const size = I32[self + ListObject.Size];
  let to = first;
  startMutation(Mutation.Resize);
  for (let from = first, k = 0; from < size; from++) {
    if (k < n && from === first + k * stride) {
      I32[I32[dropped + ListObject.Items] + 2 * k] = I32[items + 2 * from];
      k++;
    } else {
      I32[items + 2 * to++] = I32[items + 2 * from];
    }
  }
  endMutation();
  const status = listResize(self, size - n);
  decref(dropped);
  return status;
}

/** `self[start:stop] = value`; `value` 0 deletes. */
function replaceRange(self: Addr, start: number, stop: number, value: Addr): number {
  let source = 0;
  if (value !== 0) {
    source =
      value === self
        ? listSlice(self, 0, I32[self + ListObject.Size])
        : sequenceFast(value, "can only assign an iterable");
    if (source === 0) return -1;
  }
  const size = I32[self + ListObject.Size];
  const low = Math.min(start, size);
  const removed = Math.max(0, Math.min(stop, size) - low);
  const added = source === 0 ? 0 : fastSize(source);
  const status = exchangeRange(self, low, removed, source, added);
  if (source !== 0) decref(source);
  return status;
}

function exchangeRange(
  self: Addr,
  low: number,
  removed: number,
  source: Addr,
  added: number,
): number {
  const size = I32[self + ListObject.Size];
  if (size - removed + added === 0) {
    listClear(self);
    return 0;
  }
  const dropped = newList(removed);
  if (dropped === 0) return -1;
  let items = I32[self + ListObject.Items];
  const old = I32[dropped + ListObject.Items];
  for (let i = 0; i < removed; i++) I32[old + 2 * i] = I32[items + 2 * (low + i)];
  const tail = size - low - removed;
  if (added < removed) {
    moveItems(items + 2 * (low + added), items + 2 * (low + removed), tail);
  }
  if (added !== removed && listResize(self, size + added - removed) < 0) {
    I32[dropped + ListObject.Size] = 0;
    decref(dropped);
    return -1;
  }
  items = I32[self + ListObject.Items];
  if (added > removed) {
    moveItems(items + 2 * (low + added), items + 2 * (low + removed), tail);
  }
  const from = source === 0 ? 0 : fastItems(source);
  for (let i = 0; i < added; i++) I32[items + 2 * (low + i)] = incref(I32[from + 2 * i]);
  decref(dropped);
  return 0;
}

function listConcat(left: Addr, right: Addr): Addr {
  if ((I32[I32[right + Head.Type] + TypeObject.Flags] & TypeFlag.ListSubclass) === 0) {
    return raise(T.TypeError, `can only concatenate list (not "${typeName(right)}") to list`);
  }
  const n = I32[left + ListObject.Size];
  const m = I32[right + ListObject.Size];
  const result = newList(n + m);
  if (result === 0) return 0;
  const to = I32[result + ListObject.Items];
  const a = I32[left + ListObject.Items];
  const b = I32[right + ListObject.Items];
  for (let i = 0; i < n; i++) I32[to + 2 * i] = incref(I32[a + 2 * i]);
  for (let i = 0; i < m; i++) I32[to + 2 * (n + i)] = incref(I32[b + 2 * i]);
  return result;
}

function listRepeat(self: Addr, count: number): Addr {
  const n = I32[self + ListObject.Size];
  if (n === 0 || count <= 0) return newList(0);
  if (n * count > Limit.MaxItems) return raiseMemoryError();
  const result = newList(n * count);
  if (result === 0) return 0;
  repeatInto(I32[result + ListObject.Items], I32[self + ListObject.Items], n, count);
  return result;
}

/** Fill `to` with `count` copies of the `n` items at `from`. */
function repeatInto(to: Addr, from: Addr, n: number, count: number): void {
  for (let i = 0; i < n; i++) {
    const item = I32[from + 2 * i];
    I32[item] += count;
    for (let k = i; k < n * count; k += n) I32[to + 2 * k] = item;
  }
}

function listInplaceRepeat(self: Addr, count: number): Addr {
  const n = I32[self + ListObject.Size];
  if (count <= 0) {
    listClear(self);
  } else if (n > 0 && count > 1) {
    if (n * count > Limit.MaxItems) return raiseMemoryError();
    if (listResize(self, n * count) < 0) return 0;
    const items = I32[self + ListObject.Items];
    repeatInto(items + 2 * n, items, n, count - 1);
  }
  return incref(self);
}

function listInplaceConcat(self: Addr, other: Addr): Addr {
  return listExtend(self, other) < 0 ? 0 : incref(self);
}

/** Does the item at `i` equal `value`? It is kept alive while Python compares. */
function itemEquals(self: Addr, i: number, value: Addr): number {
  const item = I32[I32[self + ListObject.Items] + 2 * i];
  if (item === value) return 1;
  I32[item]++;
  const equal = richCompareBool(item, value, Compare.Eq);
  decref(item);
  return equal;
}

function listContains(self: Addr, value: Addr): number {
  for (let i = 0; i < I32[self + ListObject.Size]; i++) {
    const equal = itemEquals(self, i, value);
    if (equal !== 0) return equal;
  }
  return 0;
}

function listPop(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("pop", nargs, 0, 1)) return 0;
  let index = -1;
  if (nargs > 0) {
    index = asIndex(I32[args], T.IndexError);
    if (Number.isNaN(index)) return 0;
  }
  const n = I32[self + ListObject.Size];
  if (n === 0) return raise(T.IndexError, "pop from empty list");
  if (index < 0) index += n;
  if (index < 0 || index >= n) return raise(T.IndexError, "pop index out of range");
  const at = I32[self + ListObject.Items] + 2 * index;
  const value = I32[at];
  if (index < n - 1) moveItems(at, at + 2, n - index - 1);
  listResize(self, n - 1);
  return value;
}

function listIndexOf(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("index", nargs, 1, 3)) return 0;
  let start = nargs > 1 ? asIndex(I32[args + 1]) : 0;
  if (Number.isNaN(start)) return 0;
  let stop = nargs > 2 ? asIndex(I32[args + 2]) : Limit.MaxItems;
  if (Number.isNaN(stop)) return 0;
  if (start < 0) start = Math.max(0, start + I32[self + ListObject.Size]);
  if (stop < 0) stop = Math.max(0, stop + I32[self + ListObject.Size]);
  for (let i = start; i < stop && i < I32[self + ListObject.Size]; i++) {
    const equal = itemEquals(self, i, I32[args]);
    if (equal < 0) return 0;
    if (equal > 0) return newInt(i);
  }
  return raiseNotInList(I32[args]);
}

function raiseNotInList(value: Addr): Addr {
  const text = reprObject(value);
  if (text === 0) return 0;
  const shown = getString(text);
  decref(text);
  return raise(T.ValueError, `${shown} is not in list`);
}

function listCount(self: Addr, value: Addr): Addr {
  let count = 0;
  for (let i = 0; i < I32[self + ListObject.Size]; i++) {
    const equal = itemEquals(self, i, value);
    if (equal < 0) return 0;
    count += equal;
  }
  return newInt(count);
}

function listRemove(self: Addr, value: Addr): Addr {
  for (let i = 0; i < I32[self + ListObject.Size]; i++) {
    const equal = itemEquals(self, i, value);
    if (equal < 0) return 0;
    if (equal > 0) return replaceRange(self, i, i + 1, 0) < 0 ? 0 : newNone();
  }
  return raise(T.ValueError, "list.remove(x): x not in list");
}

function listInsertMethod(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("insert", nargs, 2, 2)) return 0;
  const index = asSsize(I32[args]);
  if (Number.isNaN(index)) return 0;
  return listInsert(self, index, I32[args + 1]) < 0 ? 0 : newNone();
}

function listReverse(self: Addr): Addr {
  const items = I32[self + ListObject.Items];
  let low = items;
  let high = items + 2 * (I32[self + ListObject.Size] - 1);
  for (; low < high; low += 2, high -= 2) {
    const value = I32[low];
    I32[low] = I32[high];
    I32[high] = value;
  }
  return newNone();
}

const sortArguments = new Int32Array(2);

function listSortMethod(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("sort", args, nargs, kwnames, ["key", "reverse"], 0, sortArguments, 0, 0)) {
    return 0;
  }
  const key = sortArguments[0];
  const reverse = sortArguments[1] === 0 ? 0 : isTrue(sortArguments[1]);
  if (reverse < 0) return 0;
  return listSort(self, key === S.None ? 0 : key, reverse) < 0 ? 0 : newNone();
}

/** Sort in place by `key` (0: by the items). The list is empty meanwhile, as in CPython. */
export function listSort(self: Addr, key: Addr, reverse: number): number {
  const n = I32[self + ListObject.Size];
  const items = I32[self + ListObject.Items];
  const allocated = I32[self + ListObject.Allocated];
  I32[self + ListObject.Size] = 0;
  I32[self + ListObject.Items] = 0;
  I32[self + ListObject.Allocated] = -1;
  const values = new Int32Array(n);
  for (let i = 0; i < n; i++) values[i] = I32[items + 2 * i];
  const keys = key === 0 ? values : new Int32Array(n);
  let good = true;
  let made = 0;
  if (key !== 0) {
    for (; made < n && good; made++) {
      keys[made] = call1(key, values[made]);
      good = keys[made] !== 0;
    }
    if (!good) made--;
  }
  if (good) {
    // A reversed sort stays stable: reverse, sort, reverse.
    if (reverse !== 0) {
      values.reverse();
      if (key !== 0) keys.reverse();
    }
    const permutation = new Int32Array(n);
    good = sortPermutation(keys, n, permutation);
    for (let i = 0; i < n; i++) {
      I32[items + 2 * (reverse !== 0 ? n - 1 - i : i)] = values[permutation[i]];
    }
  }
  if (key !== 0) for (let i = 0; i < made; i++) decref(keys[i]);
  return finishSort(self, items, n, allocated, good);
}

/** Put the items back; what the program did to the list meanwhile is dropped and reported. */
function finishSort(self: Addr, items: Addr, n: number, allocated: number, good: boolean): number {
  const touched = I32[self + ListObject.Allocated] !== -1;
  const strayItems = I32[self + ListObject.Items];
  const strayCount = I32[self + ListObject.Size];
  I32[self + ListObject.Items] = items;
  I32[self + ListObject.Size] = n;
  I32[self + ListObject.Allocated] = allocated;
  if (strayItems !== 0) {
    for (let i = strayCount - 1; i >= 0; i--) decref(I32[strayItems + 2 * i]);
    free(strayItems);
  }
  if (good && touched) return raiseStatus(T.ValueError, "list modified during sort");
  return good && !pending() ? 0 : -1;
}

defineType({
  type: T.List,
  name: "list",
  flags: TypeFlag.BaseType | TypeFlag.HasGc | TypeFlag.ListSubclass | TypeFlag.Sequence,
  basicSize: ListObject.Bytes,
  slots: {
    dealloc: listDealloc,
    traverse: listTraverse,
    clear: listClear,
    repr: (self) => reprSequence(self, "[", "]"),
    richCompare: (left, right, op) => richCompareSequence(left, right, op, TypeFlag.ListSubclass),
    iter: newListIterator,
    new: listNew,
    init: listInit,
    length: listSize,
    concat: listConcat,
    repeat: listRepeat,
    inplaceConcat: listInplaceConcat,
    inplaceRepeat: listInplaceRepeat,
    item: listItem,
    setItem: listStore,
    contains: listContains,
    subscript: listSubscript,
    setSubscript: listSetSubscript,
  },
  methods: [
    noArgs("__reversed__", newListReverseIterator),
    noArgs("__sizeof__", (self) =>
      newInt(basicSizeOf(self) + 8 * I32[self + ListObject.Allocated]),
    ),
    noArgs("clear", (self) => {
      listClear(self);
      return newNone();
    }),
    noArgs("copy", (self) => listSlice(self, 0, I32[self + ListObject.Size])),
    oneArg("append", (self, value) => (listAppend(self, value) < 0 ? 0 : newNone())),
    fast("insert", listInsertMethod),
    oneArg("extend", (self, other) => (listExtend(self, other) < 0 ? 0 : newNone())),
    fast("pop", listPop),
    oneArg("remove", listRemove),
    fast("index", listIndexOf),
    oneArg("count", listCount),
    noArgs("reverse", listReverse),
    keywords("sort", listSortMethod),
    classGetItemMethod,
  ],
  doc:
    "Built-in mutable sequence.\n\n" +
    "If no argument is given, the constructor creates a new empty list.\n" +
    "The argument must be an iterable if specified.",
});
