/** mappingproxy (read-only views of class dicts) and types.SimpleNamespace. */

import { type Addr, heap } from "../memory/heap.js";
import {
  richCompare as compareObjects,
  contains,
  getItem,
  getIter,
  objectLength,
} from "./abstract.js";
import { checkArity } from "./arguments.js";
import { callMethod0, callMethod2 } from "./call.js";
import { defineType, fast, getSet, noArgs } from "./define.js";
import { dictKeyAt, dictNext, dictSet, dictValueAt, newDict } from "./dict.js";
import { newNotImplemented, raise, raiseStatus } from "./errors.js";
import { freeObject, newGcObject, track, untrack } from "./gcheader.js";
import { clearField, decref, incref, typeOf, xdecref } from "./header.js";
import { identifier } from "./identifiers.js";
import { newObjectOf } from "./instance.js";
import { newInterned } from "./intern.js";
import { TupleObject, TypeFlag } from "./layout.js";
import { binaryOp } from "./number.js";
import { newReduction } from "./reduction.js";
import { reprEnter, reprLeave, reprObject, strObject } from "./repr.js";
import { Compare, slotsOf } from "./slots.js";
import { getString, newStr } from "./str.js";
import { typeName } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

/** mappingproxy, 24 + header; SimpleNamespace likewise. */
const enum Holder {
  Mapping = 4,
  Bytes = 24,
}

const BinaryOr = 7;

/** A read-only view of `mapping` (borrowed). */
export function newMappingProxy(mapping: Addr): Addr {
  const proxy = newGcObject(T.MappingProxy, Holder.Bytes);
  if (proxy === 0) return 0;
  I32[proxy + Holder.Mapping] = incref(mapping);
  track(proxy);
  return proxy;
}

function dealloc(self: Addr): void {
  untrack(self);
  clearField(self + Holder.Mapping);
  freeObject(self);
}

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  if (I32[self + Holder.Mapping] !== 0) visit(I32[self + Holder.Mapping]);
}

function mappingOf(self: Addr): Addr {
  return I32[self + Holder.Mapping];
}

function unwrap(object: Addr): Addr {
  return typeOf(object) === T.MappingProxy ? mappingOf(object) : object;
}

function proxyNew(_type: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("mappingproxy", nargs, 1, 1)) return 0;
  const mapping = I32[args];
  const isSequence = typeOf(mapping) === T.List || typeOf(mapping) === T.Tuple;
  if (slotsOf(typeOf(mapping)).subscript === null || isSequence) {
    const kind = typeName(typeOf(mapping));
    return raise(T.TypeError, `mappingproxy() argument must be a mapping, not ${kind}`);
  }
  return newMappingProxy(mapping);
}

function proxyRepr(self: Addr): Addr {
  const inner = reprObject(mappingOf(self));
  if (inner === 0) return 0;
  const text = `mappingproxy(${getString(inner)})`;
  decref(inner);
  return newStr(text);
}

function proxyCompare(left: Addr, right: Addr, op: number): Addr {
  return compareObjects(mappingOf(left), unwrap(right), op);
}

/** A method that the mapping itself has. */
function forward0(name: string) {
  const id = identifier(name);
  return noArgs(name, (self) => callMethod0(mappingOf(self), id));
}

const idGet = identifier("get");

function proxyGet(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("get", nargs, 1, 2)) return 0;
  const fallback = nargs === 2 ? I32[args + 1] : S.None;
  return callMethod2(mappingOf(self), idGet, I32[args], fallback);
}

