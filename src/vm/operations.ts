/**
 * What the eval loop does out of line: names, inline caches, building and unpacking, exceptions,
 * context managers. Each takes words it may read and answers as object functions do.
 */
import { type Addr, heap } from "../memory/heap.js";
import { onRenewal } from "../memory/renewal.js";
import { contains, getItem, getIter, iterNext, richCompare, setItem } from "../object/abstract.js";
import {
  AttributeKind,
  attributeShape,
  getAttr,
  loadMethod,
  methodLookup,
  setAttr,
  specializeAttribute,
} from "../object/attribute.js";
import { call0, call3 } from "../object/call.js";
import {
  dictDelete,
  dictDeleteStr,
  dictGetStr,
  dictSet,
  dictSetStr,
  dictUpdate,
  keysVersion,
  newDict,
} from "../object/dict.js";
import { lookupUnicodeIndex, versionOfKeys } from "../object/dictkeys.js";
import {
  clearPending,
  clearPendingIf,
  exceptionMatches,
  raise,
  raiseException,
  restorePending,
  takePending,
  typeName,
} from "../object/errors.js";
import { setCause } from "../object/exceptions.js";
import { decref, incref, isKindOf } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { instanceSet } from "../object/instancedict.js";
import {
  CodeObject,
  DescriptorObject,
  DictKeys,
  DictKind,
  DictObject,
  ExceptionObject,
  FunctionObject,
  Head,
  InstanceObject,
  ListObject,
  TupleObject,
  TypeFlag,
  TypeObject,
} from "../object/layout.js";
import { listExtend, listFromIterable, listSlice } from "../object/list.js";
import { raiseNameError } from "../object/nameerrors.js";
import { isTrue } from "../object/number.js";
import { asciiObject, formatObject, reprObject, strObject } from "../object/repr.js";
import { newSet, setAdd } from "../object/set.js";
import { slotsOf } from "../object/slots.js";
import { getString } from "../object/str.js";
import { thread } from "../object/thread.js";
import { keepLocals } from "../object/traceback.js";
import { lookupSpecial, typeLookup } from "../object/type.js";
import { S, T } from "../object/types.js";
import { mergeKeywords } from "./call.js";
import { CodeFlag } from "./code.js";
import { AttrCache, AttrCacheKind, GlobalCache } from "./eval.js";
import { Frame, FrameFlag } from "./frame.js";
import { isGenerator } from "./generator.js";
import { dropSnapshot } from "./locals.js";

export { keepReturned as returnFromGenerator, send, takeSendResult } from "./generator.js";
export { rareOpcode } from "./rare.js";

const I32 = heap.I32;

const ID_enter = identifier("__enter__");
const ID_exit = identifier("__exit__");
const ID_annotations = identifier("__annotations__");
const ID_build_class = identifier("__build_class__");
const ID_keys = identifier("keys");

// --- frames ---

/** Drop the references in words `[from, to)`; 0 is skipped. */
export function dropWords(from: Addr, to: Addr): void {
  for (let at = from; at < to; at++) {
    const value = I32[at];
    if (value !== 0) {
      I32[at] = 0;
      decref(value);
    }
  }
}

/** Drop everything a frame that raised holds: its stack, then its locals in order (R7). */
export function dropFrame(frame: Addr, fp: Addr, sp: Addr): void {
  let top = sp;
  const level = frame + Frame.Size;
  while (top > level) {
    const value = I32[--top];
    if (value !== 0) decref(value);
  }
  if (fp !== frame && thread.pending !== 0) {
    const code = I32[I32[frame + Frame.Function] + FunctionObject.Code];
    const exc = takePending();
    keepLocals(exc, code, fp, frame - fp);
    restorePending(exc);
  }
  dropWords(fp, frame);
  if ((I32[frame + Frame.Flags] & FrameFlag.Snapshot) !== 0) dropSnapshot(frame);
  if (I32[frame + Frame.Locals] !== 0) decref(I32[frame + Frame.Locals]);
  // The caller's stack does not hold an __init__ that was called in place of its class.
  if ((I32[frame + Frame.Flags] & FrameFlag.Init) !== 0) decref(I32[frame + Frame.Function]);
}

export function raiseRecursion(): void {
  // Room to report: the handler and the message need a few levels themselves.
  thread.recursionLimit += 50;
  raise(T.RecursionError, "maximum recursion depth exceeded");
  thread.recursionLimit -= 50;
}

