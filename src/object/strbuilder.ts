/**
 * Assembly of strings on heap words: a str under construction that grows and widens as text is
 * appended, and joins whose size is known beforehand.
 */
import { type Addr, heap } from "../memory/heap.js";
import { free, realloc } from "../memory/pymalloc.js";
import { raise, raiseMemoryError } from "./errors.js";
import { decref, incref } from "./header.js";
import { Head, ListObject, StrObject, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import {
  copyCodes,
  formFor,
  formOfRange,
  getString,
  isStr,
  joinForms,
  newEmptyStr,
  newStrFromCode,
  newStrOfForm,
  StrForm,
  setStrCode,
  strCodeAt,
} from "./str.js";
import { T } from "./types.js";

const I32 = heap.I32;
const U8 = heap.U8;

/**
 * A str under construction. After memory ran out, appending does nothing and {@link finish}
 * raises MemoryError, so callers check once. Every builder ends with `finish` or `discard`.
 */
export class StrBuilder {
  #str: Addr;
  #length = 0;
  #capacity: number;
  /** The exact str that is all that was appended, owned: returned itself where nothing follows. */
  #whole: Addr = 0;

  constructor(capacity = 48) {
    this.#capacity = capacity;
    this.#str = newStrOfForm(capacity, StrForm.Ascii);
  }

  /** Code points appended so far. */
  get length(): number {
    return this.#length;
  }

  /** Make room for `more` code points of `form`; false when memory ran out. */
  #reserve(more: number, form: number): boolean {
    if (this.#whole !== 0) this.#copyWhole();
    const str = this.#str;
    if (str === 0) return false;
    const have = I32[str + StrObject.State];
    const wanted = joinForms(have, form);
    const length = this.#length + more;
    if (wanted === have && length <= this.#capacity) return true;
    const capacity = length <= this.#capacity ? this.#capacity : length + (length >> 1);
    if (wanted === have) {
      const header = have === StrForm.Ascii ? 48 : 72;
      const moved = realloc(str, header + (capacity + 1) * (have & StrObject.WidthMask));
      if (moved === 0) return this.#fail();
      I32[moved + StrObject.Data] = (moved << 2) + header;
      this.#str = moved;
    } else {
      const wide = newStrOfForm(capacity, wanted);
      if (wide === 0) return this.#fail();
      copyCodes(wide, 0, str, 0, this.#length);
      free(str);
      this.#str = wide;
    }
    this.#capacity = capacity;
    return true;
  }

  /** Something follows the one str: copy it. */
  #copyWhole(): void {
    const whole = this.#whole;
    this.#whole = 0;
    this.#length = 0;
    this.#copy(whole, 0, I32[whole + StrObject.Length]);
    decref(whole);
  }

  #fail(): false {
    free(this.#str);
    this.#str = 0;
    return false;
  }

  /** Append one code point. */
  code(code: number): this {
    if (this.#reserve(1, formFor(code))) setStrCode(this.#str, this.#length++, code);
    return this;
  }

  /** Append `count` times the same code point. */
  fill(code: number, count: number): this {
    if (count <= 0 || !this.#reserve(count, formFor(code))) return this;
    for (let i = 0; i < count; i++) setStrCode(this.#str, this.#length++, code);
    return this;
  }

  /** Append a JavaScript string. */
  text(text: string): this {
    const units = text.length;
    if (units === 0) return this;
    let all = 0;
    for (let i = 0; i < units; i++) all |= text.charCodeAt(i);
    if (all < 0x80) {
      if (!this.#reserve(units, StrForm.Ascii)) return this;
      for (let i = 0; i < units; i++) setStrCode(this.#str, this.#length++, text.charCodeAt(i));
    } else for (const character of text) this.code(character.codePointAt(0)!);
    return this;
  }

  /** Append a str. */
  str(str: Addr): this {
    return this.slice(str, 0, I32[str + StrObject.Length]);
  }

  /** Append code points `[start, stop)` of a str. */
  slice(str: Addr, start: number, stop: number): this {
    const n = stop - start;
    if (n <= 0) return this;
    if (this.#length === 0 && n === I32[str + StrObject.Length] && I32[str + Head.Type] === T.Str) {
      this.#whole = incref(str);
      this.#length = n;
    } else this.#copy(str, start, stop);
    return this;
  }

  #copy(str: Addr, start: number, stop: number): void {
    const n = stop - start;
    const part = n < I32[str + StrObject.Length];
    // A part may need a narrower form than the whole, and equal strings have equal forms.
    const form = part ? formOfRange(str, start, stop) : I32[str + StrObject.State] & StrForm.Mask;
    if (!this.#reserve(n, form)) return;
    copyCodes(this.#str, this.#length, str, start, stop);
    this.#length += n;
  }

  /** The finished str. */
  finish(): Addr {
    const str = this.#str;
    if (str === 0) {
      this.discard();
      return raiseMemoryError();
    }
    this.#str = 0;
    if (this.#whole !== 0) {
      free(str);
      return this.#whole;
    }
    const length = this.#length;
    if (length <= 1) {
      const result = length === 0 ? newEmptyStr() : newStrFromCode(strCodeAt(str, 0));
      free(str);
      return result;
    }
    const form = I32[str + StrObject.State];
    const width = form & StrObject.WidthMask;
    const header = form === StrForm.Ascii ? 48 : 72;
    const exact = realloc(str, header + (length + 1) * width) || str;
    const data = (exact << 2) + header;
    I32[exact + StrObject.Data] = data;
    I32[exact + StrObject.Length] = length;
    const end = data + length * width;
    U8.fill(0, end, ((end >> 2) + 1) << 2);
    return exact;
  }

  /** Give the memory back; for errors in the midst of building. */
  discard(): void {
    if (this.#str !== 0) free(this.#str);
    this.#str = 0;
    if (this.#whole !== 0) decref(this.#whole);
    this.#whole = 0;
  }
}

/** The concatenation of `n` strings whose addresses stand at `first`, `stride` words apart. */
export function strConcatMany(first: Addr, n: number, stride: number, separator: Addr): Addr {
  if (n === 0) return newEmptyStr();
  const gap = n > 1 && separator !== 0 ? I32[separator + StrObject.Length] : 0;
  let form: number = gap > 0 ? I32[separator + StrObject.State] & StrForm.Mask : StrForm.Ascii;
  let length = gap * (n - 1);
  for (let i = 0; i < n; i++) {
    const item = I32[first + i * stride];
    const itemForm = I32[item + StrObject.State] & StrForm.Mask;
    if (itemForm !== form && I32[item + StrObject.Length] > 0) form = joinForms(form, itemForm);
    length += I32[item + StrObject.Length];
  }
  if (length === 0) return newEmptyStr();
  if (n === 1 && I32[I32[first] + Head.Type] === T.Str) return incref(I32[first]);
  if (length === 1) return concatSingle(first, n, stride, separator, gap);
  const result = newStrOfForm(length, form);
  if (result === 0) return 0;
  if (form === StrForm.Ascii) joinAscii(result, first, n, stride, gap > 0 ? separator : 0);
  else {
    let at = 0;
    for (let i = 0; i < n; i++) {
      if (i > 0 && gap > 0) copyCodes(result, (at += gap) - gap, separator, 0, gap);
      const item = I32[first + i * stride];
      const itemLength = I32[item + StrObject.Length];
      copyCodes(result, at, item, 0, itemLength);
      at += itemLength;
    }
  }
  return result;
}

/** A concatenation whose one character is Latin-1 must be the shared one (R24). */
function concatSingle(first: Addr, n: number, stride: number, separator: Addr, gap: number): Addr {
  if (gap > 0) return newStrFromCode(strCodeAt(separator, 0));
  for (let i = 0; i < n; i++) {
    const item = I32[first + i * stride];
    if (I32[item + StrObject.Length] === 1) return newStrFromCode(strCodeAt(item, 0));
  }
  return newEmptyStr();
}

function joinAscii(result: Addr, first: Addr, n: number, stride: number, separator: Addr): void {
  const gap = separator === 0 ? 0 : I32[separator + StrObject.Length];
  const gapData = separator === 0 ? 0 : I32[separator + StrObject.Data];
  let to = I32[result + StrObject.Data];
  for (let i = 0; i < n; i++) {
    if (i > 0) for (let k = 0; k < gap; k++) U8[to++] = U8[gapData + k];
    const item = I32[first + i * stride];
    const length = I32[item + StrObject.Length];
    const from = I32[item + StrObject.Data];
    if (length > 96) U8.copyWithin(to, from, from + length);
    else for (let k = 0; k < length; k++) U8[to + k] = U8[from + k];
    to += length;
  }
}

/** `separator.join(items)` for a list or tuple; TypeError when an item is no str. */
export function strJoin(separator: Addr, items: Addr): Addr {
  const isList = (I32[I32[items + Head.Type] + TypeObject.Flags] & TypeFlag.ListSubclass) !== 0;
  const n = I32[items + ListObject.Size];
  const first = isList ? I32[items + ListObject.Items] : items + TupleObject.Items;
  const other = firstOther(first, n);
  if (other < n) return raiseNotStr(I32[first + 2 * other], other);
  return strConcatMany(first, n, 2, separator);
}

/**
 * Index of the first item that is no str, or `n`. Long loops stand in functions of their own: V8
 * replaces a loop while it runs by code that has seen nothing of what follows the loop.
 */
function firstOther(first: Addr, n: number): number {
  for (let i = 0; i < n; i++) {
    const item = I32[first + 2 * i];
    if (I32[item + Head.Type] !== T.Str && !isStr(item)) return i;
  }
  return n;
}

function raiseNotStr(item: Addr, index: number): 0 {
  const name = getString(I32[I32[item + Head.Type] + TypeObject.Name]);
  return raise(T.TypeError, `sequence item ${index}: expected str instance, ${name} found`);
}
