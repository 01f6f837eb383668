/**
 * Places in text: `tell` gives the byte position of the next character, with the byte order above
 * bit 64 where it is not this machine's; `seek` goes back there.
 */
import { type Addr, heap } from "../memory/heap.js";
import { richCompareBool } from "../object/abstract.js";
import { checkArity } from "../object/arguments.js";
import { bufferLength, bufferOffset, readBuffer } from "../object/bytes.js";
import { callMethod0, callMethod1, callMethod2 } from "../object/call.js";
import { raise } from "../object/errors.js";
import { decref, incref } from "../object/header.js";
import {
  asInt32,
  asSsize,
  getBig,
  isInt,
  newInt,
  newIntFromBig,
  numberIndex,
} from "../object/int.js";
import { StrObject } from "../object/layout.js";
import { reprObject } from "../object/repr.js";
import { Compare } from "../object/slots.js";
import { getString } from "../object/str.js";
import { decodeBytes } from "../object/strconvert.js";
import { S, T } from "../object/types.js";
import { callQuietly, ID, raiseUnsupported } from "./iobase.js";
import { Newline, translateNewlines } from "./newlines.js";
import {
  forgetText,
  handDown,
  hasFlag,
  hasMark,
  innerEncoding,
  isOpen,
  Order,
  Text,
  type TextCodec,
  TextFlag,
  unitAt,
  unitSize,
} from "./textstream.js";

const I32 = heap.I32;
const U8 = heap.U8;

