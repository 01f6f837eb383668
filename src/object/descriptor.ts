/**
 * Descriptors of static types: methods, class methods, slot wrappers, computed attributes and
 * members; `__slots__` members of classes are members too.
 */

import { type Addr, heap } from "../memory/heap.js";
import { callNative, documentation, newBuiltin, textSignature } from "./builtinfunction.js";
import { passingOn } from "./call.js";
import {
  defineType,
  type GetSetDef,
  getSet,
  getSetTable,
  type MethodDef,
  member,
  methodTable,
  noArgs,
  type TypeDef,
} from "./define.js";
import { newNone, newNotImplemented, raise, raiseStatus } from "./errors.js";
import { freeObject, newGcObject, track, untrack } from "./gcheader.js";
import { clearField, incref, setField, typeOf } from "./header.js";
import { identifier } from "./identifiers.js";
import { hashAddress } from "./instance.js";
import { DescriptorObject, Head, TypeFlag } from "./layout.js";
import { raiseAttributeErrorText } from "./nameerrors.js";
import { newBuiltinReduction } from "./reduction.js";
import { slotDefs } from "./slotdefs.js";
import { Compare } from "./slots.js";
import { getString, newStr } from "./str.js";
import { inTrashcan } from "./trashcan.js";
import { isSubtype, isType, typeName } from "./type.js";
import { typeQualName } from "./typeobject.js";
import { S, T } from "./types.js";

const I32 = heap.I32;

/** Bits of DescriptorObject.MemberFlags. */
export const enum MemberFlag {
  ReadOnly = 1,
  /** An empty field reads as None instead of raising AttributeError. */
  NoneWhenMissing = 2,
  /** Made by `__slots__`. */
  Slot = 4,
}

/** A bound slot wrapper: `(5).__add__`. */
const enum MethodWrapper {
  Descriptor = 4,
  Self = 6,
  Bytes = 32,
}

function newDescriptor(kind: Addr, owner: Addr, name: Addr, definition: number): Addr {
  const descriptor = newGcObject(kind, DescriptorObject.Bytes);
  if (descriptor === 0) return 0;
  I32[descriptor + DescriptorObject.Owner] = incref(owner);
  I32[descriptor + DescriptorObject.Name] = incref(name);
  I32[descriptor + DescriptorObject.Definition] = definition;
  track(descriptor);
  return descriptor;
}

/** The descriptor of a native method of `owner`; `name` is its interned name. All are borrowed. */
export function newMethodDescriptor(owner: Addr, name: Addr, definition: MethodDef): Addr {
  return newDescriptor(T.MethodDescriptor, owner, name, definition.index);
}

/** As {@link newMethodDescriptor}, for a native class method. */
export function newClassMethodDescriptor(owner: Addr, name: Addr, definition: MethodDef): Addr {
  return newDescriptor(T.ClassMethodDescriptor, owner, name, definition.index);
}

/** The descriptor of slot `index` of slotDefs. */
export function newWrapperDescriptor(owner: Addr, name: Addr, index: number): Addr {
  return newDescriptor(T.WrapperDescriptor, owner, name, index);
}

/** The descriptor of a computed attribute. */
export function newGetSetDescriptor(owner: Addr, name: Addr, definition: GetSetDef): Addr {
  return newDescriptor(T.GetSetDescriptor, owner, name, definition.index);
}

/** The descriptor of a counted reference at word `offset` of instances; MemberFlag bits. */
export function newMemberDescriptor(owner: Addr, name: Addr, offset: number, flags: number): Addr {
  const descriptor = newDescriptor(T.MemberDescriptor, owner, name, offset);
  if (descriptor !== 0) I32[descriptor + DescriptorObject.MemberFlags] = flags;
  return descriptor;
}

function dealloc(self: Addr): void {
  untrack(self);
  clearField(self + DescriptorObject.Owner);
  clearField(self + DescriptorObject.Name);
  clearField(self + DescriptorObject.QualName);
  freeObject(self);
}

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  visit(I32[self + DescriptorObject.Owner]);
}

