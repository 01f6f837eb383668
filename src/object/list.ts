/**
 * list: creation, growth (R36–R38), item access. The type is in listtype.ts, sorting in
 * listsort.ts. After Objects/listobject.c of CPython 3.11. Items are two words apart.
 */
import { type Addr, heap } from "../memory/heap.js";
import { Mutation } from "../memory/layout.js";
import { endMutation, startMutation } from "../memory/mark.js";
import { free, malloc, realloc } from "../memory/pymalloc.js";
import { getIter, iterNext, lengthHint } from "./abstract.js";
import { dictKeyAt, dictNext } from "./dict.js";
import { pending, raiseMemoryError } from "./errors.js";
import { newGcObject, track } from "./gcheader.js";
import { dealloc, decref, incref } from "./header.js";
import { DictObject, Head, ListObject, TupleObject } from "./layout.js";
import { ObjectState } from "./state.js";
import { newTuple } from "./tuple.js";
import { T } from "./types.js";

const I32 = heap.I32;

const enum Limit {
  MaxItems = 1 << 28,
}

/** An empty list header, not tracked. */
function newHeader(): Addr {
  const list = I32[ObjectState.ListFree];
  if (list !== 0) {
    I32[ObjectState.ListFree] = I32[list + ListObject.Items];
    I32[ObjectState.ListFreeCount]--;
    I32[list] = 1;
    I32[list + ListObject.Items] = 0;
    return list;
  }
  return newGcObject(T.List, ListObject.Bytes);
}

/**
 * A list of `n` empty slots with capacity `n` (R38), tracked: the caller fills
 * `I32[I32[list + ListObject.Items] + 2 * i]` before anything else runs.
 */
export function newList(n: number): Addr {
  if (n > Limit.MaxItems) return raiseMemoryError();
  let items = 0;
  if (n > 0) {
    items = malloc(n * 8);
    if (items === 0) return raiseMemoryError();
  }
  const list = newHeader();
  if (list === 0) {
    if (items !== 0) free(items);
    return 0;
  }
  if (n <= 64) for (let at = items, end = items + 2 * n; at < end; at += 2) I32[at] = 0;
  else I32.fill(0, items, items + 2 * n);
  I32[list + ListObject.Size] = n;
  I32[list + ListObject.Items] = items;
  I32[list + ListObject.Allocated] = n;
  track(list);
  return list;
}

/** Item `i`, borrowed; `i` is in range. */
export function listGet(list: Addr, i: number): Addr {
  return I32[I32[list + ListObject.Items] + 2 * i];
}

/** Number of items. */
export function listSize(list: Addr): number {
  return I32[list + ListObject.Size];
}

/** Put `value` (stolen) in place of item `i`, which is in range. */
export function listSetSteal(list: Addr, i: number, value: Addr): void {
  const at = I32[list + ListObject.Items] + 2 * i;
  const old = I32[at];
  I32[at] = value;
  if (old !== 0 && --I32[old] === 0) dealloc(old);
}

/** Set the size to `n`, growing or shrinking the block as CPython does (R36, R37). */
export function listResize(list: Addr, n: number): number {
  const allocated = I32[list + ListObject.Allocated];
  if (allocated >= n && n >= allocated >> 1) {
    I32[list + ListObject.Size] = n;
    return 0;
  }
  let capacity = (n + (n >> 3) + 6) & ~3;
  if (n - I32[list + ListObject.Size] > capacity - n) capacity = (n + 3) & ~3;
  if (n === 0) capacity = 0;
  return setCapacity(list, n, capacity);
}

function setCapacity(list: Addr, n: number, capacity: number): number {
  const items = I32[list + ListObject.Items];
  if (capacity === 0) {
    I32[list + ListObject.Items] = 0;
    if (items !== 0) free(items);
  } else {
    const moved = capacity > Limit.MaxItems ? 0 : realloc(items, capacity * 8);
    if (moved === 0) {
      // Where the items fit, nothing can fail: the old block stays. The new capacity may be the
      // old one: three items of eight get room for eight.
      if (items !== 0 && n <= I32[list + ListObject.Allocated]) {
        I32[list + ListObject.Size] = n;
        return 0;
      }
      raiseMemoryError();
      return -1;
    }
    I32[list + ListObject.Items] = moved;
  }
  I32[list + ListObject.Size] = n;
  I32[list + ListObject.Allocated] = capacity;
  return 0;
}

