/**
 * How objects say what they are made of: `object.__reduce__`, `__reduce_ex__` and `__getstate__`,
 * which pickle and copy ask. After object_reduce_ex of CPython 3.11.
 */
import { type Addr, heap } from "../memory/heap.js";
import { fastItems, fastSize, getIter } from "./abstract.js";
import { getAttr, getAttrOptional } from "./attribute.js";
import { call0, call1, call2, callMethod0 } from "./call.js";
import { type MethodDef, noArgs, oneArg } from "./define.js";
import { dictGetStr, dictSet, dictSize, isDict, newDict } from "./dict.js";
import { newNone, pending, raise, typeName } from "./errors.js";
import { track } from "./gcheader.js";
import { decref, incref, isKindOf, typeOf, xdecref } from "./header.js";
import { identifier } from "./identifiers.js";
import { asInt32 } from "./int.js";
import { BuiltinObject, Head, TupleObject, TypeFlag, TypeObject } from "./layout.js";
import { moduleAttribute, tupleOf } from "./reduction.js";
import { slotsOf } from "./slots.js";
import { newTuple, newTuple2, newTuple3 } from "./tuple.js";
import { lookupSpecial } from "./type.js";
import { S, T } from "./types.js";

const I32 = heap.I32;
const idReduce = identifier("__reduce__");
const idReduceEx = identifier("_reduce_ex");
const idGetState = identifier("__getstate__");
const idNewObj = identifier("__newobj__");
const idNewObjEx = identifier("__newobj_ex__");
const idNewArgs = identifier("__getnewargs__");
const idNewArgsEx = identifier("__getnewargs_ex__");
const idSlotNames = identifier("__slotnames__");
const idFindSlotNames = identifier("_slotnames");
const idItems = identifier("items");
const idDict = identifier("__dict__");

/** An attribute of the module copyreg: a new reference. */
function fromCopyReg(name: Addr): Addr {
  return moduleAttribute("copyreg", name);
}

function raiseUnpicklable(self: Addr): 0 {
  if (holdsItems(typeOf(self)))
    return raise(T.TypeError, `cannot pickle ${typeName(self)} objects`);
  return raise(T.TypeError, `cannot pickle '${typeName(self)}' object`);
}

/** In CPython the type has a variable part, here it has not. */
function holdsItems(type: Addr): boolean {
  return I32[type + TypeObject.ItemSize] !== 0 || type === T.Code || type === T.MemoryView;
}

/** The list of the names of `__slots__` that instances keep, or None; found once a class. */
function slotNames(type: Addr): Addr {
  const known = dictGetStr(I32[type + TypeObject.Dict], idSlotNames);
  if (known !== 0) return incref(known);
  const find = pending() ? 0 : fromCopyReg(idFindSlotNames);
  if (find === 0) return 0;
  const names = call1(find, type);
  decref(find);
  if (names === 0 || names === S.None || I32[names + Head.Type] === T.List) return names;
  decref(names);
  return raise(T.TypeError, "copyreg._slotnames didn't return a list or None");
}

/** Does the layout of `type` hold more than attributes, slots and the place of weak references? */
function holdsMore(type: Addr, names: Addr): boolean {
  let size = 16;
  if (I32[type + TypeObject.DictOffset] !== 0) size += 8;
  if (I32[type + TypeObject.WeakListOffset] !== 0) size += 8;
  if (names !== S.None) size += 8 * fastSize(names);
  return I32[type + TypeObject.BasicSize] > size;
}

/** A dict of the slots of `self` that are set; 0 with an exception pending. */
function slotValues(self: Addr, names: Addr): Addr {
  const values = newDict();
  if (values === 0) return 0;
  for (let i = 0; i < fastSize(names); i++) {
    const name = incref(I32[fastItems(names) + 2 * i]);
    const value = getAttrOptional(self, name);
    const status = value === 0 ? (pending() ? -1 : 0) : dictSet(values, name, value);
    xdecref(value);
    decref(name);
    if (status === 0) continue;
    decref(values);
    return 0;
  }
  return values;
}

