/** Writing what has no opcodes of its own: globals by name, objects by `__reduce__`. */
import { type Addr, heap } from "../memory/heap.js";
import { getItem, isIterator } from "../object/abstract.js";
import { getAttr, getAttrOptional } from "../object/attribute.js";
import { call1, callTuple, isCallable } from "../object/call.js";
import { dictGet, dictKeyAt, dictNext, dictValueAt, isDict } from "../object/dict.js";
import { clearPending, clearPendingIf, pending, raise, typeName } from "../object/errors.js";
import { decref, incref, isKindOf, xdecref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { asIndex, newInt } from "../object/int.js";
import { TupleObject, TypeFlag } from "../object/layout.js";
import { tupleOf } from "../object/reduction.js";
import { reprObject } from "../object/repr.js";
import { getString, isStr, newStr } from "../object/str.js";
import { newTuple2, tupleSlice } from "../object/tuple.js";
import { isSubtype } from "../object/type.js";
import { S, T } from "../object/types.js";
import { getModules, importPath } from "../vm/import.js";
import {
  type Dump,
  fetch,
  memoize,
  refersToItself,
  save,
  saveAppended,
  saveSetItems,
} from "./pickledump.js";
import { Opcode } from "./pickleopcodes.js";

const I32 = heap.I32;
const idReduceEx = identifier("__reduce_ex__");
const idReduce = identifier("__reduce__");
const idName = identifier("__name__");
const idQualName = identifier("__qualname__");
const idModule = identifier("__module__");
const idMain = identifier("__main__");
const idNew = identifier("__new__");
const idClass = identifier("__class__");
const idDispatchTable = identifier("dispatch_table");
const idRegistry = identifier("_extension_registry");
const idPartial = identifier("partial");
const idGetAttr = identifier("getattr");
const idNameMapping = identifier("REVERSE_NAME_MAPPING");
const idImportMapping = identifier("REVERSE_IMPORT_MAPPING");

/** `module.name`: a new reference, 0 with an exception pending. */
function attributeOf(module: string, name: Addr): Addr {
  const loaded = importPath(module);
  if (loaded === 0) return 0;
  const value = getAttr(loaded, name);
  decref(loaded);
  return value;
}

function refuse(message: string): false {
  raise(T.PicklingError, message);
  return false;
}

/** repr of `object` for a message; null with an exception pending. */
function shown(object: Addr): string | null {
  const text = reprObject(object);
  if (text === 0) return null;
  const result = getString(text);
  decref(text);
  return result;
}

/** Write an object without opcodes of its own. */
export function saveOther(dump: Dump, object: Addr, type: Addr): boolean {
  let value = 0;
  if (dump.settings.reducerOverride !== 0) {
    value = call1(dump.settings.reducerOverride, object);
    if (value === 0) return false;
    if (value === S.NotImplemented) {
      decref(value);
      value = 0;
    }
  }
  if (value === 0) {
    if (type === T.Type) return saveType(dump, object);
    if (type === T.Function) return saveGlobal(dump, object, 0);
    const reducer = findReducer(dump, type);
    if (reducer !== 0) {
      value = call1(reducer, object);
      decref(reducer);
    } else if (pending()) return false;
    else if (isSubtype(type, T.Type)) return saveGlobal(dump, object, 0);
    else value = reduce(dump, object);
  }
  if (value === 0) return false;
  const ok = saveReduced(dump, value, object);
  decref(value);
  return ok;
}

function saveReduced(dump: Dump, value: Addr, object: Addr): boolean {
  if (isStr(value)) return saveGlobal(dump, object, value);
  if (!isKindOf(value, TypeFlag.TupleSubclass)) {
    return refuse("__reduce__ must return a string or tuple");
  }
  return saveReduce(dump, value, object);
}

/** The function that a dispatch table names for `type`: new, or 0 where there is none. */
function findReducer(dump: Dump, type: Addr): Addr {
  const own = dump.settings.dispatchTable;
  if (own !== 0) {
    const found = getItem(own, type);
    if (found === 0) clearPendingIf(T.KeyError);
    return found;
  }
  const table = attributeOf("copyreg", idDispatchTable);
  if (table === 0) return 0;
  const found = isDict(table) ? dictGet(table, type) : 0;
  if (found !== 0) incref(found);
  decref(table);
  return found;
}

/** `object.__reduce_ex__(protocol)`, or what the older method gives. */
function reduce(dump: Dump, object: Addr): Addr {
  let method = getAttrOptional(object, idReduceEx);
  if (method !== 0) {
    const protocol = newInt(dump.protocol);
    const value = protocol === 0 ? 0 : call1(method, protocol);
    xdecref(protocol);
    decref(method);
    return value;
  }
  if (pending()) return 0;
  method = getAttrOptional(object, idReduce);
  if (method === 0) {
    if (pending()) return 0;
    const text = shown(object);
    if (text !== null) refuse(`can't pickle '${typeName(object)}' object: ${text}`);
    return 0;
  }
  const value = callTuple(method, S.EmptyTuple, 0);
  decref(method);
  return value;
}

/** The types of the singletons have no name: each is the type of its only instance. */
function saveType(dump: Dump, object: Addr): boolean {
  const instance =
    object === T.NoneType
      ? S.None
      : object === T.Ellipsis
        ? S.Ellipsis
        : object === T.NotImplemented
          ? S.NotImplemented
          : 0;
  if (instance === 0) return saveGlobal(dump, object, 0);
  const value = tupleOf([incref(T.Type), tupleOf([incref(instance)])]);
  if (value === 0) return false;
  const ok = saveReduce(dump, value, object);
  decref(value);
  return ok;
}

/** What `__reduce__` returned, taken apart: borrowed, 0 where absent or None. */
interface Reduced {
  callable: Addr;
  args: Addr;
  state: Addr;
  listItems: Addr;
  dictItems: Addr;
  setState: Addr;
}

function takeApart(value: Addr): Reduced | null {
  const size = I32[value + TupleObject.Size];
  const bad = (message: string): null => {
    refuse(message);
    return null;
  };
  if (size < 2 || size > 6) {
    return bad("tuple returned by __reduce__ must contain 2 through 6 elements");
  }
  const parts = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < size; i++) parts[i] = I32[value + TupleObject.Items + 2 * i];
  const which = "element of the tuple returned by __reduce__ must be";
  if (!isCallable(parts[0])) {
    return bad("first item of the tuple returned by __reduce__ must be callable");
  }
  if (!isKindOf(parts[1], TypeFlag.TupleSubclass)) {
    return bad("second item of the tuple returned by __reduce__ must be a tuple");
  }
  for (let i = 2; i < 6; i++) if (parts[i] === S.None) parts[i] = 0;
  const [callable, args, state, listItems, dictItems, setState] = parts;
  if (listItems !== 0 && !isIterator(listItems)) {
    return bad(`fourth ${which} an iterator, not ${typeName(listItems)}`);
  }
  if (dictItems !== 0 && !isIterator(dictItems)) {
    return bad(`fifth ${which} an iterator, not ${typeName(dictItems)}`);
  }
  if (setState !== 0 && !isCallable(setState)) {
    return bad(`sixth ${which} a function, not ${typeName(setState)}`);
  }
  return { callable, args, state, listItems, dictItems, setState };
}

