/**
 * Slot tables of heap types. A slot of a class is empty, a builtin base's function, or the function
 * here that looks the special method up and calls it (the `slot_…` functions of
 * Objects/typeobject.c). Which it is for every slot makes a record in the heap; classes with equal
 * records share a table, and every carrier builds its own JavaScript table from the record.
 */
import { type Addr, heap } from "../memory/heap.js";
import { rawMalloc } from "../memory/raw.js";
import { genericGetAttr, getAttr } from "./attribute.js";
import { call0, call1, callObject, passingOn } from "./call.js";
import {
  clearPending,
  clearPendingIf,
  newNotImplemented,
  pending,
  raise,
  raiseMemoryError,
  raiseStatus,
  raiseValue,
} from "./errors.js";
import { decref, incref, typeOf } from "./header.js";
import { identifier } from "./identifiers.js";
import { instanceClear, instanceDealloc, instanceTraverse } from "./instance.js";
import { asIndex, newInt } from "./int.js";
import { BuiltinObject, DescriptorObject, Head, TypeObject } from "./layout.js";
import { isTrue } from "./number.js";
import { defsBySlot, hashNotImplemented, type SlotName, slotDefs, slotNames } from "./slotdefs.js";
import { Compare, registerTableBuilder, slotsOf, slotTables, TypeSlots } from "./slots.js";
import { callSpecial0, callSpecial1, callSpecial2, isPlainMethod, missing } from "./special.js";
import { ObjectState } from "./state.js";
import { isStr } from "./str.js";
import { thread } from "./thread.js";
import { isSubtype, lookupSpecial, typeLookup, typeName } from "./type.js";
import { Kind, S, T } from "./types.js";
import { writeUnraisable } from "./unraisable.js";
import { hashOverride } from "./widehash.js";

const I32 = heap.I32;

/**
 * A record: how each slot of a table is filled, one word a slot in the order of slotNames.
 *
 *   0 Next (older record)   1 Number   2 Layout kind   3 hash of the sources   4… sources
 */
const enum Record {
  Next = 0,
  Number = 1,
  Layout = 2,
  Hash = 3,
  Sources = 4,
}

/** A source: 0 empty, a Kind: that static type's function, or one of these. */
const enum Source {
  Override = 0x1000,
  Unhashable = 0x1001,
}

const sources = new Int32Array(slotNames.length);

/**
 * Find out how `type`'s slots are filled and give it a table (`TypeObject.Slots`). Runs when a
 * class is made and when a special method of it or a base changes. -1 when memory is exhausted.
 */
export function updateSlots(type: Addr): number {
  for (let i = 0; i < slotNames.length; i++) sources[i] = sourceOf(type, slotNames[i]);
  const layout = I32[type + TypeObject.Layout];
  let hash = layout;
  for (let i = 0; i < sources.length; i++) hash = (Math.imul(hash, 31) + sources[i]) | 0;
  let record = I32[ObjectState.SlotRecords];
  while (record !== 0 && !matches(record, layout, hash)) record = I32[record + Record.Next];
  if (record === 0) record = newRecord(layout, hash);
  if (record === 0) return -1;
  I32[type + TypeObject.Slots] = I32[record + Record.Number];
  return 0;
}

function matches(record: Addr, layout: number, hash: number): boolean {
  if (I32[record + Record.Hash] !== hash || I32[record + Record.Layout] !== layout) return false;
  for (let i = 0; i < sources.length; i++) {
    if (I32[record + Record.Sources + i] !== sources[i]) return false;
  }
  return true;
}

function newRecord(layout: number, hash: number): Addr {
  const record = rawMalloc((Record.Sources + sources.length) * 4);
  if (record === 0) return raiseMemoryError();
  I32[record + Record.Number] = Kind.FirstHeap + I32[ObjectState.SlotTables]++;
  I32[record + Record.Layout] = layout;
  I32[record + Record.Hash] = hash;
  I32.set(sources, record + Record.Sources);
  I32[record + Record.Next] = I32[ObjectState.SlotRecords];
  I32[ObjectState.SlotRecords] = record;
  return record;
}

