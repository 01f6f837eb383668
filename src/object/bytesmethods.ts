/** Methods of bytes and bytearray that search, split, replace, strip, pad and join. */
import { type Addr, heap } from "../memory/heap.js";
import { fastItems, fastSize, sequenceFast } from "./abstract.js";
import { bindArguments, checkArity } from "./arguments.js";
import { bufferLength, bufferOffset, bytesData, isBytes, readBuffer } from "./bytes.js";
import {
  dataOf,
  needleLength,
  needleOffset,
  newLike,
  newLikeAt,
  newSame,
  readNeedle,
  requireBuffer,
  shareByte,
  sizeOf,
} from "./bytesbuffer.js";
import { fast, keywords, type MethodDef, noArgs, oneArg } from "./define.js";
import { raise, raiseMemoryError, typeName } from "./errors.js";
import { decref, incref } from "./header.js";
import { asSsize, failed, newBool, newInt } from "./int.js";
import { ByteArrayObject, Head, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { listAppendSteal, newList } from "./list.js";
import { isTrue } from "./number.js";
import { copyBytes } from "./str.js";
import { findAllBytes, findBytes, findBytesLast, positions } from "./strsearch.js";
import { reverseItems } from "./strsplit.js";
import {
  checkTakes,
  HUGE_SIZE,
  MAX_HEAP_SIZE,
  rangeStart,
  rangeStop,
  readInt,
  readRange,
  readSsize,
} from "./textarguments.js";
import { newTuple3, tupleFromIterable } from "./tuple.js";
import { S, StaticArea, T } from "./types.js";
import { asciiFlags, CharFlag } from "./unicode.js";

const I32 = heap.I32;
const U8 = heap.U8;

/** First and last occurrence of the needle read last in the range read last; relative, or -1. */
function searchFirst(self: Addr): number {
  const data = dataOf(self);
  if (rangeStop - rangeStart < needleLength) return -1;
  if (needleLength === 0) return rangeStart;
  const at = findBytes(needleOffset, needleLength, data + rangeStart, data + rangeStop);
  return at < 0 ? -1 : at - data;
}

function searchLast(self: Addr): number {
  const data = dataOf(self);
  if (rangeStop - rangeStart < needleLength) return -1;
  if (needleLength === 0) return rangeStop;
  const at = findBytesLast(needleOffset, needleLength, data + rangeStart, data + rangeStop);
  return at < 0 ? -1 : at - data;
}

function searchMethod(name: string, search: (self: Addr) => number, required: boolean): MethodDef {
  return fast(name, (self, args, nargs) => {
    if (!checkTakes(name, nargs, 1, 3)) return 0;
    if (!readRange(args, nargs, 1, sizeOf(self)) || !readNeedle(I32[args])) return 0;
    const at = search(self);
    if (at < 0 && required) return raise(T.ValueError, "subsection not found");
    return newInt(at);
  });
}

function count(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkTakes("count", nargs, 1, 3)) return 0;
  if (!readRange(args, nargs, 1, sizeOf(self)) || !readNeedle(I32[args])) return 0;
  if (rangeStop < rangeStart) return newInt(0);
  if (needleLength === 0) return newInt(rangeStop - rangeStart + 1);
  const data = dataOf(self);
  return newInt(findAllBytes(needleOffset, needleLength, data + rangeStart, data + rangeStop, -1));
}

/** Do the bytes that readBuffer found stand at one end of the range read last? */
function hasAffix(self: Addr, atEnd: boolean): boolean {
  const m = bufferLength;
  if (rangeStop - rangeStart < m) return false;
  const at = dataOf(self) + (atEnd ? rangeStop - m : rangeStart);
  for (let i = 0; i < m; i++) if (U8[at + i] !== U8[bufferOffset + i]) return false;
  return true;
}