/** Write that `object` is what the tuple `value` of `__reduce__` says. */
export function saveReduce(dump: Dump, value: Addr, object: Addr): boolean {
  const parts = takeApart(value);
  if (parts === null || !saveConstruction(dump, parts, object)) return false;
  const { output } = dump;
  if (refersToItself(dump, object)) {
    // Its arguments wrote it meanwhile.
    return output.byte(Opcode.Pop) && fetch(dump, object);
  }
  if (!memoize(dump, object)) return false;
  if (parts.listItems !== 0 && !saveAppended(dump, parts.listItems)) return false;
  if (parts.dictItems !== 0 && !saveSetItems(dump, parts.dictItems)) return false;
  if (parts.state === 0) return true;
  if (parts.setState === 0) return save(dump, parts.state) && output.byte(Opcode.Build);
  return (
    save(dump, parts.setState) &&
    save(dump, object) &&
    save(dump, parts.state) &&
    output.byte(Opcode.Tuple2) &&
    output.byte(Opcode.Reduce) &&
    output.byte(Opcode.Pop)
  );
}

/** Write the call that makes the object. */
function saveConstruction(dump: Dump, parts: Reduced, object: Addr): boolean {
  const { callable, args } = parts;
  if (dump.protocol >= 2) {
    const name = getAttrOptional(callable, idName);
    if (name === 0 && pending()) return false;
    const text = name !== 0 && isStr(name) ? getString(name) : "";
    xdecref(name);
    if (text === "__newobj_ex__") return saveNewObjectEx(dump, args);
    if (text === "__newobj__") return saveNewObject(dump, args, object);
  }
  return save(dump, callable) && save(dump, args) && dump.output.byte(Opcode.Reduce);
}

