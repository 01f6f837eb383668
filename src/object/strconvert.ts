/**
 * Encoding str to bytes and decoding bytes to str: utf-8, ascii, latin-1, utf-16, utf-32, and the
 * single-byte character sets that JavaScript's TextDecoder knows; with CPython's error handlers.
 */
import { TextDecoder } from "node:util";
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments } from "./arguments.js";
import { bufferLength, bufferOffset, newBytes, newBytesAt, readBuffer } from "./bytes.js";
import { callTuple } from "./call.js";
import { keywords, type MethodDef } from "./define.js";
import { raise, raiseException, typeName } from "./errors.js";
import { decref } from "./header.js";
import { newInt } from "./int.js";
import { StrObject, TupleObject } from "./layout.js";
import {
  getString,
  isAsciiAt,
  isStr,
  newEmptyStr,
  newStr,
  newStrLatin1,
  newStrOfForm,
  StrForm,
  strCodeAt,
} from "./str.js";
import { StrBuilder } from "./strbuilder.js";
import { requireStrArgument } from "./textarguments.js";
import { newTuple } from "./tuple.js";
import { T } from "./types.js";

const I32 = heap.I32;
const U8 = heap.U8;

const enum Surrogate {
  First = 0xd800,
  /** surrogateescape: byte b becomes Escape + b. */
  Escape = 0xdc00,
  Last = 0xdfff,
}

/** A way to write text as bytes. */
export interface Codec {
  /** The name in messages. */
  name: string;
  kind: "utf-8" | "utf-16" | "utf-32" | "table";
  /** utf-16 and utf-32. */
  bigEndian: boolean;
  /** utf-16 and utf-32: write and read a byte order mark. */
  mark: boolean;
  /** table: code point of each byte, -1 where there is none; below identity they are the same. */
  table: Int32Array;
  identity: number;
  /** What is wrong with a code point that cannot be written. */
  reason: string;
  reverse: Map<number, number>;
}

const NO_TABLE = new Int32Array(0);

function codec(name: string, kind: Codec["kind"], more: Partial<Codec> = {}): Codec {
  return {
    name,
    kind,
    bigEndian: false,
    mark: false,
    table: NO_TABLE,
    identity: 0,
    reason: kind === "table" ? "character maps to <undefined>" : "surrogates not allowed",
    reverse: new Map(),
    ...more,
  };
}

const utf8 = codec("utf-8", "utf-8");
const ascii = codec("ascii", "table", { identity: 128, reason: "ordinal not in range(128)" });
const latin1 = codec("latin-1", "table", { identity: 256, reason: "ordinal not in range(256)" });
const utf16le = codec("utf-16-le", "utf-16");
const utf32le = codec("utf-32-le", "utf-32");

/** Codecs by normalized name; character sets are added when first asked for. */
const codecs = new Map<string, Codec>([
  ...["utf-8", "utf8", "u8", "utf", "utf8-ucs2", "utf8-ucs4", "cp65001"].map(
    (name): [string, Codec] => [name, utf8],
  ),
  ["utf-8-sig", codec("utf-8", "utf-8", { mark: true })],
  ...["ascii", "us-ascii", "646", "ansi-x3.4-1968", "iso646-us"].map((name): [string, Codec] => [
    name,
    ascii,
  ]),
  ...["latin-1", "latin1", "latin", "l1", "iso-8859-1", "iso8859-1", "8859", "cp819"].map(
    (name): [string, Codec] => [name, latin1],
  ),
  ...["utf-16", "utf16", "u16"].map((name): [string, Codec] => [
    name,
    codec("utf-16", "utf-16", { mark: true }),
  ]),
  ...["utf-16-le", "utf-16le", "utf16-le"].map((name): [string, Codec] => [name, utf16le]),
  ...["utf-16-be", "utf-16be", "utf16-be"].map((name): [string, Codec] => [
    name,
    codec("utf-16-be", "utf-16", { bigEndian: true }),
  ]),
  ...["utf-32", "utf32", "u32"].map((name): [string, Codec] => [
    name,
    codec("utf-32", "utf-32", { mark: true }),
  ]),
  ...["utf-32-le", "utf-32le", "utf32-le"].map((name): [string, Codec] => [name, utf32le]),
  ...["utf-32-be", "utf-32be", "utf32-be"].map((name): [string, Codec] => [
    name,
    codec("utf-32-be", "utf-32", { bigEndian: true }),
  ]),
]);

