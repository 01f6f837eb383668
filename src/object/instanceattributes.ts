/** `__dict__` and `__weakref__` of instances of classes made by Python code. */
import { type Addr, heap } from "../memory/heap.js";
import { getSet } from "./define.js";
import { isDict } from "./dict.js";
import { newNone, raise, raiseStatus } from "./errors.js";
import { incref, typeHasFlag, typeOf } from "./header.js";
import { instanceDict, setInstanceDict } from "./instancedict.js";
import { TypeFlag, TypeObject } from "./layout.js";
import { typeName } from "./type.js";
import { T } from "./types.js";

const I32 = heap.I32;

function getDict(self: Addr): Addr {
  if (typeHasFlag(typeOf(self), TypeFlag.ManagedDict)) return instanceDict(self);
  return raise(T.AttributeError, "This object has no __dict__");
}

function setDict(self: Addr, value: Addr): number {
  if (!typeHasFlag(typeOf(self), TypeFlag.ManagedDict)) {
    return raiseStatus(T.AttributeError, "This object has no __dict__");
  }
  if (value !== 0 && !isDict(value)) {
    const kind = typeName(typeOf(value));
    return raiseStatus(T.TypeError, `__dict__ must be set to a dictionary, not a '${kind}'`);
  }
  setInstanceDict(self, value);
  return 0;
}

function getWeakRef(self: Addr): Addr {
  const offset = I32[typeOf(self) + TypeObject.WeakListOffset];
  if (offset === 0) return raise(T.AttributeError, "This object has no __weakref__");
  const first = I32[self + offset];
  return first === 0 ? newNone() : incref(first);
}

export const instanceDictGetSet = getSet(
  "__dict__",
  getDict,
  setDict,
  "dictionary for instance variables (if defined)",
);
export const instanceWeakRefGetSet = getSet(
  "__weakref__",
  getWeakRef,
  null,
  "list of weak references to the object (if defined)",
);