/** How the special methods that `type` has fill slot `name`. */
function sourceOf(type: Addr, name: SlotName): number {
  if (name === "new") return sourceOfNew(type);
  let source = 0;
  for (const index of defsBySlot.get(name) as number[]) {
    const def = slotDefs[index];
    const found = typeLookup(type, def.id);
    if (found === 0) continue;
    if (I32[found + Head.Type] !== T.WrapperDescriptor) {
      if (def.slot === "hash" && found === S.None) return Source.Unhashable;
      if (!overrides.has(def.slot)) continue;
      return Source.Override;
    }
    const wrapped = slotDefs[I32[found + DescriptorObject.Definition]];
    const owner = I32[found + DescriptorObject.Owner];
    if (wrapped.slot !== def.slot) {
      // Under its own name (`list.__add__` is concat) it fills its own slot; else it is called.
      if (wrapped.name === def.name) {
        // `tuple.__getitem__` is found as subscript and fills item too.
        if (slotTables[I32[owner + TypeObject.Slots]][name] !== null && isSubtype(type, owner)) {
          source = I32[owner + TypeObject.Slots];
        }
        continue;
      }
      return Source.Override;
    }
    if (wrapped.name !== def.name || !isSubtype(type, owner)) return Source.Override;
    const kind = I32[owner + TypeObject.Slots];
    if (source !== 0 && slotTables[source][name] !== slotTables[kind][name]) return Source.Override;
    source = kind;
  }
  return source;
}

function sourceOfNew(type: Addr): number {
  const found = typeLookup(type, idNew);
  if (found === 0) return 0;
  if (I32[found + Head.Type] !== T.BuiltinFunction) return Source.Override;
  const owner = I32[found + BuiltinObject.Self];
  return owner !== 0 ? I32[owner + TypeObject.Slots] : Source.Override;
}

const idNew = identifier("__new__");

/** Build this thread's tables up to `number` from the records. */
function buildTables(number: number): TypeSlots {
  for (let next = slotTables.length; next <= number; next++) {
    let record = I32[ObjectState.SlotRecords];
    while (record !== 0 && I32[record + Record.Number] !== next) record = I32[record + Record.Next];
    slotTables.push(buildTable(record));
  }
  return slotTables[number];
}

function buildTable(record: Addr): TypeSlots {
  const table = new TypeSlots();
  table.dealloc = instanceDealloc;
  table.traverse = instanceTraverse;
  table.clear = instanceClear;
  // biome-ignore lint/suspicious/noExplicitAny: slots of every shape are filled alike.
  const slots = table as any;
  for (let i = 0; i < slotNames.length; i++) {
    const source = I32[record + Record.Sources + i];
    const name = slotNames[i];
    if (source === Source.Override) slots[name] = overrides.get(name);
    else if (source === Source.Unhashable) slots[name] = hashNotImplemented;
    else if (source !== 0) slots[name] = slotTables[source][name];
  }
  return table;
}

registerTableBuilder(buildTables);

/** As {@link callSpecial1}; NotImplemented where the method does not exist. */
function maybeCall1(self: Addr, name: Addr, argument: Addr): Addr {
  const found = typeLookup(I32[self + Head.Type], name);
  return found === 0 ? newNotImplemented() : callSpecial1(self, name, argument);
}

/** A result that only tells success. */
function status(result: Addr): number {
  if (result === 0) return -1;
  decref(result);
  return 0;
}

function unaryOverride(name: string): (self: Addr) => Addr {
  const id = identifier(name);
  return (self) => callSpecial0(self, id);
}

/** A binary operator: the left operand's method, then the right one's reflected method. */
function binaryOverride(slot: SlotName, name: string, reflectedName: string) {
  const id = identifier(name);
  const reflected = identifier(reflectedName);
  const call = (self: Addr, other: Addr): Addr => {
    const left = I32[self + Head.Type];
    const right = I32[other + Head.Type];
    // biome-ignore lint/suspicious/noExplicitAny: compared by identity only.
    let doOther = left !== right && (slotsOf(right)[slot] as any) === call;
    // biome-ignore lint/suspicious/noExplicitAny: compared by identity only.
    if ((slotsOf(left)[slot] as any) === call) {
      if (doOther && isSubtype(right, left) && overloads(left, right, reflected)) {
        const result = maybeCall1(other, reflected, self);
        if (result !== S.NotImplemented) return result;
        decref(result);
        doOther = false;
      }
      const result = maybeCall1(self, id, other);
      if (result !== S.NotImplemented || right === left) return result;
      decref(result);
    }
    return doOther ? maybeCall1(other, reflected, self) : newNotImplemented();
  };
  return call;
}

