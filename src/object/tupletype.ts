/** The type tuple: its slots and methods. */
import { type Addr, heap } from "../memory/heap.js";
import { indexInSequence, richCompareBool } from "./abstract.js";
import { checkArity, keywordsAllowed } from "./arguments.js";
import { reprSequence } from "./containerrepr.js";
import { defineType, fast, noArgs, oneArg } from "./define.js";
import { raise, typeName } from "./errors.js";
import { track } from "./gcheader.js";
import { classGetItemMethod } from "./genericalias.js";
import { decref, incref } from "./header.js";
import { newObjectOf } from "./instance.js";
import { asIndex, newInt } from "./int.js";
import { newTupleIterator } from "./iterators.js";
import { Head, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { richCompareSequence } from "./sequencecompare.js";
import { sliceBounds, sliceLength, sliceStart, sliceStep } from "./slice.js";
import { Compare } from "./slots.js";
import {
  newTuple,
  newTuple1,
  tupleDealloc,
  tupleFromItems,
  tupleFromIterable,
  tupleSize,
  tupleSlice,
} from "./tuple.js";
import { T } from "./types.js";
import { hashTuple } from "./widehash.js";

const I32 = heap.I32;

function tupleTraverse(self: Addr, visit: (ref: Addr) => void): void {
  // Last to first, as CPython: the order shows in gc.get_referents.
  for (let i = I32[self + TupleObject.Size] - 1; i >= 0; i--) {
    const item = I32[self + TupleObject.Items + 2 * i];
    if (item !== 0) visit(item);
  }
}

function tupleItem(self: Addr, index: number): Addr {
  if (index < 0 || index >= I32[self + TupleObject.Size]) {
    return raise(T.IndexError, "tuple index out of range");
  }
  return incref(I32[self + TupleObject.Items + 2 * index]);
}

function tupleSubscript(self: Addr, key: Addr): Addr {
  if (I32[key + Head.Type] === T.Slice) {
    const size = I32[self + TupleObject.Size];
    if (!sliceBounds(key, size)) return 0;
    const n = sliceLength;
    if (sliceStep === 1) return tupleSlice(self, sliceStart, sliceStart + n);
    const start = sliceStart;
    const step = sliceStep;
    const result = newTuple(n);
    if (result === 0 || n === 0) return result;
    for (let i = 0; i < n; i++) {
      I32[result + TupleObject.Items + 2 * i] = incref(
        I32[self + TupleObject.Items + 2 * (start + i * step)],
      );
    }
    track(result);
    return result;
  }
  const index = indexInSequence(key, T.IndexError, "tuple");
  if (Number.isNaN(index)) return 0;
  return tupleItem(self, index < 0 ? index + I32[self + TupleObject.Size] : index);
}

function tupleConcat(left: Addr, right: Addr): Addr {
  if ((I32[I32[right + Head.Type] + TypeObject.Flags] & TypeFlag.TupleSubclass) === 0) {
    return raise(T.TypeError, `can only concatenate tuple (not "${typeName(right)}") to tuple`);
  }
  const n = I32[left + TupleObject.Size];
  const m = I32[right + TupleObject.Size];
  if (n === 0 && I32[right + Head.Type] === T.Tuple) return incref(right);
  if (m === 0 && I32[left + Head.Type] === T.Tuple) return incref(left);
  const result = newTuple(n + m);
  if (result === 0 || n + m === 0) return result;
  let to = result + TupleObject.Items;
  for (let i = 0; i < n; i++, to += 2) I32[to] = incref(I32[left + TupleObject.Items + 2 * i]);
  for (let i = 0; i < m; i++, to += 2) I32[to] = incref(I32[right + TupleObject.Items + 2 * i]);
  track(result);
  return result;
}

function tupleRepeat(self: Addr, count: number): Addr {
  const n = I32[self + TupleObject.Size];
  if ((count === 1 || n === 0) && I32[self + Head.Type] === T.Tuple) return incref(self);
  if (n === 0 || count <= 0) return newTuple(0);
  const result = newTuple(n * count);
  if (result === 0) return 0;
  let to = result + TupleObject.Items;
  for (let k = 0; k < count; k++) {
    for (let i = 0; i < n; i++, to += 2) I32[to] = incref(I32[self + TupleObject.Items + 2 * i]);
  }
  track(result);
  return result;
}

function tupleContains(self: Addr, value: Addr): number {
  const n = I32[self + TupleObject.Size];
  for (let i = 0; i < n; i++) {
    const found = richCompareBool(I32[self + TupleObject.Items + 2 * i], value, Compare.Eq);
    if (found !== 0) return found;
  }
  return 0;
}

function tupleNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!keywordsAllowed("tuple", type, T.Tuple, kwnames)) return 0;
  if (!checkArity("tuple", nargs, 0, 1)) return 0;
  const items = nargs === 0 ? newTuple(0) : tupleFromIterable(I32[args]);
  if (items === 0 || type === T.Tuple) return items;
  const n = I32[items + TupleObject.Size];
  const result = newObjectOf(type, n);
  if (result !== 0) {
    I32[result + TupleObject.Size] = n;
    for (let i = 0; i < n; i++) {
      I32[result + TupleObject.Items + 2 * i] = incref(I32[items + TupleObject.Items + 2 * i]);
    }
    track(result);
  }
  decref(items);
  return result;
}

