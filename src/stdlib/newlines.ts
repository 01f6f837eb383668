/** Newlines of text streams: where lines end, what is translated, and what has been seen. */
import { type Addr, heap } from "../memory/heap.js";
import { newNone, raiseStatus, typeName } from "../object/errors.js";
import { decref, incref } from "../object/header.js";
import { StrObject } from "../object/layout.js";
import { reprObject } from "../object/repr.js";
import { getString, isStr, newStr, StrBuilder, strCodeAt } from "../object/str.js";
import { newTuple2, newTuple3 } from "../object/tuple.js";
import { S, T } from "../object/types.js";

const I32 = heap.I32;
const U8 = heap.U8;
const U16 = heap.U16;
const bytes = Buffer.from(heap.buffer as unknown as ArrayBuffer);

const LF = 10;
const CR = 13;

/** The argument `newline`. */
export const enum Newline {
  /** None: every newline ends a line and is read as "\n". */
  Translate = 0,
  /** "": every newline ends a line and is read as it is. */
  Universal = 1,
  Lf = 2,
  Cr = 3,
  CrLf = 4,
}

/** Bits of the newlines seen so far. */
const enum Seen {
  Cr = 1,
  Lf = 2,
  CrLf = 4,
  All = 7,
}

const KINDS = new Map<string, Newline>([
  ["", Newline.Universal],
  ["\n", Newline.Lf],
  ["\r", Newline.Cr],
  ["\r\n", Newline.CrLf],
]);

/** The kind that an argument `newline` (0: absent, None) asks for; -1: exception pending. */
export function readNewline(value: Addr, typeMessage: string, shown: "repr" | "str"): number {
  if (value === 0 || value === S.None) return Newline.Translate;
  if (!isStr(value)) return raiseStatus(T.TypeError, `${typeMessage}${typeName(value)}`);
  const kind = KINDS.get(getString(value));
  if (kind !== undefined) return kind;
  let text = getString(value);
  if (shown === "repr") {
    const repr = reprObject(value);
    if (repr === 0) return -1;
    text = getString(repr);
    decref(repr);
  }
  return raiseStatus(T.ValueError, `illegal newline value: ${text}`);
}

/** The argument `newline` that asks for `kind`: a new reference. */
export function newlineArgument(kind: Newline): Addr {
  for (const [text, value] of KINDS) if (value === kind) return newStr(text);
  return newNone();
}

/** Byte offset of byte `code` in `[from, to)` of the heap, four at a time; -1: none. */
function findByte(from: number, to: number, code: number): number {
  let at = from;
  for (; (at & 3) !== 0 && at < to; at++) if (U8[at] === code) return at;
  const pattern = code * 0x01010101;
  const end = to >> 2;
  for (let word = at >> 2; word < end; word++) {
    const difference = I32[word] ^ pattern;
    if (((difference - 0x01010101) & ~difference & 0x80808080) !== 0) break;
    at += 4;
  }
  for (; at < to; at++) if (U8[at] === code) return at;
  return -1;
}

/** Index of code `code` in units `[from, to)` of `width` bytes at byte offset `data`; -1: none. */
function findUnit(data: number, width: number, from: number, to: number, code: number): number {
  if (width === 1) {
    // Most lines are short: the call of the native search costs as much as these steps.
    const near = Math.min(to, from + 384);
    const found = findByte(data + from, data + near, code);
    if (found >= 0) return found - data;
    if (near === to) return -1;
    const at = bytes.subarray(data + near, data + to).indexOf(code);
    return at < 0 ? -1 : near + at;
  }
  if (width === 2) {
    const base = data >> 1;
    for (let i = from; i < to; i++) if (U16[base + i] === code) return i;
    return -1;
  }
  const base = data >> 2;
  for (let i = from; i < to; i++) if (I32[base + i] === code) return i;
  return -1;
}

function unitAt(data: number, width: number, i: number): number {
  if (width === 1) return U8[data + i];
  return width === 2 ? U16[(data >> 1) + i] : I32[(data >> 2) + i];
}

/**
 * Index behind the line that begins at unit `from` of the text of `to` units at byte offset `data`,
 * or -1 where no newline ends it.
 */
