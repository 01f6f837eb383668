/** Builtin functions and bound builtin methods, and the calling of native code. */

import { type Addr, heap } from "../memory/heap.js";
import {
  CallKind,
  defineType,
  getSet,
  type MethodDef,
  member,
  methodTable,
  type NativeFunction,
  noArgs,
} from "./define.js";
import { newNone, newNotImplemented, raise } from "./errors.js";
import { freeObject, newGcObject, track } from "./gcheader.js";
import { clearField, incref, xincref } from "./header.js";
import { identifier } from "./identifiers.js";
import { clearWeakReferences, hashAddress } from "./instance.js";
import { BuiltinObject, Head, TypeFlag } from "./layout.js";
import { newBuiltinReduction } from "./reduction.js";
import { Compare } from "./slots.js";
import { getString, newStr } from "./str.js";
import { inTrashcan } from "./trashcan.js";
import { isType, typeName } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

/** A builtin function: `self` is the bound object, the module, or 0; both are borrowed. */
export function newBuiltin(definition: MethodDef, self: Addr, module: Addr): Addr {
  const fn = newGcObject(T.BuiltinFunction, BuiltinObject.Bytes);
  if (fn === 0) return 0;
  I32[fn + BuiltinObject.Definition] = definition.index;
  I32[fn + BuiltinObject.Self] = xincref(self);
  I32[fn + BuiltinObject.Module] = xincref(module);
  track(fn);
  return fn;
}

/** The definition of a builtin function. */
function getBuiltinDefinition(fn: Addr): MethodDef {
  return methodTable[I32[fn + BuiltinObject.Definition]];
}

/** Call a builtin function or bound builtin method. */
function callBuiltin(fn: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const definition = methodTable[I32[fn + BuiltinObject.Definition]];
  const self = I32[fn + BuiltinObject.Self];
  return callNative(definition, self, args, nargs, kwnames, fn);
}

/**
 * Call native code with `self` and the arguments its kind wants. `callee` names the function in
 * messages: the builtin function or the method descriptor.
 */
export function callNative(
  definition: MethodDef,
  self: Addr,
  args: Addr,
  nargs: number,
  kwnames: Addr,
  callee: Addr,
): Addr {
  const fn = definition.fn;
  switch (definition.kind) {
    case CallKind.Keywords:
      return fn(self, args, nargs, kwnames);
    case CallKind.Fast:
      if (kwnames !== 0 && I32[kwnames + Head.Size] !== 0) return refuseKeywords(callee);
      return fn(self, args, nargs, 0);
    case CallKind.OneArg:
      if (kwnames !== 0 && I32[kwnames + Head.Size] !== 0) return refuseKeywords(callee);
      if (nargs !== 1) return refuseCount(callee, "exactly one argument", nargs);
      return (fn as NativeFunction)(self, I32[args], 0, 0);
    default:
      if (kwnames !== 0 && I32[kwnames + Head.Size] !== 0) return refuseKeywords(callee);
      if (nargs !== 0) return refuseCount(callee, "no arguments", nargs);
      return fn(self, 0, 0, 0);
  }
}

function refuseKeywords(callee: Addr): 0 {
  return raise(T.TypeError, `${functionText(callee)} takes no keyword arguments`);
}

function refuseCount(callee: Addr, wanted: string, nargs: number): 0 {
  return raise(T.TypeError, `${functionText(callee)} takes ${wanted} (${nargs} given)`);
}

/** How messages name a builtin: `len()`, `list.append()`, `math.sqrt()`. */
function functionText(callee: Addr): string {
  if (I32[callee + Head.Type] !== T.BuiltinFunction) {
    return `${typeName(I32[callee + Head.Words])}.${getString(I32[callee + 6])}()`;
  }
  const module = I32[callee + BuiltinObject.Module];
  const prefix = module === 0 ? "" : `${getString(module)}.`;
  return `${prefix === "builtins." ? "" : prefix}${qualifiedName(callee)}()`;
}