/** Give an empty list without block the capacity for `n` items, rounded up to even (R38). */
export function listPreallocate(list: Addr, n: number): number {
  return setCapacity(list, 0, (n + 1) & ~1);
}

/** Append `value` (borrowed). */
export function listAppend(list: Addr, value: Addr): number {
  const n = I32[list + ListObject.Size];
  if (n < I32[list + ListObject.Allocated]) {
    I32[value]++;
    I32[I32[list + ListObject.Items] + 2 * n] = value;
    I32[list + ListObject.Size] = n + 1;
    return 0;
  }
  if (listResize(list, n + 1) < 0) return -1;
  I32[value]++;
  I32[I32[list + ListObject.Items] + 2 * n] = value;
  return 0;
}

/** Append `value` (stolen, on failure too). */
export function listAppendSteal(list: Addr, value: Addr): number {
  const n = I32[list + ListObject.Size];
  if (n < I32[list + ListObject.Allocated]) {
    I32[I32[list + ListObject.Items] + 2 * n] = value;
    I32[list + ListObject.Size] = n + 1;
    return 0;
  }
  if (listResize(list, n + 1) < 0) {
    decref(value);
    return -1;
  }
  I32[I32[list + ListObject.Items] + 2 * n] = value;
  return 0;
}

/** Insert `value` (borrowed) before item `index`, which is clamped. */
export function listInsert(list: Addr, index: number, value: Addr): number {
  const n = I32[list + ListObject.Size];
  if (listResize(list, n + 1) < 0) return -1;
  if (index < 0) index = Math.max(0, index + n);
  if (index > n) index = n;
  const items = I32[list + ListObject.Items];
  moveItems(items + 2 * index + 2, items + 2 * index, n - index);
  I32[items + 2 * index] = incref(value);
  return 0;
}

/** Move `n` items from `from` to `to`; the ranges may overlap. */
export function moveItems(to: Addr, from: Addr, n: number): void {
  startMutation(Mutation.Resize);
  if (n > 24) I32.copyWithin(to, from, from + 2 * n);
  else if (to < from) for (let i = 0; i < 2 * n; i += 2) I32[to + i] = I32[from + i];
  else for (let i = 2 * n - 2; i >= 0; i -= 2) I32[to + i] = I32[from + i];
  endMutation();
}

/** Items `[start, stop)` as a new list; the bounds are clamped. */
export function listSlice(list: Addr, start: number, stop: number): Addr {
  const size = I32[list + ListObject.Size];
  const first = Math.min(Math.max(start, 0), size);
  const n = Math.max(0, Math.min(stop, size) - first);
  return listFromItems(I32[list + ListObject.Items] + 2 * first, n);
}

/** A list of the `n` borrowed values at `items`, two words each; exact capacity. */
export function listFromItems(items: Addr, n: number): Addr {
  const list = newList(n);
  if (list === 0) return 0;
  const to = I32[list + ListObject.Items];
  for (let i = 0; i < 2 * n; i += 2) {
    const value = I32[items + i];
    I32[value]++;
    I32[to + i] = value;
  }
  return list;
}

/** A list of borrowed values, none of them 0. */
export function listFromValues(values: readonly Addr[]): Addr {
  const list = newList(values.length);
  if (list === 0) return 0;
  const to = I32[list + ListObject.Items];
  for (const [i, value] of values.entries()) I32[to + 2 * i] = incref(value);
  return list;
}

/** `list(iterable)`. */
export function listFromIterable(iterable: Addr): Addr {
  const list = newList(0);
  if (list === 0) return 0;
  if (listExtend(list, iterable) < 0) {
    decref(list);
    return 0;
  }
  return list;
}

