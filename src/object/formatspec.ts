/**
 * The format specification mini-language and `__format__` of the numbers, with CPython 3.11's
 * messages (after Python/formatter_unicode.c). str's own `__format__` uses the parser.
 */
import type { Addr } from "../memory/heap.js";
import { getImag, getReal } from "./complex.js";
import { raise, raiseMemoryError, typeName } from "./errors.js";
import { getDouble, intAsDouble } from "./float.js";
import { type DoubleFormat, formatDouble } from "./floatformat.js";
import { intToNumber } from "./int.js";
import { decimalString, intToString } from "./intconvert.js";
import { newStr, newStrFromCode } from "./str.js";
import { T } from "./types.js";

/** A parsed specification. Characters are JavaScript strings of one code point. */
export interface FormatSpec {
  fill: string;
  align: string;
  /** Was the alignment written out, or implied by `0`? */
  alignGiven: boolean;
  /** `+`, `-`, space, or empty. */
  sign: string;
  coerceZero: boolean;
  alternate: boolean;
  /** -1: none. */
  width: number;
  /** `,`, `_`, or empty. */
  grouping: string;
  /** -1: none. */
  precision: number;
  /** Presentation type; empty: none. */
  type: string;
}

const MAX_COUNT = 2147483647;
/** Widths above it cannot be had: a JavaScript string of that length does not exist. */
const MAX_WIDTH = 1 << 28;

function isAlign(c: string | undefined): boolean {
  return c === "<" || c === ">" || c === "=" || c === "^";
}

function isDigit(c: string | undefined): boolean {
  return c !== undefined && c.length === 1 && c >= "0" && c <= "9";
}

function raiseFormat(message: string): null {
  raise(T.ValueError, message);
  return null;
}

/** A format character as messages show it. */
function shownCode(c: string): string {
  const code = c.codePointAt(0) as number;
  return code > 32 && code < 128 ? c : `\\x${code.toString(16)}`;
}

/** Characters of a specification and how far they have been read. */
class SpecReader {
  pos = 0;
  readonly chars: string[];
  constructor(text: string) {
    this.chars = Array.from(text);
  }

  peek(): string | undefined {
    return this.chars[this.pos];
  }

  accept(c: string): boolean {
    if (this.chars[this.pos] !== c) return false;
    this.pos++;
    return true;
  }

  /** A decimal number: -1 where there is none, NaN with an exception when it is too large. */
  number(): number {
    const start = this.pos;
    let value = 0;
    while (isDigit(this.peek())) {
      value = value * 10 + Number(this.chars[this.pos++]);
      if (value > Number.MAX_SAFE_INTEGER) {
        raise(T.ValueError, "Too many decimal digits in format string");
        return Number.NaN;
      }
    }
    return this.pos === start ? -1 : value;
  }
}

/** Reads fill, alignment, sign and the flags. */
function readFlags(reader: SpecReader, spec: FormatSpec, defaultAlign: string): void {
  const { chars } = reader;
  let fillGiven = false;
  if (isAlign(chars[1])) {
    spec.fill = chars[0];
    spec.align = chars[1];
    spec.alignGiven = true;
    fillGiven = true;
    reader.pos = 2;
  } else if (isAlign(chars[0])) {
    spec.align = chars[0];
    spec.alignGiven = true;
    reader.pos = 1;
  }
  const sign = reader.peek();
  if (sign === "+" || sign === "-" || sign === " ") {
    spec.sign = sign;
    reader.pos++;
  }
  spec.coerceZero = reader.accept("z");
  spec.alternate = reader.accept("#");
  if (!fillGiven && reader.accept("0")) {
    spec.fill = "0";
    if (!spec.alignGiven && defaultAlign === ">") spec.align = "=";
  }
}

