/**
 * tuple: creation, free lists (R27) and items; the type is in
 * tupletype.ts. After Objects/tupleobject.c of
 * CPython 3.11. A new tuple is filled by its creator and then tracked ({@link track}); the
 * collector untracks those that turn out to hold only atomic values (C1).
 */
import { type Addr, heap } from "../memory/heap.js";
import { raiseMemoryError } from "./errors.js";
import { freeObject, newGcObject, track, untrack } from "./gcheader.js";
import { dealloc, decref, incref } from "./header.js";
import { Head, ListObject, TupleObject } from "./layout.js";
import { listFromIterable } from "./list.js";
import { ObjectState } from "./state.js";
import { trashBeginBase, trashEnd } from "./trashcan.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

const enum Limit {
  /** Longest tuple with a free list, and tuples kept of each length. */
  FreeLength = 20,
  FreeCount = 2000,
  MaxItems = 1 << 28,
}

/**
 * A tuple of `n` empty slots, not tracked: the caller fills
 * `I32[tuple + TupleObject.Items + 2 * i]` and calls `track`. For n = 0 the shared empty tuple.
 */
export function newTuple(n: number): Addr {
  if (n === 0) {
    I32[S.EmptyTuple]++;
    return S.EmptyTuple;
  }
  if (n <= Limit.FreeLength) {
    const tuple = I32[ObjectState.TupleFree + n];
    if (tuple !== 0) {
      I32[ObjectState.TupleFree + n] = I32[tuple + TupleObject.Items];
      I32[ObjectState.TupleFreeCount + n]--;
      I32[tuple] = 1;
      I32[tuple + TupleObject.Items] = 0;
      return tuple;
    }
  }
  if (n > Limit.MaxItems) return raiseMemoryError();
  const tuple = newGcObject(T.Tuple, 24 + 8 * n);
  if (tuple !== 0) I32[tuple + TupleObject.Size] = n;
  return tuple;
}

/** Item `i` of `tuple`, borrowed; `i` is in range. */
export function getTupleItem(tuple: Addr, i: number): Addr {
  return I32[tuple + TupleObject.Items + 2 * i];
}

/** Number of items. */
export function tupleSize(tuple: Addr): number {
  return I32[tuple + TupleObject.Size];
}

/** A tuple of the `n` values at `args` (one word each), whose references it takes over. */
export function tupleFromStack(args: Addr, n: number): Addr {
  const tuple = newTuple(n);
  if (tuple === 0) {
    for (let i = 0; i < n; i++) decref(I32[args + i]);
    return 0;
  }
  if (n === 0) return tuple;
  for (let i = 0, to = tuple + TupleObject.Items; i < n; i++, to += 2) I32[to] = I32[args + i];
  track(tuple);
  return tuple;
}

/** A tuple of the `n` values at `args` (one word each), which stay the caller's. */
export function tupleFromStackBorrowed(args: Addr, n: number): Addr {
  const tuple = newTuple(n);
  if (tuple === 0 || n === 0) return tuple;
  for (let i = 0, to = tuple + TupleObject.Items; i < n; i++, to += 2) {
    I32[to] = incref(I32[args + i]);
  }
  track(tuple);
  return tuple;
}

/** `(a,)` of a borrowed value. */
export function newTuple1(a: Addr): Addr {
  const tuple = newTuple(1);
  if (tuple === 0) return 0;
  I32[tuple + TupleObject.Items] = incref(a);
  track(tuple);
  return tuple;
}

/** `(a, b)` of borrowed values. */
export function newTuple2(a: Addr, b: Addr): Addr {
  const tuple = newTuple(2);
  if (tuple === 0) return 0;
  I32[tuple + TupleObject.Items] = incref(a);
  I32[tuple + TupleObject.Items + 2] = incref(b);
  track(tuple);
  return tuple;
}

