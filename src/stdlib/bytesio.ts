/**
 * io.BytesIO: a stream over a bytearray of its own. `getbuffer` is a view of it, which keeps the
 * size from changing while it lives. Never drops the GIL (I12).
 *
 *   8 Array │ 9 –   10 Position (a double)
 */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { resizeByteArray } from "../object/bytearray.js";
import { bufferLength, bufferOffset, newBytesAt, readBuffer } from "../object/bytes.js";
import { dataOf, newByteArrayOfLength, sizeOf } from "../object/bytesbuffer.js";
import { fast, getSet, noArgs, oneArg } from "../object/define.js";
import {
  newNone,
  pending,
  raise,
  raiseMemoryError,
  raiseStatus,
  typeName,
} from "../object/errors.js";
import { clearField, decref, incref } from "../object/header.js";
import { newObjectOf } from "../object/instance.js";
import { asInt32, asSsize, failed, newBool, newInt } from "../object/int.js";
import { ByteArrayObject, TupleObject } from "../object/layout.js";
import { listAppendSteal, newList } from "../object/list.js";
import { newMemoryView } from "../object/memoryview.js";
import { copyBytes } from "../object/str.js";
import { newTuple3 } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import {
  defineStream,
  isStreamState,
  readOnlySize,
  readSize,
  readWritable,
  Stream,
  setStreamDict,
} from "./iobase.js";
import { findLineEnd, Newline } from "./newlines.js";

const I32 = heap.I32;
const F64 = heap.F64;
const U8 = heap.U8;

const enum Bytes {
  Array = Stream.First,
  /** Index of the double in F64 from half the object's address. */
  PositionIndex = 5,
  Size = 48,
}

/** No heap holds more bytes. */
const MOST = 0x7fffffff;

function positionOf(self: Addr): number {
  return F64[(self >> 1) + Bytes.PositionIndex];
}

function setPosition(self: Addr, position: number): void {
  F64[(self >> 1) + Bytes.PositionIndex] = position;
}

/** Is the stream open? Otherwise ValueError is pending. */
function isOpen(self: Addr): boolean {
  if (I32[self + Bytes.Array] !== 0) return true;
  raise(T.ValueError, "I/O operation on closed file.");
  return false;
}

/** Is it open, and no view looks at its bytes? */
function mayChange(self: Addr): boolean {
  if (!isOpen(self)) return false;
  if (I32[I32[self + Bytes.Array] + ByteArrayObject.Exports] === 0) return true;
  raise(T.BufferError, "Existing exports of data: object cannot be re-sized");
  return false;
}

function newStream(type: Addr): Addr {
  const array = newByteArrayOfLength(0);
  if (array === 0) return 0;
  const self = newObjectOf(type);
  if (self === 0) decref(array);
  else I32[self + Bytes.Array] = array;
  return self;
}

const given = new Int32Array(1);

function init(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (!bindArguments("BytesIO", args, nargs, kwnames, ["initial_bytes"], 0, given)) return -1;
  const initial = given[0];
  if (I32[self + Bytes.Array] === 0) {
    I32[self + Bytes.Array] = newByteArrayOfLength(0);
    if (I32[self + Bytes.Array] === 0) return -1;
  }
  if (!mayChange(self) || resizeByteArray(I32[self + Bytes.Array], 0) < 0) return -1;
  setPosition(self, 0);
  if (initial === 0 || initial === S.None) return 0;
  if (writeBytes(self, initial) < 0) return -1;
  setPosition(self, 0);
  return 0;
}

/** Write the bytes of `data` at the position: how many, or -1 with an exception pending. */
function writeBytes(self: Addr, data: Addr): number {
  if (!mayChange(self)) return -1;
  if (!readBuffer(data)) {
    if (pending()) return -1;
    return raiseStatus(T.TypeError, `a bytes-like object is required, not '${typeName(data)}'`);
  }
  return putBytes(self, bufferOffset, bufferLength);
}

