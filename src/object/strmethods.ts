/** Methods of str that search, replace, strip, pad and join. */
import { type Addr, heap } from "../memory/heap.js";
import { sequenceFast } from "./abstract.js";
import { bindArguments, checkArity } from "./arguments.js";
import { fast, keywords, type MethodDef, oneArg } from "./define.js";
import { raise, raiseMemoryError, typeName } from "./errors.js";
import { decref } from "./header.js";
import { asSsize, failed, newBool, newInt } from "./int.js";
import { Head, StrObject, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import {
  copyCodes,
  isStr,
  newEmptyStr,
  newStrOfForm,
  StrForm,
  strCodeAt,
  strJoin,
  strLength,
  strSlice,
} from "./str.js";
import { StrBuilder } from "./strbuilder.js";
import { exactStr } from "./strcase.js";
import {
  countStr,
  findAll,
  findStr,
  findStrLast,
  isAsciiStr,
  matchesAt,
  positions,
} from "./strsearch.js";
import {
  checkTakes,
  HUGE_SIZE,
  MAX_HEAP_SIZE,
  rangeStart,
  rangeStop,
  readInt,
  readRange,
  readSsize,
  requireStr,
  requireStrArgument,
} from "./textarguments.js";
import { S, T } from "./types.js";
import { isSpace } from "./unicode.js";

const I32 = heap.I32;
const U8 = heap.U8;

/** Check and read the arguments of find and its like; false with an exception pending. */
function readSearch(self: Addr, name: string, args: Addr, nargs: number): boolean {
  if (!checkTakes(name, nargs, 1, 3)) return false;
  if (requireStr(I32[args]) < 0) return false;
  return readRange(args, nargs, 1, I32[self + StrObject.Length]);
}

function find(self: Addr, args: Addr, nargs: number): Addr {
  if (!readSearch(self, "find", args, nargs)) return 0;
  return newInt(findStr(self, I32[args], rangeStart, rangeStop));
}

function rfind(self: Addr, args: Addr, nargs: number): Addr {
  if (!readSearch(self, "rfind", args, nargs)) return 0;
  return newInt(findStrLast(self, I32[args], rangeStart, rangeStop));
}

function index(self: Addr, args: Addr, nargs: number): Addr {
  if (!readSearch(self, "index", args, nargs)) return 0;
  const at = findStr(self, I32[args], rangeStart, rangeStop);
  return at < 0 ? raise(T.ValueError, "substring not found") : newInt(at);
}

function rindex(self: Addr, args: Addr, nargs: number): Addr {
  if (!readSearch(self, "rindex", args, nargs)) return 0;
  const at = findStrLast(self, I32[args], rangeStart, rangeStop);
  return at < 0 ? raise(T.ValueError, "substring not found") : newInt(at);
}

function count(self: Addr, args: Addr, nargs: number): Addr {
  if (!readSearch(self, "count", args, nargs)) return 0;
  return newInt(countStr(self, I32[args], rangeStart, rangeStop));
}

/** Does `affix` stand at the beginning (or end) of the range read last? */
function hasAffix(self: Addr, affix: Addr, atEnd: boolean): boolean {
  const m = I32[affix + StrObject.Length];
  if (rangeStop - rangeStart < m) return false;
  return matchesAt(self, atEnd ? rangeStop - m : rangeStart, affix);
}

function testAffix(self: Addr, args: Addr, nargs: number, name: string, atEnd: boolean): Addr {
  if (!checkTakes(name, nargs, 1, 3)) return 0;
  if (!readRange(args, nargs, 1, I32[self + StrObject.Length])) return 0;
  const affix = I32[args];
  if (isStr(affix)) return newBool(hasAffix(self, affix, atEnd));
  if ((I32[I32[affix + Head.Type] + TypeObject.Flags] & TypeFlag.TupleSubclass) === 0) {
    const message = `${name} first arg must be str or a tuple of str, not ${typeName(affix)}`;
    return raise(T.TypeError, message);
  }
  for (let i = 0; i < I32[affix + TupleObject.Size]; i++) {
    const item = I32[affix + TupleObject.Items + 2 * i];
    if (!isStr(item)) {
      return raise(T.TypeError, `tuple for ${name} must only contain str, not ${typeName(item)}`);
    }
    if (hasAffix(self, item, atEnd)) return newBool(true);
  }
  return newBool(false);
}

function removeprefix(self: Addr, prefix: Addr): Addr {
  if (requireStrArgument(prefix, "removeprefix() argument") < 0) return 0;
  const length = I32[self + StrObject.Length];
  const m = I32[prefix + StrObject.Length];
  if (m > length || !matchesAt(self, 0, prefix)) return exactStr(self);
  return strSlice(self, m, length);
}

function removesuffix(self: Addr, suffix: Addr): Addr {
  if (requireStrArgument(suffix, "removesuffix() argument") < 0) return 0;
  const length = I32[self + StrObject.Length];
  const m = I32[suffix + StrObject.Length];
  if (m === 0 || m > length || !matchesAt(self, length - m, suffix)) return exactStr(self);
  return strSlice(self, 0, length - m);
}

/** `self.replace(old, new, limit)`; `limit` -1: all. */
function strReplace(self: Addr, old: Addr, replacement: Addr, limit: number): Addr {
  const length = I32[self + StrObject.Length];
  const m = I32[old + StrObject.Length];
  const size = I32[replacement + StrObject.Length];
  if (limit === 0 || old === replacement) return exactStr(self);
  if (m === 0) return insertBetween(self, replacement, limit);
  const n = findAll(self, old, 0, length, limit);
  if (n === 0) return exactStr(self);
  const newLength = length + n * (size - m);
  if (newLength === 0) return newEmptyStr();
  const form = I32[self + StrObject.State] & StrForm.Mask;
  const newForm = I32[replacement + StrObject.State] & StrForm.Mask;
  if (form === StrForm.Ascii && newForm === StrForm.Ascii && newLength > 1) {
    return replaceAscii(self, replacement, n, m, newLength);
  }
  const found = positions;
  const builder = new StrBuilder(newLength);
  let start = 0;
  for (let i = 0; i < n; i++) {
    appendNarrow(builder, self, start, found[i]);
    builder.str(replacement);
    start = found[i] + m;
  }
  appendNarrow(builder, self, start, length);
  return builder.finish();
}

/** Append by code points, so that the builder stays as narrow as what it holds. */
function appendNarrow(builder: StrBuilder, str: Addr, start: number, stop: number): void {
  if (isAsciiStr(str)) builder.slice(str, start, stop);
  else for (let i = start; i < stop; i++) builder.code(strCodeAt(str, i));
}

function replaceAscii(self: Addr, replacement: Addr, n: number, m: number, total: number): Addr {
  const result = newStrOfForm(total, StrForm.Ascii);
  if (result === 0) return 0;
  const from = I32[self + StrObject.Data];
  const insert = I32[replacement + StrObject.Data];
  const size = I32[replacement + StrObject.Length];
  const found = positions;
  let to = I32[result + StrObject.Data];
  let at = from;
  for (let i = 0; i < n; i++) {
    to = appendBytes(to, at, from + found[i]);
    for (let k = 0; k < size; k++) U8[to + k] = U8[insert + k];
    to += size;
    at = from + found[i] + m;
  }
  appendBytes(to, at, from + I32[self + StrObject.Length]);
  return result;
}

/** Copy the bytes `[from, stop)` to `to`; returns the place behind them. */
function appendBytes(to: number, from: number, stop: number): number {
  const n = stop - from;
  if (n > 96) U8.copyWithin(to, from, stop);
  else for (let k = 0; k < n; k++) U8[to + k] = U8[from + k];
  return to + n;
}

/** Replacement of the empty string: before every code point and at the end. */
function insertBetween(self: Addr, replacement: Addr, limit: number): Addr {
  const length = I32[self + StrObject.Length];
  const times = limit < 0 || limit > length + 1 ? length + 1 : limit;
  const builder = new StrBuilder(length + times * I32[replacement + StrObject.Length]);
  for (let i = 0; i < times; i++) {
    builder.str(replacement);
    if (i < length) builder.code(strCodeAt(self, i));
  }
  appendNarrow(builder, self, Math.min(times, length), length);
  return builder.finish();
}

function replace(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("replace", nargs, 2, 3)) return 0;
  if (requireStrArgument(I32[args], "replace() argument 1") < 0) return 0;
  if (requireStrArgument(I32[args + 1], "replace() argument 2") < 0) return 0;
  const limit = readSsize(args, nargs, 2, -1);
  return failed(limit) ? 0 : strReplace(self, I32[args], I32[args + 1], limit);
}

