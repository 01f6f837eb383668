/** Reading what is more than plain data: globals, calls, contents of containers, states. */
import { type Addr, heap } from "../memory/heap.js";
import { iterNext, setItem } from "../object/abstract.js";
import { getAttr, getAttrOptional, setAttr } from "../object/attribute.js";
import { readBuffer } from "../object/bytes.js";
import { call1, call2, callMethod1, callObject } from "../object/call.js";
import {
  dictGet,
  dictKeyAt,
  dictNext,
  dictSet,
  dictSize,
  dictValueAt,
  isDict,
} from "../object/dict.js";
import { clearPendingIf, pending, raise, typeName } from "../object/errors.js";
import { decref, incref, isKindOf, typeOf, xdecref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { newInt } from "../object/int.js";
import { Head, TupleObject, TypeFlag } from "../object/layout.js";
import { listExtend } from "../object/list.js";
import { newReadOnlyView, viewIsReadOnly } from "../object/memoryview.js";
import { reprObject } from "../object/repr.js";
import { setAdd } from "../object/set.js";
import { slotsOf } from "../object/slots.js";
import { getString, internStr, newStr } from "../object/str.js";
import { thread } from "../object/thread.js";
import { newTuple } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { importPath } from "../vm/import.js";
import { fail, type Load, newText, readCount, readLine } from "./pickleload.js";
import { mapped } from "./picklereduce.js";

const I32 = heap.I32;
const idExtend = identifier("extend");
const idAppend = identifier("append");
const idName = identifier("__name__");
const idAdd = identifier("add");
const idNew = identifier("__new__");
const idInitArgs = identifier("__getinitargs__");
const idSetState = identifier("__setstate__");
const idDict = identifier("__dict__");
const idNameMapping = identifier("NAME_MAPPING");
const idImportMapping = identifier("IMPORT_MAPPING");
const idRegistry = identifier("_inverted_registry");
const idCache = identifier("_extension_cache");

/** APPEND, or with `marked` APPENDS: what lies above the list goes into it. */
export function loadAppends(marked: boolean): (load: Load) => boolean {
  return (load) => {
    if (!marked && load.stack.length - 1 <= load.fence) return load.underflow();
    const from = marked ? load.popMark() : load.stack.length - 1;
    if (from < 0) return false;
    if (from > load.stack.length || from <= load.fence) return load.underflow();
    return from === load.stack.length || appendAbove(load, from);
  };
}

function appendAbove(load: Load, from: number): boolean {
  const list = load.stack[from - 1];
  if (typeOf(list) === T.List) {
    const items = load.popList(from);
    const status = items === 0 ? -1 : listExtend(list, items);
    xdecref(items);
    return status === 0;
  }
  const extend = getAttrOptional(list, idExtend);
  if (extend === 0 && pending()) return false;
  if (extend !== 0) {
    const items = load.popList(from);
    const result = items === 0 ? 0 : call1(extend, items);
    xdecref(items);
    decref(extend);
    xdecref(result);
    return result !== 0;
  }
  return eachAbove(load, from, list, idAppend);
}

/** Call `target.name(item)` with each object above `from`. */
function eachAbove(load: Load, from: number, target: Addr, name: Addr): boolean {
  const method = getAttr(target, name);
  if (method === 0) return false;
  let ok = true;
  for (let i = from; ok && i < load.stack.length; i++) {
    const result = call1(method, load.stack[i]);
    ok = result !== 0;
    xdecref(result);
  }
  decref(method);
  load.cut(from);
  return ok;
}

/** SETITEM, or with `marked` SETITEMS: the pairs above the dict go into it. */
export function loadSetItems(marked: boolean): (load: Load) => boolean {
  return (load) => {
    const { stack } = load;
    const from = marked ? load.popMark() : stack.length - 2;
    if (from < 0) return marked ? false : load.underflow();
    if (from > stack.length || from <= load.fence) return load.underflow();
    if (from === stack.length) return true;
    if ((stack.length - from) % 2 !== 0) return fail("odd number of items for SETITEMS");
    const dict = stack[from - 1];
    const exact = typeOf(dict) === T.Dict;
    let status = 0;
    for (let i = from; status === 0 && i < stack.length; i += 2) {
      const [key, value] = [stack[i], stack[i + 1]];
      status = exact ? dictSet(dict, key, value) : setItem(dict, key, value);
    }
    load.cut(from);
    return status === 0;
  };
}

export function loadAdditions(load: Load): boolean {
  const from = load.popMark();
  if (from < 0) return false;
  const { stack } = load;
  if (from > stack.length || from <= load.fence) return load.underflow();
  if (from === stack.length) return true;
  const set = stack[from - 1];
  if (!isKindOf(set, TypeFlag.SetSubclass)) return eachAbove(load, from, set, idAdd);
  let status = 0;
  for (let i = from; status === 0 && i < stack.length; i++) status = setAdd(set, stack[i]);
  load.cut(from);
  return status === 0;
}

/** BUILD: give the object below the state. */
export function loadBuild(load: Load): boolean {
  if (load.stack.length - 2 < load.fence) return load.underflow();
  const state = load.pop();
  const object = load.top();
  if (object === 0) {
    xdecref(state);
    return false;
  }
  const ok = giveState(object, state);
  decref(state);
  return ok;
}

function giveState(object: Addr, state: Addr): boolean {
  const method = getAttrOptional(object, idSetState);
  if (method !== 0) {
    const result = call1(method, state);
    decref(method);
    xdecref(result);
    return result !== 0;
  }
  if (pending()) return false;
  const paired = isKindOf(state, TypeFlag.TupleSubclass) && I32[state + TupleObject.Size] === 2;
  const attributes = paired ? I32[state + TupleObject.Items] : state;
  const slots = paired ? I32[state + TupleObject.Items + 2] : 0;
  if (attributes !== S.None && !giveAttributes(object, attributes)) return false;
  if (slots === 0) return true;
  if (!isDict(slots)) return fail("slot state is not a dictionary");
  for (let i = dictNext(slots, 0); i >= 0; i = dictNext(slots, i + 1)) {
    const name = incref(dictKeyAt(slots, i));
    const value = incref(dictValueAt(slots, i));
    const status = setAttr(object, name, value);
    decref(name);
    decref(value);
    if (status < 0) return false;
  }
  return true;
}

function giveAttributes(object: Addr, attributes: Addr): boolean {
  if (!isDict(attributes)) return fail("state is not a dictionary");
  const dict = getAttr(object, idDict);
  if (dict === 0) return false;
  let status = 0;
  for (let i = dictNext(attributes, 0); status === 0 && i >= 0; i = dictNext(attributes, i + 1)) {
    let name = incref(dictKeyAt(attributes, i));
    // As attributes that a program sets, for quick look-ups.
    if (typeOf(name) === T.Str) name = internStr(name);
    const value = incref(dictValueAt(attributes, i));
    status = setItem(dict, name, value);
    decref(name);
    decref(value);
  }
  decref(dict);
  return status === 0;
}

/** REDUCE: call the function below with the tuple. */
export function loadReduce(load: Load): boolean {
  const args = load.pop();
  const callable = args === 0 ? 0 : load.pop();
  let result = 0;
  if (callable !== 0) {
    if (isKindOf(args, TypeFlag.TupleSubclass)) result = callWith(callable, args);
    else raise(T.TypeError, "argument list must be a tuple");
  }
  xdecref(args);
  xdecref(callable);
  return load.push(result);
}

/** `callable(*args)` of a tuple. */
function callWith(callable: Addr, args: Addr): Addr {
  return withArguments(args, 0, (at, nargs) => callObject(callable, at, nargs, 0));
}

/** Put a tuple's items and a dict's values (0: none) on the data stack for a call. */
function withArguments(
  tuple: Addr,
  named: Addr,
  call: (at: Addr, nargs: number, kwnames: Addr) => Addr,
): Addr {
  const at = thread.sp;
  const nargs = I32[tuple + TupleObject.Size];
  const count = named === 0 ? 0 : dictSize(named);
  if (at + nargs + count > thread.stackLimit) {
    const text = "maximum recursion depth exceeded while calling a Python object";
    return raise(T.RecursionError, text);
  }
  const names = count === 0 ? 0 : newTuple(count);
  if (count > 0 && names === 0) return 0;
  for (let i = 0; i < nargs; i++) I32[at + i] = I32[tuple + TupleObject.Items + 2 * i];
  let filled = 0;
  for (let i = count === 0 ? -1 : dictNext(named, 0); i >= 0; i = dictNext(named, i + 1)) {
    I32[names + TupleObject.Items + 2 * filled] = incref(dictKeyAt(named, i));
    I32[at + nargs + filled] = dictValueAt(named, i);
    filled++;
  }
  thread.sp = at + nargs + count;
  const result = call(at, nargs, names);
  thread.sp = at;
  xdecref(names);
  return result;
}

/** NEWOBJ and NEWOBJ_EX: `cls.__new__(cls, *args, **kwargs)`. */
export function loadNewObject(load: Load, named: boolean): boolean {
  const kwargs = named ? load.pop() : 0;
  if (named && kwargs === 0) return false;
  const args = load.pop();
  const cls = args === 0 ? 0 : load.pop();
  let result = 0;
  if (cls !== 0 && isConstructible(cls, args, kwargs, named ? "NEWOBJ_EX" : "NEWOBJ")) {
    const make = slotsOf(cls).new as (type: Addr, at: Addr, n: number, names: Addr) => Addr;
    result = withArguments(args, kwargs, (at, nargs, names) => make(cls, at, nargs, names));
  }
  xdecref(cls);
  xdecref(args);
  xdecref(kwargs);
  return load.push(result);
}

function isConstructible(cls: Addr, args: Addr, kwargs: Addr, opcode: string): boolean {
  if (!isKindOf(cls, TypeFlag.TypeSubclass)) {
    return fail(`${opcode} class argument must be a type, not ${typeName(cls)}`);
  }
  if (slotsOf(cls).new === null) {
    return fail(`${opcode} class argument '${nameOf(cls)}' doesn't have __new__`);
  }
  if (!isKindOf(args, TypeFlag.TupleSubclass)) {
    return fail(`${opcode} args argument must be a tuple, not ${typeName(args)}`);
  }
  if (kwargs === 0 || isDict(kwargs)) return true;
  return fail(`${opcode} kwargs argument must be a dict, not ${typeName(kwargs)}`);
}

function nameOf(cls: Addr): string {
  const name = getAttr(cls, idName);
  if (name === 0) return "?";
  const text = getString(name);
  decref(name);
  return text;
}

/** An attribute, or for `dotted` names one after the other: a new reference. */
function lookUp(from: Addr, name: string, dotted: boolean): Addr {
  const parts = dotted ? name.split(".") : [name];
  let value = incref(from);
  for (const part of parts) {
    const key = newStr(part);
    const next = key === 0 || part === "<locals>" ? 0 : getAttr(value, key);
    xdecref(key);
    if (next === 0) missing(name, from);
    decref(value);
    if (next === 0) return 0;
    value = next;
  }
  return value;
}

function missing(name: string, from: Addr): void {
  if (pending() && !clearPendingIf(T.AttributeError)) return;
  const key = newStr(name);
  const shownName = key === 0 ? 0 : reprObject(key);
  const shownFrom = shownName === 0 ? 0 : reprObject(from);
  if (shownFrom !== 0) {
    const what = name.split(".").includes("<locals>") ? "pickle local attribute" : "get attribute";
    raise(T.AttributeError, `Can't ${what} ${getString(shownName)} on ${getString(shownFrom)}`);
  }
  xdecref(key);
  xdecref(shownName);
  xdecref(shownFrom);
}

/** `find_class(module, name)` of an unpickler: a new reference. */
export function findClass(
  protocol: number,
  fixImports: boolean,
  module: string,
  name: string,
): Addr {
  let [from, wanted] = [module, name];
  if (protocol < 3 && fixImports) {
    const pair = mapped(idNameMapping, [module, name]);
    if (pair === null) return 0;
    if (pair.length === 2) [from, wanted] = pair;
    else {
      const renamed = mapped(idImportMapping, [module]);
      if (renamed === null) return 0;
      from = renamed[0] ?? module;
    }
  }
  const loaded = importPath(from);
  if (loaded === 0) return 0;
  const value = lookUp(loaded, wanted, protocol >= 4);
  decref(loaded);
  return value;
}

/** Find a global by two strs (borrowed). */
function find(load: Load, module: Addr, name: Addr): Addr {
  const { settings } = load;
  if (settings.findClass !== 0) return call2(settings.findClass, module, name);
  return findClass(load.protocol, settings.fixImports, getString(module), getString(name));
}

/** The str of the next line, in UTF-8; 0 with an exception pending. */
function lineText(load: Load): Addr {
  const line = readLine(load, 2);
  if (line === null) return 0;
  const bytes = Buffer.from(line, "latin1");
  return newText(bytes, 0, bytes.length);
}

/** The global that two lines name: a new reference. */
function lineGlobal(load: Load): Addr {
  const module = lineText(load);
  const name = module === 0 ? 0 : lineText(load);
  const value = name === 0 ? 0 : find(load, module, name);
  xdecref(module);
  xdecref(name);
  return value;
}

export function loadGlobal(load: Load): boolean {
  return load.push(lineGlobal(load));
}

export function loadStackGlobal(load: Load): boolean {
  const name = load.pop();
  const module = name === 0 ? 0 : load.pop();
  let value = 0;
  if (module !== 0) {
    if (typeOf(name) === T.Str && typeOf(module) === T.Str) value = find(load, module, name);
    else fail("STACK_GLOBAL requires str");
  }
  xdecref(name);
  xdecref(module);
  return load.push(value);
}

/** An instance of a class of Python 2: without arguments it is not initialized. */
function instantiate(cls: Addr, args: Addr): Addr {
  if (I32[args + TupleObject.Size] === 0 && isKindOf(cls, TypeFlag.TypeSubclass)) {
    const old = getAttrOptional(cls, idInitArgs);
    if (old === 0) return pending() ? 0 : callMethod1(cls, idNew, cls);
    decref(old);
  }
  return callWith(cls, args);
}

export function loadInstance(load: Load): boolean {
  const mark = load.popMark();
  const cls = mark < 0 ? 0 : lineGlobal(load);
  const args = cls === 0 ? 0 : load.popTuple(mark);
  const object = args === 0 ? 0 : instantiate(cls, args);
  xdecref(cls);
  xdecref(args);
  return load.push(object);
}

export function loadObject(load: Load): boolean {
  const mark = load.popMark();
  if (mark < 0) return false;
  if (load.stack.length - mark < 1) return load.underflow();
  const args = load.popTuple(mark + 1);
  const cls = args === 0 ? 0 : load.pop();
  const object = cls === 0 ? 0 : instantiate(cls, args);
  xdecref(cls);
  xdecref(args);
  return load.push(object);
}

/** A global that copyreg's registry knows by a number. */
export function loadExtension(load: Load, width: number): boolean {
  const code = width === 4 ? readCount(load, 4) | 0 : readCount(load, width);
  if (pending()) return false;
  if (code <= 0) return fail("EXT specifies code <= 0");
  const copyreg = importPath("copyreg");
  if (copyreg === 0) return false;
  const key = newInt(code);
  const cache = getAttr(copyreg, idCache);
  const registry = cache === 0 ? 0 : getAttr(copyreg, idRegistry);
  let value = registry === 0 ? 0 : dictGet(cache, key);
  if (value !== 0) incref(value);
  else if (registry !== 0 && !pending()) value = registered(load, cache, registry, key, code);
  for (const object of [copyreg, key, cache, registry]) xdecref(object);
  return load.push(value);
}

function registered(load: Load, cache: Addr, registry: Addr, key: Addr, code: number): Addr {
  const pair = dictGet(registry, key);
  if (pair === 0) {
    return pending() ? 0 : raise(T.ValueError, `unregistered extension code ${code}`);
  }
  const items = pair + TupleObject.Items;
  if (
    typeOf(pair) !== T.Tuple ||
    I32[pair + TupleObject.Size] !== 2 ||
    I32[I32[items] + Head.Type] !== T.Str ||
    I32[I32[items + 2] + Head.Type] !== T.Str
  ) {
    return raise(T.ValueError, `_inverted_registry[${code}] isn't a 2-tuple of strings`);
  }
  const value = find(load, I32[items], I32[items + 2]);
  if (value !== 0) dictSet(cache, key, value);
  return value;
}

const NO_PERSISTENT_LOAD =
  "A load persistent id instruction was encountered,\n" +
  "but no persistent_load function was specified.";

/** Push what `persistent_load` gives for `id` (stolen; 0: an exception is pending). */
function loadById(load: Load, id: Addr): boolean {
  if (id === 0) return false;
  const value = call1(load.settings.persistentLoad, id);
  decref(id);
  return load.push(value);
}

export function loadPersistent(load: Load): boolean {
  if (load.settings.persistentLoad === 0) return fail(NO_PERSISTENT_LOAD);
  return loadById(load, load.pop());
}

export function loadTextPersistent(load: Load): boolean {
  if (load.settings.persistentLoad === 0) return fail(NO_PERSISTENT_LOAD);
  const line = readLine(load, 1);
  if (line === null) return false;
  if (/[^\0-\x7f]/.test(line)) return fail("persistent IDs in protocol 0 must be ASCII strings");
  return loadById(load, newStr(line));
}

/** NEXT_BUFFER: the next of the buffers that were left out of the pickle. */
export function loadBuffer(load: Load): boolean {
  const { buffers } = load.settings;
  if (buffers === 0) {
    return fail("pickle stream refers to out-of-band data but no *buffers* argument was given");
  }
  const buffer = iterNext(buffers);
  if (buffer === 0 && !pending()) return fail("not enough out-of-band buffers");
  return load.push(buffer);
}

export function loadReadonlyBuffer(load: Load): boolean {
  const top = load.top();
  if (top === 0) return false;
  if (!readBuffer(top)) {
    raise(T.TypeError, `memoryview: a bytes-like object is required, not '${typeName(top)}'`);
    return false;
  }
  if (typeOf(top) === T.Bytes || (typeOf(top) === T.MemoryView && viewIsReadOnly(top))) return true;
  const view = newReadOnlyView(top);
  if (view === 0) return false;
  decref(load.pop());
  return load.push(view);
}