/** Append the `n` values at `items` (two words each), which the list itself may hold. */
function extendItems(list: Addr, source: Addr, n: number): number {
  const size = I32[list + ListObject.Size];
  if (n === 0) return 0;
  if (I32[list + ListObject.Items] === 0) {
    if (listPreallocate(list, n) < 0) return -1;
    I32[list + ListObject.Size] = n;
  } else if (listResize(list, size + n) < 0) {
    return -1;
  }
  // The source may be the list itself: its block is known only after the growth.
  const tuple = I32[source + Head.Type] === T.Tuple;
  const from = tuple ? source + TupleObject.Items : I32[source + ListObject.Items];
  const to = I32[list + ListObject.Items] + 2 * size;
  for (let i = 0; i < 2 * n; i += 2) {
    const value = I32[from + i];
    I32[value]++;
    I32[to + i] = value;
  }
  return 0;
}

/** Append all items of `iterable`. */
export function listExtend(list: Addr, iterable: Addr): number {
  const type = I32[iterable + Head.Type];
  if (type === T.List || type === T.Tuple) {
    return extendItems(list, iterable, I32[iterable + Head.Size]);
  }
  if (type === T.Dict) return extendKeys(list, iterable);
  const iterator = getIter(iterable);
  if (iterator === 0) return -1;
  if (reserve(list, iterable) < 0) {
    decref(iterator);
    return -1;
  }
  for (;;) {
    const item = iterNext(iterator);
    if (item === 0) break;
    if (listAppendSteal(list, item) < 0) {
      decref(iterator);
      return -1;
    }
  }
  decref(iterator);
  if (pending()) return -1;
  const size = I32[list + ListObject.Size];
  return size < I32[list + ListObject.Allocated] ? listResize(list, size) : 0;
}

/** Make room for as many items as `iterable` announces. */
function reserve(list: Addr, iterable: Addr): number {
  const hint = lengthHint(iterable, 0);
  if (hint <= 0) return hint;
  const size = I32[list + ListObject.Size];
  // A lie, perhaps: so many could not even be counted.
  if (size + hint > Number.MAX_SAFE_INTEGER) return 0;
  if (hint > Limit.MaxItems) {
    raiseMemoryError();
    return -1;
  }
  if (I32[list + ListObject.Items] === 0) return listPreallocate(list, hint);
  if (listResize(list, size + hint) < 0) return -1;
  I32[list + ListObject.Size] = size;
  return 0;
}

/** Append the keys of a dict: nothing of the program runs meanwhile. */
function extendKeys(list: Addr, dict: Addr): number {
  const n = I32[dict + DictObject.Used];
  if (I32[list + ListObject.Items] === 0 && n > 0 && listPreallocate(list, n) < 0) return -1;
  for (let i = dictNext(dict, 0); i >= 0; i = dictNext(dict, i + 1)) {
    if (listAppend(list, dictKeyAt(dict, i)) < 0) return -1;
  }
  return 0;
}

/** `tuple(list)`. */
export function listToTuple(list: Addr): Addr {
  const n = I32[list + ListObject.Size];
  const tuple = newTuple(n);
  if (tuple === 0 || n === 0) return tuple;
  const items = I32[list + ListObject.Items];
  for (let i = 0; i < n; i++) {
    I32[tuple + TupleObject.Items + 2 * i] = incref(I32[items + 2 * i]);
  }
  track(tuple);
  return tuple;
}

/** Remove all items, last to first (R8); the list is empty before the first is dropped. */
export function listClear(list: Addr): void {
  const items = I32[list + ListObject.Items];
  if (items === 0) return;
  let n = I32[list + ListObject.Size];
  I32[list + ListObject.Size] = 0;
  I32[list + ListObject.Items] = 0;
  I32[list + ListObject.Allocated] = 0;
  while (--n >= 0) {
    const item = I32[items + 2 * n];
    if (item !== 0 && --I32[item] === 0) dealloc(item);
  }
  free(items);
}
