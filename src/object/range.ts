/**
 * range and its iterators. Start, stop, step and length are int objects; ranges whose values fit
 * 32 bits iterate on machine words (RangeIterator), others on int objects.
 */

import { type Addr, heap } from "../memory/heap.js";
import { allocateBlock, freeBlock } from "../memory/pymalloc.js";
import { contains, hashObject, indexInSequence, richCompareBool } from "./abstract.js";
import { checkArity, noKeywords } from "./arguments.js";
import { defineType, member, noArgs, oneArg } from "./define.js";
import {
  newNone,
  newNotImplemented,
  pending,
  raise,
  raiseMemoryError,
  raiseStatus,
} from "./errors.js";
import { clearField, decref, incref, initObject, setField, xdecref } from "./header.js";
import { identifier } from "./identifiers.js";
import {
  getBig,
  intEquals,
  intSign,
  intToNumber,
  isBig,
  isInt,
  newInt,
  newIntFromBig,
  numberIndex,
} from "./int.js";
import { newSequenceIterator } from "./iterators.js";
import { Head, IntObject, RangeObject, SliceObject, TypeFlag } from "./layout.js";
import { binaryOp, exactIndex } from "./number.js";
import { fieldReduction, newBuiltinReduction, positionState } from "./reduction.js";
import { reprObject } from "./repr.js";
import { newTruth } from "./sequencecompare.js";
import { Compare } from "./slots.js";
import { getString, newStr } from "./str.js";
import { newTuple3 } from "./tuple.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

/** Iterator over machine words: 48 bytes, no collector header. */
export const enum RangeIterator {
  /** Next value and the first, distance to the one after it, and values left: 32-bit integers. */
  Next = 4,
  Start = 5,
  Step = 6,
  Left = 8,
  Class = 2,
}

/** Iterator over int objects, as counted references: next value, step, values left. */
const enum LongIterator {
  Next = 4,
  Step = 6,
  Left = 8,
  /** First value. */
  Start = 10,
  Class = 2,
}

const enum Operation {
  Add = 0,
  Multiply = 5,
  Subtract = 10,
}

const SAFE = Number.MAX_SAFE_INTEGER;

/**
 * A range of three ints, whose references it takes over; 0 with an exception pending. Any of them
 * may be 0: there was no memory for it.
 */
function makeRange(start: Addr, stop: Addr, step: Addr): Addr {
  const complete = start !== 0 && stop !== 0 && step !== 0;
  const length = complete ? rangeLength(start, stop, step) : 0;
  const block = length === 0 ? 0 : allocateBlock(2);
  if (block === 0) {
    if (length !== 0) {
      decref(length);
      raiseMemoryError();
    }
    xdecref(start);
    xdecref(stop);
    xdecref(step);
    return 0;
  }
  initObject(block, T.Range);
  I32[block + RangeObject.Start] = start;
  I32[block + RangeObject.Stop] = stop;
  I32[block + RangeObject.Step] = step;
  I32[block + RangeObject.Length] = length;
  return block;
}

/** Number of values as a new int. */
function rangeLength(start: Addr, stop: Addr, step: Addr): Addr {
  const first = intToNumber(start);
  const last = intToNumber(stop);
  const by = intToNumber(step);
  if (Math.abs(first) < SAFE / 2 && Math.abs(last) < SAFE / 2 && Math.abs(by) < SAFE) {
    if (by > 0) return newInt(first < last ? Math.floor((last - first - 1) / by) + 1 : 0);
    return newInt(first > last ? Math.floor((first - last - 1) / -by) + 1 : 0);
  }
  const [low, high, stride] =
    by > 0
      ? [getBig(start), getBig(stop), getBig(step)]
      : [getBig(stop), getBig(start), -getBig(step)];
  return newIntFromBig(low < high ? (high - low - 1n) / stride + 1n : 0n);
}

/** `range(start, stop, step)` of numbers. */
export function newRange(start: number, stop: number, step: number): Addr {
  return makeRange(newInt(start), newInt(stop), newInt(step));
}

