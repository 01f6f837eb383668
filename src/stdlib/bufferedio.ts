/**
 * What BufferedReader, BufferedWriter and BufferedRandom share: the raw stream below, a buffer, and
 * the lock that admits one thread at a time (I11). The buffer is a bytearray object, because a raw
 * stream in Python is given views of it. While the buffer has bytes to be written it has none that
 * were read ahead, and the reverse.
 *
 *   8 Raw │ 9 Flags   10 Lock │ 11 Owner   12 Array │ 13 Capacity   14 At │ 15 End
 *   16 WriteStart │ 17 WriteEnd   18 RawPosition (a double)
 */
import { type Addr, heap } from "../memory/heap.js";
import { getAttr } from "../object/attribute.js";
import { newBytesAt } from "../object/bytes.js";
import { dataOf, newByteArrayOfLength } from "../object/bytesbuffer.js";
import { callMethod0, callMethod1, callMethod2, callTuple } from "../object/call.js";
import {
  clearPending,
  pending,
  raise,
  raiseException,
  raiseStatus,
  restorePending,
  takePending,
} from "../object/errors.js";
import { setCause, setContext } from "../object/exceptions.js";
import { clearField, decref, incref } from "../object/header.js";
import { asSsize, failed, newInt } from "../object/int.js";
import { ByteArrayObject, Head, TypeObject } from "../object/layout.js";
import { newMemoryView } from "../object/memoryview.js";
import { reprObject } from "../object/repr.js";
import { getString, newStr } from "../object/str.js";
import { newTuple3 } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { File, isFileOpen, readFile, seekFile, WOULD_BLOCK, writeFile } from "./fileio.js";
import { ID, isClosed, Stream } from "./iobase.js";
import { enterStream, unlockStream } from "./streamlock.js";

const I32 = heap.I32;
const F64 = heap.F64;

export const enum Buffered {
  Raw = Stream.First,
  /** Bits of BufferedFlag. */
  Flags = 9,
  Lock = 10,
  /** Identity of the thread that has Lock, 0 while none does. */
  Owner = 11,
  /** The buffer, 0 before `__init__` and after `close`. */
  Array = 12,
  Capacity = 13,
  /** The bytes `[At, End)` of the buffer were read and not asked for yet. */
  At = 14,
  End = 15,
  /** The bytes `[WriteStart, WriteEnd)` of the buffer are to be written. */
  WriteStart = 16,
  WriteEnd = 17,
  /** Index of the raw stream's position in F64, -1 unknown, from half the object's address. */
  RawPositionIndex = 9,
  Size = 96,
}

export const enum BufferedFlag {
  /** `__init__` has succeeded. */
  Ready = 1,
  Detached = 2,
  Readable = 4,
  Writable = 8,
  /** The raw stream is a FileIO itself, no subclass: it is used without calling its methods. */
  File = 16,
}

export function hasFlag(self: Addr, flag: BufferedFlag): boolean {
  return (I32[self + Buffered.Flags] & flag) !== 0;
}

/** Is there a raw stream? Otherwise ValueError is pending. */
export function isReady(self: Addr): boolean {
  const flags = I32[self + Buffered.Flags];
  if ((flags & BufferedFlag.Ready) !== 0) return true;
  const detached = (flags & BufferedFlag.Detached) !== 0;
  raise(
    T.ValueError,
    detached ? "raw stream has been detached" : "I/O operation on uninitialized object",
  );
  return false;
}

/** Is the stream closed? 1, 0, -1. There is a raw stream. */
export function isBufferedClosed(self: Addr): number {
  if (hasFlag(self, BufferedFlag.File)) return isFileOpen(I32[self + Buffered.Raw]) ? 0 : 1;
  return isClosed(I32[self + Buffered.Raw]);
}

/** Is the stream attached and open? If not, an exception is pending: ValueError with `message`. */
export function isUsable(self: Addr, message: string): boolean {
  const quick = BufferedFlag.Ready | BufferedFlag.File;
  if ((I32[self + Buffered.Flags] & quick) === quick && I32[self + Buffered.Array] !== 0) {
    if (I32[I32[self + Buffered.Raw] + File.Fd] >= 0) return true;
  }
  if (!isReady(self)) return false;
  const closed = I32[self + Buffered.Array] === 0 ? 1 : isBufferedClosed(self);
  if (closed > 0) raise(T.ValueError, message);
  return closed === 0;
}

/** Be the only thread inside, whatever is called below; -1 with an exception pending. */
export function enter(self: Addr): number {
  if (enterAnyway(self) < 0) return -1;
  if (I32[self + Buffered.Array] !== 0 && isReady(self)) return 0;
  // Somebody has closed or detached the stream while this thread waited for its turn.
  if (!pending()) raise(T.ValueError, "I/O operation on closed file.");
  leave(self);
  return -1;
}

