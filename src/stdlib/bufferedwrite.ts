/** Writing through a buffer: BufferedWriter, and the writing half of BufferedRandom. */
import { type Addr, heap } from "../memory/heap.js";
import { free, malloc } from "../memory/pymalloc.js";
import { bufferLength, bufferOffset, isBytes, readBuffer } from "../object/bytes.js";
import { noArgs, oneArg } from "../object/define.js";
import {
  clearPendingIf,
  newNone,
  pending,
  raise,
  raiseMemoryError,
  typeName,
} from "../object/errors.js";
import { newInt } from "../object/int.js";
import { copyBytes } from "../object/str.js";
import { T } from "../object/types.js";
import {
  ahead,
  Buffered,
  bufferAt,
  dropAhead,
  enter,
  isQuiet,
  isUsable,
  leave,
  raiseWouldBlock,
  settle,
  writeRaw,
} from "./bufferedio.js";
import { WOULD_BLOCK } from "./fileio.js";

const I32 = heap.I32;
const U8 = heap.U8;

/** Put bytes behind those that wait; there is room. */
function append(self: Addr, offset: number, length: number): void {
  const end = I32[self + Buffered.WriteEnd];
  copyBytes(bufferAt(self, end), offset, length);
  I32[self + Buffered.WriteEnd] = end + length;
}

/** Do `length` bytes go into the buffer without anything having to be done? */
function fits(self: Addr, length: number): boolean {
  if (I32[self + Buffered.Owner] !== 0 || ahead(self) !== 0) return false;
  return length <= I32[self + Buffered.Capacity] - I32[self + Buffered.WriteEnd];
}

/**
 * Write `length` bytes from byte offset `offset` of the heap, where they stay while the GIL is
 * dropped. The stream is usable. How many were taken, or -1 with an exception pending.
 */
export function writeBuffered(self: Addr, offset: number, length: number): number {
  if (!isQuiet(self)) return -1;
  if (ahead(self) === 0) {
    dropAhead(self);
    if (length <= I32[self + Buffered.Capacity] - I32[self + Buffered.WriteEnd]) {
      append(self, offset, length);
      return length;
    }
  }
  if (enter(self) < 0) return -1;
  const n = writeThrough(self, offset, length);
  leave(self);
  return n;
}

/** Hand down what waits, then what does not fit the buffer; the caller has the lock. */
function writeThrough(self: Addr, offset: number, length: number): number {
  if (settle(self) < 0) return clearPendingIf(T.BlockingIOError) ? keep(self, offset, length) : -1;
  const capacity = I32[self + Buffered.Capacity];
  let written = 0;
  while (length - written > capacity) {
    const n = writeRaw(self, offset + written, length - written);
    if (n === WOULD_BLOCK) {
      append(self, offset + written, capacity);
      return raiseWouldBlock(self, written + capacity);
    }
    if (n < 0) return -1;
    written += n;
  }
  append(self, offset + written, length - written);
  return length;
}

/** The raw stream takes nothing at the moment: keep what the buffer has room for. */
function keep(self: Addr, offset: number, length: number): number {
  const start = I32[self + Buffered.WriteStart];
  const waiting = I32[self + Buffered.WriteEnd] - start;
  const data = bufferAt(self, 0);
  U8.copyWithin(data, data + start, data + start + waiting);
  I32[self + Buffered.WriteStart] = 0;
  I32[self + Buffered.WriteEnd] = waiting;
  const room = I32[self + Buffered.Capacity] - waiting;
  append(self, offset, Math.min(room, length));
  return length <= room ? length : raiseWouldBlock(self, room);
}

/** A copy of bytes that others might change while the GIL is dropped. */
function writeCopy(self: Addr, offset: number, length: number): number {
  const block = malloc(Math.max(1, length));
  if (block === 0) {
    raiseMemoryError();
    return -1;
  }
  U8.copyWithin(block << 2, offset, offset + length);
  const n = writeBuffered(self, block << 2, length);
  free(block);
  return n;
}

function write(self: Addr, data: Addr): Addr {
  if (!readBuffer(data)) {
    if (pending()) return 0;
    return raise(T.TypeError, `a bytes-like object is required, not '${typeName(data)}'`);
  }
  if (!isUsable(self, "write to closed file")) return 0;
  readBuffer(data);
  const [offset, length] = [bufferOffset, bufferLength];
  const stays = isBytes(data) || fits(self, length);
  const n = stays ? writeBuffered(self, offset, length) : writeCopy(self, offset, length);
  return n < 0 ? 0 : newInt(n);
}

/** Hand down all that waits; -1 with an exception pending. The stream is usable. */
export function flushBuffered(self: Addr): number {
  if (!isQuiet(self)) return -1;
  if (I32[self + Buffered.WriteEnd] === 0 && ahead(self) === 0) return 0;
  if (enter(self) < 0) return -1;
  const status = settle(self);
  leave(self);
  return status;
}

function flush(self: Addr): Addr {
  return isUsable(self, "flush of closed file") && flushBuffered(self) === 0 ? newNone() : 0;
}

/** The writing methods, once for each class. */
export function writingMethods() {
  return [oneArg("write", write), noArgs("flush", flush)];
}