function rangeNew(_type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!noKeywords("range", kwnames) || !checkArity("range", nargs, 1, 3)) return 0;
  const start = nargs === 1 ? newInt(0) : exactIndex(I32[args]);
  if (start === 0) return 0;
  const stop = exactIndex(I32[nargs === 1 ? args : args + 1]);
  const step = stop === 0 ? 0 : nargs === 3 ? exactIndex(I32[args + 2]) : newInt(1);
  if (step !== 0 && intSign(step) === 0) raise(T.ValueError, "range() arg 3 must not be zero");
  if (step === 0 || pending()) {
    decref(start);
    if (stop !== 0) decref(stop);
    if (step !== 0) decref(step);
    return 0;
  }
  return makeRange(start, stop, step);
}

function rangeDealloc(self: Addr): void {
  clearField(self + RangeObject.Start);
  clearField(self + RangeObject.Stop);
  clearField(self + RangeObject.Step);
  clearField(self + RangeObject.Length);
  freeBlock(self);
}

function lengthOf(self: Addr): number {
  const length = intToNumber(I32[self + RangeObject.Length]);
  if (length <= SAFE) return length;
  return raiseStatus(T.OverflowError, "Python int too large to convert to C ssize_t");
}

/** `start + index * step` for an int object `index`. */
function valueAt(self: Addr, index: Addr): Addr {
  const product = binaryOp(Operation.Multiply, index, I32[self + RangeObject.Step]);
  if (product === 0) return 0;
  const value = binaryOp(Operation.Add, I32[self + RangeObject.Start], product);
  decref(product);
  return value;
}

function rangeItem(self: Addr, index: number): Addr {
  const length = intToNumber(I32[self + RangeObject.Length]);
  if (index < 0 || index >= length) return raise(T.IndexError, "range object index out of range");
  const start = intToNumber(I32[self + RangeObject.Start]);
  const value = start + index * intToNumber(I32[self + RangeObject.Step]);
  if (Math.abs(start) < SAFE && Math.abs(value) < SAFE) return newInt(value);
  const at = newInt(index);
  const result = at === 0 ? 0 : valueAt(self, at);
  if (at !== 0) decref(at);
  return result;
}

function rangeSubscript(self: Addr, key: Addr): Addr {
  if (I32[key + Head.Type] === T.Slice) return sliceRange(self, key);
  const huge = intToNumber(I32[self + RangeObject.Length]) > SAFE;
  if (isInt(key) && (huge || isBig(key))) return farItem(self, key);
  const index = indexInSequence(key, T.IndexError, "range");
  if (Number.isNaN(index)) return 0;
  return rangeItem(self, index < 0 ? index + intToNumber(I32[self + RangeObject.Length]) : index);
}

/** Item by an index of any size. */
function farItem(self: Addr, key: Addr): Addr {
  const length = getBig(I32[self + RangeObject.Length]);
  let index = getBig(key);
  if (index < 0n) index += length;
  if (index < 0n || index >= length) {
    return raise(T.IndexError, "range object index out of range");
  }
  const step = getBig(I32[self + RangeObject.Step]);
  return newIntFromBig(getBig(I32[self + RangeObject.Start]) + index * step);
}

/**
 * A bound of a slice as a bigint, clamped to the range's length; null with an exception pending.
 */
function bigBound(value: Addr, length: bigint, backward: boolean, absent: bigint): bigint | null {
  if (value === S.None) return absent;
  const index = numberIndex(value);
  if (index === 0) return null;
  let bound = getBig(index);
  decref(index);
  if (bound < 0n) {
    bound += length;
    return bound < 0n ? (backward ? -1n : 0n) : bound;
  }
  return bound >= length ? (backward ? length - 1n : length) : bound;
}

function sliceRange(self: Addr, slice: Addr): Addr {
  const length = getBig(I32[self + RangeObject.Length]);
  let step = 1n;
  if (I32[slice + SliceObject.Step] !== S.None) {
    const index = numberIndex(I32[slice + SliceObject.Step]);
    if (index === 0) return 0;
    step = getBig(index);
    decref(index);
    if (step === 0n) return raise(T.ValueError, "slice step cannot be zero");
  }
  const backward = step < 0n;
  const first = backward ? length - 1n : 0n;
  const end = backward ? -1n : length;
  const low = bigBound(I32[slice + SliceObject.Start], length, backward, first);
  if (low === null) return 0;
  const high = bigBound(I32[slice + SliceObject.Stop], length, backward, end);
  if (high === null) return 0;
  const start = getBig(I32[self + RangeObject.Start]);
  const by = getBig(I32[self + RangeObject.Step]);
  return makeRange(
    newIntFromBig(start + low * by),
    newIntFromBig(start + high * by),
    newIntFromBig(by * step),
  );
}

