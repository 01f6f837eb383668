/**
 * Attribute access (after Objects/object.c of CPython 3.11): the generic look-up, methods for the
 * call path, and what the eval loop's inline caches need to know.
 */
import { type Addr, heap } from "../memory/heap.js";
import { dictDeleteStr, dictGetStr, dictSetStr, newDict } from "./dict.js";
import { clearPendingIf, pending, raiseStatus } from "./errors.js";
import { decref, incref } from "./header.js";
import { instanceGet, instanceSet } from "./instancedict.js";
import { Head, TypeFlag, TypeObject } from "./layout.js";
import { raiseAttributeError } from "./nameerrors.js";
import { slotsOf } from "./slots.js";
import { getString } from "./str.js";
import { typeLookup, typeModified, typeName } from "./type.js";
import { T } from "./types.js";

const I32 = heap.I32;

/** `getattr(object, name)`. */
export function getAttr(object: Addr, name: Addr): Addr {
  const get = slotsOf(I32[object + Head.Type]).getAttr;
  if (get === genericGetAttr) return genericGetAttr(object, name);
  return get === null ? raiseAttributeError(object, name) : get(object, name);
}

/** As {@link getAttr}, but a missing attribute is 0 without an exception. */
export function getAttrOptional(object: Addr, name: Addr): Addr {
  const get = slotsOf(I32[object + Head.Type]).getAttr;
  if (get === genericGetAttr) return genericGet(object, name, true);
  if (get === null) return 0;
  const value = get(object, name);
  if (value === 0) clearPendingIf(T.AttributeError);
  return value;
}

/** `object.name = value`; `value` is borrowed, 0 deletes. */
export function setAttr(object: Addr, name: Addr, value: Addr): number {
  const type = I32[object + Head.Type];
  const set = slotsOf(type).setAttr;
  if (set === genericSetAttr) return genericSetAttr(object, name, value);
  if (set !== null) return set(object, name, value);
  const action = value === 0 ? "del" : "assign to";
  const shown = getString(name);
  if (slotsOf(type).getAttr === null) {
    return raiseStatus(
      T.TypeError,
      `'${typeName(type)}' object has no attributes (${action} .${shown})`,
    );
  }
  const text = `'${typeName(type)}' object has only read-only attributes (${action} .${shown})`;
  return raiseStatus(T.TypeError, text);
}

/** `del object.name`. */
export function deleteAttr(object: Addr, name: Addr): number {
  return setAttr(object, name, 0);
}

/** The default `__getattribute__`: data descriptor, instance, other class attribute. */
export function genericGetAttr(object: Addr, name: Addr): Addr {
  return genericGet(object, name, false);
}

function genericGet(object: Addr, name: Addr, optional: boolean): Addr {
  const type = I32[object + Head.Type];
  const found = typeLookup(type, name);
  if (found !== 0) {
    const slots = slotsOf(I32[found + Head.Type]);
    const get = slots.descrGet;
    if (get !== null && slots.descrSet !== null) return bind(get, found, object, type, optional);
    const own = instanceAttribute(object, type, name);
    if (own !== 0) return incref(own);
    if (get === null) return incref(found);
    return bind(get, found, object, type, optional);
  }
  const own = instanceAttribute(object, type, name);
  if (own !== 0) return incref(own);
  return optional || pending() ? 0 : raiseAttributeError(object, name);
}

function bind(
  get: (self: Addr, object: Addr, owner: Addr) => Addr,
  found: Addr,
  object: Addr,
  type: Addr,
  optional: boolean,
): Addr {
  incref(found);
  const value = get(found, object, type);
  decref(found);
  if (value === 0 && optional) clearPendingIf(T.AttributeError);
  return value;
}

/** What the instance itself holds under `name`: borrowed, 0 for nothing. */
function instanceAttribute(object: Addr, type: Addr, name: Addr): Addr {
  if ((I32[type + TypeObject.Flags] & TypeFlag.ManagedDict) !== 0) return instanceGet(object, name);
  const offset = I32[type + TypeObject.DictOffset];
  if (offset === 0) return 0;
  const dict = I32[object + offset];
  return dict === 0 ? 0 : dictGetStr(dict, name);
}

/** Give `object`, whose type keeps a dict at `offset`, one; -1 with MemoryError pending. */
export function makeDictAt(object: Addr, offset: number): number {
  const dict = newDict();
  if (dict === 0) return -1;
  I32[object + offset] = dict;
  const type = I32[object + Head.Type];
  if ((I32[type + TypeObject.Flags] & TypeFlag.NoDictsYet) !== 0) {
    // From now on an instance may shadow what the type has.
    I32[type + TypeObject.Flags] &= ~TypeFlag.NoDictsYet;
    typeModified(type);
  }
  return 0;
}

