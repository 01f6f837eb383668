/**
 * Iterators of sequences: list, tuple, the old sequence protocol, callables. Each holds its
 * sequence until it is exhausted, and then nothing: it stays exhausted.
 */
import { type Addr, heap } from "../memory/heap.js";
import { newGcObject, track } from "./gcheader.js";
import { incref } from "./header.js";
import { T } from "./types.js";

const I32 = heap.I32;

/** list, tuple and sequence iterators: 32 bytes. Source 0: exhausted. */
export const enum SequenceIterator {
  Index = 4,
  Source = 6,
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