export function raiseInitResult(value: Addr): void {
  raise(T.TypeError, `__init__() should return None, not '${typeName(value)}'`);
  decref(value);
}

// --- names ---

/** Name `index` of the running code; borrowed. */
export function nameAt(callee: Addr, index: number): Addr {
  const names = I32[I32[callee + FunctionObject.Code] + CodeObject.Names];
  return I32[names + TupleObject.Items + 2 * index];
}

function slotName(frame: Addr, index: number): string {
  const code = I32[I32[frame + Frame.Function] + FunctionObject.Code];
  return getString(I32[I32[code + CodeObject.LocalsPlusNames] + TupleObject.Items + 2 * index]);
}

export function raiseUnbound(frame: Addr, index: number): void {
  const name = slotName(frame, index);
  raise(
    T.UnboundLocalError,
    `cannot access local variable '${name}' where it is not associated with a value`,
  );
}

export function raiseUnboundCell(frame: Addr, index: number): void {
  const code = I32[I32[frame + Frame.Function] + FunctionObject.Code];
  const free = I32[code + CodeObject.LocalsPlus] - I32[code + CodeObject.Free];
  if (index < free) {
    raiseUnbound(frame, index);
    return;
  }
  const name = slotName(frame, index);
  raise(
    T.NameError,
    `cannot access free variable '${name}' where it is not associated with a value in enclosing scope`,
  );
}

function raiseUndefined(name: Addr): 0 {
  return raiseNameError(T.NameError, name, `name '${getString(name)}' is not defined`);
}

/** A global or builtin name for LOAD_GLOBAL, borrowed; fills the cache at `cache`. */
export function loadGlobal(callee: Addr, index: number, cache: Addr): Addr {
  const name = nameAt(callee, index);
  const globals = I32[callee + FunctionObject.Globals];
  const builtins = I32[callee + FunctionObject.Builtins];
  let value = dictGetStr(globals, name);
  if (value !== 0) {
    fillGlobalCache(cache, globals, 0, globals, name);
    return value;
  }
  value = dictGetStr(builtins, name);
  if (value !== 0) {
    fillGlobalCache(cache, globals, builtins, builtins, name);
    return value;
  }
  return raiseUndefined(name);
}

function fillGlobalCache(cache: Addr, globals: Addr, builtins: Addr, home: Addr, name: Addr): void {
  const keys = I32[home + DictObject.Keys];
  I32[cache + GlobalCache.Globals] = 0;
  if (I32[keys + DictKeys.Kind] !== DictKind.Unicode) return;
  const entry = lookupUnicodeIndex(keys, name);
  const version = keysVersion(globals);
  const builtinVersion = builtins === 0 ? 0 : keysVersion(builtins);
  if (entry < 0 || version === 0 || (builtins !== 0 && builtinVersion === 0)) return;
  I32[cache + GlobalCache.Globals] = version;
  I32[cache + GlobalCache.Builtins] = builtinVersion;
  I32[cache + GlobalCache.Offset] = I32[keys + DictKeys.Entries] + 4 * entry + 2 - keys;
}

/** LOAD_NAME: locals mapping, globals, builtins; a new reference. */
export function loadName(frame: Addr, index: number): Addr {
  const callee = I32[frame + Frame.Function];
  const name = nameAt(callee, index);
  const locals = I32[frame + Frame.Locals];
  if (locals === 0) return raise(T.SystemError, "no locals when loading a name");
  if (I32[locals + Head.Type] === T.Dict) {
    const value = dictGetStr(locals, name);
    if (value !== 0) return incref(value);
  } else {
    const value = getItem(locals, name);
    if (value !== 0) return value;
    if (!clearPendingIf(T.KeyError)) return 0;
  }
  let value = dictGetStr(I32[callee + FunctionObject.Globals], name);
  if (value === 0) value = dictGetStr(I32[callee + FunctionObject.Builtins], name);
  return value === 0 ? raiseUndefined(name) : incref(value);
}

export function storeName(frame: Addr, index: number, value: Addr): number {
  const locals = I32[frame + Frame.Locals];
  const name = nameAt(I32[frame + Frame.Function], index);
  if (I32[locals + Head.Type] === T.Dict) return dictSetStr(locals, name, value);
  return setItem(locals, name, value);
}

