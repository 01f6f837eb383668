/** The reading half of json, after Modules/_json.c: text to values. Holds the GIL (I25). */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments } from "../object/arguments.js";
import { getAttr } from "../object/attribute.js";
import { call1, call3, enterRecursion, leaveRecursion } from "../object/call.js";
import { defineType, member } from "../object/define.js";
import { dictSetStr, newDict } from "../object/dict.js";
import { newNone, pending, raise, raiseException, raiseValue, typeName } from "../object/errors.js";
import { newFloat } from "../object/float.js";
import { newGcObject, track } from "../object/gcheader.js";
import { decref, incref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { asSsize, newBool, newInt } from "../object/int.js";
import { parseIntStr } from "../object/intconvert.js";
import { StrObject, TypeFlag } from "../object/layout.js";
import { listAppendSteal, newList } from "../object/list.js";
import { fieldSlots } from "../object/nativeiterator.js";
import { isTrue } from "../object/number.js";
import { isStr, newStr, newStrLatin1, StrBuilder, strCodeAt, strSlice } from "../object/str.js";
import { newTuple2 } from "../object/tuple.js";
import { T } from "../object/types.js";
import { importPath } from "../vm/import.js";

const I32 = heap.I32;
const U16 = heap.U16;
const U8 = heap.U8;

const bound = new Int32Array(4);

const ID_strict = identifier("strict");
const ID_objectHook = identifier("object_hook");
const ID_pairsHook = identifier("object_pairs_hook");
const ID_parseFloat = identifier("parse_float");
const ID_parseInt = identifier("parse_int");
const ID_parseConstant = identifier("parse_constant");
const ID_JSONDecodeError = identifier("JSONDecodeError");

/** A scanner: what the decoder it was made for wants done. */
const enum Scanner {
  ObjectHook = 4,
  PairsHook = 6,
  ParseFloat = 8,
  ParseInt = 10,
  ParseConstant = 12,
  StrictObject = 14,
  /** Truth of StrictObject. */
  Strict = 16,
  Bytes = 72,
}

const enum Char {
  Quote = 0x22,
  Plus = 0x2b,
  Comma = 0x2c,
  Minus = 0x2d,
  Dot = 0x2e,
  Zero = 0x30,
  Nine = 0x39,
  Colon = 0x3a,
  BracketOpen = 0x5b,
  Backslash = 0x5c,
  BracketClose = 0x5d,
  BraceOpen = 0x7b,
  BraceClose = 0x7d,
}

/** The state of one scan. */
interface Scan {
  str: Addr;
  /** Byte offset of the text, bytes a character, number of characters. */
  data: number;
  width: number;
  length: number;
  /** Where the scan is; after a value: behind it. */
  at: number;
  strict: boolean;
  scanner: Addr;
  /** Keys met so far, each owned, by a hash of their text. */
  keys: Int32Array;
}

function codeAt(scan: Scan, index: number): number {
  if (scan.width === 1) return U8[scan.data + index];
  if (scan.width === 2) return U16[(scan.data >> 1) + index];
  return I32[(scan.data >> 2) + index];
}

/** Raise json.JSONDecodeError(message, text, position). */
function fail(str: Addr, message: string, position: number): 0 {
  const module = importPath("json.decoder");
  const type = module === 0 ? 0 : getAttr(module, ID_JSONDecodeError);
  if (module !== 0) decref(module);
  if (type === 0) return 0;
  const text = newStr(message);
  const place = newInt(position);
  const error = text === 0 || place === 0 ? 0 : call3(type, text, str, place);
  if (text !== 0) decref(text);
  if (place !== 0) decref(place);
  decref(type);
  return error === 0 ? 0 : raiseException(error);
}

/** Nothing begins at `position`: the decoder makes an error of it. */
function failValue(position: number): 0 {
  const place = newInt(position);
  if (place === 0) return 0;
  raiseValue(T.StopIteration, place);
  decref(place);
  return 0;
}

/** Index of the first character that is no white space, from `index` on. */
function skipSpace(scan: Scan, index: number): number {
  let i = index;
  while (i < scan.length) {
    const code = codeAt(scan, i);
    if (code > 0x20 || (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09)) break;
    i++;
  }
  return i;
}

/** Value of four hexadecimal digits; -1: not. */
function hexAt(scan: Scan, index: number): number {
  let value = 0;
  for (let i = index; i < index + 4; i++) {
    const code = codeAt(scan, i);
    let digit = code - Char.Zero;
    if (digit < 0 || digit > 9) {
      const letter = (code | 0x20) - 0x61;
      if (code > 0x7f || letter < 0 || letter > 5) return -1;
      digit = letter + 10;
    }
    value = value * 16 + digit;
  }
  return value;
}

const ESCAPES = new Uint8Array(128);
for (const [letter, meaning] of ['""', "\\\\", "//", "b\b", "f\f", "n\n", "r\r", "t\t"]) {
  ESCAPES[letter.charCodeAt(0)] = meaning.charCodeAt(0);
}

/** The text of a `\u` escape whose digits begin at `index`; sets `at`. -1: exception. */
function unicodeEscape(scan: Scan, index: number): number {
  if (index + 4 >= scan.length) {
    fail(scan.str, "Invalid \\uXXXX escape", index - 1);
    return -1;
  }
  const code = hexAt(scan, index);
  if (code < 0) {
    fail(scan.str, "Invalid \\uXXXX escape", index - 1);
    return -1;
  }
  scan.at = index + 4;
  const pair = (code & 0xfc00) === 0xd800 && index + 10 < scan.length;
  if (!pair || codeAt(scan, index + 4) !== Char.Backslash || codeAt(scan, index + 5) !== 0x75) {
    return code;
  }
  const second = hexAt(scan, index + 6);
  if (second < 0) {
    fail(scan.str, "Invalid \\uXXXX escape", index + 5);
    return -1;
  }
  if ((second & 0xfc00) !== 0xdc00) return code;
  scan.at = index + 10;
  return 0x10000 + ((code & 0x3ff) << 10) + (second & 0x3ff);
}

/** The escape whose backslash stands before `at`, as a code point; -1: exception. */
function escapeAt(scan: Scan, begin: number): number {
  const index = scan.at;
  if (index >= scan.length) {
    fail(scan.str, "Unterminated string starting at", begin);
    return -1;
  }
  const code = codeAt(scan, index);
  if (code === 0x75) return unicodeEscape(scan, index + 1);
  scan.at = index + 1;
  const meaning = code < 128 ? ESCAPES[code] : 0;
  if (meaning !== 0) return meaning;
  fail(scan.str, "Invalid \\escape", index - 1);
  return -1;
}

/** Index of the quote or backslash that ends the plain text from `start` on; -1: exception. */
function plainEnd(scan: Scan, start: number, begin: number): number {
  const { length, strict } = scan;
  for (let i = start; i < length; i++) {
    const code = codeAt(scan, i);
    if (code === Char.Quote || code === Char.Backslash) return i;
    if (code < 0x20 && strict) {
      fail(scan.str, "Invalid control character at", i);
      return -1;
    }
  }
  fail(scan.str, "Unterminated string starting at", begin);
  return -1;
}

function newText(scan: Scan, start: number, stop: number): Addr {
  if (scan.width === 1) return newStrLatin1(scan.data + start, stop - start);
  return strSlice(scan.str, start, stop);
}

/** The string whose text begins at `at`, behind its quote; leaves `at` behind the other. */
function scanText(scan: Scan): Addr {
  const start = scan.at;
  const end = plainEnd(scan, start, start - 1);
  if (end < 0) return 0;
  if (codeAt(scan, end) === Char.Quote) {
    scan.at = end + 1;
    return newText(scan, start, end);
  }
  const builder = new StrBuilder(end - start + 16);
  if (assemble(scan, builder, start, end)) return builder.finish();
  builder.discard();
  return 0;
}

/** Collect a string with escapes: its plain text is known up to the backslash at `first`. */
function assemble(scan: Scan, builder: StrBuilder, start: number, first: number): boolean {
  let from = start;
  let end = first;
  for (;;) {
    builder.slice(scan.str, from, end);
    scan.at = end + 1;
    if (codeAt(scan, end) === Char.Quote) return true;
    const code = escapeAt(scan, start - 1);
    if (code < 0) return false;
    builder.code(code);
    from = scan.at;
    end = plainEnd(scan, from, start - 1);
    if (end < 0) return false;
  }
}

/** Places for keys that are looked up by their text. */
const KEY_SLOTS = 512;

/** The str of a key (new reference); `at` is behind its quote. Keys that recur are one object. */
function scanKey(scan: Scan): Addr {
  const start = scan.at;
  const end = plainEnd(scan, start, start - 1);
  if (end < 0) return 0;
  if (codeAt(scan, end) !== Char.Quote || scan.width !== 1 || end - start > 64) {
    return scanText(scan);
  }
  scan.at = end + 1;
  const from = scan.data + start;
  const n = end - start;
  let hash = n;
  for (let i = 0; i < n; i++) hash = Math.imul(hash, 31) + U8[from + i];
  const slot = (hash ^ (hash >>> 15)) & (KEY_SLOTS - 1);
  const known = scan.keys[slot];
  if (known !== 0) {
    if (sameText(known, from, n)) return incref(known);
    decref(known);
  }
  const key = newStrLatin1(from, n);
  scan.keys[slot] = key === 0 ? 0 : incref(key);
  return key;
}

function sameText(str: Addr, from: number, n: number): boolean {
  if (I32[str + StrObject.Length] !== n) return false;
  const data = I32[str + StrObject.Data];
  for (let i = 0; i < n; i++) if (U8[data + i] !== U8[from + i]) return false;
  return true;
}

/** Tables of keys that are not in use: hooks may begin a scan within a scan. */
const spareKeys: Int32Array[] = [];

function releaseKeys(keys: Int32Array): void {
  for (let i = 0; i < KEY_SLOTS; i++) {
    const key = keys[i];
    if (key === 0) continue;
    keys[i] = 0;
    decref(key);
  }
  spareKeys.push(keys);
}

function isDigitAt(scan: Scan, index: number): boolean {
  if (index >= scan.length) return false;
  const code = codeAt(scan, index);
  return code >= Char.Zero && code <= Char.Nine;
}

function skipDigits(scan: Scan, index: number): number {
  let i = index;
  while (isDigitAt(scan, i)) i++;
  return i;
}

/** End of the exponent at `index`, or `index` where there is none. */
function exponentEnd(scan: Scan, index: number): number {
  if (index + 1 >= scan.length || (codeAt(scan, index) | 0x20) !== 0x65) return index;
  const sign = codeAt(scan, index + 1);
  const digits = sign === Char.Minus || sign === Char.Plus ? index + 2 : index + 1;
  return isDigitAt(scan, digits) ? skipDigits(scan, digits) : index;
}

function scanNumber(scan: Scan, start: number): Addr {
  const whole = codeAt(scan, start) === Char.Minus ? start + 1 : start;
  if (!isDigitAt(scan, whole)) return failValue(start);
  const wholeEnd = codeAt(scan, whole) === Char.Zero ? whole + 1 : skipDigits(scan, whole);
  let end = wholeEnd;
  const point = end < scan.length && codeAt(scan, end) === Char.Dot;
  if (point && isDigitAt(scan, end + 1)) end = skipDigits(scan, end + 1);
  const fractionEnd = end;
  end = exponentEnd(scan, end);
  scan.at = end;
  if (end === wholeEnd) return integerAt(scan, start, whole, end);
  const hook = I32[scan.scanner + Scanner.ParseFloat];
  if (hook !== T.Float) return callWithText(hook, scan, start, end);
  if (end === fractionEnd && end - whole <= 16) {
    return newFloat(decimalAt(scan, whole, wholeEnd, end, whole !== start));
  }
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(codeAt(scan, i));
  return newFloat(Number(text));
}

/**
 * At most 15 digits with a point: digits and power of ten are exact doubles, so that one division
 * rounds correctly.
 */
function decimalAt(
  scan: Scan,
  whole: number,
  wholeEnd: number,
  end: number,
  negative: boolean,
): number {
  let digits = 0;
  for (let i = whole; i < wholeEnd; i++) digits = digits * 10 + codeAt(scan, i) - Char.Zero;
  for (let i = wholeEnd + 1; i < end; i++) digits = digits * 10 + codeAt(scan, i) - Char.Zero;
  const value = digits / POWERS[end - wholeEnd - 1];
  return negative ? -value : value;
}

const POWERS = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

function integerAt(scan: Scan, start: number, whole: number, end: number): Addr {
  const hook = I32[scan.scanner + Scanner.ParseInt];
  if (hook !== T.Int) return callWithText(hook, scan, start, end);
  if (end - whole <= 15) {
    let value = 0;
    for (let i = whole; i < end; i++) value = value * 10 + codeAt(scan, i) - Char.Zero;
    return newInt(whole === start || value === 0 ? value : -value);
  }
  const text = newText(scan, start, end);
  if (text === 0) return 0;
  const result = parseIntStr(text, 10);
  decref(text);
  return result;
}

function callWithText(f: Addr, scan: Scan, start: number, end: number): Addr {
  const text = newText(scan, start, end);
  if (text === 0) return 0;
  const result = call1(f, text);
  decref(text);
  return result;
}

function wordAt(scan: Scan, start: number, word: string): boolean {
  if (start + word.length > scan.length) return false;
  for (let i = 0; i < word.length; i++) {
    if (codeAt(scan, start + i) !== word.charCodeAt(i)) return false;
  }
  scan.at = start + word.length;
  return true;
}

/** A value that begins with a letter, or the number at `start`. */
function scanWord(scan: Scan, start: number, code: number): Addr {
  if (code === 0x6e && wordAt(scan, start, "null")) return newNone();
  if (code === 0x74 && wordAt(scan, start, "true")) return newBool(true);
  if (code === 0x66 && wordAt(scan, start, "false")) return newBool(false);
  const constant =
    (code === 0x4e && wordAt(scan, start, "NaN")) ||
    (code === 0x49 && wordAt(scan, start, "Infinity")) ||
    (code === Char.Minus && wordAt(scan, start, "-Infinity"));
  if (!constant) return scanNumber(scan, start);
  return callWithText(I32[scan.scanner + Scanner.ParseConstant], scan, start, scan.at);
}

/** The value that begins at `start`; leaves `at` behind it. */
function scanValue(scan: Scan, start: number): Addr {
  if (start >= scan.length) return failValue(start);
  const code = codeAt(scan, start);
  if (code === Char.Quote) {
    scan.at = start + 1;
    return scanText(scan);
  }
  const isObject = code === Char.BraceOpen;
  if (!isObject && code !== Char.BracketOpen) return scanWord(scan, start, code);
  const what = isObject ? "object" : "array";
  if (!enterRecursion(` while decoding a JSON ${what} from a unicode string`)) return 0;
  const result = isObject ? scanObject(scan, start + 1) : scanArray(scan, start + 1);
  leaveRecursion();
  return result;
}

function scanArray(scan: Scan, start: number): Addr {
  const list = newList(0);
  if (list === 0) return 0;
  if (fillArray(scan, start, list)) return list;
  decref(list);
  return 0;
}

function fillArray(scan: Scan, start: number, list: Addr): boolean {
  let index = skipSpace(scan, start);
  if (index < scan.length && codeAt(scan, index) === Char.BracketClose) {
    scan.at = index + 1;
    return true;
  }
  for (;;) {
    const value = scanValue(scan, index);
    if (value === 0 || listAppendSteal(list, value) < 0) return false;
    index = skipSpace(scan, scan.at);
    const code = index < scan.length ? codeAt(scan, index) : 0;
    if (code === Char.BracketClose) {
      scan.at = index + 1;
      return true;
    }
    if (code !== Char.Comma) {
      fail(scan.str, "Expecting ',' delimiter", index);
      return false;
    }
    index = skipSpace(scan, index + 1);
  }
}

function scanObject(scan: Scan, start: number): Addr {
  const pairsHook = I32[scan.scanner + Scanner.PairsHook];
  const hook = I32[scan.scanner + Scanner.ObjectHook];
  const pairs = pairsHook !== 0;
  const object = pairs ? newList(0) : newDict();
  if (object === 0) return 0;
  if (!fillObject(scan, start, object, pairs)) {
    decref(object);
    return 0;
  }
  const given = pairs ? pairsHook : hook;
  if (given === 0) return object;
  const at = scan.at;
  const result = call1(given, object);
  decref(object);
  scan.at = at;
  return result;
}

function fillObject(scan: Scan, start: number, object: Addr, pairs: boolean): boolean {
  let index = skipSpace(scan, start);
  if (index < scan.length && codeAt(scan, index) === Char.BraceClose) {
    scan.at = index + 1;
    return true;
  }
  for (;;) {
    if (!scanPair(scan, index, object, pairs)) return false;
    index = skipSpace(scan, scan.at);
    const code = index < scan.length ? codeAt(scan, index) : 0;
    if (code === Char.BraceClose) {
      scan.at = index + 1;
      return true;
    }
    if (code !== Char.Comma) {
      fail(scan.str, "Expecting ',' delimiter", index);
      return false;
    }
    index = skipSpace(scan, index + 1);
  }
}

function scanPair(scan: Scan, start: number, object: Addr, pairs: boolean): boolean {
  if (start >= scan.length || codeAt(scan, start) !== Char.Quote) {
    fail(scan.str, "Expecting property name enclosed in double quotes", start);
    return false;
  }
  scan.at = start + 1;
  const key = scanKey(scan);
  if (key === 0) return false;
  const colon = skipSpace(scan, scan.at);
  let value: Addr = 0;
  if (colon >= scan.length || codeAt(scan, colon) !== Char.Colon) {
    fail(scan.str, "Expecting ':' delimiter", colon);
  } else value = scanValue(scan, skipSpace(scan, colon + 1));
  let status = -1;
  if (value !== 0) {
    if (pairs) {
      const pair = newTuple2(key, value);
      status = pair === 0 ? -1 : listAppendSteal(object, pair);
    } else status = dictSetStr(object, key, value);
    decref(value);
  }
  decref(key);
  return status === 0;
}

/** Begin a scan of `str`; what it leaves is released by {@link endScan}. */
function newScan(str: Addr, scanner: Addr, strict: boolean): Scan {
  return {
    str,
    data: I32[str + StrObject.Data],
    width: I32[str + StrObject.State] & StrObject.WidthMask,
    length: I32[str + StrObject.Length],
    at: 0,
    strict,
    scanner,
    keys: spareKeys.pop() ?? new Int32Array(KEY_SLOTS),
  };
}

/** `(value, end)`; the value's reference is taken over; 0 stays 0. */
function newResult(value: Addr, end: number): Addr {
  if (value === 0) return 0;
  const place = newInt(end);
  const result = place === 0 ? 0 : newTuple2(value, place);
  if (place !== 0) decref(place);
  decref(value);
  return result;
}

function scannerCall(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["string", "idx"];
  if (!bindArguments("scan_once", args, nargs, kwnames, names, 2, bound)) return 0;
  const str = bound[0];
  const index = asSsize(bound[1]);
  if (Number.isNaN(index)) return 0;
  if (!isStr(str)) {
    return raise(T.TypeError, `first argument must be a string, not ${typeName(str)}`);
  }
  if (index < 0) return raise(T.ValueError, "idx cannot be negative");
  const scan = newScan(str, self, I32[self + Scanner.Strict] !== 0);
  const value = scanValue(scan, index);
  releaseKeys(scan.keys);
  return newResult(value, scan.at);
}

/** Take a hook over from the decoder: None stands for none. */
function takeHook(
  self: Addr,
  field: number,
  context: Addr,
  name: Addr,
  optional: boolean,
): boolean {
  const hook = getAttr(context, name);
  if (hook === 0) return false;
  if (optional && isTrue(hook) === 0) decref(hook);
  else I32[self + field] = hook;
  return !pending();
}

function scannerNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("make_scanner", args, nargs, kwnames, ["context"], 1, bound)) return 0;
  const context = bound[0];
  const self = newGcObject(type, Scanner.Bytes);
  if (self === 0) return 0;
  track(self);
  if (
    takeHook(self, Scanner.StrictObject, context, ID_strict, false) &&
    takeHook(self, Scanner.ObjectHook, context, ID_objectHook, true) &&
    takeHook(self, Scanner.PairsHook, context, ID_pairsHook, true) &&
    takeHook(self, Scanner.ParseFloat, context, ID_parseFloat, false) &&
    takeHook(self, Scanner.ParseInt, context, ID_parseInt, false) &&
    takeHook(self, Scanner.ParseConstant, context, ID_parseConstant, false)
  ) {
    const strict = isTrue(I32[self + Scanner.StrictObject]);
    I32[self + Scanner.Strict] = strict;
    if (strict >= 0) return self;
  }
  decref(self);
  return 0;
}

