/**
 * The special methods and the slots they stand for, in both directions: a slot of a static type
 * shows as a wrapper descriptor (`int.__add__`), which calls the slot; a special method written in
 * Python fills the slot (heapslots.ts). After `slotdefs` of Objects/typeobject.c.
 */
import { type Addr, heap } from "../memory/heap.js";
import { objectLength } from "./abstract.js";
import { newNone, pending, raise, raiseNone } from "./errors.js";
import { identifier } from "./identifiers.js";
import { asSsize, newBool, newInt } from "./int.js";
import { Head, TypeFlag, TypeObject } from "./layout.js";
import { Compare, slotsOf, type TypeSlots } from "./slots.js";
import { typeName } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

export type SlotName = keyof TypeSlots;

/** Calls the slot of `type` with Python arguments. */
export type WrapFunction = (
  type: Addr,
  self: Addr,
  args: Addr,
  nargs: number,
  kwnames: Addr,
) => Addr;

interface SlotDef {
  /** The special method: text and interned name. */
  name: string;
  id: Addr;
  slot: SlotName;
  wrap: WrapFunction;
  /** Takes keyword arguments. */
  keywords: boolean;
  doc: string;
}

export const slotDefs: SlotDef[] = [];

function add(
  name: string,
  slot: SlotName,
  wrap: WrapFunction,
  doc: string,
  keywords = false,
): void {
  slotDefs.push({ name, id: identifier(name), slot, wrap, keywords, doc });
}

/** The slot `name` of `type`; the caller knows its shape. */
// biome-ignore lint/suspicious/noExplicitAny: one look-up serves slots of every shape.
function slot(type: Addr, name: SlotName): any {
  return slotsOf(type)[name];
}

function count(nargs: number, wanted: number): boolean {
  if (nargs === wanted) return true;
  raise(T.TypeError, `expected ${wanted} argument${wanted === 1 ? "" : "s"}, got ${nargs}`);
  return false;
}

/** A status as a Python result. */
function done(status: number): Addr {
  return status < 0 ? 0 : newNone();
}

function unary(name: SlotName): WrapFunction {
  return (type, self, _args, nargs) => (count(nargs, 0) ? slot(type, name)(self) : 0);
}

function binary(name: SlotName): WrapFunction {
  return (type, self, args, nargs) => (count(nargs, 1) ? slot(type, name)(self, I32[args]) : 0);
}

function reflected(name: SlotName): WrapFunction {
  return (type, self, args, nargs) => (count(nargs, 1) ? slot(type, name)(I32[args], self) : 0);
}

function power(swap: boolean): WrapFunction {
  return (type, self, args, nargs) => {
    if (nargs < 1 || nargs > 2) {
      return raise(T.TypeError, `expected 1 argument, got ${nargs}`);
    }
    const modulus = nargs === 2 ? I32[args + 1] : S.None;
    const [left, right] = swap ? [I32[args], self] : [self, I32[args]];
    return slot(type, "power")(left, right, modulus);
  };
}

function truth(name: SlotName): WrapFunction {
  return (type, self, _args, nargs) => {
    if (!count(nargs, 0)) return 0;
    const answer = slot(type, name)(self);
    return answer < 0 ? 0 : newBool(answer);
  };
}

function number(name: SlotName): WrapFunction {
  return (type, self, _args, nargs) => {
    if (!count(nargs, 0)) return 0;
    const answer = slot(type, name)(self);
    return answer === -1 && pending() ? 0 : newInt(answer);
  };
}

function compare(op: Compare): WrapFunction {
  return (type, self, args, nargs) =>
    count(nargs, 1) ? slot(type, "richCompare")(self, I32[args], op) : 0;
}

function repeat(name: SlotName): WrapFunction {
  return (type, self, args, nargs) => {
    if (!count(nargs, 1)) return 0;
    const times = asSsize(I32[args]);
    return Number.isNaN(times) ? 0 : slot(type, name)(self, times);
  };
}

/** The index argument of `__getitem__` and its like: negative ones count from the end. */
function index(self: Addr, value: Addr): number {
  const position = asSsize(value);
  if (!(position < 0)) return position;
  const n = slotsOf(I32[self + Head.Type]).length === null ? 0 : objectLength(self);
  return n < 0 ? Number.NaN : position + n;
}

function next(type: Addr, self: Addr, _args: Addr, nargs: number): Addr {
  if (!count(nargs, 0)) return 0;
  const item = slot(type, "iterNext")(self);
  return item === 0 && !pending() ? raiseNone(T.StopIteration) : item;
}

function contains(type: Addr, self: Addr, args: Addr, nargs: number): Addr {
  if (!count(nargs, 1)) return 0;
  const answer = slot(type, "contains")(self, I32[args]);
  return answer < 0 ? 0 : newBool(answer);
}

