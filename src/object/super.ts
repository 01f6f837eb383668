/** super(): attribute look-up that starts behind a class in an object's MRO. */
import { type Addr, heap } from "../memory/heap.js";
import { checkArity, noKeywords } from "./arguments.js";
import { genericGetAttr, getAttrOptional } from "./attribute.js";
import { defineType, member } from "./define.js";
import { dictGetStr } from "./dict.js";
import { pending, raise, raiseStatus } from "./errors.js";
import { freeObject, untrack } from "./gcheader.js";
import { clearField, decref, incref, setField, typeOf } from "./header.js";
import { identifier } from "./identifiers.js";
import { newObjectOf } from "./instance.js";
import { SuperObject, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { slotsOf } from "./slots.js";
import { newStr, strEqual } from "./str.js";
import { isSubtype, isType, typeName } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const idClass = identifier("__class__");

/** Results of the caller's frame for `super()` without arguments; both borrowed. */
export const superArguments = { type: 0, object: 0 };

let findArguments: () => boolean = () => {
  raise(T.RuntimeError, "super(): no current frame");
  return false;
};

/** The virtual machine finds `__class__` and the first argument of the running function. */
export function registerSuperArguments(find: () => boolean): void {
  findArguments = find;
}

function dealloc(self: Addr): void {
  untrack(self);
  clear(self);
  freeObject(self);
}

function traverse(self: Addr, visit: (ref: Addr) => void): void {
  for (const field of [SuperObject.Object, SuperObject.Type, SuperObject.ObjectType]) {
    if (I32[self + field] !== 0) visit(I32[self + field]);
  }
}

function clear(self: Addr): void {
  clearField(self + SuperObject.Type);
  clearField(self + SuperObject.Object);
  clearField(self + SuperObject.ObjectType);
}

/** The type whose MRO is searched: `object` itself or its type (borrowed; 0: TypeError pending). */
function startType(type: Addr, object: Addr): Addr {
  if (isType(object) && isSubtype(object, type)) return object;
  if (isSubtype(typeOf(object), type)) return typeOf(object);
  const claimed = getAttrOptional(object, idClass);
  if (claimed !== 0) {
    decref(claimed);
    if (claimed !== typeOf(object) && isType(claimed) && isSubtype(claimed, type)) return claimed;
  } else if (pending()) return 0;
  return raise(T.TypeError, "super(type, obj): obj must be an instance or subtype of type");
}

function init(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  if (!noKeywords("super", kwnames) || !checkArity("super", nargs, 0, 2)) return -1;
  let type = nargs > 0 ? I32[args] : 0;
  let object = nargs > 1 ? I32[args + 1] : 0;
  if (nargs === 0) {
    if (!findArguments()) return -1;
    type = superArguments.type;
    object = superArguments.object;
  }
  if (!isType(type)) {
    const kind = typeName(typeOf(type));
    return raiseStatus(T.TypeError, `super() argument 1 must be a type, not ${kind}`);
  }
  if (object === S.None) object = 0;
  let start = 0;
  if (object !== 0) {
    start = startType(type, object);
    if (start === 0) return -1;
    incref(object);
    incref(start);
  }
  setField(self + SuperObject.Type, incref(type));
  setField(self + SuperObject.Object, object);
  setField(self + SuperObject.ObjectType, start);
  return 0;
}

/**
 * `super(type, object).name` without the proxy: borrowed attribute behind `type` in the MRO of
 * `start`, unbound; 0 where there is none.
 */
function superLookup(type: Addr, start: Addr, name: Addr): Addr {
  const mro = I32[start + TypeObject.Mro];
  if (mro === 0) return 0;
  const n = I32[mro + TupleObject.Size];
  let i = 0;
  while (i < n && I32[mro + TupleObject.Items + 2 * i] !== type) i++;
  for (i++; i < n; i++) {
    const dict = I32[I32[mro + TupleObject.Items + 2 * i] + TypeObject.Dict];
    const found = dictGetStr(dict, name);
    if (found !== 0) return found;
  }
  return 0;
}

function getAttribute(self: Addr, name: Addr): Addr {
  const start = I32[self + SuperObject.ObjectType];
  if (start === 0 || strEqual(name, idClass)) return genericGetAttr(self, name);
  const found = superLookup(I32[self + SuperObject.Type], start, name);
  if (found === 0) return genericGetAttr(self, name);
  const get = slotsOf(typeOf(found)).descrGet;
  if (get === null) return incref(found);
  const object = I32[self + SuperObject.Object];
  incref(found);
  const value = get(found, object === start ? 0 : object, start);
  decref(found);
  return value;
}

function descrGet(self: Addr, object: Addr): Addr {
  if (object === 0 || object === S.None || I32[self + SuperObject.Object] !== 0) {
    return incref(self);
  }
  const type = I32[self + SuperObject.Type];
  const start = startType(type, object);
  if (start === 0) return 0;
  const bound = newObjectOf(typeOf(self));
  if (bound === 0) return 0;
  I32[bound + SuperObject.Type] = incref(type);
  I32[bound + SuperObject.Object] = incref(object);
  I32[bound + SuperObject.ObjectType] = incref(start);
  return bound;
}

function repr(self: Addr): Addr {
  const type = I32[self + SuperObject.Type];
  const name = type === 0 ? "NULL" : typeName(type);
  const start = I32[self + SuperObject.ObjectType];
  if (start === 0) return newStr(`<super: <class '${name}'>, NULL>`);
  return newStr(`<super: <class '${name}'>, <${typeName(start)} object>>`);
}

defineType({
  type: T.Super,
  name: "super",
  flags: TypeFlag.HasGc | TypeFlag.BaseType,
  basicSize: SuperObject.Bytes,
  slots: {
    dealloc,
    traverse,
    clear,
    repr,
    getAttr: getAttribute,
    descrGet,
    init,
    new: (type) => newObjectOf(type),
  },
  members: [
    member("__thisclass__", SuperObject.Type),
    member("__self__", SuperObject.Object),
    member("__self_class__", SuperObject.ObjectType),
  ],
  doc: "super() -> same as super(__class__, <first argument>)",
});
