/** The type `type`: calling classes, their attributes, and what a class shows of itself. */
import { type Addr, heap } from "../memory/heap.js";
import { rawFree } from "../memory/raw.js";
import { genericSetAttr } from "./attribute.js";
import { classBound, defineType, getSet, keywords, noArgs, oneArg } from "./define.js";
import { dictDeleteStr, dictGetStr, dictSetStr, newDict } from "./dict.js";
import { decrefKeys } from "./dictkeys.js";
import { dictUpdate } from "./dictmerge.js";
import { newNone, raise, raiseStatus, raiseValue } from "./errors.js";
import { freeObject, untrack } from "./gcheader.js";
import {
  clearField,
  decref,
  incref,
  setField,
  typeHasFlag,
  typeOf,
  xdecref,
  xincref,
} from "./header.js";
import { updateSlots } from "./heapslots.js";
import { identifier } from "./identifiers.js";
import { clearWeakReferences } from "./instance.js";
import { newBool, newInt } from "./int.js";
import { internStr } from "./intern.js";
import { Head, StrObject, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { listAppend, listFromIterable, newList } from "./list.js";
import { computeMro } from "./mro.js";
import { raiseAttributeError } from "./nameerrors.js";
import { newMappingProxy } from "./namespace.js";
import { isTrue } from "./number.js";
import { slotsOf } from "./slots.js";
import { getString, isStr, newStr } from "./str.js";
import { getTupleItem } from "./tuple.js";
import {
  addSubclass,
  isSubtype,
  isType,
  plainIsInstance,
  plainIsSubclass,
  removeSubclass,
  SubClasses,
  typeLookup,
  typeModified,
  typeName,
} from "./type.js";
import { setMro, typeNew } from "./typecreate.js";
import { T } from "./types.js";
import { newUnion } from "./uniontype.js";

const I32 = heap.I32;
const idModule = identifier("__module__");
const idDoc = identifier("__doc__");
const idAnnotations = identifier("__annotations__");
const idAbstractMethods = identifier("__abstractmethods__");

/** `__qualname__` of `type`, for messages. */
export function typeQualName(type: Addr): string {
  return getString(I32[type + TypeObject.QualName]);
}

/** `__module__` of `type` as text; null where it is no string. */
export function typeModule(type: Addr): string | null {
  if (!typeHasFlag(type, TypeFlag.Heap)) return getString(I32[type + TypeObject.Module]);
  const module = dictGetStr(I32[type + TypeObject.Dict], idModule);
  return module !== 0 && isStr(module) ? getString(module) : null;
}

/** How tracebacks and `repr` name a type: with its module unless that is builtins. */
export function typeFullName(type: Addr): string {
  const module = typeModule(type);
  const name = typeQualName(type);
  return module === null || module === "builtins" ? name : `${module}.${name}`;
}

/** `type(…)`, and the making of instances: `__new__`, then `__init__`. */
function typeCall(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (type === T.Type) {
    const named = kwnames !== 0 && I32[kwnames + Head.Size] !== 0;
    if (nargs === 1 && !named) return incref(typeOf(I32[args]));
    if (nargs !== 3) return raise(T.TypeError, "type() takes 1 or 3 arguments");
  }
  const make = slotsOf(type).new;
  if (make === null) return raise(T.TypeError, `cannot create '${typeName(type)}' instances`);
  const object = make(type, args, nargs, kwnames);
  if (object === 0) return 0;
  const made = I32[object + Head.Type];
  if (made !== type && !isSubtype(made, type)) return object;
  const init = slotsOf(made).init;
  if (init !== null && init(object, args, nargs, kwnames) < 0) {
    decref(object);
    return 0;
  }
  return object;
}

/** Attributes of a class: data descriptors of the metaclass, the MRO, the metaclass's others. */
function getAttribute(type: Addr, name: Addr): Addr {
  const meta = I32[type + Head.Type];
  const above = typeLookup(meta, name);
  let aboveGet = null;
  if (above !== 0) {
    const slots = slotsOf(I32[above + Head.Type]);
    aboveGet = slots.descrGet;
    if (aboveGet !== null && slots.descrSet !== null) return bind(aboveGet, above, type, meta);
  }
  const found = typeLookup(type, name);
  if (found !== 0) {
    const get = slotsOf(I32[found + Head.Type]).descrGet;
    return get === null ? incref(found) : bind(get, found, 0, type);
  }
  if (aboveGet !== null) return bind(aboveGet, above, type, meta);
  return above !== 0 ? incref(above) : raiseAttributeError(type, name);
}

function bind(
  get: (self: Addr, object: Addr, owner: Addr) => Addr,
  found: Addr,
  object: Addr,
  owner: Addr,
): Addr {
  incref(found);
  const value = get(found, object, owner);
  decref(found);
  return value;
}

function setAttribute(type: Addr, name: Addr, value: Addr): number {
  if (!typeHasFlag(type, TypeFlag.Heap)) {
    const text = `cannot set '${getString(name)}' attribute of immutable type '${typeName(type)}'`;
    return raiseStatus(T.TypeError, text);
  }
  const interned =
    typeOf(name) === T.Str && (I32[name + StrObject.State] & StrObject.Interned) === 0
      ? internStr(incref(name))
      : incref(name);
  // Before, because the old value's death may look names up; after, for what that cached.
  typeModified(type);
  const status = genericSetAttr(type, interned, value);
  typeModified(type);
  const text = getString(interned);
  decref(interned);
  if (status < 0) return -1;
  return text.startsWith("__") && text.endsWith("__") ? updateSlotsDown(type) : 0;
}

/** Work the slots of `type` and its subclasses out again. */
function updateSlotsDown(type: Addr): number {
  if (updateSlots(type) < 0) return -1;
  const block = I32[type + TypeObject.SubClasses];
  if (block === 0) return 0;
  for (let i = 0; i < I32[block + SubClasses.Count]; i++) {
    if (updateSlotsDown(I32[block + SubClasses.First + i]) < 0) return -1;
  }
  return 0;
}

const references = [
  TypeObject.Dict,
  TypeObject.Mro,
  TypeObject.Bases,
  TypeObject.Base,
  TypeObject.SlotNames,
  TypeObject.Doc,
  TypeObject.Name,
  TypeObject.QualName,
];

function dealloc(self: Addr): void {
  untrack(self);
  clearWeakReferences(self, TypeObject.WeakList);
  typeModified(self);
  const bases = I32[self + TypeObject.Bases];
  const n = bases === 0 ? 0 : I32[bases + TupleObject.Size];
  for (let i = 0; i < n; i++) removeSubclass(getTupleItem(bases, i), self);
  for (let i = 0; i < references.length; i++) clearField(self + references[i]);
  if (I32[self + TypeObject.SubClasses] !== 0) rawFree(I32[self + TypeObject.SubClasses]);
  if (I32[self + TypeObject.CachedKeys] !== 0) decrefKeys(I32[self + TypeObject.CachedKeys]);
  freeObject(self);
}

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  if (!typeHasFlag(self, TypeFlag.Heap)) return;
  for (const field of [TypeObject.Dict, TypeObject.Mro, TypeObject.Bases, TypeObject.Base]) {
    if (I32[self + field] !== 0) visit(I32[self + field]);
  }
}

