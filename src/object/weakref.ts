/** Weak references and proxies (R14–R16; Objects/weakrefobject.c). */
import { type Addr, heap } from "../memory/heap.js";
import {
  richCompare as compareObjects,
  contains,
  deleteItem,
  getItem,
  getIter,
  hashObject,
  iterNext,
  objectLength,
  setItem,
} from "./abstract.js";
import { checkArity, noKeywords } from "./arguments.js";
import { getAttr, getAttrOptional, setAttr } from "./attribute.js";
import { call1, callObject } from "./call.js";
import { defineType, getSet, noArgs, type TypeDef } from "./define.js";
import {
  newNone,
  newNotImplemented,
  raise,
  raiseStatus,
  restorePending,
  takePending,
} from "./errors.js";
import { freeObject, untrack } from "./gcheader.js";
import { clearField, decref, incref, typeOf } from "./header.js";
import { identifier } from "./identifiers.js";
import { newObjectOf, registerWeakRefs } from "./instance.js";
import { TypeFlag, TypeObject, WeakRefObject } from "./layout.js";
import { binaryOp, isTrue } from "./number.js";
import { strObject } from "./repr.js";
import { Compare, slotsOf, type TypeSlots } from "./slots.js";
import { getString, isStr, newStr } from "./str.js";
import { isSubtype, typeName } from "./type.js";
import { S, T } from "./types.js";
import { writeUnraisable } from "./unraisable.js";

const I32 = heap.I32;
const idName = identifier("__name__");

/** Address of the word that heads the list of weak references to `object`; 0: not supported. */
function listOf(object: Addr): Addr {
  const offset = I32[typeOf(object) + TypeObject.WeakListOffset];
  return offset === 0 ? 0 : object + offset;
}

/** First weak reference to `object`: borrowed, 0 for none. */
export function firstWeakRef(object: Addr): Addr {
  const list = listOf(object);
  return list === 0 ? 0 : I32[list];
}

/** The reference behind `ref` in its referent's list: borrowed, 0 at the end. */
export function nextWeakRef(ref: Addr): Addr {
  return I32[ref + WeakRefObject.Next];
}

/** What `ref` refers to: borrowed; 0 when that is dead. */
export function getReferent(ref: Addr): Addr {
  const object = I32[ref + WeakRefObject.Referent];
  return object !== 0 && I32[object] > 0 ? object : 0;
}

/** Is `object` a weak reference or proxy? */
export function isWeakRef(object: Addr): boolean {
  const type = typeOf(object);
  return type === T.WeakProxy || isSubtype(type, T.WeakRef);
}

/** A weak reference (or proxy: `type`) to `object`; `callback` 0 for none. */
export function newWeakRef(type: Addr, object: Addr, callback: Addr): Addr {
  const list = listOf(object);
  if (list === 0) {
    const kind = typeName(typeOf(object));
    return raise(T.TypeError, `cannot create weak reference to '${kind}' object`);
  }
  const plain = callback === 0 && (type === T.WeakRef || type === T.WeakProxy);
  const shared = plain ? findShared(list, type) : 0;
  if (shared !== 0) return incref(shared);
  const ref = newObjectOf(type);
  if (ref === 0) return 0;
  I32[ref + WeakRefObject.Referent] = object;
  I32[ref + WeakRefObject.Callback] = callback === 0 ? 0 : incref(callback);
  // Allocation may have collected and so have changed the list: look only now.
  let before = 0;
  if (!plain || type === T.WeakProxy) {
    before = findShared(list, T.WeakRef);
    if (!plain) before = findShared(list, T.WeakProxy) || before;
  }
  insert(list, ref, before);
  return ref;
}

/** The shared reference or proxy without callback, at the head of the list. */
function findShared(list: Addr, type: Addr): Addr {
  let ref = I32[list];
  for (let i = 0; i < 2 && ref !== 0; i++) {
    if (typeOf(ref) === type && I32[ref + WeakRefObject.Callback] === 0) return ref;
    ref = I32[ref + WeakRefObject.Next];
  }
  return 0;
}

function insert(list: Addr, ref: Addr, before: Addr): void {
  const next = before === 0 ? I32[list] : I32[before + WeakRefObject.Next];
  I32[ref + WeakRefObject.Previous] = before;
  I32[ref + WeakRefObject.Next] = next;
  if (next !== 0) I32[next + WeakRefObject.Previous] = ref;
  if (before === 0) I32[list] = ref;
  else I32[before + WeakRefObject.Next] = ref;
}