/** Reads width, grouping and precision; false with an exception pending. */
function readCounts(reader: SpecReader, spec: FormatSpec): boolean {
  spec.width = reader.number();
  if (Number.isNaN(spec.width)) return false;
  if (reader.accept(",")) spec.grouping = ",";
  if (reader.accept("_")) {
    if (spec.grouping !== "") return raiseFormat("Cannot specify both ',' and '_'.") !== null;
    spec.grouping = "_";
  }
  if (spec.grouping === "_" && reader.accept(",")) {
    return raiseFormat("Cannot specify both ',' and '_'.") !== null;
  }
  if (!reader.accept(".")) return true;
  spec.precision = reader.number();
  if (Number.isNaN(spec.precision)) return false;
  if (spec.precision >= 0) return true;
  return raiseFormat("Format specifier missing precision") !== null;
}

/** Parsed specifications by default type and text: programs use few. */
const parsed = new Map<string, Map<string, FormatSpec>>();
const MOST_PARSED = 500;

/**
 * Parse `text`; null with a ValueError pending, in which `object` names the type. The result is
 * shared: it must not be changed.
 * @param defaultType presentation type of an object of this type when none is given; may be empty
 */
export function parseFormatSpec(
  text: string,
  object: string,
  defaultType: string,
  defaultAlign: string,
): FormatSpec | null {
  let known = parsed.get(defaultType);
  if (known === undefined) {
    known = new Map();
    parsed.set(defaultType, known);
  }
  const found = known.get(text);
  if (found !== undefined) return found;
  const spec = parseSpec(text, object, defaultType, defaultAlign);
  if (spec !== null && known.size < MOST_PARSED) known.set(text, spec);
  return spec;
}

function parseSpec(
  text: string,
  object: string,
  defaultType: string,
  defaultAlign: string,
): FormatSpec | null {
  const spec: FormatSpec = {
    fill: " ",
    align: defaultAlign,
    alignGiven: false,
    sign: "",
    coerceZero: false,
    alternate: false,
    width: -1,
    grouping: "",
    precision: -1,
    type: defaultType,
  };
  const reader = new SpecReader(text);
  readFlags(reader, spec, defaultAlign);
  if (!readCounts(reader, spec)) return null;
  const left = reader.chars.length - reader.pos;
  if (left > 1) {
    return raiseFormat(`Invalid format specifier '${text}' for object of type '${object}'`);
  }
  if (left === 1) spec.type = reader.chars[reader.pos];
  if (spec.width > MAX_WIDTH) {
    raiseMemoryError();
    return null;
  }
  if (spec.grouping !== "") {
    const plain = spec.type === "" || "deEfFgG%".includes(spec.type);
    if (!plain && !(spec.grouping === "_" && "boxX".includes(spec.type))) {
      return raiseFormat(`Cannot specify '${spec.grouping}' with '${shownCode(spec.type)}'.`);
    }
  }
  return spec;
}

/** The error for a presentation type that an object of type `object` does not have. */
export function raiseUnknownCode(code: string, object: string): 0 {
  const message = `Unknown format code '${shownCode(code)}' for object of type '${object}'`;
  return raise(T.ValueError, message);
}

function codePoints(text: string): number {
  let n = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    const unit = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    if (unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) n--;
  }
  return n;
}

/** Fill `text` up to the width of `spec`; `=` counts as `>`. */
function padText(text: string, spec: FormatSpec): string {
  const missing = spec.width - codePoints(text);
  if (missing <= 0) return text;
  if (spec.align === "<") return text + spec.fill.repeat(missing);
  if (spec.align !== "^") return spec.fill.repeat(missing) + text;
  const left = missing >> 1;
  return spec.fill.repeat(left) + text + spec.fill.repeat(missing - left);
}

/** Insert `separator` between groups of `size` digits; zeros fill up to `width` characters. */
function group(digits: string, separator: string, size: number, width: number): string {
  let n = digits.length;
  if (separator === "" || n === 0) return digits.padStart(width, "0");
  while (n + Math.max(0, Math.ceil(n / size) - 1) < width) n++;
  const padded = digits.padStart(n, "0");
  let text = "";
  let end = n;
  while (end > size) {
    text = separator + padded.slice(end - size, end) + text;
    end -= size;
  }
  return padded.slice(0, end) + text;
}