/** The default `__setattr__` and, with `value` 0, `__delattr__`. */
export function genericSetAttr(object: Addr, name: Addr, value: Addr): number {
  const type = I32[object + Head.Type];
  if ((I32[I32[name + Head.Type] + TypeObject.Flags] & TypeFlag.StrSubclass) === 0) {
    const kind = typeName(I32[name + Head.Type]);
    return raiseStatus(T.TypeError, `attribute name must be string, not '${kind}'`);
  }
  const found = typeLookup(type, name);
  if (found !== 0) {
    const set = slotsOf(I32[found + Head.Type]).descrSet;
    if (set !== null) {
      incref(found);
      const status = set(found, object, value);
      decref(found);
      return status;
    }
  }
  const flags = I32[type + TypeObject.Flags];
  if ((flags & TypeFlag.ManagedDict) !== 0) {
    const status = instanceSet(object, name, value);
    return status < 0 && !pending() ? missing(object, name) : status;
  }
  const offset = I32[type + TypeObject.DictOffset];
  if (offset === 0) {
    if (found === 0) return missing(object, name);
    const text = `'${typeName(type)}' object attribute '${getString(name)}' is read-only`;
    return raiseStatus(T.AttributeError, text);
  }
  if (I32[object + offset] === 0) {
    if (value === 0) return missing(object, name);
    if (makeDictAt(object, offset) < 0) return -1;
  }
  const dict = I32[object + offset];
  if (value !== 0) return dictSetStr(dict, name, value);
  if (dictGetStr(dict, name) === 0) return missing(object, name);
  return dictDeleteStr(dict, name);
}

function missing(object: Addr, name: Addr): -1 {
  raiseAttributeError(object, name);
  return -1;
}

/** Second result of {@link loadMethod}. */
export const methodLookup = {
  /** The result is a plain function: call it with the object as first argument. */
  unbound: false,
};

/**
 * The callable for `object.name(…)`: a function to be called with the object first where the
 * attribute is a method of the class (`methodLookup.unbound`), else the attribute itself.
 */
export function loadMethod(object: Addr, name: Addr): Addr {
  const type = I32[object + Head.Type];
  if (slotsOf(type).getAttr !== genericGetAttr) return loadBound(getAttr(object, name));
  const found = typeLookup(type, name);
  if (found === 0) return loadBound(genericGetAttr(object, name));
  if ((I32[I32[found + Head.Type] + TypeObject.Flags] & TypeFlag.MethodDescriptor) === 0) {
    return loadBound(genericGetAttr(object, name));
  }
  methodLookup.unbound = false;
  const own = instanceAttribute(object, type, name);
  if (own !== 0) return incref(own);
  methodLookup.unbound = true;
  return incref(found);
}

/** The look-up ran Python, which may have looked up methods itself: the flag is set last. */
function loadBound(attribute: Addr): Addr {
  methodLookup.unbound = false;
  return attribute;
}

/** What an inline cache may assume about attribute `name` of instances of a type. */
export const enum AttributeKind {
  /** Nothing: use getAttr. */
  Other = 0,
  /** Only instances hold it; `keys` and `index` say where while they share the class's keys. */
  Instance = 1,
  /** A method of the class; instances may shadow it. */
  Method = 2,
  /** Another class attribute without descriptor behaviour; instances may shadow it. */
  Class = 3,
  /** A `__slots__` member: `index` is the word offset in the instance. */
  Slot = 4,
  /** A property. */
  Property = 5,
}

/** Results of {@link specializeAttribute}; valid for the type's current version. */
export const attributeShape = {
  /** Class attribute; borrowed. */
  value: 0,
  /** Instances' place among the shared keys, -1 unknown; or the slot's offset. */
  index: -1,
  /** Version tag of the type, 0 when it has none: do not cache. */
  version: 0,
};

/** Find out how `name` of instances of `type` is reached. */
export function specializeAttribute(type: Addr, name: Addr): AttributeKind {
  attributeShape.value = 0;
  attributeShape.index = -1;
  const get = slotsOf(type).getAttr;
  const found = typeLookup(type, name);
  attributeShape.version = I32[type + TypeObject.Version];
  if (get !== genericGetAttr || attributeShape.version === 0) return AttributeKind.Other;
  if (found === 0) {
    if ((I32[type + TypeObject.Flags] & TypeFlag.ManagedDict) === 0) return AttributeKind.Other;
    return AttributeKind.Instance;
  }
  attributeShape.value = found;
  const kind = I32[found + Head.Type];
  if (kind === T.Property) return AttributeKind.Property;
  if (kind === T.MemberDescriptor) return AttributeKind.Slot;
  if ((I32[kind + TypeObject.Flags] & TypeFlag.MethodDescriptor) !== 0) return AttributeKind.Method;
  const slots = slotsOf(kind);
  return slots.descrGet === null && slots.descrSet === null
    ? AttributeKind.Class
    : AttributeKind.Other;
}
