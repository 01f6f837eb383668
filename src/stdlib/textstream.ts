/**
 * What io.TextIOWrapper consists of: the buffered stream below, how bytes become text, what has
 * been decoded and not asked for, and what waits to be handed down (I10). No lock of its own: the
 * stream below has one.
 *
 *   8 Buffer │ 9 Flags   10 Encoding │ 11 Newline   12 Errors │ 13 Seen   14 Mode │ 15 Codec
 *   16 Text │ 17 Used   18 Chunk │ 19 ChunkStart   20 Rest │ 21 Order   22 Pending │ 23 PendingUsed
 *   24 PendingRoom │ 25 ChunkSize
 */
import { type Addr, heap } from "../memory/heap.js";
import { free, malloc, realloc } from "../memory/pymalloc.js";
import { bufferLength, bufferOffset, isBytes, newBytesAt, readBuffer } from "../object/bytes.js";
import { dataOf, newByteArrayOfLength } from "../object/bytesbuffer.js";
import { callMethod0, callMethod1 } from "../object/call.js";
import { raise, raiseMemoryError, typeName } from "../object/errors.js";
import { clearField, decref, incref } from "../object/header.js";
import { newInt } from "../object/int.js";
import { Head, StrObject } from "../object/layout.js";
import { copyBytes, getString } from "../object/str.js";
import { type Codec, decodeBytes, encodeToArray } from "../object/strconvert.js";
import { T } from "../object/types.js";
import { Buffered, BufferedFlag, isUsable } from "./bufferedio.js";
import { readBuffered, readOnce } from "./bufferedread.js";
import { writeBuffered } from "./bufferedwrite.js";
import { takeFromBytesIO, writeToBytesIO } from "./bytesio.js";
import { File } from "./fileio.js";
import { ID, isClosed, Stream } from "./iobase.js";
import { Newline, noteNewlines, translateNewlines } from "./newlines.js";

const I32 = heap.I32;
const U8 = heap.U8;

export const enum Text {
  Buffer = Stream.First,
  /** Bits of TextFlag. */
  Flags = 9,
  Encoding = 10,
  /** A Newline. */
  Newline = 11,
  Errors = 12,
  /** Bits of the newlines that were read. */
  Seen = 13,
  Mode = 14,
  /** A TextCodec. */
  Codec = 15,
  /** A str that was decoded, 0: nothing since the stream was moved; characters of it asked for. */
  Text = 16,
  Used = 17,
  /** The bytes that Text was decoded from, with Rest behind them. */
  Chunk = 18,
  /** Bytes of the mark that Chunk begins with. */
  ChunkStart = 19,
  /** Bytes at the end of Chunk that wait for more: part of a character, or a "\r". */
  Rest = 20,
  /** An Order. */
  Order = 21,
  /** A block of bytes that wait to be handed down. */
  Pending = 22,
  PendingUsed = 23,
  PendingRoom = 24,
  /** Bytes that are read at once, and that may wait. */
  ChunkSize = 25,
  Size = 112,
}

export const enum TextFlag {
  Ready = 1,
  Detached = 2,
  LineBuffering = 4,
  WriteThrough = 8,
  Seekable = 16,
  /** `tell` is possible: not while iterating. */
  Telling = 32,
  /** A mark is to be written before the next text. */
  Begins = 64,
  HasRead1 = 128,
  Readable = 256,
  Writable = 512,
  /** Exact types all the way down to a FileIO: nobody's Python code is asked. */
  Native = 1024,
  /** ASCII text is written as it is: the encoding and the newlines leave it alone. */
  Plain = 2048,
}

/** Encodings, as far as they differ for text that comes in pieces. */
export const enum TextCodec {
  /** Any with a byte a character, where the first 128 are ASCII. */
  Table = 0,
  Utf8 = 1,
  Utf8Mark = 2,
  Utf16Mark = 3,
  Utf16Little = 4,
  Utf16Big = 5,
  Utf32Mark = 6,
  Utf32Little = 7,
  Utf32Big = 8,
}

/** The byte order of what is read by an encoding with a mark. */
export const enum Order {
  Unknown = 0,
  Little = 1,
  Big = 2,
}

