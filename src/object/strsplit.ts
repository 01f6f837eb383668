/** str.split, rsplit, splitlines, partition and rpartition. */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments } from "./arguments.js";
import { keywords, type MethodDef, oneArg } from "./define.js";
import { raise, typeName } from "./errors.js";
import { decref, incref } from "./header.js";
import { asSsize, failed } from "./int.js";
import { ListObject, StrObject } from "./layout.js";
import { listAppendSteal, newList } from "./list.js";
import { isTrue } from "./number.js";
import { isStr, newEmptyStr, strCodeAt, strSlice } from "./str.js";
import { exactStr } from "./strcase.js";
import { findAll, findStr, findStrLast, positions } from "./strsearch.js";
import { requireStr } from "./textarguments.js";
import { newTuple3 } from "./tuple.js";
import { S, T } from "./types.js";
import { isLineBreak, isSpace } from "./unicode.js";

const I32 = heap.I32;

const bound = new Int32Array(2);

/** Append the code points `[start, stop)` of `str` to `list`; the list is dropped on failure. */
function appendSlice(list: Addr, str: Addr, start: number, stop: number): boolean {
  const piece = strSlice(str, start, stop);
  if (piece !== 0 && listAppendSteal(list, piece) === 0) return true;
  decref(list);
  return false;
}

/** Fill item `index` of a fresh list with a slice; the list is dropped on failure. */
function fillSlice(list: Addr, index: number, str: Addr, start: number, stop: number): boolean {
  const piece = strSlice(str, start, stop);
  if (piece === 0) {
    decref(list);
    return false;
  }
  I32[I32[list + ListObject.Items] + 2 * index] = piece;
  return true;
}

/** `str.split(separator, limit)`; `limit` -1: no limit. */
export function splitBy(str: Addr, separator: Addr, limit: number): Addr {
  const m = I32[separator + StrObject.Length];
  if (m === 0) return raise(T.ValueError, "empty separator");
  const length = I32[str + StrObject.Length];
  const count = findAll(str, separator, 0, length, limit);
  const list = newList(count + 1);
  if (list === 0 || !fillPieces(list, str, count, m)) return 0;
  const start = count === 0 ? 0 : positions[count - 1] + m;
  return fillSlice(list, count, str, start, length) ? list : 0;
}

/** Fill the list with what stands before each of the separators that were found. */
function fillPieces(list: Addr, str: Addr, count: number, m: number): boolean {
  const found = positions;
  let start = 0;
  for (let i = 0; i < count; i++) {
    if (!fillSlice(list, i, str, start, found[i])) return false;
    start = found[i] + m;
  }
  return true;
}

function rsplitBy(str: Addr, separator: Addr, limit: number): Addr {
  const m = I32[separator + StrObject.Length];
  if (m === 0) return raise(T.ValueError, "empty separator");
  const list = newList(0);
  if (list === 0) return 0;
  let stop = I32[str + StrObject.Length];
  for (let n = 0; n !== limit; n++) {
    const at = findStrLast(str, separator, 0, stop);
    if (at < 0) break;
    if (!appendSlice(list, str, at + m, stop)) return 0;
    stop = at;
  }
  if (!appendSlice(list, str, 0, stop)) return 0;
  reverseItems(list);
  return list;
}

/** Reverse a list that nobody else has seen. */
export function reverseItems(list: Addr): void {
  const items = I32[list + ListObject.Items];
  for (let low = 0, high = I32[list + ListObject.Size] - 1; low < high; low++, high--) {
    const item = I32[items + 2 * low];
    I32[items + 2 * low] = I32[items + 2 * high];
    I32[items + 2 * high] = item;
  }
}

/** Split at runs of white space. */
export function splitSpace(str: Addr, limit: number): Addr {
  const list = newList(0);
  if (list === 0) return 0;
  const length = I32[str + StrObject.Length];
  let at = 0;
  for (let n = 0; ; n++) {
    while (at < length && isSpace(strCodeAt(str, at))) at++;
    if (at === length) return list;
    const start = at;
    if (n === limit) return appendSlice(list, str, start, length) ? list : 0;
    while (at < length && !isSpace(strCodeAt(str, at))) at++;
    if (!appendSlice(list, str, start, at)) return 0;
  }
}

