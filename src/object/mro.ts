/** The method resolution order: C3 linearization (M. Simionato, "The Python 2.3 MRO", 2003). */
import { type Addr, heap } from "../memory/heap.js";
import { raise } from "./errors.js";
import { track } from "./gcheader.js";
import { incref } from "./header.js";
import { TupleObject, TypeObject } from "./layout.js";
import { newTuple } from "./tuple.js";
import { typeName } from "./type.js";
import { T } from "./types.js";

const I32 = heap.I32;

/** The MRO of `type` as a new tuple, from its bases' MROs. */
export function computeMro(type: Addr): Addr {
  const bases = itemsOf(I32[type + TypeObject.Bases]);
  if (new Set(bases).size !== bases.length) {
    const twice = bases.find((base, i) => bases.indexOf(base) !== i) as Addr;
    return raise(T.TypeError, `duplicate base class ${typeName(twice)}`);
  }
  const order = merge(type, [...bases.map((base) => itemsOf(I32[base + TypeObject.Mro])), bases]);
  if (order === null) return 0;
  const mro = newTuple(order.length);
  if (mro === 0) return 0;
  for (const [i, item] of order.entries()) I32[mro + TupleObject.Items + 2 * i] = incref(item);
  track(mro);
  return mro;
}

function itemsOf(tuple: Addr): Addr[] {
  const items: Addr[] = [];
  const n = I32[tuple + TupleObject.Size];
  for (let i = 0; i < n; i++) items.push(I32[tuple + TupleObject.Items + 2 * i]);
  return items;
}

/** Take, time and again, the first head that stands in no other list's tail. */
function merge(type: Addr, lists: Addr[][]): Addr[] | null {
  const order = [type];
  for (;;) {
    const left = lists.filter((list) => list.length > 0);
    if (left.length === 0) return order;
    const next = left.find((list) => !left.some((other) => other.indexOf(list[0]) > 0));
    if (next === undefined) {
      const heads = [...new Set(left.map((list) => list[0]))].map(typeName).join(", ");
      raise(
        T.TypeError,
        `Cannot create a consistent method resolution\norder (MRO) for bases ${heads}`,
      );
      return null;
    }
    const taken = next[0];
    order.push(taken);
    for (const list of left) if (list[0] === taken) list.shift();
  }
}