function testAffix(self: Addr, args: Addr, nargs: number, name: string, atEnd: boolean): Addr {
  if (!checkTakes(name, nargs, 1, 3)) return 0;
  if (!readRange(args, nargs, 1, sizeOf(self))) return 0;
  const affix = I32[args];
  if (readBuffer(affix)) return newBool(hasAffix(self, atEnd));
  if ((I32[I32[affix + Head.Type] + TypeObject.Flags] & TypeFlag.TupleSubclass) === 0) {
    const message = `${name} first arg must be bytes or a tuple of bytes, not ${typeName(affix)}`;
    return raise(T.TypeError, message);
  }
  for (let i = 0; i < I32[affix + TupleObject.Size]; i++) {
    if (!requireBuffer(I32[affix + TupleObject.Items + 2 * i])) return 0;
    if (hasAffix(self, atEnd)) return newBool(true);
  }
  return newBool(false);
}

function removeAffix(self: Addr, affix: Addr, atEnd: boolean): Addr {
  if (!requireBuffer(affix)) return 0;
  const length = sizeOf(self);
  const m = bufferLength;
  const at = dataOf(self);
  const from = atEnd ? at + length - m : at;
  if (m === 0 || m > length) return newSame(self);
  for (let i = 0; i < m; i++) if (U8[from + i] !== U8[bufferOffset + i]) return newSame(self);
  return newLikeAt(self, atEnd ? at : at + m, length - m);
}

function replace(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("replace", nargs, 2, 3)) return 0;
  if (!requireBuffer(I32[args])) return 0;
  const [old, m] = [bufferOffset, bufferLength];
  if (!requireBuffer(I32[args + 1])) return 0;
  const [replacement, size] = [bufferOffset, bufferLength];
  const limit = readSsize(args, nargs, 2, -1);
  if (failed(limit)) return 0;
  const length = sizeOf(self);
  const data = dataOf(self);
  if (m === 0) return insertBetween(self, replacement, size, limit);
  const n = limit === 0 ? 0 : findAllBytes(old, m, data, data + length, limit);
  if (n === 0) return newSame(self);
  const result = newLike(self, length + n * (size - m));
  if (result === 0) return 0;
  let to = dataOf(result);
  let from = data;
  for (let i = 0; i < n; i++) {
    const at = positions[i];
    copyBytes(to, from, at - from);
    copyBytes(to + at - from, replacement, size);
    to += at - from + size;
    from = at + m;
  }
  copyBytes(to, from, data + length - from);
  return shareByte(result);
}

function insertBetween(self: Addr, replacement: number, size: number, limit: number): Addr {
  const length = sizeOf(self);
  const times = limit < 0 || limit > length + 1 ? length + 1 : limit;
  const result = newLike(self, length + times * size);
  if (result === 0) return 0;
  const data = dataOf(self);
  let to = dataOf(result);
  for (let i = 0; i < times; i++) {
    copyBytes(to, replacement, size);
    to += size;
    if (i < length) U8[to++] = U8[data + i];
  }
  if (times < length) copyBytes(to, data + times, length - times);
  return shareByte(result);
}

/** White space of bytes: unlike str's it lacks the separators 28…31. */
function isByteSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

function stripMethod(name: string, left: boolean, right: boolean): MethodDef {
  return fast(name, (self, args, nargs) => {
    if (!checkArity(name, nargs, 0, 1)) return 0;
    let isMember = isByteSpace;
    if (nargs === 1 && I32[args] !== S.None) {
      if (!requireBuffer(I32[args])) return 0;
      const [offset, length] = [bufferOffset, bufferLength];
      isMember = (byte) => {
        for (let i = 0; i < length; i++) if (U8[offset + i] === byte) return true;
        return false;
      };
    }
    const data = dataOf(self);
    let start = 0;
    let stop = sizeOf(self);
    if (left) while (start < stop && isMember(U8[data + start])) start++;
    if (right) while (stop > start && isMember(U8[data + stop - 1])) stop--;
    if (start === 0 && stop === sizeOf(self)) return newSame(self);
    return newLikeAt(self, data + start, stop - start);
  });
}