/** `append` of a list is `list.append`; of a class, `dict.fromkeys`; functions have their name. */
function qualifiedName(fn: Addr): string {
  const name = getBuiltinDefinition(fn).name;
  const self = I32[fn + BuiltinObject.Self];
  if (self === 0 || I32[self + Head.Type] === T.Module) return name;
  return `${typeName(isType(self) ? self : I32[self + Head.Type])}.${name}`;
}

const dealloc = inTrashcan((self) => {
  clearWeakReferences(self, BuiltinObject.WeakList);
  clearField(self + BuiltinObject.Self);
  clearField(self + BuiltinObject.Module);
  freeObject(self);
});

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  if (I32[self + BuiltinObject.Self] !== 0) visit(I32[self + BuiltinObject.Self]);
  if (I32[self + BuiltinObject.Module] !== 0) visit(I32[self + BuiltinObject.Module]);
}

function repr(self: Addr): Addr {
  const { name } = getBuiltinDefinition(self);
  const bound = I32[self + BuiltinObject.Self];
  if (bound === 0 || I32[bound + Head.Type] === T.Module) {
    return newStr(`<built-in function ${name}>`);
  }
  const kind = typeName(I32[bound + Head.Type]);
  return newStr(`<built-in method ${name} of ${kind} object at 0x${(bound * 4).toString(16)}>`);
}

function hash(self: Addr): number {
  const definition = I32[self + BuiltinObject.Definition];
  const mixed = hashAddress(I32[self + BuiltinObject.Self]) ^ (definition * 0x9e3779b1);
  return mixed === -1 ? -2 : mixed;
}

function richCompare(left: Addr, right: Addr, op: number): Addr {
  if (op !== Compare.Eq && op !== Compare.Ne) return newNotImplemented();
  if (I32[right + Head.Type] !== T.BuiltinFunction) return newNotImplemented();
  const equal =
    I32[left + BuiltinObject.Definition] === I32[right + BuiltinObject.Definition] &&
    I32[left + BuiltinObject.Self] === I32[right + BuiltinObject.Self];
  return incref(equal === (op === Compare.Eq) ? S.True : S.False);
}

/** Documentation behind the signature line, which ends with `--` and an empty line. */
export function documentation(doc: string | null): Addr {
  if (doc === null) return newNone();
  const end = doc.indexOf("\n--\n\n");
  return newStr(end < 0 ? doc : doc.slice(end + 5));
}

/** The signature of the line before `--`: `(…)`, or None. */
export function textSignature(doc: string | null): Addr {
  const end = doc === null ? -1 : doc.indexOf("\n--\n\n");
  return doc === null || end < 0 ? newNone() : newStr(doc.slice(doc.indexOf("("), end));
}

function getSelf(self: Addr): Addr {
  const bound = I32[self + BuiltinObject.Self];
  return bound === 0 ? newNone() : incref(bound);
}

const idGetAttr = identifier("getattr");

defineType({
  type: T.BuiltinFunction,
  name: "builtin_function_or_method",
  flags: TypeFlag.HasGc,
  basicSize: BuiltinObject.Bytes,
  weakListOffset: BuiltinObject.WeakList,
  slots: { dealloc, traverse, call: callBuiltin, repr, hash, richCompare },
  methods: [
    noArgs("__reduce__", (self) => {
      const name = newStr(getBuiltinDefinition(self).name);
      const bound = I32[self + BuiltinObject.Self];
      if (bound === 0 || I32[bound + Head.Type] === T.Module) return name;
      return newBuiltinReduction(idGetAttr, [incref(bound), name]);
    }),
  ],
  getSets: [
    getSet("__name__", (self) => newStr(getBuiltinDefinition(self).name)),
    getSet("__qualname__", (self) => newStr(qualifiedName(self))),
    getSet("__doc__", (self) => documentation(getBuiltinDefinition(self).doc)),
    getSet("__text_signature__", (self) => textSignature(getBuiltinDefinition(self).doc)),
    getSet("__self__", getSelf),
  ],
  members: [member("__module__", BuiltinObject.Module, { readonly: false })],
});