/** Make `ref` dead: out of its referent's list. The callback stays. */
export function clearWeakRef(ref: Addr): void {
  const object = I32[ref + WeakRefObject.Referent];
  if (object === 0) return;
  const previous = I32[ref + WeakRefObject.Previous];
  const next = I32[ref + WeakRefObject.Next];
  if (previous !== 0) I32[previous + WeakRefObject.Next] = next;
  else I32[listOf(object)] = next;
  if (next !== 0) I32[next + WeakRefObject.Previous] = previous;
  I32[ref + WeakRefObject.Referent] = 0;
  I32[ref + WeakRefObject.Previous] = 0;
  I32[ref + WeakRefObject.Next] = 0;
}

/** Call the callback of the dead `ref` and drop it; errors are reported (R13). */
export function runCallback(ref: Addr): void {
  const callback = I32[ref + WeakRefObject.Callback];
  if (callback === 0) return;
  I32[ref + WeakRefObject.Callback] = 0;
  const result = call1(callback, ref);
  if (result === 0) writeUnraisable(callback);
  else decref(result);
  decref(callback);
}

/** A referent dies: all its references are cleared before the first callback runs (R15). */
function clearAll(object: Addr): void {
  const list = listOf(object);
  let waiting: Addr[] | null = null;
  while (I32[list] !== 0) {
    const ref = I32[list];
    clearWeakRef(ref);
    if (I32[ref + WeakRefObject.Callback] === 0 || I32[ref] === 0) continue;
    waiting ??= [];
    waiting.push(incref(ref));
  }
  if (waiting === null) return;
  const saved = takePending();
  for (const ref of waiting) {
    runCallback(ref);
    decref(ref);
  }
  restorePending(saved);
}

registerWeakRefs(clearAll);

function dealloc(self: Addr): void {
  untrack(self);
  clear(self);
  freeObject(self);
}

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  if (I32[self + WeakRefObject.Callback] !== 0) visit(I32[self + WeakRefObject.Callback]);
}

function clear(self: Addr): void {
  clearWeakRef(self);
  clearField(self + WeakRefObject.Callback);
}

function refNew(type: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (type === T.WeakRef && !noKeywords("ref", kwnames)) return 0;
  if (!checkArity("__new__", nargs, 1, 2)) return 0;
  const callback = nargs === 2 && I32[args + 1] !== S.None ? I32[args + 1] : 0;
  return newWeakRef(type, I32[args], callback);
}

function refInit(_self: Addr, _args: Addr, nargs: number, kwnames: Addr): number {
  return noKeywords("ref", kwnames) && checkArity("__init__", nargs, 1, 2) ? 0 : -1;
}

function refCall(self: Addr, _args: Addr, nargs: number, kwnames: Addr): Addr {
  if (!noKeywords("weakref", kwnames) || !checkArity("weakref", nargs, 0, 0)) return 0;
  const object = getReferent(self);
  return object === 0 ? newNone() : incref(object);
}

function refHash(self: Addr): number {
  if (I32[self + WeakRefObject.HashKnown] !== 0) return I32[self + WeakRefObject.Hash];
  const object = getReferent(self);
  if (object === 0) return raiseStatus(T.TypeError, "weak object has gone away");
  incref(object);
  const hash = hashObject(object);
  decref(object);
  if (hash === -1) return -1;
  I32[self + WeakRefObject.Hash] = hash;
  I32[self + WeakRefObject.HashKnown] = 1;
  return hash;
}

function refCompare(left: Addr, right: Addr, op: number): Addr {
  if (op !== Compare.Eq && op !== Compare.Ne) return newNotImplemented();
  if (!isSubtype(typeOf(right), T.WeakRef)) return newNotImplemented();
  const a = getReferent(left);
  const b = getReferent(right);
  if (a === 0 || b === 0)
    return incref((left === right) === (op === Compare.Eq) ? S.True : S.False);
  incref(a);
  incref(b);
  const result = compareObjects(a, b, op);
  decref(a);
  decref(b);
  return result;
}

function at(object: Addr): string {
  return `0x${(object * 4).toString(16)}`;
}

function refRepr(self: Addr): Addr {
  const object = getReferent(self);
  if (object === 0) return newStr(`<weakref at ${at(self)}; dead>`);
  incref(object);
  const kind = typeName(typeOf(object));
  const name = getAttrOptional(object, idName);
  let tail = "";
  if (name === 0) restorePending(0);
  else {
    if (isStr(name)) tail = ` (${getString(name)})`;
    decref(name);
  }
  const text = `<weakref at ${at(self)}; to '${kind}' at ${at(object)}${tail}>`;
  decref(object);
  return newStr(text);
}

