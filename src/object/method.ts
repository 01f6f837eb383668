/** Bound methods: a function and the object that goes before its arguments. */

import { type Addr, heap } from "../memory/heap.js";
import { hashObject, richCompareBool } from "./abstract.js";
import { getAttr, getAttrOptional } from "./attribute.js";
import { callObject } from "./call.js";
import { defineType, getSet, member, noArgs } from "./define.js";
import { newNotImplemented, pending, raise } from "./errors.js";
import { freeObject, newGcObject, track } from "./gcheader.js";
import { clearField, decref, incref } from "./header.js";
import { identifier } from "./identifiers.js";
import { clearWeakReferences, hashAddress } from "./instance.js";
import { Head, MethodObject, TypeFlag } from "./layout.js";
import { newBuiltinReduction } from "./reduction.js";
import { reprObject } from "./repr.js";
import { Compare, slotsOf } from "./slots.js";
import { getString, isStr, newStr } from "./str.js";
import { thread } from "./thread.js";
import { inTrashcan } from "./trashcan.js";
import { typeLookup } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const idGetAttr = identifier("getattr");
const idDoc = identifier("__doc__");
const idName = identifier("__name__");
const idQualName = identifier("__qualname__");

/** A bound method; both are borrowed. */
export function newMethod(callable: Addr, self: Addr): Addr {
  const method = newGcObject(T.Method, MethodObject.Bytes);
  if (method === 0) return 0;
  I32[method + MethodObject.Function] = callable;
  I32[callable]++;
  I32[method + MethodObject.Self] = self;
  I32[self]++;
  track(method);
  return method;
}

const dealloc = inTrashcan((self) => {
  clearWeakReferences(self, MethodObject.WeakList);
  clearField(self + MethodObject.Function);
  clearField(self + MethodObject.Self);
  freeObject(self);
});

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  visit(I32[self + MethodObject.Function]);
  visit(I32[self + MethodObject.Self]);
}

/** Call with the object put before the arguments, on top of the data stack. */
function call(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const sp = thread.sp;
  const words = nargs + (kwnames === 0 ? 0 : I32[kwnames + Head.Size]);
  I32[sp] = I32[self + MethodObject.Self];
  I32.copyWithin(sp + 1, args, args + words);
  thread.sp = sp + 1 + words;
  const result = callObject(I32[self + MethodObject.Function], sp, nargs + 1, kwnames);
  thread.sp = sp;
  return result;
}

/** Attributes of the method's own type first, then the function's. */
function getAttribute(self: Addr, name: Addr): Addr {
  const found = typeLookup(T.Method, name);
  if (found !== 0) {
    const get = slotsOf(I32[found + Head.Type]).descrGet;
    return get === null ? incref(found) : get(found, self, T.Method);
  }
  return getAttr(I32[self + MethodObject.Function], name);
}

function richCompare(left: Addr, right: Addr, op: number): Addr {
  if ((op !== Compare.Eq && op !== Compare.Ne) || I32[right + Head.Type] !== T.Method) {
    return newNotImplemented();
  }
  const functions = [left, right].map((m) => I32[m + MethodObject.Function]);
  let equal = richCompareBool(functions[0], functions[1], Compare.Eq);
  if (equal < 0) return 0;
  if (equal === 1) {
    equal = I32[left + MethodObject.Self] === I32[right + MethodObject.Self] ? 1 : 0;
  }
  return incref((equal === 1) === (op === Compare.Eq) ? S.True : S.False);
}

function hash(self: Addr): number {
  const inner = hashObject(I32[self + MethodObject.Function]);
  if (inner === -1) return -1;
  const mixed = hashAddress(I32[self + MethodObject.Self]) ^ inner;
  return mixed === -1 ? -2 : mixed;
}

function repr(self: Addr): Addr {
  const callable = I32[self + MethodObject.Function];
  let name = getAttrOptional(callable, idQualName);
  if (name === 0 && !pending()) name = getAttrOptional(callable, idName);
  if (name === 0 && pending()) return 0;
  const shown = name !== 0 && isStr(name) ? getString(name) : "?";
  if (name !== 0) decref(name);
  const object = reprObject(I32[self + MethodObject.Self]);
  if (object === 0) return 0;
  const text = `<bound method ${shown} of ${getString(object)}>`;
  decref(object);
  return newStr(text);
}

function newMethodObject(_type: Addr, args: Addr, nargs: number): Addr {
  if (nargs !== 2) return raise(T.TypeError, `method expected 2 arguments, got ${nargs}`);
  if (slotsOf(I32[I32[args] + Head.Type]).call === null) {
    return raise(T.TypeError, "first argument must be callable");
  }
  if (I32[args + 1] === S.None) return raise(T.TypeError, "self must not be None");
  return newMethod(I32[args], I32[args + 1]);
}

defineType({
  type: T.Method,
  name: "method",
  flags: TypeFlag.HasGc,
  basicSize: MethodObject.Bytes,
  weakListOffset: MethodObject.WeakList,
  slots: {
    dealloc,
    traverse,
    call,
    getAttr: getAttribute,
    richCompare,
    hash,
    repr,
    new: newMethodObject,
  },
  methods: [
    noArgs("__reduce__", (self) =>
      newBuiltinReduction(idGetAttr, [
        incref(I32[self + MethodObject.Self]),
        getAttr(I32[self + MethodObject.Function], idName),
      ]),
    ),
  ],
  members: [member("__func__", MethodObject.Function), member("__self__", MethodObject.Self)],
  getSets: [getSet("__doc__", (self) => getAttr(I32[self + MethodObject.Function], idDoc))],
  doc: "Create a bound instance method object.",
});
