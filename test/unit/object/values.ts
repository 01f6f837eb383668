/** Python values from JavaScript ones and back, for tests of native functions. */
import { rawMalloc } from "../../../src/memory/raw.js";
import "../../../src/stdlib/all.js";
import { boot } from "../../../src/object/boot.js";
import { typeName } from "../../../src/object/errors.js";
import { newFloat } from "../../../src/object/float.js";
import { decref } from "../../../src/object/header.js";
import { newInt } from "../../../src/object/int.js";
import { listAppendSteal, newList } from "../../../src/object/list.js";
import { reprObject, strObject } from "../../../src/object/repr.js";
import { getString, newStr } from "../../../src/object/str.js";
import { thread } from "../../../src/object/thread.js";

/** Boot the object layer and give the thread a data stack. */
export function startObjects(): void {
  boot();
  thread.sp = rawMalloc(1 << 18);
  thread.stackLimit = thread.sp + (1 << 16) - 256;
  thread.recursionLimit = 1000;
}

/** A new reference to the int, float, str or list that `value` stands for. */
export function toPython(value: number | string | readonly (number | string)[]): number {
  if (typeof value === "string") return newStr(value);
  if (typeof value === "number") return Number.isInteger(value) ? newInt(value) : newFloat(value);
  const list = newList(0);
  for (const item of value) listAppendSteal(list, toPython(item));
  return list;
}

/** repr of `object`, which is given up; for 0 the pending exception, which is cleared. */
export function show(object: number): string {
  if (object === 0) return showPending();
  const text = reprObject(object);
  decref(object);
  if (text === 0) return showPending();
  const shown = getString(text);
  decref(text);
  return shown;
}

/** The pending exception as `Type: message`, cleared; "none" where none is pending. */
export function showPending(): string {
  const exc = thread.pending;
  if (exc === 0) return "none";
  thread.pending = 0;
  const text = strObject(exc);
  const shown = `${typeName(exc)}: ${getString(text)}`;
  decref(text);
  decref(exc);
  return shown;
}
