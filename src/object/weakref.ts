/** Weak references (R14–R16; Objects/weakrefobject.c); proxies are in weakproxy.ts. */
import { type Addr, heap } from "../memory/heap.js";
import { richCompare as compareObjects, hashObject } from "./abstract.js";
import { checkArity, noKeywords } from "./arguments.js";
import { getAttrOptional } from "./attribute.js";
import { call1 } from "./call.js";
import { defineType, getSet } from "./define.js";
import {
  newNone,
  newNotImplemented,
  raise,
  raiseStatus,
  restorePending,
  takePending,
} from "./errors.js";
import { freeObject, untrack } from "./gcheader.js";
import { classGetItemMethod } from "./genericalias.js";
import { clearField, decref, incref, typeOf } from "./header.js";
import { identifier } from "./identifiers.js";
import { newObjectOf, registerWeakRefs } from "./instance.js";
import { TypeFlag, TypeObject, WeakRefObject } from "./layout.js";
import { Compare } from "./slots.js";
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
  return isProxyType(type) || isSubtype(type, T.WeakRef);
}

function isProxyType(type: Addr): boolean {
  return type === T.WeakProxy || type === T.WeakCallableProxy;
}

/** A weak reference (or proxy: `type`) to `object`; `callback` 0 for none. */
export function newWeakRef(type: Addr, object: Addr, callback: Addr): Addr {
  const list = listOf(object);
  if (list === 0) {
    const kind = typeName(typeOf(object));
    return raise(T.TypeError, `cannot create weak reference to '${kind}' object`);
  }
  const proxy = isProxyType(type);
  const plain = callback === 0 && (type === T.WeakRef || proxy);
  const shared = plain ? findShared(list, proxy) : 0;
  if (shared !== 0) return incref(shared);
  const ref = newObjectOf(type);
  if (ref === 0) return 0;
  I32[ref + WeakRefObject.Referent] = object;
  I32[ref + WeakRefObject.Callback] = callback === 0 ? 0 : incref(callback);
  // Allocation may have collected and so have changed the list: look only now.
  let before = 0;
  if (!plain || proxy) {
    before = findShared(list, false);
    if (!plain) before = findShared(list, true) || before;
  }
  insert(list, ref, before);
  return ref;
}

/** The shared reference or proxy without callback, at the head of the list. */
function findShared(list: Addr, proxy: boolean): Addr {
  let ref = I32[list];
  for (let i = 0; i < 2 && ref !== 0; i++) {
    const type = typeOf(ref);
    const kind = proxy ? isProxyType(type) : type === T.WeakRef;
    if (kind && I32[ref + WeakRefObject.Callback] === 0) return ref;
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

/** Call `callback`, which is kept alive by the caller, for the dead `ref`; errors are reported. */
function runCallback(callback: Addr, ref: Addr): void {
  const result = call1(callback, ref);
  if (result === 0) writeUnraisable(callback);
  else decref(result);
}

/** Call the callback of a `ref` that the collector cleared; it stays with the reference (C15). */
export function runKeptCallback(ref: Addr): void {
  const callback = incref(I32[ref + WeakRefObject.Callback]);
  runCallback(callback, ref);
  decref(callback);
}

/** Take the callback of the dead `ref` and call it (R13). */
function runLastCallback(ref: Addr): void {
  const callback = I32[ref + WeakRefObject.Callback];
  if (callback === 0) return;
  I32[ref + WeakRefObject.Callback] = 0;
  runCallback(callback, ref);
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
    runLastCallback(ref);
    decref(ref);
  }
  restorePending(saved);
}

registerWeakRefs(clearAll);

function clear(self: Addr): void {
  clearWeakRef(self);
  clearField(self + WeakRefObject.Callback);
}

/** Death and traversal, the same for references and proxies. */
export const weakLife = {
  dealloc(self: Addr): void {
    untrack(self);
    clear(self);
    freeObject(self);
  },
  traverse(self: Addr, visit: (ref: Addr) => void): void {
    if (I32[self + WeakRefObject.Callback] !== 0) visit(I32[self + WeakRefObject.Callback]);
  },
  clear,
};

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

defineType({
  type: T.WeakRef,
  basicSize: WeakRefObject.Bytes,
  name: "weakref.ReferenceType",
  flags: TypeFlag.HasGc | TypeFlag.BaseType,
  slots: {
    ...weakLife,
    new: refNew,
    init: refInit,
    call: refCall,
    hash: refHash,
    richCompare: refCompare,
    repr: refRepr,
  },
  methods: [classGetItemMethod],
  getSets: [getSet("__callback__", getCallback)],
});
