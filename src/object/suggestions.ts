/** "Did you mean": the hints that 3.11 prints behind NameError and AttributeError. */
import { type Addr, heap } from "../memory/heap.js";
import { dictKeyAt, dictNext, isDict } from "./dict.js";
import { restorePending } from "./errors.js";
import { builtinsOf } from "./function.js";
import { decref, typeOf } from "./header.js";
import { CodeObject, ExceptionObject, ListObject, TracebackObject, TupleObject } from "./layout.js";
import { ExceptionField } from "./nameerrors.js";
import { objectDir } from "./objecttype.js";
import { getString, isStr } from "./str.js";
import { isSubtype } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

const enum Cost {
  Move = 2,
  Case = 1,
  MaxCandidates = 750,
  MaxLength = 40,
}

/** `. Did you mean: 'x'?` or "". */
export function suggestion(exc: Addr): string {
  const type = typeOf(exc);
  let wrong: Addr = 0;
  let names: string[] = [];
  if (type === T.AttributeError) {
    wrong = I32[exc + ExceptionField.AttributeName];
    const object = I32[exc + ExceptionField.AttributeObject];
    if (wrong === 0 || object === 0) return "";
    names = attributesOf(object);
  } else if (isSubtype(type, T.NameError)) {
    wrong = I32[exc + ExceptionField.Name];
    if (wrong === 0) return "";
    names = visibleNames(exc);
  }
  if (wrong === 0 || wrong === S.None || !isStr(wrong)) return "";
  const best = closest(getString(wrong), names);
  return best === null ? "" : `. Did you mean: '${best}'?`;
}

function attributesOf(object: Addr): string[] {
  const list = objectDir(object);
  if (list === 0) {
    restorePending(0);
    return [];
  }
  const names: string[] = [];
  const n = I32[list + ListObject.Size];
  for (let i = 0; i < n; i++) {
    const item = I32[I32[list + ListObject.Items] + 2 * i];
    if (isStr(item)) names.push(getString(item));
  }
  decref(list);
  return names;
}

/** Locals, globals and builtins of the innermost frame of the traceback. */
function visibleNames(exc: Addr): string[] {
  let last = I32[exc + ExceptionObject.Traceback];
  if (last === 0) return [];
  while (I32[last + TracebackObject.Next] !== 0) last = I32[last + TracebackObject.Next];
  const names: string[] = [];
  const slots = I32[I32[last + TracebackObject.Code] + CodeObject.LocalsPlusNames];
  const n = slots === 0 ? 0 : I32[slots + TupleObject.Size];
  for (let i = 0; i < n; i++) names.push(getString(I32[slots + TupleObject.Items + 2 * i]));
  const globals = I32[last + TracebackObject.Globals];
  if (globals === 0) return names;
  const builtins = builtinsOf(globals);
  for (const dict of [globals, builtins]) {
    if (dict === 0 || !isDict(dict)) continue;
    for (let i = dictNext(dict, 0); i >= 0; i = dictNext(dict, i + 1)) {
      const key = dictKeyAt(dict, i);
      if (isStr(key)) names.push(getString(key));
    }
  }
  return names;
}

/** The nearest name within a third of the letters changed, the first of equals. */
function closest(wrong: string, names: string[]): string | null {
  if (names.length >= Cost.MaxCandidates) return null;
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of names) {
    if (name === wrong) continue;
    const limit = Math.floor(((wrong.length + name.length + 3) * Cost.Move) / 6);
    const distance = levenshtein(wrong, name, Math.min(limit, bestDistance - 1));
    if (distance > limit || distance >= bestDistance) continue;
    best = name;
    bestDistance = distance;
  }
  return best;
}

function substitution(a: string, b: string): number {
  if (a === b) return 0;
  return a.toLowerCase() === b.toLowerCase() ? Cost.Case : Cost.Move;
}

/** Weighted edit distance; anything above `limit` is only that. */
function levenshtein(a: string, b: string, limit: number): number {
  let [left, right] = [a, b];
  while (left !== "" && right !== "" && left[0] === right[0]) {
    left = left.slice(1);
    right = right.slice(1);
  }
  while (left !== "" && right !== "" && left.at(-1) === right.at(-1)) {
    left = left.slice(0, -1);
    right = right.slice(0, -1);
  }
  if (left.length === 0 || right.length === 0) return (left.length + right.length) * Cost.Move;
  if (left.length > Cost.MaxLength || right.length > Cost.MaxLength) return limit + 1;
  if (Math.abs(left.length - right.length) * Cost.Move > limit) return limit + 1;
  let row = Array.from({ length: right.length + 1 }, (_, i) => i * Cost.Move);
  for (let i = 0; i < left.length; i++) {
    const next = [(i + 1) * Cost.Move];
    for (let j = 0; j < right.length; j++) {
      next.push(
        Math.min(
          row[j] + substitution(left[i], right[j]),
          row[j + 1] + Cost.Move,
          next[j] + Cost.Move,
        ),
      );
    }
    row = next;
  }
  return row[right.length];
}
