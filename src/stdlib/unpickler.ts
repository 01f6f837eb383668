/** `_pickle.Unpickler` and the functions `load` and `loads`. */
import { type Addr, heap } from "../memory/heap.js";
import { getIter } from "../object/abstract.js";
import { bindArguments, checkArity } from "../object/arguments.js";
import { getAttrOptional } from "../object/attribute.js";
import { defineType, fast, getSet, keywords, type MethodDef, noArgs } from "../object/define.js";
import {
  dictClear,
  dictKeyAt,
  dictNext,
  dictSet,
  dictValueAt,
  isDict,
  newDict,
} from "../object/dict.js";
import { newNone, pending, raise, raiseStatus, shortTypeName, typeName } from "../object/errors.js";
import { newGcObject, track } from "../object/gcheader.js";
import { decref, incref, setField, typeOf, xdecref } from "../object/header.js";
import { identifier } from "../object/identifiers.js";
import { newObjectOf } from "../object/instance.js";
import { asSsize, isInt, newInt } from "../object/int.js";
import { TypeFlag } from "../object/layout.js";
import { fieldSlots } from "../object/nativeiterator.js";
import { isTrue } from "../object/number.js";
import { tupleOf } from "../object/reduction.js";
import { getString, isStr } from "../object/str.js";
import { newTuple1 } from "../object/tuple.js";
import { S, T } from "../object/types.js";
import { PickleInput } from "./pickleinput.js";
import { Load, type LoadSettings } from "./pickleload.js";
import { findClass } from "./pickleobjects.js";

const I32 = heap.I32;
const idRead = identifier("read");
const idReadLine = identifier("readline");
const idPeek = identifier("peek");
const idPersistentLoad = identifier("persistent_load");
const idFindClass = identifier("find_class");

/** Unpickler: counted references, then numbers. Read 0: not initialized. */
const enum Unpickler {
  Read = 4,
  ReadLine = 6,
  Peek = 8,
  PersistentLoad = 10,
  /** Dict: number to object, of what earlier loads read. */
  Memo = 12,
  Buffers = 14,
  /** Strs. */
  Encoding = 16,
  Errors = 18,
  Protocol = 20,
  FixImports = 21,
  Bytes = 88,
}

const enum UnpicklerMemo {
  Unpickler = 4,
  Bytes = 24,
}

const bound = new Int32Array(5);
const OPTIONS = ["fix_imports", "encoding", "errors", "buffers"];

/** What the arguments say; `buffers` is owned. Null with an exception pending. */
function readSettings(
  name: string,
  fixImports: Addr,
  encoding: Addr,
  errors: Addr,
  buffers: Addr,
): LoadSettings | null {
  const fix = fixImports === 0 ? 1 : isTrue(fixImports);
  if (fix < 0) return null;
  for (const [what, value] of [
    ["encoding", encoding],
    ["errors", errors],
  ] as const) {
    if (value === 0 || isStr(value)) continue;
    const kind = typeName(value);
    raise(T.TypeError, `${name}() argument '${what}' must be str, not ${kind}`);
    return null;
  }
  const iterator = buffers === 0 || buffers === S.None ? 0 : getIter(buffers);
  if (iterator === 0 && pending()) return null;
  return {
    fixImports: fix === 1,
    encoding: encoding === 0 ? "ASCII" : getString(encoding),
    errors: errors === 0 ? "strict" : getString(errors),
    buffers: iterator,
    persistentLoad: 0,
    findClass: 0,
  };
}

/** Read a pickle and let go of what the reading held. */
function finish(load: Load): Addr {
  const value = load.run();
  for (const object of load.stack) decref(object);
  return value;
}

function dropMemo(memo: Map<number, Addr>): void {
  for (const object of memo.values()) decref(object);
}

function loads(_module: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["data", ...OPTIONS];
  if (!bindArguments("loads", args, nargs, kwnames, names, 1, bound, 1, 1)) return 0;
  const [data, fixImports, encoding, errors, buffers] = bound;
  const input = PickleInput.over(data);
  const settings = input && readSettings("loads", fixImports, encoding, errors, buffers);
  if (input === null || settings === null) return 0;
  const load = new Load(input, settings, new Map());
  const value = finish(load);
  dropMemo(load.memo);
  xdecref(settings.buffers);
  return value;
}

/** `loads` without further arguments, of `length` bytes of `data`, which the caller keeps. */
export function loadBytes(data: Uint8Array, at: number, length: number): Addr {
  const settings: LoadSettings = {
    fixImports: true,
    encoding: "ASCII",
    errors: "strict",
    buffers: 0,
    persistentLoad: 0,
    findClass: 0,
  };
  const load = new Load(PickleInput.within(data, at, length), settings, new Map());
  const value = finish(load);
  dropMemo(load.memo);
  return value;
}

