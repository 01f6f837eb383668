/** property. */
import { type Addr, heap } from "../memory/heap.js";
import { bindArguments } from "./arguments.js";
import { getAttrOptional, setAttr } from "./attribute.js";
import { call1, call2 } from "./call.js";
import { defineType, fast, getSet, member, oneArg } from "./define.js";
import { newNone, pending, raise, raiseStatus } from "./errors.js";
import { freeObject, untrack } from "./gcheader.js";
import { clearField, decref, incref, setField, typeOf } from "./header.js";
import { identifier } from "./identifiers.js";
import { newObjectOf } from "./instance.js";
import { PropertyObject, TypeFlag } from "./layout.js";
import { isTrue } from "./number.js";
import { reprObject } from "./repr.js";
import { getString } from "./str.js";
import { trashBeginBase, trashEnd } from "./trashcan.js";
import { typeQualName } from "./typeobject.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const idDoc = identifier("__doc__");
const idAbstract = identifier("__isabstractmethod__");

const references = [
  PropertyObject.Getter,
  PropertyObject.Setter,
  PropertyObject.Deleter,
  PropertyObject.Doc,
  PropertyObject.Name,
];

function dealloc(self: Addr): void {
  untrack(self);
  if (!trashBeginBase(self)) return;
  clear(self);
  freeObject(self);
  trashEnd();
}

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  for (let i = 0; i < references.length; i++) {
    const value = I32[self + references[i]];
    if (value !== 0) visit(value);
  }
}

function clear(self: Addr): void {
  for (let i = 0; i < references.length; i++) clearField(self + references[i]);
}

const bound = new Int32Array(4);

function init(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  const spec = ["fget", "fset", "fdel", "doc"];
  if (!bindArguments("property", args, nargs, kwnames, spec, 0, bound)) return -1;
  return initialize(self, bound[0], bound[1], bound[2], bound[3]);
}

/** All are borrowed; 0 and None mean absent. */
function initialize(self: Addr, get: Addr, set: Addr, del: Addr, doc: Addr): number {
  const given = (value: Addr): Addr => (value === 0 || value === S.None ? 0 : incref(value));
  setField(self + PropertyObject.Getter, given(get));
  setField(self + PropertyObject.Setter, given(set));
  setField(self + PropertyObject.Deleter, given(del));
  setField(self + PropertyObject.Doc, given(doc));
  I32[self + PropertyObject.DocFromGetter] = 0;
  const getter = I32[self + PropertyObject.Getter];
  if (I32[self + PropertyObject.Doc] !== 0 || getter === 0) return 0;
  const inherited = getAttrOptional(getter, idDoc);
  if (inherited === 0) return pending() ? -1 : 0;
  I32[self + PropertyObject.DocFromGetter] = 1;
  if (typeOf(self) === T.Property) {
    setField(self + PropertyObject.Doc, inherited);
    return 0;
  }
  const status = setAttr(self, idDoc, inherited);
  decref(inherited);
  return status;
}

function descrGet(self: Addr, object: Addr): Addr {
  if (object === 0 || object === S.None) return incref(self);
  const getter = I32[self + PropertyObject.Getter];
  if (getter !== 0) return call1(getter, object);
  raiseMissing(self, object, "getter");
  return 0;
}

function descrSet(self: Addr, object: Addr, value: Addr): number {
  const callable = I32[self + (value === 0 ? PropertyObject.Deleter : PropertyObject.Setter)];
  if (callable === 0) return raiseMissing(self, object, value === 0 ? "deleter" : "setter");
  const result = value === 0 ? call1(callable, object) : call2(callable, object, value);
  if (result === 0) return -1;
  decref(result);
  return 0;
}

function raiseMissing(self: Addr, object: Addr, what: string): -1 {
  const name = I32[self + PropertyObject.Name];
  const owner = typeQualName(typeOf(object));
  if (name === 0) {
    return raiseStatus(T.AttributeError, `property of '${owner}' object has no ${what}`);
  }
  const shown = reprObject(name);
  if (shown === 0) return -1;
  const text = `property ${getString(shown)} of '${owner}' object has no ${what}`;
  decref(shown);
  return raiseStatus(T.AttributeError, text);
}

/** A copy with one of the functions replaced (`@x.setter`). */
function copyWith(self: Addr, offset: number, callable: Addr): Addr {
  const part = (at: number): Addr => (at === offset ? callable : I32[self + at]);
  const copy = newObjectOf(typeOf(self));
  if (copy === 0) return 0;
  const fromGetter = I32[self + PropertyObject.DocFromGetter] !== 0;
  const doc = fromGetter && part(PropertyObject.Getter) !== 0 ? 0 : I32[self + PropertyObject.Doc];
  const [get, set] = [part(PropertyObject.Getter), part(PropertyObject.Setter)];
  if (initialize(copy, get, set, part(PropertyObject.Deleter), doc) < 0) {
    decref(copy);
    return 0;
  }
  const name = I32[self + PropertyObject.Name];
  if (name !== 0) setField(copy + PropertyObject.Name, incref(name));
  return copy;
}

function setName(self: Addr, args: Addr, nargs: number): Addr {
  if (nargs !== 2) {
    return raise(
      T.TypeError,
      `__set_name__() takes 2 positional arguments but ${nargs} were given`,
    );
  }
  setField(self + PropertyObject.Name, incref(I32[args + 1]));
  return newNone();
}

function isAbstract(self: Addr): Addr {
  for (let i = 0; i < 3; i++) {
    const callable = I32[self + references[i]];
    if (callable === 0) continue;
    const flag = getAttrOptional(callable, idAbstract);
    if (flag === 0) {
      if (pending()) return 0;
      continue;
    }
    const truth = isTrue(flag);
    decref(flag);
    if (truth < 0) return 0;
    if (truth === 1) return incref(S.True);
  }
  return incref(S.False);
}

defineType({
  type: T.Property,
  name: "property",
  flags: TypeFlag.HasGc | TypeFlag.BaseType,
  basicSize: PropertyObject.Bytes,
  slots: { dealloc, traverse, clear, init, new: (type) => newObjectOf(type), descrGet, descrSet },
  methods: [
    oneArg("getter", (self, fn) => copyWith(self, PropertyObject.Getter, fn)),
    oneArg("setter", (self, fn) => copyWith(self, PropertyObject.Setter, fn)),
    oneArg("deleter", (self, fn) => copyWith(self, PropertyObject.Deleter, fn)),
    fast("__set_name__", setName),
  ],
  getSets: [getSet("__isabstractmethod__", isAbstract)],
  members: [
    member("fget", PropertyObject.Getter),
    member("fset", PropertyObject.Setter),
    member("fdel", PropertyObject.Deleter),
    member("__doc__", PropertyObject.Doc, { readonly: false }),
  ],
  doc: "Property attribute.\n\n  fget\n    function to be used for getting an attribute value",
});
