/** Text forms of bytes and bytearray: repr, hex, fromhex, and `%` formatting. */
import { type Addr, heap } from "../memory/heap.js";
import { objectLength } from "./abstract.js";
import { bindArguments } from "./arguments.js";
import { bufferLength, bufferOffset, newBytes, newBytesAt, readBuffer } from "./bytes.js";
import { dataOf, newByteArrayOfLength, sizeOf } from "./bytesbuffer.js";
import { call0 } from "./call.js";
import { pending, raise, raiseMemoryError, typeName } from "./errors.js";
import { decref } from "./header.js";
import { identifier } from "./identifiers.js";
import { asInt32, asSsize, failed } from "./int.js";
import { Head, StrObject } from "./layout.js";
import {
  type Conversion,
  FormatReader,
  isNumberLetter,
  MAX_TEXT,
  numberText,
  PercentArguments,
  raiseUnknownLetter,
} from "./percent.js";
import { asciiObject } from "./repr.js";
import { slotsOf } from "./slots.js";
import { isStr, strCodeAt } from "./str.js";
import { StrBuilder } from "./strbuilder.js";
import { requireStrArgument } from "./textarguments.js";
import { lookupSpecial } from "./type.js";
import { T } from "./types.js";

const I32 = heap.I32;
const U8 = heap.U8;
const HEX = "0123456789abcdef";
const BYTES = identifier("__bytes__");

const enum Code {
  DoubleQuote = 0x22,
  Percent = 0x25,
  Quote = 0x27,
  Backslash = 0x5c,
}

/** `repr` of bytes; a bytearray's is put in brackets. */
export function reprBytes(self: Addr): Addr {
  const data = dataOf(self);
  const length = sizeOf(self);
  let quotes = 0;
  let doubles = 0;
  for (let i = 0; i < length; i++) {
    if (U8[data + i] === Code.Quote) quotes++;
    else if (U8[data + i] === Code.DoubleQuote) doubles++;
  }
  const quote = quotes > 0 && doubles === 0 ? Code.DoubleQuote : Code.Quote;
  const builder = new StrBuilder(length + 16);
  const isArray = slotsOf(I32[self + Head.Type]).setSubscript !== null;
  if (isArray) builder.text(`${typeName(self)}(`);
  builder.text("b").code(quote);
  for (let i = 0; i < length; i++) appendByte(builder, U8[data + i], quote, isArray);
  builder.code(quote);
  if (isArray) builder.text(")");
  return builder.finish();
}

function appendByte(builder: StrBuilder, byte: number, quote: number, isArray: boolean): void {
  // bytearray escapes every single quote, whatever the quotes around it.
  if (byte === Code.Backslash || byte === quote || (isArray && byte === Code.Quote)) {
    builder.code(Code.Backslash).code(byte);
  } else if (byte === 9) builder.text("\\t");
  else if (byte === 10) builder.text("\\n");
  else if (byte === 13) builder.text("\\r");
  else if (byte >= 0x20 && byte < 0x7f) builder.code(byte);
  else
    builder
      .text("\\x")
      .text(HEX[byte >> 4])
      .text(HEX[byte & 15]);
}

const bound = new Int32Array(2);

/** `bytes.hex(sep, bytes_per_sep)`. */
export function hexBytes(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["sep", "bytes_per_sep"];
  if (!bindArguments("hex", args, nargs, kwnames, names, 0, bound)) return 0;
  let group = 0;
  let separator = 0;
  if (bound[0] !== 0) {
    separator = readSeparator(bound[0]);
    if (separator < 0) return 0;
    group = bound[1] === 0 ? 1 : asInt32(bound[1]);
    if (failed(group)) return 0;
  }
  const data = dataOf(self);
  const length = sizeOf(self);
  const builder = new StrBuilder(2 * length);
  const size = Math.abs(group);
  for (let i = 0; i < length; i++) {
    const place = group > 0 ? length - i : i;
    if (i > 0 && size > 0 && place % size === 0) builder.code(separator);
    builder.text(HEX[U8[data + i] >> 4]).text(HEX[U8[data + i] & 15]);
  }
  return builder.finish();
}

