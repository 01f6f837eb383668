/** Ints and text or bytes: literals as `int()` reads them, digits in any base. */
import { type Addr, heap } from "../memory/heap.js";
import { getIter, isIterable, iterNext } from "./abstract.js";
import { bufferLength, bufferOffset, readBuffer } from "./bytes.js";
import { pending, raise, typeName } from "./errors.js";
import { decref } from "./header.js";
import { asIndex, bitLength, getBig, intToNumber, isBig, newInt, newIntFromBig } from "./int.js";
import { IntObject } from "./layout.js";
import { ObjectState } from "./state.js";
import { getString, isStr, newStr, newStrLatin1, reprStr } from "./str.js";
import { T } from "./types.js";

const I32 = heap.I32;
const U8 = heap.U8;

/** sys.int_info: digits allowed in a conversion from or to decimal text, unless changed. */
export const enum DigitLimit {
  Default = 4300,
  /** The least limit besides 0, none. */
  Threshold = 640,
}

/** sys.get_int_max_str_digits(). */
export function getDigitLimit(): number {
  return I32[ObjectState.DigitLimitChange] + DigitLimit.Default;
}

/** sys.set_int_max_str_digits(); `limit` is 0 or at least `DigitLimit.Threshold`. */
export function setDigitLimit(limit: number): void {
  I32[ObjectState.DigitLimitChange] = limit - DigitLimit.Default;
}

function raiseTooManyDigits(detail: string): 0 {
  const limit = `Exceeds the limit (${getDigitLimit()} digits) for integer string conversion`;
  const advice = "use sys.set_int_max_str_digits() to increase the limit";
  return raise(T.ValueError, `${limit}${detail}; ${advice}`);
}

/** Replace decimal digits and white space of any script by ASCII ones. */
export function toAsciiDigits(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return text.replace(/\p{Nd}/gu, (digit) => {
    // Digits of a script stand in a row from its zero.
    let zero = digit.codePointAt(0) as number;
    let value = 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) {
      zero--;
      value++;
    }
    return String(blockDigit(digit.codePointAt(0) as number, value));
  });
}

/** Mathematical digits stand in five rows without a gap; elsewhere the row tells the value. */
function blockDigit(code: number, value: number): number {
  return code >= 0x1d7ce && code <= 0x1d7ff ? (code - 0x1d7ce) % 10 : value;
}

const WHITE_SPACE = /^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g;
const PREFIX: Record<string, number> = { "0x": 16, "0o": 8, "0b": 2 };

/** Sign, base and bare digits of a literal; null where it is none. */
function splitLiteral(text: string, base: number): { digits: string; base: number } | null {
  let digits = text;
  let radix = base;
  const prefix = PREFIX[digits.slice(0, 2).toLowerCase()];
  if (prefix !== undefined && (base === prefix || base === 0)) {
    radix = prefix;
    digits = digits.slice(2);
    if (digits[0] === "_") digits = digits.slice(1);
  } else if (base === 0) {
    radix = 10;
    // A leading zero is allowed for zero only.
    if (/^0[_0]*[^_0]/.test(digits)) return null;
  }
  if (digits === "" || !/^[0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*$/.test(digits)) return null;
  digits = digits.replaceAll("_", "");
  for (let i = 0; i < digits.length; i++) {
    if (Number.parseInt(digits[i], 36) >= radix) return null;
  }
  return { digits, base: radix };
}

function bigFromDigits(digits: string, base: number): bigint {
  if (base === 10) return BigInt(digits);
  if (base === 16) return BigInt(`0x${digits}`);
  if (base === 8) return BigInt(`0o${digits}`);
  if (base === 2) return BigInt(`0b${digits}`);
  if (digits.length <= 10) return BigInt(Number.parseInt(digits, base));
  const half = digits.length >> 1;
  const high = bigFromDigits(digits.slice(0, -half), base);
  return high * BigInt(base) ** BigInt(half) + bigFromDigits(digits.slice(-half), base);
}

/** The int that `text` stands for in `base` (0: by prefix); 0, without exception, if none. */
function readInt(text: string, base: number): Addr {
  let rest = toAsciiDigits(text).replace(WHITE_SPACE, "");
  const negative = rest[0] === "-";
  if (negative || rest[0] === "+") rest = rest.slice(1);
  const literal = splitLiteral(rest, base);
  if (literal === null) return 0;
  const { digits } = literal;
  if (digits.length <= 10) {
    const value = Number.parseInt(digits, literal.base);
    return newInt(negative ? -value : value);
  }
  const limit = getDigitLimit();
  if (limit !== 0 && digits.length > limit && (literal.base & (literal.base - 1)) !== 0) {
    return raiseTooManyDigits(`: value has ${digits.length} digits`);
  }
  const value = bigFromDigits(digits, literal.base);
  return newIntFromBig(negative ? -value : value);
}

/** int(text, base) of a JavaScript string. */
function readLiteral(text: string, base: number): Addr {
  const str = newStr(text);
  if (str === 0) return 0;
  const result = parseIntStr(str, base);
  decref(str);
  return result;
}

/** int(str, base) of a Python string. */
export function parseIntStr(str: Addr, base: number): Addr {
  const text = getString(str);
  if (base === 10 && /^[0-9]{1,9}$/.test(text)) return newInt(+text);
  if (base !== 0 && (base < 2 || base > 36)) {
    return raise(T.ValueError, "int() base must be >= 2 and <= 36, or 0");
  }
  const a = readInt(text, base);
  if (a !== 0 || pending()) return a;
  const shown = reprStr(str);
  if (shown === 0) return 0;
  const message = `invalid literal for int() with base ${base}: ${getString(shown).slice(0, 200)}`;
  decref(shown);
  return raise(T.ValueError, message);
}

export { readLiteral as parseInt };

/** int(object, base) of bytes or a bytearray; -1 without exception where it is neither. */
export function parseIntBytes(object: Addr, base: number): Addr {
  const source = bytesOf(object);
  if (source === null) return -1;
  let text = "";
  for (const byte of source) text += String.fromCharCode(byte < 128 ? byte : 0xfffd);
  const a = readInt(text, base);
  if (a !== 0 || pending()) return a;
  return raise(
    T.ValueError,
    `invalid literal for int() with base ${base}: ${shownBytes(source).slice(0, 200)}`,
  );
}

const ESCAPES: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** repr of bytes, for messages. */
export function shownBytes(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, 250));
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let shown = `b${quote}`;
  for (const c of text) {
    if (c === quote) shown += `\\${c}`;
    else if (ESCAPES[c] !== undefined) shown += ESCAPES[c];
    else if (c >= " " && c <= "~") shown += c;
    else shown += `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`;
  }
  return shown + quote;
}

