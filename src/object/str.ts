/**
 * str: code points in the narrowest of four forms (PEP 393), and the primitives everything else
 * is built from. Equal strings always have equal forms, so equality and hash work on whole words:
 * the word that holds the terminator is zeroed before the data is written, which makes the bytes
 * behind the data of any string zero up to the next word boundary.
 */
import { type Addr, heap } from "../memory/heap.js";
import { allocateBlock, free, malloc, realloc, usableSize } from "../memory/pymalloc.js";
import { raiseMemoryError } from "./errors.js";
import { freeObject } from "./gcheader.js";
import { decref, incref } from "./header.js";
import { forgetInterned } from "./intern.js";
import { Head, StrObject, TypeFlag, TypeObject } from "./layout.js";
import { S, StaticArea, T } from "./types.js";

export { internStr } from "./intern.js";
export { StrBuilder, strJoin } from "./strbuilder.js";
export { reprStr } from "./strrepr.js";

const I32 = heap.I32;
const U16 = heap.U16;
const U8 = heap.U8;
const bytes = Buffer.from(heap.buffer as unknown as ArrayBuffer);

/** The forms of a str: StrObject.State without the interned bit. */
export const enum StrForm {
  Ascii = 9,
  Latin1 = 1,
  Ucs2 = 2,
  Ucs4 = 4,
  Mask = 15,
}

/** Words of a Latin-1 one-character string at StaticArea.Latin1. */
const enum Latin1 {
  Words = 24,
}

/** Count of static strings (R21): they are counted, but never die. */
const STATIC_COUNT = 999_999_999;

/** Is `object` a str or an instance of a subclass? */
export function isStr(object: Addr): boolean {
  const type = I32[object + Head.Type];
  return type === T.Str || (I32[type + TypeObject.Flags] & TypeFlag.StrSubclass) !== 0;
}

/** Number of code points. */
export function strLength(str: Addr): number {
  return I32[str + StrObject.Length];
}

/** Code point `index`, which must be in range. */
export function strCodeAt(str: Addr, index: number): number {
  const data = I32[str + StrObject.Data];
  const width = I32[str + StrObject.State] & StrObject.WidthMask;
  if (width === 1) return U8[data + index];
  if (width === 2) return U16[(data >> 1) + index];
  return I32[(data >> 2) + index];
}

/** Store code point `code`, which must fit the form, at `index` of a str under construction. */
export function setStrCode(str: Addr, index: number, code: number): void {
  const data = I32[str + StrObject.Data];
  const width = I32[str + StrObject.State] & StrObject.WidthMask;
  if (width === 1) U8[data + index] = code;
  else if (width === 2) U16[(data >> 1) + index] = code;
  else I32[(data >> 2) + index] = code;
}

/** The narrowest form for code points up to `max`. */
export function formFor(max: number): number {
  if (max < 0x80) return StrForm.Ascii;
  if (max < 0x100) return StrForm.Latin1;
  return max < 0x10000 ? StrForm.Ucs2 : StrForm.Ucs4;
}

/**
 * A str of `length` (> 0) code points whose data the caller writes: count 1, terminator in place.
 * 0 with MemoryError pending when the heap is exhausted.
 */
export function newStrOfForm(length: number, form: number): Addr {
  const width = form & StrObject.WidthMask;
  const header = (form & StrObject.Ascii) !== 0 ? 48 : 72;
  const size = header + (length + 1) * width;
  const str = size <= 512 ? allocateBlock((size - 1) >> 4) : malloc(size);
  if (str === 0) return raiseMemoryError();
  const data = (str << 2) + header;
  I32[str] = 1;
  I32[str + 1] = 0;
  I32[str + Head.Type] = T.Str;
  I32[str + 3] = 0;
  I32[str + StrObject.Length] = length;
  I32[str + 5] = 0;
  I32[str + StrObject.HashKnown] = 0;
  I32[str + StrObject.State] = form;
  I32[str + StrObject.Data] = data;
  I32[(data + length * width) >> 2] = 0;
  return str;
}