/** Does `derived` have another method `name` than `base`? */
function overloads(base: Addr, derived: Addr, name: Addr): boolean {
  const theirs = typeLookup(derived, name);
  return theirs !== 0 && theirs !== typeLookup(base, name);
}

const idPow = identifier("__pow__");
const idRpow = identifier("__rpow__");

function powerOverride(self: Addr, other: Addr, modulus: Addr): Addr {
  if (modulus === S.None) return powerTwo(self, other);
  if (slotsOf(I32[self + Head.Type]).power !== powerOverride) return newNotImplemented();
  return callSpecial2(self, idPow, other, modulus);
}

/** `a ** b` by the rule of the other operators. */
function powerTwo(self: Addr, other: Addr): Addr {
  const left = I32[self + Head.Type];
  const right = I32[other + Head.Type];
  let doOther = left !== right && slotsOf(right).power === powerOverride;
  if (slotsOf(left).power === powerOverride) {
    if (doOther && isSubtype(right, left) && overloads(left, right, idRpow)) {
      const result = maybeCall1(other, idRpow, self);
      if (result !== S.NotImplemented) return result;
      decref(result);
      doOther = false;
    }
    const result = maybeCall1(self, idPow, other);
    if (result !== S.NotImplemented || right === left) return result;
    decref(result);
  }
  return doOther ? maybeCall1(other, idRpow, self) : newNotImplemented();
}

const compareIds = ["__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"].map(identifier);

function compareOverride(self: Addr, other: Addr, op: Compare): Addr {
  const found = typeLookup(I32[self + Head.Type], compareIds[op]);
  if (found === 0) return newNotImplemented();
  if (isPlainMethod(found)) return callSpecial1(self, compareIds[op], other);
  const bound = lookupSpecial(self, compareIds[op]);
  if (bound === 0) {
    // As in CPython, an error of the method's descriptor counts as no method.
    if (pending()) clearPending();
    return newNotImplemented();
  }
  const result = call1(bound, other);
  decref(bound);
  return result;
}

function textOverride(name: string): (self: Addr) => Addr {
  const id = identifier(name);
  return (self) => {
    const result = callSpecial0(self, id);
    if (result === 0 || isStr(result)) return result;
    const kind = typeName(typeOf(result));
    decref(result);
    return raise(T.TypeError, `${name} returned non-string (type ${kind})`);
  };
}

const idCall = identifier("__call__");
const callBound = passingOn(callObject);

function callOverride(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const found = typeLookup(I32[self + Head.Type], idCall);
  if (found !== 0 && isPlainMethod(found)) {
    const sp = thread.sp;
    const words = nargs + (kwnames === 0 ? 0 : I32[kwnames + Head.Size]);
    I32[sp] = self;
    I32.copyWithin(sp + 1, args, args + words);
    thread.sp = sp + 1 + words;
    incref(found);
    const result = callObject(found, sp, nargs + 1, kwnames);
    decref(found);
    thread.sp = sp;
    return result;
  }
  const bound = lookupSpecial(self, idCall);
  if (bound === 0) return pending() ? 0 : missing(I32[self + Head.Type], idCall);
  const result = callBound(bound, args, nargs, kwnames);
  decref(bound);
  return result;
}

const idGetAttribute = identifier("__getattribute__");
const idGetAttr = identifier("__getattr__");

/** `__getattribute__`, and `__getattr__` where that raises AttributeError. */
function getAttrOverride(self: Addr, name: Addr): Addr {
  const type = I32[self + Head.Type];
  const get = typeLookup(type, idGetAttribute);
  const value =
    get === 0 || I32[get + Head.Type] === T.WrapperDescriptor
      ? nativeGetAttr(get, self, name)
      : callSpecial1(self, idGetAttribute, name);
  if (value !== 0) return value;
  if (typeLookup(type, idGetAttr) === 0) return 0;
  return clearPendingIf(T.AttributeError) ? callSpecial1(self, idGetAttr, name) : 0;
}