const enum Side {
  Left = 1,
  Right = 2,
  Both = 3,
}

/** Does the set of characters `chars` (0: white space) contain `code`? */
function inSet(chars: Addr, code: number): boolean {
  if (chars === 0) return isSpace(code);
  const n = I32[chars + StrObject.Length];
  for (let i = 0; i < n; i++) if (strCodeAt(chars, i) === code) return true;
  return false;
}

function stripSides(self: Addr, chars: Addr, sides: number): Addr {
  let start = 0;
  let stop = I32[self + StrObject.Length];
  if ((sides & Side.Left) !== 0)
    while (start < stop && inSet(chars, strCodeAt(self, start))) start++;
  if ((sides & Side.Right) !== 0) {
    while (stop > start && inSet(chars, strCodeAt(self, stop - 1))) stop--;
  }
  return strSlice(self, start, stop);
}

function stripMethod(name: string, sides: number): MethodDef {
  return fast(name, (self, args, nargs) => {
    if (!checkArity(name, nargs, 0, 1)) return 0;
    const chars = nargs === 0 || I32[args] === S.None ? 0 : I32[args];
    if (chars !== 0 && !isStr(chars)) {
      return raise(T.TypeError, `${name} arg must be None or str`);
    }
    return stripSides(self, chars, sides);
  });
}