/** The dict and the MRO close the cycles that every class has; names stay for messages. */
function clear(self: Addr): void {
  typeModified(self);
  clearField(self + TypeObject.Dict);
  I32[self + TypeObject.Dict] = 0;
  clearField(self + TypeObject.Mro);
}

function repr(self: Addr): Addr {
  return newStr(`<class '${typeFullName(self)}'>`);
}

function init(_self: Addr, _args: Addr, nargs: number, kwnames: Addr): number {
  const named = kwnames === 0 ? 0 : I32[kwnames + Head.Size];
  if (named !== 0 && nargs === 1) {
    return raiseStatus(T.TypeError, "type.__init__() takes no keyword arguments");
  }
  if (nargs !== 1 && nargs !== 3) {
    return raiseStatus(T.TypeError, "type.__init__() takes 1 or 3 arguments");
  }
  return 0;
}

function immutable(type: Addr, name: string): boolean {
  if (typeHasFlag(type, TypeFlag.Heap)) return false;
  raise(T.TypeError, `cannot set '${name}' attribute of immutable type '${typeName(type)}'`);
  return true;
}

/** A name field that must be given a string. */
function nameAttribute(attribute: string, field: number) {
  const get = (self: Addr): Addr => incref(I32[self + field]);
  const set = (self: Addr, value: Addr): number => {
    if (immutable(self, attribute)) return -1;
    if (value === 0) {
      const text = `cannot delete '${attribute}' attribute of type '${typeName(self)}'`;
      return raiseStatus(T.TypeError, text);
    }
    if (!isStr(value)) {
      const kind = typeName(typeOf(value));
      const text = `can only assign string to ${typeName(self)}.${attribute}, not '${kind}'`;
      return raiseStatus(T.TypeError, text);
    }
    setField(self + field, incref(value));
    return 0;
  };
  return getSet(attribute, get, set);
}

