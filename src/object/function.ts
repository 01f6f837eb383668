/** Python functions as objects: fields, attributes, binding. Calling them is the eval loop's. */

import { type Addr, heap } from "../memory/heap.js";
import { defineType, getSet, member } from "./define.js";
import { dictGetStr, dictSet, newDict } from "./dict.js";
import { newNone, raise, raiseStatus } from "./errors.js";
import { freeObject, newGcObject, track } from "./gcheader.js";
import { clearField, decref, incref, setField, typeHasFlag, typeOf } from "./header.js";
import { identifier } from "./identifiers.js";
import { clearWeakReferences } from "./instance.js";
import { CodeObject, FunctionObject, Head, ModuleObject, TupleObject, TypeFlag } from "./layout.js";
import { newMethod } from "./method.js";
import { getString, newStr } from "./str.js";
import { inTrashcan } from "./trashcan.js";
import { typeName } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const idName = identifier("__name__");
const idBuiltins = identifier("__builtins__");

let getDefaultBuiltins: () => Addr = () => 0;

/** The virtual machine gives the builtins dict of globals without `__builtins__` (borrowed). */
export function registerBuiltins(get: () => Addr): void {
  getDefaultBuiltins = get;
}

/** The builtins dict that code with these globals sees: borrowed, 0 for none. */
export function builtinsOf(globals: Addr): Addr {
  const builtins = dictGetStr(globals, idBuiltins);
  if (builtins === 0) return getDefaultBuiltins();
  return I32[builtins + Head.Type] === T.Module ? I32[builtins + ModuleObject.Dict] : builtins;
}

/** A function of `code` over `globals`, named `qualname` (0: as the code); all are borrowed. */
export function newFunction(code: Addr, globals: Addr, qualname: Addr): Addr {
  const fn = newGcObject(T.Function, FunctionObject.Bytes);
  if (fn === 0) return 0;
  I32[fn + FunctionObject.Code] = incref(code);
  I32[fn + FunctionObject.Globals] = incref(globals);
  const builtins = builtinsOf(globals);
  if (builtins !== 0) I32[fn + FunctionObject.Builtins] = incref(builtins);
  I32[fn + FunctionObject.Name] = incref(I32[code + CodeObject.Name]);
  const qualified = qualname === 0 ? I32[code + CodeObject.QualName] : qualname;
  I32[fn + FunctionObject.QualName] = incref(qualified);
  const consts = I32[code + CodeObject.Consts];
  const hasDoc = I32[consts + TupleObject.Size] > 0;
  const first = hasDoc ? I32[consts + TupleObject.Items] : S.None;
  const doc = typeHasFlag(typeOf(first), TypeFlag.StrSubclass) ? first : S.None;
  I32[fn + FunctionObject.Doc] = incref(doc);
  const module = dictGetStr(globals, idName);
  if (module !== 0) I32[fn + FunctionObject.Module] = incref(module);
  track(fn);
  return fn;
}

const fields = [
  FunctionObject.Globals,
  FunctionObject.Builtins,
  FunctionObject.Code,
  FunctionObject.Module,
  FunctionObject.Defaults,
  FunctionObject.KwDefaults,
  FunctionObject.Doc,
  FunctionObject.Name,
  FunctionObject.Dict,
  FunctionObject.Closure,
  FunctionObject.Annotations,
  FunctionObject.QualName,
];

const dealloc = inTrashcan((self) => {
  clearWeakReferences(self, FunctionObject.WeakList);
  for (let i = 0; i < fields.length; i++) clearField(self + fields[i]);
  freeObject(self);
});

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  visit(I32[self + FunctionObject.Code]);
  for (let i = 0; i < fields.length; i++) {
    const value = I32[self + fields[i]];
    if (value !== 0 && fields[i] !== FunctionObject.Code) visit(value);
  }
}

/** Name, qualified name and code stay: code that still runs may read them. */
function clear(self: Addr): void {
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i];
    if (
      field !== FunctionObject.Name &&
      field !== FunctionObject.QualName &&
      field !== FunctionObject.Code
    ) {
      clearField(self + field);
    }
  }
}

function descrGet(self: Addr, object: Addr): Addr {
  return object === 0 || object === S.None ? incref(self) : newMethod(self, object);
}

function repr(self: Addr): Addr {
  const name = getString(I32[self + FunctionObject.QualName]);
  return newStr(`<function ${name} at 0x${(self * 4).toString(16)}>`);
}

/** A field that must keep the given kind of value. */
function typed(name: string, offset: number, flag: TypeFlag, text: string) {
  const get = (self: Addr): Addr => incref(I32[self + offset]);
  const set = (self: Addr, value: Addr): number => {
    if (value === 0 || !typeHasFlag(typeOf(value), flag)) return raiseStatus(T.TypeError, text);
    setField(self + offset, incref(value));
    return 0;
  };
  return getSet(name, get, set);
}

/** A field that is a value of the given kind, or None. */
function optional(name: string, offset: number, flag: TypeFlag, text: string) {
  const get = (self: Addr): Addr => {
    const value = I32[self + offset];
    return value === 0 ? newNone() : incref(value);
  };
  const set = (self: Addr, value: Addr): number => {
    const empty = value === 0 || value === S.None;
    if (!empty && !typeHasFlag(typeOf(value), flag)) return raiseStatus(T.TypeError, text);
    I32[self + FunctionObject.Version] = 0;
    setField(self + offset, empty ? 0 : incref(value));
    return 0;
  };
  return getSet(name, get, set);
}

function getCode(self: Addr): Addr {
  return incref(I32[self + FunctionObject.Code]);
}