/** `object.__getstate__`; `required`: TypeError when the state is not all there is. */
function defaultState(self: Addr, required: boolean): Addr {
  const type = typeOf(self);
  if (required && holdsItems(type)) return raiseUnpicklable(self);
  const state = attributesOf(self);
  if (state === 0) return 0;
  const names = slotNames(type);
  if (names === 0 || (required && holdsMore(type, names))) {
    if (names !== 0) raiseUnpicklable(self);
    decref(state);
    xdecref(names);
    return 0;
  }
  const result = names === S.None ? incref(state) : withSlots(self, state, names);
  decref(state);
  decref(names);
  return result;
}

/** The instance's dict when it holds anything, or None. */
function attributesOf(self: Addr): Addr {
  const type = typeOf(self);
  const hasDict =
    (I32[type + TypeObject.Flags] & TypeFlag.ManagedDict) !== 0 ||
    I32[type + TypeObject.DictOffset] !== 0;
  const dict = hasDict ? getAttrOptional(self, idDict) : 0;
  if (dict === 0) return pending() ? 0 : newNone();
  if (!isDict(dict) || dictSize(dict) > 0) return dict;
  decref(dict);
  return newNone();
}

function withSlots(self: Addr, state: Addr, names: Addr): Addr {
  const values = slotValues(self, names);
  if (values === 0) return 0;
  const result = dictSize(values) === 0 ? incref(state) : newTuple2(state, values);
  decref(values);
  return result;
}

/** `self.__getstate__()`. */
function stateOf(self: Addr, required: boolean): Addr {
  const method = getAttr(self, idGetState);
  if (method === 0) return 0;
  const inherited =
    typeOf(method) === T.BuiltinFunction &&
    I32[method + BuiltinObject.Self] === self &&
    I32[method + BuiltinObject.Definition] === getStateMethod.index;
  const state = inherited ? defaultState(self, required) : call0(method);
  decref(method);
  return state;
}

/** What {@link newArguments} found: new references, or 0. */
const made = { args: 0 as Addr, kwargs: 0 as Addr };

/** The arguments that `__new__` needs. False with an exception pending. */
function newArguments(self: Addr): boolean {
  made.args = 0;
  made.kwargs = 0;
  const extended = lookupSpecial(self, idNewArgsEx);
  if (extended !== 0) return extendedArguments(extended);
  if (pending()) return false;
  const method = lookupSpecial(self, idNewArgs);
  if (method === 0) return !pending();
  const args = call0(method);
  decref(method);
  if (args === 0) return false;
  made.args = args;
  if (isKindOf(args, TypeFlag.TupleSubclass)) return true;
  raise(T.TypeError, `__getnewargs__ should return a tuple, not '${typeName(args)}'`);
  dropArguments();
  return false;
}

function extendedArguments(method: Addr): boolean {
  const both = call0(method);
  decref(method);
  if (both === 0) return false;
  const from = "returned by __getnewargs_ex__ must be";
  if (!isKindOf(both, TypeFlag.TupleSubclass)) {
    raise(T.TypeError, `__getnewargs_ex__ should return a tuple, not '${typeName(both)}'`);
  } else if (I32[both + TupleObject.Size] !== 2) {
    const n = I32[both + TupleObject.Size];
    raise(T.ValueError, `__getnewargs_ex__ should return a tuple of length 2, not ${n}`);
  } else {
    const args = I32[both + TupleObject.Items];
    const kwargs = I32[both + TupleObject.Items + 2];
    if (!isKindOf(args, TypeFlag.TupleSubclass)) {
      raise(T.TypeError, `first item of the tuple ${from} a tuple, not '${typeName(args)}'`);
    } else if (!isDict(kwargs)) {
      raise(T.TypeError, `second item of the tuple ${from} a dict, not '${typeName(kwargs)}'`);
    } else {
      made.args = incref(args);
      made.kwargs = incref(kwargs);
    }
  }
  decref(both);
  return !pending();
}