defineType({
  type: T.JsonScanner,
  name: "_json.Scanner",
  flags: TypeFlag.HasGc,
  basicSize: Scanner.Bytes,
  slots: {
    ...fieldSlots([
      Scanner.StrictObject,
      Scanner.ObjectHook,
      Scanner.PairsHook,
      Scanner.ParseFloat,
      Scanner.ParseInt,
      Scanner.ParseConstant,
    ]),
    new: scannerNew,
    call: scannerCall,
  },
  members: [
    member("strict", Scanner.StrictObject),
    member("object_hook", Scanner.ObjectHook),
    member("object_pairs_hook", Scanner.PairsHook),
    member("parse_float", Scanner.ParseFloat),
    member("parse_int", Scanner.ParseInt),
    member("parse_constant", Scanner.ParseConstant),
  ],
});

/** `scanstring(string, end, strict=True)`: the string that begins at `end`, and where it ends. */
export function scanString(_module: Addr, args: Addr, nargs: number): Addr {
  if (nargs < 2 || nargs > 3) {
    const bound = nargs < 2 ? "at least 2" : "at most 3";
    return raise(T.TypeError, `scanstring() takes ${bound} arguments (${nargs} given)`);
  }
  const str = I32[args];
  const end = asSsize(I32[args + 1]);
  if (Number.isNaN(end)) return 0;
  const strict = nargs > 2 ? isTrue(I32[args + 2]) : 1;
  if (strict < 0) return 0;
  if (!isStr(str)) {
    return raise(T.TypeError, `first argument must be a string, not ${typeName(str)}`);
  }
  if (end < 0 || end > I32[str + StrObject.Length]) {
    return raise(T.ValueError, "end is out of bounds");
  }
  const scan = newScan(str, 0, strict !== 0);
  scan.at = end;
  const text = scanText(scan);
  releaseKeys(scan.keys);
  return newResult(text, scan.at);
}

/** `_skip_space(string, index)`: index of what is no white space, from `index` on. */
export function skipSpaceFrom(_module: Addr, args: Addr): Addr {
  const str = I32[args];
  if (!isStr(str)) {
    return raise(T.TypeError, `expected string or bytes-like object, got '${typeName(str)}'`);
  }
  let index = asSsize(I32[args + 1]);
  if (Number.isNaN(index)) return 0;
  for (; index < I32[str + StrObject.Length]; index++) {
    const code = strCodeAt(str, index);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
  }
  return newInt(index);
}
