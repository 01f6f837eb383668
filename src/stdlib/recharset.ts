/** Characters as regular expressions see them: categories, cases, sets. */
import {
  asciiFlags,
  CharFlag,
  isAlnum,
  isDecimal,
  isSpace,
  toLower,
  toUpper,
} from "../object/unicode.js";
import { Flag, type SetItem } from "./reparser.js";

/** Whether letters are told apart by case, and which are letters. */
export const enum Case {
  Exact = 0,
  Ascii = 1,
  Unicode = 2,
}

/** How case counts under `flags`. */
export function caseOf(flags: number): Case {
  if ((flags & Flag.IgnoreCase) === 0) return Case.Exact;
  return (flags & Flag.Unicode) !== 0 ? Case.Unicode : Case.Ascii;
}

/** Lower case of one code point as one code point. */
export function lowerOf(code: number): number {
  if (code < 128) return code >= 0x41 && code <= 0x5a ? code + 32 : code;
  return toLower(code).codePointAt(0) as number;
}

export function lowerAscii(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 32 : code;
}

/** Is `code` part of a word? */
export function isWord(code: number, unicode: boolean): boolean {
  if (code < 128) return (asciiFlags[code] & CharFlag.Name) !== 0;
  return unicode && isAlnum(code);
}

/** Is `code` in the category of `letter` (`d`, `D`, `s`, `S`, `w`, `W`)? */
function isIn(letter: string, code: number, unicode: boolean): boolean {
  switch (letter) {
    case "d":
      return code < 128 || !unicode ? code >= 0x30 && code <= 0x39 : isDecimal(code);
    case "s":
      // ASCII's white space has no information separators.
      if (!unicode) return code === 0x20 || (code >= 9 && code <= 13);
      return isSpace(code);
    case "w":
      return isWord(code, unicode);
    default:
      return !isIn(letter.toLowerCase(), code, unicode);
  }
}

/**
 * Lower-case letters with the same upper case, by letter: `ſ` matches `s`. Letters beyond the basic
 * plane have none.
 */
let equivalents: Map<number, number[]> | null = null;

function findEquivalents(): Map<number, number[]> {
  const byUpper = new Map<string, number[]>();
  for (let code = 0x61; code < 0x10000; code++) {
    if (code >= 0xd800 && code < 0xf900) continue;
    const upper = toUpper(code);
    if (upper.charCodeAt(0) === code && upper.length === 1) continue;
    const lower = lowerOf(code);
    if (lower !== code) continue;
    const known = byUpper.get(upper);
    if (known === undefined) byUpper.set(upper, [code]);
    else known.push(code);
  }
  const result = new Map<number, number[]>();
  for (const letters of byUpper.values()) {
    if (letters.length < 2) continue;
    for (const letter of letters)
      result.set(
        letter,
        letters.filter((other) => other !== letter),
      );
  }
  return result;
}

/** Equivalents of ASCII letters, known without looking at all others. */
const ASCII_EQUIVALENTS: Record<number, number[]> = { 105: [0x131], 115: [0x17f] };

/** Lower-case letters besides `lower` that match where it does. */
export function equivalentsOf(lower: number): number[] {
  if (lower < 128) return ASCII_EQUIVALENTS[lower] ?? [];
  equivalents ??= findEquivalents();
  return equivalents.get(lower) ?? [];
}

/**
 * A set in a program, in words: Flags, Ranges (their number), a bit for each code point below 256,
 * then pairs of first and last code point.
 */
export const enum CharSet {
  Flags = 0,
  Ranges = 1,
  Bits = 2,
  Pairs = 10,
}

/** Bits of CharSet.Flags: what holds for code points from 256 on. */
export const enum SetFlag {
  Negate = 1,
  /** Compare their lower case. */
  Lower = 2,
  Digit = 4,
  NotDigit = 8,
  Space = 16,
  NotSpace = 32,
  Word = 64,
  NotWord = 128,
  /** Categories know ASCII alone. */
  Ascii = 256,
}

const CATEGORIES: Record<string, number> = {
  d: SetFlag.Digit,
  D: SetFlag.NotDigit,
  s: SetFlag.Space,
  S: SetFlag.NotSpace,
  w: SetFlag.Word,
  W: SetFlag.NotWord,
};

/** Is `code` in a category of `flags`? */
export function inCategories(flags: number, code: number): boolean {
  const unicode = (flags & SetFlag.Ascii) === 0;
  if ((flags & SetFlag.Digit) !== 0 && isIn("d", code, unicode)) return true;
  if ((flags & SetFlag.NotDigit) !== 0 && !isIn("d", code, unicode)) return true;
  if ((flags & SetFlag.Space) !== 0 && isIn("s", code, unicode)) return true;
  if ((flags & SetFlag.NotSpace) !== 0 && !isIn("s", code, unicode)) return true;
  if ((flags & SetFlag.Word) !== 0 && isIn("w", code, unicode)) return true;
  return (flags & SetFlag.NotWord) !== 0 && !isIn("w", code, unicode);
}

/** Ranges longer than this are not taken apart into letters. */
const LONG_RANGE = 70_000;

/** What a range stands for where case does not count: the lower case of each, and its equals. */
function foldRange(lo: number, hi: number, how: Case, add: (lo: number, hi: number) => void): void {
  add(lo, hi);
  const last = Math.min(hi, lo + LONG_RANGE);
  for (let code = lo; code <= last; code++) {
    const lower = how === Case.Unicode ? lowerOf(code) : lowerAscii(code);
    if (lower !== code) add(lower, lower);
    if (how === Case.Unicode) for (const other of equivalentsOf(lower)) add(other, other);
  }
}

/** Join ranges that touch. */
function merge(pairs: [number, number][]): [number, number][] {
  const sorted = pairs.sort((a, b) => a[0] - b[0]);
  const result: [number, number][] = [];
  for (const [lo, hi] of sorted) {
    const last = result[result.length - 1];
    if (last !== undefined && lo <= last[1] + 1) last[1] = Math.max(last[1], hi);
    else result.push([lo, hi]);
  }
  return result;
}

/** The words of a set. */
export function compileSet(items: readonly SetItem[], negate: boolean, flags: number): number[] {
  const how = caseOf(flags);
  const unicode = (flags & Flag.Unicode) !== 0;
  let bits = negate ? SetFlag.Negate : 0;
  if (how === Case.Unicode) bits |= SetFlag.Lower;
  if (!unicode) bits |= SetFlag.Ascii;
  const pairs: [number, number][] = [];
  for (const item of items) {
    if ("category" in item) bits |= CATEGORIES[item.category];
    else if (how === Case.Exact) pairs.push([item.lo, item.hi]);
    else foldRange(item.lo, item.hi, how, (lo, hi) => pairs.push([lo, hi]));
  }
  const ranges = merge(pairs);
  const words = [bits, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let code = 0; code < 256; code++) {
    const letter =
      how === Case.Exact ? code : how === Case.Ascii ? lowerAscii(code) : lowerOf(code);
    const inside = ranges.some(([lo, hi]) => letter >= lo && letter <= hi);
    if ((inside || inCategories(bits, letter)) !== negate) {
      words[CharSet.Bits + (code >> 5)] |= 1 << (code & 31);
    }
  }
  for (const [lo, hi] of ranges) {
    if (hi < 128 && how !== Case.Unicode) continue;
    words.push(lo, hi);
    words[CharSet.Ranges]++;
  }
  return words;
}