/** An attribute that lives in the class's own dict. */
function dictAttribute(attribute: string, name: Addr, missing: (self: Addr) => Addr) {
  const get = (self: Addr): Addr => {
    // What static types have under the name __module__ is this attribute itself.
    const own = name !== idModule || typeHasFlag(self, TypeFlag.Heap);
    const value = own ? dictGetStr(I32[self + TypeObject.Dict], name) : 0;
    if (value === 0) return missing(self);
    const bindTo = slotsOf(typeOf(value)).descrGet;
    return bindTo === null ? incref(value) : bindTo(value, 0, self);
  };
  const set = (self: Addr, value: Addr): number => {
    if (immutable(self, attribute)) return -1;
    typeModified(self);
    const dict = I32[self + TypeObject.Dict];
    if (value !== 0) return dictSetStr(dict, name, value);
    if (dictGetStr(dict, name) === 0) {
      raiseValue(T.AttributeError, name);
      return -1;
    }
    return dictDeleteStr(dict, name);
  };
  return getSet(attribute, get, set);
}

function missingModule(self: Addr): Addr {
  return typeHasFlag(self, TypeFlag.Heap) ? newNone() : incref(I32[self + TypeObject.Module]);
}

function missingDoc(self: Addr): Addr {
  const doc = I32[self + TypeObject.Doc];
  return doc === 0 ? newNone() : incref(doc);
}

function missingAnnotations(self: Addr): Addr {
  if (!typeHasFlag(self, TypeFlag.Heap)) {
    const text = `type object '${typeName(self)}' has no attribute '__annotations__'`;
    return raise(T.AttributeError, text);
  }
  const dict = newDict();
  if (dict !== 0 && dictSetStr(I32[self + TypeObject.Dict], idAnnotations, dict) < 0) {
    decref(dict);
    return 0;
  }
  return dict;
}

function getAbstractMethods(self: Addr): Addr {
  const value = self === T.Type ? 0 : dictGetStr(I32[self + TypeObject.Dict], idAbstractMethods);
  return value === 0 ? raiseValue(T.AttributeError, idAbstractMethods) : incref(value);
}

function setAbstractMethods(self: Addr, value: Addr): number {
  if (immutable(self, "__abstractmethods__")) return -1;
  const dict = I32[self + TypeObject.Dict];
  if (value === 0) {
    if (dictGetStr(dict, idAbstractMethods) === 0) {
      raiseValue(T.AttributeError, idAbstractMethods);
      return -1;
    }
    I32[self + TypeObject.Flags] &= ~TypeFlag.Abstract;
    return dictDeleteStr(dict, idAbstractMethods);
  }
  const any = isTrue(value);
  if (any < 0 || dictSetStr(dict, idAbstractMethods, value) < 0) return -1;
  typeModified(self);
  if (any === 1) I32[self + TypeObject.Flags] |= TypeFlag.Abstract;
  else I32[self + TypeObject.Flags] &= ~TypeFlag.Abstract;
  return 0;
}

/** `cls.__bases__ = …`: new base, MRO and slots, for the subclasses too. */
function setBases(self: Addr, value: Addr): number {
  if (immutable(self, "__bases__")) return -1;
  if (value === 0 || !typeHasFlag(typeOf(value), TypeFlag.TupleSubclass)) {
    const kind = value === 0 ? "NULL" : typeName(typeOf(value));
    const text = `can only assign tuple to ${typeName(self)}.__bases__, not ${kind}`;
    return raiseStatus(T.TypeError, text);
  }
  const n = I32[value + TupleObject.Size];
  if (n === 0) {
    const text = `can only assign non-empty tuple to ${typeName(self)}.__bases__, not ()`;
    return raiseStatus(T.TypeError, text);
  }
  for (let i = 0; i < n; i++) {
    const base = getTupleItem(value, i);
    if (!isType(base)) {
      const kind = typeName(typeOf(base));
      const text = `${typeName(self)}.__bases__ must be tuple of classes, not '${kind}'`;
      return raiseStatus(T.TypeError, text);
    }
    if (isSubtype(base, self) || hasBase(base, self)) {
      return raiseStatus(T.TypeError, "a __bases__ item causes an inheritance cycle");
    }
  }
  const first = getTupleItem(value, 0);
  const old = I32[self + TypeObject.Base];
  if (
    I32[first + TypeObject.BasicSize] !== I32[old + TypeObject.BasicSize] ||
    I32[first + TypeObject.Layout] !== I32[old + TypeObject.Layout]
  ) {
    const [name, was] = [typeName(first), typeName(old)];
    const text = `__bases__ assignment: '${name}' object layout differs from '${was}'`;
    return raiseStatus(T.TypeError, text);
  }
  return rebase(self, value, first);
}