function saveNewObject(dump: Dump, args: Addr, object: Addr): boolean {
  if (I32[args + TupleObject.Size] < 1) return refuse("__newobj__ arglist is empty");
  const cls = I32[args + TupleObject.Items];
  if (!isKindOf(cls, TypeFlag.TypeSubclass)) {
    return refuse("args[0] from __newobj__ args is not a type");
  }
  const own = getAttr(object, idClass);
  if (own === 0) return false;
  decref(own);
  if (own !== cls) return refuse("args[0] from __newobj__ args has the wrong class");
  if (!save(dump, cls)) return false;
  const rest = tupleSlice(args, 1, I32[args + TupleObject.Size]);
  if (rest === 0) return false;
  const ok = save(dump, rest);
  decref(rest);
  return ok && dump.output.byte(Opcode.NewObj);
}

function saveNewObjectEx(dump: Dump, given: Addr): boolean {
  const size = I32[given + TupleObject.Size];
  if (size !== 3) {
    return refuse(`length of the NEWOBJ_EX argument tuple must be exactly 3, not ${size}`);
  }
  const [cls, args, kwargs] = [0, 2, 4].map((i) => I32[given + TupleObject.Items + i]);
  const from = "item from NEWOBJ_EX argument tuple must be a";
  if (!isKindOf(cls, TypeFlag.TypeSubclass)) {
    return refuse(`first ${from} class, not ${typeName(cls)}`);
  }
  if (!isKindOf(args, TypeFlag.TupleSubclass)) {
    return refuse(`second ${from} tuple, not ${typeName(args)}`);
  }
  if (!isDict(kwargs)) return refuse(`third ${from} dict, not ${typeName(kwargs)}`);
  const { output } = dump;
  if (dump.protocol >= 4) {
    const saved = save(dump, cls) && save(dump, args) && save(dump, kwargs);
    return saved && output.byte(Opcode.NewObjEx);
  }
  const call = boundNew(cls, args, kwargs);
  if (call === 0) return false;
  const ok = save(dump, call) && save(dump, S.EmptyTuple) && output.byte(Opcode.Reduce);
  decref(call);
  return ok;
}

/** `functools.partial(cls.__new__, cls, *args, **kwargs)`, for protocols without the opcode. */
function boundNew(cls: Addr, args: Addr, kwargs: Addr): Addr {
  const partial = attributeOf("functools", idPartial);
  const make = partial === 0 ? 0 : getAttr(cls, idNew);
  const rest: Addr[] = [];
  for (let i = 0; i < I32[args + TupleObject.Size]; i++) {
    rest.push(incref(I32[args + TupleObject.Items + 2 * i]));
  }
  const all = tupleOf([make, incref(cls), ...rest]);
  const call = all === 0 ? 0 : callTuple(partial, all, kwargs);
  xdecref(all);
  xdecref(partial);
  return call;
}