function nameOf(self: Addr): string {
  return getString(I32[self + DescriptorObject.Name]);
}

function ownerName(self: Addr): string {
  return typeName(I32[self + DescriptorObject.Owner]);
}

/** False with a TypeError pending unless `object` is an instance of the descriptor's owner. */
function checkObject(self: Addr, object: Addr): boolean {
  const type = I32[object + Head.Type];
  const owner = I32[self + DescriptorObject.Owner];
  if (type === owner || isSubtype(type, owner)) return true;
  const text = `descriptor '${nameOf(self)}' for '${ownerName(self)}' objects`;
  raise(T.TypeError, `${text} doesn't apply to a '${typeName(type)}' object`);
  return false;
}

function methodGet(self: Addr, object: Addr): Addr {
  if (object === 0) return incref(self);
  if (!checkObject(self, object)) return 0;
  return newBuiltin(methodTable[I32[self + DescriptorObject.Definition]], object, 0);
}

function methodCall(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (nargs === 0) {
    return raise(
      T.TypeError,
      `unbound method ${ownerName(self)}.${nameOf(self)}() needs an argument`,
    );
  }
  const object = I32[args];
  if (I32[object + Head.Type] !== I32[self + DescriptorObject.Owner]) {
    if (!checkObject(self, object)) return 0;
  }
  const definition = methodTable[I32[self + DescriptorObject.Definition]];
  return callNative(definition, object, args + 1, nargs - 1, kwnames, self);
}

/** False with a TypeError pending unless `type` is the descriptor's owner or derived from it. */
function checkOwner(self: Addr, type: Addr): boolean {
  const about = `descriptor '${nameOf(self)}' for type '${ownerName(self)}'`;
  if (!isType(type)) {
    const kind = typeName(typeOf(type));
    raise(T.TypeError, `${about} needs a type, not a '${kind}' as arg 2`);
    return false;
  }
  if (isSubtype(type, I32[self + DescriptorObject.Owner])) return true;
  raise(T.TypeError, `${about} doesn't apply to type '${typeName(type)}'`);
  return false;
}

function classMethodGet(self: Addr, object: Addr, owner: Addr): Addr {
  const type = owner === 0 ? I32[object + Head.Type] : owner;
  if (!checkOwner(self, type)) return 0;
  return newBuiltin(methodTable[I32[self + DescriptorObject.Definition]], type, 0);
}

function classMethodCall(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (nargs === 0) {
    const text = `descriptor '${nameOf(self)}' of '${ownerName(self)}' object needs an argument`;
    return raise(T.TypeError, text);
  }
  if (!checkOwner(self, I32[args])) return 0;
  const definition = methodTable[I32[self + DescriptorObject.Definition]];
  return callNative(definition, I32[args], args + 1, nargs - 1, kwnames, self);
}

function wrapperGet(self: Addr, object: Addr): Addr {
  if (object === 0) return incref(self);
  if (!checkObject(self, object)) return 0;
  const wrapper = newGcObject(T.MethodWrapper, MethodWrapper.Bytes);
  if (wrapper === 0) return 0;
  I32[wrapper + MethodWrapper.Descriptor] = incref(self);
  I32[wrapper + MethodWrapper.Self] = incref(object);
  track(wrapper);
  return wrapper;
}

function wrapperCall(self: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  if (nargs === 0) {
    const text = `descriptor '${nameOf(self)}' of '${ownerName(self)}' object needs an argument`;
    return raise(T.TypeError, text);
  }
  const object = I32[args];
  const type = I32[object + Head.Type];
  if (!isSubtype(type, I32[self + DescriptorObject.Owner])) {
    const text = `descriptor '${nameOf(self)}' requires a '${ownerName(self)}' object`;
    return raise(T.TypeError, `${text} but received a '${typeName(type)}'`);
  }
  return callWrapped(self, object, args + 1, nargs - 1, kwnames);
}