/** The methods of a file to read; null with an exception pending. */
function openInput(file: Addr): PickleInput | null {
  const peek = getAttrOptional(file, idPeek);
  const read = pending() ? 0 : getAttrOptional(file, idRead);
  const readline = pending() ? 0 : getAttrOptional(file, idReadLine);
  if (read !== 0 && readline !== 0) return new PickleInput(read, readline, peek);
  for (const method of [peek, read, readline]) xdecref(method);
  if (!pending()) raise(T.TypeError, "file must have 'read' and 'readline' attributes");
  return null;
}

function loadFile(_module: Addr, args: Addr, nargs: number, kwnames: Addr): Addr {
  const names = ["file", ...OPTIONS];
  if (!bindArguments("load", args, nargs, kwnames, names, 1, bound, 0, 1)) return 0;
  const [file, fixImports, encoding, errors, buffers] = bound;
  const settings = readSettings("load", fixImports, encoding, errors, buffers);
  if (settings === null) return 0;
  const input = openInput(file);
  let value = 0;
  if (input !== null) {
    const { read, readline, peek } = input;
    const load = new Load(input, settings, new Map());
    value = finish(load);
    dropMemo(load.memo);
    for (const method of [read, readline, peek]) xdecref(method);
  }
  xdecref(settings.buffers);
  return value;
}

function init(self: Addr, args: Addr, nargs: number, kwnames: Addr): number {
  const names = ["file", ...OPTIONS];
  if (!bindArguments("Unpickler", args, nargs, kwnames, names, 1, bound, 0, 1)) return -1;
  const [file, fixImports, encoding, errors, buffers] = bound;
  const settings = readSettings("Unpickler", fixImports, encoding, errors, buffers);
  if (settings === null) return -1;
  const input = openInput(file);
  const memo = input === null ? 0 : newDict();
  if (input === null || memo === 0) {
    xdecref(settings.buffers);
    return -1;
  }
  setField(self + Unpickler.Read, input.read);
  setField(self + Unpickler.ReadLine, input.readline);
  setField(self + Unpickler.Peek, input.peek);
  setField(self + Unpickler.Memo, memo);
  setField(self + Unpickler.Buffers, settings.buffers);
  setField(self + Unpickler.Encoding, encoding === 0 ? 0 : incref(encoding));
  setField(self + Unpickler.Errors, errors === 0 ? 0 : incref(errors));
  I32[self + Unpickler.FixImports] = settings.fixImports ? 1 : 0;
  return 0;
}

/** What earlier loads read, by number: owned references. */
function recall(memo: Addr): Map<number, Addr> {
  const map = new Map<number, Addr>();
  for (let i = dictNext(memo, 0); i >= 0; i = dictNext(memo, i + 1)) {
    map.set(asSsize(dictKeyAt(memo, i)), incref(dictValueAt(memo, i)));
  }
  return map;
}

function remember(memo: Addr, map: Map<number, Addr>): void {
  for (const [number, object] of map) {
    const key = newInt(number);
    if (key !== 0) dictSet(memo, key, object);
    xdecref(key);
  }
}

function textOf(str: Addr, otherwise: string): string {
  return str === 0 ? otherwise : getString(str);
}

function loadMethod(self: Addr): Addr {
  if (I32[self + Unpickler.Read] === 0) {
    const name = shortTypeName(self);
    return raise(T.UnpicklingError, `Unpickler.__init__() was not called by ${name}.__init__()`);
  }
  const owned = [Unpickler.Read, Unpickler.ReadLine, Unpickler.Peek, Unpickler.Buffers].map(
    (field) => I32[self + field],
  );
  for (const object of owned) if (object !== 0) incref(object);
  const [read, readline, peek, buffers] = owned;
  const persistentLoad = getAttrOptional(self, idPersistentLoad);
  const finder = pending() || typeOf(self) === T.Unpickler ? 0 : getAttrOptional(self, idFindClass);
  let value = 0;
  if (!pending()) {
    const settings: LoadSettings = {
      fixImports: I32[self + Unpickler.FixImports] !== 0,
      encoding: textOf(I32[self + Unpickler.Encoding], "ASCII"),
      errors: textOf(I32[self + Unpickler.Errors], "strict"),
      buffers,
      persistentLoad,
      findClass: finder,
    };
    value = loadKept(self, new PickleInput(read, readline, peek), settings);
  }
  for (const object of [...owned, persistentLoad, finder]) xdecref(object);
  return value;
}

/** Load with the memo of earlier loads, and keep it. */
function loadKept(self: Addr, input: PickleInput, settings: LoadSettings): Addr {
  const memo = incref(I32[self + Unpickler.Memo]);
  const load = new Load(input, settings, recall(memo));
  load.onProtocol = (protocol) => {
    I32[self + Unpickler.Protocol] = protocol;
  };
  I32[self + Unpickler.Protocol] = 0;
  const value = finish(load);
  remember(memo, load.memo);
  dropMemo(load.memo);
  decref(memo);
  return value;
}