/** The stream below takes native calls: exact types only. */
export const enum Below {
  Other = 0,
  Buffered = 1,
  Bytes = 2,
}

export function hasFlag(self: Addr, flag: TextFlag): boolean {
  return (I32[self + Text.Flags] & flag) !== 0;
}

/** The TextCodec of a codec. */
export function textCodec(codec: Codec): TextCodec {
  switch (codec.kind) {
    case "table":
      return TextCodec.Table;
    case "utf-8":
      return codec.mark ? TextCodec.Utf8Mark : TextCodec.Utf8;
    case "utf-16":
      if (codec.mark) return TextCodec.Utf16Mark;
      return codec.bigEndian ? TextCodec.Utf16Big : TextCodec.Utf16Little;
    case "utf-32":
      if (codec.mark) return TextCodec.Utf32Mark;
      return codec.bigEndian ? TextCodec.Utf32Big : TextCodec.Utf32Little;
  }
}

/** Bytes of a unit of the encoding. */
export function unitSize(codec: TextCodec): number {
  if (codec <= TextCodec.Utf8Mark) return 1;
  return codec <= TextCodec.Utf16Big ? 2 : 4;
}

function isBigEndian(self: Addr): boolean {
  const codec = I32[self + Text.Codec];
  if (codec === TextCodec.Utf16Big || codec === TextCodec.Utf32Big) return true;
  return I32[self + Text.Order] === Order.Big;
}

/** The unit at byte offset `at`. */
export function unitAt(self: Addr, at: number, size: number): number {
  if (size === 1) return U8[at];
  let unit = 0;
  const big = isBigEndian(self);
  for (let i = 0; i < size; i++) unit = unit * 256 + U8[at + (big ? i : size - 1 - i)];
  return unit;
}

/** The encoding's name for text that is not at the beginning. */
export function innerEncoding(self: Addr): string {
  const big = I32[self + Text.Order] === Order.Big;
  switch (I32[self + Text.Codec] as TextCodec) {
    case TextCodec.Utf8:
    case TextCodec.Utf8Mark:
      return "utf-8";
    case TextCodec.Utf16Mark:
      return big ? "utf-16-be" : "utf-16-le";
    case TextCodec.Utf32Mark:
      return big ? "utf-32-be" : "utf-32-le";
    default:
      return getString(I32[self + Text.Encoding]);
  }
}

export function hasMark(codec: TextCodec): boolean {
  return (
    codec === TextCodec.Utf8Mark || codec === TextCodec.Utf16Mark || codec === TextCodec.Utf32Mark
  );
}

/** Is there a stream below? Otherwise ValueError is pending. */
export function isAttached(self: Addr): boolean {
  const flags = I32[self + Text.Flags];
  if ((flags & TextFlag.Ready) !== 0) return true;
  const detached = (flags & TextFlag.Detached) !== 0;
  raise(
    T.ValueError,
    detached ? "underlying buffer has been detached" : "I/O operation on uninitialized object",
  );
  return false;
}

/** How the stream below is called. */
function below(self: Addr): Below {
  const type = I32[I32[self + Text.Buffer] + Head.Type];
  if (type === T.BufferedReader || type === T.BufferedWriter || type === T.BufferedRandom) {
    return Below.Buffered;
  }
  return type === T.BytesIO ? Below.Bytes : Below.Other;
}

/** Is the stream attached and open? Otherwise an exception is pending. */
export function isOpen(self: Addr): boolean {
  if (!isAttached(self)) return false;
  if (I32[self + Head.Type] === T.TextIOWrapper && below(self) === Below.Buffered) {
    return isUsable(I32[self + Text.Buffer], "I/O operation on closed file.");
  }
  const closed = isClosed(self);
  if (closed > 0) raise(T.ValueError, "I/O operation on closed file.");
  return closed === 0;
}

/** Is the stream open, native all the way down, and has it all of `flags`? The quick test. */
export function isOpenNative(self: Addr, flags: number): boolean {
  const wanted = flags | TextFlag.Native | TextFlag.Ready;
  if ((I32[self + Text.Flags] & wanted) !== wanted) return false;
  const buffer = I32[self + Text.Buffer];
  const raw = I32[buffer + Buffered.Raw];
  return raw !== 0 && I32[buffer + Buffered.Array] !== 0 && I32[raw + File.Fd] >= 0;
}