/**
 * Put a number together.
 * @param digits the leading digits, which are grouped
 * @param rest point, fraction and exponent, or the letters of inf and nan
 */
function layOut(
  spec: FormatSpec,
  negative: boolean,
  prefix: string,
  digits: string,
  rest: string,
): string {
  const sign = negative ? "-" : spec.sign === "+" || spec.sign === " " ? spec.sign : "";
  const size = spec.type !== "" && "boxX".includes(spec.type) ? 4 : 3;
  const head = sign + prefix;
  const zeros = spec.fill === "0" && spec.align === "=";
  const room = zeros ? spec.width - head.length - rest.length : 0;
  const grouped = group(digits, spec.grouping, size, Math.max(room, 0)) + rest;
  if (spec.align !== "=") return padText(head + grouped, spec);
  const missing = spec.width - head.length - grouped.length;
  return head + (missing > 0 ? spec.fill.repeat(missing) : "") + grouped;
}

const PREFIXES: Record<string, string> = { b: "0b", o: "0o", x: "0x", X: "0X" };
const BASES: Record<string, number> = { b: 2, o: 8, x: 16, X: 16 };

function checkInteger(spec: FormatSpec): boolean {
  if (spec.precision >= 0) {
    return raiseFormat("Precision not allowed in integer format specifier") !== null;
  }
  if (spec.coerceZero) {
    const what = "Negative zero coercion (z) not allowed in integer format specifier";
    return raiseFormat(what) !== null;
  }
  if (spec.type !== "c") return true;
  const what = spec.sign !== "" ? "Sign" : spec.alternate ? "Alternate form (#)" : "";
  if (what === "") return true;
  return raiseFormat(`${what} not allowed with integer format specifier 'c'`) !== null;
}

function formatCharacter(a: Addr, spec: FormatSpec): Addr {
  const code = intToNumber(a);
  if (code >= 2 ** 63 || code < -(2 ** 63)) {
    return raise(T.OverflowError, "Python int too large to convert to C long");
  }
  if (code < 0 || code > 0x10ffff) {
    return raise(T.OverflowError, "%c arg not in range(0x110000)");
  }
  if (spec.width <= 1) return newStrFromCode(code);
  // The one character is laid out as what follows the digits: it is never grouped.
  const align = spec.align === "=" ? ">" : spec.align;
  return newStr(padText(String.fromCodePoint(code), { ...spec, align }));
}

/** format(a, spec) of an int (`T.Int` or a subclass). */
export function formatInt(a: Addr, text: string): Addr {
  const spec = parseFormatSpec(text, typeName(a), "d", ">");
  if (spec === null) return 0;
  if (spec.type !== "" && "eEfFgG%".includes(spec.type)) {
    const d = intAsDouble(a);
    return Number.isNaN(d) ? 0 : newStr(formatWith(d, spec));
  }
  if (!"dnboxXc".includes(spec.type)) return raiseUnknownCode(spec.type, typeName(a));
  if (!checkInteger(spec)) return 0;
  if (spec.type === "c") return formatCharacter(a, spec);
  const base = BASES[spec.type] ?? 10;
  let digits = base === 10 ? decimalString(a) : intToString(a, base);
  if (digits === "") return 0;
  const negative = digits[0] === "-";
  if (negative) digits = digits.slice(1);
  if (spec.type === "X") digits = digits.toUpperCase();
  const prefix = spec.alternate ? (PREFIXES[spec.type] ?? "") : "";
  return newStr(layOut(spec, negative, prefix, digits, ""));
}