/** `self` with `left` and `right` fill characters around it. */
function padStr(self: Addr, left: number, right: number, fill: number): Addr {
  if (left <= 0 && right <= 0) return exactStr(self);
  const length = I32[self + StrObject.Length];
  const total = Math.max(left, 0) + length + Math.max(right, 0);
  return new StrBuilder(total).fill(fill, left).str(self).fill(fill, right).finish();
}

/** Width and fill character of center, ljust and rjust, left here. */
let padding = 0;
let fillCode = 0x20;

function readPadding(self: Addr, name: string, args: Addr, nargs: number): boolean {
  if (!checkArity(name, nargs, 1, 2)) return false;
  const width = asSsize(I32[args]);
  if (failed(width)) return false;
  fillCode = 0x20;
  if (nargs === 2) {
    const fill = I32[args + 1];
    if (!isStr(fill)) {
      raise(T.TypeError, `The fill character must be a unicode character, not ${typeName(fill)}`);
      return false;
    }
    if (strLength(fill) !== 1) {
      raise(T.TypeError, "The fill character must be exactly one character long");
      return false;
    }
    fillCode = strCodeAt(fill, 0);
  }
  padding = width - I32[self + StrObject.Length];
  return true;
}

function center(self: Addr, args: Addr, nargs: number): Addr {
  if (!readPadding(self, "center", args, nargs)) return 0;
  if (padding <= 0) return exactStr(self);
  const width = padding + I32[self + StrObject.Length];
  const left = Math.floor(padding / 2) + (padding & width & 1);
  return padStr(self, left, padding - left, fillCode);
}

function ljust(self: Addr, args: Addr, nargs: number): Addr {
  return readPadding(self, "ljust", args, nargs) ? padStr(self, 0, padding, fillCode) : 0;
}

function rjust(self: Addr, args: Addr, nargs: number): Addr {
  return readPadding(self, "rjust", args, nargs) ? padStr(self, padding, 0, fillCode) : 0;
}

function zfill(self: Addr, width: Addr): Addr {
  const wanted = asSsize(width);
  if (failed(wanted)) return 0;
  const length = I32[self + StrObject.Length];
  if (wanted <= length) return exactStr(self);
  const sign = length > 0 ? strCodeAt(self, 0) : 0;
  const skip = sign === 0x2b || sign === 0x2d ? 1 : 0;
  const builder = new StrBuilder(wanted);
  if (skip === 1) builder.code(sign);
  return builder
    .fill(0x30, wanted - length)
    .slice(self, skip, length)
    .finish();
}

