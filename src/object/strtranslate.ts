/** str.translate and str.maketrans. */
import { type Addr, heap } from "../memory/heap.js";
import { getItem } from "./abstract.js";
import { checkArity } from "./arguments.js";
import { fast, type MethodDef, oneArg, staticBound } from "./define.js";
import { dictKeyAt, dictNext, dictSet, dictValueAt, newDict } from "./dict.js";
import { clearPending, pendingMatches, raise, raiseStatus } from "./errors.js";
import { decref, incref } from "./header.js";
import { intToNumber, isInt, newInt } from "./int.js";
import { Head, StrObject, TypeFlag, TypeObject } from "./layout.js";
import { isStr, strCodeAt } from "./str.js";
import { StrBuilder } from "./strbuilder.js";
import { exactStr } from "./strcase.js";
import { requireStrArgument } from "./textarguments.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

/** What a character becomes, where it is no code point. */
const enum Mapped {
  Unknown = -1,
  Deleted = -2,
  /** A str, to be looked up each time. */
  Text = -3,
  Failed = -4,
}

/** Look `code` up in `table` and append what it becomes. */
function appendMapped(builder: StrBuilder, table: Addr, code: number): number {
  const key = newInt(code);
  if (key === 0) return Mapped.Failed;
  const value = getItem(table, key);
  decref(key);
  if (value === 0) {
    if (!pendingMatches(T.LookupError)) return Mapped.Failed;
    clearPending();
    builder.code(code);
    return code;
  }
  let result: number = Mapped.Text;
  if (value === S.None) result = Mapped.Deleted;
  else if (isInt(value)) {
    const mapped = intToNumber(value);
    if (mapped >= 0 && mapped < 0x110000) {
      builder.code(mapped);
      result = mapped;
    } else {
      raise(T.ValueError, "character mapping must be in range(0x110000)");
      result = Mapped.Failed;
    }
  } else if (isStr(value)) builder.str(value);
  else {
    raise(T.TypeError, "character mapping must return integer, None or str");
    result = Mapped.Failed;
  }
  decref(value);
  return result;
}

function translate(self: Addr, table: Addr): Addr {
  const length = I32[self + StrObject.Length];
  const builder = new StrBuilder(length);
  // A table's answer for an ASCII character is asked for once, as CPython does.
  const known = new Int32Array(128).fill(Mapped.Unknown);
  let changed = false;
  for (let i = 0; i < length; i++) {
    const code = strCodeAt(self, i);
    const mapped = code < 128 ? known[code] : Mapped.Unknown;
    if (mapped >= 0) builder.code(mapped);
    else if (mapped !== Mapped.Deleted) {
      const result = appendMapped(builder, table, code);
      if (result === Mapped.Failed) {
        builder.discard();
        return 0;
      }
      if (code < 128) known[code] = result;
      changed ||= result !== code;
    }
  }
  if (!changed) {
    builder.discard();
    return exactStr(self);
  }
  return builder.finish();
}

/** Store `value` (stolen) under the int `code`. */
function store(dict: Addr, code: number, value: Addr): number {
  const key = newInt(code);
  const status = key === 0 || value === 0 ? -1 : dictSet(dict, key, value);
  if (key !== 0) decref(key);
  if (value !== 0) decref(value);
  return status;
}

function fillFromDict(dict: Addr, source: Addr): number {
  for (let at = dictNext(source, 0); at >= 0; at = dictNext(source, at + 1)) {
    const key = dictKeyAt(source, at);
    const value = dictValueAt(source, at);
    let status: number;
    if (isStr(key)) {
      if (I32[key + StrObject.Length] !== 1) {
        return raiseStatus(T.ValueError, "string keys in translate table must be of length 1");
      }
      status = store(dict, strCodeAt(key, 0), incref(value));
    } else if (isInt(key)) status = dictSet(dict, key, value);
    else {
      return raiseStatus(T.TypeError, "keys in translate table must be strings or integers");
    }
    if (status < 0) return -1;
  }
  return 0;
}

function fillFromStrings(dict: Addr, args: Addr, nargs: number): number {
  const from = I32[args];
  const to = I32[args + 1];
  for (let i = 0; i < nargs; i++) {
    if (i === 0 && !isStr(from)) {
      const message = "first maketrans argument must be a string if there is a second argument";
      return raiseStatus(T.TypeError, message);
    }
    if (requireStrArgument(I32[args + i], `maketrans() argument ${i + 1}`) < 0) return -1;
  }
  const n = I32[from + StrObject.Length];
  if (n !== I32[to + StrObject.Length]) {
    const message = "the first two maketrans arguments must have equal length";
    return raiseStatus(T.ValueError, message);
  }
  for (let i = 0; i < n; i++) {
    if (store(dict, strCodeAt(from, i), newInt(strCodeAt(to, i))) < 0) return -1;
  }
  if (nargs < 3) return 0;
  const dropped = I32[args + 2];
  for (let i = 0; i < I32[dropped + StrObject.Length]; i++) {
    if (store(dict, strCodeAt(dropped, i), incref(S.None)) < 0) return -1;
  }
  return 0;
}

function maketrans(_self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("maketrans", nargs, 1, 3)) return 0;
  const dict = newDict();
  if (dict === 0) return 0;
  let status: number;
  if (nargs > 1) status = fillFromStrings(dict, args, nargs);
  else if ((I32[I32[I32[args] + Head.Type] + TypeObject.Flags] & TypeFlag.DictSubclass) !== 0) {
    status = fillFromDict(dict, I32[args]);
  } else {
    const message = "if you give only one argument to maketrans it must be a dict";
    status = raiseStatus(T.TypeError, message);
  }
  if (status === 0) return dict;
  decref(dict);
  return 0;
}

/** The translating methods of str. */
export const translateMethods: MethodDef[] = [
  oneArg("translate", translate),
  staticBound(fast("maketrans", maketrans)),
];
