/** Calls into booted types and modules, with JavaScript values for arguments and results. */
import { heap } from "../../../src/memory/heap.js";
import { rawMalloc } from "../../../src/memory/raw.js";
import { getAttr } from "../../../src/object/attribute.js";
import { boot } from "../../../src/object/boot.js";
import { callObject } from "../../../src/object/call.js";
import { CallKind, type MethodDef, moduleDefs } from "../../../src/object/define.js";
import { takePending, typeName } from "../../../src/object/errors.js";
import { newFloat } from "../../../src/object/float.js";
import { decref } from "../../../src/object/header.js";
import { newIntFromBig } from "../../../src/object/int.js";
import { newInterned } from "../../../src/object/intern.js";
import { reprObject, strObject } from "../../../src/object/repr.js";
import { getString, newStr } from "../../../src/object/str.js";
import { thread } from "../../../src/object/thread.js";
import { tupleFromStack } from "../../../src/object/tuple.js";
import { S } from "../../../src/object/types.js";

/** A Python value: number = float, bigint = int, array = tuple, null = None. */
export type Value = number | bigint | string | boolean | null | readonly Value[];

/** Boot the heap and give the test's thread a data stack. */
export function bootGuest(): void {
  boot();
  thread.sp = rawMalloc(1 << 18);
  thread.stackLimit = thread.sp + (1 << 16) - 256;
}

/** The object for `value`: a new reference. */
export function toObject(value: Value): number {
  if (typeof value === "number") return newFloat(value);
  if (typeof value === "bigint") return newIntFromBig(value);
  if (typeof value === "string") return newStr(value);
  if (typeof value === "boolean" || value === null) {
    const shared = value === null ? S.None : value ? S.True : S.False;
    heap.I32[shared]++;
    return shared;
  }
  const args = thread.sp;
  thread.sp += value.length;
  value.forEach((item, i) => {
    heap.I32[args + i] = toObject(item);
  });
  thread.sp = args;
  return tupleFromStack(args, value.length);
}

/** Python source of `value`. */
export function toSource(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `(${value})`;
  if (typeof value !== "number") return `(${value.map((item) => `${toSource(item)},`).join("")})`;
  if (Number.isNaN(value)) return "float('nan')";
  if (!Number.isFinite(value)) return `float('${value > 0 ? "" : "-"}inf')`;
  return `(${Object.is(value, -0) ? "-0.0" : Number.isInteger(value) ? value.toExponential() : value})`;
}

/** repr of `result` (stolen), or type and text of the pending exception, which is cleared. */
export function outcome(result: number): string {
  if (result !== 0) {
    const text = reprObject(result);
    decref(result);
    if (text === 0) return outcome(0);
    const shown = getString(text);
    decref(text);
    return shown;
  }
  const exc = takePending();
  if (exc === 0) return "nothing raised";
  const text = strObject(exc);
  const shown = `${typeName(exc)}: ${getString(text)}`;
  decref(text);
  decref(exc);
  return shown;
}

function withArguments(values: readonly Value[], use: (args: number) => number): number {
  const args = thread.sp;
  const objects = values.map(toObject);
  objects.forEach((object, i) => {
    heap.I32[args + i] = object;
  });
  thread.sp = args + values.length;
  const result = use(args);
  thread.sp = args;
  for (const object of objects) decref(object);
  return result;
}

/** Apply `operation` to the objects of `values`. */
export function apply(
  operation: (...objects: number[]) => number,
  ...values: readonly Value[]
): string {
  const objects = values.map(toObject);
  const result = operation(...objects);
  const shown = outcome(result);
  for (const object of objects) decref(object);
  return shown;
}

/** `callable(*values)` of any object, borrowed. */
export function call(callable: number, ...values: readonly Value[]): string {
  return outcome(withArguments(values, (args) => callObject(callable, args, values.length, 0)));
}

/** `receiver.name(*values)`. */
export function callMethod(receiver: Value, name: string, ...values: readonly Value[]): string {
  const object = toObject(receiver);
  const id = newInterned(name);
  const method = getAttr(object, id);
  decref(id);
  decref(object);
  if (method === 0) return outcome(0);
  const shown = call(method, ...values);
  decref(method);
  return shown;
}

/** `module.name(*values)` of a builtin module. */
export function callFunction(module: string, name: string, ...values: readonly Value[]): string {
  const found = moduleDefs.get(module)?.functions.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${module} has no ${name}`);
  return outcome(withArguments(values, (args) => invoke(found, args, values.length)));
}

function invoke(method: MethodDef, args: number, nargs: number): number {
  if (method.kind === CallKind.OneArg) return method.fn(0, heap.I32[args], 0, 0);
  return method.fn(0, args, nargs, 0);
}
