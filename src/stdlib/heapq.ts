/** The native part of heapq: heaps on lists, compared by `<`, as Modules/_heapqmodule.c does. */
import { type Addr, heap } from "../memory/heap.js";
import { richCompareBool } from "../object/abstract.js";
import { checkArity } from "../object/arguments.js";
import { defineModule, fast, type MethodDef, oneArg } from "../object/define.js";
import { newNone, raise, raiseStatus, typeName } from "../object/errors.js";
import { decref, incref, isKindOf } from "../object/header.js";
import { ListObject, TypeFlag } from "../object/layout.js";
import { listAppend, listGet, listResize, listSetSteal } from "../object/list.js";
import { Compare } from "../object/slots.js";
import { T } from "../object/types.js";

const I32 = heap.I32;

/** Exchange items `i` and `j`. */
function swap(list: Addr, i: number, j: number): void {
  const items = I32[list + ListObject.Items];
  const value = I32[items + 2 * i];
  I32[items + 2 * i] = I32[items + 2 * j];
  I32[items + 2 * j] = value;
}

/** Is item `i` before item `j`? For max-heaps the other way round. -1 with an exception pending. */
function before(list: Addr, i: number, j: number, max: boolean): number {
  const size = I32[list + ListObject.Size];
  const a = incref(listGet(list, i));
  const b = incref(listGet(list, j));
  const result = max ? richCompareBool(b, a, Compare.Lt) : richCompareBool(a, b, Compare.Lt);
  decref(a);
  decref(b);
  if (result >= 0 && I32[list + ListObject.Size] !== size) {
    return raiseStatus(T.RuntimeError, "list changed size during iteration");
  }
  return result;
}

/** Move item `place` towards the root as far as it goes, not above `start`. */
function siftDown(list: Addr, start: number, place: number, max: boolean): number {
  let at = place;
  while (at > start) {
    const parent = (at - 1) >> 1;
    const less = before(list, at, parent, max);
    if (less < 0) return -1;
    if (less === 0) break;
    swap(list, at, parent);
    at = parent;
  }
  return 0;
}

/** Move item `place` down to a leaf along the lesser children, then up to where it belongs. */
function siftUp(list: Addr, place: number, max: boolean): number {
  const size = I32[list + ListObject.Size];
  let at = place;
  for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
    if (child + 1 < size) {
      const less = before(list, child, child + 1, max);
      if (less < 0) return -1;
      if (less === 0) child++;
    }
    swap(list, at, child);
    at = child;
  }
  return siftDown(list, place, at, max);
}

function isHeap(fname: string, place: string, list: Addr): boolean {
  if (isKindOf(list, TypeFlag.ListSubclass)) return true;
  raise(T.TypeError, `${fname}() ${place} must be list, not ${typeName(list)}`);
  return false;
}

function pop(list: Addr, max: boolean): Addr {
  const size = I32[list + ListObject.Size];
  if (size === 0) return raise(T.IndexError, "index out of range");
  const last = listGet(list, size - 1);
  listResize(list, size - 1);
  if (size === 1) return last;
  const items = I32[list + ListObject.Items];
  const first = I32[items];
  I32[items] = last;
  if (siftUp(list, 0, max) === 0) return first;
  decref(first);
  return 0;
}

/** Put `value` (borrowed) in the root's place; the old root as a new reference. */
function replace(list: Addr, value: Addr, max: boolean): Addr {
  if (I32[list + ListObject.Size] === 0) return raise(T.IndexError, "index out of range");
  const first = incref(listGet(list, 0));
  listSetSteal(list, 0, incref(value));
  if (siftUp(list, 0, max) === 0) return first;
  decref(first);
  return 0;
}

function push(list: Addr, value: Addr): Addr {
  if (listAppend(list, value) < 0) return 0;
  return siftDown(list, 0, I32[list + ListObject.Size] - 1, false) < 0 ? 0 : newNone();
}

function pushPop(list: Addr, value: Addr): Addr {
  if (I32[list + ListObject.Size] === 0) return incref(value);
  const less = richCompareBool(listGet(list, 0), value, Compare.Lt);
  if (less < 0) return 0;
  if (less === 0) return incref(value);
  return replace(list, value, false);
}

function heapify(list: Addr, max: boolean): Addr {
  for (let i = (I32[list + ListObject.Size] >> 1) - 1; i >= 0; i--) {
    if (siftUp(list, i, max) < 0) return 0;
  }
  return newNone();
}

function two(name: string, run: (list: Addr, value: Addr) => Addr): MethodDef {
  return fast(name, (_module, args, nargs) =>
    checkArity(name, nargs, 2, 2) && isHeap(name, "argument 1", I32[args])
      ? run(I32[args], I32[args + 1])
      : 0,
  );
}

function one(name: string, run: (list: Addr) => Addr): MethodDef {
  return oneArg(name, (_module, list) => (isHeap(name, "argument", list) ? run(list) : 0));
}

defineModule({
  name: "_heapq",
  doc: "Heap queue algorithm (a.k.a. priority queue).",
  functions: [
    two("heappush", push),
    two("heappushpop", pushPop),
    two("heapreplace", (list, value) => replace(list, value, false)),
    two("_heapreplace_max", (list, value) => replace(list, value, true)),
    one("heappop", (list) => pop(list, false)),
    one("_heappop_max", (list) => pop(list, true)),
    one("heapify", (list) => heapify(list, false)),
    one("_heapify_max", (list) => heapify(list, true)),
  ],
});
