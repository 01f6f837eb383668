/** Comparison of lists and of tuples: element by element, then by length. */
import { type Addr, heap } from "../memory/heap.js";
import { richCompare, richCompareBool } from "./abstract.js";
import { newNotImplemented } from "./errors.js";
import { decref, incref, isKindOf } from "./header.js";
import { Head, ListObject, TupleObject, TypeFlag } from "./layout.js";
import { Compare } from "./slots.js";
import { S } from "./types.js";

const I32 = heap.I32;

/** A new reference to True or False. */
export function newTruth(truth: boolean): Addr {
  return incref(truth ? S.True : S.False);
}

function compareSizes(n: number, m: number, op: number): boolean {
  switch (op) {
    case Compare.Lt:
      return n < m;
    case Compare.Le:
      return n <= m;
    case Compare.Eq:
      return n === m;
    case Compare.Ne:
      return n !== m;
    case Compare.Gt:
      return n > m;
    default:
      return n >= m;
  }
}

/** Items can move while comparisons run Python, so their place is looked up each time. */
function itemAt(sequence: Addr, flag: number, i: number): Addr {
  const items =
    flag === TypeFlag.TupleSubclass
      ? sequence + TupleObject.Items
      : I32[sequence + ListObject.Items];
  return I32[items + 2 * i];
}

/** The richCompare slot of the types with `flag` (list or tuple). */
export function richCompareSequence(left: Addr, right: Addr, op: number, flag: number): Addr {
  if (!isKindOf(left, flag) || !isKindOf(right, flag)) return newNotImplemented();
  const equality = op === Compare.Eq || op === Compare.Ne;
  if (
    equality &&
    flag === TypeFlag.ListSubclass &&
    I32[left + Head.Size] !== I32[right + Head.Size]
  ) {
    return newTruth(op === Compare.Ne);
  }
  let i = 0;
  for (; i < I32[left + Head.Size] && i < I32[right + Head.Size]; i++) {
    const a = itemAt(left, flag, i);
    const b = itemAt(right, flag, i);
    if (a === b) continue;
    I32[a]++;
    I32[b]++;
    const equal = richCompareBool(a, b, Compare.Eq);
    decref(a);
    decref(b);
    if (equal < 0) return 0;
    if (equal === 0) break;
  }
  if (i >= I32[left + Head.Size] || i >= I32[right + Head.Size]) {
    return newTruth(compareSizes(I32[left + Head.Size], I32[right + Head.Size], op));
  }
  if (equality) return newTruth(op === Compare.Ne);
  const a = incref(itemAt(left, flag, i));
  const b = incref(itemAt(right, flag, i));
  const result = richCompare(a, b, op);
  decref(a);
  decref(b);
  return result;
}
