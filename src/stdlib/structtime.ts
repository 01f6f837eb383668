/** `time.struct_time`: a tuple of nine ints with names. */
import { type Addr, heap } from "../memory/heap.js";
import { defineType, getSet } from "../object/define.js";
import { decref, incref } from "../object/header.js";
import { intToNumber, newInt } from "../object/int.js";
import { Head, TupleObject, TypeFlag } from "../object/layout.js";
import { newStr } from "../object/str.js";
import { newTuple } from "../object/tuple.js";
import { T } from "../object/types.js";

const I32 = heap.I32;

const NAMES = [
  "tm_year",
  "tm_mon",
  "tm_mday",
  "tm_hour",
  "tm_min",
  "tm_sec",
  "tm_wday",
  "tm_yday",
  "tm_isdst",
];

/** A struct_time of nine numbers. */
export function newStructTime(fields: readonly number[]): Addr {
  const tuple = newTuple(NAMES.length);
  if (tuple === 0) return 0;
  for (let i = 0; i < NAMES.length; i++) {
    const value = newInt(fields[i]);
    if (value === 0) {
      decref(tuple);
      return 0;
    }
    I32[tuple + TupleObject.Items + 2 * i] = value;
  }
  I32[tuple + Head.Type] = T.StructTime;
  return tuple;
}

function structTimeRepr(self: Addr): Addr {
  const fields = NAMES.map((name, i) => {
    return `${name}=${intToNumber(I32[self + TupleObject.Items + 2 * i])}`;
  });
  return newStr(`time.struct_time(${fields.join(", ")})`);
}

defineType({
  type: T.StructTime,
  name: "time.struct_time",
  base: T.Tuple,
  flags: TypeFlag.HasGc | TypeFlag.TupleSubclass,
  basicSize: 24,
  itemSize: 8,
  slots: { repr: structTimeRepr },
  getSets: NAMES.map((name, i) =>
    getSet(name, (self) => incref(I32[self + TupleObject.Items + 2 * i])),
  ),
});
