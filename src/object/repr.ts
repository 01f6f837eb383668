/** The text of objects: repr, str, ascii, format; the guard of self-containing containers. */
import { type Addr, heap } from "../memory/heap.js";
import { onRenewal } from "../memory/renewal.js";
import { call1, call2, enterRecursion, leaveRecursion } from "./call.js";
import { raise, typeName } from "./errors.js";
import { reprFloat } from "./float.js";
import { formatFloat, formatInt } from "./formatspec.js";
import { decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { reprInt } from "./intconvert.js";
import { FloatObject, Head, StrObject } from "./layout.js";
import { slotsOf } from "./slots.js";
import { getString, isStr, newEmptyStr, newStr } from "./str.js";
import { formatStr } from "./strformat.js";
import { asciiStr, escapeNonAscii, reprStr } from "./strrepr.js";
import { typeLookup } from "./type.js";
import { T } from "./types.js";

const I32 = heap.I32;
const F64 = heap.F64;

const FORMAT = identifier("__format__");

/** Containers whose repr is in progress on this thread, outermost first. */
const inProgress: Addr[] = [];
onRenewal(() => {
  inProgress.length = 0;
});

/** Begin the repr of a container: 0, or 1 when it is in progress already (Py_ReprEnter). */
export function reprEnter(object: Addr): 0 | 1 | -1 {
  if (inProgress.includes(object)) return 1;
  inProgress.push(object);
  return 0;
}

/** End what {@link reprEnter} began. */
export function reprLeave(object: Addr): void {
  const index = inProgress.lastIndexOf(object);
  if (index >= 0) inProgress.splice(index, 1);
}

/** `repr(object)`. */
export function reprObject(object: Addr): Addr {
  const type = I32[object + Head.Type];
  if (type === T.Str) return reprStr(object);
  if (type === T.Int) return reprInt(object);
  const slot = slotsOf(type).repr;
  if (slot === null) {
    const address = (object * 4).toString(16).padStart(12, "0");
    return newStr(`<${typeName(object)} object at 0x${address}>`);
  }
  if (!enterRecursion(" while getting the repr of an object")) return 0;
  const result = slot(object);
  leaveRecursion();
  return result === 0 ? 0 : requireStrResult(result, "__repr__");
}

/** `str(object)`. */
export function strObject(object: Addr): Addr {
  const type = I32[object + Head.Type];
  if (type === T.Str) return incref(object);
  if (type === T.Int) return reprInt(object);
  const slot = slotsOf(type).str;
  if (slot === null) return reprObject(object);
  if (!enterRecursion(" while getting the str of an object")) return 0;
  const result = slot(object);
  leaveRecursion();
  return result === 0 ? 0 : requireStrResult(result, "__str__");
}

/** Pass a str on; anything else is a TypeError. */
function requireStrResult(result: Addr, method: string): Addr {
  if (isStr(result)) return result;
  const name = typeName(result);
  decref(result);
  return raise(T.TypeError, `${method} returned non-string (type ${name})`);
}

/** `ascii(object)`. */
export function asciiObject(object: Addr): Addr {
  if (I32[object + Head.Type] === T.Str) return asciiStr(object);
  const repr = reprObject(object);
  if (repr === 0 || (I32[repr + StrObject.State] & StrObject.Ascii) !== 0) return repr;
  const result = escapeNonAscii(repr);
  decref(repr);
  return result;
}

/** `format(object, spec)`; `spec` is a str or 0. */
export function formatObject(object: Addr, spec: Addr): Addr {
  const type = I32[object + Head.Type];
  const isPlain = spec === 0 || I32[spec + StrObject.Length] === 0;
  if (isPlain) {
    if (type === T.Str) return incref(object);
    if (type === T.Int) return reprInt(object);
    if (type === T.Float) return newStr(reprFloat(F64[(object >> 1) + FloatObject.Index]));
  } else {
    if (type === T.Str) return formatStr(object, getString(spec));
    if (type === T.Int) return formatInt(object, getString(spec));
    if (type === T.Float) return formatFloat(object, getString(spec));
  }
  const method = typeLookup(type, FORMAT);
  if (method === 0) {
    return raise(T.TypeError, `Type ${typeName(object)} doesn't define __format__`);
  }
  const given = spec === 0 ? newEmptyStr() : incref(spec);
  incref(method);
  const result = callSpecial(method, object, given);
  decref(method);
  decref(given);
  if (result === 0 || isStr(result)) return result;
  const name = typeName(result);
  decref(result);
  return raise(T.TypeError, `__format__ must return a str, not ${name}`);
}

/** Call `method`, found on the type of `object`, with one argument. */
function callSpecial(method: Addr, object: Addr, argument: Addr): Addr {
  const bind = slotsOf(I32[method + Head.Type]).descrGet;
  if (bind === null || I32[method + Head.Type] === T.Function)
    return call2(method, object, argument);
  const bound = bind(method, object, I32[object + Head.Type]);
  if (bound === 0) return 0;
  const result = call1(bound, argument);
  decref(bound);
  return result;
}
