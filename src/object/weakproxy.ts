/**
 * Weak proxies: objects that do with every operation what their referent would, as long as it
 * lives (Objects/weakrefobject.c). Those of callables have a type of their own, with a call.
 */
import type { Addr } from "../memory/heap.js";
import {
  contains,
  deleteItem,
  getItem,
  getIter,
  isIterator,
  iterNext,
  objectLength,
  richCompare,
  setItem,
} from "./abstract.js";
import { getAttr, setAttr } from "./attribute.js";
import { callMethod0, callObject } from "./call.js";
import { defineType, noArgs, type TypeDef } from "./define.js";
import { raise, raiseStatus } from "./errors.js";
import { decref, incref, typeOf } from "./header.js";
import { identifier } from "./identifiers.js";
import { TypeFlag, WeakRefObject } from "./layout.js";
import {
  absolute,
  BinaryOp,
  binaryOp,
  divmod,
  isTrue,
  numberFloat,
  numberInt,
  power3,
  unaryInvert,
  unaryNegative,
  unaryPositive,
} from "./number.js";
import { strObject } from "./repr.js";
import { slotsOf, type TypeSlots } from "./slots.js";
import { newStr } from "./str.js";
import { typeName } from "./type.js";
import { S, T } from "./types.js";
import { getReferent, weakLife } from "./weakref.js";

const idBytes = identifier("__bytes__");
const idReversed = identifier("__reversed__");

function isProxy(object: Addr): boolean {
  const type = typeOf(object);
  return type === T.WeakProxy || type === T.WeakCallableProxy;
}

/** Run `use` with the referent of a proxy kept alive; `failure` with ReferenceError when dead. */
function withReferent<R>(self: Addr, failure: R, use: (object: Addr) => R): R {
  const object = getReferent(self);
  if (object === 0) {
    raise(T.ReferenceError, "weakly-referenced object no longer exists");
    return failure;
  }
  incref(object);
  const result = use(object);
  decref(object);
  return result;
}

/** The referent where `operand` is a proxy, else itself: a new reference, 0 with ReferenceError. */
function unwrap(operand: Addr): Addr {
  return isProxy(operand) ? withReferent(operand, 0, incref) : incref(operand);
}

/** Run `use` with both operands unwrapped; 0 with ReferenceError when one is dead. */
function withBoth(left: Addr, right: Addr, use: (a: Addr, b: Addr) => Addr): Addr {
  const a = unwrap(left);
  const b = a === 0 ? 0 : unwrap(right);
  const result = b === 0 ? 0 : use(a, b);
  if (a !== 0) decref(a);
  if (b !== 0) decref(b);
  return result;
}

function binary(op: number) {
  return (left: Addr, right: Addr): Addr => withBoth(left, right, (a, b) => binaryOp(op, a, b));
}

function unary(use: (object: Addr) => Addr) {
  return (self: Addr): Addr => withReferent(self, 0, use);
}

const operators: [keyof TypeSlots, keyof TypeSlots, number][] = [
  ["add", "inplaceAdd", BinaryOp.Add],
  ["and", "inplaceAnd", BinaryOp.And],
  ["floorDivide", "inplaceFloorDivide", BinaryOp.FloorDivide],
  ["lshift", "inplaceLshift", BinaryOp.LeftShift],
  ["matrixMultiply", "inplaceMatrixMultiply", BinaryOp.MatrixMultiply],
  ["multiply", "inplaceMultiply", BinaryOp.Multiply],
  ["remainder", "inplaceRemainder", BinaryOp.Remainder],
  ["or", "inplaceOr", BinaryOp.Or],
  ["rshift", "inplaceRshift", BinaryOp.RightShift],
  ["subtract", "inplaceSubtract", BinaryOp.Subtract],
  ["trueDivide", "inplaceTrueDivide", BinaryOp.TrueDivide],
  ["xor", "inplaceXor", BinaryOp.Xor],
];
const operatorSlots: Partial<TypeSlots> = {
  inplacePower: binary(BinaryOp.Power + BinaryOp.InPlace),
};
for (const [plain, inPlace, op] of operators) {
  Object.assign(operatorSlots, { [plain]: binary(op), [inPlace]: binary(op + BinaryOp.InPlace) });
}

function power(left: Addr, right: Addr, modulus: Addr): Addr {
  const m = unwrap(modulus);
  const result = m === 0 ? 0 : withBoth(left, right, (a, b) => power3(a, b, m));
  if (m !== 0) decref(m);
  return result;
}

/** The index of an integer-like referent by its own slot. */
function index(object: Addr): Addr {
  const slot = slotsOf(typeOf(object)).index;
  if (slot !== null) return slot(object);
  const kind = typeName(typeOf(object));
  return raise(T.TypeError, `'${kind}' object cannot be interpreted as an integer`);
}

function nextOf(object: Addr): Addr {
  if (isIterator(object)) return iterNext(object);
  const kind = typeName(typeOf(object));
  return raise(T.TypeError, `Weakref proxy referenced a non-iterator '${kind}' object`);
}

function repr(self: Addr): Addr {
  const object = getReferent(self) || S.None;
  const [here, there] = [self, object].map((address) => `0x${(address * 4).toString(16)}`);
  return newStr(`<weakproxy at ${here} to ${typeName(typeOf(object))} at ${there}>`);
}

const definition: Omit<TypeDef, "type" | "name"> = {
  flags: TypeFlag.HasGc,
  basicSize: WeakRefObject.Bytes,
  slots: {
    ...operatorSlots,
    ...weakLife,
    power,
    divmod: (left, right) => withBoth(left, right, divmod),
    hash: (self) => raiseStatus(T.TypeError, `unhashable type: '${typeName(typeOf(self))}'`),
    repr,
    str: unary(strObject),
    getAttr: (self, name) => withReferent(self, 0, (object) => getAttr(object, name)),
    setAttr: (self, name, value) =>
      withReferent(self, -1, (object) => setAttr(object, name, value)),
    richCompare: (left, right, op) => withBoth(left, right, (a, b) => richCompare(a, b, op)),
    bool: (self) => withReferent(self, -1, isTrue),
    length: (self) => withReferent(self, -1, objectLength),
    contains: (self, value) => withReferent(self, -1, (object) => contains(object, value)),
    subscript: (self, key) => withReferent(self, 0, (object) => getItem(object, key)),
    setSubscript: (self, key, value) =>
      withReferent(self, -1, (object) =>
        value === 0 ? deleteItem(object, key) : setItem(object, key, value),
      ),
    iter: unary(getIter),
    iterNext: unary(nextOf),
    negative: unary(unaryNegative),
    positive: unary(unaryPositive),
    absolute: unary(absolute),
    invert: unary(unaryInvert),
    int: unary(numberInt),
    float: unary(numberFloat),
    index: unary(index),
  },
  methods: [
    noArgs("__bytes__", (self) => withReferent(self, 0, (object) => callMethod0(object, idBytes))),
    noArgs("__reversed__", (self) =>
      withReferent(self, 0, (object) => callMethod0(object, idReversed)),
    ),
  ],
};

defineType({ ...definition, type: T.WeakProxy, name: "weakref.ProxyType" });
defineType({
  ...definition,
  type: T.WeakCallableProxy,
  name: "weakref.CallableProxyType",
  // As in CPython: bytes() of such a proxy goes by its index.
  methods: [],
  slots: {
    ...definition.slots,
    call: (self, args, nargs, kwnames) =>
      withReferent(self, 0, (object) => callObject(object, args, nargs, kwnames)),
  },
});
