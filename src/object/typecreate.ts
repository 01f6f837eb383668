/**
 * Making classes: `type(name, bases, dict)` and what a class statement needs (after `type_new` of
 * Objects/typeobject.c).
 */
import { type Addr, heap } from "../memory/heap.js";
import { keywordCount } from "./arguments.js";
import { getAttr, getAttrOptional } from "./attribute.js";
import { call1, call2, callMethod0, callObject } from "./call.js";
import { setCellContents } from "./cell.js";
import { newClassMethod, newStaticMethod } from "./classmethod.js";
import { getSet } from "./define.js";
import { MemberFlag, newGetSetDescriptor, newMemberDescriptor } from "./descriptor.js";
import {
  dictContains,
  dictCopy,
  dictDeleteStr,
  dictGetStr,
  dictKeyAt,
  dictNext,
  dictSetStr,
  dictValueAt,
  newDict,
} from "./dict.js";
import { newSharedKeys } from "./dictkeys.js";
import { pending, raise, raiseException, takePending } from "./errors.js";
import { newExceptionMessage, setCause, setContext } from "./exceptions.js";
import { newGcObject, track } from "./gcheader.js";
import { decref, incref, setField, typeHasFlag, typeOf, xdecref } from "./header.js";
import { updateSlots } from "./heapslots.js";
import { identifier } from "./identifiers.js";
import { instanceDictGetSet, instanceWeakRefGetSet } from "./instanceattributes.js";
import { internStr } from "./intern.js";
import { CellObject, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { computeMro } from "./mro.js";
import { reprObject } from "./repr.js";
import { slotsOf } from "./slots.js";
import { getString, isStr, newStr, strCompare } from "./str.js";
import { thread } from "./thread.js";
import { newTuple, newTuple1, tupleFromIterable } from "./tuple.js";
import { addSubclass, isSubtype, isType, lookupSpecial, typeName } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const idQualName = identifier("__qualname__");
const idModule = identifier("__module__");
const idDoc = identifier("__doc__");
const idName = identifier("__name__");
const idEq = identifier("__eq__");
const idHash = identifier("__hash__");
const idSlots = identifier("__slots__");
const idDict = identifier("__dict__");
const idWeakRef = identifier("__weakref__");
const idNew = identifier("__new__");
const idInitSubclass = identifier("__init_subclass__");
const idClassGetItem = identifier("__class_getitem__");
const idClassCell = identifier("__classcell__");
const idSetName = identifier("__set_name__");
const idMroEntries = identifier("__mro_entries__");
const idPrepare = identifier("__prepare__");
const idMetaclass = identifier("metaclass");
const idMro = identifier("mro");
const idOrigBases = identifier("__orig_bases__");

let getCallerGlobals: () => Addr = () => 0;

/** The virtual machine says whose globals give a class its `__module__` (borrowed; 0: none). */
export function registerCallerGlobals(get: () => Addr): void {
  getCallerGlobals = get;
}

let runClassBody: (body: Addr, namespace: Addr) => Addr = () =>
  raise(T.SystemError, "class bodies cannot be run yet");

/** The virtual machine runs a class body over a namespace: its `__class__` cell or None, owned. */
export function registerClassBodyRunner(run: (body: Addr, namespace: Addr) => Addr): void {
  runClassBody = run;
}

/** The most derived of `meta` and the metaclasses of `bases` (a tuple): borrowed. */
function calculateMetaclass(meta: Addr, bases: Addr): Addr {
  let winner = meta;
  const n = I32[bases + TupleObject.Size];
  for (let i = 0; i < n; i++) {
    const other = typeOf(I32[bases + TupleObject.Items + 2 * i]);
    if (isSubtype(winner, other)) continue;
    if (isSubtype(other, winner)) {
      winner = other;
      continue;
    }
    return raise(
      T.TypeError,
      "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of " +
        "the metaclasses of all its bases",
    );
  }
  return winner;
}

/** `type.__new__(meta, name, bases, dict, **keywords)`. */
export function typeNew(meta: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (nargs !== 3) {
    return raise(T.TypeError, `type.__new__() takes exactly 3 arguments (${nargs} given)`);
  }
  const [name, bases, dict] = [I32[args], I32[args + 1], I32[args + 2]];
  if (!isStr(name)) return wrongArgument(1, "str", name);
  if (!typeHasFlag(typeOf(bases), TypeFlag.TupleSubclass)) return wrongArgument(2, "tuple", bases);
  if (!typeHasFlag(typeOf(dict), TypeFlag.DictSubclass)) return wrongArgument(3, "dict", dict);
  if (getString(name).includes("\0")) {
    return raise(T.ValueError, "type name must not contain null characters");
  }
  if (!checkEntries(bases)) return 0;
  const winner = calculateMetaclass(meta, bases);
  if (winner === 0) return 0;
  if (winner !== meta) {
    const make = slotsOf(winner).new;
    if (make !== null && make !== typeNew) return make(winner, args, nargs, kwnames);
  }
  const object = I32[bases + TupleObject.Size] === 0 ? newTuple1(T.Object) : incref(bases);
  if (object === 0) return 0;
  const type = makeType(winner, name, object, dict);
  decref(object);
  if (type === 0) return 0;
  if (!setNames(type) || !initSubclass(type, args + 3, kwnames)) {
    decref(type);
    return 0;
  }
  return type;
}

function wrongArgument(position: number, wanted: string, value: Addr): 0 {
  const kind = typeName(typeOf(value));
  const text = `type.__new__() argument ${position} must be ${wanted}, not ${kind}`;
  return raise(T.TypeError, text);
}

/** A class of the metaclass `type` or the bases' own; `dict` and `bases` are borrowed. */
export function newHeapType(name: string, bases: Addr, dict: Addr): Addr {
  const sp = thread.sp;
  const text = newStr(name);
  if (text === 0) return 0;
  I32[sp] = text;
  I32[sp + 1] = bases;
  I32[sp + 2] = dict;
  thread.sp = sp + 3;
  const type = callObject(T.Type, sp, 3, 0);
  thread.sp = sp;
  decref(text);
  return type;
}

/** `type()` does not resolve `__mro_entries__`; class statements have done so. */
function checkEntries(bases: Addr): boolean {
  const n = I32[bases + TupleObject.Size];
  for (let i = 0; i < n; i++) {
    const base = I32[bases + TupleObject.Items + 2 * i];
    if (isType(base)) continue;
    const entries = getAttrOptional(base, idMroEntries);
    if (entries === 0) {
      if (pending()) return false;
      continue;
    }
    decref(entries);
    raise(T.TypeError, "type() doesn't support MRO entry resolution; use types.new_class()");
    return false;
  }
  return true;
}

/** The nearest type that fixes the layout of instances: a static one, or one with `__slots__`. */
function solidBase(type: Addr): Addr {
  let t = type;
  for (;;) {
    const base = I32[t + TypeObject.Base];
    if (base === 0) return t;
    if ((I32[t + TypeObject.Flags] & TypeFlag.Heap) !== 0) {
      if (I32[t + TypeObject.SlotsEnd] > I32[t + TypeObject.SlotsStart]) return t;
    } else if (
      I32[t + TypeObject.BasicSize] !== I32[base + TypeObject.BasicSize] ||
      I32[t + TypeObject.ItemSize] !== I32[base + TypeObject.ItemSize]
    ) {
      return t;
    }
    t = base;
  }
}

/** The base whose layout the class extends: borrowed. */
function bestBase(bases: Addr): Addr {
  let best = 0;
  let winner = 0;
  const n = I32[bases + TupleObject.Size];
  for (let i = 0; i < n; i++) {
    const base = I32[bases + TupleObject.Items + 2 * i];
    if (!isType(base)) return raise(T.TypeError, "bases must be types");
    if (!typeHasFlag(base, TypeFlag.BaseType)) {
      return raise(T.TypeError, `type '${typeName(base)}' is not an acceptable base type`);
    }
    const solid = solidBase(base);
    if (winner === 0 || (!isSubtype(winner, solid) && isSubtype(solid, winner))) {
      winner = solid;
      best = base;
    } else if (!isSubtype(winner, solid)) {
      return raise(T.TypeError, "multiple bases have instance lay-out conflict");
    }
  }
  return best;
}

/** What `__slots__` asks for. */
interface SlotRequest {
  /** Sorted, mangled, interned names (owned), without the two special ones. */
  names: Addr[];
  dict: boolean;
  weakList: boolean;
}

function makeType(meta: Addr, name: Addr, bases: Addr, namespace: Addr): Addr {
  const base = bestBase(bases);
  if (base === 0) return 0;
  const dict = dictCopy(namespace);
  if (dict === 0) return 0;
  const request = slotRequest(dict, base, name);
  if (request === null) {
    decref(dict);
    return 0;
  }
  const type = newGcObject(meta, TypeObject.HeapBytes);
  if (type === 0) {
    decref(dict);
    for (const slot of request.names) decref(slot);
    return 0;
  }
  I32[type + TypeObject.Name] = incref(name);
  I32[type + TypeObject.Dict] = dict;
  I32[type + TypeObject.Base] = incref(base);
  I32[type + TypeObject.Bases] = incref(bases);
  layOut(type, base, bases, request);
  track(type);
  if (
    fillDict(type, dict, request) &&
    setMro(type) &&
    adoptClassCell(type, dict) &&
    updateSlots(type) === 0 &&
    registerWithBases(type, bases)
  ) {
    return type;
  }
  if (I32[type + TypeObject.SlotNames] === 0) for (const slot of request.names) decref(slot);
  decref(type);
  return 0;
}

const inheritedFlags =
  TypeFlag.Sequence |
  TypeFlag.Mapping |
  TypeFlag.IntSubclass |
  TypeFlag.ListSubclass |
  TypeFlag.TupleSubclass |
  TypeFlag.BytesSubclass |
  TypeFlag.StrSubclass |
  TypeFlag.DictSubclass |
  TypeFlag.ExceptionSubclass |
  TypeFlag.TypeSubclass |
  TypeFlag.SetSubclass |
  TypeFlag.FloatSubclass |
  TypeFlag.ManagedDict;

/** Sizes and offsets of instances: the base's, then `__slots__`, then the weak reference list. */
function layOut(type: Addr, base: Addr, bases: Addr, request: SlotRequest): void {
  let flags = TypeFlag.Heap | TypeFlag.BaseType | TypeFlag.HasGc;
  flags |= I32[base + TypeObject.Flags] & inheritedFlags;
  const n = I32[bases + TupleObject.Size];
  for (let i = 0; i < n; i++) {
    const other = I32[I32[bases + TupleObject.Items + 2 * i] + TypeObject.Flags];
    flags |= other & (TypeFlag.Sequence | TypeFlag.Mapping);
  }
  let size = I32[base + TypeObject.BasicSize];
  const start = size >> 2;
  size += 8 * request.names.length;
  if (request.names.length > 0 || I32[base + TypeObject.SlotsEnd] !== 0) {
    I32[type + TypeObject.SlotsStart] = start;
    I32[type + TypeObject.SlotsEnd] = size >> 2;
  }
  I32[type + TypeObject.WeakListOffset] = I32[base + TypeObject.WeakListOffset];
  if (request.weakList) {
    I32[type + TypeObject.WeakListOffset] = size >> 2;
    size += 8;
  }
  if (request.dict) flags |= TypeFlag.ManagedDict;
  I32[type + TypeObject.DictOffset] = I32[base + TypeObject.DictOffset];
  I32[type + TypeObject.Flags] = flags;
  I32[type + TypeObject.BasicSize] = size;
  I32[type + TypeObject.ItemSize] = I32[base + TypeObject.ItemSize];
  I32[type + TypeObject.Layout] = I32[base + TypeObject.Layout];
  // Until the special methods are known, an instance dies as the base's would.
  I32[type + TypeObject.Slots] = I32[base + TypeObject.Slots];
}

function mayHaveDict(base: Addr): boolean {
  return I32[base + TypeObject.DictOffset] === 0 && !typeHasFlag(base, TypeFlag.ManagedDict);
}

function mayHaveWeakList(base: Addr): boolean {
  return I32[base + TypeObject.WeakListOffset] === 0 && I32[base + TypeObject.ItemSize] === 0;
}

function slotRequest(dict: Addr, base: Addr, className: Addr): SlotRequest | null {
  const given = dictGetStr(dict, idSlots);
  if (given === 0) return { names: [], dict: mayHaveDict(base), weakList: mayHaveWeakList(base) };
  const items = isStr(given) ? newTuple1(given) : tupleFromIterable(given);
  if (items === 0) return null;
  const request: SlotRequest = { names: [], dict: false, weakList: false };
  const ok = readSlots(items, base, className, dict, request);
  decref(items);
  if (!ok) {
    for (const name of request.names) decref(name);
    return null;
  }
  request.names.sort(strCompare);
  return request;
}

function readSlots(
  items: Addr,
  base: Addr,
  className: Addr,
  dict: Addr,
  request: SlotRequest,
): boolean {
  const n = I32[items + TupleObject.Size];
  if (n > 0 && I32[base + TypeObject.ItemSize] !== 0) {
    raise(T.TypeError, `nonempty __slots__ not supported for subtype of '${typeName(base)}'`);
    return false;
  }
  for (let i = 0; i < n; i++) {
    const item = I32[items + TupleObject.Items + 2 * i];
    if (!isStr(item)) {
      const kind = typeName(typeOf(item));
      raise(T.TypeError, `__slots__ items must be strings, not '${kind}'`);
      return false;
    }
    const text = getString(item);
    if (!/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(text)) {
      raise(T.TypeError, "__slots__ must be identifiers");
      return false;
    }
    if (text === "__dict__") {
      if (!mayHaveDict(base) || request.dict) return slotDisallowed("__dict__");
      request.dict = true;
      continue;
    }
    if (text === "__weakref__") {
      if (!mayHaveWeakList(base) || request.weakList) return slotDisallowed("__weakref__");
      request.weakList = true;
      continue;
    }
    const made = newStr(mangle(getString(className), text));
    if (made === 0) return false;
    const name = internStr(made);
    request.names.push(name);
    if (dictContains(dict, name) === 1 && text !== "__qualname__" && text !== "__classcell__") {
      raise(T.ValueError, `'${text}' in __slots__ conflicts with class variable`);
      return false;
    }
  }
  return true;
}

function slotDisallowed(name: string): false {
  const text =
    name === "__dict__"
      ? "__dict__ slot disallowed: we already got one"
      : "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0";
  raise(T.TypeError, text);
  return false;
}

/** The private name of `name` inside class `className`. */
export function mangle(className: string, name: string): string {
  if (!name.startsWith("__") || name.endsWith("__") || name.includes(".")) return name;
  const stripped = className.replace(/^_+/, "");
  return stripped === "" ? name : `_${stripped}${name}`;
}

/** Put into the class's dict what `type.__new__` adds; the request's names become its SlotNames. */
function fillDict(type: Addr, dict: Addr, request: SlotRequest): boolean {
  return (
    takeQualName(type, dict) &&
    setModule(dict) &&
    (dictGetStr(dict, idDoc) !== 0 || dictSetStr(dict, idDoc, S.None) === 0) &&
    hashWithEquality(dict) &&
    wrapFunction(dict, idNew, newStaticMethod) &&
    wrapFunction(dict, idInitSubclass, newClassMethod) &&
    wrapFunction(dict, idClassGetItem, newClassMethod) &&
    addSlotMembers(type, dict, request) &&
    addInstanceAttributes(type, dict, request)
  );
}

function takeQualName(type: Addr, dict: Addr): boolean {
  const given = dictGetStr(dict, idQualName);
  if (given === 0) {
    I32[type + TypeObject.QualName] = incref(I32[type + TypeObject.Name]);
    return true;
  }
  if (!isStr(given)) {
    raise(T.TypeError, `type __qualname__ must be a str, not ${typeName(typeOf(given))}`);
    return false;
  }
  I32[type + TypeObject.QualName] = incref(given);
  return dictDeleteStr(dict, idQualName) === 0;
}

function setModule(dict: Addr): boolean {
  if (dictGetStr(dict, idModule) !== 0) return true;
  const globals = getCallerGlobals();
  const module = globals === 0 ? 0 : dictGetStr(globals, idName);
  return module === 0 || dictSetStr(dict, idModule, module) === 0;
}

/** A class with `__eq__` and without `__hash__` has unhashable instances. */
function hashWithEquality(dict: Addr): boolean {
  if (dictGetStr(dict, idEq) === 0 || dictGetStr(dict, idHash) !== 0) return true;
  return dictSetStr(dict, idHash, S.None) === 0;
}

function wrapFunction(dict: Addr, name: Addr, wrap: (callable: Addr) => Addr): boolean {
  const value = dictGetStr(dict, name);
  if (value === 0 || typeOf(value) !== T.Function) return true;
  const wrapped = wrap(value);
  if (wrapped === 0) return false;
  const status = dictSetStr(dict, name, wrapped);
  decref(wrapped);
  return status === 0;
}

function addSlotMembers(type: Addr, dict: Addr, request: SlotRequest): boolean {
  if (request.names.length === 0) return true;
  const names = newTuple(request.names.length);
  if (names === 0) return false;
  for (const [i, name] of request.names.entries()) {
    I32[names + TupleObject.Items + 2 * i] = name;
  }
  track(names);
  I32[type + TypeObject.SlotNames] = names;
  for (const [i, name] of request.names.entries()) {
    const offset = I32[type + TypeObject.SlotsStart] + 2 * i;
    const descriptor = newMemberDescriptor(type, name, offset, MemberFlag.Slot);
    if (descriptor === 0) return false;
    const status = dictSetStr(dict, name, descriptor);
    decref(descriptor);
    if (status < 0) return false;
  }
  return true;
}

/** `__dict__` and `__weakref__`, where instances of the class newly have them. */
function addInstanceAttributes(type: Addr, dict: Addr, request: SlotRequest): boolean {
  if (request.dict && !addGetSet(type, dict, idDict, instanceDictGetSet)) return false;
  if (request.weakList && !addGetSet(type, dict, idWeakRef, instanceWeakRefGetSet)) return false;
  if (!typeHasFlag(type, TypeFlag.ManagedDict)) return true;
  const keys = newSharedKeys();
  I32[type + TypeObject.CachedKeys] = keys;
  return keys !== 0;
}

function addGetSet(type: Addr, dict: Addr, name: Addr, def: ReturnType<typeof getSet>): boolean {
  if (dictGetStr(dict, name) !== 0) return true;
  const descriptor = newGetSetDescriptor(type, name, def);
  if (descriptor === 0) return false;
  const status = dictSetStr(dict, name, descriptor);
  decref(descriptor);
  return status === 0;
}

/** Compute the MRO, by the metaclass's `mro` method where that is overridden. */
export function setMro(type: Addr): boolean {
  const meta = typeOf(type);
  const before = I32[type + TypeObject.Mro];
  let mro: Addr;
  if (meta === T.Type) {
    mro = computeMro(type);
  } else {
    const list = callMethod0(type, idMro);
    if (list === 0) return false;
    mro = tupleFromIterable(list);
    decref(list);
    if (mro !== 0 && !checkMro(type, mro)) {
      decref(mro);
      return false;
    }
  }
  if (mro === 0) return false;
  // A custom mro() may have given the class another meanwhile: that stays, as in CPython.
  if (I32[type + TypeObject.Mro] !== before) {
    decref(mro);
    return true;
  }
  setField(type + TypeObject.Mro, mro);
  I32[type + TypeObject.Flags] |= TypeFlag.Ready;
  return true;
}

function checkMro(type: Addr, mro: Addr): boolean {
  const n = I32[mro + TupleObject.Size];
  for (let i = 0; i < n; i++) {
    const item = I32[mro + TupleObject.Items + 2 * i];
    if (!isType(item)) {
      raise(T.TypeError, `mro() returned a non-class ('${typeName(typeOf(item))}')`);
      return false;
    }
    if (item !== type && !isSubtype(solidBase(I32[type + TypeObject.Base]), solidBase(item))) {
      raise(T.TypeError, `mro() returned base with unsuitable layout ('${typeName(item)}')`);
      return false;
    }
  }
  return true;
}

/** The cell behind `__class__` and `super()` in the class's functions gets the class. */
function adoptClassCell(type: Addr, dict: Addr): boolean {
  const cell = dictGetStr(dict, idClassCell);
  if (cell === 0) return true;
  if (typeOf(cell) !== T.Cell) {
    const kind = typeName(typeOf(cell));
    raise(T.TypeError, `type.__new__(): __classcell__ must be a nonlocal cell, not ${kind}`);
    return false;
  }
  setCellContents(cell, incref(type));
  return dictDeleteStr(dict, idClassCell) === 0;
}

function registerWithBases(type: Addr, bases: Addr): boolean {
  const n = I32[bases + TupleObject.Size];
  for (let i = 0; i < n; i++) {
    if (addSubclass(I32[bases + TupleObject.Items + 2 * i], type) < 0) return false;
  }
  return true;
}

/** Call `__set_name__` of every value of the class's dict that has one. */
function setNames(type: Addr): boolean {
  const names = dictCopy(I32[type + TypeObject.Dict]);
  if (names === 0) return false;
  let ok = true;
  for (let i = dictNext(names, 0); ok && i >= 0; i = dictNext(names, i + 1)) {
    const value = dictValueAt(names, i);
    const hook = lookupSpecial(value, idSetName);
    if (hook === 0) {
      ok = !pending();
      continue;
    }
    const key = dictKeyAt(names, i);
    const result = call2(hook, type, key);
    decref(hook);
    if (result === 0) {
      wrapSetNameError(type, key, value);
      ok = false;
    } else decref(result);
  }
  decref(names);
  return ok;
}

/** 3.11 reports a failing `__set_name__` as the cause of a RuntimeError. */
function wrapSetNameError(type: Addr, key: Addr, value: Addr): void {
  const cause = takePending();
  const shown = reprObject(key);
  if (shown === 0) return;
  const kind = typeName(typeOf(value));
  const name = typeName(type);
  const text = `Error calling __set_name__ on '${kind}' instance ${getString(shown)} in '${name}'`;
  decref(shown);
  const exc = newExceptionMessage(T.RuntimeError, text);
  if (exc === 0) return;
  setContext(exc, incref(cause));
  setCause(exc, cause);
  raiseException(exc);
}

/** `super(type, type).__init_subclass__(**keywords)`; keyword values stand at `values`. */
function initSubclass(type: Addr, values: Addr, kwnames: Addr): boolean {
  const sp = thread.sp;
  I32[sp] = type;
  I32[sp + 1] = type;
  thread.sp = sp + 2;
  const proxy = callObject(T.Super, sp, 2, 0);
  thread.sp = sp;
  if (proxy === 0) return false;
  const hook = getAttr(proxy, idInitSubclass);
  decref(proxy);
  if (hook === 0) return false;
  const result = callObject(hook, values, 0, kwnames);
  decref(hook);
  xdecref(result);
  return result !== 0;
}

/** `__build_class__(body, name, *bases, metaclass=…, **keywords)`. */
export function buildClass(args: Addr, nargs: number, kwnames: Addr): Addr {
  if (nargs < 2) return raise(T.TypeError, "__build_class__: not enough arguments");
  if (typeOf(I32[args]) !== T.Function) {
    return raise(T.TypeError, "__build_class__: func must be a function");
  }
  if (!isStr(I32[args + 1])) {
    return raise(T.TypeError, "__build_class__: name is not a string");
  }
  const original = tupleOfArgs(args + 2, nargs - 2);
  if (original === 0) return 0;
  const bases = resolveBases(original);
  if (bases === 0) {
    decref(original);
    return 0;
  }
  const cls = buildWithBases(args, nargs, kwnames, original, bases);
  decref(bases);
  decref(original);
  return cls;
}

function tupleOfArgs(args: Addr, n: number): Addr {
  const tuple = newTuple(n);
  if (tuple === 0 || n === 0) return tuple;
  for (let i = 0; i < n; i++) I32[tuple + TupleObject.Items + 2 * i] = incref(I32[args + i]);
  track(tuple);
  return tuple;
}

/** Replace bases that are no types by what their `__mro_entries__` gives: a new reference. */
function resolveBases(bases: Addr): Addr {
  const n = I32[bases + TupleObject.Size];
  const entries: Addr[] = [];
  let replaced = false;
  for (let i = 0; i < n; i++) {
    const base = I32[bases + TupleObject.Items + 2 * i];
    const hook = isType(base) ? 0 : getAttrOptional(base, idMroEntries);
    if (hook === 0) {
      if (pending()) return dropAll(entries);
      entries.push(incref(base));
      continue;
    }
    const more = call1(hook, bases);
    decref(hook);
    if (more === 0) return dropAll(entries);
    if (!typeHasFlag(typeOf(more), TypeFlag.TupleSubclass)) {
      decref(more);
      dropAll(entries);
      return raise(T.TypeError, "__mro_entries__ must return a tuple");
    }
    replaced = true;
    const m = I32[more + TupleObject.Size];
    for (let j = 0; j < m; j++) entries.push(incref(I32[more + TupleObject.Items + 2 * j]));
    decref(more);
  }
  if (!replaced) {
    dropAll(entries);
    return incref(bases);
  }
  const result = newTuple(entries.length);
  if (result === 0) return dropAll(entries);
  for (const [i, entry] of entries.entries()) I32[result + TupleObject.Items + 2 * i] = entry;
  if (entries.length > 0) track(result);
  return result;
}

function dropAll(entries: Addr[]): 0 {
  for (const entry of entries) decref(entry);
  return 0;
}

/** Index of the keyword `metaclass`, or -1. */
function metaclassIndex(kwnames: Addr): number {
  const n = keywordCount(kwnames);
  for (let i = 0; i < n; i++) {
    const name = I32[kwnames + TupleObject.Items + 2 * i];
    if (name === idMetaclass || getString(name) === "metaclass") return i;
  }
  return -1;
}

function buildWithBases(
  args: Addr,
  nargs: number,
  kwnames: Addr,
  original: Addr,
  bases: Addr,
): Addr {
  const at = metaclassIndex(kwnames);
  let meta = at < 0 ? 0 : I32[args + nargs + at];
  const firstBase = I32[bases + TupleObject.Size] > 0 ? I32[bases + TupleObject.Items] : 0;
  if (meta === 0) meta = firstBase === 0 ? T.Type : typeOf(firstBase);
  if (isType(meta)) {
    meta = calculateMetaclass(meta, bases);
    if (meta === 0) return 0;
  }
  const keywords = otherKeywords(kwnames, at);
  if (keywords === 0 && pending()) return 0;
  const namespace = prepare(meta, args, nargs, at, bases, kwnames, keywords);
  let cls = 0;
  if (namespace !== 0) {
    cls = runAndCall(meta, args, nargs, at, original, bases, kwnames, keywords, namespace);
    decref(namespace);
  }
  xdecref(keywords);
  return cls;
}

/** `kwnames` without the one at `at`: owned, 0 when none is left. */
function otherKeywords(kwnames: Addr, at: number): Addr {
  const n = keywordCount(kwnames);
  if (n - (at < 0 ? 0 : 1) <= 0) return 0;
  if (at < 0) return incref(kwnames);
  const rest = newTuple(n - 1);
  if (rest === 0) return 0;
  for (let i = 0, j = 0; i < n; i++) {
    if (i === at) continue;
    I32[rest + TupleObject.Items + 2 * j++] = incref(I32[kwnames + TupleObject.Items + 2 * i]);
  }
  track(rest);
  return rest;
}

/** Push `name, bases, [namespace], keyword values…` and call `callable`. */
function callWithClassArguments(
  callable: Addr,
  args: Addr,
  nargs: number,
  at: number,
  bases: Addr,
  namespace: Addr,
  kwnames: Addr,
  keywords: Addr,
): Addr {
  const sp = thread.sp;
  let top = sp;
  I32[top++] = I32[args + 1];
  I32[top++] = bases;
  if (namespace !== 0) I32[top++] = namespace;
  const n = keywordCount(kwnames);
  for (let i = 0; i < n; i++) if (i !== at) I32[top++] = I32[args + nargs + i];
  thread.sp = top;
  const result = callObject(callable, sp, namespace === 0 ? 2 : 3, keywords);
  thread.sp = sp;
  return result;
}

function prepare(
  meta: Addr,
  args: Addr,
  nargs: number,
  at: number,
  bases: Addr,
  kwnames: Addr,
  keywords: Addr,
): Addr {
  if (meta === T.Type) return newDict();
  const hook = getAttrOptional(meta, idPrepare);
  if (hook === 0) return pending() ? 0 : newDict();
  const namespace = callWithClassArguments(hook, args, nargs, at, bases, 0, kwnames, keywords);
  decref(hook);
  if (namespace === 0) return 0;
  if (slotsOf(typeOf(namespace)).subscript === null) {
    const kind = typeName(typeOf(namespace));
    const who = isType(meta) ? typeName(meta) : "<metaclass>";
    decref(namespace);
    return raise(T.TypeError, `${who}.__prepare__() must return a mapping, not ${kind}`);
  }
  return namespace;
}

function runAndCall(
  meta: Addr,
  args: Addr,
  nargs: number,
  at: number,
  original: Addr,
  bases: Addr,
  kwnames: Addr,
  keywords: Addr,
  namespace: Addr,
): Addr {
  const cell = runClassBody(I32[args], namespace);
  if (cell === 0) return 0;
  let cls = 0;
  if (original === bases || dictSetStr(namespace, idOrigBases, original) === 0) {
    cls = callWithClassArguments(meta, args, nargs, at, bases, namespace, kwnames, keywords);
  }
  if (cls !== 0 && isType(cls) && typeOf(cell) === T.Cell) {
    const inner = I32[cell + CellObject.Contents];
    if (inner !== cls) {
      const name = getString(I32[args + 1]);
      const shown = describe(cls);
      decref(cls);
      cls =
        inner === 0
          ? raise(
              T.RuntimeError,
              `__class__ not set defining '${name}' as ${shown}. ` +
                "Was __classcell__ propagated to type.__new__?",
            )
          : raise(
              T.TypeError,
              `__class__ set to ${describe(inner)} defining '${name}' as ${shown}`,
            );
    }
  }
  decref(cell);
  return cls;
}

function describe(object: Addr): string {
  const text = reprObject(object);
  if (text === 0) return "?";
  const shown = getString(text);
  decref(text);
  return shown;
}