/** The two's complement of an int in `length` bytes; null with OverflowError if it does not fit. */
export function toBytes(
  a: Addr,
  length: number,
  little: boolean,
  signed: boolean,
): Uint8Array | null {
  const value = getBig(a);
  if (value < 0n && !signed) {
    raise(T.OverflowError, "can't convert negative int to unsigned");
    return null;
  }
  const bits = BigInt(length) * 8n;
  const limit = signed ? bits - 1n : bits;
  const fits = length === 0 ? value === 0n : value >> limit === (value < 0n ? -1n : 0n);
  if (!fits) {
    raise(T.OverflowError, "int too big to convert");
    return null;
  }
  const bytes = new Uint8Array(length);
  const hex = BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, "0");
  for (let i = 0; i < length; i++) {
    const byte = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
    bytes[little ? length - 1 - i : i] = byte;
  }
  return bytes;
}

/** The int that bytes (any bytes-like object or iterable of ints) stand for. */
export function newIntFromBytes(source: Addr, little: boolean, signed: boolean): Addr {
  const bytes = bytesOf(source) ?? bytesOfItems(source);
  if (bytes === null) return 0;
  let hex = "0";
  for (let i = 0; i < bytes.length; i++) {
    hex += bytes[little ? bytes.length - 1 - i : i].toString(16).padStart(2, "0");
  }
  const value = BigInt(`0x${hex}`);
  return newIntFromBig(signed ? BigInt.asIntN(bytes.length * 8, value) : value);
}

/** The bytes that the items of an iterable are; null with an exception pending. */
function bytesOfItems(source: Addr): Uint8Array | null {
  if (isStr(source) || !isIterable(source)) {
    raise(T.TypeError, `cannot convert '${typeName(source)}' object to bytes`);
    return null;
  }
  const iterator = getIter(source);
  if (iterator === 0) return null;
  const bytes: number[] = [];
  for (let item = iterNext(iterator); item !== 0; item = iterNext(iterator)) {
    const byte = asIndex(item, T.IndexError);
    decref(item);
    if (Number.isNaN(byte)) break;
    if (byte < 0 || byte > 255) {
      raise(T.ValueError, "bytes must be in range(0, 256)");
      break;
    }
    bytes.push(byte);
  }
  decref(iterator);
  return pending() ? null : Uint8Array.from(bytes);
}

/** A copy of the bytes of an object with a buffer; null for other objects. */
export function bytesOf(object: Addr): Uint8Array | null {
  if (!readBuffer(object)) return null;
  return heap.U8.slice(bufferOffset, bufferOffset + bufferLength);
}

/** Digits of the int in `base` 2…36, with its sign and without prefix. No limit applies. */
export function intToString(a: Addr, base: number): string {
  return isBig(a) ? getBig(a).toString(base) : intToNumber(a).toString(base);
}

/** Decimal digits of the int, with its sign; empty with ValueError beyond the digit limit. */
export function decimalString(a: Addr): string {
  if (!isBig(a)) return String(intToNumber(a));
  const limit = getDigitLimit();
  // A digit takes at least 3.32 bits; the exact count is checked below.
  if (limit === 0 || bitLength(a) <= limit * 3.33) {
    const text = getBig(a).toString();
    if (limit === 0 || text.length - (text[0] === "-" ? 1 : 0) <= limit) return text;
  }
  raiseTooManyDigits("");
  return "";
}

/** Decimal digits of a compact value, written without a JavaScript string. */
function reprCompact(value: number): Addr {
  const end = (ObjectState.DigitScratch << 2) + 12;
  let at = end;
  let rest = value < 0 ? -value : value;
  do {
    const next = (rest / 10) | 0;
    U8[--at] = 48 + rest - next * 10;
    rest = next;
  } while (rest !== 0);
  if (value < 0) U8[--at] = 45;
  return newStrLatin1(at, end - at);
}

/** repr of an int: a str, or 0 with ValueError beyond the digit limit. */
export function reprInt(a: Addr): Addr {
  const value = I32[a + IntObject.Value];
  if (value !== IntObject.NotCompact) return reprCompact(value);
  const text = decimalString(a);
  return text === "" ? 0 : newStr(text);
}