function nativeGetAttr(wrapper: Addr, self: Addr, name: Addr): Addr {
  if (wrapper === 0) return genericGetAttr(self, name);
  const get = slotsOf(I32[wrapper + DescriptorObject.Owner]).getAttr;
  return get === null ? genericGetAttr(self, name) : get(self, name);
}

const idSetAttr = identifier("__setattr__");
const idDelAttr = identifier("__delattr__");

function setAttrOverride(self: Addr, name: Addr, value: Addr): number {
  if (value === 0) return status(callSpecial1(self, idDelAttr, name));
  return status(callSpecial2(self, idSetAttr, name, value));
}

const idIter = identifier("__iter__");
const idGetItem = identifier("__getitem__");

function iterOverride(self: Addr): Addr {
  const found = typeLookup(I32[self + Head.Type], idIter);
  if (found !== 0 && found !== S.None) return callSpecial0(self, idIter);
  return raise(T.TypeError, `'${typeName(I32[self + Head.Type])}' object is not iterable`);
}

const idNext = identifier("__next__");

/** StopIteration stays pending: its value may be wanted (yield from, next). */
function nextOverride(self: Addr): Addr {
  return callSpecial0(self, idNext);
}

const idGet = identifier("__get__");

function descrGetOverride(self: Addr, object: Addr, owner: Addr): Addr {
  const found = typeLookup(I32[self + Head.Type], idGet);
  if (found === 0) return incref(self);
  const first = object === 0 ? S.None : object;
  return callSpecial2(self, idGet, first, owner === 0 ? S.None : owner);
}

const idSet = identifier("__set__");
const idDelete = identifier("__delete__");

function descrSetOverride(self: Addr, object: Addr, value: Addr): number {
  const name = value === 0 ? idDelete : idSet;
  if (typeLookup(I32[self + Head.Type], name) === 0) {
    raiseValue(T.AttributeError, name);
    return -1;
  }
  if (value === 0) return status(callSpecial1(self, idDelete, object));
  return status(callSpecial2(self, idSet, object, value));
}

const idInit = identifier("__init__");

function initOverride(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  const sp = thread.sp;
  const words = nargs + (kwnames === 0 ? 0 : I32[kwnames + Head.Size]);
  const found = typeLookup(I32[self + Head.Type], idInit);
  let result: Addr;
  if (found !== 0 && isPlainMethod(found)) {
    I32[sp] = self;
    I32.copyWithin(sp + 1, args, args + words);
    thread.sp = sp + 1 + words;
    incref(found);
    result = callObject(found, sp, nargs + 1, kwnames);
    decref(found);
    thread.sp = sp;
  } else {
    const bound = lookupSpecial(self, idInit);
    if (bound === 0) return -1;
    result = callObject(bound, args, nargs, kwnames);
    decref(bound);
  }
  if (result === 0) return -1;
  decref(result);
  if (result === S.None) return 0;
  const kind = typeName(typeOf(result));
  return raiseStatus(T.TypeError, `__init__() should return None, not '${kind}'`);
}

function newOverride(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const fn = getAttr(type, idNew);
  if (fn === 0) return 0;
  const sp = thread.sp;
  const words = nargs + (kwnames === 0 ? 0 : I32[kwnames + Head.Size]);
  I32[sp] = type;
  I32.copyWithin(sp + 1, args, args + words);
  thread.sp = sp + 1 + words;
  const object = callObject(fn, sp, nargs + 1, kwnames);
  thread.sp = sp;
  decref(fn);
  return object;
}

const idDel = identifier("__del__");

function delOverride(self: Addr): void {
  const bound = lookupSpecial(self, idDel);
  if (bound === 0) {
    if (pending()) writeUnraisable(self);
    return;
  }
  const result = call0(bound);
  if (result === 0) writeUnraisable(typeLookup(I32[self + Head.Type], idDel));
  else decref(result);
  decref(bound);
}

const idBool = identifier("__bool__");

function boolOverride(self: Addr): number {
  const result = callSpecial0(self, idBool);
  if (result === 0) return -1;
  decref(result);
  if (result === S.True) return 1;
  if (result === S.False) return 0;
  const kind = typeName(typeOf(result));
  return raiseStatus(T.TypeError, `__bool__ should return bool, returned ${kind}`);
}

const idLen = identifier("__len__");

