/**
 * Struct sequences: tuples of fixed length whose items have names (`time.struct_time`,
 * `sys.version_info`).
 */
import { type Addr, heap } from "../memory/heap.js";
import { defineType, getSet } from "../object/define.js";
import { decref, incref } from "../object/header.js";
import { Head, TupleObject, TypeFlag } from "../object/layout.js";
import { reprObject } from "../object/repr.js";
import { getString, newStr } from "../object/str.js";
import { newTuple } from "../object/tuple.js";
import { T } from "../object/types.js";

const I32 = heap.I32;

/** Declare `type` as a tuple with the given field names. */
function defineStructSequence(type: Addr, name: string, fields: readonly string[]): void {
  defineType({
    type,
    name,
    base: T.Tuple,
    flags: TypeFlag.HasGc | TypeFlag.TupleSubclass,
    basicSize: 24,
    itemSize: 8,
    slots: { repr: (self) => reprOf(self, name, fields) },
    getSets: fields.map((field, i) =>
      getSet(field, (self) => incref(I32[self + TupleObject.Items + 2 * i])),
    ),
  });
}

function reprOf(self: Addr, name: string, fields: readonly string[]): Addr {
  const parts: string[] = [];
  for (const [i, field] of fields.entries()) {
    const text = reprObject(I32[self + TupleObject.Items + 2 * i]);
    if (text === 0) return 0;
    parts.push(`${field}=${getString(text)}`);
    decref(text);
  }
  return newStr(`${name}(${parts.join(", ")})`);
}

/** A struct sequence of the given items, which are stolen; 0 when one of them is 0. */
export function newStructSequence(type: Addr, items: readonly Addr[]): Addr {
  const tuple = items.includes(0) ? 0 : newTuple(items.length);
  for (const [i, item] of items.entries()) {
    if (tuple !== 0) I32[tuple + TupleObject.Items + 2 * i] = item;
    else if (item !== 0) decref(item);
  }
  if (tuple !== 0) I32[tuple + Head.Type] = type;
  return tuple;
}

defineStructSequence(T.StructTime, "time.struct_time", [
  "tm_year",
  "tm_mon",
  "tm_mday",
  "tm_hour",
  "tm_min",
  "tm_sec",
  "tm_wday",
  "tm_yday",
  "tm_isdst",
]);

defineStructSequence(T.StructSequence, "sys.version_info", [
  "major",
  "minor",
  "micro",
  "releaselevel",
  "serial",
]);
