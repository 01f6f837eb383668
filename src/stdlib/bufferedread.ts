/** Reading through a buffer: BufferedReader, and the reading half of BufferedRandom. */
import { type Addr, heap } from "../memory/heap.js";
import { checkArity } from "../object/arguments.js";
import { getAttrOptional } from "../object/attribute.js";
import {
  bufferLength,
  bufferOffset,
  bytesData,
  isBytes,
  newBytesAt,
  newBytesOfLength,
  newEmptyBytes,
  readBuffer,
} from "../object/bytes.js";
import { dataOf, newByteArrayOfLength } from "../object/bytesbuffer.js";
import { call0, callMethod0, callMethod1 } from "../object/call.js";
import { fast, type MethodDef, oneArg } from "../object/define.js";
import { newNone, pending, raise, raiseMemoryError } from "../object/errors.js";
import { decref } from "../object/header.js";
import { asSsize, failed, newInt } from "../object/int.js";
import { Head } from "../object/layout.js";
import { listAppendSteal, newList } from "../object/list.js";
import { copyBytes } from "../object/str.js";
import { S, T } from "../object/types.js";
import {
  ahead,
  Buffered,
  BufferedFlag,
  bufferAt,
  dropAhead,
  enter,
  flushWrites,
  hasFlag,
  isQuiet,
  isUsable,
  leave,
  readRaw,
  readRawAt,
} from "./bufferedio.js";
import { readWholeFile, WOULD_BLOCK } from "./fileio.js";
import { ID, nextByReadline, readOnlySize, readWritable } from "./iobase.js";
import { findLineEnd, Newline } from "./newlines.js";

const I32 = heap.I32;
const U8 = heap.U8;

/** Take `n` bytes that were read ahead. */
function take(self: Addr, n: number): Addr {
  const at = I32[self + Buffered.At];
  const data = newBytesAt(bufferAt(self, at), n);
  if (data !== 0) I32[self + Buffered.At] = at + n;
  return data;
}

/** Read once from below behind what the buffer holds; as readRaw. The caller has the lock. */
function fillRest(self: Addr): number {
  const end = I32[self + Buffered.End];
  const room = I32[self + Buffered.Capacity] - end;
  const n = readRaw(self, I32[self + Buffered.Array], end, room);
  if (n > 0) I32[self + Buffered.End] = end + n;
  return n;
}

/** The same into the empty buffer. */
function fill(self: Addr): number {
  dropAhead(self);
  return fillRest(self);
}

/** Bytes under construction: a bytearray that grows. */
interface Pieces {
  array: Addr;
  length: number;
}

/** Read on until `size` bytes are there or nothing comes; the caller has the lock. */
function readOn(self: Addr, size: number): Addr {
  if (size > U8.length) return raiseMemoryError();
  const array = newByteArrayOfLength(size);
  if (array === 0) return 0;
  const have = ahead(self);
  const capacity = I32[self + Buffered.Capacity];
  copyBytes(dataOf(array), bufferAt(self, I32[self + Buffered.At]), have);
  const pieces: Pieces = { array, length: have };
  dropAhead(self);
  let n = 0;
  while (pieces.length < size) {
    const rest = size - pieces.length;
    // Whole buffers go straight to where they are wanted.
    const direct = rest - (rest % capacity);
    n = direct > 0 ? readRaw(self, array, pieces.length, direct) : fillInto(self, pieces, size);
    if (n <= 0) break;
    if (direct > 0) pieces.length += n;
  }
  let data: Addr = 0;
  if (n === WOULD_BLOCK && pieces.length === 0) data = newNone();
  else if (n !== -1) data = newBytesAt(dataOf(array), pieces.length);
  decref(array);
  return data;
}

function fillInto(self: Addr, pieces: Pieces, size: number): number {
  const start = I32[self + Buffered.End];
  const n = fillRest(self);
  if (n <= 0) return n;
  const used = Math.min(n, size - pieces.length);
  copyBytes(dataOf(pieces.array) + pieces.length, bufferAt(self, start), used);
  I32[self + Buffered.At] = start + used;
  pieces.length += used;
  return n;
}

/** All that is left; the caller has the lock. */
function readAll(self: Addr): Addr {
  const rest = take(self, ahead(self));
  if (rest === 0) return 0;
  dropAhead(self);
  const raw = I32[self + Buffered.Raw];
  let more: Addr;
  if (hasFlag(self, BufferedFlag.File)) more = readWholeFile(raw);
  else {
    const method = getAttrOptional(raw, ID.readall);
    if (method === 0) more = pending() ? 0 : readAllBy(raw);
    else {
      more = call0(method);
      decref(method);
      if (more !== 0 && more !== S.None && !isBytes(more)) {
        decref(more);
        more = raise(T.TypeError, "readall() should return bytes");
      }
    }
  }
  // What the raw stream moved by is not known.
  return joined(self, rest, more);
}