/** Note whether the quick ways can be taken, after the settings have changed. */
export function noteQuickWays(self: Addr): void {
  let flags = I32[self + Text.Flags] & ~(TextFlag.Native | TextFlag.Plain);
  const exact = I32[self + Head.Type] === T.TextIOWrapper && below(self) === Below.Buffered;
  const file = exact && I32[I32[self + Text.Buffer] + Buffered.Flags] & BufferedFlag.File;
  if (file) flags |= TextFlag.Native;
  const codec = I32[self + Text.Codec];
  const plain = codec === TextCodec.Table || codec === TextCodec.Utf8;
  if (plain && I32[self + Text.Newline] < Newline.Cr) flags |= TextFlag.Plain;
  I32[self + Text.Flags] = flags;
}

// --- decoding ---

/** Nothing is decoded: the next read starts where the stream below stands. */
export function forgetText(self: Addr): void {
  clearField(self + Text.Text);
  clearField(self + Text.Chunk);
  clearField(self + Text.Rest);
  I32[self + Text.Used] = I32[self + Text.ChunkStart] = 0;
}

/** Bytes at the end of `[offset, offset + length)` that a character breaks off. */
function brokenOff(self: Addr, offset: number, length: number): number {
  const codec = I32[self + Text.Codec] as TextCodec;
  const size = unitSize(codec);
  const undecided = hasMark(codec) && I32[self + Text.Order] === Order.Unknown;
  if (size === 1) {
    if (codec === TextCodec.Table) return 0;
    if (undecided && length < 3 && U8[offset] === 0xef) return length;
    return brokenUtf8(offset, length);
  }
  const rest = length % size;
  if (undecided || size === 4 || length - rest < 2) return rest;
  const last = unitAt(self, offset + length - rest - 2, 2);
  return last >= 0xd800 && last < 0xdc00 ? rest + 2 : rest;
}