/** Character sets by Python's name, as the Encoding Standard calls them. */
const CHARACTER_SETS = /^(?:cp|windows-)?(125[0-8]|874)$|^iso-?8859-(\d+)$|^koi8-[ru]$|^cp866$/;

/** The codec of an encoding's name; null with LookupError pending. */
export function findCodec(encoding: string): Codec | null {
  const name = encoding.toLowerCase().replace(/[_ ]/g, "-");
  const known = codecs.get(name);
  if (known !== undefined) return known;
  const match = CHARACTER_SETS.exec(name);
  if (match !== null) {
    const label =
      match[1] !== undefined ? `windows-${match[1]}` : match[0].replace("cp866", "ibm866");
    const made = characterSet(name, label.replace(/^iso8859/, "iso-8859"));
    if (made !== null) return made;
  }
  raise(T.LookupError, `unknown encoding: ${encoding}`);
  return null;
}

/** Bytes 0x80…0x9f of windows-1252, which Node 20 decodes as latin-1. */
const WINDOWS_1252 =
  "\u20ac\ufffd\u201a\u0192\u201e\u2026\u2020\u2021" +
  "\u02c6\u2030\u0160\u2039\u0152\ufffd\u017d\ufffd" +
  "\ufffd\u2018\u2019\u201c\u201d\u2022\u2013\u2014" +
  "\u02dc\u2122\u0161\u203a\u0153\ufffd\u017e\u0178";

/** A codec of 256 code points, taken from what TextDecoder makes of each byte. */
function characterSet(name: string, label: string): Codec | null {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label);
  } catch {
    return null;
  }
  const table = new Int32Array(256);
  const reverse = new Map<number, number>();
  const isWindows = label.startsWith("windows");
  for (let byte = 0; byte < 256; byte++) {
    let code = decoder.decode(Uint8Array.of(byte)).codePointAt(0) ?? -1;
    if (label === "windows-1252" && byte >= 0x80 && byte < 0xa0) {
      code = WINDOWS_1252.charCodeAt(byte - 0x80);
    }
    // The Encoding Standard fills gaps with control characters.
    if (code === 0xfffd || (isWindows && byte > 0x7f && code < 0xa0)) code = -1;
    table[byte] = code;
    if (table[byte] >= 0) reverse.set(code, byte);
  }
  const made = codec("charmap", "table", { table, reverse });
  codecs.set(name, made);
  return made;
}

