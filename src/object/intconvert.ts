/** Ints and text or bytes: literals as `int()` reads them, digits in any base. */
import { type Addr, heap } from "../memory/heap.js";
import { pending, raise } from "./errors.js";
import { decref } from "./header.js";
import { bitLength, getBig, intToNumber, isBig, newInt, newIntFromBig } from "./int.js";
import { ObjectState } from "./state.js";
import { getString, newStr, reprStr } from "./str.js";
import { T } from "./types.js";

const I32 = heap.I32;

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

/** Digits of the int in `base` 2…36, with its sign and without prefix. No limit applies. */
export function intToString(a: Addr, base: number): string {
  return isBig(a) ? getBig(a).toString(base) : intToNumber(a).toString(base);
}

/** repr of an int: a str, or 0 with ValueError beyond the digit limit. */
export function reprInt(a: Addr): Addr {
  if (!isBig(a)) return newStr(String(intToNumber(a)));
  const limit = getDigitLimit();
  // 10 bits make 3 digits and a little; the exact count is checked behind.
  if (limit !== 0 && bitLength(a) > limit * 3.33) return raiseTooManyDigits("");
  const text = getBig(a).toString();
  if (limit !== 0 && text.length - (text[0] === "-" ? 1 : 0) > limit) return raiseTooManyDigits("");
  return newStr(text);
}