function brokenUtf8(offset: number, length: number): number {
  // A leading byte among the last three whose followers are not all there.
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = U8[offset + length - back];
    if (byte >= 0xc0) {
      const wanted = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
      return wanted > back ? back : 0;
    }
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** Find the mark at byte offset `offset`, of an encoding that begins with one; its size. */
function readMark(self: Addr, offset: number, length: number): number {
  const codec = I32[self + Text.Codec] as TextCodec;
  if (codec === TextCodec.Utf8Mark) {
    I32[self + Text.Order] = Order.Little;
    const marked = U8[offset] === 0xef && U8[offset + 1] === 0xbb && U8[offset + 2] === 0xbf;
    return length >= 3 && marked ? 3 : 0;
  }
  const size = unitSize(codec);
  for (const order of [Order.Big, Order.Little]) {
    I32[self + Text.Order] = order;
    if (unitAt(self, offset, size) === 0xfeff) return size;
  }
  return 0;
}

/** `first + second` (both given away). */
function concatenate(first: Addr, second: Addr): Addr {
  readBuffer(first);
  const [a, m] = [bufferOffset, bufferLength];
  readBuffer(second);
  const [b, n] = [bufferOffset, bufferLength];
  const array = newByteArrayOfLength(m + n);
  let both: Addr = 0;
  if (array !== 0) {
    copyBytes(dataOf(array), a, m);
    copyBytes(dataOf(array) + m, b, n);
    both = newBytesAt(dataOf(array), m + n);
    decref(array);
  }
  decref(first);
  decref(second);
  return both;
}

/**
 * Decode the bytes object `data` (given away) behind what waits for more, all of it where `final`.
 * A new str; 0 with an exception pending.
 */
export function decode(self: Addr, data: Addr, final: boolean): Addr {
  const rest = I32[self + Text.Rest];
  I32[self + Text.Rest] = 0;
  const bytes = rest === 0 ? data : concatenate(rest, data);
  if (bytes === 0) return 0;
  readBuffer(bytes);
  const [offset, length] = [bufferOffset, bufferLength];
  const codec = I32[self + Text.Codec] as TextCodec;
  const universal = I32[self + Text.Newline] <= Newline.Universal;
  let whole = length;
  let start = 0;
  if (!final) whole -= brokenOff(self, offset, length);
  if (whole > 0 && hasMark(codec) && I32[self + Text.Order] === Order.Unknown) {
    start = readMark(self, offset, length);
  }
  const size = unitSize(codec);
  if (!final && universal && whole - start >= size) {
    // Whether a "\n" follows is not known yet.
    if (unitAt(self, offset + whole - size, size) === 13) whole -= size;
  }
  if (whole < length) {
    I32[self + Text.Rest] = newBytesAt(offset + whole, length - whole);
    if (I32[self + Text.Rest] === 0) {
      decref(bytes);
      return 0;
    }
  }
  const errors = getString(I32[self + Text.Errors]);
  let text = decodeBytes(bytes, offset + start, whole - start, innerEncoding(self), errors);
  if (text !== 0 && universal && I32[text + StrObject.Length] > 0) {
    noteNewlines(text, self + Text.Seen);
    if (I32[self + Text.Newline] === Newline.Translate) text = translateNewlines(text);
  }
  clearField(self + Text.Chunk);
  I32[self + Text.Chunk] = bytes;
  I32[self + Text.ChunkStart] = start;
  return text;
}

/** Bytes (given away) that the stream below gave back, as a bytes object. */
function requireBytes(data: Addr, method: string): Addr {
  if (data === 0 || isBytes(data)) return data;
  let copy: Addr = 0;
  if (readBuffer(data)) copy = newBytesAt(bufferOffset, bufferLength);
  else {
    const found = typeName(data);
    const text = `underlying ${method}() should have returned a bytes-like object, not '${found}'`;
    raise(T.TypeError, text);
  }
  decref(data);
  return copy;
}

/** A chunk from below. */
function readBelow(self: Addr): Addr {
  const buffer = incref(I32[self + Text.Buffer]);
  const data = readFrom(self, buffer);
  decref(buffer);
  return data;
}

function readFrom(self: Addr, buffer: Addr): Addr {
  const size = I32[self + Text.ChunkSize];
  const kind = below(self);
  if (kind === Below.Buffered) {
    return isUsable(buffer, "read of closed file") ? readOnce(buffer, size) : 0;
  }
  if (kind === Below.Bytes) return takeFromBytesIO(buffer, size);
  const count = newInt(size);
  if (count === 0) return 0;
  const once = hasFlag(self, TextFlag.HasRead1);
  const data = callMethod1(buffer, once ? ID.read1 : ID.read, count);
  decref(count);
  return requireBytes(data, once ? "read1" : "read");
}

/** Decode some more; what was decoded before is used up. 1, 0 at the end, -1 on failure. */
export function readChunk(self: Addr): number {
  const data = readBelow(self);
  if (data === 0) return -1;
  readBuffer(data);
  const ended = bufferLength === 0;
  const text = decode(self, data, ended);
  if (text === 0) return -1;
  clearField(self + Text.Text);
  I32[self + Text.Text] = text;
  I32[self + Text.Used] = 0;
  return ended && I32[text + StrObject.Length] === 0 ? 0 : 1;
}

/** All that is left below, decoded. */
export function decodeAll(self: Addr): Addr {
  const buffer = incref(I32[self + Text.Buffer]);
  let data: Addr;
  if (below(self) === Below.Buffered) {
    data = isUsable(buffer, "read of closed file") ? readBuffered(buffer, -1) : 0;
  } else data = callMethod0(buffer, ID.read);
  decref(buffer);
  if (data !== 0 && !readBuffer(data)) {
    const found = typeName(data);
    decref(data);
    return raise(T.TypeError, `can't concat ${found} to bytes`);
  }
  data = requireBytes(data, "read");
  return data === 0 ? 0 : decode(self, data, true);
}

// --- what waits to be handed down ---

/** Hand down bytes that stay where they are; -1 with an exception pending. */
function writeBelow(self: Addr, offset: number, length: number): number {
  // Another thread may detach it while the GIL is dropped.
  const buffer = incref(I32[self + Text.Buffer]);
  const status = writeTo(self, buffer, offset, length);
  decref(buffer);
  return status;
}

function writeTo(self: Addr, buffer: Addr, offset: number, length: number): number {
  const kind = below(self);
  if (kind === Below.Buffered && I32[buffer + Head.Type] !== T.BufferedReader) {
    if (!isUsable(buffer, "write to closed file")) return -1;
    return writeBuffered(buffer, offset, length) < 0 ? -1 : 0;
  }
  if (kind === Below.Bytes) return writeToBytesIO(buffer, offset, length) < 0 ? -1 : 0;
  const data = newBytesAt(offset, length);
  const done = data === 0 ? 0 : callMethod1(buffer, ID.write, data);
  if (data !== 0) decref(data);
  if (done === 0) return -1;
  decref(done);
  return 0;
}

/** Hand down what waits; -1 with an exception pending, and what waited is gone. */
export function handDown(self: Addr): number {
  const used = I32[self + Text.PendingUsed];
  if (used === 0) return 0;
  // Another thread may write meanwhile: to a block of its own.
  const block = I32[self + Text.Pending];
  const room = I32[self + Text.PendingRoom];
  I32[self + Text.Pending] = I32[self + Text.PendingUsed] = I32[self + Text.PendingRoom] = 0;
  const status = writeBelow(self, block << 2, used);
  if (I32[self + Text.Pending] === 0) {
    I32[self + Text.Pending] = block;
    I32[self + Text.PendingRoom] = room;
  } else free(block);
  return status;
}

/** Let `length` more bytes wait: byte offset of their place, or -1 with an exception pending. */
function addPending(self: Addr, length: number): number {
  const limit = I32[self + Text.ChunkSize];
  if (I32[self + Text.PendingUsed] > 0 && I32[self + Text.PendingUsed] + length > limit) {
    if (handDown(self) < 0) return -1;
  }
  const used = I32[self + Text.PendingUsed];
  if (used + length > I32[self + Text.PendingRoom]) {
    const room = Math.max(limit, used + length);
    const old = I32[self + Text.Pending];
    const block = old === 0 ? malloc(room) : realloc(old, room);
    if (block === 0) {
      raiseMemoryError();
      return -1;
    }
    I32[self + Text.Pending] = block;
    I32[self + Text.PendingRoom] = room;
  }
  I32[self + Text.PendingUsed] = used + length;
  return (I32[self + Text.Pending] << 2) + used;
}

/** Encode `str` and let it wait; -1 with an exception pending. */
export function encodePending(self: Addr, str: Addr): number {
  const codec = I32[self + Text.Codec] as TextCodec;
  const n = I32[str + StrObject.Length];
  const plain = codec === TextCodec.Table || codec === TextCodec.Utf8;
  if (plain && (I32[str + StrObject.State] & StrObject.Ascii) !== 0) {
    const at = addPending(self, n);
    if (at < 0) return -1;
    copyBytes(at, I32[str + StrObject.Data], n);
    return 0;
  }
  const begins = hasMark(codec) && hasFlag(self, TextFlag.Begins);
  const encoding = begins ? getString(I32[self + Text.Encoding]) : writingEncoding(self);
  const bytes = encodeToArray(str, encoding, getString(I32[self + Text.Errors]));
  if (bytes === null) return -1;
  I32[self + Text.Flags] &= ~TextFlag.Begins;
  const at = addPending(self, bytes.length);
  if (at < 0) return -1;
  U8.set(bytes, at);
  return 0;
}

/** Marks are written in little endian order, whatever was read. */
function writingEncoding(self: Addr): string {
  const codec = I32[self + Text.Codec];
  if (codec === TextCodec.Utf16Mark) return "utf-16-le";
  return codec === TextCodec.Utf32Mark ? "utf-32-le" : innerEncoding(self);
}

/** Free the block of what waits. */
export function releasePending(self: Addr): void {
  const block = I32[self + Text.Pending];
  I32[self + Text.Pending] = I32[self + Text.PendingUsed] = I32[self + Text.PendingRoom] = 0;
  if (block !== 0) free(block);
}