function getCallback(self: Addr): Addr {
  const callback = I32[self + WeakRefObject.Callback];
  return callback === 0 ? newNone() : incref(callback);
}

const layout: Pick<TypeDef, "flags" | "basicSize"> = {
  flags: TypeFlag.HasGc,
  basicSize: WeakRefObject.Bytes,
};

defineType({
  ...layout,
  type: T.WeakRef,
  name: "weakref.ReferenceType",
  flags: TypeFlag.HasGc | TypeFlag.BaseType,
  slots: {
    dealloc,
    traverse,
    clear,
    new: refNew,
    init: refInit,
    call: refCall,
    hash: refHash,
    richCompare: refCompare,
    repr: refRepr,
  },
  getSets: [getSet("__callback__", getCallback)],
});

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
  if (typeOf(operand) !== T.WeakProxy) return incref(operand);
  return withReferent(operand, 0, incref);
}

function proxyBinary(op: number) {
  return (left: Addr, right: Addr): Addr => {
    const a = unwrap(left);
    const b = a === 0 ? 0 : unwrap(right);
    const result = b === 0 ? 0 : binaryOp(op, a, b);
    if (a !== 0) decref(a);
    if (b !== 0) decref(b);
    return result;
  };
}

/** A slot of one operand, by the referent's own slot. */
function proxyUnary(
  name: "negative" | "positive" | "absolute" | "invert" | "int" | "float" | "index",
) {
  return (self: Addr): Addr =>
    withReferent(self, 0, (object) => {
      const slot = slotsOf(typeOf(object))[name];
      if (slot !== null) return slot(object);
      return raise(T.TypeError, `bad operand type: '${typeName(typeOf(object))}'`);
    });
}

const operators: (keyof TypeSlots)[] = [
  "add",
  "and",
  "floorDivide",
  "lshift",
  "matrixMultiply",
  "multiply",
  "remainder",
  "or",
  "rshift",
  "subtract",
  "trueDivide",
  "xor",
];
const operatorNumbers = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12];
const proxyOperators: Partial<TypeSlots> = {};
for (const [i, name] of operators.entries()) {
  Object.assign(proxyOperators, { [name]: proxyBinary(operatorNumbers[i]) });
}

defineType({
  ...layout,
  type: T.WeakProxy,
  name: "weakref.ProxyType",
  slots: {
    ...proxyOperators,
    dealloc,
    traverse,
    clear,
    hash: (self) => raiseStatus(T.TypeError, `unhashable type: '${typeName(typeOf(self))}'`),
    repr: (self) => {
      const object = getReferent(self);
      if (object === 0) return newStr(`<weakproxy at ${at(self)}; dead>`);
      return newStr(`<weakproxy at ${at(self)} to ${typeName(typeOf(object))} at ${at(object)}>`);
    },
    str: (self) => withReferent(self, 0, strObject),
    getAttr: (self, name) => withReferent(self, 0, (object) => getAttr(object, name)),
    setAttr: (self, name, value) =>
      withReferent(self, -1, (object) => setAttr(object, name, value)),
    call: (self, args, nargs, kwnames) =>
      withReferent(self, 0, (object) => callObject(object, args, nargs, kwnames)),
    richCompare: (left, right, op) => {
      const a = unwrap(left);
      const b = a === 0 ? 0 : unwrap(right);
      const result = b === 0 ? 0 : compareObjects(a, b, op);
      if (a !== 0) decref(a);
      if (b !== 0) decref(b);
      return result;
    },
    bool: (self) => withReferent(self, -1, isTrue),
    length: (self) => withReferent(self, -1, objectLength),
    contains: (self, value) => withReferent(self, -1, (object) => contains(object, value)),
    subscript: (self, key) => withReferent(self, 0, (object) => getItem(object, key)),
    setSubscript: (self, key, value) =>
      withReferent(self, -1, (object) =>
        value === 0 ? deleteItem(object, key) : setItem(object, key, value),
      ),
    iter: (self) => withReferent(self, 0, getIter),
    iterNext: (self) => withReferent(self, 0, iterNext),
    negative: proxyUnary("negative"),
    positive: proxyUnary("positive"),
    absolute: proxyUnary("absolute"),
    invert: proxyUnary("invert"),
    int: proxyUnary("int"),
    float: proxyUnary("float"),
    index: proxyUnary("index"),
  },
  methods: [noArgs("__reversed__", (self) => withReferent(self, 0, reversedOf))],
});

const idReversed = identifier("__reversed__");

function reversedOf(object: Addr): Addr {
  const method = getAttr(object, idReversed);
  if (method === 0) return 0;
  const result = callObject(method, 0, 0, 0);
  decref(method);
  return result;
}