function tupleIndex(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("index", nargs, 1, 3)) return 0;
  const size = I32[self + TupleObject.Size];
  let start = 0;
  let stop = Number.MAX_SAFE_INTEGER;
  if (nargs > 1) {
    start = asIndex(I32[args + 1]);
    if (Number.isNaN(start)) return 0;
    if (start < 0) start = Math.max(0, start + size);
  }
  if (nargs > 2) {
    stop = asIndex(I32[args + 2]);
    if (Number.isNaN(stop)) return 0;
    if (stop < 0) stop = Math.max(0, stop + size);
  }
  for (let i = start; i < stop && i < size; i++) {
    const found = richCompareBool(I32[self + TupleObject.Items + 2 * i], I32[args], Compare.Eq);
    if (found < 0) return 0;
    if (found > 0) return newInt(i);
  }
  return raise(T.ValueError, "tuple.index(x): x not in tuple");
}

function tupleCount(self: Addr, value: Addr): Addr {
  let count = 0;
  const n = I32[self + TupleObject.Size];
  for (let i = 0; i < n; i++) {
    const found = richCompareBool(I32[self + TupleObject.Items + 2 * i], value, Compare.Eq);
    if (found < 0) return 0;
    count += found;
  }
  return newInt(count);
}

defineType({
  type: T.Tuple,
  name: "tuple",
  flags: TypeFlag.BaseType | TypeFlag.HasGc | TypeFlag.TupleSubclass | TypeFlag.Sequence,
  basicSize: 24,
  itemSize: 8,
  slots: {
    dealloc: tupleDealloc,
    traverse: tupleTraverse,
    repr: (self) => reprSequence(self, "(", ")"),
    hash: hashTuple,
    richCompare: (left, right, op) => richCompareSequence(left, right, op, TypeFlag.TupleSubclass),
    iter: newTupleIterator,
    new: tupleNew,
    length: tupleSize,
    concat: tupleConcat,
    repeat: tupleRepeat,
    item: tupleItem,
    contains: tupleContains,
    subscript: tupleSubscript,
  },
  methods: [
    fast(
      "index",
      tupleIndex,

      "index($self, value, start=0, stop=sys.maxsize, /)\n--\n\n" +
        "Return first index of value.\n\nRaises ValueError if the value is not present.",
    ),
    oneArg(
      "count",
      tupleCount,
      "count($self, value, /)\n--\n\nReturn number of occurrences of value.",
    ),
    noArgs("__getnewargs__", (self) => {
      const items = tupleFromItems(self + TupleObject.Items, I32[self + TupleObject.Size]);
      if (items === 0) return 0;
      const result = newTuple1(items);
      decref(items);
      return result;
    }),
    classGetItemMethod,
  ],
  doc:
    "Built-in immutable sequence.\n\n" +
    "If no argument is given, the constructor returns an empty tuple.\n" +
    "If iterable is specified the tuple is initialized from iterable's items.\n\n" +
    "If the argument is a tuple, the return value is the same object.",
});
