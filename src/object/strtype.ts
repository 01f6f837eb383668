/** The type str: construction, slots, indexing, iteration. */

import { type Addr, heap } from "../memory/heap.js";
import { keywordCount, keywordName } from "./arguments.js";
import { defineType, type MethodDef, noArgs } from "./define.js";
import { newNotImplemented, raise, raiseStatus, typeName } from "./errors.js";
import { freeObject, newGcObject, track } from "./gcheader.js";
import { basicSizeOf, decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { newObjectOf } from "./instance.js";
import { asIndex, newInt } from "./int.js";
import { Head, IntObject, StrObject, TypeFlag } from "./layout.js";
import { percentFormat } from "./percent.js";
import { newBuiltinReduction, positionState } from "./reduction.js";
import { strObject } from "./repr.js";
import { sliceBounds, sliceLength, sliceStart, sliceStep } from "./slice.js";
import { Compare, slotsOf } from "./slots.js";
import {
  deallocStr,
  hashStr,
  isStr,
  newEmptyStr,
  newStrFromCode,
  setSubclassValue,
  strCodeAt,
  strCompare,
  strConcat,
  strEqual,
} from "./str.js";
import { caseMethods, exactStr } from "./strcase.js";
import { codecMethods, decodeObject } from "./strconvert.js";
import { formatMethods } from "./strformat.js";
import { strRepeat, strStepSlice, textMethods } from "./strmethods.js";
import { reprStr } from "./strrepr.js";
import { findStr } from "./strsearch.js";
import { splitMethods } from "./strsplit.js";
import { translateMethods } from "./strtranslate.js";
import { newTuple1 } from "./tuple.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

/** str iterator, 32 bytes + collector header. */
const idIter = identifier("iter");

const enum StrIterator {
  Index = 4,
  /** The str, 0 when exhausted. */
  Str = 6,
  Bytes = 32,
}

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

function concat(left: Addr, right: Addr): Addr {
  if (I32[right + Head.Type] === T.Str || isStr(right)) return strConcat(left, right);
  return raise(T.TypeError, `can only concatenate str (not "${typeName(right)}") to str`);
}

function item(self: Addr, index: number): Addr {
  if (index >= 0 && index < I32[self + StrObject.Length]) {
    return newStrFromCode(strCodeAt(self, index));
  }
  return raise(T.IndexError, "string index out of range");
}

function subscript(self: Addr, key: Addr): Addr {
  const type = I32[key + Head.Type];
  const length = I32[self + StrObject.Length];
  if (type === T.Int && I32[key + IntObject.Value] !== IntObject.NotCompact) {
    const index = I32[key + IntObject.Value];
    return item(self, index < 0 ? index + length : index);
  }
  if (type === T.Slice) {
    if (!sliceBounds(key, length)) return 0;
    return strStepSlice(self, sliceStart, sliceStep, sliceLength);
  }
  if (slotsOf(type).index === null) {
    return raise(T.TypeError, `string indices must be integers, not '${typeName(key)}'`);
  }
  const index = asIndex(key, T.IndexError);
  if (Number.isNaN(index)) return 0;
  return item(self, index < 0 ? index + length : index);
}

function contains(self: Addr, value: Addr): number {
  if (isStr(value)) return findStr(self, value, 0, I32[self + StrObject.Length]) < 0 ? 0 : 1;
  const message = `'in <string>' requires string as left operand, not ${typeName(value)}`;
  return raiseStatus(T.TypeError, message);
}

/** The arguments of `str(object, encoding, errors)` (borrowed, 0 where absent). */
const given = new Int32Array(3);
const PARAMETERS = ["object", "encoding", "errors"];

function readNewArguments(args: Addr, nargs: number, kwnames: Addr): boolean {
  const nkw = keywordCount(kwnames);
  if (nargs + nkw > 3) {
    raise(T.TypeError, `str() takes at most 3 arguments (${nargs + nkw} given)`);
    return false;
  }
  for (let i = 0; i < 3; i++) given[i] = i < nargs ? I32[args + i] : 0;
  for (let k = 0; k < nkw; k++) {
    const name = keywordName(kwnames, k);
    const at = PARAMETERS.indexOf(name);
    if (at < 0) {
      raise(T.TypeError, `'${name}' is an invalid keyword argument for str()`);
      return false;
    }
    if (given[at] !== 0) {
      raise(T.TypeError, `argument for str() given by name ('${name}') and position (${at + 1})`);
      return false;
    }
    given[at] = I32[args + nargs + k];
  }
  return true;
}

function newStrObject(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  let value: Addr;
  if (nargs === 1 && kwnames === 0) value = strObject(I32[args]);
  else {
    if (!readNewArguments(args, nargs, kwnames)) return 0;
    if (given[0] === 0) value = newEmptyStr();
    else if (given[1] === 0 && given[2] === 0) value = strObject(given[0]);
    else value = decodeObject(given[0], given[1], given[2]);
  }
  if (value === 0 || type === T.Str) return value;
  const str = newObjectOf(type);
  if (str !== 0 && setSubclassValue(str, value) < 0) {
    decref(str);
    decref(value);
    return 0;
  }
  decref(value);
  return str;
}

function iterStr(self: Addr): Addr {
  const iterator = newGcObject(T.StrIterator, StrIterator.Bytes);
  if (iterator === 0) return 0;
  I32[iterator + StrIterator.Str] = incref(self);
  track(iterator);
  return iterator;
}

function nextCharacter(self: Addr): Addr {
  const str = I32[self + StrIterator.Str];
  if (str === 0) return 0;
  const index = I32[self + StrIterator.Index];
  if (index < I32[str + StrObject.Length]) {
    I32[self + StrIterator.Index] = index + 1;
    return newStrFromCode(strCodeAt(str, index));
  }
  I32[self + StrIterator.Str] = 0;
  decref(str);
  return 0;
}

function remaining(self: Addr): Addr {
  const str = I32[self + StrIterator.Str];
  return newInt(str === 0 ? 0 : I32[str + StrObject.Length] - I32[self + StrIterator.Index]);
}

function deallocIterator(self: Addr): void {
  const str = I32[self + StrIterator.Str];
  I32[self + StrIterator.Str] = 0;
  if (str !== 0) decref(str);
  freeObject(self);
}

/** `str.__sizeof__` (R32). */
function sizeOf(self: Addr): Addr {
  const state = I32[self + StrObject.State];
  // An instance of a subclass keeps its text apart.
  const isExact = I32[self + Head.Type] === T.Str;
  const header = isExact && (state & StrObject.Ascii) !== 0 ? 48 : basicSizeOf(self);
  const data = (I32[self + StrObject.Length] + 1) * (state & StrObject.WidthMask);
  return newInt(header + data);
}

function getNewArguments(self: Addr): Addr {
  const value = exactStr(self);
  if (value === 0) return 0;
  const tuple = newTuple1(value);
  decref(value);
  return tuple;
}

const methods: MethodDef[] = [
  ...textMethods,
  ...splitMethods,
  ...caseMethods,
  ...codecMethods,
  ...formatMethods,
  ...translateMethods,
  noArgs("__sizeof__", sizeOf),
  noArgs("__getnewargs__", getNewArguments),
];

defineType({
  type: T.Str,
  name: "str",
  flags: TypeFlag.BaseType | TypeFlag.StrSubclass,
  basicSize: 72,
  slots: {
    dealloc: deallocStr,
    hash: hashStr,
    repr: reprStr,
    str: exactStr,
    richCompare: compareStr,
    iter: iterStr,
    new: newStrObject,
    remainder: (left, right) => (isStr(left) ? percentFormat(left, right) : newNotImplemented()),
    length: (self) => I32[self + StrObject.Length],
    concat,
    repeat: strRepeat,
    item,
    contains,
    subscript,
  },
  methods,
  doc: "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str",
});

defineType({
  type: T.StrIterator,
  name: "str_ascii_iterator",
  flags: TypeFlag.HasGc,
  basicSize: StrIterator.Bytes,
  slots: {
    dealloc: deallocIterator,
    traverse: (self, visit) => {
      if (I32[self + StrIterator.Str] !== 0) visit(I32[self + StrIterator.Str]);
    },
    iter: incref,
    iterNext: nextCharacter,
  },
  methods: [
    noArgs("__length_hint__", remaining),
    noArgs("__reduce__", (self) => {
      const str = I32[self + StrIterator.Str];
      if (str === 0) return newBuiltinReduction(idIter, [newEmptyStr()]);
      return newBuiltinReduction(idIter, [incref(str)], newInt(I32[self + StrIterator.Index]));
    }),
    positionState((self, position) => {
      const str = I32[self + StrIterator.Str];
      const length = str === 0 ? 0 : I32[str + StrObject.Length];
      I32[self + StrIterator.Index] = Math.min(Math.max(position, 0), length);
    }),
  ],
});
