/**
 * Struct sequences: tuples of fixed length whose items have names (`time.struct_time`,
 * `sys.version_info`).
 */

import { type Addr, heap } from "../memory/heap.js";
import { isIterable } from "../object/abstract.js";
import { bindArguments } from "../object/arguments.js";
import { defineType, getSet, noArgs } from "../object/define.js";
import { newDict } from "../object/dict.js";
import { raise } from "../object/errors.js";
import { decref, incref } from "../object/header.js";
import { Head, TupleObject, TypeFlag } from "../object/layout.js";
import { newReduction } from "../object/reduction.js";
import { reprObject } from "../object/repr.js";
import { getString, newStr } from "../object/str.js";
import { newTuple, tupleFromItems, tupleFromIterable } from "../object/tuple.js";
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
    slots: {
      repr: (self) => reprOf(self, name, fields),
      new: (_type, args, nargs, kwnames) => make(type, name, fields.length, args, nargs, kwnames),
    },
    methods: [
      noArgs("__reduce__", (self) => {
        const items = tupleFromItems(self + TupleObject.Items, fields.length);
        return newReduction(incref(type), [items, newDict()]);
      }),
    ],
    getSets: fields.map((field, i) =>
      getSet(field, (self) => incref(I32[self + TupleObject.Items + 2 * i])),
    ),
  });
}

const bound = new Int32Array(2);

/** `type(sequence, dict={})`; no fields beyond the sequence's are known. */
function make(
  type: Addr,
  name: string,
  length: number,
  args: Addr,
  nargs: number,
  kwnames: Addr,
): Addr {
  const short = name.slice(name.lastIndexOf(".") + 1);
  if (!bindArguments(short, args, nargs, kwnames, ["sequence", "dict"], 1, bound)) return 0;
  const items = isIterable(bound[0])
    ? tupleFromIterable(bound[0])
    : raise(T.TypeError, "constructor requires a sequence");
  if (items === 0) return 0;
  const given = I32[items + TupleObject.Size];
  let made = 0;
  if (given === length) {
    made = newTuple(length);
    for (let i = 0; made !== 0 && i < length; i++) {
      I32[made + TupleObject.Items + 2 * i] = incref(I32[items + TupleObject.Items + 2 * i]);
    }
    if (made !== 0) I32[made + Head.Type] = type;
  } else raise(T.TypeError, `${name}() takes a ${length}-sequence (${given}-sequence given)`);
  decref(items);
  return made;
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
