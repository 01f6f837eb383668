/**
 * Builds the object layer: the static objects and types, once a heap; on every carrier, the
 * inheritance of slots between the static types' JavaScript tables. All modules that declare types
 * must have been evaluated before.
 */
import { assert } from "../base/assert.js";
import { type Addr, heap } from "../memory/heap.js";
import { Control } from "../memory/layout.js";
import { initializeMemory } from "../memory/setup.js";
import { Memory } from "../memory/state.js";
import { newBuiltin } from "./builtinfunction.js";
import { initializeBytes } from "./bytes.js";
import { newStaticMethod } from "./classmethod.js";
import { Binding, keywords, type MethodDef, type TypeDef, typeDefs } from "./define.js";
import {
  MemberFlag,
  newClassMethodDescriptor,
  newGetSetDescriptor,
  newMemberDescriptor,
  newMethodDescriptor,
  newWrapperDescriptor,
} from "./descriptor.js";
import { dictGetStr, dictSetStr, newDict } from "./dict.js";
import { raise } from "./errors.js";
import { initializeMemoryErrors } from "./exceptions.js";
import { initializeGenerations, track } from "./gcheader.js";
import { decref, incref, typeHasFlag, typeOf } from "./header.js";
import { Identifier, identifier, identifierNames } from "./identifiers.js";
import { initializeInts } from "./int.js";
import { internStr } from "./intern.js";
import { Head, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { computeMro } from "./mro.js";
import { Immortal, initializeSingletons } from "./singletons.js";
import { hashNotImplemented, slotDefs } from "./slotdefs.js";
import { slotsOf, slotTables, TypeSlots } from "./slots.js";
import { initializeStrings, newIdentifierAt, newStr } from "./str.js";
import { newTuple, newTuple1 } from "./tuple.js";
import {
  addSubclass,
  bindMethodCache,
  initializeMethodCache,
  isSubtype,
  isType,
  typeName,
} from "./type.js";
import { S, StaticArea, T } from "./types.js";
import "./bytearray.js";
import "./bytestype.js";
import "./cell.js";
import "./complextype.js";
import "./dicttype.js";
import "./dictviews.js";
import "./exceptiongroup.js";
import "./exceptiontypes.js";
import "./floattype.js";
import "./function.js";
import "./genericalias.js";
import "./inttype.js";
import "./iterators.js";
import "./listtype.js";
import "./memoryview.js";
import "./method.js";
import "./module.js";
import "./namespace.js";
import "./objecttype.js";
import "./property.js";
import "./range.js";
import "./settype.js";
import "./slicetype.js";
import "./strtype.js";
import "./super.js";
import "./traceback.js";
import "./tupletype.js";
import "./typeobject.js";
import "./weakproxy.js";
import "./weakref.js";
import "./zipmap.js";

const I32 = heap.I32;
const idNew = identifier("__new__");
const idDoc = identifier("__doc__");
const idHash = identifier("__hash__");

let inherited = false;

/** Make the object layer usable on this thread; the first caller of a heap builds it. */
export function boot(): void {
  if (!inherited) {
    inheritAll();
    inherited = true;
  }
  if (I32[Control.Booted] !== 0) {
    bindMethodCache();
    return;
  }
  if (I32[Memory.RawStart] === 0) initializeMemory();
  for (const def of typeDefs) writeTypeScalars(def);
  initializeGenerations();
  initializeSingletons();
  initializeEmptyTuple();
  initializeInts();
  initializeStrings();
  initializeBytes();
  for (const [i, name] of identifierNames.entries()) {
    const address = StaticArea.Identifiers + i * Identifier.Words;
    newIdentifierAt(address, name);
    internStr(incref(address));
  }
  initializeMethodCache();
  for (const def of inOrder()) writeTypeReferences(def);
  for (const def of typeDefs) fillTypeDict(def);
  initializeMemoryErrors();
  I32[Control.Booted] = 1;
}

function initializeEmptyTuple(): void {
  I32[S.EmptyTuple] = Immortal.Count;
  I32[S.EmptyTuple + Head.Type] = T.Tuple;
}

function baseOf(def: TypeDef): Addr {
  if (def.type === T.Object) return 0;
  return def.base ?? T.Object;
}

function kindOf(type: Addr): number {
  return (type - StaticArea.Types) / TypeObject.StaticSize;
}

/** Declarations with every base before the types derived from it. */
function inOrder(): TypeDef[] {
  const byType = new Map(typeDefs.map((def) => [def.type, def]));
  const ordered = new Set<TypeDef>();
  const add = (def: TypeDef): void => {
    for (const base of def.bases ?? [baseOf(def)]) {
      if (base === 0) continue;
      const above = byType.get(base);
      assert(above !== undefined, `the base of ${def.name} is not declared`);
      if (!ordered.has(above)) add(above);
    }
    ordered.add(def);
  };
  for (const def of typeDefs) add(def);
  return [...ordered];
}

/** Fill the empty slots of every static type from its base (after `inherit_slots`). */
function inheritAll(): void {
  for (const def of inOrder()) {
    const slots = slotTables[kindOf(def.type)];
    if (def.slots.richCompare != null && def.slots.hash == null) slots.hash = hashNotImplemented;
    const base = baseOf(def);
    if (base !== 0) inheritSlots(slots, slotTables[kindOf(base)], def);
  }
}

const emptySlots = new TypeSlots();

function inheritSlots(slots: TypeSlots, base: TypeSlots, def: TypeDef): void {
  // biome-ignore lint/suspicious/noExplicitAny: slots of every shape are copied alike.
  const [to, from] = [slots as any, base as any];
  const refusesNew = baseOf(def) === T.Object;
  const ownTraverse = def.slots.traverse != null;
  for (const name of Object.keys(emptySlots)) {
    if (name === "del" || (name === "new" && refusesNew)) continue;
    if (name === "clear" && ownTraverse) continue;
    if (name === "dealloc") {
      if (def.slots.dealloc === undefined) to.dealloc = from.dealloc;
    } else if (to[name] === null) to[name] = from[name];
  }
}

const inheritedFlags =
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
  TypeFlag.Sequence |
  TypeFlag.Mapping |
  TypeFlag.HasGc;

/** What allocation and deallocation look at; complete before the first object is made. */
function writeTypeScalars(def: TypeDef): void {
  const { type } = def;
  let flags = def.flags | TypeFlag.Immutable;
  let dictOffset = def.dictOffset ?? 0;
  let weakListOffset = def.weakListOffset ?? 0;
  let itemSize = def.itemSize ?? 0;
  for (let base = baseOf(def); base !== 0; ) {
    const above = typeDefs.find((other) => other.type === base) as TypeDef;
    flags |= above.flags & inheritedFlags;
    dictOffset ||= above.dictOffset ?? 0;
    weakListOffset ||= above.weakListOffset ?? 0;
    itemSize ||= above.itemSize ?? 0;
    base = baseOf(above);
  }
  if (slotTables[kindOf(type)].new === null) flags |= TypeFlag.DisallowInstantiation;
  I32[type] = Immortal.Count;
  I32[type + Head.Type] = T.Type;
  I32[type + TypeObject.Slots] = kindOf(type);
  I32[type + TypeObject.Layout] = kindOf(type);
  I32[type + TypeObject.Flags] = flags;
  I32[type + TypeObject.BasicSize] = def.basicSize;
  I32[type + TypeObject.ItemSize] = itemSize;
  I32[type + TypeObject.DictOffset] = dictOffset;
  I32[type + TypeObject.WeakListOffset] = weakListOffset;
  I32[type + TypeObject.Base] = baseOf(def);
}

function must(object: Addr): Addr {
  assert(object !== 0, "the heap is too small for the builtin types");
  return object;
}

/** A new reference to the interned `text`. */
function name(text: string): Addr {
  return internStr(must(newStr(text)));
}

function writeTypeReferences(def: TypeDef): void {
  const { type } = def;
  const base = baseOf(def);
  const dot = def.name.lastIndexOf(".");
  I32[type + TypeObject.Name] = name(def.name.slice(dot + 1));
  I32[type + TypeObject.QualName] = incref(I32[type + TypeObject.Name]);
  I32[type + TypeObject.Module] = name(dot < 0 ? "builtins" : def.name.slice(0, dot));
  I32[type + TypeObject.Bases] = must(basesTuple(def, base));
  I32[type + TypeObject.Mro] = must(computeMro(type));
  I32[type + TypeObject.Dict] = must(newDict());
  if (def.doc !== undefined) I32[type + TypeObject.Doc] = must(newStr(def.doc));
  I32[type + TypeObject.Flags] |= TypeFlag.Ready;
  if (base !== 0) for (const above of def.bases ?? [base]) addSubclass(above, type);
}

function basesTuple(def: TypeDef, base: Addr): Addr {
  if (base === 0) return incref(S.EmptyTuple);
  if (def.bases === undefined) return newTuple1(base);
  const tuple = must(newTuple(def.bases.length));
  for (const [i, item] of def.bases.entries()) {
    I32[tuple + TupleObject.Items + 2 * i] = incref(item);
  }
  track(tuple);
  return tuple;
}

/** Store `value` (stolen) under `key` (stolen). */
function put(dict: Addr, key: Addr, value: Addr): void {
  must(value);
  assert(dictSetStr(dict, key, value) === 0, "the heap is too small for the builtin types");
  decref(key);
  decref(value);
}

function fillTypeDict(def: TypeDef): void {
  const { type } = def;
  const dict = I32[type + TypeObject.Dict];
  for (const [i, slot] of slotDefs.entries()) {
    if (def.slots[slot.slot] == null || slot.name === "__getattr__") continue;
    if (dictGetStr(dict, slot.id) !== 0) continue;
    if (slot.slot === "hash" && def.slots.hash === hashNotImplemented) continue;
    put(dict, incref(slot.id), newWrapperDescriptor(type, slot.id, i));
  }
  if (slotTables[kindOf(type)].hash === hashNotImplemented && dictGetStr(dict, idHash) === 0) {
    if (def.slots.hash != null || def.slots.richCompare != null) {
      put(dict, incref(idHash), incref(S.None));
    }
  }
  if (def.slots.new != null) put(dict, incref(idNew), newBuiltin(newWrapper, type, 0));
  for (const method of def.methods ?? []) addMethod(type, dict, method);
  for (const getSet of def.getSets ?? []) {
    const key = name(getSet.name);
    put(dict, key, newGetSetDescriptor(type, key, getSet));
  }
  for (const member of def.members ?? []) {
    const key = name(member.name);
    let flags = member.readonly ? MemberFlag.ReadOnly : 0;
    if (member.missing === "none") flags |= MemberFlag.NoneWhenMissing;
    put(dict, key, newMemberDescriptor(type, key, member.offset, flags));
  }
  if (dictGetStr(dict, idDoc) === 0) {
    const doc = I32[type + TypeObject.Doc];
    put(dict, incref(idDoc), incref(doc === 0 ? S.None : doc));
  }
}

function addMethod(type: Addr, dict: Addr, method: MethodDef): void {
  const key = name(method.name);
  if (method.binding === Binding.Instance) {
    put(dict, key, newMethodDescriptor(type, key, method));
  } else if (method.binding === Binding.Class) {
    put(dict, key, newClassMethodDescriptor(type, key, method));
  } else {
    const fn = must(newBuiltin(method, type, 0));
    put(dict, key, newStaticMethod(fn));
    decref(fn);
  }
}

/** `T.__new__(S, …)` of a static type T: S must be T or derived from it, with T's way of making. */
const newWrapper = keywords("__new__", (self, args, nargs, kwnames) => {
  const own = typeName(self);
  if (nargs === 0) return raise(T.TypeError, `${own}.__new__(): not enough arguments`);
  const type = I32[args];
  if (!isType(type)) {
    const kind = typeName(typeOf(type));
    return raise(T.TypeError, `${own}.__new__(X): X is not a type object (${kind})`);
  }
  if (type !== self && !isSubtype(type, self)) {
    const other = typeName(type);
    return raise(T.TypeError, `${own}.__new__(${other}): ${other} is not a subtype of ${own}`);
  }
  let fixed = type;
  while (typeHasFlag(fixed, TypeFlag.Heap)) fixed = I32[fixed + TypeObject.Base];
  const make = slotsOf(self).new;
  if (make === null || slotsOf(fixed).new !== make) {
    const text = `${own}.__new__(${typeName(type)}) is not safe, use ${typeName(fixed)}.__new__()`;
    return raise(T.TypeError, text);
  }
  return make(type, args + 1, nargs - 1, kwnames);
});