/** Bytes under construction. */
class ByteSink {
  #bytes: Uint8Array;
  length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  byte(byte: number): void {
    if (this.length === this.#bytes.length) {
      const grown = new Uint8Array(2 * this.length + 16);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.length++] = byte;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}

function writeUtf8(sink: ByteSink, code: number): void {
  if (code < 0x80) sink.byte(code);
  else if (code < 0x800) {
    sink.byte(0xc0 | (code >> 6));
    sink.byte(0x80 | (code & 63));
  } else if (code < 0x10000) {
    sink.byte(0xe0 | (code >> 12));
    sink.byte(0x80 | ((code >> 6) & 63));
    sink.byte(0x80 | (code & 63));
  } else {
    sink.byte(0xf0 | (code >> 18));
    sink.byte(0x80 | ((code >> 12) & 63));
    sink.byte(0x80 | ((code >> 6) & 63));
    sink.byte(0x80 | (code & 63));
  }
}

function writeUnit(sink: ByteSink, unit: number, size: number, bigEndian: boolean): void {
  for (let i = 0; i < size; i++) {
    sink.byte((unit >>> (8 * (bigEndian ? size - 1 - i : i))) & 255);
  }
}

/** Write one code point; false when the codec cannot. */
function writeCode(sink: ByteSink, made: Codec, code: number): boolean {
  if (made.kind === "table") {
    if (code < made.identity) sink.byte(code);
    else {
      const byte = made.reverse.get(code);
      if (byte === undefined) return false;
      sink.byte(byte);
    }
    return true;
  }
  if (code >= Surrogate.First && code <= Surrogate.Last) return false;
  writeUnicode(sink, made, code);
  return true;
}

/** Write one code point, a surrogate perhaps, by a Unicode codec. */
function writeUnicode(sink: ByteSink, made: Codec, code: number): void {
  if (made.kind === "utf-8") writeUtf8(sink, code);
  else if (made.kind === "utf-32") writeUnit(sink, code, 4, made.bigEndian);
  else if (code < 0x10000) writeUnit(sink, code, 2, made.bigEndian);
  else {
    writeUnit(sink, 0xd800 + ((code - 0x10000) >> 10), 2, made.bigEndian);
    writeUnit(sink, 0xdc00 + (code & 0x3ff), 2, made.bigEndian);
  }
}

/** Raise UnicodeEncodeError or UnicodeDecodeError with its five arguments. `object` is borrowed. */
function raiseUnicode(
  type: Addr,
  name: string,
  object: Addr,
  start: number,
  end: number,
  reason: string,
): null {
  const tuple = newTuple(5);
  if (tuple === 0) return null;
  I32[object]++;
  const parts = [newStr(name), object, newInt(start), newInt(end), newStr(reason)];
  parts.forEach((part, i) => {
    I32[tuple + TupleObject.Items + 2 * i] = part;
  });
  const exc = parts.includes(0) ? 0 : callTuple(type, tuple, 0);
  decref(tuple);
  if (exc !== 0) raiseException(exc);
  return null;
}

function raiseUnknownHandler(errors: string): null {
  raise(T.LookupError, `unknown error handler name '${errors}'`);
  return null;
}

/** The bytes of `str`, for output and for bytes objects; null with an exception pending. */
export function encodeToArray(str: Addr, encoding: string, errors: string): Uint8Array | null {
  const made = findCodec(encoding);
  if (made === null) return null;
  const length = I32[str + StrObject.Length];
  if (isPlain(str, made)) {
    const data = I32[str + StrObject.Data];
    return U8.slice(data, data + length);
  }
  const sink = new ByteSink(length + (length >> 1) + 16);
  if (made.mark) writeUnicode(sink, made, 0xfeff);
  for (let i = 0; i < length; i++) {
    if (writeCode(sink, made, strCodeAt(str, i))) continue;
    let end = i + 1;
    const probe = new ByteSink(8);
    while (end < length && !writeCode(probe, made, strCodeAt(str, end))) end++;
    const from = i;
    for (; i < end; i++) {
      const handled = encodeBad(sink, made, strCodeAt(str, i), errors);
      if (handled === true) continue;
      if (handled === null) return raiseUnknownHandler(errors);
      return raiseUnicode(T.UnicodeEncodeError, made.name, str, from, end, made.reason);
    }
    i--;
  }
  return sink.finish();
}

/** Are the str's bytes what the codec would write? */
function isPlain(str: Addr, made: Codec): boolean {
  const state = I32[str + StrObject.State];
  if ((state & StrObject.Ascii) !== 0) {
    return (made.kind === "utf-8" && !made.mark) || made.identity > 0;
  }
  return made === latin1 && (state & StrObject.WidthMask) === 1;
}

/** Handle a code point that cannot be written: true, false for an error, null: no such handler. */
function encodeBad(sink: ByteSink, made: Codec, code: number, errors: string): boolean | null {
  switch (errors) {
    case "strict":
      return false;
    case "ignore":
      return true;
    case "replace":
      return writeCode(sink, made, 0x3f);
    case "surrogateescape":
      if (code < Surrogate.Escape + 0x80 || code > Surrogate.Escape + 0xff) return false;
      sink.byte(code - Surrogate.Escape);
      return true;
    case "surrogatepass":
      if (made.kind === "table" || code < Surrogate.First || code > Surrogate.Last) return false;
      writeUnicode(sink, made, code);
      return true;
    case "backslashreplace":
    case "xmlcharrefreplace":
      for (const c of errors === "xmlcharrefreplace" ? `&#${code};` : escapeOf(code)) {
        writeCode(sink, made, c.charCodeAt(0));
      }
      return true;
    default:
      return null;
  }
}

function escapeOf(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/** `str.encode(encoding, errors)`. */
export function encodeStr(str: Addr, encoding: string, errors: string): Addr {
  if (encoding === "utf-8" && (I32[str + StrObject.State] & StrObject.Ascii) !== 0) {
    return newBytesAt(I32[str + StrObject.Data], I32[str + StrObject.Length]);
  }
  const bytes = encodeToArray(str, encoding, errors);
  return bytes === null ? 0 : newBytes(bytes);
}

/** Decoding in progress: the bytes, where errors are reported, and what has been read. */
class Decoding {
  readonly builder: StrBuilder;

  /** @param object the bytes-like object, for the exception */
  constructor(
    readonly object: Addr,
    readonly offset: number,
    readonly length: number,
    readonly errors: string,
  ) {
    this.builder = new StrBuilder(length);
  }

  /** Handle the bad bytes `[start, end)`; false with an exception pending. */
  bad(name: string, start: number, end: number, reason: string): boolean {
    switch (this.errors) {
      case "ignore":
        return true;
      case "replace":
        this.builder.code(0xfffd);
        return true;
      case "backslashreplace":
        for (let i = start; i < end; i++) this.builder.text(escapeOf(U8[this.offset + i]));
        return true;
      case "surrogateescape":
        for (let i = start; i < end; i++) {
          const byte = U8[this.offset + i];
          if (byte < 0x80) return this.fail(name, start, end, reason);
          this.builder.code(Surrogate.Escape + byte);
        }
        return true;
      case "strict":
      case "surrogatepass":
        return this.fail(name, start, end, reason);
      default:
        this.builder.discard();
        raiseUnknownHandler(this.errors);
        return false;
    }
  }

  fail(name: string, start: number, end: number, reason: string): false {
    this.builder.discard();
    const bytes = newBytesAt(this.offset, this.length);
    if (bytes === 0) return false;
    raiseUnicode(T.UnicodeDecodeError, name, bytes, start, end, reason);
    decref(bytes);
    return false;
  }
}

function decodeUtf8(decoding: Decoding, from: number): boolean {
  const { offset, length, builder } = decoding;
  for (let at = from; at < length; ) {
    const lead = U8[offset + at];
    if (lead < 0x80) {
      builder.code(lead);
      at++;
      continue;
    }
    const size = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (size === 0) {
      if (!decoding.bad("utf-8", at, at + 1, "invalid start byte")) return false;
      at++;
      continue;
    }
    let code = lead & (0xff >> (size + 1));
    let got = 1;
    for (; got < size && at + got < length; got++) {
      const byte = U8[offset + at + got];
      if ((byte & 0xc0) !== 0x80 || (got === 1 && !isSecond(lead, byte, decoding.errors))) break;
      code = (code << 6) | (byte & 63);
    }
    if (got === size) builder.code(code);
    else {
      const reason = at + got < length ? "invalid continuation byte" : "unexpected end of data";
      if (!decoding.bad("utf-8", at, at + got, reason)) return false;
    }
    at += got;
  }
  return true;
}

/** May continuation byte `byte` follow `lead`: no overlong form, surrogate, or value too large? */
function isSecond(lead: number, byte: number, errors: string): boolean {
  if (lead === 0xe0) return byte >= 0xa0;
  if (lead === 0xed) return byte < 0xa0 || errors === "surrogatepass";
  if (lead === 0xf0) return byte >= 0x90;
  return lead !== 0xf4 || byte < 0x90;
}

function decodeTable(decoding: Decoding, made: Codec): boolean {
  const { offset, length, builder } = decoding;
  for (let at = 0; at < length; at++) {
    const byte = U8[offset + at];
    if (byte < made.identity) builder.code(byte);
    else if (made.table.length > 0 && made.table[byte] >= 0) builder.code(made.table[byte]);
    else if (!decoding.bad(made.name, at, at + 1, made.reason)) return false;
  }
  return true;
}

function decodeWide(decoding: Decoding, made: Codec): boolean {
  const { offset, length, builder } = decoding;
  const size = made.kind === "utf-16" ? 2 : 4;
  let bigEndian = made.bigEndian;
  const unitAt = (at: number): number => {
    let unit = 0;
    for (let i = 0; i < size; i++) {
      unit = unit * 256 + U8[offset + at + (bigEndian ? i : size - 1 - i)];
    }
    return unit;
  };
  let at = 0;
  if (made.mark && length >= size) {
    if (unitAt(0) === 0xfeff) at = size;
    else {
      bigEndian = true;
      if (unitAt(0) === 0xfeff) at = size;
      else bigEndian = false;
    }
  }
  const name = made.mark && size === 2 ? "utf-16" : made.name;
  for (; at < length; at += size) {
    if (at + size > length) {
      if (!decoding.bad(name, at, length, "truncated data")) return false;
      break;
    }
    const unit = unitAt(at);
    if (size === 4) {
      if (unit < 0x110000 && (unit < Surrogate.First || unit > Surrogate.Last)) builder.code(unit);
      else {
        const reason =
          unit < 0x110000
            ? "code point in surrogate code point range(0xd800, 0xe000)"
            : "code point not in range(0x110000)";
        if (!decoding.bad(name, at, at + 4, reason)) return false;
      }
    } else if (unit < Surrogate.First || unit > Surrogate.Last) builder.code(unit);
    else if (unit < 0xdc00 && at + 4 <= length && (unitAt(at + 2) & 0xfc00) === 0xdc00) {
      builder.code(0x10000 + ((unit & 0x3ff) << 10) + (unitAt(at + 2) & 0x3ff));
      at += 2;
    } else if (decoding.errors === "surrogatepass") builder.code(unit);
    else if (unit >= 0xdc00) {
      if (!decoding.bad(name, at, at + 2, "illegal encoding")) return false;
    } else if (at + 4 > length) {
      if (!decoding.bad(name, at, length, "unexpected end of data")) return false;
      break;
    } else if (!decoding.bad(name, at, at + 2, "illegal UTF-16 surrogate")) return false;
  }
  return true;
}

/** Decode the `length` bytes at byte offset `offset` of the heap, which belong to `object`. */
export function decodeBytes(
  object: Addr,
  offset: number,
  length: number,
  encoding: string,
  errors: string,
): Addr {
  const made = findCodec(encoding);
  if (made === null) return 0;
  if (length === 0) return newEmptyStr();
  if (made === latin1) return newStrLatin1(offset, length);
  if ((made === utf8 || made === ascii) && isAsciiAt(offset, length)) {
    return length > 1 ? newAscii(offset, length) : newStrLatin1(offset, length);
  }
  const decoding = new Decoding(object, offset, length, errors);
  let done: boolean;
  if (made.kind === "table") done = decodeTable(decoding, made);
  else if (made.kind === "utf-8") {
    const marked =
      made.mark && U8[offset] === 0xef && U8[offset + 1] === 0xbb && U8[offset + 2] === 0xbf;
    done = decodeUtf8(decoding, marked && length >= 3 ? 3 : 0);
  } else done = decodeWide(decoding, made);
  return done ? decoding.builder.finish() : 0;
}

function newAscii(offset: number, length: number): Addr {
  const str = newStrOfForm(length, StrForm.Ascii);
  if (str !== 0) U8.copyWithin(I32[str + StrObject.Data], offset, offset + length);
  return str;
}

/** `str(object, encoding, errors)`; `encoding` and `errors` are strings or 0. */
export function decodeObject(object: Addr, encoding: Addr, errors: Addr): Addr {
  if (encoding !== 0 && requireStrArgument(encoding, "str() argument 'encoding'") < 0) return 0;
  if (errors !== 0 && requireStrArgument(errors, "str() argument 'errors'") < 0) return 0;
  if (isStr(object)) return raise(T.TypeError, "decoding str is not supported");
  if (!readBuffer(object)) {
    const name = typeName(object);
    return raise(T.TypeError, `decoding to str: need a bytes-like object, ${name} found`);
  }
  const [offset, length] = [bufferOffset, bufferLength];
  return decodeBytes(object, offset, length, nameOr(encoding, "utf-8"), nameOr(errors, "strict"));
}

function nameOr(name: Addr, otherwise: string): string {
  return name === 0 ? otherwise : getString(name);
}

/** Encoding and error handler, read by {@link readCodecArguments}. */
export let givenEncoding = "utf-8";
export let givenErrors = "strict";
const given = new Int32Array(2);
const PARAMETERS = ["encoding", "errors"];

/** Read the arguments of encode and decode; false with an exception pending. */
export function readCodecArguments(
  name: string,
  args: Addr,
  nargs: number,
  kwnames: Addr,
): boolean {
  if (!bindArguments(name, args, nargs, kwnames, PARAMETERS, 0, given)) return false;
  for (let i = 0; i < 2; i++) {
    const what = `${name}() argument '${PARAMETERS[i]}'`;
    if (given[i] !== 0 && requireStrArgument(given[i], what) < 0) return false;
  }
  givenEncoding = nameOr(given[0], "utf-8");
  givenErrors = nameOr(given[1], "strict");
  return true;
}

/** The encoding method of str. */
export const codecMethods: MethodDef[] = [
  keywords("encode", (self, args, nargs, kwnames) => {
    if (!readCodecArguments("encode", args, nargs, kwnames)) return 0;
    return encodeStr(self, givenEncoding, givenErrors);
  }),
];