/** How `d` is written under `spec`: no width, no grouping, no sign rules. */
function doubleText(d: number, spec: FormatSpec): string {
  const code = spec.type.toLowerCase();
  const format: DoubleFormat = {
    code: code === "" ? "r" : code === "n" ? "g" : code,
    precision: spec.precision >= 0 ? spec.precision : 6,
    alternate: spec.alternate,
    addDotZero: false,
  };
  let text: string;
  if (code === "") {
    format.addDotZero = true;
    if (spec.precision >= 0) format.code = "g";
    text = formatDouble(d, format);
  } else if (code === "%") {
    format.code = "f";
    text = `${formatDouble(d * 100, format)}%`;
  } else {
    text = formatDouble(d, format);
  }
  if (spec.coerceZero && text[0] === "-" && !/[1-9]/.test(text.replace(/e.*/, ""))) {
    if (Number.isFinite(d)) text = text.slice(1);
  }
  return "EFG".includes(spec.type) && spec.type !== "" ? text.toUpperCase() : text;
}

function formatWith(d: number, spec: FormatSpec): string {
  let text = doubleText(d, spec);
  const negative = text[0] === "-";
  if (negative) text = text.slice(1);
  let end = 0;
  while (end < text.length && text[end] >= "0" && text[end] <= "9") end++;
  return layOut(spec, negative, "", text.slice(0, end), text.slice(end));
}

/** format(a, spec) of a float. */
export function formatFloat(a: Addr, text: string): Addr {
  const spec = parseFormatSpec(text, typeName(a), "", ">");
  if (spec === null) return 0;
  if (spec.type !== "" && !"eEfFgGn%".includes(spec.type)) {
    return raiseUnknownCode(spec.type, typeName(a));
  }
  if (spec.precision > MAX_COUNT) return raise(T.ValueError, "precision too big");
  return newStr(formatWith(getDouble(a), spec));
}

/** format(a, spec) of a complex number. */
export function formatComplex(a: Addr, text: string): Addr {
  const spec = parseFormatSpec(text, typeName(a), "", ">");
  if (spec === null) return 0;
  if (spec.type !== "" && !"eEfFgGn".includes(spec.type)) {
    return raiseUnknownCode(spec.type, typeName(a));
  }
  if (spec.precision > MAX_COUNT) return raise(T.ValueError, "precision too big");
  if (spec.fill === "0") {
    return raise(T.ValueError, "Zero padding is not allowed in complex format specifier");
  }
  if (spec.align === "=") {
    return raise(T.ValueError, "'=' alignment flag is not allowed in complex format specifier");
  }
  const real = getReal(a);
  const imag = getImag(a);
  const bare = { ...spec, width: -1, align: ">", fill: " " };
  let result: string;
  if (spec.type === "") {
    // Like repr, with its parentheses, but under the precision.
    const part = { ...bare, sign: "+" };
    const skipReal = real === 0 && !Object.is(real, -0);
    result = skipReal
      ? `${formatPart(imag, bare)}j`
      : `(${formatPart(real, bare)}${formatPart(imag, part)}j)`;
  } else {
    result = `${formatPart(real, bare)}${formatPart(imag, { ...bare, sign: "+" })}j`;
  }
  return newStr(padText(result, spec));
}

/** One part of a complex number; without type and precision as repr, but without `.0`. */
function formatPart(d: number, spec: FormatSpec): string {
  if (spec.type !== "") return formatWith(d, spec);
  const code = spec.precision >= 0 ? "g" : "r";
  const precision = spec.precision >= 0 ? spec.precision : 0;
  let text = formatDouble(d, { code, precision, alternate: spec.alternate, addDotZero: false });
  const negative = text[0] === "-" && !(spec.coerceZero && !/[1-9i]/.test(text.replace(/e.*/, "")));
  if (text[0] === "-") text = text.slice(1);
  let end = 0;
  while (end < text.length && text[end] >= "0" && text[end] <= "9") end++;
  return layOut(spec, negative, "", text.slice(0, end), text.slice(end));
}