/** As {@link enter}, for what can be done with a closed stream too. */
export function enterAnyway(self: Addr): number {
  return enterStream(self, self + Buffered.Lock, self + Buffered.Owner);
}

export function leave(self: Addr): void {
  unlockStream(self + Buffered.Lock, self + Buffered.Owner);
}

/**
 * May the buffer be looked at, without the lock: is nobody inside? Else the thread waits for its
 * turn; false with an exception pending. Holds until the GIL is dropped.
 */
export function isQuiet(self: Addr): boolean {
  if (I32[self + Buffered.Owner] === 0) return true;
  if (enter(self) < 0) return false;
  leave(self);
  return true;
}

/** Byte offset in the heap of byte `at` of the buffer. */
export function bufferAt(self: Addr, at: number): number {
  // Nobody cuts off the front of this bytearray.
  return (I32[I32[self + Buffered.Array] + ByteArrayObject.Buffer] << 2) + at;
}

/** Bytes that were read ahead. */
export function ahead(self: Addr): number {
  return I32[self + Buffered.End] - I32[self + Buffered.At];
}

function rawPosition(self: Addr): number {
  return F64[(self >> 1) + Buffered.RawPositionIndex];
}

function setRawPosition(self: Addr, position: number): void {
  F64[(self >> 1) + Buffered.RawPositionIndex] = position;
}

/** Note that the raw stream has moved by `n` bytes. */
function advance(self: Addr, n: number): void {
  const position = rawPosition(self);
  if (position >= 0) setRawPosition(self, position + n);
}

/** Forget what was read ahead. */
export function dropAhead(self: Addr): void {
  I32[self + Buffered.At] = I32[self + Buffered.End] = 0;
}

/** Start over with `raw`, which is borrowed. -1 with an exception pending. */
export function setUp(self: Addr, raw: Addr, size: number, flags: number): number {
  if (size <= 0) return raiseStatus(T.ValueError, "buffer size must be strictly positive");
  const array = newByteArrayOfLength(size);
  if (array === 0) return -1;
  clearField(self + Buffered.Array);
  I32[self + Buffered.Array] = array;
  I32[self + Buffered.Capacity] = size;
  I32[self + Buffered.Flags] = flags;
  const old = I32[self + Buffered.Raw];
  I32[self + Buffered.Raw] = incref(raw);
  if (old !== 0) decref(old);
  if (I32[raw + Head.Type] === T.FileIO) I32[self + Buffered.Flags] |= BufferedFlag.File;
  dropAhead(self);
  I32[self + Buffered.WriteStart] = I32[self + Buffered.WriteEnd] = 0;
  // Asked for now, as CPython does (I8); a stream that cannot tell has no position.
  if (Number.isNaN(tellRaw(self))) clearPending();
  I32[self + Buffered.Flags] |= BufferedFlag.Ready;
  return 0;
}

/** An integer that a raw stream gave back (given away); NaN with an exception pending. */
function takeNumber(value: Addr): number {
  if (value === 0) return Number.NaN;
  const n = asSsize(value);
  decref(value);
  return n;
}

/** The raw stream's position, asked for: NaN with an exception pending. */
export function tellRaw(self: Addr): number {
  const raw = I32[self + Buffered.Raw];
  setRawPosition(self, -1);
  const isFile = hasFlag(self, BufferedFlag.File);
  const position = isFile ? seekFile(raw, 0, 1) : takeNumber(callMethod0(raw, ID.tell));
  return keepPosition(self, position);
}

function keepPosition(self: Addr, position: number): number {
  if (position < 0) {
    const text = `Raw stream returned invalid position ${position}`;
    raise(T.OSError, text);
    return Number.NaN;
  }
  setRawPosition(self, Number.isNaN(position) ? -1 : position);
  return position;
}

/** The raw stream's position as far as it is known, else asked for. */
export function knownPosition(self: Addr): number {
  const position = rawPosition(self);
  return position >= 0 ? position : tellRaw(self);
}

/** Move the raw stream: its new position, NaN with an exception pending. */
export function seekRaw(self: Addr, offset: number, whence: number): number {
  const raw = I32[self + Buffered.Raw];
  setRawPosition(self, -1);
  if (hasFlag(self, BufferedFlag.File)) {
    return keepPosition(self, seekFile(raw, offset, whence));
  }
  const [target, from] = [newInt(offset), newInt(whence)];
  const result = target === 0 || from === 0 ? 0 : callMethod2(raw, ID.seek, target, from);
  if (target !== 0) decref(target);
  if (from !== 0) decref(from);
  return keepPosition(self, takeNumber(result));
}

/**
 * What a method of the raw stream said about `length` bytes (given away): how many,
 * {@link WOULD_BLOCK} for None, -1 with an exception pending.
 */
