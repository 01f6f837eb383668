/**
 * Iterators of sequences: list, tuple, the old sequence protocol, callables. Each holds its
 * sequence until it is exhausted, and then nothing: it stays exhausted.
 */

import { type Addr, heap } from "../memory/heap.js";
import { objectLength, richCompareBool, sequenceItem } from "./abstract.js";
import { call0 } from "./call.js";
import { defineType, noArgs } from "./define.js";
import { clearPendingIf } from "./errors.js";
import { freeObject, newGcObject, track } from "./gcheader.js";
import { clearField, decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { newInt } from "./int.js";
import { Head, ListObject, TupleObject, TypeFlag } from "./layout.js";
import { newList } from "./list.js";
import { newBuiltinReduction, positionState } from "./reduction.js";
import { Compare } from "./slots.js";
import { inTrashcan } from "./trashcan.js";
import { newTuple } from "./tuple.js";
import { T } from "./types.js";

const I32 = heap.I32;

/** list, tuple and sequence iterators: 32 bytes. Source 0: exhausted. */
export const enum SequenceIterator {
  Index = 4,
  Source = 6,
  Bytes = 32,
}

const enum CallableIterator {
  Callable = 4,
  Sentinel = 6,
  Bytes = 32,
}

/** A tracked iterator of `type` over `source` (borrowed), at `index`. */
export function newSequenceIteratorOf(type: Addr, source: Addr, index: number): Addr {
  const iterator = newGcObject(type, SequenceIterator.Bytes);
  if (iterator === 0) return 0;
  I32[iterator + SequenceIterator.Index] = index;
  I32[iterator + SequenceIterator.Source] = incref(source);
  track(iterator);
  return iterator;
}

/** `iter(list)`. */
export function newListIterator(list: Addr): Addr {
  return newSequenceIteratorOf(T.ListIterator, list, 0);
}

/** `iter(tuple)`. */
export function newTupleIterator(tuple: Addr): Addr {
  return newSequenceIteratorOf(T.TupleIterator, tuple, 0);
}

/** An iterator that asks `sequence[0]`, `sequence[1]`, … until IndexError. */
export function newSequenceIterator(sequence: Addr): Addr {
  return newSequenceIteratorOf(T.SequenceIterator, sequence, 0);
}

/** `reversed(list)`. */
export function newListReverseIterator(list: Addr): Addr {
  return newSequenceIteratorOf(T.ListReverseIterator, list, I32[list + ListObject.Size] - 1);
}

/** `iter(callable, sentinel)`. */
export function newCallableIterator(callable: Addr, sentinel: Addr): Addr {
  const iterator = newGcObject(T.CallableIterator, CallableIterator.Bytes);
  if (iterator === 0) return 0;
  I32[iterator + CallableIterator.Callable] = incref(callable);
  I32[iterator + CallableIterator.Sentinel] = incref(sentinel);
  track(iterator);
  return iterator;
}

/** Drop the source of an exhausted iterator. */
function exhaust(self: Addr): 0 {
  clearField(self + SequenceIterator.Source);
  return 0;
}

function listNext(self: Addr): Addr {
  const list = I32[self + SequenceIterator.Source];
  if (list === 0) return 0;
  const index = I32[self + SequenceIterator.Index];
  if (index >= I32[list + ListObject.Size]) return exhaust(self);
  I32[self + SequenceIterator.Index] = index + 1;
  return incref(I32[I32[list + ListObject.Items] + 2 * index]);
}

function listReverseNext(self: Addr): Addr {
  const list = I32[self + SequenceIterator.Source];
  if (list === 0) return 0;
  const index = I32[self + SequenceIterator.Index];
  if (index < 0 || index >= I32[list + ListObject.Size]) {
    I32[self + SequenceIterator.Index] = -1;
    return exhaust(self);
  }
  I32[self + SequenceIterator.Index] = index - 1;
  return incref(I32[I32[list + ListObject.Items] + 2 * index]);
}

function tupleNext(self: Addr): Addr {
  const tuple = I32[self + SequenceIterator.Source];
  if (tuple === 0) return 0;
  const index = I32[self + SequenceIterator.Index];
  if (index >= I32[tuple + TupleObject.Size]) return exhaust(self);
  I32[self + SequenceIterator.Index] = index + 1;
  return incref(I32[tuple + TupleObject.Items + 2 * index]);
}

function sequenceNext(self: Addr): Addr {
  const sequence = I32[self + SequenceIterator.Source];
  if (sequence === 0) return 0;
  const index = I32[self + SequenceIterator.Index];
  const item = sequenceItem(sequence, index);
  if (item !== 0) {
    I32[self + SequenceIterator.Index] = index + 1;
    return item;
  }
  if (clearPendingIf(T.IndexError) || clearPendingIf(T.StopIteration)) return exhaust(self);
  return 0;
}

function callableNext(self: Addr): Addr {
  const callable = I32[self + CallableIterator.Callable];
  if (callable === 0) return 0;
  const result = call0(callable);
  if (result === 0) {
    if (clearPendingIf(T.StopIteration)) exhaustCallable(self);
    return 0;
  }
  const sentinel = I32[self + CallableIterator.Sentinel];
  const equal = sentinel === 0 ? 1 : richCompareBool(sentinel, result, Compare.Eq);
  if (equal === 0) return result;
  decref(result);
  if (equal > 0) exhaustCallable(self);
  return 0;
}

function exhaustCallable(self: Addr): void {
  clearField(self + CallableIterator.Callable);
  clearField(self + CallableIterator.Sentinel);
}

/** Items left of a list, tuple or other sequence behind an iterator. */
function remaining(self: Addr): Addr {
  const source = I32[self + SequenceIterator.Source];
  if (source === 0) return newInt(0);
  const index = I32[self + SequenceIterator.Index];
  if (I32[self + Head.Type] === T.ListReverseIterator) return newInt(index + 1);
  const size = objectLength(source);
  return size < 0 ? 0 : newInt(Math.max(0, size - index));
}

const idIter = identifier("iter");
const idReversed = identifier("reversed");

/** `(iter, (source,), index)`, or an iterator over nothing. */
function reduceSequence(self: Addr): Addr {
  const source = I32[self + SequenceIterator.Source];
  const type = I32[self + Head.Type];
  if (source === 0) {
    const isList = type === T.ListIterator || type === T.ListReverseIterator;
    return newBuiltinReduction(idIter, [isList ? newList(0) : newTuple(0)]);
  }
  const name = type === T.ListReverseIterator ? idReversed : idIter;
  return newBuiltinReduction(name, [incref(source)], newInt(I32[self + SequenceIterator.Index]));
}

function moveTo(self: Addr, position: number): void {
  const source = I32[self + SequenceIterator.Source];
  if (source === 0) return;
  const type = I32[self + Head.Type];
  const size = type === T.SequenceIterator ? 2147483647 : I32[source + Head.Size];
  const [least, most] = type === T.ListReverseIterator ? [-1, size - 1] : [0, size];
  I32[self + SequenceIterator.Index] = Math.min(Math.max(position, least), most);
}

function defineSequenceIterator(type: Addr, name: string, next: (self: Addr) => Addr): void {
  defineType({
    type,
    name,
    flags: TypeFlag.HasGc,
    basicSize: SequenceIterator.Bytes,
    slots: {
      dealloc: inTrashcan((self) => {
        clearField(self + SequenceIterator.Source);
        freeObject(self);
      }),
      traverse: (self, visit) => {
        const source = I32[self + SequenceIterator.Source];
        if (source !== 0) visit(source);
      },
      iter: incref,
      iterNext: next,
    },
    methods: [
      noArgs("__length_hint__", remaining),
      noArgs("__reduce__", reduceSequence),
      positionState(moveTo),
    ],
  });
}

defineSequenceIterator(T.ListIterator, "list_iterator", listNext);
defineSequenceIterator(T.ListReverseIterator, "list_reverseiterator", listReverseNext);
defineSequenceIterator(T.TupleIterator, "tuple_iterator", tupleNext);
defineSequenceIterator(T.SequenceIterator, "iterator", sequenceNext);

defineType({
  type: T.CallableIterator,
  name: "callable_iterator",
  flags: TypeFlag.HasGc,
  basicSize: CallableIterator.Bytes,
  slots: {
    dealloc: inTrashcan((self) => {
      exhaustCallable(self);
      freeObject(self);
    }),
    traverse: (self, visit) => {
      if (I32[self + CallableIterator.Callable] !== 0) visit(I32[self + CallableIterator.Callable]);
      if (I32[self + CallableIterator.Sentinel] !== 0) visit(I32[self + CallableIterator.Sentinel]);
    },
    iter: incref,
    iterNext: callableNext,
  },
  methods: [
    noArgs("__reduce__", (self) => {
      const callable = I32[self + CallableIterator.Callable];
      if (callable === 0) return newBuiltinReduction(idIter, [newTuple(0)]);
      const sentinel = incref(I32[self + CallableIterator.Sentinel]);
      return newBuiltinReduction(idIter, [incref(callable), sentinel]);
    }),
  ],
});