export function findLineEnd(
  data: number,
  width: number,
  from: number,
  to: number,
  kind: Newline,
): number {
  if (kind === Newline.Translate || kind === Newline.Lf) {
    return findUnit(data, width, from, to, LF) + 1 || -1;
  }
  if (kind === Newline.Cr) return findUnit(data, width, from, to, CR) + 1 || -1;
  if (kind === Newline.CrLf) {
    for (let at = from; ; at++) {
      at = findUnit(data, width, at, to, CR);
      if (at < 0) return -1;
      if (at + 1 < to && unitAt(data, width, at + 1) === LF) return at + 2;
    }
  }
  for (let i = from; i < to; i++) {
    const code = unitAt(data, width, i);
    if (code === LF) return i + 1;
    if (code === CR) return i + 1 < to && unitAt(data, width, i + 1) === LF ? i + 2 : i + 1;
  }
  return -1;
}

/** The newlines in `str`, added to the bits in `seen`. */
function newlinesIn(str: Addr, seen: number): number {
  const data = I32[str + StrObject.Data];
  const width = I32[str + StrObject.State] & StrObject.WidthMask;
  const n = I32[str + StrObject.Length];
  if (findUnit(data, width, 0, n, CR) < 0) {
    if ((seen & Seen.Lf) !== 0 || findUnit(data, width, 0, n, LF) < 0) return seen;
    return seen | Seen.Lf;
  }
  let bits = seen;
  for (let i = 0; i < n && bits !== Seen.All; i++) {
    const code = unitAt(data, width, i);
    if (code === LF) bits |= Seen.Lf;
    else if (code === CR && i + 1 < n && unitAt(data, width, i + 1) === LF) {
      bits |= Seen.CrLf;
      i++;
    } else if (code === CR) bits |= Seen.Cr;
  }
  return bits;
}

/** Note the newlines of `str` in the bits of the word `seen`. */
export function noteNewlines(str: Addr, seen: Addr): void {
  I32[seen] = newlinesIn(str, I32[seen]);
}

/** `str` (given away) with every newline as "\n"; 0 with MemoryError pending. */
export function translateNewlines(str: Addr): Addr {
  const data = I32[str + StrObject.Data];
  const width = I32[str + StrObject.State] & StrObject.WidthMask;
  const n = I32[str + StrObject.Length];
  let at = findUnit(data, width, 0, n, CR);
  if (at < 0) return str;
  const builder = new StrBuilder(n);
  let from = 0;
  while (at >= 0) {
    builder.slice(str, from, at).code(LF);
    from = at + 1 < n && unitAt(data, width, at + 1) === LF ? at + 2 : at + 1;
    at = findUnit(data, width, from, n, CR);
  }
  builder.slice(str, from, n);
  const result = builder.finish();
  decref(str);
  return result;
}

/** A new reference to `str` with every "\n" as newline `kind`. */
export function writeNewlines(str: Addr, kind: Newline): Addr {
  const data = I32[str + StrObject.Data];
  const width = I32[str + StrObject.State] & StrObject.WidthMask;
  const n = I32[str + StrObject.Length];
  let at = kind < Newline.Cr ? -1 : findUnit(data, width, 0, n, LF);
  if (at < 0) return incref(str);
  const builder = new StrBuilder(n + 16);
  let from = 0;
  while (at >= 0) {
    builder.slice(str, from, at).code(CR);
    if (kind === Newline.CrLf) builder.code(LF);
    from = at + 1;
    at = findUnit(data, width, from, n, LF);
  }
  return builder.slice(str, from, n).finish();
}

/** Is there a "\n" or a "\r" in `str`? */
export function hasNewline(str: Addr): boolean {
  for (let i = I32[str + StrObject.Length] - 1; i >= 0; i--) {
    const code = strCodeAt(str, i);
    if (code === LF || code === CR) return true;
  }
  return false;
}

/** What attribute `newlines` says for the bits in `seen`. */
export function newNewlines(seen: number): Addr {
  const names: Addr[] = [];
  if ((seen & Seen.Cr) !== 0) names.push(newStr("\r"));
  if ((seen & Seen.Lf) !== 0) names.push(newStr("\n"));
  if ((seen & Seen.CrLf) !== 0) names.push(newStr("\r\n"));
  if (names.length === 0) return newNone();
  if (names.length === 1 || names.includes(0)) {
    for (const name of names.slice(1)) if (name !== 0) decref(name);
    return names[0];
  }
  const [a, b, c] = names;
  const tuple = names.length === 2 ? newTuple2(a, b) : newTuple3(a, b, c);
  for (const name of names) decref(name);
  return tuple;
}