function transferred(result: Addr, method: string, length: number): number {
  if (result === 0) return -1;
  if (result === S.None) {
    decref(result);
    return WOULD_BLOCK;
  }
  const n = takeNumber(result);
  if (failed(n)) {
    const cause = takePending();
    raise(T.OSError, `raw ${method}() failed`);
    const error = takePending();
    setCause(error, cause);
    setContext(error, incref(cause));
    restorePending(error);
    return -1;
  }
  if (n >= 0 && n <= length) return n;
  const range = `(should have been between 0 and ${length})`;
  return raiseStatus(T.OSError, `raw ${method}() returned invalid length ${n} ${range}`);
}

/** Read once from the file below to byte offset `offset` of the heap; as {@link readRaw}. */
export function readRawAt(self: Addr, offset: number, length: number): number {
  const n = readFile(I32[self + Buffered.Raw], offset, length);
  if (n > 0) advance(self, n);
  return n;
}

/**
 * Read once from below into bytes `[from, from + length)` of the bytearray `array`: how many,
 * {@link WOULD_BLOCK}, -1 with an exception pending. The caller has the lock.
 */
export function readRaw(self: Addr, array: Addr, from: number, length: number): number {
  const raw = I32[self + Buffered.Raw];
  if (hasFlag(self, BufferedFlag.File)) return readRawAt(self, dataOf(array) + from, length);
  const view = newMemoryView(array, from, length);
  if (view === 0) return -1;
  const result = callMethod1(raw, ID.readinto, view);
  decref(view);
  const n = transferred(result, "readinto", length);
  if (n > 0) advance(self, n);
  return n;
}

/** Write once from byte offset `offset` of the heap to below; as {@link readRaw}. */
export function writeRaw(self: Addr, offset: number, length: number): number {
  const raw = I32[self + Buffered.Raw];
  let n: number;
  if (hasFlag(self, BufferedFlag.File)) n = writeFile(raw, offset, length);
  else {
    const data = newBytesAt(offset, length);
    const view = data === 0 ? 0 : newMemoryView(data, 0, length);
    if (data !== 0) decref(data);
    if (view === 0) return -1;
    const result = callMethod1(raw, ID.write, view);
    decref(view);
    n = transferred(result, "write", length);
  }
  if (n > 0) advance(self, n);
  return n;
}

/** Raise BlockingIOError: `written` bytes of the caller's went through. */
export function raiseWouldBlock(self: Addr, written: number): -1 {
  const parts = [
    // Only a file says why.
    newInt(hasFlag(self, BufferedFlag.File) ? EAGAIN : 0),
    newStr("write could not complete without blocking"),
    newInt(written),
  ];
  const args = parts.includes(0) ? 0 : newTuple3(parts[0], parts[1], parts[2]);
  for (const part of parts) if (part !== 0) decref(part);
  if (args === 0) return -1;
  const error = callTuple(T.BlockingIOError, args, 0);
  decref(args);
  if (error !== 0) raiseException(error);
  return -1;
}

const EAGAIN = 11;

/** Hand down what waits to be written. The caller has the lock; -1 with an exception pending. */
export function flushWrites(self: Addr): number {
  while (I32[self + Buffered.WriteStart] < I32[self + Buffered.WriteEnd]) {
    const start = I32[self + Buffered.WriteStart];
    const length = I32[self + Buffered.WriteEnd] - start;
    const n = writeRaw(self, bufferAt(self, start), length);
    if (n === WOULD_BLOCK) return raiseWouldBlock(self, 0);
    if (n < 0) return -1;
    I32[self + Buffered.WriteStart] = start + n;
  }
  I32[self + Buffered.WriteStart] = I32[self + Buffered.WriteEnd] = 0;
  return 0;
}

/**
 * Hand down what waits, and put the raw stream where the reader is: then it is where the program
 * thinks it is. -1 with an exception pending.
 */
export function settle(self: Addr): number {
  if (flushWrites(self) < 0) return -1;
  const rest = ahead(self);
  if (rest === 0) return 0;
  const position = seekRaw(self, -rest, 1);
  dropAhead(self);
  return Number.isNaN(position) ? -1 : 0;
}

/** `<_io.BufferedReader name='…'>`. */
export function reprBuffered(self: Addr): Addr {
  const type = I32[self + Head.Type];
  const who = `${getString(I32[type + TypeObject.Module])}.${getString(I32[type + TypeObject.QualName])}`;
  const name = getAttr(self, ID.name);
  if (name === 0) {
    clearPending();
    return newStr(`<${who}>`);
  }
  const text = reprObject(name);
  decref(name);
  if (text === 0) return 0;
  const shown = getString(text);
  decref(text);
  return pending() ? 0 : newStr(`<${who} name=${shown}>`);
}