function padMethod(name: string): MethodDef {
  return fast(name, (self, args, nargs) => {
    if (!checkArity(name, nargs, 1, 2)) return 0;
    const width = asSsize(I32[args]);
    if (failed(width)) return 0;
    let fill = 0x20;
    if (nargs === 2) {
      if (!readBuffer(I32[args + 1]) || bufferLength !== 1) {
        const found = typeName(I32[args + 1]);
        const message = `${name}() argument 2 must be a byte string of length 1, not ${found}`;
        return raise(T.TypeError, message);
      }
      fill = U8[bufferOffset];
    }
    const length = sizeOf(self);
    const missing = width - length;
    if (missing <= 0) return newSame(self);
    let left = name === "rjust" ? missing : 0;
    if (name === "center") left = Math.floor(missing / 2) + (missing & width & 1);
    const result = newLike(self, width);
    if (result === 0) return 0;
    const to = dataOf(result);
    U8.fill(fill, to, to + width);
    copyBytes(to + left, dataOf(self), length);
    return shareByte(result);
  });
}

function zfill(self: Addr, argument: Addr): Addr {
  const width = asSsize(argument);
  if (failed(width)) return 0;
  const length = sizeOf(self);
  if (width <= length) return newSame(self);
  const result = newLike(self, width);
  if (result === 0) return 0;
  const to = dataOf(result);
  const from = dataOf(self);
  U8.fill(0x30, to, to + width - length);
  copyBytes(to + width - length, from, length);
  if (length > 0 && (U8[from] === 0x2b || U8[from] === 0x2d)) {
    U8[to + width - length] = 0x30;
    U8[to] = U8[from];
  }
  return shareByte(result);
}

const bound = new Int32Array(2);

function expandtabs(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("expandtabs", args, nargs, kwnames, ["tabsize"], 0, bound)) return 0;
  const size = bound[0] === 0 ? 8 : readInt(bound[0]);
  if (failed(size)) return 0;
  const total = expand(self, size, -1);
  if (total > MAX_HEAP_SIZE) return raiseMemoryError();
  const result = newLike(self, total);
  if (result !== 0) expand(self, size, dataOf(result));
  return shareByte(result);
}

/** Write the bytes with tabs expanded to `to`, where that is not negative; their number. */
function expand(self: Addr, size: number, to: number): number {
  const data = dataOf(self);
  let column = 0;
  let total = 0;
  for (let i = 0; i < sizeOf(self); i++) {
    const byte = U8[data + i];
    const spaces = byte !== 9 ? 1 : size > 0 ? size - (column % size) : 0;
    if (to >= 0) U8.fill(byte === 9 ? 0x20 : byte, to + total, to + total + spaces);
    total += spaces;
    column = byte === 10 || byte === 13 ? 0 : column + spaces;
  }
  return total;
}

/** Append a copy of bytes to `list`; the list is dropped on failure. */
function appendPiece(list: Addr, self: Addr, start: number, stop: number): boolean {
  const isWhole = start === 0 && stop === sizeOf(self);
  const piece = isWhole ? newSame(self) : newLikeAt(self, dataOf(self) + start, stop - start);
  if (piece !== 0 && listAppendSteal(list, piece) === 0) return true;
  decref(list);
  return false;
}

function splitSpace(self: Addr, list: Addr, limit: number): Addr {
  const data = dataOf(self);
  const length = sizeOf(self);
  let at = 0;
  for (let n = 0; ; n++) {
    while (at < length && isByteSpace(U8[data + at])) at++;
    if (at === length) return list;
    const start = at;
    if (n === limit) return appendPiece(list, self, start, length) ? list : 0;
    while (at < length && !isByteSpace(U8[data + at])) at++;
    if (!appendPiece(list, self, start, at)) return 0;
  }
}

