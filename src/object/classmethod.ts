/** classmethod and staticmethod. */

import { type Addr, heap } from "../memory/heap.js";
import { checkArity, noKeywords } from "./arguments.js";
import { getAttrOptional, setAttr } from "./attribute.js";
import { callObject, passingOn } from "./call.js";
import { defineType, getSet, member, type TypeDef } from "./define.js";
import { newDict } from "./dict.js";
import { pending } from "./errors.js";
import { freeObject } from "./gcheader.js";
import { clearField, decref, incref, setField } from "./header.js";
import { identifier } from "./identifiers.js";
import { newObjectOf } from "./instance.js";
import { ClassMethodObject, Head, TypeFlag } from "./layout.js";
import { newMethod } from "./method.js";
import { reprObject } from "./repr.js";
import { slotsOf } from "./slots.js";
import { getString, newStr } from "./str.js";
import { inTrashcan } from "./trashcan.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const wrappedNames = ["__module__", "__name__", "__qualname__", "__doc__", "__annotations__"].map(
  identifier,
);
const idAbstract = identifier("__isabstractmethod__");

/** `staticmethod(callable)`; borrowed. */
export function newStaticMethod(callable: Addr): Addr {
  return wrap(T.StaticMethod, callable);
}

/** `classmethod(callable)`; borrowed. */
export function newClassMethod(callable: Addr): Addr {
  return wrap(T.ClassMethod, callable);
}

function wrap(type: Addr, callable: Addr): Addr {
  const method = newObjectOf(type);
  if (method !== 0) I32[method + ClassMethodObject.Callable] = incref(callable);
  return method;
}

const dealloc = inTrashcan((self) => {
  clear(self);
  freeObject(self);
});

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  for (const offset of [ClassMethodObject.Callable, ClassMethodObject.Dict]) {
    if (I32[self + offset] !== 0) visit(I32[self + offset]);
  }
}

function clear(self: Addr): void {
  clearField(self + ClassMethodObject.Callable);
  clearField(self + ClassMethodObject.Dict);
}

/** Take the callable over, with its name and documentation. */
function initialize(fname: string) {
  return (self: Addr, args: Addr, nargs: number, kwnames: Addr): number => {
    if (!noKeywords(fname, kwnames) || !checkArity(fname, nargs, 1, 1)) return -1;
    const callable = I32[args];
    setField(self + ClassMethodObject.Callable, incref(callable));
    for (const name of wrappedNames) {
      const value = getAttrOptional(callable, name);
      if (value === 0) {
        if (pending()) return -1;
        continue;
      }
      const status = setAttr(self, name, value);
      decref(value);
      if (status < 0) return -1;
    }
    return 0;
  };
}

/** The class goes first; a wrapped descriptor is bound to the class. */
function bindToClass(self: Addr, object: Addr, owner: Addr): Addr {
  const cls = owner === 0 ? I32[object + Head.Type] : owner;
  const callable = I32[self + ClassMethodObject.Callable];
  const get = slotsOf(I32[callable + Head.Type]).descrGet;
  return get === null ? newMethod(callable, cls) : get(callable, cls, cls);
}

function repr(prefix: string) {
  return (self: Addr): Addr => {
    const inner = reprObject(I32[self + ClassMethodObject.Callable]);
    if (inner === 0) return 0;
    const text = `<${prefix}(${getString(inner)})>`;
    decref(inner);
    return newStr(text);
  };
}

function getDict(self: Addr): Addr {
  if (I32[self + ClassMethodObject.Dict] === 0) I32[self + ClassMethodObject.Dict] = newDict();
  const dict = I32[self + ClassMethodObject.Dict];
  return dict === 0 ? 0 : incref(dict);
}

function isAbstract(self: Addr): Addr {
  const value = getAttrOptional(I32[self + ClassMethodObject.Callable], idAbstract);
  if (value === 0) return pending() ? 0 : incref(S.False);
  return value;
}

function common(name: string, type: Addr, slots: TypeDef["slots"]): TypeDef {
  return {
    type,
    name,
    flags: TypeFlag.HasGc | TypeFlag.BaseType,
    basicSize: ClassMethodObject.Bytes,
    dictOffset: ClassMethodObject.Dict,
    slots: {
      dealloc,
      traverse,
      clear,
      init: initialize(name),
      new: (cls) => newObjectOf(cls),
      repr: repr(name),
      ...slots,
    },
    getSets: [getSet("__dict__", getDict), getSet("__isabstractmethod__", isAbstract)],
    members: [
      member("__func__", ClassMethodObject.Callable),
      member("__wrapped__", ClassMethodObject.Callable),
    ],
  };
}

defineType({
  ...common("classmethod", T.ClassMethod, { descrGet: bindToClass }),
  doc: "classmethod(function) -> method\n\nConvert a function to be a class method.",
});

defineType({
  ...common("staticmethod", T.StaticMethod, {
    descrGet: (self) => incref(I32[self + ClassMethodObject.Callable]),
    call: passingOn((self, args, nargs, kwnames) =>
      callObject(I32[self + ClassMethodObject.Callable], args, nargs, kwnames),
    ),
  }),
  doc: "staticmethod(function) -> method\n\nConvert a function to be a static method.",
});