function rsplitSpace(str: Addr, limit: number): Addr {
  const list = newList(0);
  if (list === 0) return 0;
  let at = I32[str + StrObject.Length];
  for (let n = 0; ; n++) {
    while (at > 0 && isSpace(strCodeAt(str, at - 1))) at--;
    if (at === 0) break;
    const stop = at;
    if (n === limit) {
      if (!appendSlice(list, str, 0, stop)) return 0;
      break;
    }
    while (at > 0 && !isSpace(strCodeAt(str, at - 1))) at--;
    if (!appendSlice(list, str, at, stop)) return 0;
  }
  reverseItems(list);
  return list;
}

function splitMethod(
  name: string,
  byText: (str: Addr, separator: Addr, limit: number) => Addr,
  bySpace: (str: Addr, limit: number) => Addr,
): (self: Addr, args: Addr, nargs: number, kwnames: Addr) => Addr {
  const spec = ["sep", "maxsplit"];
  return (self, args, nargs, kwnames) => {
    let separator: Addr = S.None;
    let limit = -1;
    if (kwnames === 0 && nargs <= 1) {
      if (nargs === 1) separator = I32[args];
    } else {
      if (!bindArguments(name, args, nargs, kwnames, spec, 0, bound)) return 0;
      if (bound[0] !== 0) separator = bound[0];
      if (bound[1] !== 0) {
        limit = asSsize(bound[1]);
        if (failed(limit)) return 0;
      }
    }
    if (separator === S.None) return bySpace(self, limit);
    if (isStr(separator)) return byText(self, separator, limit);
    return raise(T.TypeError, `must be str or None, not ${typeName(separator)}`);
  };
}

function splitlines(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!bindArguments("splitlines", args, nargs, kwnames, ["keepends"], 0, bound)) return 0;
  const keep = bound[0] === 0 ? 0 : isTrue(bound[0]);
  if (keep < 0) return 0;
  const list = newList(0);
  if (list === 0) return 0;
  const length = I32[self + StrObject.Length];
  for (let at = 0; at < length; ) {
    const start = at;
    while (at < length && !isLineBreak(strCodeAt(self, at))) at++;
    let end = at;
    if (at < length) {
      const isPair =
        strCodeAt(self, at) === 13 && at + 1 < length && strCodeAt(self, at + 1) === 10;
      at += isPair ? 2 : 1;
      if (keep === 1) end = at;
    }
    if (!appendSlice(list, self, start, end)) return 0;
  }
  return list;
}

/** A tuple of three references that are given away; any 0 drops the others. */
function triple(a: Addr, b: Addr, c: Addr): Addr {
  const tuple = a !== 0 && b !== 0 && c !== 0 ? newTuple3(a, b, c) : 0;
  for (const part of [a, b, c]) if (part !== 0) decref(part);
  return tuple;
}

function partitionAt(self: Addr, separator: Addr, at: number): Addr {
  const m = I32[separator + StrObject.Length];
  const length = I32[self + StrObject.Length];
  const head = strSlice(self, 0, at);
  return triple(head, incref(separator), strSlice(self, at + m, length));
}

function partition(self: Addr, separator: Addr): Addr {
  if (requireStr(separator) < 0) return 0;
  if (I32[separator + StrObject.Length] === 0) return raise(T.ValueError, "empty separator");
  const at = findStr(self, separator, 0, I32[self + StrObject.Length]);
  if (at < 0) return triple(exactStr(self), newEmptyStr(), newEmptyStr());
  return partitionAt(self, separator, at);
}

function rpartition(self: Addr, separator: Addr): Addr {
  if (requireStr(separator) < 0) return 0;
  if (I32[separator + StrObject.Length] === 0) return raise(T.ValueError, "empty separator");
  const at = findStrLast(self, separator, 0, I32[self + StrObject.Length]);
  if (at < 0) return triple(newEmptyStr(), newEmptyStr(), exactStr(self));
  return partitionAt(self, separator, at);
}

/** The splitting methods of str. */
export const splitMethods: MethodDef[] = [
  keywords("split", splitMethod("split", splitBy, splitSpace)),
  keywords("rsplit", splitMethod("rsplit", rsplitBy, rsplitSpace)),
  keywords("splitlines", splitlines),
  oneArg("partition", partition),
  oneArg("rpartition", rpartition),
];