function rsplitSpace(self: Addr, list: Addr, limit: number): Addr {
  const data = dataOf(self);
  let at = sizeOf(self);
  for (let n = 0; ; n++) {
    while (at > 0 && isByteSpace(U8[data + at - 1])) at--;
    if (at === 0) break;
    const stop = at;
    if (n === limit) at = 0;
    else while (at > 0 && !isByteSpace(U8[data + at - 1])) at--;
    if (!appendPiece(list, self, at, stop)) return 0;
    if (n === limit) break;
  }
  reverseItems(list);
  return list;
}

function splitBy(self: Addr, list: Addr, offset: number, m: number, limit: number): Addr {
  const data = dataOf(self);
  const n = findAllBytes(offset, m, data, data + sizeOf(self), limit);
  let start = 0;
  for (let i = 0; i < n; i++) {
    const at = positions[i] - data;
    if (!appendPiece(list, self, start, at)) return 0;
    start = at + m;
  }
  return appendPiece(list, self, start, sizeOf(self)) ? list : 0;
}

function rsplitBy(self: Addr, list: Addr, offset: number, m: number, limit: number): Addr {
  const data = dataOf(self);
  let stop = sizeOf(self);
  for (let n = 0; n !== limit; n++) {
    const at = findBytesLast(offset, m, data, data + stop);
    if (at < 0) break;
    if (!appendPiece(list, self, at - data + m, stop)) return 0;
    stop = at - data;
  }
  if (!appendPiece(list, self, 0, stop)) return 0;
  reverseItems(list);
  return list;
}

function splitMethod(name: string, fromEnd: boolean): MethodDef {
  const spec = ["sep", "maxsplit"];
  return keywords(name, (self, args, nargs, kwnames) => {
    if (!bindArguments(name, args, nargs, kwnames, spec, 0, bound)) return 0;
    const separator = bound[0] === 0 ? S.None : bound[0];
    const limit = bound[1] === 0 ? -1 : asSsize(bound[1]);
    if (failed(limit)) return 0;
    if (separator !== S.None) {
      if (!requireBuffer(separator)) return 0;
      if (bufferLength === 0) return raise(T.ValueError, "empty separator");
    }
    const [offset, m] = [bufferOffset, bufferLength];
    const list = newList(0);
    if (list === 0) return 0;
    if (separator === S.None) {
      return fromEnd ? rsplitSpace(self, list, limit) : splitSpace(self, list, limit);
    }
    return fromEnd ? rsplitBy(self, list, offset, m, limit) : splitBy(self, list, offset, m, limit);
  });
}

function splitlines(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("splitlines", args, nargs, kwnames, ["keepends"], 0, bound)) return 0;
  const keep = bound[0] === 0 ? 0 : isTrue(bound[0]);
  if (keep < 0) return 0;
  const list = newList(0);
  if (list === 0) return 0;
  const data = dataOf(self);
  const length = sizeOf(self);
  for (let at = 0; at < length; ) {
    const start = at;
    while (at < length && U8[data + at] !== 10 && U8[data + at] !== 13) at++;
    let end = at;
    if (at < length) {
      at += U8[data + at] === 13 && at + 1 < length && U8[data + at + 1] === 10 ? 2 : 1;
      if (keep === 1) end = at;
    }
    if (!appendPiece(list, self, start, end)) return 0;
  }
  return list;
}

function triple(a: Addr, b: Addr, c: Addr): Addr {
  const tuple = a !== 0 && b !== 0 && c !== 0 ? newTuple3(a, b, c) : 0;
  for (const part of [a, b, c]) if (part !== 0) decref(part);
  return tuple;
}

function partitionMethod(name: string, fromEnd: boolean): MethodDef {
  return oneArg(name, (self, separator) => {
    if (!requireBuffer(separator)) return 0;
    const [offset, m] = [bufferOffset, bufferLength];
    if (m === 0) return raise(T.ValueError, "empty separator");
    const data = dataOf(self);
    const stop = data + sizeOf(self);
    const find = fromEnd ? findBytesLast : findBytes;
    const at = find(offset, m, data, stop);
    if (at < 0) {
      const whole = newSame(self);
      const [empty1, empty2] = [newLikeAt(self, 0, 0), newLikeAt(self, 0, 0)];
      return fromEnd ? triple(empty1, empty2, whole) : triple(whole, empty1, empty2);
    }
    const middle =
      I32[self + Head.Type] === T.ByteArray ? newLikeAt(self, offset, m) : incref(separator);
    const head = newLikeAt(self, data, at - data);
    return triple(head, middle, newLikeAt(self, at + m, stop - at - m));
  });
}