export function deleteName(frame: Addr, index: number): number {
  const locals = I32[frame + Frame.Locals];
  const name = nameAt(I32[frame + Frame.Function], index);
  if (dictDelete(locals, name) === 0) return 0;
  if (!clearPendingIf(T.KeyError)) return -1;
  raiseUndefined(name);
  return -1;
}

export function deleteGlobal(callee: Addr, index: number): number {
  const globals = I32[callee + FunctionObject.Globals];
  const name = nameAt(callee, index);
  if (dictGetStr(globals, name) === 0) {
    raiseUndefined(name);
    return -1;
  }
  return dictDeleteStr(globals, name);
}

/** A class body's free variable: the class namespace hides the cell. */
export function loadClassDeref(frame: Addr, index: number): Addr {
  const locals = I32[frame + Frame.Locals];
  const code = I32[I32[frame + Frame.Function] + FunctionObject.Code];
  const name = I32[I32[code + CodeObject.LocalsPlusNames] + TupleObject.Items + 2 * index];
  if (I32[locals + Head.Type] === T.Dict) {
    const value = dictGetStr(locals, name);
    if (value !== 0) return incref(value);
  } else {
    const value = getItem(locals, name);
    if (value !== 0) return value;
    if (!clearPendingIf(T.KeyError)) return 0;
  }
  const value = I32[I32[I32[frame + Frame.Fp] + index] + 4];
  if (value !== 0) return incref(value);
  raiseUnboundCell(frame, index);
  return 0;
}

export function loadBuildClass(callee: Addr): Addr {
  const value = dictGetStr(I32[callee + FunctionObject.Builtins], ID_build_class);
  if (value === 0) return raise(T.NameError, "__build_class__ not found");
  return incref(value);
}

export function setupAnnotations(frame: Addr): number {
  const locals = I32[frame + Frame.Locals];
  const has = contains(locals, ID_annotations);
  if (has !== 0) return has < 0 ? -1 : 0;
  const dict = newDict();
  if (dict === 0) return -1;
  const status = setItem(locals, ID_annotations, dict);
  decref(dict);
  return status;
}

// --- attributes ---

/**
 * What the inline caches of places that see several types cannot hold: how an attribute of a type
 * is reached, by (type version, name). This thread's; version tags are never reused, so entries of
 * types that changed just go stale. Words as in AttrCache, with the name behind.
 */
const shapes = new Int32Array(8 * 4096);
onRenewal(() => shapes.fill(0));

const enum Shape {
  Name = 4,
  Words = 8,
  Mask = 4095,
}

function shapeOf(version: number, name: Addr): number {
  return ((Math.imul(version, 0x9e3779b1) ^ (name >> 2)) & Shape.Mask) * Shape.Words;
}

/** Note in {@link shapes} what the inline cache at `cache` says now, if it says anything. */
function noteShape(cache: Addr, name: Addr): void {
  const version = I32[cache + AttrCache.Version];
  if (version === 0) return;
  const at = shapeOf(version, name);
  for (let i = 0; i < AttrCache.Size; i++) shapes[at + i] = I32[cache + i];
  shapes[at + Shape.Name] = name;
}

/** The entry of `shapes` for `object.name`, or -1. */
function findShape(type: Addr, name: Addr): number {
  const version = I32[type + TypeObject.Version];
  if (version === 0) return -1;
  const at = shapeOf(version, name);
  return shapes[at] === version && shapes[at + Shape.Name] === name ? at : -1;
}

/** LOAD_ATTR without a valid cache: look up, then fill the cache. */
export function loadAttribute(frame: Addr, object: Addr, index: number, cache: Addr): Addr {
  const name = nameAt(I32[frame + Frame.Function], index);
  const type = I32[object + Head.Type];
  const shape = findShape(type, name);
  if (shape >= 0 && shapes[shape + AttrCache.Kind] === AttrCacheKind.Instance) {
    const values = I32[object + InstanceObject.Values];
    const place = shapes[shape + AttrCache.Index];
    if (values !== 0 && place < I32[values]) {
      const value = I32[values + 2 + (place << 1)];
      if (value !== 0) {
        I32[value]++;
        return value;
      }
    }
  }
  const value = getAttr(object, name);
  if (value === 0) return 0;
  fillAttrCache(object, name, cache, false);
  noteShape(cache, name);
  return value;
}