/** Bytes of the UTF-8 character with leading byte `byte`. */
function utf8Length(byte: number): number {
  if (byte < 0xc0) return 1;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/** Bytes of the chunk that the first `used` characters of the text came from. */
function bytesBefore(self: Addr, used: number): number {
  readBuffer(I32[self + Text.Chunk]);
  const [offset, length] = [bufferOffset, bufferLength];
  const size = unitSize(I32[self + Text.Codec] as TextCodec);
  const isUtf8 = size === 1 && innerEncoding(self) === "utf-8";
  const translated = I32[self + Text.Newline] === Newline.Translate;
  const ascii = (I32[I32[self + Text.Text] + StrObject.State] & StrObject.Ascii) !== 0;
  if (!ascii && getString(I32[self + Text.Errors]) !== "strict") {
    return bytesByDecoding(self, used);
  }
  let at = I32[self + Text.ChunkStart];
  for (let n = 0; n < used && at < length; n++) {
    const unit = unitAt(self, offset + at, size);
    if (unit === 13 && translated && at + size < length) {
      if (unitAt(self, offset + at + size, size) === 10) at += size;
    }
    if (isUtf8) at += utf8Length(U8[offset + at]);
    else at += size === 2 && unit >= 0xd800 && unit < 0xdc00 ? 4 : size;
  }
  return at;
}

/** The same where bytes were ignored or replaced: try how much of the chunk gives as much text. */
function bytesByDecoding(self: Addr, used: number): number {
  let low = I32[self + Text.ChunkStart];
  readBuffer(I32[self + Text.Chunk]);
  let high = bufferLength;
  while (low < high) {
    const middle = (low + high) >> 1;
    const length = decodedLength(self, middle);
    if (length < 0) return -1;
    if (length < used) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Characters that the first `bytes` bytes of the chunk make. */
function decodedLength(self: Addr, bytes: number): number {
  const chunk = I32[self + Text.Chunk];
  readBuffer(chunk);
  const start = I32[self + Text.ChunkStart];
  const errors = getString(I32[self + Text.Errors]);
  const offset = bufferOffset + start;
  let text = decodeBytes(chunk, offset, bytes - start, innerEncoding(self), errors);
  if (text !== 0 && I32[self + Text.Newline] === Newline.Translate) text = translateNewlines(text);
  if (text === 0) return -1;
  const length = I32[text + StrObject.Length];
  decref(text);
  return length;
}

/** The byte position of the stream below: NaN with an exception pending. */
function tellBelow(self: Addr): number {
  const answer = callMethod0(I32[self + Text.Buffer], ID.tell);
  if (answer === 0) return Number.NaN;
  const position = asSsize(answer);
  decref(answer);
  return position;
}

export function tell(self: Addr): Addr {
  if (!isOpen(self)) return 0;
  if (!hasFlag(self, TextFlag.Seekable)) {
    return raiseUnsupported("underlying stream is not seekable");
  }
  if (!hasFlag(self, TextFlag.Telling)) {
    return raise(T.OSError, "telling position disabled by next() call");
  }
  if (handDown(self) < 0 || callQuietly(self, ID.flush) < 0) return 0;
  const end = tellBelow(self);
  if (Number.isNaN(end)) return 0;
  const chunk = I32[self + Text.Chunk];
  if (chunk === 0 || I32[self + Text.Text] === 0) return newInt(end);
  readBuffer(chunk);
  const before = end - bufferLength;
  const used = bytesBefore(self, I32[self + Text.Used]);
  if (used < 0) return 0;
  return newCookie(self, before + used);
}

/** Flags above bit 64 of a place read in the other byte order, as CPython's decoders give them. */
function orderFlag(self: Addr): bigint {
  const codec = I32[self + Text.Codec] as TextCodec;
  if (!hasMark(codec) || I32[self + Text.Order] !== Order.Big) return 0n;
  return I32[self + Text.Newline] <= Newline.Universal ? 2n : 1n;
}

function newCookie(self: Addr, position: number): Addr {
  const flag = position === 0 ? 0n : orderFlag(self);
  return flag === 0n ? newInt(position) : newIntFromBig((flag << 64n) | BigInt(position));
}

/** Go to byte `position` of the stream below (`whence` 0 or 2): where that is, NaN on failure. */
function seekBelow(self: Addr, position: number, whence: number): number {
  const [target, from] = [newInt(position), newInt(whence)];
  const both = target !== 0 && from !== 0;
  const answer = both ? callMethod2(I32[self + Text.Buffer], ID.seek, target, from) : 0;
  if (target !== 0) decref(target);
  if (from !== 0) decref(from);
  if (answer === 0) return Number.NaN;
  const reached = asSsize(answer);
  decref(answer);
  return reached;
}

/** Start reading and writing anew, at the beginning of the text or elsewhere. */
function restart(self: Addr, order: Order, begins: boolean): void {
  forgetText(self);
  I32[self + Text.Order] = order;
  if (begins) I32[self + Text.Flags] |= TextFlag.Begins;
  else I32[self + Text.Flags] &= ~TextFlag.Begins;
}

function seekEnd(self: Addr): Addr {
  if (callQuietly(self, ID.flush) < 0) return 0;
  const position = seekBelow(self, 0, 2);
  if (Number.isNaN(position)) return 0;
  restart(self, Order.Unknown, position === 0);
  return newInt(position);
}

/** Go to a place that `tell` gave (an int). */
function seekCookie(self: Addr, cookie: Addr): Addr {
  const value = getBig(cookie);
  if (value < 0n) {
    const text = reprObject(cookie);
    if (text === 0) return 0;
    const shown = getString(text);
    decref(text);
    return raise(T.ValueError, `negative seek position ${shown}`);
  }
  if (callQuietly(self, ID.flush) < 0) return 0;
  const position = Number(BigInt.asUintN(64, value));
  if (Number.isNaN(seekBelow(self, position, 0))) return 0;
  const order = value >> 64n === 0n ? Order.Little : Order.Big;
  restart(self, value === 0n ? Order.Unknown : order, value === 0n);
  return incref(cookie);
}

export function seek(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("seek", nargs, 1, 2) || !isOpen(self)) return 0;
  const whence = nargs < 2 ? 0 : asInt32(I32[args + 1]);
  if (Number.isNaN(whence)) return 0;
  if (!hasFlag(self, TextFlag.Seekable)) {
    return raiseUnsupported("underlying stream is not seekable");
  }
  if (!isInt(I32[args]) && richCompareBool(I32[args], S.Zero, Compare.Lt) < 0) return 0;
  const cookie = numberIndex(I32[args]);
  if (cookie === 0) return 0;
  const result = seekFrom(self, cookie, whence);
  decref(cookie);
  return result;
}

function seekFrom(self: Addr, cookie: Addr, whence: number): Addr {
  const isZero = getBig(cookie) === 0n;
  if (whence === 0) return seekCookie(self, cookie);
  if (whence === 1) {
    if (!isZero) return raiseUnsupported("can't do nonzero cur-relative seeks");
    const here = callMethod0(self, ID.tell);
    if (here === 0) return 0;
    const result = seekCookie(self, here);
    decref(here);
    return result;
  }
  if (whence === 2) {
    return isZero ? seekEnd(self) : raiseUnsupported("can't do nonzero end-relative seeks");
  }
  return raise(T.ValueError, `invalid whence (${whence}, should be 0, 1 or 2)`);
}

/** `truncate(pos=None)`: the stream below does it. */
export function truncate(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("truncate", nargs, 0, 1)) return 0;
  if (callQuietly(self, ID.flush) < 0) return 0;
  // Without a size it is where the stream below stands: behind what was read ahead.
  const size = nargs === 0 ? S.None : I32[args];
  return callMethod1(I32[self + Text.Buffer], ID.truncate, size);
}
