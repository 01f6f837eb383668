/** The type `object`: what every object can do. */
import { type Addr, heap } from "../memory/heap.js";
import { genericGetAttr, genericSetAttr, getAttr, getAttrOptional } from "./attribute.js";
import { call0, callMethod0 } from "./call.js";
import { classBound, defineType, fast, getSet, keywords, noArgs, oneArg } from "./define.js";
import { isDict, newDict } from "./dict.js";
import { dictUpdate } from "./dictmerge.js";
import { newNone, newNotImplemented, pending, raise, raiseStatus } from "./errors.js";
import { freeObject } from "./gcheader.js";
import { decref, incref, typeHasFlag, typeOf } from "./header.js";
import { identifier } from "./identifiers.js";
import { hashAddress, newObjectOf } from "./instance.js";
import { newInt } from "./int.js";
import { Head, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { listFromIterable } from "./list.js";
import { isTrue } from "./number.js";
import { reduceMethods } from "./reduce.js";
import { reprObject, strObject } from "./repr.js";
import { Compare, slotsOf } from "./slots.js";
import { getString, isStr, newStr, strLength } from "./str.js";
import { isType, lookupSpecial, typeName } from "./type.js";
import { typeFullName } from "./typeobject.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const idDict = identifier("__dict__");
const idClass = identifier("__class__");
const idAbstractMethods = identifier("__abstractmethods__");
const idDir = identifier("__dir__");
const idSort = identifier("sort");

function dealloc(self: Addr): void {
  freeObject(self);
}

/** Arguments are refused unless exactly one of `__new__` and `__init__` is overridden. */
function excessArguments(nargs: number, kwnames: Addr): boolean {
  return nargs !== 0 || (kwnames !== 0 && I32[kwnames + Head.Size] !== 0);
}

function objectNew(type: Addr, _args: Addr, nargs: number, kwnames: Addr): Addr {
  if (excessArguments(nargs, kwnames)) {
    const slots = slotsOf(type);
    if (slots.new !== objectNew) {
      return raise(
        T.TypeError,
        "object.__new__() takes exactly one argument (the type to instantiate)",
      );
    }
    if (slots.init === objectInit) {
      return raise(T.TypeError, `${typeName(type)}() takes no arguments`);
    }
  }
  if (typeHasFlag(type, TypeFlag.Abstract)) return refuseAbstract(type);
  return newObjectOf(type);
}

function refuseAbstract(type: Addr): 0 {
  const methods = getAttr(type, idAbstractMethods);
  if (methods === 0) return 0;
  const names: string[] = [];
  const shown = reprObject(methods);
  if (shown !== 0) {
    for (const match of getString(shown).matchAll(/'([^']*)'/g)) names.push(match[1]);
    decref(shown);
  }
  decref(methods);
  const text = names.sort().join(", ");
  const s = names.length > 1 ? "s" : "";
  const name = typeName(type);
  return raise(
    T.TypeError,
    `Can't instantiate abstract class ${name} with abstract method${s} ${text}`,
  );
}

function objectInit(self: Addr, _args: Addr, nargs: number, kwnames: Addr): number {
  const type = typeOf(self);
  if (!excessArguments(nargs, kwnames)) return 0;
  const slots = slotsOf(type);
  if (slots.init !== objectInit) {
    const text = "object.__init__() takes exactly one argument (the instance to initialize)";
    return raiseStatus(T.TypeError, text);
  }
  if (slots.new === objectNew) {
    const text = `${typeName(type)}.__init__() takes exactly one argument (the instance to initialize)`;
    return raiseStatus(T.TypeError, text);
  }
  return 0;
}

/** `<module.Name object at 0x…>`. */
export function defaultRepr(self: Addr): Addr {
  const where = `0x${(self * 4).toString(16)}`;
  return newStr(`<${typeFullName(typeOf(self))} object at ${where}>`);
}

function str(self: Addr): Addr {
  const repr = slotsOf(typeOf(self)).repr;
  return (repr ?? defaultRepr)(self);
}

function richCompare(self: Addr, other: Addr, op: number): Addr {
  if (op === Compare.Eq) return self === other ? incref(S.True) : newNotImplemented();
  if (op !== Compare.Ne) return newNotImplemented();
  const compare = slotsOf(I32[self + Head.Type]).richCompare;
  if (compare === null) return newNotImplemented();
  const equal = compare(self, other, Compare.Eq);
  if (equal === 0 || equal === S.NotImplemented) return equal;
  const truth = isTrue(equal);
  decref(equal);
  return truth < 0 ? 0 : incref(truth === 1 ? S.False : S.True);
}

function setClass(self: Addr, value: Addr): number {
  if (value === 0) return raiseStatus(T.TypeError, "can't delete __class__ attribute");
  if (!isType(value)) {
    const kind = typeName(typeOf(value));
    return raiseStatus(T.TypeError, `__class__ must be set to a class, not '${kind}' object`);
  }
  const old = typeOf(self);
  const modules = old === T.Module || value === T.Module;
  const bothHeap = typeHasFlag(old, TypeFlag.Heap) && typeHasFlag(value, TypeFlag.Heap);
  if (!bothHeap && !modules) {
    return raiseStatus(
      T.TypeError,
      "__class__ assignment only supported for mutable types or ModuleType subclasses",
    );
  }
  if (!sameLayout(old, value)) {
    const text = `__class__ assignment: '${typeName(value)}' object layout differs from`;
    return raiseStatus(T.TypeError, `${text} '${typeName(old)}'`);
  }
  if (I32[old + TypeObject.CachedKeys] !== I32[value + TypeObject.CachedKeys]) {
    // The attributes are keyed by the old class's shared keys; a dict of its own frees them.
    if (typeHasFlag(old, TypeFlag.ManagedDict)) {
      const dict = getAttr(self, idDict);
      if (dict === 0) return -1;
      decref(dict);
    }
  }
  I32[self + Head.Type] = value;
  if (typeHasFlag(value, TypeFlag.Heap)) I32[value]++;
  if (typeHasFlag(old, TypeFlag.Heap)) decref(old);
  return 0;
}

function sameLayout(a: Addr, b: Addr): boolean {
  const managed = TypeFlag.ManagedDict | TypeFlag.HasGc;
  if ((I32[a + TypeObject.Flags] & managed) !== (I32[b + TypeObject.Flags] & managed)) return false;
  for (const field of [
    TypeObject.Layout,
    TypeObject.BasicSize,
    TypeObject.ItemSize,
    TypeObject.WeakListOffset,
    TypeObject.DictOffset,
    TypeObject.SlotsEnd,
  ]) {
    if (I32[a + field] !== I32[b + field]) return false;
  }
  return true;
}

/** `object.__dir__`: names of the instance, its class and the bases. */
function dir(self: Addr): Addr {
  const names = newDict();
  if (names === 0) return 0;
  const own = getAttrOptional(self, idDict);
  if (own !== 0) {
    if (isDict(own)) dictUpdate(names, own);
    decref(own);
  }
  const cls = pending() ? 0 : getAttrOptional(self, idClass);
  if (cls !== 0) {
    if (isType(cls)) addClassNames(names, cls);
    decref(cls);
  }
  const list = pending() ? 0 : listFromIterable(names);
  decref(names);
  return list;
}

function addClassNames(names: Addr, cls: Addr): void {
  const mro = I32[cls + TypeObject.Mro];
  for (let i = I32[mro + TupleObject.Size] - 1; i >= 0 && !pending(); i--) {
    dictUpdate(names, I32[I32[mro + TupleObject.Items + 2 * i] + TypeObject.Dict]);
  }
}

/** `dir(object)`: the sorted result of `__dir__`. */
export function objectDir(object: Addr): Addr {
  const hook = lookupSpecial(object, idDir);
  if (hook === 0) return pending() ? 0 : raise(T.TypeError, "object does not provide __dir__");
  const names = call0(hook);
  decref(hook);
  if (names === 0) return 0;
  const list = listFromIterable(names);
  decref(names);
  if (list === 0) return 0;
  const sorted = callMethod0(list, idSort);
  if (sorted === 0) {
    decref(list);
    return 0;
  }
  decref(sorted);
  return list;
}

function format(self: Addr, spec: Addr): Addr {
  if (!isStr(spec)) {
    const kind = typeName(typeOf(spec));
    return raise(T.TypeError, `__format__() argument must be str, not ${kind}`);
  }
  if (strLength(spec) > 0) {
    const kind = typeName(typeOf(self));
    return raise(T.TypeError, `unsupported format string passed to ${kind}.__format__`);
  }
  return strObject(self);
}

function sizeOf(self: Addr): Addr {
  const type = typeOf(self);
  let size = I32[type + TypeObject.BasicSize];
  const itemSize = I32[type + TypeObject.ItemSize];
  if (itemSize > 0) {
    size += itemSize * Math.abs(I32[self + Head.Size]);
    // CPython keeps the reference to such an object's dict behind its items.
    if ((I32[type + TypeObject.Flags] & TypeFlag.ManagedDict) !== 0) size += 8;
  }
  return newInt(size);
}

defineType({
  type: T.Object,
  name: "object",
  flags: TypeFlag.BaseType,
  basicSize: 16,
  slots: {
    dealloc,
    repr: defaultRepr,
    str,
    hash: hashAddress,
    getAttr: genericGetAttr,
    setAttr: genericSetAttr,
    richCompare,
    init: objectInit,
    new: objectNew,
  },
  methods: [
    noArgs("__dir__", dir, "Default dir() implementation."),
    oneArg("__format__", format, "Default object formatter."),
    noArgs("__sizeof__", sizeOf, "Size of object in memory, in bytes."),
    classBound(
      keywords("__init_subclass__", (_cls, _args, nargs, kwnames) => {
        if (nargs > 0 || (kwnames !== 0 && I32[kwnames + Head.Size] > 0)) {
          const name = typeName(_cls);
          return raise(T.TypeError, `${name}.__init_subclass__() takes no keyword arguments`);
        }
        return newNone();
      }),
    ),
    classBound(fast("__subclasshook__", () => newNotImplemented())),
    ...reduceMethods,
  ],
  getSets: [getSet("__class__", (self) => incref(typeOf(self)), setClass)],
  doc: "The base class of the class hierarchy.",
});
