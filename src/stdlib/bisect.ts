/** The module bisect: places in sorted sequences. */
import { type Addr, heap } from "../memory/heap.js";
import { objectLength, richCompareBool, sequenceItem } from "../object/abstract.js";
import { bindArguments } from "../object/arguments.js";
import { call1, callMethod2 } from "../object/call.js";
import { defineModule, keywords, type MethodDef } from "../object/define.js";
import { newNone, raiseStatus } from "../object/errors.js";
import { decref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { asIndex, newInt } from "../object/int.js";
import { Head } from "../object/layout.js";
import { listInsert } from "../object/list.js";
import { Compare } from "../object/slots.js";
import { S, T } from "../object/types.js";

const I32 = heap.I32;
const bound = new Int32Array(5);
const NAMES = ["a", "x", "lo", "hi", "key"];
const insertName = identifier("insert");

/** Does `x` go left of the item at `middle`? -1 with an exception pending. */
function goesLeft(a: Addr, x: Addr, middle: number, key: Addr, right: boolean): number {
  let item = sequenceItem(a, middle);
  if (item === 0) return -1;
  if (key !== 0) {
    const made = call1(key, item);
    decref(item);
    if (made === 0) return -1;
    item = made;
  }
  // Right of equal items: x < item; left of them: not item < x.
  const less = right ? richCompareBool(x, item, Compare.Lt) : richCompareBool(item, x, Compare.Lt);
  decref(item);
  if (less < 0) return -1;
  return right ? less : 1 - less;
}

function place(a: Addr, x: Addr, lo: number, hi: number, key: Addr, right: boolean): number {
  if (lo < 0) return raiseStatus(T.ValueError, "lo must be non-negative");
  let low = lo;
  let high = hi;
  if (high < 0) {
    high = objectLength(a);
    if (high < 0) return -1;
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const left = goesLeft(a, x, middle, key, right);
    if (left < 0) return -1;
    if (left === 1) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Bind the arguments to {@link bound}; lo and hi are read from it. */
function bindBounds(name: string, args: Addr, nargs: number, kwnames: Addr): boolean {
  return bindArguments(name, args, nargs, kwnames, NAMES, 2, bound, 0, 4);
}

function bisect(name: string, right: boolean): MethodDef {
  const label = right ? "bisect_right" : "bisect_left";
  return keywords(name, (_module, args, nargs, kwnames) => {
    if (!bindBounds(label, args, nargs, kwnames)) return 0;
    const [a, x, loArgument, hiArgument, keyArgument] = bound;
    const lo = loArgument === 0 ? 0 : asIndex(loArgument, T.OverflowError);
    if (Number.isNaN(lo)) return 0;
    const hi = hiArgument === 0 || hiArgument === S.None ? -1 : asIndex(hiArgument);
    if (Number.isNaN(hi)) return 0;
    const at = place(a, x, lo, hi, keyArgument === S.None ? 0 : keyArgument, right);
    return at < 0 ? 0 : newInt(at);
  });
}

function insort(name: string, right: boolean): MethodDef {
  const label = right ? "insort_right" : "insort_left";
  return keywords(name, (_module, args, nargs, kwnames) => {
    if (!bindBounds(label, args, nargs, kwnames)) return 0;
    const [a, x, loArgument, hiArgument, keyArgument] = bound;
    const lo = loArgument === 0 ? 0 : asIndex(loArgument, T.OverflowError);
    if (Number.isNaN(lo)) return 0;
    const hi = hiArgument === 0 || hiArgument === S.None ? -1 : asIndex(hiArgument);
    if (Number.isNaN(hi)) return 0;
    const key = keyArgument === S.None ? 0 : keyArgument;
    const sought = key === 0 ? x : call1(key, x);
    if (sought === 0) return 0;
    const at = place(a, sought, lo, hi, key, right);
    if (key !== 0) decref(sought);
    return at < 0 ? 0 : insertAt(a, at, x);
  });
}

function insertAt(a: Addr, at: number, x: Addr): Addr {
  if (I32[a + Head.Type] === T.List) return listInsert(a, at, x) < 0 ? 0 : newNone();
  const index = newInt(at);
  const done = index === 0 ? 0 : callMethod2(a, insertName, index, x);
  if (index !== 0) decref(index);
  if (done === 0) return 0;
  decref(done);
  return newNone();
}

defineModule({
  name: "bisect",
  doc: "Bisection algorithms.",
  functions: [
    bisect("bisect_left", false),
    bisect("bisect_right", true),
    bisect("bisect", true),
    insort("insort_left", false),
    insort("insort_right", true),
    insort("insort", true),
  ],
});