/** Place of an exact int in the range, or -1. */
function placeOf(self: Addr, value: Addr): bigint {
  const start = getBig(I32[self + RangeObject.Start]);
  const step = getBig(I32[self + RangeObject.Step]);
  const distance = getBig(value) - start;
  if (distance % step !== 0n) return -1n;
  const place = distance / step;
  return place >= 0n && place < getBig(I32[self + RangeObject.Length]) ? place : -1n;
}

function isExactInt(value: Addr): boolean {
  const type = I32[value + Head.Type];
  return type === T.Int || type === T.Bool;
}

function rangeContains(self: Addr, value: Addr): number {
  if (isExactInt(value)) {
    const start = intToNumber(I32[self + RangeObject.Start]);
    const stop = intToNumber(I32[self + RangeObject.Stop]);
    const step = intToNumber(I32[self + RangeObject.Step]);
    const x = intToNumber(value);
    if (Math.abs(start) < SAFE / 2 && Math.abs(stop) < SAFE / 2 && Math.abs(x) < SAFE / 2) {
      const inside = step > 0 ? x >= start && x < stop : x <= start && x > stop;
      return inside && (x - start) % step === 0 ? 1 : 0;
    }
    return placeOf(self, value) >= 0n ? 1 : 0;
  }
  const sequence = newSequenceIterator(self);
  if (sequence === 0) return -1;
  const found = contains(sequence, value);
  decref(sequence);
  return found;
}

function rangeIndex(self: Addr, value: Addr): Addr {
  if (isExactInt(value)) {
    const place = placeOf(self, value);
    if (place >= 0n) return newIntFromBig(place);
    const text = reprObject(value);
    if (text === 0) return 0;
    const shown = getString(text);
    decref(text);
    return raise(T.ValueError, `${shown} is not in range`);
  }
  const n = lengthOf(self);
  for (let i = 0; i < n; i++) {
    const equal = equalsItem(self, i, value);
    if (equal < 0) return 0;
    if (equal > 0) return newInt(i);
  }
  return n < 0 ? 0 : raise(T.ValueError, "sequence.index(x): x not in sequence");
}

function equalsItem(self: Addr, i: number, value: Addr): number {
  const item = rangeItem(self, i);
  if (item === 0) return -1;
  const equal = richCompareBool(item, value, Compare.Eq);
  decref(item);
  return equal;
}

function rangeCount(self: Addr, value: Addr): Addr {
  if (isExactInt(value)) return newInt(rangeContains(self, value));
  const n = lengthOf(self);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const equal = equalsItem(self, i, value);
    if (equal < 0) return 0;
    count += equal;
  }
  return n < 0 ? 0 : newInt(count);
}

function rangeEqual(a: Addr, b: Addr): boolean {
  if (a === b) return true;
  if (!intEquals(I32[a + RangeObject.Length], I32[b + RangeObject.Length])) return false;
  const length = intToNumber(I32[a + RangeObject.Length]);
  if (length === 0) return true;
  if (!intEquals(I32[a + RangeObject.Start], I32[b + RangeObject.Start])) return false;
  return length === 1 || intEquals(I32[a + RangeObject.Step], I32[b + RangeObject.Step]);
}

function rangeRichCompare(left: Addr, right: Addr, op: number): Addr {
  if (I32[right + Head.Type] !== T.Range || (op !== Compare.Eq && op !== Compare.Ne)) {
    return newNotImplemented();
  }
  return newTruth(rangeEqual(left, right) === (op === Compare.Eq));
}

function rangeHash(self: Addr): number {
  const length = I32[self + RangeObject.Length];
  const n = intToNumber(length);
  const tuple = newTuple3(
    length,
    n === 0 ? S.None : I32[self + RangeObject.Start],
    n <= 1 ? S.None : I32[self + RangeObject.Step],
  );
  if (tuple === 0) return -1;
  const hash = hashObject(tuple);
  decref(tuple);
  return hash;
}