/**
 * Describe how `object.name` was reached in the cache at `cache`. Kinds that cannot be described
 * leave it empty.
 */
function fillAttrCache(object: Addr, name: Addr, cache: Addr, methodsOnly: boolean): void {
  I32[cache + AttrCache.Version] = 0;
  const type = I32[object + Head.Type];
  const kind = specializeAttribute(type, name);
  const version = attributeShape.version;
  if (version === 0) return;
  const managed = (I32[type + TypeObject.Flags] & TypeFlag.ManagedDict) !== 0;
  const keys = managed ? I32[type + TypeObject.CachedKeys] : 0;
  if (kind === AttributeKind.Instance && !methodsOnly) {
    if (keys === 0) return;
    const index = lookupUnicodeIndex(keys, name);
    if (index < 0) return;
    I32[cache + AttrCache.Kind] = AttrCacheKind.Instance;
    I32[cache + AttrCache.Index] = index;
  } else if (kind === AttributeKind.Slot && !methodsOnly) {
    I32[cache + AttrCache.Kind] = AttrCacheKind.Slot;
    I32[cache + AttrCache.Index] = I32[attributeShape.value + DescriptorObject.Definition];
    if (attributeShape.index >= 0) I32[cache + AttrCache.Index] = attributeShape.index;
  } else if (kind === (methodsOnly ? AttributeKind.Method : AttributeKind.Class)) {
    if (managed) {
      if (keys === 0 || lookupUnicodeIndex(keys, name) >= 0) return;
      const keysTag = versionOfKeys(keys);
      if (keysTag === 0) return;
      I32[cache + AttrCache.Kind] = methodsOnly
        ? AttrCacheKind.MethodUnshadowed
        : AttrCacheKind.ClassUnshadowed;
      I32[cache + AttrCache.KeysVersion] = keysTag;
    } else {
      const mayShadow = (I32[type + TypeObject.Flags] & TypeFlag.NoDictsYet) === 0;
      if (I32[type + TypeObject.DictOffset] !== 0 && mayShadow) return;
      I32[cache + AttrCache.Kind] = methodsOnly ? AttrCacheKind.Method : AttrCacheKind.Class;
    }
    I32[cache + AttrCache.Value] = attributeShape.value;
  } else return;
  I32[cache + AttrCache.Version] = version;
}

/** STORE_ATTR without a valid cache or for an attribute that was not set yet. */
export function storeAttribute(
  frame: Addr,
  object: Addr,
  index: number,
  value: Addr,
  cache: Addr,
): number {
  const name = nameAt(I32[frame + Frame.Function], index);
  const type = I32[object + Head.Type];
  const version = I32[cache + AttrCache.Version];
  // A cached type: nothing but the instance is concerned, the attribute is just new to it.
  if (version !== 0 && version === I32[type + TypeObject.Version]) {
    return instanceSet(object, name, value);
  }
  const shape = findShape(type, ~name);
  if (shape >= 0) return storeShaped(object, name, value, shapes[shape + AttrCache.Index]);
  if (setAttr(object, name, value) < 0) return -1;
  I32[cache + AttrCache.Version] = 0;
  const kind = specializeAttribute(type, name);
  const custom = slotsOf(type).setAttr !== slotsOf(T.Object).setAttr;
  if (kind !== AttributeKind.Instance || custom || attributeShape.version === 0) return 0;
  const keys = I32[type + TypeObject.CachedKeys];
  const at = keys === 0 ? -1 : lookupUnicodeIndex(keys, name);
  if (at < 0) return 0;
  I32[cache + AttrCache.Kind] = AttrCacheKind.Instance;
  I32[cache + AttrCache.Index] = at;
  I32[cache + AttrCache.Version] = attributeShape.version;
  noteShape(cache, ~name);
  return 0;
}

/** Store an attribute that instances of this type keep as number `place` of their values. */
function storeShaped(object: Addr, name: Addr, value: Addr, place: number): number {
  const values = I32[object + InstanceObject.Values];
  if (values === 0 || place >= I32[values]) return instanceSet(object, name, value);
  const at = values + 2 + (place << 1);
  const old = I32[at];
  if (old === 0) return instanceSet(object, name, value);
  I32[value]++;
  I32[at] = value;
  decref(old);
  return 0;
}