/** Run the slot a wrapper descriptor stands for. */
function callWrapped(self: Addr, object: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const slot = slotDefs[I32[self + DescriptorObject.Definition]];
  if (kwnames !== 0 && I32[kwnames + Head.Size] !== 0 && !slot.keywords) {
    return raise(T.TypeError, `wrapper ${nameOf(self)}() takes no keyword arguments`);
  }
  return slot.wrap(I32[self + DescriptorObject.Owner], object, args, nargs, kwnames);
}

const methodWrapperDealloc = inTrashcan((self) => {
  clearField(self + MethodWrapper.Descriptor);
  clearField(self + MethodWrapper.Self);
  freeObject(self);
});

function methodWrapperTraverse(self: Addr, visit: (ref: Addr) => void): void {
  visit(I32[self + MethodWrapper.Descriptor]);
  visit(I32[self + MethodWrapper.Self]);
}

function methodWrapperRepr(self: Addr): Addr {
  const object = I32[self + MethodWrapper.Self];
  const name = nameOf(I32[self + MethodWrapper.Descriptor]);
  const where = `0x${(object * 4).toString(16)}`;
  return newStr(`<method-wrapper '${name}' of ${typeName(typeOf(object))} object at ${where}>`);
}

function methodWrapperCompare(left: Addr, right: Addr, op: number): Addr {
  if (op !== Compare.Eq && op !== Compare.Ne) return newNotImplemented();
  if (typeOf(right) !== T.MethodWrapper) return newNotImplemented();
  const equal =
    I32[left + MethodWrapper.Descriptor] === I32[right + MethodWrapper.Descriptor] &&
    I32[left + MethodWrapper.Self] === I32[right + MethodWrapper.Self];
  return incref(equal === (op === Compare.Eq) ? S.True : S.False);
}

function getSetGet(self: Addr, object: Addr): Addr {
  if (object === 0) return incref(self);
  if (!checkObject(self, object)) return 0;
  return getSetTable[I32[self + DescriptorObject.Definition]].get(object);
}

function getSetSet(self: Addr, object: Addr, value: Addr): number {
  if (!checkObject(self, object)) return -1;
  const { set } = getSetTable[I32[self + DescriptorObject.Definition]];
  if (set !== null) return set(object, value);
  const text = `attribute '${nameOf(self)}' of '${ownerName(self)}' objects is not writable`;
  return raiseStatus(T.AttributeError, text);
}

function memberGet(self: Addr, object: Addr): Addr {
  if (object === 0) return incref(self);
  if (!checkObject(self, object)) return 0;
  const value = I32[object + I32[self + DescriptorObject.Definition]];
  if (value !== 0) return incref(value);
  const flags = I32[self + DescriptorObject.MemberFlags];
  if ((flags & MemberFlag.NoneWhenMissing) !== 0) return newNone();
  const name = I32[self + DescriptorObject.Name];
  const text = `'${typeName(typeOf(object))}' object has no attribute '${getString(name)}'`;
  return raiseAttributeErrorText(object, name, text);
}

function memberSet(self: Addr, object: Addr, value: Addr): number {
  if (!checkObject(self, object)) return -1;
  const flags = I32[self + DescriptorObject.MemberFlags];
  if ((flags & MemberFlag.ReadOnly) !== 0) {
    return raiseStatus(T.AttributeError, "readonly attribute");
  }
  const field = object + I32[self + DescriptorObject.Definition];
  if (value === 0 && I32[field] === 0 && (flags & MemberFlag.NoneWhenMissing) === 0) {
    raiseAttributeErrorText(object, I32[self + DescriptorObject.Name], nameOf(self));
    return -1;
  }
  setField(field, value === 0 ? 0 : incref(value));
  return 0;
}

function reprAs(text: string) {
  return (self: Addr): Addr =>
    newStr(`<${text} '${nameOf(self)}' of '${ownerName(self)}' objects>`);
}

function getQualName(self: Addr): Addr {
  return newStr(`${typeQualName(I32[self + DescriptorObject.Owner])}.${nameOf(self)}`);
}

function methodDoc(self: Addr): string | null {
  return methodTable[I32[self + DescriptorObject.Definition]].doc;
}

