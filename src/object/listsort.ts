/**
 * Sorting: an adaptive, stable merge sort (timsort as described in CPython's listsort.txt: natural
 * runs, binary insertion up to the minimum run, merges without galloping). Keys are compared
 * by machine operations when all are compact ints, floats or strs, else by `<`.
 */
import { type Addr, heap } from "../memory/heap.js";
import { richCompareBool } from "./abstract.js";
import { getDouble } from "./float.js";
import { Head, IntObject, TupleObject } from "./layout.js";
import { Compare } from "./slots.js";
import { strCompare } from "./str.js";
import { T } from "./types.js";

const I32 = heap.I32;

/** How the keys of one sort are compared. */
const enum Order {
  /** `<` of arbitrary objects, which may fail. */
  General = 0,
  Number = 1,
  Str = 2,
  /**
   * Tuples whose first items are all compact ints, floats or strs: first items decide if unequal.
   */
  Tuple = 3,
}

/** Numbers of keys that are compared as doubles; index: position in the unsorted sequence. */
let numbers = new Float64Array(0);
let keyAt: Int32Array = new Int32Array(0);
let order: number = Order.General;
let failedCompare = false;

/** Is the key at position `a` less than the one at `b`? */
function less(a: number, b: number): boolean {
  if (order === Order.Number) return numbers[a] < numbers[b];
  if (order === Order.Str) return strCompare(keyAt[a], keyAt[b]) < 0;
  return lessObjects(keyAt[a], keyAt[b]);
}

function lessObjects(a: Addr, b: Addr): boolean {
  if (failedCompare) return false;
  const result = order === Order.Tuple ? lessTuples(a, b) : richCompareBool(a, b, Compare.Lt);
  if (result >= 0) return result === 1;
  failedCompare = true;
  return false;
}

function lessTuples(a: Addr, b: Addr): number {
  const x = I32[a + TupleObject.Items];
  const y = I32[b + TupleObject.Items];
  const equal = richCompareBool(x, y, Compare.Eq);
  if (equal < 0) return -1;
  return equal === 1 ? richCompareBool(a, b, Compare.Lt) : richCompareBool(x, y, Compare.Lt);
}

/** The order that suits all `n` keys. */
function chooseOrder(keys: Int32Array, n: number): number {
  const type = I32[keys[0] + Head.Type];
  for (let i = 1; i < n; i++) if (I32[keys[i] + Head.Type] !== type) return Order.General;
  if (type === T.Str) return Order.Str;
  if (type === T.Float) return Order.Number;
  if (type === T.Tuple) return tupleOrder(keys, n);
  if (type !== T.Int) return Order.General;
  for (let i = 0; i < n; i++) {
    const compact = I32[keys[i] + IntObject.Value] !== IntObject.NotCompact;
    if (!compact && I32[keys[i] + IntObject.Size] !== 0) return Order.General;
  }
  return Order.Number;
}

function tupleOrder(keys: Int32Array, n: number): number {
  for (let i = 0; i < n; i++) {
    if (I32[keys[i] + TupleObject.Size] === 0) return Order.General;
  }
  const type = I32[I32[keys[0] + TupleObject.Items] + Head.Type];
  if (type !== T.Int && type !== T.Str && type !== T.Float) return Order.General;
  for (let i = 1; i < n; i++) {
    if (I32[I32[keys[i] + TupleObject.Items] + Head.Type] !== type) return Order.General;
  }
  return Order.Tuple;
}

function numberOf(key: Addr): number {
  if (I32[key + Head.Type] === T.Float) return getDouble(key);
  const value = I32[key + IntObject.Value];
  return value !== IntObject.NotCompact ? value : heap.F64[(key + IntObject.Digits) >> 1];
}

/**
 * Order of the `n` keys: `permutation[i]` becomes the place of the i-th smallest. False with an
 * exception
 * pending when a comparison failed; `permutation` then holds some order of all the places.
 */
export function sortPermutation(keys: Int32Array, n: number, permutation: Int32Array): boolean {
  for (let i = 0; i < n; i++) permutation[i] = i;
  if (n < 2) return true;
  const outer = { numbers, keyAt, order, failedCompare };
  keyAt = keys;
  failedCompare = false;
  order = chooseOrder(keys, n);
  if (order === Order.Number) {
    numbers = new Float64Array(n);
    for (let i = 0; i < n; i++) numbers[i] = numberOf(keys[i]);
  }
  mergeRuns(permutation, n);
  const good = !failedCompare;
  ({ numbers, keyAt, order, failedCompare } = outer);
  return good;
}

/** Shortest run that is not extended by insertion (listsort.txt): 32…64. */
function minimumRun(n: number): number {
  let rest = 0;
  let size = n;
  while (size >= 64) {
    rest |= size & 1;
    size >>= 1;
  }
  return size + rest;
}

