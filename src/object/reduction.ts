/** Making what `__reduce__` of native types returns, which pickle and copy read. */
import { type Addr, heap } from "../memory/heap.js";
import { getAttr } from "./attribute.js";
import { callMethod0 } from "./call.js";
import { type MethodDef, noArgs, oneArg } from "./define.js";
import { newNone } from "./errors.js";
import { track } from "./gcheader.js";
import { decref, incref, xdecref } from "./header.js";
import { identifier } from "./identifiers.js";
import { asSsize } from "./int.js";
import { Head, TupleObject } from "./layout.js";
import { newTuple } from "./tuple.js";

const I32 = heap.I32;
const idGetState = identifier("__getstate__");

let importModule: (name: string) => Addr = () => 0;

/** vm/import.ts registers how a module is imported: a new reference, 0 with an exception. */
export function registerImporter(load: (name: string) => Addr): void {
  importModule = load;
}

/** An attribute of a module of the library: a new reference, 0 with an exception pending. */
export function moduleAttribute(name: string, attribute: Addr): Addr {
  const module = importModule(name);
  if (module === 0) return 0;
  const value = getAttr(module, attribute);
  decref(module);
  return value;
}

/** A tuple of owned references; where one is 0, an exception is pending and so is the result. */
export function tupleOf(parts: readonly Addr[]): Addr {
  const tuple = parts.includes(0) ? 0 : newTuple(parts.length);
  if (tuple === 0) {
    for (const part of parts) xdecref(part);
    return 0;
  }
  for (const [i, part] of parts.entries()) I32[tuple + TupleObject.Items + 2 * i] = part;
  if (parts.length > 0) track(tuple);
  return tuple;
}

/** `(callable, args, *more)`; all are owned, the result 0 where one is. */
export function newReduction(callable: Addr, args: readonly Addr[], ...more: Addr[]): Addr {
  return tupleOf([callable, tupleOf(args), ...more]);
}

/** As {@link newReduction}, for a function of builtins (`iter`, `reversed`, `getattr`). */
export function newBuiltinReduction(name: Addr, args: readonly Addr[], ...more: Addr[]): Addr {
  return newReduction(moduleAttribute("builtins", name), args, ...more);
}

/** What `__getstate__` says of the attributes that a subclass adds: owned. */
export function attributeState(self: Addr): Addr {
  return callMethod0(self, idGetState);
}

/** `__setstate__` of an iterator: its position. */
export function positionState(set: (self: Addr, position: number) => void): MethodDef {
  return oneArg("__setstate__", (self, state) => {
    const position = asSsize(state);
    if (Number.isNaN(position)) return 0;
    set(self, position);
    return newNone();
  });
}

/** `__reduce__` of a type whose instances are made by calling it with values of their fields. */
export function fieldReduction(...fields: readonly number[]): MethodDef {
  return noArgs("__reduce__", (self) =>
    newReduction(
      incref(I32[self + Head.Type]),
      fields.map((field) => incref(I32[self + field])),
    ),
  );
}
