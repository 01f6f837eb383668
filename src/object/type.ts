/**
 * Type objects: look-up along the MRO with a method cache, version tags, subtype tests
 * (after Objects/typeobject.c of CPython 3.11). The declaration of `type` itself is in
 * typeobject.ts, the making of classes in typecreate.ts.
 */
import { assert } from "../base/assert.js";
import { type Addr, heap } from "../memory/heap.js";
import { rawFree, rawMalloc } from "../memory/raw.js";
import { getAttrOptional } from "./attribute.js";
import { enterRecursion, leaveRecursion } from "./call.js";
import { dictGetStr } from "./dict.js";
import { pending, raise, raiseMemoryError, raiseStatus } from "./errors.js";
import { decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { Head, StrObject, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { isTrue } from "./number.js";
import { slotsOf } from "./slots.js";
import { ObjectState } from "./state.js";
import { getString } from "./str.js";
import { thread } from "./thread.js";
import { T } from "./types.js";

const I32 = heap.I32;
const idInstanceCheck = identifier("__instancecheck__");
const idSubclassCheck = identifier("__subclasscheck__");
const idBases = identifier("__bases__");
const idClass = identifier("__class__");

/**
 * The method cache: one for all threads, in the heap, guarded by the GIL. An entry owns its name,
 * so that the address stays that string's; it borrows the value, which lives as long as the
 * version.
 *
 *   0 Version   1 Name   2 Value
 */
const enum MethodCache {
  Entries = 4096,
  Mask = 4095,
  Stride = 4,
}

let cache: Addr = 0;

/** Make the method cache; runs once, at boot. */
export function initializeMethodCache(): void {
  const bytes = MethodCache.Entries * MethodCache.Stride * 4;
  const block = rawMalloc(bytes);
  assert(block !== 0, "no memory for the method cache");
  I32.fill(0, block, block + (bytes >> 2));
  I32[ObjectState.MethodCache] = block;
  bindMethodCache();
}

/** Find the method cache that boot made, on a further carrier. */
export function bindMethodCache(): void {
  cache = I32[ObjectState.MethodCache];
}

/** The attribute `name` of `type` or its bases, in MRO order: borrowed, 0 where there is none. */
export function typeLookup(type: Addr, name: Addr): Addr {
  const version = I32[type + TypeObject.Version];
  if (version !== 0) {
    const entry = cache + (((version ^ (name >> 2)) & MethodCache.Mask) << 2);
    if (I32[entry] === version && I32[entry + 1] === name) return I32[entry + 2];
  }
  return lookupSlow(type, name);
}

function lookupSlow(type: Addr, name: Addr): Addr {
  const value = lookupUncached(type, name);
  if ((I32[name + StrObject.State] & StrObject.Interned) === 0 || cache === 0) return value;
  if (I32[name + Head.Type] !== T.Str || !assignVersion(type)) return value;
  const version = I32[type + TypeObject.Version];
  const entry = cache + (((version ^ (name >> 2)) & MethodCache.Mask) << 2);
  const old = I32[entry + 1];
  I32[entry] = version;
  I32[entry + 1] = incref(name);
  I32[entry + 2] = value;
  if (old !== 0) decref(old);
  return value;
}

function lookupUncached(type: Addr, name: Addr): Addr {
  const mro = I32[type + TypeObject.Mro];
  if (mro === 0) return 0;
  const end = mro + TupleObject.Items + 2 * I32[mro + TupleObject.Size];
  for (let item = mro + TupleObject.Items; item < end; item += 2) {
    const dict = I32[I32[item] + TypeObject.Dict];
    if (dict === 0) continue;
    const value = dictGetStr(dict, name);
    if (value !== 0) return value;
  }
  return 0;
}

/** Empty the method cache (a full collection does, C20); names are let go. */
export function clearMethodCache(): void {
  const end = cache + MethodCache.Entries * MethodCache.Stride;
  for (let entry = cache; entry < end; entry += MethodCache.Stride) {
    const name = I32[entry + 1];
    I32[entry] = 0;
    I32[entry + 1] = 0;
    if (name !== 0) decref(name);
  }
}

/** Give `type` and its bases version tags; false when the tags are used up. */
function assignVersion(type: Addr): boolean {
  if (I32[type + TypeObject.Version] !== 0) return true;
  if (I32[ObjectState.TypeVersion] >= 0x7fffffff) return false;
  if ((I32[type + TypeObject.Flags] & TypeFlag.Ready) === 0) return false;
  const bases = I32[type + TypeObject.Bases];
  const n = I32[bases + TupleObject.Size];
  for (let i = 0; i < n; i++) {
    if (!assignVersion(I32[bases + TupleObject.Items + 2 * i])) return false;
  }
  I32[type + TypeObject.Version] = ++I32[ObjectState.TypeVersion];
  return true;
}

/** An attribute, base or the MRO of `type` changed: it and its subclasses lose their versions. */
export function typeModified(type: Addr): void {
  if (I32[type + TypeObject.Version] === 0) return;
  I32[type + TypeObject.Version] = 0;
  const block = I32[type + TypeObject.SubClasses];
  if (block === 0) return;
  const end = block + SubClasses.First + I32[block + SubClasses.Count];
  for (let word = block + SubClasses.First; word < end; word++) typeModified(I32[word]);
}

/** Block of the addresses of a type's direct subclasses, oldest first; they are not counted. */
export const enum SubClasses {
  Capacity = 0,
  Count = 1,
  First = 2,
}

/** Note `sub` as a direct subclass of `type`. */
export function addSubclass(type: Addr, sub: Addr): number {
  const block = I32[type + TypeObject.SubClasses];
  const count = block === 0 ? 0 : I32[block + SubClasses.Count];
  if (block === 0 || count === I32[block + SubClasses.Capacity]) {
    const capacity = count === 0 ? 6 : count * 2;
    const bigger = rawMalloc((capacity + SubClasses.First) * 4);
    if (bigger === 0) {
      raiseMemoryError();
      return -1;
    }
    I32[bigger + SubClasses.Capacity] = capacity;
    I32[bigger + SubClasses.Count] = count;
    if (block !== 0) {
      const from = block + SubClasses.First;
      I32.copyWithin(bigger + SubClasses.First, from, from + count);
      rawFree(block);
    }
    I32[type + TypeObject.SubClasses] = bigger;
  }
  const current = I32[type + TypeObject.SubClasses];
  I32[current + SubClasses.First + count] = sub;
  I32[current + SubClasses.Count] = count + 1;
  return 0;
}

/** Forget `sub`, which dies or changes its bases. */
export function removeSubclass(type: Addr, sub: Addr): void {
  const block = I32[type + TypeObject.SubClasses];
  if (block === 0) return;
  const first = block + SubClasses.First;
  const count = I32[block + SubClasses.Count];
  for (let word = first; word < first + count; word++) {
    if (I32[word] !== sub) continue;
    I32.copyWithin(word, word + 1, first + count);
    I32[block + SubClasses.Count] = count - 1;
    return;
  }
}

/** Is `type` the type `base` or derived from it? */
export function isSubtype(type: Addr, base: Addr): boolean {
  if (type === base) return true;
  const mro = I32[type + TypeObject.Mro];
  if (mro !== 0) {
    const end = mro + TupleObject.Items + 2 * I32[mro + TupleObject.Size];
    for (let item = mro + TupleObject.Items; item < end; item += 2) {
      if (I32[item] === base) return true;
    }
    return false;
  }
  for (let t = type; t !== 0; t = I32[t + TypeObject.Base]) if (t === base) return true;
  return base === T.Object;
}

/** Is `object` a type? */
export function isType(object: Addr): boolean {
  return (I32[I32[object + Head.Type] + TypeObject.Flags] & TypeFlag.TypeSubclass) !== 0;
}

function isTuple(object: Addr): boolean {
  return (I32[I32[object + Head.Type] + TypeObject.Flags] & TypeFlag.TupleSubclass) !== 0;
}

/** `isinstance(object, cls)`: 1, 0, or -1 with an exception pending. */
export function isInstance(object: Addr, cls: Addr): number {
  if (I32[object + Head.Type] === cls) return 1;
  if (I32[cls + Head.Type] === T.Type) return plainIsInstance(object, cls);
  if (isTuple(cls)) return anyOfNested(object, cls, isInstance, " in __instancecheck__");
  return callCheck(object, cls, idInstanceCheck, plainIsInstance);
}

/** `issubclass(derived, cls)`: 1, 0, or -1 with an exception pending. */
export function isSubclass(derived: Addr, cls: Addr): number {
  if (I32[cls + Head.Type] === T.Type) {
    return derived === cls ? 1 : plainIsSubclass(derived, cls);
  }
  if (isTuple(cls)) return anyOfNested(derived, cls, isSubclass, " in __subclasscheck__");
  return callCheck(derived, cls, idSubclassCheck, plainIsSubclass);
}

function anyOf(object: Addr, classes: Addr, test: (o: Addr, c: Addr) => number): number {
  const n = I32[classes + TupleObject.Size];
  for (let i = 0; i < n; i++) {
    const answer = test(object, I32[classes + TupleObject.Items + 2 * i]);
    if (answer !== 0) return answer;
  }
  return 0;
}

/** As {@link anyOf}, of a tuple that may contain tuples. */
function anyOfNested(
  object: Addr,
  classes: Addr,
  test: (o: Addr, c: Addr) => number,
  where: string,
): number {
  if (!enterRecursion(where)) return -1;
  const answer = anyOf(object, classes, test);
  leaveRecursion();
  return answer;
}

/** Ask the metaclass's `__instancecheck__` or `__subclasscheck__`; without one, `plain`. */
function callCheck(
  object: Addr,
  cls: Addr,
  name: Addr,
  plain: (object: Addr, cls: Addr) => number,
): number {
  const check = lookupSpecial(cls, name);
  if (check === 0) return pending() ? -1 : plain(object, cls);
  const call = slotsOf(I32[check + Head.Type]).call;
  const sp = thread.sp;
  I32[sp] = object;
  thread.sp = sp + 1;
  const answer =
    call === null ? raise(T.TypeError, "the check is not callable") : call(check, sp, 1, 0);
  thread.sp = sp;
  decref(check);
  if (answer === 0) return -1;
  const truth = isTrue(answer);
  decref(answer);
  return truth;
}

/** The instance test without hooks (`type.__instancecheck__`). */
export function plainIsInstance(object: Addr, cls: Addr): number {
  if (isType(cls)) {
    const type = I32[object + Head.Type];
    if (isSubtype(type, cls)) return 1;
    // Of the builtin types only proxies answer with another class than their own.
    const proxy = type === T.WeakProxy || type === T.WeakCallableProxy;
    if ((I32[type + TypeObject.Flags] & TypeFlag.Heap) === 0 && !proxy) return 0;
    const claimed = getAttrOptional(object, idClass);
    if (claimed === 0) return pending() ? -1 : 0;
    const answer = claimed !== type && isType(claimed) && isSubtype(claimed, cls) ? 1 : 0;
    decref(claimed);
    return answer;
  }
  const message = "isinstance() arg 2 must be a type, a tuple of types, or a union";
  if (!checkClass(cls, message)) return -1;
  const claimed = getAttrOptional(object, idClass);
  if (claimed === 0) return pending() ? -1 : 0;
  const answer = abstractIsSubclass(claimed, cls);
  decref(claimed);
  return answer;
}

/** The subclass test without hooks (`type.__subclasscheck__`). */
export function plainIsSubclass(derived: Addr, cls: Addr): number {
  if (isType(cls) && isType(derived)) return isSubtype(derived, cls) ? 1 : 0;
  if (!checkClass(derived, "issubclass() arg 1 must be a class")) return -1;
  const message = "issubclass() arg 2 must be a class, a tuple of classes, or a union";
  if (!checkClass(cls, message)) return -1;
  return abstractIsSubclass(derived, cls);
}

/** Whatever has a tuple `__bases__` passes for a class. */
function checkClass(cls: Addr, message: string): boolean {
  const bases = basesOf(cls);
  if (bases === 0) {
    if (!pending()) raiseStatus(T.TypeError, message);
    return false;
  }
  decref(bases);
  return true;
}

function basesOf(cls: Addr): Addr {
  const bases = getAttrOptional(cls, idBases);
  if (bases === 0 || isTuple(bases)) return bases;
  decref(bases);
  return 0;
}

function abstractIsSubclass(derived: Addr, cls: Addr): number {
  if (derived === cls) return 1;
  const bases = basesOf(derived);
  if (bases === 0) return pending() ? -1 : 0;
  const entered = enterRecursion(" in __issubclass__");
  const answer = entered ? anyOf(cls, bases, (c, base) => abstractIsSubclass(base, c)) : -1;
  if (entered) leaveRecursion();
  decref(bases);
  return answer;
}

/**
 * The special method `name` of `object`, bound: a new reference; 0 without an exception where its
 * type has none. The instance's own dict is not asked.
 */
export function lookupSpecial(object: Addr, name: Addr): Addr {
  const type = I32[object + Head.Type];
  const found = typeLookup(type, name);
  if (found === 0) return 0;
  const get = slotsOf(I32[found + Head.Type]).descrGet;
  if (get === null) return incref(found);
  incref(found);
  const bound = get(found, object, type);
  decref(found);
  return bound;
}

/** Name of `type` for messages; with the module for static types outside builtins. */
export function typeName(type: Addr): string {
  const name = getString(I32[type + TypeObject.Name]);
  const module = I32[type + TypeObject.Module];
  if ((I32[type + TypeObject.Flags] & TypeFlag.Heap) !== 0 || module === 0) return name;
  const from = getString(module);
  return from === "builtins" ? name : `${from}.${name}`;
}

export { slotsOf };