function readSeparator(object: Addr): number {
  const length = objectLength(object);
  if (length < 0) return -1;
  if (length !== 1) {
    raise(T.ValueError, "sep must be length 1.");
    return -1;
  }
  const isText = isStr(object);
  if (!isText && !readBuffer(object)) {
    raise(T.TypeError, "sep must be str or bytes.");
    return -1;
  }
  const code = isText ? strCodeAt(object, 0) : U8[bufferOffset];
  if (code < 0x80) return code;
  raise(T.ValueError, "sep must be ASCII.");
  return -1;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** The bytes that hexadecimal text stands for; null with an exception pending. */
export function bytesFromHex(text: Addr): Uint8Array | null {
  if (requireStrArgument(text, "fromhex() argument") < 0) return null;
  const length = I32[text + StrObject.Length];
  const out: number[] = [];
  for (let at = 0; at < length; ) {
    const code = strCodeAt(text, at);
    if (code === 32 || (code >= 9 && code <= 13)) {
      at++;
      continue;
    }
    const high = hexDigit(code);
    const low = at + 1 < length ? hexDigit(strCodeAt(text, at + 1)) : -1;
    if (high < 0 || low < 0) {
      const place = high < 0 ? at : at + 1;
      const message = `non-hexadecimal number found in fromhex() arg at position ${place}`;
      raise(T.ValueError, message);
      return null;
    }
    out.push(high * 16 + low);
    at += 2;
  }
  return Uint8Array.from(out);
}

function pushBytes(out: number[], offset: number, length: number): void {
  for (let i = 0; i < length; i++) out.push(U8[offset + i]);
}

function pushText(out: number[], text: string): void {
  for (let i = 0; i < text.length; i++) out.push(text.charCodeAt(i));
}

/** Push `out`'s field: at most `precision` of the bytes, padded to the width. */
function pushField(out: number[], offset: number, size: number, conversion: Conversion): void {
  const length =
    conversion.precision >= 0 && conversion.precision < size ? conversion.precision : size;
  const missing = conversion.width - length;
  if (!conversion.left) for (let i = 0; i < missing; i++) out.push(0x20);
  pushBytes(out, offset, length);
  if (conversion.left) for (let i = 0; i < missing; i++) out.push(0x20);
}

/** `%b` and `%s`: bytes-like, or what `__bytes__` returns. */
function pushBuffer(out: number[], value: Addr, conversion: Conversion): boolean {
  if (readBuffer(value)) {
    pushField(out, bufferOffset, bufferLength, conversion);
    return true;
  }
  const method = lookupSpecial(value, BYTES);
  if (method === 0) {
    if (pending()) return false;
    const wanted = "a bytes-like object, or an object that implements __bytes__";
    raise(T.TypeError, `%b requires ${wanted}, not '${typeName(value)}'`);
    return false;
  }
  const result = call0(method);
  decref(method);
  if (result === 0) return false;
  const fits = readBuffer(result);
  if (fits) pushField(out, bufferOffset, bufferLength, conversion);
  else raise(T.TypeError, `__bytes__ returned non-bytes (type ${typeName(result)})`);
  decref(result);
  return fits;
}

function pushCharacter(out: number[], value: Addr, conversion: Conversion): boolean {
  let byte = -1;
  if (readBuffer(value)) {
    if (bufferLength === 1) byte = U8[bufferOffset];
  } else if (slotsOf(I32[value + Head.Type]).index !== null) {
    byte = asSsize(value);
    if (failed(byte)) return false;
    if (byte < 0 || byte > 255) {
      raise(T.OverflowError, "%c arg not in range(256)");
      return false;
    }
  }
  if (byte < 0) {
    raise(T.TypeError, "%c requires an integer in range(256) or a single byte");
    return false;
  }
  const missing = conversion.width - 1;
  if (!conversion.left) for (let i = 0; i < missing; i++) out.push(0x20);
  out.push(byte);
  if (conversion.left) for (let i = 0; i < missing; i++) out.push(0x20);
  return true;
}

function convert(
  out: number[],
  args: PercentArguments,
  conversion: Conversion,
  index: number,
): boolean {
  const value = args.take();
  if (value === 0) return false;
  if (conversion.width > MAX_TEXT) {
    raiseMemoryError();
    return false;
  }
  const letter = conversion.letter;
  if (isNumberLetter(letter)) {
    const text = numberText(value, conversion);
    if (text === null) return false;
    pushText(out, text);
    return true;
  }
  if (letter === 0x62 || letter === 0x73) return pushBuffer(out, value, conversion);
  if (letter === 0x63) return pushCharacter(out, value, conversion);
  if (letter !== 0x61 && letter !== 0x72) return raiseUnknownLetter(letter, index);
  const text = asciiObject(value);
  if (text === 0) return false;
  pushField(out, I32[text + StrObject.Data], I32[text + StrObject.Length], conversion);
  decref(text);
  return true;
}

/** `format % args` of bytes and bytearray. */
export function percentBytes(format: Addr, args: Addr): Addr {
  const length = sizeOf(format);
  const values = new PercentArguments(args, (object) => readBuffer(object) || isStr(object));
  const reader = new FormatReader(
    length,
    (index) => U8[dataOf(format) + index],
    (start, stop) => newBytesAt(dataOf(format) + start, stop - start),
  );
  const out: number[] = [];
  while (reader.at < length) {
    const byte = U8[dataOf(format) + reader.at++];
    if (byte !== Code.Percent) {
      out.push(byte);
      continue;
    }
    if (reader.at < length && U8[dataOf(format) + reader.at] === Code.Percent) {
      out.push(byte);
      reader.at++;
      continue;
    }
    const conversion = reader.readConversion(values);
    const done = conversion !== null && convert(out, values, conversion, reader.at - 1);
    values.drop();
    if (!done) return 0;
  }
  if (values.isLeftOver()) {
    return raise(T.TypeError, "not all arguments converted during bytes formatting");
  }
  return newResult(format, Uint8Array.from(out));
}

function newResult(format: Addr, bytes: Uint8Array): Addr {
  if (slotsOf(I32[format + Head.Type]).setSubscript === null) return newBytes(bytes);
  const array = newByteArrayOfLength(bytes.length);
  if (array !== 0) U8.set(bytes, dataOf(array));
  return array;
}