/** LOAD_METHOD without a valid cache; {@link methodIsUnbound} tells the form of the result. */
export function loadMethodCached(frame: Addr, object: Addr, index: number, cache: Addr): Addr {
  const name = nameAt(I32[frame + Frame.Function], index);
  const type = I32[object + Head.Type];
  const shape = findShape(type, name);
  if (shape >= 0) {
    const kind = shapes[shape + AttrCache.Kind];
    if (
      kind === AttrCacheKind.Method ||
      (kind === AttrCacheKind.MethodUnshadowed &&
        I32[object + InstanceObject.Values] !== 0 &&
        I32[I32[type + TypeObject.CachedKeys] + DictKeys.Version] ===
          shapes[shape + AttrCache.KeysVersion])
    ) {
      methodLookup.unbound = true;
      const method = shapes[shape + AttrCache.Value];
      I32[method]++;
      return method;
    }
  }
  const method = loadMethod(object, name);
  if (method !== 0 && methodLookup.unbound) {
    fillAttrCache(object, name, cache, true);
    noteShape(cache, name);
    methodLookup.unbound = true;
  }
  return method;
}

export function methodIsUnbound(): boolean {
  return methodLookup.unbound;
}

// --- comparison and iteration ---

/** Truth of `left op right`: 1, 0, -1. */
export function compareTruth(op: number, left: Addr, right: Addr): number {
  const result = richCompare(left, right, op);
  if (result === 0) return -1;
  if (result === S.True || result === S.False) {
    I32[result]--;
    return result === S.True ? 1 : 0;
  }
  const truth = isTrue(result);
  decref(result);
  return truth;
}

/** Iterator for `yield from`: generators as they are, coroutines only inside coroutines. */
export function yieldFromIterator(value: Addr, callee: Addr): Addr {
  if (I32[value + Head.Type] === T.Coroutine) {
    const flags = I32[I32[callee + FunctionObject.Code] + CodeObject.Flags];
    if ((flags & (CodeFlag.Coroutine | CodeFlag.IterableCoroutine)) === 0) {
      return raise(
        T.TypeError,
        "cannot 'yield from' a coroutine object in a non-coroutine generator",
      );
    }
    return incref(value);
  }
  return isGenerator(value) ? incref(value) : getIter(value);
}

// --- building and unpacking ---

export function newSetFromStack(at: Addr, count: number): Addr {
  const set = newSet(0);
  if (set === 0) return 0;
  for (let i = 0; i < count; i++) {
    if (setAdd(set, I32[at + i]) < 0) {
      decref(set);
      return 0;
    }
  }
  return set;
}

export function newDictFromStack(at: Addr, words: number): Addr {
  const dict = newDict();
  if (dict === 0) return 0;
  for (let i = 0; i < words; i += 2) {
    if (dictSet(dict, I32[at + i], I32[at + i + 1]) < 0) {
      decref(dict);
      return 0;
    }
  }
  return dict;
}

export function newDictFromKeys(keys: Addr, at: Addr, count: number): Addr {
  const dict = newDict();
  if (dict === 0) return 0;
  for (let i = 0; i < count; i++) {
    if (dictSet(dict, I32[keys + TupleObject.Items + 2 * i], I32[at + i]) < 0) {
      decref(dict);
      return 0;
    }
  }
  return dict;
}

/** `[*iterable]`: LIST_EXTEND with the message of an unpacking. */
export function listExtendUnpacked(list: Addr, iterable: Addr): number {
  if (listExtend(list, iterable) >= 0) return 0;
  if (isIterable(iterable) || !exceptionMatches(thread.pending, T.TypeError)) return -1;
  clearPending();
  raise(T.TypeError, `Value after * must be an iterable, not ${typeName(iterable)}`);
  return -1;
}

function isIterable(object: Addr): boolean {
  const type = I32[object + Head.Type];
  const slots = slotsOf(type);
  return slots.iter !== null || slots.item !== null;
}

/** `{**mapping}` */
export function dictUpdateUnpacked(dict: Addr, mapping: Addr): number {
  if (!isKindOf(mapping, TypeFlag.DictSubclass) && getKeysMethod(mapping) === 0) {
    if (thread.pending === 0) raise(T.TypeError, `'${typeName(mapping)}' object is not a mapping`);
    return -1;
  }
  return dictUpdate(dict, mapping);
}

function getKeysMethod(mapping: Addr): Addr {
  return typeLookup(I32[mapping + Head.Type], ID_keys);
}