/** Write `n` bytes from byte offset `offset` of the heap. */
function putBytes(self: Addr, offset: number, n: number): number {
  if (n === 0) return 0;
  const array = I32[self + Bytes.Array];
  const position = positionOf(self);
  const size = sizeOf(array);
  const end = position + n;
  if (end > size) {
    if (end > MOST) {
      raiseMemoryError();
      return -1;
    }
    if (resizeByteArray(array, end) < 0) return -1;
    if (position > size) U8.fill(0, dataOf(array) + size, dataOf(array) + position);
  }
  copyBytes((I32[array + ByteArrayObject.Buffer] << 2) + position, offset, n);
  setPosition(self, end);
  return n;
}

function write(self: Addr, data: Addr): Addr {
  const n = writeBytes(self, data);
  return n < 0 ? 0 : newInt(n);
}

/** Take up to `limit` (negative: all) bytes; the stream is open. */
export function takeFromBytesIO(self: Addr, limit: number): Addr {
  const array = I32[self + Bytes.Array];
  const position = positionOf(self);
  const left = Math.max(0, sizeOf(array) - position);
  const n = limit < 0 || limit > left ? left : limit;
  if (n === 0) return newBytesAt(0, 0);
  setPosition(self, position + n);
  return newBytesAt(dataOf(array) + position, n);
}

/** Write to a BytesIO from the heap; -1 with an exception pending. */
export function writeToBytesIO(self: Addr, offset: number, n: number): number {
  return mayChange(self) ? putBytes(self, offset, n) : -1;
}

function read(name: string) {
  return fast(name, (self, args, nargs) => {
    const size = readOnlySize(name, args, nargs);
    return failed(size) || !isOpen(self) ? 0 : takeFromBytesIO(self, size);
  });
}

/** Bytes of the next line, its newline included, at most `limit`. */
function lineLength(self: Addr, limit: number): number {
  const array = I32[self + Bytes.Array];
  const [position, size] = [positionOf(self), sizeOf(array)];
  if (position >= size) return 0;
  const stop = limit < 0 ? size : Math.min(size, position + limit);
  const end = findLineEnd(dataOf(array), 1, position, stop, Newline.Lf);
  return (end < 0 ? stop : end) - position;
}

function readline(self: Addr, args: Addr, nargs: number): Addr {
  const limit = readOnlySize("readline", args, nargs);
  if (failed(limit) || !isOpen(self)) return 0;
  return takeFromBytesIO(self, lineLength(self, limit));
}

function nextLine(self: Addr): Addr {
  if (!isOpen(self)) return 0;
  const n = lineLength(self, -1);
  return n === 0 ? 0 : takeFromBytesIO(self, n);
}

function readlines(self: Addr, args: Addr, nargs: number): Addr {
  const hint = readOnlySize("readlines", args, nargs);
  if (failed(hint) || !isOpen(self)) return 0;
  const lines = newList(0);
  let total = 0;
  while (lines !== 0) {
    const n = lineLength(self, -1);
    if (n === 0) break;
    const line = takeFromBytesIO(self, n);
    if (line === 0 || listAppendSteal(lines, line) < 0) {
      decref(lines);
      return 0;
    }
    total += n;
    if (hint > 0 && total >= hint) break;
  }
  return lines;
}

function readinto(self: Addr, buffer: Addr): Addr {
  if (!readWritable("readinto", buffer) || !isOpen(self)) return 0;
  const array = I32[self + Bytes.Array];
  const position = positionOf(self);
  const n = Math.min(bufferLength, Math.max(0, sizeOf(array) - position));
  if (n > 0) {
    U8.copyWithin(bufferOffset, dataOf(array) + position, dataOf(array) + position + n);
    setPosition(self, position + n);
  }
  return newInt(n);
}