/** Is `base` on the way of first bases up from `type`? A custom mro() may leave it out. */
function hasBase(type: Addr, base: Addr): boolean {
  for (let link = type; link !== 0; link = I32[link + TypeObject.Base]) {
    if (link === base) return true;
  }
  return false;
}

/** The order that a class had before (0: being made), and the one that it was given; both owned. */
interface NewOrder {
  readonly type: Addr;
  readonly before: Addr;
  readonly after: Addr;
}

/**
 * After type_set_bases of CPython 3.11: a custom mro() may set the bases itself, and then its word
 * counts.
 */
function rebase(self: Addr, bases: Addr, first: Addr): number {
  typeModified(self);
  const oldBases = I32[self + TypeObject.Bases];
  const oldBase = I32[self + TypeObject.Base];
  I32[self + TypeObject.Bases] = incref(bases);
  I32[self + TypeObject.Base] = incref(first);
  const orders: NewOrder[] = [];
  const done = refreshMro(self, orders);
  if (!done) for (const order of orders) restoreOrder(order);
  for (const { before, after } of orders) {
    xdecref(before);
    decref(after);
  }
  if (done) {
    let status = 0;
    const kept = I32[self + TypeObject.Bases] === bases;
    if (kept) status = moveAmongSubclasses(self, oldBases, bases);
    decref(oldBases);
    decref(oldBase);
    return status;
  }
  if (I32[self + TypeObject.Bases] === bases) {
    I32[self + TypeObject.Bases] = oldBases;
    I32[self + TypeObject.Base] = oldBase;
    decref(bases);
    decref(first);
  } else {
    decref(oldBases);
    decref(oldBase);
  }
  return -1;
}

function moveAmongSubclasses(self: Addr, from: Addr, to: Addr): number {
  const n = I32[from + TupleObject.Size];
  for (let i = 0; i < n; i++) removeSubclass(getTupleItem(from, i), self);
  const m = I32[to + TupleObject.Size];
  for (let i = 0; i < m; i++) if (addSubclass(getTupleItem(to, i), self) < 0) return -1;
  return updateSlotsDown(self);
}

/** Compute the method resolution order of `type` and its subclasses anew; what changed is noted. */
function refreshMro(type: Addr, orders: NewOrder[]): boolean {
  const before = xincref(I32[type + TypeObject.Mro]);
  if (!setMro(type)) {
    xdecref(before);
    return false;
  }
  orders.push({ type, before, after: incref(I32[type + TypeObject.Mro]) });
  const block = I32[type + TypeObject.SubClasses];
  if (block === 0) return true;
  const at = block + SubClasses.First;
  for (const sub of I32.slice(at, at + I32[block + SubClasses.Count])) {
    if (!refreshMro(sub, orders)) return false;
  }
  return true;
}

function restoreOrder({ type, before, after }: NewOrder): void {
  if (before === 0 || I32[type + TypeObject.Mro] !== after) return;
  setField(type + TypeObject.Mro, incref(before));
  typeModified(type);
}

function subclasses(self: Addr): Addr {
  const list = newList(0);
  const block = I32[self + TypeObject.SubClasses];
  if (list === 0 || block === 0) return list;
  for (let i = 0; i < I32[block + SubClasses.Count]; i++) {
    if (listAppend(list, I32[block + SubClasses.First + i]) < 0) {
      decref(list);
      return 0;
    }
  }
  return list;
}

function mroList(self: Addr): Addr {
  const mro = computeMro(self);
  if (mro === 0) return 0;
  const list = newList(0);
  const n = I32[mro + TupleObject.Size];
  for (let i = 0; list !== 0 && i < n; i++) listAppend(list, getTupleItem(mro, i));
  decref(mro);
  return list;
}