/** `rest + more` (both given away). */
function joined(self: Addr, rest: Addr, more: Addr): Addr {
  readBuffer(rest);
  const [offset, length] = [bufferOffset, bufferLength];
  forgetPosition(self);
  if (more === 0 || length === 0) {
    decref(rest);
    return more;
  }
  if (more === S.None) {
    decref(more);
    return rest;
  }
  readBuffer(more);
  const [moreOffset, moreLength] = [bufferOffset, bufferLength];
  const array = newByteArrayOfLength(length + moreLength);
  let data: Addr = 0;
  if (array !== 0) {
    copyBytes(dataOf(array), offset, length);
    copyBytes(dataOf(array) + length, moreOffset, moreLength);
    data = newBytesAt(dataOf(array), length + moreLength);
    decref(array);
  }
  decref(rest);
  decref(more);
  return data;
}

function forgetPosition(self: Addr): void {
  heap.F64[(self >> 1) + Buffered.RawPositionIndex] = -1;
}

/** All of a raw stream that has no `readall`. */
function readAllBy(raw: Addr): Addr {
  const parts = newList(0);
  let last: Addr = 0;
  while (parts !== 0) {
    last = callMethod0(raw, ID.read);
    if (last === 0 || last === S.None) break;
    if (!isBytes(last)) {
      decref(last);
      last = raise(T.TypeError, "read() should return bytes");
      break;
    }
    readBuffer(last);
    if (bufferLength === 0) break;
    if (listAppendSteal(parts, last) < 0) {
      last = 0;
      break;
    }
  }
  if (parts === 0) return 0;
  const data = last === 0 ? 0 : callMethod1(S.EmptyBytes, ID.join, parts);
  if (last !== 0) decref(last);
  decref(parts);
  return data;
}

/** Do `read` with the lock, and what waits to be written handed down before. */
function alone(self: Addr, read: () => Addr): Addr {
  if (enter(self) < 0) return 0;
  const result = flushWrites(self) < 0 ? 0 : read();
  leave(self);
  return result;
}

/** Up to `size` bytes, all where negative; None when nothing has come. The stream is usable. */
export function readBuffered(self: Addr, size: number): Addr {
  if (!isQuiet(self)) return 0;
  if (size >= 0 && size <= ahead(self)) return take(self, size);
  return alone(self, () => (size < 0 ? readAll(self) : readOn(self, size)));
}

function read(self: Addr, args: Addr, nargs: number): Addr {
  const size = readOnlySize("read", args, nargs);
  if (failed(size)) return 0;
  if (size < -1) return raise(T.ValueError, "read length must be non-negative or -1");
  return isUsable(self, "read of closed file") ? readBuffered(self, size) : 0;
}

/** Largest read that goes straight to a bytes object, which is copied when less comes. */
const MOST_DIRECT = 1 << 16;

/** Read once from a file into a bytes object; the caller has the lock. */
function readDirect(self: Addr, wanted: number): Addr {
  const bytes = newBytesOfLength(Math.max(2, wanted));
  if (bytes === 0) return 0;
  dropAhead(self);
  const n = readRawAt(self, bytesData(bytes), wanted);
  if (n === wanted && n > 1) return bytes;
  const data = n === -1 ? 0 : newBytesAt(bytesData(bytes), Math.max(0, n));
  decref(bytes);
  return data;
}

/** What is there, else what one read gives: up to `size` bytes. The stream is usable. */
export function readOnce(self: Addr, size: number): Addr {
  if (!isQuiet(self)) return 0;
  const wanted = size < 0 ? I32[self + Buffered.Capacity] : size;
  if (wanted === 0) return newEmptyBytes();
  const have = ahead(self);
  if (have > 0) return take(self, Math.min(have, wanted));
  if (hasFlag(self, BufferedFlag.File) && wanted <= MOST_DIRECT) {
    return alone(self, () => readDirect(self, wanted));
  }
  return alone(self, () => {
    const array = wanted > U8.length ? raiseMemoryError() : newByteArrayOfLength(wanted);
    if (array === 0) return 0;
    dropAhead(self);
    const n = readRaw(self, array, 0, wanted);
    const data = n === -1 ? 0 : newBytesAt(dataOf(array), Math.max(0, n));
    decref(array);
    return data;
  });
}