/** Where something was found: the object, and what its last name is an attribute of. */
interface Place {
  value: Addr;
  parent: Addr;
}

/** Follow dotted names from `from`: new references, or null with an exception pending. */
function follow(from: Addr, path: readonly string[]): Place | null {
  let value = incref(from);
  let parent = incref(from);
  for (const part of path) {
    const name = newStr(part);
    const next = name === 0 ? 0 : getAttr(value, name);
    xdecref(name);
    decref(parent);
    parent = value;
    value = next;
    if (next !== 0) continue;
    decref(parent);
    return null;
  }
  return { value, parent };
}

function dropPlace(place: Place): void {
  decref(place.value);
  decref(place.parent);
}

/** The name of the module that `object` is in: a new reference to a str (or what stands there). */
function moduleOf(object: Addr, path: readonly string[]): Addr {
  const given = getAttrOptional(object, idModule);
  if (given !== 0 && given !== S.None) return given;
  if (given === 0 && pending()) return 0;
  xdecref(given);
  const modules = getModules();
  for (let i = dictNext(modules, 0); i >= 0; i = dictNext(modules, i + 1)) {
    const name = dictKeyAt(modules, i);
    const module = dictValueAt(modules, i);
    if (module === S.None || (isStr(name) && getString(name) === "__main__")) continue;
    const place = follow(module, path);
    if (place === null) {
      if (!clearPendingIf(T.AttributeError)) return 0;
      continue;
    }
    dropPlace(place);
    if (place.value === object) return incref(name);
  }
  return incref(idMain);
}

/** Write a class or function by the name (0: its own) it has in its module. */
export function saveGlobal(dump: Dump, object: Addr, given: Addr): boolean {
  const name = given !== 0 ? incref(given) : ownName(object);
  if (name === 0) return false;
  const path = isStr(name) ? getString(name).split(".") : [];
  let ok = false;
  if (path.includes("<locals>")) {
    const text = shown(name);
    if (text !== null) raise(T.AttributeError, `Can't pickle local object ${text}`);
  } else {
    const module = moduleOf(object, path);
    if (module !== 0) {
      ok = saveNamed(dump, object, name, path, module);
      decref(module);
    }
  }
  decref(name);
  return ok;
}

function ownName(object: Addr): Addr {
  const name = getAttrOptional(object, idQualName);
  return name !== 0 || pending() ? name : getAttr(object, idName);
}

function saveNamed(
  dump: Dump,
  object: Addr,
  name: Addr,
  path: readonly string[],
  moduleName: Addr,
): boolean {
  const module = isStr(moduleName) ? importPath(getString(moduleName)) : 0;
  if (module === 0) return notFound(object, moduleName);
  const place = follow(module, path);
  if (place === null) {
    decref(module);
    return lookupFailed(object, name, moduleName);
  }
  const found = place.value === object;
  const ok = found && writeGlobal(dump, object, name, path, moduleName, module, place.parent);
  if (!found) {
    const text = shown(object);
    const where = `${getString(moduleName)}.${getString(name)}`;
    if (text !== null) refuse(`Can't pickle ${text}: it's not the same object as ${where}`);
  }
  decref(module);
  dropPlace(place);
  return ok;
}

function notFound(object: Addr, moduleName: Addr): false {
  clearPending();
  const text = shown(object);
  const name = text === null ? null : shown(moduleName);
  if (name === null) return false;
  return refuse(`Can't pickle ${text}: import of module ${name} failed`);
}

function lookupFailed(object: Addr, name: Addr, moduleName: Addr): false {
  clearPending();
  const text = shown(object);
  if (text === null) return false;
  const where = `${getString(name)} on ${getString(moduleName)}`;
  return refuse(`Can't pickle ${text}: attribute lookup ${where} failed`);
}