/** Names of the class and its bases; `dir` sorts them. */
function dir(self: Addr): Addr {
  const names = newDict();
  if (names === 0) return 0;
  const mro = I32[self + TypeObject.Mro];
  for (let i = I32[mro + TupleObject.Size] - 1; i >= 0; i--) {
    if (dictUpdate(names, I32[getTupleItem(mro, i) + TypeObject.Dict]) < 0) {
      decref(names);
      return 0;
    }
  }
  const list = listFromIterable(names);
  decref(names);
  return list;
}

function truthOf(answer: number): Addr {
  return answer < 0 ? 0 : newBool(answer);
}

function getBases(self: Addr): Addr {
  return incref(I32[self + TypeObject.Bases]);
}

function getMro(self: Addr): Addr {
  const mro = I32[self + TypeObject.Mro];
  return mro === 0 ? newNone() : incref(mro);
}

function getBase(self: Addr): Addr {
  const base = I32[self + TypeObject.Base];
  return base === 0 ? newNone() : incref(base);
}

/** Flags under CPython's numbers, as far as programs look at them. */
function getFlags(self: Addr): Addr {
  const flags = I32[self + TypeObject.Flags];
  let shown = 1 << 12;
  if (flags & TypeFlag.Heap) shown |= 1 << 9;
  else shown |= 1 << 8;
  if (flags & TypeFlag.BaseType) shown |= 1 << 10;
  if (flags & TypeFlag.HasGc) shown |= 1 << 14;
  if (flags & TypeFlag.Abstract) shown |= 1 << 20;
  if (flags & TypeFlag.Sequence) shown |= 1 << 5;
  if (flags & TypeFlag.Mapping) shown |= 1 << 6;
  return newInt(shown);
}

defineType({
  type: T.Type,
  name: "type",
  flags: TypeFlag.HasGc | TypeFlag.BaseType | TypeFlag.TypeSubclass,
  basicSize: TypeObject.HeapBytes,
  dictOffset: TypeObject.Dict,
  weakListOffset: TypeObject.WeakList,
  slots: {
    dealloc,
    traverse,
    clear,
    repr,
    call: typeCall,
    or: newUnion,
    getAttr: getAttribute,
    setAttr: setAttribute,
    init,
    new: typeNew,
  },
  methods: [
    noArgs("mro", mroList, "Return a type's method resolution order."),
    noArgs("__subclasses__", subclasses, "Return a list of immediate subclasses."),
    classBound(keywords("__prepare__", () => newDict())),
    oneArg("__instancecheck__", (self, object) => truthOf(plainIsInstance(object, self))),
    oneArg("__subclasscheck__", (self, cls) => truthOf(plainIsSubclass(cls, self))),
    noArgs("__dir__", dir, "Specialized __dir__ implementation for types."),
    noArgs("__sizeof__", (self) =>
      newInt(
        !typeHasFlag(self, TypeFlag.Heap)
          ? TypeObject.StaticBytes
          : I32[self + TypeObject.CachedKeys] === 0
            ? TypeObject.HeapBytes - TypeObject.KeysBytes
            : TypeObject.HeapBytes,
      ),
    ),
  ],
  getSets: [
    nameAttribute("__name__", TypeObject.Name),
    nameAttribute("__qualname__", TypeObject.QualName),
    getSet("__bases__", getBases, setBases),
    getSet("__mro__", getMro),
    getSet("__base__", getBase),
    dictAttribute("__module__", idModule, missingModule),
    dictAttribute("__doc__", idDoc, missingDoc),
    dictAttribute("__annotations__", idAnnotations, missingAnnotations),
    getSet("__abstractmethods__", getAbstractMethods, setAbstractMethods),
    getSet("__dict__", (self) => newMappingProxy(I32[self + TypeObject.Dict])),
    getSet("__basicsize__", (self) => newInt(I32[self + TypeObject.BasicSize])),
    getSet("__itemsize__", (self) => newInt(I32[self + TypeObject.ItemSize])),
    getSet("__flags__", getFlags),
    getSet("__dictoffset__", (self) => newInt(I32[self + TypeObject.DictOffset] * 4)),
    getSet("__weakrefoffset__", (self) => newInt(I32[self + TypeObject.WeakListOffset] * 4)),
    getSet("__text_signature__", () => newNone()),
  ],
  doc: "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type",
});