function dropArguments(): void {
  xdecref(made.args);
  xdecref(made.kwargs);
}

/** `(cls, *args)` */
function withClass(cls: Addr, args: Addr): Addr {
  const n = args === 0 ? 0 : I32[args + TupleObject.Size];
  const tuple = newTuple(n + 1);
  if (tuple === 0) return 0;
  I32[tuple + TupleObject.Items] = incref(cls);
  for (let i = 0; i < n; i++) {
    const item = I32[args + TupleObject.Items + 2 * i];
    I32[tuple + TupleObject.Items + 2 * (i + 1)] = incref(item);
  }
  track(tuple);
  return tuple;
}

/** An iterator over the items of a list, or of a dict's pairs; None for another object. */
function itemsOf(self: Addr, kind: TypeFlag): Addr {
  if (!isKindOf(self, kind)) return newNone();
  if (kind === TypeFlag.ListSubclass) return getIter(self);
  const items = callMethod0(self, idItems);
  if (items === 0) return 0;
  const iterator = getIter(items);
  decref(items);
  return iterator;
}

/** Protocol 2 and above: `copyreg.__newobj__` and what it is called with. */
function reduceNew(self: Addr): Addr {
  const type = typeOf(self);
  if (slotsOf(type).new === null) return raiseUnpicklable(self);
  if (!newArguments(self)) return 0;
  const { args, kwargs } = made;
  const named = kwargs !== 0 && dictSize(kwargs) > 0;
  const container = isKindOf(self, TypeFlag.ListSubclass) || isDict(self);
  const parts: Addr[] = [fromCopyReg(named ? idNewObjEx : idNewObj)];
  const add = (make: () => Addr): void => {
    if (parts[parts.length - 1] === 0) return;
    parts.push(make());
  };
  add(() => (named ? newTuple3(type, args, kwargs) : withClass(type, args)));
  add(() => stateOf(self, !(args !== 0 || container)));
  add(() => itemsOf(self, TypeFlag.ListSubclass));
  add(() => itemsOf(self, TypeFlag.DictSubclass));
  xdecref(args);
  xdecref(kwargs);
  return tupleOf(parts);
}

function commonReduce(self: Addr, protocol: number, given: Addr): Addr {
  if (protocol >= 2) return reduceNew(self);
  const reduce = fromCopyReg(idReduceEx);
  if (reduce === 0) return 0;
  const result = call2(reduce, self, given);
  decref(reduce);
  return result;
}

/** `__reduce_ex__` asks an overridden `__reduce__` first. */
function reduceEx(self: Addr, given: Addr): Addr {
  const protocol = asInt32(given);
  if (Number.isNaN(protocol)) return 0;
  const method = getAttrOptional(self, idReduce);
  if (method === 0) return pending() ? 0 : commonReduce(self, protocol, given);
  const own = getAttr(typeOf(self), idReduce);
  const inherited = own === dictGetStr(I32[T.Object + TypeObject.Dict], idReduce);
  xdecref(own);
  const call = () => (inherited ? commonReduce(self, protocol, given) : call0(method));
  const result = own === 0 ? 0 : call();
  decref(method);
  return result;
}

const getStateMethod: MethodDef = noArgs(
  "__getstate__",
  (self) => defaultState(self, false),
  "Helper for pickle.",
);

/** The methods of `object` that pickle and copy call. */
export const reduceMethods: MethodDef[] = [
  getStateMethod,
  noArgs("__reduce__", (self) => commonReduce(self, 0, S.Zero), "Helper for pickle."),
  oneArg("__reduce_ex__", reduceEx, "Helper for pickle."),
];