/** `f(**mapping)`: keywords must be new. `callable` is for the message. */
export function dictMerge(dict: Addr, mapping: Addr, callable: Addr): number {
  return mergeKeywords(dict, mapping, callable);
}

/** Raise the TypeError of unpacking something that cannot be iterated. */
function cannotUnpack(value: Addr): -1 {
  if (exceptionMatches(thread.pending, T.TypeError) && !isIterable(value)) {
    clearPending();
    raise(T.TypeError, `cannot unpack non-iterable ${typeName(value)} object`);
  }
  return -1;
}

/** Put `count` items of `value` at `to`, last first. */
export function unpackSequence(value: Addr, count: number, to: Addr): number {
  const type = I32[value + Head.Type];
  if (type === T.Tuple || type === T.List) {
    const size = I32[value + ListObject.Size];
    if (size > count) raise(T.ValueError, `too many values to unpack (expected ${count})`);
    else raise(T.ValueError, `not enough values to unpack (expected ${count}, got ${size})`);
    return -1;
  }
  const iterator = getIter(value);
  if (iterator === 0) return cannotUnpack(value);
  const base = thread.sp;
  let got = 0;
  for (; got < count; got++) {
    thread.sp = base + got;
    const item = iterNext(iterator);
    if (item === 0) break;
    I32[base + got] = item;
  }
  thread.sp = base + got;
  let ok = got === count && thread.pending === 0;
  if (ok) {
    const extra = iterNext(iterator);
    if (extra !== 0) {
      decref(extra);
      raise(T.ValueError, `too many values to unpack (expected ${count})`);
    }
    ok = thread.pending === 0;
  } else if (thread.pending === 0) {
    raise(T.ValueError, `not enough values to unpack (expected ${count}, got ${got})`);
  }
  decref(iterator);
  if (!ok) {
    dropWords(base, base + got);
    thread.sp = base;
    return -1;
  }
  for (let i = 0, j = count - 1; i < j; i++, j--) {
    const swap = I32[base + i];
    I32[base + i] = I32[base + j];
    I32[base + j] = swap;
  }
  I32.copyWithin(to, base, base + count);
  return 0;
}

/** `a, *b, c = value`: last target first at `to`. */
export function unpackEx(value: Addr, before: number, after: number, to: Addr): number {
  const list = listFromIterable(value);
  if (list === 0) return cannotUnpack(value);
  const size = I32[list + ListObject.Size];
  if (size < before + after) {
    decref(list);
    raise(
      T.ValueError,
      after === 0
        ? `not enough values to unpack (expected at least ${before}, got ${size})`
        : `not enough values to unpack (expected at least ${before + after}, got ${size})`,
    );
    return -1;
  }
  const middle = listSlice(list, before, size - after);
  if (middle === 0) {
    decref(list);
    return -1;
  }
  const items = I32[list + ListObject.Items];
  let at = to;
  for (let i = size - 1; i >= size - after; i--) I32[at++] = incref(I32[items + 2 * i]);
  I32[at++] = middle;
  for (let i = before - 1; i >= 0; i--) I32[at++] = incref(I32[items + 2 * i]);
  decref(list);
  return 0;
}

/** FORMAT_VALUE: conversion in bits 0–1, a format spec on the stack when bit 2 is set. */
export function formatValue(value: Addr, flags: number, spec: Addr): Addr {
  const conversion = flags & 3;
  let text = incref(value);
  if (conversion !== 0) {
    decref(text);
    text =
      conversion === 1
        ? strObject(value)
        : conversion === 2
          ? reprObject(value)
          : asciiObject(value);
    if (text === 0) return 0;
  }
  if ((flags & 4) === 0 && I32[text + Head.Type] === T.Str) return text;
  const result = formatObject(text, (flags & 4) !== 0 ? spec : 0);
  decref(text);
  return result;
}

// --- exceptions ---

/** Is `type` fit for an except clause, and does `exc` match? 1, 0, -1. */
export function checkExceptionMatch(exc: Addr, type: Addr): number {
  if (I32[type + Head.Type] === T.Tuple) {
    const size = I32[type + TupleObject.Size];
    for (let i = 0; i < size; i++) {
      if (!isExceptionClass(I32[type + TupleObject.Items + 2 * i])) return cannotCatch();
    }
  } else if (!isExceptionClass(type)) return cannotCatch();
  return exceptionMatches(exc, type) ? 1 : 0;
}