function findClassMethod(self: Addr, args: Addr, nargs: number): Addr {
  if (!checkArity("find_class", nargs, 2, 2)) return 0;
  const [module, name] = [I32[args], I32[args + 1]];
  if (!isStr(module) || !isStr(name)) {
    const text = isStr(module) ? name : module;
    return raise(T.TypeError, `find_class() argument must be str, not ${typeName(text)}`);
  }
  const fix = I32[self + Unpickler.FixImports] !== 0;
  return findClass(I32[self + Unpickler.Protocol], fix, getString(module), getString(name));
}

function newMemoProxy(self: Addr): Addr {
  const proxy = newGcObject(T.UnpicklerMemo, UnpicklerMemo.Bytes);
  if (proxy === 0) return 0;
  I32[proxy + UnpicklerMemo.Unpickler] = incref(self);
  track(proxy);
  return proxy;
}

/** `unpickler.memo = …`: another unpickler's, or a dict of number to object. */
function setMemo(self: Addr, value: Addr): number {
  if (value === 0) return raiseStatus(T.TypeError, "attribute deletion is not supported");
  let source = value;
  if (typeOf(value) === T.UnpicklerMemo) {
    source = I32[I32[value + UnpicklerMemo.Unpickler] + Unpickler.Memo];
  }
  if (source === 0 || !isDict(source)) {
    const kind = typeName(value);
    const text = `'memo' attribute must be an UnpicklerMemoProxy object or dict, not ${kind}`;
    return raiseStatus(T.TypeError, text);
  }
  const memo = newDict();
  if (memo === 0) return -1;
  for (let i = dictNext(source, 0); i >= 0; i = dictNext(source, i + 1)) {
    const key = dictKeyAt(source, i);
    if (!isInt(key)) raise(T.TypeError, "memo key must be integers");
    else if (!(asSsize(key) >= 0)) raise(T.ValueError, "memo key must be positive integers.");
    else if (dictSet(memo, key, dictValueAt(source, i)) === 0) continue;
    decref(memo);
    return -1;
  }
  setField(self + Unpickler.Memo, memo);
  return 0;
}

function copyMemo(self: Addr): Addr {
  const memo = I32[self + Unpickler.Memo];
  const copy = newDict();
  if (copy === 0 || memo === 0) return copy;
  for (let i = dictNext(memo, 0); i >= 0; i = dictNext(memo, i + 1)) {
    dictSet(copy, dictKeyAt(memo, i), dictValueAt(memo, i));
  }
  return copy;
}

const fields = [
  Unpickler.Read,
  Unpickler.ReadLine,
  Unpickler.Peek,
  Unpickler.PersistentLoad,
  Unpickler.Memo,
  Unpickler.Buffers,
  Unpickler.Encoding,
  Unpickler.Errors,
];

defineType({
  type: T.Unpickler,
  name: "_pickle.Unpickler",
  flags: TypeFlag.BaseType | TypeFlag.HasGc,
  basicSize: Unpickler.Bytes,
  slots: { ...fieldSlots(fields), new: (type) => newObjectOf(type), init },
  methods: [
    noArgs("load", loadMethod, "Load a pickle."),
    fast("find_class", findClassMethod, "Return an object from a specified module."),
  ],
  getSets: [
    getSet("memo", newMemoProxy, setMemo),
    getSet(
      "persistent_load",
      (self) => {
        const value = I32[self + Unpickler.PersistentLoad];
        return value !== 0 ? incref(value) : raise(T.AttributeError, "persistent_load");
      },
      (self, value) => {
        if (value === 0) return raiseStatus(T.TypeError, "attribute deletion is not supported");
        setField(self + Unpickler.PersistentLoad, incref(value));
        return 0;
      },
    ),
  ],
  doc: "This takes a binary file for reading a pickle data stream.",
});

defineType({
  type: T.UnpicklerMemo,
  name: "_pickle.UnpicklerMemoProxy",
  flags: TypeFlag.HasGc,
  basicSize: UnpicklerMemo.Bytes,
  slots: fieldSlots([UnpicklerMemo.Unpickler]),
  methods: [
    noArgs("clear", (self) => {
      const memo = I32[I32[self + UnpicklerMemo.Unpickler] + Unpickler.Memo];
      if (memo !== 0) dictClear(memo);
      return newNone();
    }),
    noArgs("copy", (self) => copyMemo(I32[self + UnpicklerMemo.Unpickler])),
    noArgs("__reduce__", (self) => {
      const copy = copyMemo(I32[self + UnpicklerMemo.Unpickler]);
      const args = copy === 0 ? 0 : newTuple1(copy);
      xdecref(copy);
      return tupleOf([incref(T.Dict), args]);
    }),
  ],
});

/** What the module `_pickle` has of reading. */
export const loadFunctions: MethodDef[] = [
  keywords("loads", loads, "Read and return an object from the given pickle data."),
  keywords("load", loadFile, "Read and return an object from the pickle data stored in a file."),
];