function read1(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("read1", nargs, 0, 1)) return 0;
  const size = nargs === 0 ? -1 : asSsize(I32[args]);
  if (failed(size) || !isUsable(self, "read of closed file")) return 0;
  return readOnce(self, size);
}

function peek(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("peek", nargs, 0, 1)) return 0;
  if (nargs === 1 && failed(asSsize(I32[args]))) return 0;
  if (!isUsable(self, "peek of closed file") || !isQuiet(self)) return 0;
  if (ahead(self) === 0) {
    const done = alone(self, () => (fill(self) === -1 ? 0 : newNone()));
    if (done === 0) return 0;
    decref(done);
  }
  return newBytesAt(bufferAt(self, I32[self + Buffered.At]), ahead(self));
}

/** Read into `buffer` (borrowed), of which `once` takes what one read gives. */
function readInto(self: Addr, buffer: Addr, once: boolean): Addr {
  if (!isUsable(self, "readinto of closed file") || !isQuiet(self)) return 0;
  const name = once ? "readinto1" : "readinto";
  if (!readWritable(name, buffer)) return 0;
  const wanted = bufferLength;
  const have = ahead(self);
  let data: Addr;
  if (have >= wanted || (once && have > 0)) data = take(self, Math.min(have, wanted));
  else if (once) data = readOnce(self, wanted);
  else data = readBuffered(self, wanted);
  if (data === 0 || data === S.None) return data;
  readBuffer(data);
  const [from, n] = [bufferOffset, bufferLength];
  let result: Addr = 0;
  if (readWritable(name, buffer)) {
    U8.copyWithin(bufferOffset, from, from + Math.min(n, bufferLength));
    result = newInt(n);
  }
  decref(data);
  return result;
}

/** Bytes of the next line that are in the buffer with its newline, -1: no newline there. */
function lineAhead(self: Addr, limit: number): number {
  const at = I32[self + Buffered.At];
  const end = I32[self + Buffered.End];
  const stop = limit >= 0 && limit < end - at ? at + limit : end;
  const found = findLineEnd(bufferAt(self, 0), 1, at, stop, Newline.Lf);
  if (found >= 0) return found - at;
  return stop < end || limit === end - at ? limit : -1;
}

/** The next line, at most `limit` bytes of it. The stream is usable. */
function readLine(self: Addr, limit: number): Addr {
  if (!isQuiet(self)) return 0;
  const length = lineAhead(self, limit);
  if (length >= 0) return take(self, length);
  return alone(self, () => lineFromBelow(self, limit));
}

/** The rest of the buffer and what follows below, up to a newline; the caller has the lock. */
function lineFromBelow(self: Addr, limit: number): Addr {
  const parts = newList(0);
  let total = 0;
  while (parts !== 0) {
    const length = lineAhead(self, limit < 0 ? -1 : limit - total);
    const size = length < 0 ? ahead(self) : length;
    const part = take(self, size);
    if (part === 0 || listAppendSteal(parts, part) < 0) {
      decref(parts);
      return 0;
    }
    if (length >= 0) break;
    total += size;
    const n = fill(self);
    if (n === -1) {
      decref(parts);
      return 0;
    }
    if (n <= 0) break;
  }
  if (parts === 0) return 0;
  const line = callMethod1(S.EmptyBytes, ID.join, parts);
  decref(parts);
  return line;
}

function readline(self: Addr, args: Addr, nargs: number): Addr {
  const limit = readOnlySize("readline", args, nargs);
  if (failed(limit) || !isUsable(self, "readline of closed file")) return 0;
  return readLine(self, limit);
}

/** The next line when iterating. */
export function nextBufferedLine(self: Addr): Addr {
  const type = I32[self + Head.Type];
  if (type !== T.BufferedReader && type !== T.BufferedRandom) return nextByReadline(self);
  if (!isUsable(self, "readline of closed file")) return 0;
  const line = readLine(self, -1);
  if (line !== S.EmptyBytes) return line;
  decref(line);
  return 0;
}

/** The reading methods, once for each class. */
export function readingMethods(): MethodDef[] {
  return [
    fast("read", read),
    fast("read1", read1),
    fast("peek", peek),
    oneArg("readinto", (self, buffer) => readInto(self, buffer, false)),
    oneArg("readinto1", (self, buffer) => readInto(self, buffer, true)),
    fast("readline", readline),
  ];
}