function lengthOverride(self: Addr): number {
  const result = callSpecial0(self, idLen);
  if (result === 0) return -1;
  const length = asIndex(result, T.OverflowError);
  decref(result);
  if (Number.isNaN(length)) return -1;
  return length < 0 ? raiseStatus(T.ValueError, "__len__() should return >= 0") : length;
}

const idContains = identifier("__contains__");

function containsOverride(self: Addr, value: Addr): number {
  const found = typeLookup(I32[self + Head.Type], idContains);
  if (found === S.None) {
    return raiseStatus(
      T.TypeError,
      `'${typeName(I32[self + Head.Type])}' object is not a container`,
    );
  }
  const result = callSpecial1(self, idContains, value);
  if (result === 0) return -1;
  const answer = isTrue(result);
  decref(result);
  return answer;
}

const idSetItem = identifier("__setitem__");
const idDelItem = identifier("__delitem__");

function setSubscriptOverride(self: Addr, key: Addr, value: Addr): number {
  if (value === 0) return status(callSpecial1(self, idDelItem, key));
  return status(callSpecial2(self, idSetItem, key, value));
}

function itemOverride(self: Addr, index: number): Addr {
  const key = newInt(index);
  if (key === 0) return 0;
  const item = callSpecial1(self, idGetItem, key);
  decref(key);
  return item;
}

function setItemOverride(self: Addr, index: number, value: Addr): number {
  const key = newInt(index);
  if (key === 0) return -1;
  const answer = setSubscriptOverride(self, key, value);
  decref(key);
  return answer;
}

/** The functions that fill overridden slots. */
const overrides = new Map<SlotName, unknown>([
  ["getAttr", getAttrOverride],
  ["setAttr", setAttrOverride],
  ["repr", textOverride("__repr__")],
  ["str", textOverride("__str__")],
  ["hash", hashOverride],
  ["call", callOverride],
  ["richCompare", compareOverride],
  ["iter", iterOverride],
  ["iterNext", nextOverride],
  ["descrGet", descrGetOverride],
  ["descrSet", descrSetOverride],
  ["init", initOverride],
  ["new", newOverride],
  ["del", delOverride],
  ["power", powerOverride],
  ["bool", boolOverride],
  ["length", lengthOverride],
  ["subscript", (self: Addr, key: Addr) => callSpecial1(self, idGetItem, key)],
  ["setSubscript", setSubscriptOverride],
  ["item", itemOverride],
  ["setItem", setItemOverride],
  ["contains", containsOverride],
]);

for (const [slot, name] of [
  ["add", "add"],
  ["subtract", "sub"],
  ["multiply", "mul"],
  ["remainder", "mod"],
  ["divmod", "divmod"],
  ["lshift", "lshift"],
  ["rshift", "rshift"],
  ["and", "and"],
  ["xor", "xor"],
  ["or", "or"],
  ["floorDivide", "floordiv"],
  ["trueDivide", "truediv"],
  ["matrixMultiply", "matmul"],
] as [SlotName, string][]) {
  overrides.set(slot, binaryOverride(slot, `__${name}__`, `__r${name}__`));
}

for (const [slot, name] of [
  ["negative", "__neg__"],
  ["positive", "__pos__"],
  ["absolute", "__abs__"],
  ["invert", "__invert__"],
  ["int", "__int__"],
  ["float", "__float__"],
  ["index", "__index__"],
] as [SlotName, string][]) {
  overrides.set(slot, unaryOverride(name));
}

for (const [slot, name] of [
  ["inplaceAdd", "__iadd__"],
  ["inplaceSubtract", "__isub__"],
  ["inplaceMultiply", "__imul__"],
  ["inplaceRemainder", "__imod__"],
  ["inplacePower", "__ipow__"],
  ["inplaceLshift", "__ilshift__"],
  ["inplaceRshift", "__irshift__"],
  ["inplaceAnd", "__iand__"],
  ["inplaceXor", "__ixor__"],
  ["inplaceOr", "__ior__"],
  ["inplaceFloorDivide", "__ifloordiv__"],
  ["inplaceTrueDivide", "__itruediv__"],
  ["inplaceMatrixMultiply", "__imatmul__"],
] as [SlotName, string][]) {
  const id = identifier(name);
  overrides.set(slot, (self: Addr, other: Addr) => callSpecial1(self, id, other));
}