/** `object.__setattr__(cls, …)` must not get around a builtin type's own rules. */
function checkHack(type: Addr, self: Addr, what: string): boolean {
  let own = I32[self + Head.Type];
  while ((I32[own + TypeObject.Flags] & TypeFlag.Heap) !== 0) own = I32[own + TypeObject.Base];
  if (slotsOf(own).setAttr === slotsOf(type).setAttr) return true;
  const kind = typeName(I32[self + Head.Type]);
  raise(T.TypeError, `can't apply this ${what} to ${kind} object`);
  return false;
}

function setAttribute(type: Addr, self: Addr, args: Addr, nargs: number): Addr {
  if (!count(nargs, 2) || !checkHack(type, self, "__setattr__")) return 0;
  return done(slot(type, "setAttr")(self, I32[args], I32[args + 1]));
}

function deleteAttribute(type: Addr, self: Addr, args: Addr, nargs: number): Addr {
  if (!count(nargs, 1) || !checkHack(type, self, "__delattr__")) return 0;
  return done(slot(type, "setAttr")(self, I32[args], 0));
}

function descrGet(type: Addr, self: Addr, args: Addr, nargs: number): Addr {
  if (nargs < 1 || nargs > 2) {
    const text =
      nargs < 1 ? `expected at least 1 argument, got ${nargs}` : "expected at most 2 arguments";
    return raise(T.TypeError, nargs < 1 ? text : `${text}, got ${nargs}`);
  }
  const object = I32[args] === S.None ? 0 : I32[args];
  const owner = nargs === 2 && I32[args + 1] !== S.None ? I32[args + 1] : 0;
  if (object === 0 && owner === 0) return raise(T.TypeError, "__get__(None, None) is invalid");
  return slot(type, "descrGet")(self, object, owner);
}

function init(type: Addr, self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  return done(slot(type, "init")(self, args, nargs, kwnames));
}

const binaryOperators: [string, SlotName, string][] = [
  ["add", "add", "+"],
  ["sub", "subtract", "-"],
  ["mul", "multiply", "*"],
  ["mod", "remainder", "%"],
  ["lshift", "lshift", "<<"],
  ["rshift", "rshift", ">>"],
  ["and", "and", "&"],
  ["xor", "xor", "^"],
  ["or", "or", "|"],
  ["floordiv", "floorDivide", "//"],
  ["truediv", "trueDivide", "/"],
  ["matmul", "matrixMultiply", "@"],
];

const inplaceSlots: [string, SlotName, string][] = [
  ["iadd", "inplaceAdd", "+="],
  ["isub", "inplaceSubtract", "-="],
  ["imul", "inplaceMultiply", "*="],
  ["imod", "inplaceRemainder", "%="],
  ["ipow", "inplacePower", "**="],
  ["ilshift", "inplaceLshift", "<<="],
  ["irshift", "inplaceRshift", ">>="],
  ["iand", "inplaceAnd", "&="],
  ["ixor", "inplaceXor", "^="],
  ["ior", "inplaceOr", "|="],
  ["ifloordiv", "inplaceFloorDivide", "//="],
  ["itruediv", "inplaceTrueDivide", "/="],
  ["imatmul", "inplaceMatrixMultiply", "@="],
];