/** End of the run that starts at `low`; a strictly descending one is reversed. */
function countRun(p: Int32Array, low: number, high: number): number {
  let end = low + 1;
  if (end === high) return end;
  if (less(p[end], p[low])) {
    while (++end < high && less(p[end], p[end - 1]) && !failedCompare);
    p.subarray(low, end).reverse();
  } else {
    while (++end < high && !less(p[end], p[end - 1]) && !failedCompare);
  }
  return end;
}

/** Insert the items of `[start, high)` into the sorted run `[low, start)`. */
function insertionSort(p: Int32Array, low: number, start: number, high: number): void {
  for (let i = start; i < high && !failedCompare; i++) {
    const pivot = p[i];
    let left = low;
    let right = i;
    while (left < right) {
      const middle = (left + right) >> 1;
      if (less(pivot, p[middle])) right = middle;
      else left = middle + 1;
      if (failedCompare) return;
    }
    p.copyWithin(left + 1, left, i);
    p[left] = pivot;
  }
}

function mergeRuns(p: Int32Array, n: number): void {
  const minimum = minimumRun(n);
  const starts: number[] = [];
  const lengths: number[] = [];
  const scratch = new Int32Array((n >> 1) + 1);
  let low = 0;
  while (low < n && !failedCompare) {
    let end = countRun(p, low, n);
    if (failedCompare) return;
    if (end - low < minimum) {
      const forced = Math.min(low + minimum, n);
      insertionSort(p, low, end, forced);
      end = forced;
    }
    starts.push(low);
    lengths.push(end - low);
    low = end;
    collapse(p, starts, lengths, scratch, false);
  }
  collapse(p, starts, lengths, scratch, true);
}

/** Merge neighbouring runs until their lengths fall steeply enough, or, with `all`, to one run. */
function collapse(
  p: Int32Array,
  starts: number[],
  lengths: number[],
  scratch: Int32Array,
  all: boolean,
): void {
  while (lengths.length > 1 && !failedCompare) {
    const k = lengths.length - 2;
    const deep =
      (k > 0 && lengths[k - 1] <= lengths[k] + lengths[k + 1]) ||
      (k > 1 && lengths[k - 2] <= lengths[k - 1] + lengths[k]);
    let at = k;
    if (deep || all) {
      if (k > 0 && lengths[k - 1] < lengths[k + 1]) at = k - 1;
    } else if (lengths[k] > lengths[k + 1]) {
      return;
    }
    merge(p, starts[at], lengths[at], lengths[at + 1], scratch);
    lengths[at] += lengths[at + 1];
    starts.splice(at + 1, 1);
    lengths.splice(at + 1, 1);
  }
}

/** First place in the sorted `[low, high)` whose item is greater than that of `item`. */
function upperBound(p: Int32Array, item: number, low: number, high: number): number {
  let left = low;
  let right = high;
  while (left < right && !failedCompare) {
    const middle = (left + right) >> 1;
    if (less(item, p[middle])) right = middle;
    else left = middle + 1;
  }
  return left;
}

/** First place in the sorted `[low, high)` whose item is not less than that of `item`. */
function lowerBound(p: Int32Array, item: number, low: number, high: number): number {
  let left = low;
  let right = high;
  while (left < right && !failedCompare) {
    const middle = (left + right) >> 1;
    if (less(p[middle], item)) left = middle + 1;
    else right = middle;
  }
  return left;
}

/** Merge the neighbouring runs of `n` and `m` items at `start`, stably. */
function merge(p: Int32Array, start: number, n: number, m: number, scratch: Int32Array): void {
  const middle = start + n;
  const low = upperBound(p, p[middle], start, middle);
  if (low === middle || failedCompare) return;
  const high = lowerBound(p, p[middle - 1], middle, middle + m);
  if (failedCompare) return;
  if (middle - low <= high - middle) mergeForward(p, low, middle, high, scratch);
  else mergeBackward(p, low, middle, high, scratch);
}

function mergeForward(
  p: Int32Array,
  low: number,
  middle: number,
  high: number,
  scratch: Int32Array,
): void {
  const n = middle - low;
  for (let i = 0; i < n; i++) scratch[i] = p[low + i];
  let a = 0;
  let b = middle;
  let to = low;
  while (a < n && b < high && !failedCompare) {
    if (less(p[b], scratch[a])) p[to++] = p[b++];
    else p[to++] = scratch[a++];
  }
  while (a < n) p[to++] = scratch[a++];
}

function mergeBackward(
  p: Int32Array,
  low: number,
  middle: number,
  high: number,
  scratch: Int32Array,
): void {
  const m = high - middle;
  for (let i = 0; i < m; i++) scratch[i] = p[middle + i];
  let a = middle - 1;
  let b = m - 1;
  let to = high - 1;
  while (a >= low && b >= 0 && !failedCompare) {
    if (less(scratch[b], p[a])) p[to--] = p[a--];
    else p[to--] = scratch[b--];
  }
  while (b >= 0) p[to--] = scratch[b--];
}