/** `(a, b, c)` of borrowed values. */
export function newTuple3(a: Addr, b: Addr, c: Addr): Addr {
  const tuple = newTuple(3);
  if (tuple === 0) return 0;
  I32[tuple + TupleObject.Items] = incref(a);
  I32[tuple + TupleObject.Items + 2] = incref(b);
  I32[tuple + TupleObject.Items + 4] = incref(c);
  track(tuple);
  return tuple;
}

/** Items `[start, stop)` as a new tuple; the bounds are in range. */
export function tupleSlice(tuple: Addr, start: number, stop: number): Addr {
  const n = stop - start;
  if (n <= 0) return newTuple(0);
  if (n === I32[tuple + TupleObject.Size] && I32[tuple + Head.Type] === T.Tuple)
    return incref(tuple);
  const result = newTuple(n);
  if (result === 0) return 0;
  let from = tuple + TupleObject.Items + 2 * start;
  for (let i = 0, to = result + TupleObject.Items; i < n; i++, to += 2, from += 2) {
    I32[to] = incref(I32[from]);
  }
  track(result);
  return result;
}

/** `tuple(iterable)`. */
export function tupleFromIterable(iterable: Addr): Addr {
  const type = I32[iterable + Head.Type];
  if (type === T.Tuple) return incref(iterable);
  if (type === T.List) {
    return tupleFromItems(I32[iterable + ListObject.Items], I32[iterable + ListObject.Size]);
  }
  const list = listFromIterable(iterable);
  if (list === 0) return 0;
  const n = I32[list + ListObject.Size];
  const tuple = newTuple(n);
  if (tuple !== 0 && n !== 0) {
    const items = I32[list + ListObject.Items];
    for (let i = 0; i < n; i++) I32[tuple + TupleObject.Items + 2 * i] = I32[items + 2 * i];
    I32[list + ListObject.Size] = 0;
    track(tuple);
  }
  decref(list);
  return tuple;
}

/** A tuple of the `n` borrowed values at `items`, two words each. */
export function tupleFromItems(items: Addr, n: number): Addr {
  const tuple = newTuple(n);
  if (tuple === 0 || n === 0) return tuple;
  for (let i = 0; i < n; i++) I32[tuple + TupleObject.Items + 2 * i] = incref(I32[items + 2 * i]);
  track(tuple);
  return tuple;
}

/** Empty the free lists of tuples (C20). */
export function clearTupleFreeLists(): void {
  for (let n = 1; n <= Limit.FreeLength; n++) {
    for (;;) {
      const tuple = I32[ObjectState.TupleFree + n];
      if (tuple === 0) break;
      I32[ObjectState.TupleFree + n] = I32[tuple + TupleObject.Items];
      I32[ObjectState.TupleFreeCount + n]--;
      freeObject(tuple);
    }
  }
}

/** The dealloc slot. */
export function tupleDealloc(self: Addr): void {
  untrack(self);
  const n = I32[self + TupleObject.Size];
  if (n === 0) {
    freeObject(self);
    return;
  }
  if (!trashBeginBase(self)) return;
  // R8: last to first.
  for (let at = self + TupleObject.Items + 2 * (n - 1); at >= self + TupleObject.Items; at -= 2) {
    const item = I32[at];
    if (item !== 0 && --I32[item] === 0) dealloc(item);
  }
  if (
    n <= Limit.FreeLength &&
    I32[self + Head.Type] === T.Tuple &&
    I32[ObjectState.TupleFreeCount + n] < Limit.FreeCount
  ) {
    for (let at = self + TupleObject.Items + 2; at < self + TupleObject.Items + 2 * n; at += 2) {
      I32[at] = 0;
    }
    I32[self + TupleObject.Items] = I32[ObjectState.TupleFree + n];
    I32[ObjectState.TupleFree + n] = self;
    I32[ObjectState.TupleFreeCount + n]++;
  } else {
    freeObject(self);
  }
  trashEnd();
}