function rangeRepr(self: Addr): Addr {
  const start = getBig(I32[self + RangeObject.Start]);
  const stop = getBig(I32[self + RangeObject.Stop]);
  const step = getBig(I32[self + RangeObject.Step]);
  return newStr(step === 1n ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`);
}

/** An iterator over `left` values from `next` by `step`, all within 32 bits. */
function newWordIterator(next: number, step: number, left: number): Addr {
  const iterator = allocateBlock(RangeIterator.Class);
  if (iterator === 0) return raiseMemoryError();
  initObject(iterator, T.RangeIterator);
  I32[iterator + RangeIterator.Next] = next;
  I32[iterator + RangeIterator.Start] = next;
  I32[iterator + RangeIterator.Step] = step;
  I32[iterator + RangeIterator.Left] = left;
  return iterator;
}

/** As {@link makeRange}, an iterator over `left` values from `next` by `step`. */
function newLongIterator(next: Addr, step: Addr, left: Addr): Addr {
  const complete = next !== 0 && step !== 0 && left !== 0;
  const iterator = complete ? allocateBlock(LongIterator.Class) : 0;
  if (iterator === 0) {
    if (complete) raiseMemoryError();
    xdecref(next);
    xdecref(step);
    xdecref(left);
    return 0;
  }
  initObject(iterator, T.LongRangeIterator);
  I32[iterator + LongIterator.Next] = next;
  I32[iterator + LongIterator.Start] = incref(next);
  I32[iterator + LongIterator.Step] = step;
  I32[iterator + LongIterator.Left] = left;
  return iterator;
}

/** `iter(range)`. */
export function newRangeIterator(self: Addr): Addr {
  const start = I32[I32[self + RangeObject.Start] + IntObject.Value];
  const stop = I32[I32[self + RangeObject.Stop] + IntObject.Value];
  const step = I32[I32[self + RangeObject.Step] + IntObject.Value];
  const left = I32[I32[self + RangeObject.Length] + IntObject.Value];
  const none = IntObject.NotCompact;
  // The value behind the last one is computed too and must not overflow.
  if (start !== none && stop !== none && step !== none && left !== none) {
    const end = start + left * step;
    if (end <= 2147483647 && end > -2147483648) return newWordIterator(start, step, left);
  }
  return newLongIterator(
    incref(I32[self + RangeObject.Start]),
    incref(I32[self + RangeObject.Step]),
    incref(I32[self + RangeObject.Length]),
  );
}

function rangeReversed(self: Addr): Addr {
  const start = getBig(I32[self + RangeObject.Start]);
  const step = getBig(I32[self + RangeObject.Step]);
  const length = getBig(I32[self + RangeObject.Length]);
  const last = start + (length - 1n) * step;
  const limit = 2147483647n;
  const small = (v: bigint) => v <= limit && v > -limit;
  if (small(last) && small(start) && small(step) && small(start - step) && small(length)) {
    return newWordIterator(Number(last), Number(-step), Number(length));
  }
  return newLongIterator(newIntFromBig(last), newIntFromBig(-step), newIntFromBig(length));
}

function wordNext(self: Addr): Addr {
  const left = I32[self + RangeIterator.Left];
  if (left <= 0) return 0;
  I32[self + RangeIterator.Left] = left - 1;
  const value = I32[self + RangeIterator.Next];
  I32[self + RangeIterator.Next] = value + I32[self + RangeIterator.Step];
  return newInt(value);
}

function longNext(self: Addr): Addr {
  const left = I32[self + LongIterator.Left];
  if (intSign(left) <= 0) return 0;
  const value = I32[self + LongIterator.Next];
  const next = binaryOp(Operation.Add, value, I32[self + LongIterator.Step]);
  if (next === 0) return 0;
  const fewer = binaryOp(Operation.Subtract, left, S.One);
  if (fewer === 0) {
    decref(next);
    return 0;
  }
  I32[self + LongIterator.Next] = next;
  I32[self + LongIterator.Left] = fewer;
  decref(left);
  return value;
}

defineType({
  type: T.Range,
  name: "range",
  flags: TypeFlag.Sequence,
  basicSize: RangeObject.Bytes,
  slots: {
    dealloc: rangeDealloc,
    repr: rangeRepr,
    hash: rangeHash,
    richCompare: rangeRichCompare,
    iter: newRangeIterator,
    new: rangeNew,
    bool: (self) => (intSign(I32[self + RangeObject.Length]) !== 0 ? 1 : 0),
    length: lengthOf,
    item: rangeItem,
    contains: rangeContains,
    subscript: rangeSubscript,
  },
  methods: [
    noArgs("__reversed__", rangeReversed),
    oneArg("count", rangeCount),
    oneArg("index", rangeIndex),
    fieldReduction(RangeObject.Start, RangeObject.Stop, RangeObject.Step),
  ],
  members: [
    member("start", RangeObject.Start),
    member("stop", RangeObject.Stop),
    member("step", RangeObject.Step),
  ],
});

const idIter = identifier("iter");

/** `(iter, (range,), values given)` */
function reduceWords(self: Addr): Addr {
  const start = I32[self + RangeIterator.Start];
  const step = I32[self + RangeIterator.Step];
  const next = I32[self + RangeIterator.Next];
  const range = newRange(start, next + I32[self + RangeIterator.Left] * step, step);
  return newBuiltinReduction(idIter, [range], newInt((next - start) / step));
}

/** As {@link reduceWords}, of an iterator over ints of any size. */
function reduceLongs(self: Addr): Addr {
  const [start, next, step, left] = [
    LongIterator.Start,
    LongIterator.Next,
    LongIterator.Step,
    LongIterator.Left,
  ].map((field) => getBig(I32[self + field]));
  const end = newIntFromBig(next + left * step);
  const range = makeRange(newIntFromBig(start), end, newIntFromBig(step));
  return newBuiltinReduction(idIter, [range], newIntFromBig((next - start) / step));
}

/** `__setstate__`: the number of values given, clamped. */
function moveLongs(self: Addr, state: Addr): Addr {
  if (!isInt(state)) return raise(T.TypeError, "an integer is required");
  const [start, next, step, left] = [
    LongIterator.Start,
    LongIterator.Next,
    LongIterator.Step,
    LongIterator.Left,
  ].map((field) => getBig(I32[self + field]));
  const length = (next - start) / step + left;
  let given = getBig(state);
  if (given < 0n) given = 0n;
  if (given > length) given = length;
  const moved = newIntFromBig(start + given * step);
  const rest = newIntFromBig(length - given);
  if (moved === 0 || rest === 0) {
    xdecref(moved);
    xdecref(rest);
    return 0;
  }
  setField(self + LongIterator.Next, moved);
  setField(self + LongIterator.Left, rest);
  return newNone();
}

defineType({
  type: T.RangeIterator,
  name: "range_iterator",
  flags: 0,
  basicSize: 48,
  slots: { dealloc: freeBlock, iter: incref, iterNext: wordNext },
  methods: [
    noArgs("__length_hint__", (self) => newInt(I32[self + RangeIterator.Left])),
    noArgs("__reduce__", reduceWords),
    positionState((self, position) => {
      const step = I32[self + RangeIterator.Step];
      const end = I32[self + RangeIterator.Next] + I32[self + RangeIterator.Left] * step;
      const start = I32[self + RangeIterator.Start];
      const length = (end - start) / step;
      const given = Math.min(Math.max(position, 0), length);
      I32[self + RangeIterator.Next] = start + given * step;
      I32[self + RangeIterator.Left] = length - given;
    }),
  ],
});

defineType({
  type: T.LongRangeIterator,
  name: "longrange_iterator",
  flags: 0,
  basicSize: 40,
  slots: {
    dealloc: (self) => {
      clearField(self + LongIterator.Next);
      clearField(self + LongIterator.Step);
      clearField(self + LongIterator.Left);
      clearField(self + LongIterator.Start);
      freeBlock(self);
    },
    iter: incref,
    iterNext: longNext,
  },
  methods: [
    noArgs("__length_hint__", (self) => incref(I32[self + LongIterator.Left])),
    noArgs("__reduce__", reduceLongs),
    oneArg("__setstate__", moveLongs),
  ],
});
