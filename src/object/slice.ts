/** slice objects, and the adjustment of slice bounds that all sequences use. */
import { type Addr, heap } from "../memory/heap.js";
import { raise } from "./errors.js";
import { newGcObject, track } from "./gcheader.js";
import { incref } from "./header.js";
import { asIndex, isInt } from "./int.js";
import { Head, IntObject, SliceObject } from "./layout.js";
import { slotsOf } from "./slots.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

/** Results of {@link sliceBounds}: first index, step and number of items. */
export let sliceStart = 0;
export let sliceStep = 1;
export let sliceLength = 0;
/** The adjusted stop (slice.indices), and start and step as written. */
export let sliceStop = 0;

/** `slice(start, stop, step)` of borrowed values; 0 stands for None. */
export function newSlice(start: Addr, stop: Addr, step: Addr): Addr {
  const slice = newGcObject(T.Slice, SliceObject.Bytes);
  if (slice === 0) return 0;
  I32[slice + SliceObject.Start] = incref(start === 0 ? S.None : start);
  I32[slice + SliceObject.Stop] = incref(stop === 0 ? S.None : stop);
  I32[slice + SliceObject.Step] = incref(step === 0 ? S.None : step);
  track(slice);
  return slice;
}

/** A bound of a slice: NaN with an exception pending. */
function boundOf(value: Addr): number {
  if (I32[value + Head.Type] === T.Int) {
    const compact = I32[value + IntObject.Value];
    if (compact !== IntObject.NotCompact) return compact;
  }
  if (!isInt(value) && slotsOf(I32[value + Head.Type]).index === null) {
    raise(T.TypeError, "slice indices must be integers or None or have an __index__ method");
    return Number.NaN;
  }
  return asIndex(value);
}

/**
 * Adjust `slice` to a sequence of `size` items: sets sliceStart, sliceStep, sliceLength (and
 * sliceStop). False with an exception pending. Callers copy the results before running anything.
 */
export function sliceBounds(slice: Addr, size: number): boolean {
  let step = 1;
  if (I32[slice + SliceObject.Step] !== S.None) {
    step = boundOf(I32[slice + SliceObject.Step]);
    if (Number.isNaN(step)) return false;
    if (step === 0) {
      raise(T.ValueError, "slice step cannot be zero");
      return false;
    }
  }
  const backward = step < 0;
  let start = backward ? size - 1 : 0;
  let stop = backward ? -1 : size;
  if (I32[slice + SliceObject.Start] !== S.None) {
    start = boundOf(I32[slice + SliceObject.Start]);
    if (Number.isNaN(start)) return false;
    start = clampBound(start, size, backward);
  }
  if (I32[slice + SliceObject.Stop] !== S.None) {
    stop = boundOf(I32[slice + SliceObject.Stop]);
    if (Number.isNaN(stop)) return false;
    stop = clampBound(stop, size, backward);
  }
  sliceStart = start;
  sliceStop = stop;
  sliceStep = step;
  if (backward) sliceLength = stop < start ? Math.floor((start - stop - 1) / -step) + 1 : 0;
  else if (step === 1) sliceLength = start < stop ? stop - start : 0;
  else sliceLength = start < stop ? Math.floor((stop - start - 1) / step) + 1 : 0;
  return true;
}

function clampBound(bound: number, size: number, backward: boolean): number {
  let at = bound;
  if (at < 0) {
    at += size;
    if (at < 0) return backward ? -1 : 0;
    return at;
  }
  if (at >= size) at = backward ? size - 1 : size;
  return at;
}