defineType({
  type: T.MappingProxy,
  name: "mappingproxy",
  flags: TypeFlag.HasGc | TypeFlag.Mapping,
  basicSize: Holder.Bytes,
  slots: {
    dealloc,
    traverse,
    new: proxyNew,
    repr: proxyRepr,
    str: (self) => strObject(mappingOf(self)),
    richCompare: proxyCompare,
    iter: (self) => getIter(mappingOf(self)),
    length: (self) => objectLength(mappingOf(self)),
    subscript: (self, key) => getItem(mappingOf(self), key),
    contains: (self, key) => contains(mappingOf(self), key),
    or: (left, right) => binaryOp(BinaryOr, unwrap(left), unwrap(right)),
  },
  methods: [
    forward0("keys"),
    forward0("values"),
    forward0("items"),
    forward0("copy"),
    forward0("__reversed__"),
    fast("get", proxyGet),
  ],
  doc: "Read-only proxy of a mapping.",
});

function namespaceNew(type: Addr): Addr {
  const self = newObjectOf(type);
  if (self === 0) return 0;
  const dict = newDict();
  if (dict === 0) {
    decref(self);
    return 0;
  }
  I32[self + Holder.Mapping] = dict;
  return self;
}

/** A SimpleNamespace of the given attributes; takes the values over (0: an error is pending). */
export function newNamespace(entries: readonly [string, Addr][]): Addr {
  let failed = entries.some(([, value]) => value === 0);
  const self = failed ? 0 : namespaceNew(T.SimpleNamespace);
  failed ||= self === 0;
  for (const [name, value] of entries) {
    const key = failed ? 0 : newInterned(name);
    failed ||= key === 0 || dictSet(mappingOf(self), key, value) < 0;
    if (key !== 0) decref(key);
    xdecref(value);
  }
  if (!failed) return self;
  xdecref(self);
  return 0;
}

function namespaceInit(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (nargs !== 0) return raiseStatus(T.TypeError, "no positional arguments expected");
  const n = kwnames === 0 ? 0 : I32[kwnames + TupleObject.Size];
  for (let i = 0; i < n; i++) {
    const name = I32[kwnames + TupleObject.Items + 2 * i];
    if (dictSet(mappingOf(self), name, I32[args + i]) < 0) return -1;
  }
  return 0;
}

function namespaceRepr(self: Addr): Addr {
  const name = typeOf(self) === T.SimpleNamespace ? "namespace" : typeName(typeOf(self));
  const entered = reprEnter(self);
  if (entered !== 0) return entered < 0 ? 0 : newStr(`${name}(...)`);
  const parts: string[] = [];
  const dict = mappingOf(self);
  for (let i = dictNext(dict, 0); i >= 0; i = dictNext(dict, i + 1)) {
    const shown = reprObject(dictValueAt(dict, i));
    if (shown === 0) {
      reprLeave(self);
      return 0;
    }
    parts.push(`${getString(dictKeyAt(dict, i))}=${getString(shown)}`);
    decref(shown);
  }
  reprLeave(self);
  return newStr(`${name}(${parts.join(", ")})`);
}

function namespaceCompare(left: Addr, right: Addr, op: number): Addr {
  if (op !== Compare.Eq && op !== Compare.Ne) return newNotImplemented();
  if (slotsOf(typeOf(right)).repr !== namespaceRepr) return newNotImplemented();
  return compareObjects(mappingOf(left), mappingOf(right), op);
}

defineType({
  type: T.SimpleNamespace,
  name: "types.SimpleNamespace",
  flags: TypeFlag.HasGc | TypeFlag.BaseType,
  basicSize: Holder.Bytes,
  dictOffset: Holder.Mapping,
  slots: {
    dealloc,
    traverse,
    clear: (self) => clearField(self + Holder.Mapping),
    new: namespaceNew,
    init: namespaceInit,
    repr: namespaceRepr,
    richCompare: namespaceCompare,
  },
  methods: [
    noArgs("__reduce__", (self) => newReduction(incref(typeOf(self)), [], incref(mappingOf(self)))),
  ],
  getSets: [getSet("__dict__", (self) => incref(mappingOf(self)))],
  doc: "A simple attribute-based namespace.\n\nSimpleNamespace(**kwargs)",
});