function setCode(self: Addr, value: Addr): number {
  if (value === 0 || typeOf(value) !== T.Code) {
    return raiseStatus(T.TypeError, "__code__ must be set to a code object");
  }
  const closure = I32[self + FunctionObject.Closure];
  const have = closure === 0 ? 0 : I32[closure + TupleObject.Size];
  const free = I32[value + CodeObject.Free];
  if (have !== free) {
    const name = getString(I32[self + FunctionObject.Name]);
    const text = `${name}() requires a code object with ${have} free vars, not ${free}`;
    return raiseStatus(T.ValueError, text);
  }
  I32[self + FunctionObject.Version] = 0;
  setField(self + FunctionObject.Code, incref(value));
  return 0;
}

function getDict(self: Addr): Addr {
  if (I32[self + FunctionObject.Dict] === 0) I32[self + FunctionObject.Dict] = newDict();
  const dict = I32[self + FunctionObject.Dict];
  return dict === 0 ? 0 : incref(dict);
}

function setDict(self: Addr, value: Addr): number {
  if (value === 0) return raiseStatus(T.TypeError, "cannot delete __dict__");
  if (!typeHasFlag(typeOf(value), TypeFlag.DictSubclass)) {
    const kind = typeName(typeOf(value));
    return raiseStatus(T.TypeError, `__dict__ must be set to a dictionary, not a '${kind}'`);
  }
  setField(self + FunctionObject.Dict, incref(value));
  return 0;
}

function getAnnotations(self: Addr): Addr {
  const have = I32[self + FunctionObject.Annotations];
  if (have !== 0 && typeOf(have) !== T.Tuple) return incref(have);
  // MAKE_FUNCTION leaves a tuple of names and values, which is unfolded when first asked for.
  const dict = newDict();
  if (dict === 0) return 0;
  const n = have === 0 ? 0 : I32[have + TupleObject.Size];
  for (let i = 0; i < n; i += 2) {
    const at = have + TupleObject.Items + 2 * i;
    if (dictSet(dict, I32[at], I32[at + 2]) < 0) {
      decref(dict);
      return 0;
    }
  }
  setField(self + FunctionObject.Annotations, dict);
  return incref(dict);
}

function setAnnotations(self: Addr, value: Addr): number {
  const empty = value === 0 || value === S.None;
  if (!empty && !typeHasFlag(typeOf(value), TypeFlag.DictSubclass)) {
    return raiseStatus(T.TypeError, "__annotations__ must be set to a dict object");
  }
  setField(self + FunctionObject.Annotations, empty ? 0 : incref(value));
  return 0;
}

/** `types.FunctionType(code, globals, name=None, argdefs=None, closure=None)`. */
function newFunctionObject(_type: Addr, args: Addr, nargs: number): Addr {
  if (nargs < 2 || nargs > 5) {
    return raise(T.TypeError, `function expected 2 to 5 arguments, got ${nargs}`);
  }
  if (typeOf(I32[args]) !== T.Code) {
    const kind = typeName(typeOf(I32[args]));
    return raise(T.TypeError, `function() argument 'code' must be code, not ${kind}`);
  }
  const closure = nargs > 4 ? I32[args + 4] : S.None;
  const free = I32[I32[args] + CodeObject.Free];
  const have = closure === S.None ? 0 : I32[closure + TupleObject.Size];
  if (closure === S.None && free !== 0) return raise(T.TypeError, "arg 5 (closure) must be tuple");
  if (have !== free) {
    const name = getString(I32[I32[args] + CodeObject.Name]);
    return raise(T.ValueError, `${name} requires closure of length ${free}, not ${have}`);
  }
  const fn = newFunction(I32[args], I32[args + 1], 0);
  if (fn === 0) return 0;
  if (nargs > 2 && I32[args + 2] !== S.None) {
    setField(fn + FunctionObject.Name, incref(I32[args + 2]));
  }
  if (nargs > 3 && I32[args + 3] !== S.None) {
    I32[fn + FunctionObject.Defaults] = incref(I32[args + 3]);
  }
  if (have !== 0) I32[fn + FunctionObject.Closure] = incref(closure);
  return fn;
}

defineType({
  type: T.Function,
  name: "function",
  flags: TypeFlag.HasGc | TypeFlag.MethodDescriptor,
  basicSize: FunctionObject.Bytes,
  dictOffset: FunctionObject.Dict,
  weakListOffset: FunctionObject.WeakList,
  slots: { dealloc, traverse, clear, descrGet, repr, new: newFunctionObject },
  members: [
    member("__closure__", FunctionObject.Closure),
    member("__doc__", FunctionObject.Doc, { readonly: false }),
    member("__globals__", FunctionObject.Globals),
    member("__module__", FunctionObject.Module, { readonly: false }),
    member("__builtins__", FunctionObject.Builtins),
  ],
  getSets: [
    getSet("__code__", getCode, setCode),
    optional(
      "__defaults__",
      FunctionObject.Defaults,
      TypeFlag.TupleSubclass,
      "__defaults__ must be set to a tuple object",
    ),
    optional(
      "__kwdefaults__",
      FunctionObject.KwDefaults,
      TypeFlag.DictSubclass,
      "__kwdefaults__ must be set to a dict object",
    ),
    getSet("__annotations__", getAnnotations, setAnnotations),
    getSet("__dict__", getDict, setDict),
    typed(
      "__name__",
      FunctionObject.Name,
      TypeFlag.StrSubclass,
      "__name__ must be set to a string object",
    ),
    typed(
      "__qualname__",
      FunctionObject.QualName,
      TypeFlag.StrSubclass,
      "__qualname__ must be set to a string object",
    ),
  ],
  doc: "Create a function object.",
});
