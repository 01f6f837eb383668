/** Modules. */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments } from "./arguments.js";
import { genericGetAttr, genericSetAttr } from "./attribute.js";
import { newBuiltin } from "./builtinfunction.js";
import { call0, call1 } from "./call.js";
import { defineType, getSet, type MethodDef, moduleDefs, noArgs } from "./define.js";
import { dictGetStr, dictSetStr, newDict } from "./dict.js";
import { clearPendingIf, newNone, raiseStatus } from "./errors.js";
import { freeObject, untrack } from "./gcheader.js";
import { clearField, decref, incref, setField, typeOf } from "./header.js";
import { identifier } from "./identifiers.js";
import { clearWeakReferences, newObjectOf } from "./instance.js";
import { newInterned } from "./intern.js";
import { ModuleObject, TypeFlag } from "./layout.js";
import { listFromIterable } from "./list.js";
import { raiseAttributeErrorText } from "./nameerrors.js";
import { getString, isStr, newStr } from "./str.js";
import { typeName } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const idName = identifier("__name__");
const idDoc = identifier("__doc__");
const idPackage = identifier("__package__");
const idLoader = identifier("__loader__");
const idSpec = identifier("__spec__");
const idGetAttr = identifier("__getattr__");
const idDir = identifier("__dir__");
const idFile = identifier("__file__");
const idAnnotations = identifier("__annotations__");

/** A module called `name` (borrowed str) with the usual entries set to None. */
export function newModule(name: Addr): Addr {
  const module = newObjectOf(T.Module);
  if (module === 0) return 0;
  if (fill(module, name, S.None) < 0) {
    decref(module);
    return 0;
  }
  return module;
}

function fill(module: Addr, name: Addr, doc: Addr): number {
  if (I32[module + ModuleObject.Dict] === 0) {
    const made = newDict();
    if (made === 0) return -1;
    I32[module + ModuleObject.Dict] = made;
  }
  const dict = I32[module + ModuleObject.Dict];
  setField(module + ModuleObject.Name, incref(name));
  if (dictSetStr(dict, idName, name) < 0 || dictSetStr(dict, idDoc, doc) < 0) return -1;
  for (const id of [idPackage, idLoader, idSpec]) {
    if (dictSetStr(dict, id, S.None) < 0) return -1;
  }
  return 0;
}

/**
 * Put native functions into the namespace of `module`. Their `__module__` is equal to that of
 * types, but another str: pickles, which write each str once, show it.
 */
export function addModuleFunctions(module: Addr, functions: readonly MethodDef[]): number {
  const name = newStr(getString(I32[module + ModuleObject.Name]));
  if (name === 0) return -1;
  const status = addFunctions(module, functions, name);
  decref(name);
  return status;
}

function addFunctions(module: Addr, functions: readonly MethodDef[], name: Addr): number {
  const dict = I32[module + ModuleObject.Dict];
  for (const fn of functions) {
    const key = newInterned(fn.name);
    if (key === 0) return -1;
    const builtin = newBuiltin(fn, module, name);
    const status = builtin === 0 ? -1 : dictSetStr(dict, key, builtin);
    decref(key);
    if (builtin !== 0) decref(builtin);
    if (status < 0) return -1;
  }
  return 0;
}

function dealloc(self: Addr): void {
  untrack(self);
  clearWeakReferences(self, ModuleObject.WeakList);
  clearField(self + ModuleObject.Dict);
  clearField(self + ModuleObject.Name);
  freeObject(self);
}

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  if (I32[self + ModuleObject.Dict] !== 0) visit(I32[self + ModuleObject.Dict]);
}

function clear(self: Addr): void {
  clearField(self + ModuleObject.Dict);
}

const bound = new Int32Array(2);

function init(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (!bindArguments("module", args, nargs, kwnames, ["name", "doc"], 1, bound)) return -1;
  if (!isStr(bound[0])) {
    const kind = typeName(typeOf(bound[0]));
    return raiseStatus(T.TypeError, `module() argument 'name' must be str, not ${kind}`);
  }
  return fill(self, bound[0], bound[1] === 0 ? S.None : bound[1]);
}

function moduleName(self: Addr): string {
  const dict = I32[self + ModuleObject.Dict];
  const name = dict === 0 ? 0 : dictGetStr(dict, idName);
  return name !== 0 && isStr(name) ? getString(name) : "?";
}

/** Missing attributes are asked of the module's own `__getattr__` (PEP 562). */
function getAttribute(self: Addr, name: Addr): Addr {
  const dict = I32[self + ModuleObject.Dict];
  const value = genericGetAttr(self, name);
  if (value !== 0 || !clearPendingIf(T.AttributeError)) return value;
  const hook = dict === 0 ? 0 : dictGetStr(dict, idGetAttr);
  if (hook !== 0) return call1(hook, name);
  const own = dict === 0 ? 0 : dictGetStr(dict, idName);
  const shown = getString(name);
  const text =
    own !== 0 && isStr(own)
      ? `module '${getString(own)}' has no attribute '${shown}'`
      : `module has no attribute '${shown}'`;
  return raiseAttributeErrorText(self, name, text);
}

function repr(self: Addr): Addr {
  const dict = I32[self + ModuleObject.Dict];
  const file = dict === 0 ? 0 : dictGetStr(dict, idFile);
  const name = moduleName(self);
  if (file !== 0 && isStr(file)) return newStr(`<module '${name}' from '${getString(file)}'>`);
  return newStr(moduleDefs.has(name) ? `<module '${name}' (built-in)>` : `<module '${name}'>`);
}

function dir(self: Addr): Addr {
  const dict = I32[self + ModuleObject.Dict];
  const hook = dictGetStr(dict, idDir);
  if (hook !== 0) return call0(hook);
  const list = listFromIterable(dict);
  return list;
}

function getAnnotations(self: Addr): Addr {
  const dict = I32[self + ModuleObject.Dict];
  const value = dictGetStr(dict, idAnnotations);
  if (value !== 0) return incref(value);
  const made = newDict();
  if (made !== 0) dictSetStr(dict, idAnnotations, made);
  return made;
}

function setAnnotations(self: Addr, value: Addr): number {
  if (value === 0) return raiseStatus(T.AttributeError, "__annotations__");
  return dictSetStr(I32[self + ModuleObject.Dict], idAnnotations, value);
}

defineType({
  type: T.Module,
  name: "module",
  flags: TypeFlag.HasGc | TypeFlag.BaseType,
  basicSize: ModuleObject.Bytes,
  dictOffset: ModuleObject.Dict,
  weakListOffset: ModuleObject.WeakList,
  slots: {
    dealloc,
    traverse,
    clear,
    init,
    new: (type) => newObjectOf(type),
    getAttr: getAttribute,
    setAttr: genericSetAttr,
    repr,
  },
  methods: [noArgs("__dir__", dir)],
  getSets: [
    getSet("__dict__", (self) => {
      const dict = I32[self + ModuleObject.Dict];
      return dict === 0 ? newNone() : incref(dict);
    }),
    getSet("__annotations__", getAnnotations, setAnnotations),
  ],
  doc: "Create a module object.",
});
