/** The types str and bytes: their slots and methods put together. */
import { type Addr, heap } from "../memory/heap.js";
import { free } from "../memory/pymalloc.js";
import { hashBytes } from "./bytes.js";
import { defineType } from "./define.js";
import { newNotImplemented } from "./errors.js";
import { freeObject } from "./gcheader.js";
import { BytesObject, Head, StrObject, TypeFlag } from "./layout.js";
import { Compare } from "./slots.js";
import { deallocStr, hashStr, isStr, strCompare, strConcat, strEqual } from "./str.js";
import { reprStr } from "./strrepr.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

function compareStr(left: Addr, right: Addr, op: number): Addr {
  if (!isStr(left) || !isStr(right)) return newNotImplemented();
  const result = truth(left, right, op) ? S.True : S.False;
  I32[result]++;
  return result;
}

function truth(left: Addr, right: Addr, op: number): boolean {
  if (op === Compare.Eq) return strEqual(left, right);
  if (op === Compare.Ne) return !strEqual(left, right);
  const order = strCompare(left, right);
  if (op === Compare.Lt) return order < 0;
  if (op === Compare.Le) return order <= 0;
  return op === Compare.Gt ? order > 0 : order >= 0;
}

function deallocBytes(object: Addr): void {
  if (I32[object + Head.Type] === T.Bytes) free(object);
  else freeObject(object);
}

defineType({
  type: T.Str,
  name: "str",
  flags: TypeFlag.BaseType | TypeFlag.StrSubclass | TypeFlag.Sequence,
  basicSize: 72,
  slots: {
    dealloc: deallocStr,
    hash: hashStr,
    repr: reprStr,
    richCompare: compareStr,
    length: (self) => I32[self + StrObject.Length],
    concat: strConcat,
  },
});

defineType({
  type: T.Bytes,
  name: "bytes",
  flags: TypeFlag.BaseType | TypeFlag.BytesSubclass | TypeFlag.Sequence,
  basicSize: 33,
  itemSize: 1,
  slots: {
    dealloc: deallocBytes,
    hash: hashBytes,
    length: (self) => I32[self + BytesObject.Size],
  },
});