function common(type: Addr, name: string, text: string, slots: TypeDef["slots"]): TypeDef {
  return {
    type,
    name,
    flags: TypeFlag.HasGc,
    basicSize: DescriptorObject.Bytes,
    slots: { dealloc, traverse, repr: reprAs(text), ...slots },
    getSets: [getSet("__qualname__", getQualName)],
    members: [
      member("__objclass__", DescriptorObject.Owner),
      member("__name__", DescriptorObject.Name),
    ],
  };
}

const idGetAttr = identifier("getattr");

/** `(getattr, (type, name))` */
function reduceDescriptor(self: Addr): Addr {
  const owner = incref(I32[self + DescriptorObject.Owner]);
  return newBuiltinReduction(idGetAttr, [owner, incref(I32[self + DescriptorObject.Name])]);
}

const method = common(T.MethodDescriptor, "method_descriptor", "method", {
  descrGet: methodGet,
  call: methodCall,
});
method.flags |= TypeFlag.MethodDescriptor;
method.getSets?.push(
  getSet("__doc__", (self) => documentation(methodDoc(self))),
  getSet("__text_signature__", (self) => textSignature(methodDoc(self))),
);
method.methods = [noArgs("__reduce__", reduceDescriptor)];
defineType(method);

const classMethod = common(T.ClassMethodDescriptor, "classmethod_descriptor", "method", {
  descrGet: classMethodGet,
  call: classMethodCall,
});
classMethod.getSets?.push(getSet("__doc__", (self) => documentation(methodDoc(self))));
classMethod.methods = [noArgs("__reduce__", reduceDescriptor)];
defineType(classMethod);

const wrapper = common(T.WrapperDescriptor, "wrapper_descriptor", "", {
  descrGet: wrapperGet,
  call: passingOn(wrapperCall),
  repr: reprAs("slot wrapper"),
});
wrapper.flags |= TypeFlag.MethodDescriptor;
wrapper.getSets?.push(
  getSet("__doc__", (self) => newStr(slotDefs[I32[self + DescriptorObject.Definition]].doc)),
);
wrapper.methods = [noArgs("__reduce__", reduceDescriptor)];
defineType(wrapper);

defineType({
  type: T.MethodWrapper,
  name: "method-wrapper",
  flags: TypeFlag.HasGc,
  basicSize: MethodWrapper.Bytes,
  slots: {
    dealloc: methodWrapperDealloc,
    traverse: methodWrapperTraverse,
    repr: methodWrapperRepr,
    richCompare: methodWrapperCompare,
    hash: (self) =>
      hashAddress(I32[self + MethodWrapper.Self]) ^ I32[self + MethodWrapper.Descriptor],
    call: passingOn((self, args, nargs, kwnames) => {
      const descriptor = I32[self + MethodWrapper.Descriptor];
      return callWrapped(descriptor, I32[self + MethodWrapper.Self], args, nargs, kwnames);
    }),
  },
  getSets: [
    getSet("__name__", (self) => newStr(nameOf(I32[self + MethodWrapper.Descriptor]))),
    getSet("__qualname__", (self) => getQualName(I32[self + MethodWrapper.Descriptor])),
    getSet("__objclass__", (self) =>
      incref(I32[I32[self + MethodWrapper.Descriptor] + DescriptorObject.Owner]),
    ),
  ],
  members: [member("__self__", MethodWrapper.Self)],
  methods: [
    noArgs("__reduce__", (self) => {
      const name = newStr(nameOf(I32[self + MethodWrapper.Descriptor]));
      return newBuiltinReduction(idGetAttr, [incref(I32[self + MethodWrapper.Self]), name]);
    }),
  ],
});

const getSetType = common(T.GetSetDescriptor, "getset_descriptor", "attribute", {
  descrGet: getSetGet,
  descrSet: getSetSet,
});
getSetType.getSets?.push(
  getSet("__doc__", (self) =>
    documentation(getSetTable[I32[self + DescriptorObject.Definition]].doc),
  ),
);
defineType(getSetType);

defineType(
  common(T.MemberDescriptor, "member_descriptor", "member", {
    descrGet: memberGet,
    descrSet: memberSet,
  }),
);
