/**
 * Searching in code points and bytes. All searches run on heap views; what they find is returned
 * as an index or left in {@link positions}, so that nothing is allocated.
 */
import { type Addr, heap } from "../memory/heap.js";
import { StrObject } from "./layout.js";
import { StrForm } from "./str.js";

const I32 = heap.I32;
const U16 = heap.U16;
const U8 = heap.U8;

type View = Uint8Array | Uint16Array | Int32Array;

/** Shorter texts are scanned in place; longer ones by the view's own indexOf. */
const LONG_SCAN = 512;

/** Where {@link findAll} found its needles; valid until the next call. */
export let positions = new Int32Array(256);

/** The first `byte` in the bytes `[start, stop)` of the heap, or -1. */
function findByte(byte: number, start: number, stop: number): number {
  if (stop - start > LONG_SCAN) {
    const index = U8.subarray(start, stop).indexOf(byte);
    return index < 0 ? -1 : start + index;
  }
  for (let i = start; i < stop; i++) if (U8[i] === byte) return i;
  return -1;
}

/**
 * The first occurrence of the `m` bytes at `needle` within the bytes `[start, stop)`, or -1: the
 * last byte is compared first, and a window followed by a byte that the needle lacks is skipped
 * whole (D. M. Sunday, "A very fast substring search algorithm", 1990, with a 32-bit set).
 */
export function findBytes(needle: number, m: number, start: number, stop: number): number {
  if (m === 1) return findByte(U8[needle], start, stop);
  const last = U8[needle + m - 1];
  let set = 0;
  for (let i = 0; i < m; i++) set |= 1 << (U8[needle + i] & 31);
  for (let at = start; at + m <= stop; ) {
    if (U8[at + m - 1] === last) {
      let i = 0;
      while (i < m - 1 && U8[at + i] === U8[needle + i]) i++;
      if (i === m - 1) return at;
    }
    const next = at + m;
    at += next < stop && ((set >>> (U8[next] & 31)) & 1) === 0 ? m + 1 : 1;
  }
  return -1;
}

/** The last occurrence of the `m` bytes at `needle` within the bytes `[start, stop)`, or -1. */
export function findBytesLast(needle: number, m: number, start: number, stop: number): number {
  const first = U8[needle];
  for (let at = stop - m; at >= start; at--) {
    if (U8[at] !== first) continue;
    let i = 1;
    while (i < m && U8[at + i] === U8[needle + i]) i++;
    if (i === m) return at;
  }
  return -1;
}

function viewOf(str: Addr): View {
  const width = I32[str + StrObject.State] & StrObject.WidthMask;
  return width === 1 ? U8 : width === 2 ? U16 : I32;
}

/** Index of the first code point of `str` in its view. */
function originOf(str: Addr): number {
  const width = I32[str + StrObject.State] & StrObject.WidthMask;
  return I32[str + StrObject.Data] >> (width >> 1);
}

/** Can a text of the form `state` contain one of form `needleState`? */
function mayContain(state: number, needleState: number): boolean {
  const width = state & StrObject.WidthMask;
  const needleWidth = needleState & StrObject.WidthMask;
  if (width !== needleWidth) return width > needleWidth;
  return (state & StrObject.Ascii) === 0 || (needleState & StrObject.Ascii) !== 0;
}

/** Does `needle` stand at index `at` of `str`? The range must lie inside. */
export function matchesAt(str: Addr, at: number, needle: Addr): boolean {
  if (!mayContain(I32[str + StrObject.State], I32[needle + StrObject.State])) return false;
  const view = viewOf(str);
  const needleView = viewOf(needle);
  const origin = originOf(str) + at;
  const needleOrigin = originOf(needle);
  const m = I32[needle + StrObject.Length];
  for (let i = 0; i < m; i++) if (view[origin + i] !== needleView[needleOrigin + i]) return false;
  return true;
}