/** Write the fields of a static str at `address`, whose characters are Latin-1. */
function writeStaticStr(address: Addr, text: string): void {
  let form: number = StrForm.Ascii;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) form = StrForm.Latin1;
  const data = (address << 2) + (form === StrForm.Ascii ? 48 : 72);
  I32[address] = STATIC_COUNT;
  I32[address + Head.Type] = T.Str;
  I32[address + StrObject.Length] = text.length;
  I32[address + StrObject.HashKnown] = 0;
  I32[address + StrObject.State] = form;
  I32[address + StrObject.Data] = data;
  I32[(data + text.length) >> 2] = 0;
  for (let i = 0; i < text.length; i++) U8[data + i] = text.charCodeAt(i);
}

/** Write the ASCII name `name` at `address`, a static place of identifiers.ts. */
export function newIdentifierAt(address: Addr, name: string): void {
  writeStaticStr(address, name);
}

/** Build the empty string and the Latin-1 one-character strings (R24). Runs once, at boot. */
export function initializeStrings(): void {
  writeStaticStr(S.EmptyStr, "");
  for (let code = 0; code < 256; code++) {
    writeStaticStr(StaticArea.Latin1 + code * Latin1.Words, String.fromCharCode(code));
  }
}

/** A new reference to the empty string. */
export function newEmptyStr(): Addr {
  I32[S.EmptyStr]++;
  return S.EmptyStr;
}

/** The one-character str of a code point; Latin-1 ones are shared (R24). */
export function newStrFromCode(code: number): Addr {
  if (code < 256) {
    const shared = StaticArea.Latin1 + code * Latin1.Words;
    I32[shared]++;
    return shared;
  }
  const str = newStrOfForm(1, code < 0x10000 ? StrForm.Ucs2 : StrForm.Ucs4);
  if (str !== 0) setStrCode(str, 0, code);
  return str;
}