function isExceptionClass(object: Addr): boolean {
  return (
    (I32[I32[object + Head.Type] + TypeObject.Flags] & TypeFlag.TypeSubclass) !== 0 &&
    (I32[object + TypeObject.Flags] & TypeFlag.ExceptionSubclass) !== 0
  );
}

function cannotCatch(): -1 {
  raise(T.TypeError, "catching classes that do not inherit from BaseException is not allowed");
  return -1;
}

/**
 * RAISE_VARARGS: `raise`, `raise exc`, `raise exc from cause` (stack words, borrowed). True when
 * the exception goes on as it was (a bare raise): its traceback has this frame already.
 */
export function raiseVarargs(exc: Addr, cause: Addr): boolean {
  if (exc === 0) {
    const handled = thread.handled;
    if (handled === 0) {
      raise(T.RuntimeError, "No active exception to reraise");
      return false;
    }
    restorePending(incref(handled));
    return true;
  }
  let instance: Addr;
  if (isExceptionClass(exc)) {
    instance = newRaised(exc);
    if (instance === 0) return false;
  } else if (isKindOf(exc, TypeFlag.ExceptionSubclass)) instance = incref(exc);
  else {
    raise(T.TypeError, "exceptions must derive from BaseException");
    return false;
  }
  if (cause !== 0 && !applyCause(instance, cause)) {
    decref(instance);
    return false;
  }
  raiseException(instance);
  return false;
}

/** What calling the exception class `cls` gives; 0 with TypeError pending unless an exception. */
function newRaised(cls: Addr): Addr {
  const instance = call0(cls);
  return instance === 0 ? 0 : checkRaised(cls, instance, `<class '${typeName(instance)}'>`);
}

/**
 * `instance` (owned), which calling the exception class `cls` gave, when it is an exception; else 0
 * with a TypeError pending that calls its type `got`.
 */
export function checkRaised(cls: Addr, instance: Addr, got: string): Addr {
  if (isKindOf(instance, TypeFlag.ExceptionSubclass)) return instance;
  const called = reprObject(cls);
  if (called !== 0) {
    const wanted = "should have returned an instance of BaseException";
    raise(T.TypeError, `calling ${getString(called)} ${wanted}, not ${got}`);
    decref(called);
  }
  decref(instance);
  return 0;
}

function applyCause(instance: Addr, cause: Addr): boolean {
  if (cause === S.None) {
    setCause(instance, 0);
    return true;
  }
  if (isExceptionClass(cause)) {
    const made = newRaised(cause);
    if (made === 0) return false;
    setCause(instance, made);
    return true;
  }
  if (!isKindOf(cause, TypeFlag.ExceptionSubclass)) {
    raise(T.TypeError, "exception causes must derive from BaseException");
    return false;
  }
  setCause(instance, incref(cause));
  return true;
}

/** RERAISE: `exception` (stolen) goes on as it was. */
export function reraise(exception: Addr): void {
  restorePending(exception);
}

// --- with ---

/** BEFORE_WITH: `__exit__` replaces the manager at `sp - 1`, `__enter__()` goes to `sp`. */
export function beforeWith(sp: Addr): number {
  const manager = I32[sp - 1];
  const enter = lookupSpecial(manager, ID_enter);
  if (enter === 0) return noManager(manager, "");
  const exit = lookupSpecial(manager, ID_exit);
  if (exit === 0) {
    decref(enter);
    return noManager(manager, " (missed __exit__ method)");
  }
  const result = call0(enter);
  decref(enter);
  if (result === 0) {
    decref(exit);
    return -1;
  }
  I32[sp - 1] = exit;
  I32[sp] = result;
  thread.sp = sp + 1;
  decref(manager);
  return 0;
}

function noManager(manager: Addr, detail: string): -1 {
  if (thread.pending === 0) {
    raise(
      T.TypeError,
      `'${typeName(manager)}' object does not support the context manager protocol${detail}`,
    );
  }
  return -1;
}

/** WITH_EXCEPT_START: `exit(type, exc, traceback)`. */
export function withExceptStart(exit: Addr, exc: Addr): Addr {
  const traceback = I32[exc + ExceptionObject.Traceback];
  return call3(exit, I32[exc + Head.Type], exc, traceback === 0 ? S.None : traceback);
}