/** Does its work while another thread may have the GIL; the vm registers it. */
let unlocked: (work: () => void) => void = (work) => work();

/** Say how to do what touches no counted reference without the GIL. */
export function registerUnlocked(run: (work: () => void) => void): void {
  unlocked = run;
}

/** From this size on a join of bytes objects is copied without the GIL (I22). */
const UNLOCKED_JOIN = 1 << 20;

/** Write the `n` items, two words apart, with the bytes of `self` between them, to offset `to`. */
function copyJoined(self: Addr, items: Addr, n: number, to: number): void {
  const gap = sizeOf(self);
  for (let i = 0; i < n; i++) {
    if (i > 0) {
      copyBytes(to, dataOf(self), gap);
      to += gap;
    }
    readBuffer(I32[items + 2 * i]);
    copyBytes(to, bufferOffset, bufferLength);
    to += bufferLength;
  }
}

/** The same without the GIL: the items are kept alive, whatever becomes of their list. */
function copyUnlocked(self: Addr, list: Addr, n: number, to: number): boolean {
  const kept = tupleFromIterable(list);
  if (kept === 0) return false;
  const resizable = !isBytes(self);
  if (resizable) I32[self + ByteArrayObject.Exports]++;
  unlocked(() => copyJoined(self, fastItems(kept), n, to));
  if (resizable) I32[self + ByteArrayObject.Exports]--;
  decref(kept);
  return true;
}

/** `separator.join(iterable)`. */
function join(self: Addr, iterable: Addr): Addr {
  const list = sequenceFast(iterable, "can only join an iterable");
  if (list === 0) return 0;
  const n = fastSize(list);
  const items = fastItems(list);
  const gap = sizeOf(self);
  let total = n > 1 ? gap * (n - 1) : 0;
  let exact = true;
  for (let i = 0; i < n; i++) {
    const item = I32[items + 2 * i];
    if (!readBuffer(item)) {
      const found = typeName(item);
      decref(list);
      const message = `sequence item ${i}: expected a bytes-like object, ${found} found`;
      return raise(T.TypeError, message);
    }
    total += bufferLength;
    exact &&= I32[item + Head.Type] === T.Bytes;
  }
  if (n === 1 && isBytes(self) && I32[I32[items] + Head.Type] === T.Bytes) {
    const only = incref(I32[items]);
    decref(list);
    return only;
  }
  const result = newLike(self, total);
  if (result !== 0) {
    const to = dataOf(result);
    if (!exact || total < UNLOCKED_JOIN) copyJoined(self, items, n, to);
    else if (!copyUnlocked(self, list, n, to)) {
      decref(list);
      decref(result);
      return 0;
    }
  }
  decref(list);
  return shareByte(result);
}

function flagsOf(byte: number): number {
  return byte < 0x80 ? asciiFlags[byte] : 0;
}

function mapBytes(self: Addr, map: (byte: number, index: number) => number): Addr {
  const length = sizeOf(self);
  const result = newLike(self, length);
  if (result === 0) return 0;
  const from = dataOf(self);
  const to = dataOf(result);
  for (let i = 0; i < length; i++) U8[to + i] = map(U8[from + i], i);
  return shareByte(result);
}

function flip(byte: number, flags: number): number {
  return (flagsOf(byte) & flags) !== 0 ? byte ^ 0x20 : byte;
}

function title(self: Addr): Addr {
  let inWord = false;
  return mapBytes(self, (byte) => {
    const mapped = flip(byte, inWord ? CharFlag.Upper : CharFlag.Lower);
    inWord = (flagsOf(byte) & CharFlag.Alpha) !== 0;
    return mapped;
  });
}