function writeGlobal(
  dump: Dump,
  object: Addr,
  name: Addr,
  path: readonly string[],
  moduleName: Addr,
  module: Addr,
  parent: Addr,
): boolean {
  if (dump.protocol >= 2) {
    const code = extensionCode(moduleName, name);
    if (Number.isNaN(code)) return false;
    if (code > 0) return writeExtension(dump, code);
  }
  if (dump.protocol >= 4) {
    const saved = save(dump, moduleName) && save(dump, name);
    return saved && dump.output.byte(Opcode.StackGlobal) && memoize(dump, object);
  }
  if (parent !== module) return saveAttribute(dump, object, path[path.length - 1], parent);
  const names = oldNames(dump, getString(moduleName), path[path.length - 1]);
  if (names === null) return false;
  const encoding = dump.protocol >= 3 ? "utf-8" : "latin1";
  const line = Buffer.from(`c${names.module}\n${names.name}\n`, encoding);
  // Only ASCII can be written before protocol 3.
  if (dump.protocol < 3 && /[^\0-\x7f]/.test(names.module + names.name)) {
    const text = shown(object);
    if (text === null) return false;
    const what = /[^\0-\x7f]/.test(names.module) ? "module" : "global";
    return refuse(
      `can't pickle ${what} identifier '${what === "module" ? names.module : names.name}' using pickle protocol ${dump.protocol}`,
    );
  }
  return dump.output.bytes(line) && memoize(dump, object);
}

/** Before protocol 4 what is not at the top of its module is had by `getattr`. */
function saveAttribute(dump: Dump, object: Addr, last: string, parent: Addr): boolean {
  const getattr = attributeOf("builtins", idGetAttr);
  if (getattr === 0) return false;
  const name = newStr(last);
  const args = name === 0 ? 0 : newTuple2(parent, name);
  xdecref(name);
  const value = tupleOf([getattr, args]);
  if (value === 0) return false;
  const ok = saveReduce(dump, value, object);
  decref(value);
  return ok;
}

/** The number of a global in copyreg's registry, 0 for none; NaN with an exception pending. */
function extensionCode(moduleName: Addr, name: Addr): number {
  const registry = attributeOf("copyreg", idRegistry);
  const key = registry === 0 ? 0 : newTuple2(moduleName, name);
  const found = key === 0 ? 0 : dictGet(registry, key);
  const code = found === 0 ? (pending() ? Number.NaN : 0) : asIndex(found);
  xdecref(key);
  xdecref(registry);
  return code;
}

function writeExtension(dump: Dump, code: number): boolean {
  const { output } = dump;
  if (code < 256) return output.byte2(Opcode.Ext1, code);
  return code < 65536 ? output.word16(Opcode.Ext2, code) : output.word32(Opcode.Ext4, code);
}

/** The names that Python 2 knows a global by, for protocols that it reads. */
function oldNames(
  dump: Dump,
  module: string,
  name: string,
): { module: string; name: string } | null {
  if (dump.protocol >= 3 || !dump.settings.fixImports) return { module, name };
  const pair = mapped(idNameMapping, [module, name]);
  if (pair === null) return null;
  if (pair.length === 2) return { module: pair[0], name: pair[1] };
  const renamed = mapped(idImportMapping, [module]);
  return renamed === null ? null : { module: renamed[0] ?? module, name };
}

/**
 * Look a name, or a pair of names, up in a table of `_compat_pickle`: the strings found there, none
 * when it is not there, null with an exception pending.
 */
export function mapped(table: Addr, names: readonly string[]): string[] | null {
  const mapping = attributeOf("_compat_pickle", table);
  if (mapping === 0) return null;
  const strings = names.map((name) => newStr(name));
  const key = names.length === 2 ? tupleOf(strings) : strings[0];
  const found = key === 0 ? 0 : dictGet(mapping, key);
  const result: string[] = [];
  if (found !== 0 && isStr(found)) result.push(getString(found));
  else if (found !== 0) {
    for (const i of [0, 2]) result.push(getString(I32[found + TupleObject.Items + i]));
  }
  xdecref(key);
  decref(mapping);
  return pending() ? null : result;
}
