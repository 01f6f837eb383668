/** The type slice. */

import { type Addr, heap } from "../memory/heap.js";
import { checkArity, noKeywords } from "./arguments.js";
import { defineType, member, oneArg } from "./define.js";
import { newNotImplemented, raise } from "./errors.js";
import { freeObject } from "./gcheader.js";
import { clearField, decref } from "./header.js";
import { asSsize, newInt } from "./int.js";
import { Head, SliceObject, TupleObject, TypeFlag } from "./layout.js";
import { fieldReduction } from "./reduction.js";
import { reprObject } from "./repr.js";
import { richCompareSequence } from "./sequencecompare.js";
import { newSlice, sliceBounds, sliceStart, sliceStep, sliceStop } from "./slice.js";
import { getString, newStr } from "./str.js";
import { inTrashcan } from "./trashcan.js";
import { newTuple3 } from "./tuple.js";
import { T } from "./types.js";

const I32 = heap.I32;
const FIELDS = [SliceObject.Start, SliceObject.Stop, SliceObject.Step];

function sliceNew(_type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!noKeywords("slice", kwnames) || !checkArity("slice", nargs, 1, 3)) return 0;
  if (nargs === 1) return newSlice(0, I32[args], 0);
  return newSlice(I32[args], I32[args + 1], nargs > 2 ? I32[args + 2] : 0);
}

function sliceRepr(self: Addr): Addr {
  const parts: string[] = [];
  for (const field of FIELDS) {
    const text = reprObject(I32[self + field]);
    if (text === 0) return 0;
    parts.push(getString(text));
    decref(text);
  }
  return newStr(`slice(${parts.join(", ")})`);
}

function fieldsTuple(self: Addr): Addr {
  return newTuple3(
    I32[self + SliceObject.Start],
    I32[self + SliceObject.Stop],
    I32[self + SliceObject.Step],
  );
}

function sliceRichCompare(left: Addr, right: Addr, op: number): Addr {
  if (I32[right + Head.Type] !== T.Slice) return newNotImplemented();
  const a = fieldsTuple(left);
  const b = a === 0 ? 0 : fieldsTuple(right);
  const result = b === 0 ? 0 : richCompareSequence(a, b, op, TypeFlag.TupleSubclass);
  if (a !== 0) decref(a);
  if (b !== 0) decref(b);
  return result;
}

/** `slice.indices(length)`. */
function sliceIndices(self: Addr, length: Addr): Addr {
  const size = asSsize(length);
  if (Number.isNaN(size)) return 0;
  if (size < 0) return raise(T.ValueError, "length should not be negative");
  if (!sliceBounds(self, size)) return 0;
  const tuple = newTuple3(T.Int, T.Int, T.Int);
  if (tuple === 0) return 0;
  const values = [sliceStart, sliceStop, sliceStep];
  for (let i = 0; i < 3; i++) {
    const value = newInt(values[i]);
    if (value === 0) {
      decref(tuple);
      return 0;
    }
    decref(T.Int);
    I32[tuple + TupleObject.Items + 2 * i] = value;
  }
  return tuple;
}

defineType({
  type: T.Slice,
  name: "slice",
  flags: TypeFlag.HasGc,
  basicSize: SliceObject.Bytes,
  slots: {
    dealloc: inTrashcan((self) => {
      for (const field of FIELDS) clearField(self + field);
      freeObject(self);
    }),
    traverse: (self, visit) => {
      for (const field of FIELDS) if (I32[self + field] !== 0) visit(I32[self + field]);
    },
    repr: sliceRepr,
    richCompare: sliceRichCompare,
    new: sliceNew,
  },
  methods: [
    oneArg("indices", sliceIndices),
    fieldReduction(SliceObject.Start, SliceObject.Stop, SliceObject.Step),
  ],
  members: [
    member("start", SliceObject.Start),
    member("stop", SliceObject.Stop),
    member("step", SliceObject.Step),
  ],
});