function all(self: Addr, test: (byte: number) => boolean): Addr {
  const data = dataOf(self);
  const length = sizeOf(self);
  for (let i = 0; i < length; i++) if (!test(U8[data + i])) return newBool(false);
  return newBool(length > 0);
}

function allCased(self: Addr, wanted: number, refused: number): Addr {
  let found = false;
  const data = dataOf(self);
  for (let i = 0; i < sizeOf(self); i++) {
    const flags = flagsOf(U8[data + i]);
    if ((flags & refused) !== 0) return newBool(false);
    if ((flags & wanted) !== 0) found = true;
  }
  return newBool(found);
}

function isTitle(self: Addr): Addr {
  let found = false;
  let inWord = false;
  const data = dataOf(self);
  for (let i = 0; i < sizeOf(self); i++) {
    const flags = flagsOf(U8[data + i]) & CharFlag.Alpha;
    if (flags === 0) inWord = false;
    else {
      if (inWord === (flags === CharFlag.Upper)) return newBool(false);
      inWord = true;
      found = true;
    }
  }
  return newBool(found);
}

function isAscii(self: Addr): Addr {
  const data = dataOf(self);
  for (let i = 0; i < sizeOf(self); i++) if (U8[data + i] > 0x7f) return newBool(false);
  return newBool(true);
}

function translate(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("translate", args, nargs, kwnames, ["table", "delete"], 1, bound, 1)) return 0;
  let table = -1;
  if (bound[0] !== S.None) {
    if (!requireBuffer(bound[0])) return 0;
    if (bufferLength !== 256) {
      return raise(T.ValueError, "translation table must be 256 characters long");
    }
    table = bufferOffset;
  }
  const dropped = new Uint8Array(256);
  if (bound[1] !== 0) {
    if (!requireBuffer(bound[1])) return 0;
    for (let i = 0; i < bufferLength; i++) dropped[U8[bufferOffset + i]] = 1;
  }
  const data = dataOf(self);
  const length = sizeOf(self);
  let kept = 0;
  for (let i = 0; i < length; i++) if (dropped[U8[data + i]] === 0) kept++;
  if (kept === length && table < 0) return newSame(self);
  const result = newLike(self, kept);
  if (result === 0) return 0;
  let to = dataOf(result);
  for (let i = 0; i < length; i++) {
    const byte = U8[data + i];
    if (dropped[byte] === 0) U8[to++] = table < 0 ? byte : U8[table + byte];
  }
  return shareByte(result);
}

/** `self * times`. */
export function repeatBytes(self: Addr, times: number): Addr {
  const length = sizeOf(self);
  if (times === 1) return newSame(self);
  const total = times <= 0 ? 0 : length * times;
  if (times >= HUGE_SIZE && length > 1 && isBytes(self)) {
    return raise(T.OverflowError, "repeated bytes are too long");
  }
  if (total > MAX_HEAP_SIZE) return raiseMemoryError();
  const result = newLike(self, total);
  if (result === 0 || total === 0) return result;
  const to = dataOf(result);
  copyBytes(to, dataOf(self), length);
  for (let done = length; done < total; ) {
    const n = Math.min(done, total - done);
    U8.copyWithin(to + done, to, to + n);
    done += n;
  }
  return shareByte(result);
}

/** `left + right` of bytes-like objects; the result is as `left` is. */
export function concatBytes(left: Addr, right: Addr): Addr {
  if (!readBuffer(right)) {
    return raise(T.TypeError, `can't concat ${typeName(right)} to ${typeName(left)}`);
  }
  const [offset, m] = [bufferOffset, bufferLength];
  const length = sizeOf(left);
  if (m === 0 && I32[left + Head.Type] === T.Bytes) return incref(left);
  if (length === 0 && isBytes(left) && I32[right + Head.Type] === T.Bytes) return incref(right);
  const result = newLike(left, length + m);
  if (result === 0) return 0;
  copyBytes(dataOf(result), dataOf(left), length);
  copyBytes(dataOf(result) + length, offset, m);
  return shareByte(result);
}