/** Index of the first `needle` in code points `[start, stop)` of `str`, or -1. */
export function findStr(str: Addr, needle: Addr, start: number, stop: number): number {
  const m = I32[needle + StrObject.Length];
  if (stop - start < m) return -1;
  if (m === 0) return start;
  const state = I32[str + StrObject.State];
  const needleState = I32[needle + StrObject.State];
  if (!mayContain(state, needleState)) return -1;
  if ((state & StrObject.WidthMask) === 1) {
    const data = I32[str + StrObject.Data];
    const found = findBytes(I32[needle + StrObject.Data], m, data + start, data + stop);
    return found < 0 ? -1 : found - data;
  }
  const view = viewOf(str);
  const needleView = viewOf(needle);
  const origin = originOf(str);
  const needleOrigin = originOf(needle);
  const first = needleView[needleOrigin];
  for (let at = start; at + m <= stop; at++) {
    if (view[origin + at] !== first) continue;
    let i = 1;
    while (i < m && view[origin + at + i] === needleView[needleOrigin + i]) i++;
    if (i === m) return at;
  }
  return -1;
}

/** Index of the last `needle` in code points `[start, stop)` of `str`, or -1. */
export function findStrLast(str: Addr, needle: Addr, start: number, stop: number): number {
  const m = I32[needle + StrObject.Length];
  if (stop - start < m) return -1;
  if (m === 0) return stop;
  if (!mayContain(I32[str + StrObject.State], I32[needle + StrObject.State])) return -1;
  const view = viewOf(str);
  const needleView = viewOf(needle);
  const origin = originOf(str);
  const needleOrigin = originOf(needle);
  const first = needleView[needleOrigin];
  for (let at = stop - m; at >= start; at--) {
    if (view[origin + at] !== first) continue;
    let i = 1;
    while (i < m && view[origin + at + i] === needleView[needleOrigin + i]) i++;
    if (i === m) return at;
  }
  return -1;
}

function record(count: number, position: number): void {
  if (count === positions.length) {
    const grown = new Int32Array(2 * count);
    grown.set(positions);
    positions = grown;
  }
  positions[count] = position;
}

/** Most places {@link findAll} keeps between calls: a huge search does not pin its memory. */
const KEPT_PLACES = 1 << 20;

function shrinkPositions(): void {
  if (positions.length > KEPT_PLACES) positions = new Int32Array(256);
}

/**
 * The starts of the non-overlapping occurrences of `needle` (not empty) in `[start, stop)`, at
 * most `limit` of them (negative: all), into {@link positions}; returns their number.
 */
export function findAll(
  str: Addr,
  needle: Addr,
  start: number,
  stop: number,
  limit: number,
): number {
  shrinkPositions();
  const m = I32[needle + StrObject.Length];
  let count = 0;
  if (m === 1 && (I32[str + StrObject.State] & StrObject.WidthMask) === 1) {
    if (!mayContain(I32[str + StrObject.State], I32[needle + StrObject.State])) return 0;
    const data = I32[str + StrObject.Data];
    const byte = U8[I32[needle + StrObject.Data]];
    for (let i = data + start; i < data + stop; i++) {
      if (U8[i] !== byte) continue;
      if (count === limit) break;
      record(count++, i - data);
    }
    return count;
  }
  for (let at = start; count !== limit; ) {
    const found = findStr(str, needle, at, stop);
    if (found < 0) break;
    record(count++, found);
    at = found + m;
  }
  return count;
}

/** As {@link findAll}, over bytes of the heap: positions are byte offsets of the heap. */
export function findAllBytes(
  needle: number,
  m: number,
  start: number,
  stop: number,
  limit: number,
): number {
  shrinkPositions();
  let count = 0;
  for (let at = start; count !== limit; ) {
    const found = findBytes(needle, m, at, stop);
    if (found < 0) break;
    record(count++, found);
    at = found + m;
  }
  return count;
}

/** As {@link findAll}, counting only. */
export function countStr(str: Addr, needle: Addr, start: number, stop: number): number {
  const m = I32[needle + StrObject.Length];
  if (stop < start) return 0;
  if (m === 0) return stop - start + 1;
  let count = 0;
  for (let at = start; ; count++) {
    const found = findStr(str, needle, at, stop);
    if (found < 0) return count;
    at = found + m;
  }
}

/** Is `str` in the ASCII form? */
export function isAsciiStr(str: Addr): boolean {
  return (I32[str + StrObject.State] & StrForm.Mask) === StrForm.Ascii;
}