add("__getattribute__", "getAttr", binary("getAttr"), "Return getattr(self, name).");
add("__getattr__", "getAttr", binary("getAttr"), "");
add("__setattr__", "setAttr", setAttribute, "Implement setattr(self, name, value).");
add("__delattr__", "setAttr", deleteAttribute, "Implement delattr(self, name).");
add("__repr__", "repr", unary("repr"), "Return repr(self).");
add("__hash__", "hash", number("hash"), "Return hash(self).");
add(
  "__call__",
  "call",
  (type, self, args, nargs, kwnames) => slot(type, "call")(self, args, nargs, kwnames),
  "Call self as a function.",
  true,
);
add("__str__", "str", unary("str"), "Return str(self).");
add("__lt__", "richCompare", compare(Compare.Lt), "Return self<value.");
add("__le__", "richCompare", compare(Compare.Le), "Return self<=value.");
add("__eq__", "richCompare", compare(Compare.Eq), "Return self==value.");
add("__ne__", "richCompare", compare(Compare.Ne), "Return self!=value.");
add("__gt__", "richCompare", compare(Compare.Gt), "Return self>value.");
add("__ge__", "richCompare", compare(Compare.Ge), "Return self>=value.");
add("__iter__", "iter", unary("iter"), "Implement iter(self).");
add("__next__", "iterNext", next, "Implement next(self).");
add("__get__", "descrGet", descrGet, "Return an attribute of instance, which is of type owner.");
add(
  "__set__",
  "descrSet",
  (type, self, args, nargs) =>
    count(nargs, 2) ? done(slot(type, "descrSet")(self, I32[args], I32[args + 1])) : 0,
  "Set an attribute of instance to value.",
);
add(
  "__delete__",
  "descrSet",
  (type, self, args, nargs) =>
    count(nargs, 1) ? done(slot(type, "descrSet")(self, I32[args], 0)) : 0,
  "Delete an attribute of instance.",
);
add(
  "__init__",
  "init",
  init,
  "Initialize self.  See help(type(self)) for accurate signature.",
  true,
);
add(
  "__del__",
  "del",
  (type, self) => {
    slot(type, "del")(self);
    return newNone();
  },
  "",
);
for (const [name, slotName, op] of binaryOperators) {
  add(`__${name}__`, slotName, binary(slotName), `Return self${op}value.`);
  add(`__r${name}__`, slotName, reflected(slotName), `Return value${op}self.`);
}
add("__divmod__", "divmod", binary("divmod"), "Return divmod(self, value).");
add("__rdivmod__", "divmod", reflected("divmod"), "Return divmod(value, self).");
add("__pow__", "power", power(false), "Return pow(self, value, mod).");
add("__rpow__", "power", power(true), "Return pow(value, self, mod).");
add("__neg__", "negative", unary("negative"), "-self");
add("__pos__", "positive", unary("positive"), "+self");
add("__abs__", "absolute", unary("absolute"), "abs(self)");
add("__bool__", "bool", truth("bool"), "True if self else False");
add("__invert__", "invert", unary("invert"), "~self");
add("__int__", "int", unary("int"), "int(self)");
add("__float__", "float", unary("float"), "float(self)");
add("__index__", "index", unary("index"), "Return self converted to an integer.");
for (const [name, slotName, op] of inplaceSlots) {
  add(`__${name}__`, slotName, binary(slotName), `Return self${op}value.`);
}
add("__len__", "length", number("length"), "Return len(self).");
add("__getitem__", "subscript", binary("subscript"), "Return self[key].");
add(
  "__setitem__",
  "setSubscript",
  (type, self, args, nargs) =>
    count(nargs, 2) ? done(slot(type, "setSubscript")(self, I32[args], I32[args + 1])) : 0,
  "Set self[key] to value.",
);
add(
  "__delitem__",
  "setSubscript",
  (type, self, args, nargs) =>
    count(nargs, 1) ? done(slot(type, "setSubscript")(self, I32[args], 0)) : 0,
  "Delete self[key].",
);
add("__contains__", "contains", contains, "Return key in self.");
add("__add__", "concat", binary("concat"), "Return self+value.");
add("__mul__", "repeat", repeat("repeat"), "Return self*value.");
add("__rmul__", "repeat", repeat("repeat"), "Return value*self.");
add("__iadd__", "inplaceConcat", binary("inplaceConcat"), "Implement self+=value.");
add("__imul__", "inplaceRepeat", repeat("inplaceRepeat"), "Implement self*=value.");
add(
  "__getitem__",
  "item",
  (type, self, args, nargs) => {
    if (!count(nargs, 1)) return 0;
    const position = index(self, I32[args]);
    return Number.isNaN(position) ? 0 : slot(type, "item")(self, position);
  },
  "Return self[key].",
);
add(
  "__setitem__",
  "setItem",
  (type, self, args, nargs) => {
    if (!count(nargs, 2)) return 0;
    const position = index(self, I32[args]);
    return Number.isNaN(position) ? 0 : done(slot(type, "setItem")(self, position, I32[args + 1]));
  },
  "Set self[key] to value.",
);
add(
  "__delitem__",
  "setItem",
  (type, self, args, nargs) => {
    if (!count(nargs, 1)) return 0;
    const position = index(self, I32[args]);
    return Number.isNaN(position) ? 0 : done(slot(type, "setItem")(self, position, 0));
  },
  "Delete self[key].",
);

/** Definitions by slot, in order of declaration. */
export const defsBySlot = new Map<SlotName, number[]>();
for (const [i, def] of slotDefs.entries()) {
  const list = defsBySlot.get(def.slot);
  if (list === undefined) defsBySlot.set(def.slot, [i]);
  else list.push(i);
}

/**
 * Every slot that a special method fills (`__new__` is no wrapper); the position numbers it in slot
 * records.
 */
export const slotNames: SlotName[] = [...defsBySlot.keys(), "new"];

/** `hash` of types whose instances cannot be hashed. */
export function hashNotImplemented(self: Addr): number {
  raise(T.TypeError, `unhashable type: '${typeName(I32[self + Head.Type])}'`);
  return -1;
}