/** A str of the code points of a JavaScript string; unpaired surrogates are kept. */
export function newStr(text: string): Addr {
  const units = text.length;
  if (units === 0) return newEmptyStr();
  let max = 0;
  let pairs = 0;
  for (let i = 0; i < units; i++) {
    const unit = text.charCodeAt(i);
    if (unit > max) max = unit;
    if ((unit & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) pairs++;
  }
  if (units === 1) return newStrFromCode(max);
  if (pairs > 0) return newStrOfPairs(text, units - pairs);
  const form = formFor(max);
  const str = newStrOfForm(units, form);
  if (str === 0) return 0;
  const data = I32[str + StrObject.Data];
  if (max < 0x100) {
    if (units > 64) bytes.write(text, data, units, "latin1");
    else for (let i = 0; i < units; i++) U8[data + i] = text.charCodeAt(i);
  } else {
    for (let i = 0; i < units; i++) U16[(data >> 1) + i] = text.charCodeAt(i);
  }
  return str;
}

function newStrOfPairs(text: string, length: number): Addr {
  const str = newStrOfForm(length, StrForm.Ucs4);
  if (str === 0) return 0;
  let word = I32[str + StrObject.Data] >> 2;
  for (const character of text) I32[word++] = character.codePointAt(0)!;
  return str;
}

/** A str of `n` Latin-1 bytes that stand in the heap at byte offset `offset`. */
export function newStrLatin1(offset: number, n: number): Addr {
  if (n === 0) return newEmptyStr();
  if (n === 1) return newStrFromCode(U8[offset]);
  const str = newStrOfForm(n, isAsciiAt(offset, n) ? StrForm.Ascii : StrForm.Latin1);
  if (str !== 0) copyBytes(I32[str + StrObject.Data], offset, n);
  return str;
}

/** The JavaScript string; for messages, numbers and other rare or short uses. */
export function getString(str: Addr): string {
  return getStringSlice(str, 0, I32[str + StrObject.Length]);
}

/** The JavaScript string of code points `[start, stop)`. */
function getStringSlice(str: Addr, start: number, stop: number): string {
  const data = I32[str + StrObject.Data];
  const width = I32[str + StrObject.State] & StrObject.WidthMask;
  if (width === 1) {
    if (stop - start > 24) return bytes.toString("latin1", data + start, data + stop);
    let text = "";
    for (let i = data + start; i < data + stop; i++) text += String.fromCharCode(U8[i]);
    return text;
  }
  if (width === 2) return bytes.toString("utf16le", data + 2 * start, data + 2 * stop);
  let text = "";
  for (let i = start; i < stop; i++) text += String.fromCodePoint(I32[(data >> 2) + i]);
  return text;
}

/** Fewest bytes that are worth copying by words. */
const WORDWISE = 12;

/** Copy `n` bytes between disjoint places of the heap. */
export function copyBytes(to: number, from: number, n: number): void {
  if (n > 192) {
    U8.copyWithin(to, from, from + n);
    return;
  }
  let i = 0;
  if (n >= WORDWISE) {
    for (; ((to + i) & 3) !== 0; i++) U8[to + i] = U8[from + i];
    i += copyWords((to + i) >> 2, from + i, (n - i) >> 2);
  }
  for (; i < n; i++) U8[to + i] = U8[from + i];
}

/** Copy `words` words to word `target` from byte offset `from`; their bytes. */
function copyWords(target: number, from: number, words: number): number {
  let source = from >> 2;
  const shift = (from & 3) << 3;
  if (shift === 0) {
    for (let i = 0; i < words; i++) I32[target + i] = I32[source + i];
  } else {
    // Each word is put together from the two that it lies across.
    let low = I32[source];
    for (let i = 0; i < words; i++) {
      const high = I32[++source];
      I32[target + i] = (low >>> shift) | (high << (32 - shift));
      low = high;
    }
  }
  return words << 2;
}

/** Are the `n` bytes at byte offset `offset` below 128? */
export function isAsciiAt(offset: number, n: number): boolean {
  const end = offset + n;
  let all = 0;
  let at = offset;
  for (; (at & 3) !== 0 && at < end; at++) all |= U8[at];
  const words = (end - at) >> 2;
  const word = at >> 2;
  for (let i = 0; i < words; i++) all |= I32[word + i];
  for (at += words << 2; at < end; at++) all |= U8[at];
  return (all & 0x80808080) === 0;
}

/** Copy code points `[start, stop)` of `source` to index `at` of `target`, which is as wide. */
export function copyCodes(
  target: Addr,
  at: number,
  source: Addr,
  start: number,
  stop: number,
): void {
  const width = I32[target + StrObject.State] & StrObject.WidthMask;
  const sourceWidth = I32[source + StrObject.State] & StrObject.WidthMask;
  const to = I32[target + StrObject.Data] + at * width;
  const from = I32[source + StrObject.Data] + start * sourceWidth;
  const n = stop - start;
  if (width === sourceWidth) {
    copyBytes(to, from, n * width);
  } else if (width === 2 && sourceWidth === 1) {
    for (let i = 0; i < n; i++) U16[(to >> 1) + i] = U8[from + i];
  } else if (width === 4 && sourceWidth === 1) {
    for (let i = 0; i < n; i++) I32[(to >> 2) + i] = U8[from + i];
  } else if (width === 4) {
    for (let i = 0; i < n; i++) I32[(to >> 2) + i] = U16[(from >> 1) + i];
  } else {
    // The source's form is wider than its characters in this range need.
    for (let i = 0; i < n; i++) setStrCode(target, at + i, strCodeAt(source, start + i));
  }
}

/** The narrowest form for code points `[start, stop)` of `str`. */
export function formOfRange(str: Addr, start: number, stop: number): number {
  const form = I32[str + StrObject.State] & StrForm.Mask;
  if (form === StrForm.Ascii) return form;
  const data = I32[str + StrObject.Data];
  let all = 0;
  if (form === StrForm.Latin1) for (let i = start; i < stop; i++) all |= U8[data + i];
  else if (form === StrForm.Ucs2) for (let i = start; i < stop; i++) all |= U16[(data >> 1) + i];
  else for (let i = start; i < stop; i++) all |= I32[(data >> 2) + i];
  return formFor(all);
}

/** The str of code points `[start, stop)`, both in range; the whole of an exact str is itself. */
export function strSlice(str: Addr, start: number, stop: number): Addr {
  const n = stop - start;
  if (n <= 0) return newEmptyStr();
  if (n === 1) return newStrFromCode(strCodeAt(str, start));
  if (n === I32[str + StrObject.Length] && I32[str + Head.Type] === T.Str) return incref(str);
  const result = newStrOfForm(n, formOfRange(str, start, stop));
  if (result !== 0) copyCodes(result, 0, str, start, stop);
  return result;
}

/** The smallest form that holds what both forms hold. */
export function joinForms(a: number, b: number): number {
  if (a === b) return a;
  const widthA = a & StrObject.WidthMask;
  const widthB = b & StrObject.WidthMask;
  return widthA > widthB ? a : widthB > widthA ? b : StrForm.Latin1;
}

/** `a + b`. */
export function strConcat(a: Addr, b: Addr): Addr {
  const lengthA = I32[a + StrObject.Length];
  const lengthB = I32[b + StrObject.Length];
  if (lengthB === 0 && I32[a + Head.Type] === T.Str) return incref(a);
  if (lengthA === 0 && I32[b + Head.Type] === T.Str) return incref(b);
  const formA = I32[a + StrObject.State] & StrForm.Mask;
  const formB = I32[b + StrObject.State] & StrForm.Mask;
  const length = lengthA + lengthB;
  if (length === 0) return newEmptyStr();
  const result = newStrOfForm(length, joinForms(formA, formB));
  if (result === 0) return 0;
  copyCodes(result, 0, a, 0, lengthA);
  copyCodes(result, lengthA, b, 0, lengthB);
  return result;
}

/** `a + b`; the reference to `a` is given up, and `a` itself grows when nobody else sees it. */
export function strConcatInPlace(a: Addr, b: Addr): Addr {
  const state = I32[a + StrObject.State];
  const formB = I32[b + StrObject.State] & StrForm.Mask;
  if (
    I32[a] !== 1 ||
    I32[a + Head.Type] !== T.Str ||
    (state & StrObject.Interned) !== 0 ||
    joinForms(state, formB) !== state
  ) {
    const result = strConcat(a, b);
    decref(a);
    return result;
  }
  const lengthA = I32[a + StrObject.Length];
  const lengthB = I32[b + StrObject.Length];
  const width = state & StrObject.WidthMask;
  const header = (state & StrObject.Ascii) !== 0 ? 48 : 72;
  const size = header + (lengthA + lengthB + 1) * width;
  let str = a;
  if (size > usableSize(a)) {
    // Room for more of the same: a loop of appends copies O(n) in all.
    str = realloc(a, size <= 512 ? size : size + (size >> 3));
    if (str === 0) {
      decref(a);
      return raiseMemoryError();
    }
    I32[str + StrObject.Data] = (str << 2) + header;
  }
  const data = I32[str + StrObject.Data];
  const end = (data + (lengthA + lengthB) * width) >> 2;
  I32[str + StrObject.Length] = lengthA + lengthB;
  I32[str + StrObject.HashKnown] = 0;
  if (end !== (data + lengthA * width) >> 2) I32[end] = 0;
  copyCodes(str, lengthA, b, 0, lengthB);
  return str;
}

/** Are two strings (or instances of subclasses) equal? */
export function strEqual(a: Addr, b: Addr): boolean {
  if (a === b) return true;
  const length = I32[a + StrObject.Length];
  const state = I32[a + StrObject.State];
  if (length !== I32[b + StrObject.Length]) return false;
  if (((state ^ I32[b + StrObject.State]) & StrForm.Mask) !== 0) return false;
  const words = (length * (state & StrObject.WidthMask) + 3) >> 2;
  const wordA = I32[a + StrObject.Data] >> 2;
  const wordB = I32[b + StrObject.Data] >> 2;
  for (let i = 0; i < words; i++) if (I32[wordA + i] !== I32[wordB + i]) return false;
  return true;
}

/** Order by code points: negative, 0 or positive. */
export function strCompare(a: Addr, b: Addr): number {
  if (a === b) return 0;
  const lengthA = I32[a + StrObject.Length];
  const lengthB = I32[b + StrObject.Length];
  const n = lengthA < lengthB ? lengthA : lengthB;
  const widthA = I32[a + StrObject.State] & StrObject.WidthMask;
  const widthB = I32[b + StrObject.State] & StrObject.WidthMask;
  if (widthA === 1 && widthB === 1) {
    const dataA = I32[a + StrObject.Data];
    const dataB = I32[b + StrObject.Data];
    for (let i = 0; i < n; i++) {
      const difference = U8[dataA + i] - U8[dataB + i];
      if (difference !== 0) return difference;
    }
  } else {
    for (let i = 0; i < n; i++) {
      const difference = strCodeAt(a, i) - strCodeAt(b, i);
      if (difference !== 0) return difference;
    }
  }
  return lengthA - lengthB;
}

/** The hash, computed once a string: MurmurHash3 (A. Appleby) over the words of the data. */
export function hashStr(str: Addr): number {
  if (I32[str + StrObject.HashKnown] === 1) return I32[str + StrObject.Hash];
  const size = I32[str + StrObject.Length] * (I32[str + StrObject.State] & StrObject.WidthMask);
  const hash = hashWords(I32[str + StrObject.Data] >> 2, size);
  I32[str + StrObject.Hash] = hash;
  I32[str + StrObject.HashKnown] = 1;
  return hash;
}

/** Hash of `size` bytes from word `word` on, zero up to the next word boundary; never -1. */
export function hashWords(word: number, size: number): number {
  if (size === 0) return 0;
  const end = word + ((size + 3) >> 2);
  let hash = 0x2f0b4a73;
  for (let i = word; i < end; i++) {
    let k = Math.imul(I32[i], 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    hash ^= k;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash ^= size;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash === -1 ? -2 : hash;
}

/** Destroy a str whose count is 0; the data of subclasses' instances is a block of its own. */
export function deallocStr(str: Addr): void {
  if ((I32[str + StrObject.State] & StrObject.Interned) !== 0) forgetInterned(str);
  if (I32[str + Head.Type] === T.Str) {
    free(str);
    return;
  }
  const data = I32[str + StrObject.Data];
  if (data !== 0) free(data >> 2);
  freeObject(str);
}

/**
 * Give `str`, a zeroed instance of a subclass of str, the value of `value`. -1 with MemoryError
 * pending when the heap is exhausted.
 */
export function setSubclassValue(str: Addr, value: Addr): number {
  const form = I32[value + StrObject.State] & StrForm.Mask;
  const length = I32[value + StrObject.Length];
  const width = form & StrObject.WidthMask;
  I32[str + StrObject.State] = form;
  const block = malloc((length + 1) * width);
  if (block === 0) {
    raiseMemoryError();
    return -1;
  }
  I32[str + StrObject.Length] = length;
  I32[str + StrObject.Data] = block << 2;
  I32[block + ((length * width) >> 2)] = 0;
  copyCodes(str, 0, value, 0, length);
  return 0;
}