function seek(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("seek", nargs, 1, 2)) return 0;
  const offset = asSsize(I32[args]);
  const whence = failed(offset) || nargs < 2 ? 0 : asInt32(I32[args + 1]);
  if (failed(offset) || Number.isNaN(whence) || !isOpen(self)) return 0;
  if (whence < 0 || whence > 2) {
    return raise(T.ValueError, `invalid whence (${whence}, should be 0, 1 or 2)`);
  }
  if (offset < 0 && whence === 0) return raise(T.ValueError, `negative seek value ${offset}`);
  const from = whence === 0 ? 0 : whence === 1 ? positionOf(self) : sizeOf(I32[self + Bytes.Array]);
  const position = Math.max(0, from + offset);
  setPosition(self, position);
  return newInt(position);
}

function truncate(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("truncate", nargs, 0, 1)) return 0;
  const given = readSize(args, nargs);
  if (failed(given) || !mayChange(self)) return 0;
  const size = nargs === 0 || I32[args] === S.None ? positionOf(self) : given;
  if (size < 0) return raise(T.ValueError, `negative size value ${size}`);
  const array = I32[self + Bytes.Array];
  if (size < sizeOf(array) && resizeByteArray(array, size) < 0) return 0;
  return newInt(size);
}

function close(self: Addr): Addr {
  if (I32[self + Bytes.Array] === 0) return newNone();
  if (!mayChange(self)) return 0;
  clearField(self + Bytes.Array);
  return newNone();
}

function getvalue(self: Addr): Addr {
  if (!isOpen(self)) return 0;
  const array = I32[self + Bytes.Array];
  return newBytesAt(dataOf(array), sizeOf(array));
}

/** `__getstate__`: the bytes, the position, and the attributes. */
function getState(self: Addr): Addr {
  const value = getvalue(self);
  const position = value === 0 ? 0 : newInt(positionOf(self));
  const dict = I32[self + Stream.Dict] === 0 ? S.None : I32[self + Stream.Dict];
  const state = position === 0 ? 0 : newTuple3(value, position, dict);
  if (value !== 0) decref(value);
  if (position !== 0) decref(position);
  return state;
}

function setState(self: Addr, state: Addr): Addr {
  if (!isStreamState(self, state, 3)) return 0;
  const items = state + TupleObject.Items;
  const position = asSsize(I32[items + 2]);
  if (failed(position)) return 0;
  if (position < 0) return raise(T.ValueError, "position value cannot be negative");
  if (!mayChange(self) || resizeByteArray(I32[self + Bytes.Array], 0) < 0) return 0;
  setPosition(self, 0);
  if (writeBytes(self, I32[items]) < 0) return 0;
  setPosition(self, position);
  return setStreamDict(self, I32[items + 4]) < 0 ? 0 : newNone();
}

function openAnd(name: string, result: () => Addr) {
  return noArgs(name, (self) => (isOpen(self) ? result() : 0));
}

defineStream({
  type: T.BytesIO,
  name: "_io.BytesIO",
  base: T.BufferedIOBase,
  bytes: Bytes.Size,
  references: [Bytes.Array],
  slots: {
    new: newStream,
    init,
    iter: incref,
    iterNext: nextLine,
  },
  methods: [
    openAnd("readable", () => newBool(true)),
    openAnd("writable", () => newBool(true)),
    openAnd("seekable", () => newBool(true)),
    openAnd("isatty", () => newBool(false)),
    openAnd("flush", newNone),
    noArgs("close", close),
    noArgs("tell", (self) => (isOpen(self) ? newInt(positionOf(self)) : 0)),
    noArgs("getvalue", getvalue),
    noArgs("getbuffer", (self) =>
      isOpen(self) ? newMemoryView(I32[self + Bytes.Array], 0, sizeOf(I32[self + Bytes.Array])) : 0,
    ),
    read("read"),
    read("read1"),
    fast("readline", readline),
    fast("readlines", readlines),
    oneArg("readinto", readinto),
    oneArg("write", write),
    fast("seek", seek),
    fast("truncate", truncate),
    noArgs("__getstate__", getState),
    oneArg("__setstate__", setState),
  ],
  getSets: [getSet("closed", (self) => newBool(I32[self + Bytes.Array] === 0))],
  doc: "Buffered I/O implementation using an in-memory bytes buffer.",
});