const tabSize = new Int32Array(1);

function expandtabs(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("expandtabs", args, nargs, kwnames, ["tabsize"], 0, tabSize)) return 0;
  const size = tabSize[0] === 0 ? 8 : readInt(tabSize[0]);
  if (failed(size)) return 0;
  const length = I32[self + StrObject.Length];
  const builder = new StrBuilder(length);
  let column = 0;
  for (let i = 0; i < length; i++) {
    const code = strCodeAt(self, i);
    if (code === 9) {
      const spaces = size > 0 ? size - (column % size) : 0;
      builder.fill(0x20, spaces);
      column += spaces;
    } else {
      builder.code(code);
      column = code === 10 || code === 13 ? 0 : column + 1;
    }
  }
  return builder.finish();
}

/** `separator.join(iterable)`. */
function joinIterable(separator: Addr, iterable: Addr): Addr {
  const type = I32[iterable + Head.Type];
  if (type === T.List || type === T.Tuple) return strJoin(separator, iterable);
  const list = sequenceFast(iterable, "can only join an iterable");
  if (list === 0) return 0;
  const result = strJoin(separator, list);
  decref(list);
  return result;
}

/** `self * times`. */
export function strRepeat(self: Addr, times: number): Addr {
  const length = I32[self + StrObject.Length];
  if (times <= 0 || length === 0) return newEmptyStr();
  if (times === 1) return exactStr(self);
  const total = length * times;
  if (times >= HUGE_SIZE && length > 1)
    return raise(T.OverflowError, "repeated string is too long");
  if (total > MAX_HEAP_SIZE) return raiseMemoryError();
  const form = I32[self + StrObject.State] & StrForm.Mask;
  const result = newStrOfForm(total, form);
  if (result === 0) return 0;
  const width = form & StrObject.WidthMask;
  const data = I32[result + StrObject.Data];
  if (length === 1 && width === 1) U8.fill(strCodeAt(self, 0), data, data + total);
  else {
    copyCodes(result, 0, self, 0, length);
    // Double what is there already.
    for (let done = length; done < total; ) {
      const n = Math.min(done, total - done);
      U8.copyWithin(data + done * width, data, data + n * width);
      done += n;
    }
  }
  return result;
}

/** Every `step`th code point from `start` on, `n` of them. */
export function strStepSlice(self: Addr, start: number, step: number, n: number): Addr {
  if (n <= 0) return newEmptyStr();
  if (step === 1) return strSlice(self, start, start + n);
  if (isAsciiStr(self) && n > 1) {
    const result = newStrOfForm(n, StrForm.Ascii);
    if (result === 0) return 0;
    const from = I32[self + StrObject.Data] + start;
    const to = I32[result + StrObject.Data];
    for (let i = 0; i < n; i++) U8[to + i] = U8[from + i * step];
    return result;
  }
  const builder = new StrBuilder(n);
  for (let i = 0; i < n; i++) builder.code(strCodeAt(self, start + i * step));
  return builder.finish();
}

/** The methods of str that search, replace, strip, pad and join. */
export const textMethods: MethodDef[] = [
  fast("find", find),
  fast("rfind", rfind),
  fast("index", index),
  fast("rindex", rindex),
  fast("count", count),
  fast("startswith", (self, args, nargs) => testAffix(self, args, nargs, "startswith", false)),
  fast("endswith", (self, args, nargs) => testAffix(self, args, nargs, "endswith", true)),
  oneArg("removeprefix", removeprefix),
  oneArg("removesuffix", removesuffix),
  fast("replace", replace),
  stripMethod("strip", Side.Both),
  stripMethod("lstrip", Side.Left),
  stripMethod("rstrip", Side.Right),
  fast("center", center),
  fast("ljust", ljust),
  fast("rjust", rjust),
  oneArg("zfill", zfill),
  keywords("expandtabs", expandtabs),
  oneArg("join", joinIterable),
];