/** Every `step`th byte from `start` on, `n` of them. */
export function stepBytes(self: Addr, start: number, step: number, n: number): Addr {
  const data = dataOf(self) + start;
  if (step === 1) return newLikeAt(self, data, n);
  const result = newLike(self, n);
  if (result === 0) return 0;
  const to = dataOf(result);
  for (let i = 0; i < n; i++) U8[to + i] = U8[data + i * step];
  return shareByte(result);
}

/** `value in self`; -1 with an exception pending. */
export function containsBytes(self: Addr, value: Addr): number {
  if (I32[I32[value + Head.Type] + TypeObject.Flags] & TypeFlag.IntSubclass) {
    if (!readNeedle(value)) return -1;
  } else {
    if (!requireBuffer(value)) return -1;
    if (!readNeedle(value)) return -1;
  }
  if (needleLength === 0) return 1;
  const data = dataOf(self);
  return findBytes(needleOffset, needleLength, data, data + sizeOf(self)) < 0 ? 0 : 1;
}

/** Byte offset of the shared object of one byte, for searches. */
export function byteData(byte: number): number {
  return bytesData(StaticArea.ByteObjects + byte * 12);
}

/**
 * The methods that bytes and bytearray share. Called once for each, because a method definition
 * belongs to one type.
 */
export function sharedMethods(): MethodDef[] {
  return [
    searchMethod("find", searchFirst, false),
    searchMethod("rfind", searchLast, false),
    searchMethod("index", searchFirst, true),
    searchMethod("rindex", searchLast, true),
    fast("count", count),
    fast("startswith", (self, args, nargs) => testAffix(self, args, nargs, "startswith", false)),
    fast("endswith", (self, args, nargs) => testAffix(self, args, nargs, "endswith", true)),
    oneArg("removeprefix", (self, affix) => removeAffix(self, affix, false)),
    oneArg("removesuffix", (self, affix) => removeAffix(self, affix, true)),
    fast("replace", replace),
    stripMethod("strip", true, true),
    stripMethod("lstrip", true, false),
    stripMethod("rstrip", false, true),
    padMethod("center"),
    padMethod("ljust"),
    padMethod("rjust"),
    oneArg("zfill", zfill),
    keywords("expandtabs", expandtabs),
    splitMethod("split", false),
    splitMethod("rsplit", true),
    keywords("splitlines", splitlines),
    partitionMethod("partition", false),
    partitionMethod("rpartition", true),
    oneArg("join", join),
    keywords("translate", translate),
    noArgs("upper", (self) => mapBytes(self, (byte) => flip(byte, CharFlag.Lower))),
    noArgs("lower", (self) => mapBytes(self, (byte) => flip(byte, CharFlag.Upper))),
    noArgs("swapcase", (self) => mapBytes(self, (byte) => flip(byte, CharFlag.Alpha))),
    noArgs("capitalize", (self) =>
      mapBytes(self, (byte, index) => flip(byte, index === 0 ? CharFlag.Lower : CharFlag.Upper)),
    ),
    noArgs("title", title),
    noArgs("isalpha", (self) => all(self, (byte) => (flagsOf(byte) & CharFlag.Alpha) !== 0)),
    noArgs("isalnum", (self) => all(self, (byte) => (flagsOf(byte) & CharFlag.Alnum) !== 0)),
    noArgs("isdigit", (self) => all(self, (byte) => (flagsOf(byte) & CharFlag.Digit) !== 0)),
    noArgs("isspace", (self) => all(self, isByteSpace)),
    noArgs("islower", (self) => allCased(self, CharFlag.Lower, CharFlag.Upper)),
    noArgs("isupper", (self) => allCased(self, CharFlag.Upper, CharFlag.Lower)),
    noArgs("istitle", isTitle),
    noArgs("isascii", isAscii),
  ];
}
