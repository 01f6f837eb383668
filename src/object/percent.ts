/** printf-style formatting: `str % args`, and the conversions that bytes shares. */
import { type Addr, heap } from "../memory/heap.js";
import { getItem } from "./abstract.js";
import {
  pending,
  pendingMatches,
  raise,
  raiseMemoryError,
  takePending,
  typeName,
} from "./errors.js";
import { asDouble } from "./float.js";
import { formatDouble } from "./floatformat.js";
import { decref, incref } from "./header.js";
import { asSsize, intToNumber, isInt, numberIndex } from "./int.js";
import { decimalString, intToString } from "./intconvert.js";
import { Head, StrObject, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { asciiObject, reprObject, strObject } from "./repr.js";
import { slotsOf } from "./slots.js";
import { isStr, strCodeAt, strSlice } from "./str.js";
import { StrBuilder } from "./strbuilder.js";
import { HUGE_SIZE, readInt } from "./textarguments.js";
import { T } from "./types.js";

const I32 = heap.I32;

const enum Code {
  Percent = 0x25,
  Open = 0x28,
  Close = 0x29,
  Star = 0x2a,
  Point = 0x2e,
  Zero = 0x30,
  Nine = 0x39,
}

/** Largest precision. */
const MAX_INT = 2147483647;
/** There is no width or precision. */
const NO_COUNT = Number.NEGATIVE_INFINITY;
/** Longest text of a number that is worth trying: JavaScript's strings end near it. */
export const MAX_TEXT = 1 << 28;

/** The arguments of one formatting operation, and which are used up. */
export class PercentArguments {
  /** Arguments that are taken by number: a tuple's items, or the one value. */
  readonly #values: Addr;
  readonly #count: number;
  #next = 0;
  /** The mapping, or 0. */
  readonly mapping: Addr;
  /** The value a key selected, owned, waiting to be taken. */
  #selected: Addr = 0;
  #hasKey = false;

  constructor(args: Addr, isText: (object: Addr) => boolean) {
    this.#values = args;
    if ((I32[I32[args + Head.Type] + TypeObject.Flags] & TypeFlag.TupleSubclass) !== 0) {
      this.#count = I32[args + TupleObject.Size];
      this.mapping = 0;
    } else {
      this.#count = -1;
      const isMapping = slotsOf(I32[args + Head.Type]).subscript !== null && !isText(args);
      this.mapping = isMapping ? args : 0;
    }
  }

  /** Select the value of `key` (stolen); false with an exception pending. */
  select(key: Addr): boolean {
    if (this.mapping === 0) {
      decref(key);
      raise(T.TypeError, "format requires a mapping");
      return false;
    }
    const value = getItem(this.mapping, key);
    decref(key);
    if (value === 0) return false;
    this.drop();
    this.#selected = value;
    this.#hasKey = true;
    return true;
  }

  /** The next argument, borrowed while this object keeps it; 0 with TypeError pending. */
  take(): Addr {
    if (this.#hasKey) {
      if (this.#selected !== 0 && this.#next === 0) {
        this.#next = 1;
        return this.#selected;
      }
    } else if (this.#count >= 0) {
      if (this.#next < this.#count) {
        return I32[this.#values + TupleObject.Items + 2 * this.#next++];
      }
    } else if (this.#next === 0) {
      this.#next = 1;
      return this.#values;
    }
    return raise(T.TypeError, "not enough arguments for format string");
  }

  /** Let go of the value that a key selected. */
  drop(): void {
    if (this.#selected !== 0) decref(this.#selected);
    this.#selected = 0;
    if (this.#hasKey) this.#next = 0;
  }

  /** Are there arguments that no conversion took? */
  isLeftOver(): boolean {
    if (this.mapping !== 0) return false;
    return this.#count < 0 ? this.#next === 0 : this.#next < this.#count;
  }
}

/** One conversion: flags, width, precision and letter. */
export interface Conversion {
  left: boolean;
  plus: boolean;
  blank: boolean;
  alternate: boolean;
  zero: boolean;
  width: number;
  /** -1: none. */
  precision: number;
  letter: number;
}

/** Reads a format by code points; what differs between str and bytes is given by functions. */
export class FormatReader {
  at = 0;

  constructor(
    readonly length: number,
    readonly codeAt: (index: number) => number,
    readonly newKey: (start: number, stop: number) => Addr,
  ) {}

  /** Read what follows a percent sign; null with an exception pending. */
  readConversion(args: PercentArguments): Conversion | null {
    const conversion: Conversion = {
      left: false,
      plus: false,
      blank: false,
      alternate: false,
      zero: false,
      width: -1,
      precision: -1,
      letter: 0,
    };
    if (this.#peek() === Code.Open && !this.#readKey(args)) return null;
    this.#readFlags(conversion);
    const width = this.#readCount(args, "width too big", HUGE_SIZE * 1024);
    if (Number.isNaN(width)) return null;
    if (width < 0 && width !== NO_COUNT) conversion.left = true;
    conversion.width = width === NO_COUNT ? -1 : Math.abs(width);
    if (this.#peek() === Code.Point) {
      this.at++;
      const precision = this.#readCount(args, "precision too big", MAX_INT);
      if (Number.isNaN(precision)) return null;
      conversion.precision = Math.max(precision, 0);
    }
    // Length modifiers h, l, L mean nothing.
    const modifier = this.#peek();
    if (modifier === 0x68 || modifier === 0x6c || modifier === 0x4c) this.at++;
    if (this.at >= this.length) {
      raise(T.ValueError, "incomplete format");
      return null;
    }
    conversion.letter = this.codeAt(this.at++);
    return conversion;
  }

  #peek(): number {
    return this.at < this.length ? this.codeAt(this.at) : -1;
  }

  #readKey(args: PercentArguments): boolean {
    if (args.mapping === 0) {
      raise(T.TypeError, "format requires a mapping");
      return false;
    }
    const start = ++this.at;
    let depth = 1;
    for (; this.at < this.length; this.at++) {
      const code = this.codeAt(this.at);
      if (code === Code.Open) depth++;
      else if (code === Code.Close && --depth === 0) {
        const key = this.newKey(start, this.at++);
        return key !== 0 && args.select(key);
      }
    }
    raise(T.ValueError, "incomplete format key");
    return false;
  }

  #readFlags(conversion: Conversion): void {
    for (; ; this.at++) {
      const code = this.#peek();
      if (code === 0x2d) conversion.left = true;
      else if (code === 0x2b) conversion.plus = true;
      else if (code === 0x20) conversion.blank = true;
      else if (code === 0x23) conversion.alternate = true;
      else if (code === Code.Zero) conversion.zero = true;
      else return;
    }
  }

  /** A width or precision; NO_COUNT when there is none, NaN with an exception pending. */
  #readCount(args: PercentArguments, tooBig: string, limit: number): number {
    if (this.#peek() === Code.Star) {
      this.at++;
      const value = args.take();
      if (value === 0) return Number.NaN;
      if (!isInt(value)) {
        raise(T.TypeError, "* wants int");
        return Number.NaN;
      }
      return limit === MAX_INT ? readInt(value) : asSsize(value);
    }
    let count = NO_COUNT;
    for (let code = this.#peek(); code >= Code.Zero && code <= Code.Nine; code = this.#peek()) {
      count = (count < 0 ? 0 : count * 10) + code - Code.Zero;
      if (count > limit) {
        raise(T.ValueError, tooBig);
        return Number.NaN;
      }
      this.at++;
    }
    return count;
  }
}

/** Sign, prefix and digits as a conversion shows them; null with an exception pending. */
export function numberText(value: Addr, conversion: Conversion): string | null {
  if (conversion.precision > MAX_TEXT || conversion.width > MAX_TEXT) {
    raiseMemoryError();
    return null;
  }
  const letter = String.fromCodePoint(conversion.letter);
  const isReal = "eEfFgG".includes(letter);
  let text = isReal ? realText(value, letter, conversion) : integerText(value, letter, conversion);
  if (text === null) return null;
  let sign = "";
  if (text.startsWith("-")) {
    sign = "-";
    text = text.slice(1);
  } else if (conversion.plus) sign = "+";
  else if (conversion.blank) sign = " ";
  if (conversion.alternate && "xXo".includes(letter)) sign += `0${letter}`;
  const missing = conversion.width - sign.length - text.length;
  if (missing <= 0) return sign + text;
  if (conversion.left) return sign + text + " ".repeat(missing);
  return conversion.zero ? sign + "0".repeat(missing) + text : " ".repeat(missing) + sign + text;
}

function realText(value: Addr, letter: string, conversion: Conversion): string | null {
  const d = asDouble(value);
  if (Number.isNaN(d) && pending()) return null;
  const lower = letter.toLowerCase();
  const text = formatDouble(d, {
    code: lower,
    precision: conversion.precision < 0 ? 6 : conversion.precision,
    alternate: conversion.alternate,
    addDotZero: false,
  });
  return lower === letter ? text : text.toUpperCase();
}

/** Is the object a number in the sense of PyNumber_Check, and not complex? */
function isReal(object: Addr): boolean {
  const slots = slotsOf(I32[object + Head.Type]);
  return slots.index !== null || slots.int !== null || slots.float !== null;
}

function integerText(value: Addr, letter: string, conversion: Conversion): string | null {
  const integer = toInteger(value, letter);
  if (integer === 0) return null;
  const base = letter === "o" ? 8 : letter === "x" || letter === "X" ? 16 : 10;
  let digits = base === 10 ? decimalString(integer) : intToString(integer, base);
  decref(integer);
  if (pending()) return null;
  const negative = digits.startsWith("-");
  if (negative) digits = digits.slice(1);
  if (conversion.precision > digits.length) digits = digits.padStart(conversion.precision, "0");
  if (letter === "X") digits = digits.toUpperCase();
  return negative ? `-${digits}` : digits;
}

/** The int that an integer conversion shows, owned; 0 with an exception pending. */
function toInteger(value: Addr, letter: string): Addr {
  if (isInt(value)) return incref(value);
  const decimal = letter === "d" || letter === "i" || letter === "u";
  if (isReal(value)) {
    const convert = decimal ? slotsOf(I32[value + Head.Type]).int : null;
    const integer = convert !== null ? convert(value) : numberIndex(value);
    if (integer !== 0 || !pendingMatches(T.TypeError)) return integer;
    decref(takePending());
  }
  const wanted = decimal ? "a real number" : "an integer";
  return raise(T.TypeError, `%${letter} format: ${wanted} is required, not ${typeName(value)}`);
}

/** Code point of `%c`; -1 with an exception pending. */
function characterCode(value: Addr): number {
  if (isStr(value)) {
    if (I32[value + StrObject.Length] === 1) return strCodeAt(value, 0);
  } else if (slotsOf(I32[value + Head.Type]).index !== null) {
    const integer = numberIndex(value);
    if (integer === 0) return -1;
    const code = intToNumber(integer);
    decref(integer);
    if (code >= 0 && code < 0x110000) return code;
    raise(T.OverflowError, "%c arg not in range(0x110000)");
    return -1;
  }
  raise(T.TypeError, "%c requires int or char");
  return -1;
}

/** Is the letter that of a number conversion? */
export function isNumberLetter(letter: number): boolean {
  return letter < 0x80 && "diuoxXeEfFgG".includes(String.fromCharCode(letter));
}

/** Raise the error for an unknown conversion letter at `index`. */
export function raiseUnknownLetter(letter: number, index: number): false {
  const shown = letter > 31 && letter < 127 ? String.fromCharCode(letter) : "?";
  const hex = letter.toString(16);
  raise(T.ValueError, `unsupported format character '${shown}' (0x${hex}) at index ${index}`);
  return false;
}

/** Append `text` in the field that the conversion asks for. */
function appendField(builder: StrBuilder, text: Addr, conversion: Conversion): void {
  let length = I32[text + StrObject.Length];
  if (conversion.precision >= 0 && conversion.precision < length) length = conversion.precision;
  const missing = conversion.width - length;
  if (!conversion.left) builder.fill(0x20, missing);
  builder.slice(text, 0, length);
  if (conversion.left) builder.fill(0x20, missing);
}

function convert(
  builder: StrBuilder,
  args: PercentArguments,
  conversion: Conversion,
  index: number,
): boolean {
  const value = args.take();
  if (value === 0) return false;
  const letter = conversion.letter;
  if (isNumberLetter(letter)) {
    const text = numberText(value, conversion);
    if (text === null) return false;
    builder.text(text);
    return true;
  }
  let text: Addr;
  if (letter === 0x73) text = strObject(value);
  else if (letter === 0x72) text = reprObject(value);
  else if (letter === 0x61) text = asciiObject(value);
  else if (letter === 0x63) {
    const code = characterCode(value);
    if (code < 0) return false;
    const missing = conversion.width - 1;
    if (!conversion.left) builder.fill(0x20, missing);
    builder.code(code);
    if (conversion.left) builder.fill(0x20, missing);
    return true;
  } else return raiseUnknownLetter(letter, index);
  if (text === 0) return false;
  appendField(builder, text, conversion);
  decref(text);
  return true;
}

/** `format % args`. */
export function percentFormat(format: Addr, args: Addr): Addr {
  const length = I32[format + StrObject.Length];
  const values = new PercentArguments(args, isStr);
  const reader = new FormatReader(
    length,
    (index) => strCodeAt(format, index),
    (start, stop) => strSlice(format, start, stop),
  );
  const builder = new StrBuilder(length + 32);
  while (reader.at < length) {
    const start = reader.at;
    while (reader.at < length && strCodeAt(format, reader.at) !== Code.Percent) reader.at++;
    builder.slice(format, start, reader.at);
    if (reader.at === length) break;
    reader.at++;
    if (reader.at < length && strCodeAt(format, reader.at) === Code.Percent) {
      builder.code(Code.Percent);
      reader.at++;
      continue;
    }
    const conversion = reader.readConversion(values);
    if (conversion === null || !convert(builder, values, conversion, reader.at - 1)) {
      values.drop();
      builder.discard();
      return 0;
    }
    values.drop();
  }
  if (values.isLeftOver()) {
    builder.discard();
    return raise(T.TypeError, "not all arguments converted during string formatting");
  }
  return builder.finish();
}
